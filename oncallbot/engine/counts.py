"""How many hours was each person on call, how often paged and how often woken? From the records alone.

It must not compute a shift: what was not recorded is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from oncallbot.engine.wake_ups import wake_ups
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.counting import Calendar, Hours, Share, hours_by_responder, shares
from oncallbot.oncall.schedule import participants
from oncallbot.oncall.windows import Outside
from oncallbot.storage import timeline, worked_shifts
from oncallbot.storage.worked_shifts import WorkedShift


@dataclass(frozen=True, slots=True)
class Count:
    """One person's line. `share` has the hours; `wake_ups` are those of the `pages` that came at night."""

    share: Share
    pages: int
    wake_ups: int


def calendar_of(rules: Rules, schedule: str) -> Calendar:
    """What makes an hour of this schedule a holiday's: the office hours that it covers, else those of its hotlines."""
    plan = rules.schedules.get(schedule)
    if plan is None:
        return Calendar("UTC")
    offices = [plan.must_cover.hours] if isinstance(plan.must_cover, Outside) else []
    offices += [one.office_hours for one in rules.hotlines_of_schedule(schedule)]
    holidays = next((one.holidays for one in offices if one.holidays is not None), None)
    return Calendar(plan.timezone, holidays)


def hours_of(
    connection: Connection, rules: Rules, schedules: Iterable[str], start: datetime, end: datetime
) -> dict[str, Hours]:
    """Everybody's worked hours in these schedules within `[start, end)`; two at a time count twice."""
    found: dict[str, Hours] = {}
    for name in schedules:
        rows = worked_shifts.between(connection, start, end, name)
        worked = hours_by_responder(
            ((one.starts_at, one.ends_at, one.responders) for one in rows), calendar_of(rules, name)
        )
        for responder, hours in worked.items():
            found[responder] = found.get(responder, Hours()) + hours
    return found


def counted(
    connection: Connection, rules: Rules, start: datetime, end: datetime, schedule: str | None, now: datetime
) -> tuple[Count, ...]:
    """`[start, end)`, the most burdened first. `schedule` None: all of them.

    With a schedule, only pages that came while the person was on call in it; without, all.
    """
    wanted = (
        [schedule]
        if schedule is not None
        else sorted(worked_shifts.recorded_since(connection).keys() | rules.schedules)
    )
    hours = hours_of(connection, rules, wanted, start, end)
    taking_part = [
        one for name in wanted if name in rules.schedules for one in participants(rules.schedules[name], now)
    ]
    rows = worked_shifts.between(connection, start, end, schedule) if schedule is not None else None
    paged = _paged(timeline.paged_between(connection, start, end), rows)
    everybody = {**dict.fromkeys(hours), **(dict.fromkeys(paged) if schedule is None else {})}
    found = shares({one: hours.get(one, Hours()) for one in everybody}, tuple(dict.fromkeys(taking_part)))
    return tuple(_count(one, paged.get(one.responder, ()), rules) for one in found)


def _count(share: Share, paged_at: Sequence[datetime], rules: Rules) -> Count:
    person = rules.responders.get(share.responder)
    return Count(share, len(paged_at), wake_ups(paged_at, person.timezone if person else "UTC"))


def _paged(pages: Iterable[tuple[str, datetime]], rows: Sequence[WorkedShift] | None) -> Mapping[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for responder, at in pages:
        if rows is None or any(one.starts_at <= at < one.ends_at and responder in one.responders for one in rows):
            found.setdefault(responder, []).append(at)
    return found
