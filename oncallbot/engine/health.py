"""Could a page go out right now? For routers (`ready`), and for monitors and people (`paging`).

It must not mend anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from oncallbot.engine.handle import Door
from oncallbot.errors import OncallbotError
from oncallbot.oncall.people import Method
from oncallbot.storage import issues, outbox, probe, stuck_pages, workers
from oncallbot.storage.notification import Notification

WORKER_IS_SILENT = timedelta(seconds=10)
ALARM_IS_LATE = timedelta(seconds=10)
SKEW_ALARM = timedelta(seconds=2)
OUTBOX_IS_LATE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    ok: bool
    detail: str


Checks = dict[str, Check]


def ready(door: Door) -> Checks:
    """Can this process commit a report? Proven by a write that is committed, and by building the rules."""

    def look() -> Check:
        with door.database.write() as connection:
            probe.write(connection, door.clock.now())
            revision = door.rules.of(connection).revision
        return Check(True, f"commits; rules at revision {revision}")

    return {"database": _guarded(look)}


def paging(door: Door) -> Checks:
    """Is somebody ringing alarms and sending, and is there a road to any responder?"""
    looks: dict[str, Callable[[Connection, datetime], Check]] = {
        "worker": _worker,
        "alarms": _alarms,
        "outbox": _outbox,
        "roads": lambda connection, _now: _roads(door, connection),
    }

    def look(check: Callable[[Connection, datetime], Check]) -> Check:
        with door.database.read() as connection:
            return check(connection, door.clock.now())

    return {name: _guarded(partial(look, check)) for name, check in looks.items()}


def _guarded(look: Callable[[], Check]) -> Check:
    try:
        return look()
    except OncallbotError as error:
        return Check(False, str(error))


def _worker(connection: Connection, now: datetime) -> Check:
    alive = [one for one in workers.seen_since(connection, now - WORKER_IS_SILENT) if one.kind != "web"]
    if not alive:
        return Check(False, "no worker was seen within 10 s: start `oncallbot worker` (or `serve`)")
    skew = max((one.clock_skew for one in alive), key=abs)
    if abs(skew) > SKEW_ALARM:
        return Check(
            False, f"the clocks disagree by {skew.total_seconds():.1f} s: set the machine's, or the database's"
        )
    return Check(True, f"{len(alive)} seen, the last at {alive[0].seen_at:%H:%M:%S} UTC")


def _alarms(connection: Connection, now: datetime) -> Check:
    oldest = issues.oldest_overdue(connection, now)
    if oldest is not None and now - oldest > ALARM_IS_LATE:
        return Check(False, f"an alarm is {(now - oldest).total_seconds():.0f} s late")
    return Check(True, "none is late")


def _outbox(connection: Connection, now: datetime) -> Check:
    before = now - OUTBOX_IS_LATE
    if (tried := stuck_pages.oldest_tried(connection, before)) is not None:
        seconds = (now - tried.created_at).total_seconds()
        return Check(False, f"{_page(tried)} has not left for {seconds:.0f} s: {_reason(tried)}")
    if (refused := stuck_pages.oldest_refused(connection, before)) is not None:
        return Check(False, f"{_page(refused)} was refused, and no other has left since: {_reason(refused)}")
    oldest = outbox.oldest_due(connection, now)
    if oldest is not None and oldest < before:
        return Check(False, f"a notification has been due for {(now - oldest).total_seconds():.0f} s")
    return Check(True, "nothing waits too long")


def _page(notification: Notification) -> str:
    return f"a page of AH-{notification.issue} by {notification.method}"


def _reason(notification: Notification) -> str:
    """Where to read it: the vendor's own words are not for everybody who may ask for our health."""
    return f"`oncallbot issue AH-{notification.issue}` says why"


def _roads(door: Door, connection: Connection) -> Check:
    rules = door.rules.of(connection)
    reachable = [
        one.id
        for one in rules.responders.values()
        if any(one.address(method) for method in rules.roads & {Method.SMS, Method.VOICE, Method.SLACK})
    ]
    if not reachable:
        return Check(False, "no responder can be reached: connect Twilio or Slack, and apply schedules")
    return Check(True, f"{len(reachable)} of {len(rules.responders)} responders can be reached")
