"""Whose turn is it, and when does the next turn begin?

A grid of local wall-clock times, `first handoff + k x shift length` for every integer k. It must not divide elapsed
UTC time: handoffs would drift by an hour at each clock change.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from oncallbot.oncall.wallclock import EARLIEST, LATEST, as_utc, to_local, to_utc, zone

_LONGEST_SHIFT_DAYS = 36_600  # a hundred years: keeps every handoff of a sensible instant within datetime's range


class Unit(StrEnum):
    """What a shift's length counts; 24 hours are 1 day on the wall, whatever the clocks do."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


_DAYS_AT_MOST = {Unit.HOURS: 1 / 24, Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 31}


@dataclass(frozen=True, slots=True)
class Rotation:
    """Participants in order, a shift length, and a first handoff on the wall of `timezone`.

    Turn k belongs to `participants[k % len(participants)]`; turn 0 starts at `first_handoff` (naive), turns before
    it are negative. An entry is a group on call together; an empty one is `nobody`.
    """

    first_handoff: datetime
    every: int
    unit: Unit
    participants: tuple[tuple[str, ...], ...]
    timezone: str

    def __post_init__(self) -> None:
        zone(self.timezone)
        if self.first_handoff.tzinfo is not None:
            raise ValueError("first_handoff is a wall-clock time in the rotation's zone: give it without an offset")
        if not EARLIEST.year <= self.first_handoff.year < LATEST.year:
            raise ValueError("first_handoff must lie in the years 1000 to 8999")
        if self.every < 1:
            raise ValueError(f"a shift cannot last {self.every} {self.unit}: write 1 or more")
        if self.every * _DAYS_AT_MOST[self.unit] > _LONGEST_SHIFT_DAYS:
            raise ValueError(f"a shift cannot last {self.every} {self.unit}: write a hundred years or less")
        if not self.participants:
            raise ValueError("a rotation needs participants: name at least one responder, or nobody")
        if any(isinstance(entry, str) for entry in self.participants):
            raise ValueError("each participant entry is a tuple of responder ids, also for one person")
        if any(len(set(entry)) < len(entry) for entry in self.participants):
            raise ValueError("somebody is named twice in one group: name each responder once")

    def turn_at(self, at: datetime) -> int:
        """The number of the turn that runs at the instant `at`: the last whose handoff is not after it."""
        at = as_utc(at)
        tz = zone(self.timezone)
        turn = self._turn_on_the_wall(to_local(at, tz))
        # In a repeated hour the wall shows less than it has shown: grid points up to the hour's end have passed.
        while self._handoff(turn + 1, tz) <= at:
            turn += 1
        return turn

    def handoff(self, turn: int) -> datetime:
        """The instant at which that turn starts; two turns share one where the clocks skip a grid point."""
        return self._handoff(turn, zone(self.timezone))

    def next_handoff(self, at: datetime) -> datetime:
        """The first handoff strictly after `at`."""
        return self.handoff(self.turn_at(at) + 1)

    def on_turn(self, turn: int) -> tuple[str, ...]:
        """Who owns that turn; empty is `nobody`."""
        return self.participants[turn % len(self.participants)]

    def _handoff(self, turn: int, tz: ZoneInfo) -> datetime:
        return to_utc(self.grid_point(turn), tz)

    def grid_point(self, turn: int) -> datetime:
        """The wall-clock time, naive, at which that turn is written to start."""
        first = self.first_handoff
        match self.unit:
            case Unit.WEEKS:
                return first + timedelta(turn * self.every * 7)
            case Unit.DAYS:
                return first + timedelta(turn * self.every)
            case Unit.HOURS:
                return first + timedelta(hours=turn * self.every)
            case Unit.MONTHS:
                # Counted from the original day, so that 31 Jan, 28 Feb, 31 Mar do not drift to the 28th.
                year, month = divmod(first.year * 12 + first.month - 1 + turn * self.every, 12)
                day = min(first.day, monthrange(year, month + 1)[1])
                return first.replace(year=year, month=month + 1, day=day)

    def _turn_on_the_wall(self, local: datetime) -> int:
        """The last turn whose grid point is not after `local`."""
        first = self.first_handoff
        match self.unit:
            case Unit.WEEKS:
                return (local - first) // timedelta(self.every * 7)
            case Unit.DAYS:
                return (local - first) // timedelta(self.every)
            case Unit.HOURS:
                return (local - first) // timedelta(hours=self.every)
            case Unit.MONTHS:
                months = (local.year - first.year) * 12 + local.month - first.month
                turn = months // self.every
                return turn if self.grid_point(turn) <= local else turn - 1
