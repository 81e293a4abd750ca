"""When is the day team there? Office hours with holidays, closing days and extra opening times.

It must not know who is on call: everything outside these hours is merely *after hours*.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from oncallbot.oncall.intervals import Interval, clipped, united
from oncallbot.oncall.wallclock import as_utc, to_local, zone
from oncallbot.oncall.week import DAYS_AHEAD, DAYS_BACK, ONE_DAY, Times, WeeklyWindow, times_on, windows_on

_LOOK_AHEAD = timedelta(days=2 * 366)
_DAYS_REMEMBERED = 4096


class Holidays(Protocol):
    """A country's public holidays. The same day must always get the same answer: days are remembered."""

    def name_on(self, day: date) -> str | None:
        """The holiday's name, or None on an ordinary day."""
        ...


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Weekly opening times in a zone. No `open` and no `opened` is never open.

    A holiday or `closed` day loses the windows that start on it (one from the evening before runs on). `opened`
    adds its times to whatever is left of a day: a day both closed and opened has exactly the opened times.
    """

    id: str
    timezone: str
    open: tuple[WeeklyWindow, ...] = ()
    holidays: Holidays | None = None
    closed: frozenset[date] = frozenset()
    opened: tuple[tuple[date, tuple[Times, ...]], ...] = ()
    # Filled as days are asked for; every thread would write the same value.
    _days: dict[date, tuple[Interval, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        zone(self.timezone)
        object.__setattr__(self, "closed", frozenset(self.closed))
        for day, parts in self.opened:
            if not all(0 <= start < 24 * 60 and 0 <= end <= 24 * 60 for start, end in parts):
                raise ValueError(f"opened {day}: times run from 00:00 to 24:00")

    def is_open(self, at: datetime) -> bool:
        at = as_utc(at)
        today = to_local(at, zone(self.timezone)).date()
        day = today - DAYS_BACK
        while day <= today + DAYS_AHEAD:
            for start, end in self._open_on(day):
                if start <= at < end:
                    return True
            day += ONE_DAY
        return False

    def next_opening(self, at: datetime) -> datetime | None:
        """The first instant strictly after `at` at which closed becomes open; None if not within two years."""
        at = as_utc(at)
        return next((start for start, _ in united(self.stretches(at, at + _LOOK_AHEAD)) if start > at), None)

    def open_intervals(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """The open time within `[start, end)`, clipped, in order; none touch."""
        start, end = as_utc(start), as_utc(end)
        return tuple(clipped(united(self.stretches(start, end)), start, end))

    def stretches(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """Open stretches that end after `start` and start before `end`, by start; unclipped, may overlap. Lazy."""
        if not self.open and not self.opened:
            return
        tz = zone(self.timezone)
        day = to_local(start, tz).date() - DAYS_BACK
        last = to_local(end, tz).date() + DAYS_AHEAD
        while day <= last:
            for stretch in self._open_on(day):
                if start < stretch[1] and stretch[0] < end:
                    yield stretch
            day += ONE_DAY

    def _open_on(self, day: date) -> tuple[Interval, ...]:
        known = self._days.get(day)
        if known is None:
            if len(self._days) >= _DAYS_REMEMBERED:
                self._days.clear()
            known = self._days[day] = self._computed_for(day)
        return known

    def _computed_for(self, day: date) -> tuple[Interval, ...]:
        tz = zone(self.timezone)
        stretches = [] if self._is_closed_on(day) else windows_on(day, self.open, tz)
        extra = [times_on(day, times, tz) for opened, parts in self.opened if opened == day for times in parts]
        return tuple(sorted(stretches + [stretch for stretch in extra if stretch is not None]))

    def _is_closed_on(self, day: date) -> bool:
        return day in self.closed or (self.holidays is not None and self.holidays.name_on(day) is not None)
