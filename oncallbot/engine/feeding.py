"""Which address shows whose shifts in a calendar program, and what does it show now?

It must not write a calendar: it only knows the shifts. The address is a secret: it must not be logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection

from oncallbot.engine import known_shifts
from oncallbot.engine.handle import Door
from oncallbot.engine.known_shifts import KnownShift
from oncallbot.escalation.rules import Rules
from oncallbot.storage import feeds, rule_objects
from oncallbot.storage.feeds import Feed, FeedKind

AHEAD = timedelta(days=366)
BACK = timedelta(days=400)


class Feeding:
    """Makes, reads and revokes the addresses of feeds. `public_url` has no trailing slash."""

    def __init__(self, door: Door, secret_key: str, public_url: str) -> None:
        self._door = door
        self._signer = URLSafeSerializer(secret_key, salt="calendar")
        self._public_url = public_url

    def address_of(self, kind: FeedKind, subject: str, for_whom: str) -> str:
        """The address of this person's feed of a responder or a schedule (ids); made when there is none yet."""
        with self._door.database.write() as connection:
            feed = feeds.current(connection, kind, subject, for_whom)
            if feed is None:
                rule_objects.hold(connection)  # two who ask at once are given the same
                feed = feeds.current(connection, kind, subject, for_whom)
            if feed is None:
                feed = feeds.add(connection, kind, subject, for_whom, self._door.clock.now())
        return self._address(feed)

    def known_address(self, kind: FeedKind, subject: str, for_whom: str) -> str | None:
        """The same; None, and nothing is made, when there is none."""
        with self._door.database.read() as connection:
            feed = feeds.current(connection, kind, subject, for_whom)
        return None if feed is None else self._address(feed)

    def revoke(self, kind: FeedKind, subject: str, for_whom: str) -> bool:
        """The address is good no more, from now on and for ever. False when there was none."""
        with self._door.database.write() as connection:
            return feeds.revoke(connection, kind, subject, for_whom, self._door.clock.now())

    def opened(self, secret: str) -> Shown | None:
        """What the feed with this secret shows now. None: not ours, revoked, or whose it was or shows is gone."""
        try:
            id_ = str(self._signer.loads(secret))
        except BadSignature:
            return None
        with self._door.database.read() as connection:
            feed = feeds.by_id(connection, id_)
            rules = self._door.rules.of(connection)
            subjects = rules.responders if feed is not None and feed.kind is FeedKind.RESPONDER else rules.schedules
            if feed is None or feed.made_by not in rules.responders or feed.subject not in subjects:
                return None
            return _shown(connection, rules, feed, self._door.clock.now())

    def _address(self, feed: Feed) -> str:
        return f"{self._public_url}/calendar/{self._signer.dumps(feed.id)}.ics"


@dataclass(frozen=True, slots=True)
class Shown:
    """A feed, the rules it was read with, and its shifts, by start: the recorded ones of `BACK`, and `AHEAD`.

    Every shift is whole: one that reaches over an edge is left out, unless it runs now. `revised_at` is when the rules
    were changed last: calendar programs take an event for changed when it says so.
    """

    feed: Feed
    rules: Rules
    shifts: tuple[KnownShift, ...]
    revised_at: datetime


def _shown(connection: Connection, rules: Rules, feed: Feed, now: datetime) -> Shown:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)  # so that a day's answers are the same
    start, end = today - BACK, today + AHEAD
    found: list[KnownShift] = []
    reaches = known_shifts.reaches(connection)
    wanted = [feed.subject] if feed.kind is FeedKind.SCHEDULE else sorted(rules.schedules.keys() | reaches.keys())
    for schedule in wanted:
        for one in known_shifts.between(connection, rules, schedule, start, end, reaches.get(schedule)):
            is_mine = feed.kind is FeedKind.SCHEDULE or feed.subject in one.responders
            runs = one.start <= now < one.end
            is_whole = runs or (one.start > start and one.end < end)
            if is_mine and is_whole and (one.is_recorded or one.end > now):
                found.append(one)
    changes = rule_objects.history(connection, 1)
    revised_at = max([feed.made_at, *(one.at for one in changes)])
    return Shown(feed, rules, tuple(sorted(found, key=lambda one: (one.start, one.schedule))), revised_at)
