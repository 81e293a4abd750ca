"""In which part of time does a layer count, or must a schedule be covered?

Weekly windows are read in the schedule's zone, `Outside` in its office hours' own. It must not know of rotations.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.intervals import Interval, clipped, united
from oncallbot.oncall.wallclock import as_utc, to_local
from oncallbot.oncall.week import (
    DAYS_AHEAD,
    DAYS_BACK,
    ONE_DAY,
    Times,
    WeeklyWindow,
    parse_times,
    parse_window,
    windows_on,
)

__all__ = ["Outside", "Times", "Weekly", "WeeklyWindow", "Windows", "parse_times", "parse_window"]

_DAYS_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class Weekly:
    """Weekly windows in the zone of whoever uses them; overlaps unite. No windows is never."""

    windows: tuple[WeeklyWindow, ...]
    # Filled as days are asked for; every thread would write the same value.
    _days: dict[tuple[str, date], tuple[Interval, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def contains(self, at: datetime, tz: ZoneInfo) -> bool:
        today = to_local(at, tz).date()
        day = today - DAYS_BACK
        while day <= today + DAYS_AHEAD:
            for start, end in self._on(day, tz):
                if start <= at < end:
                    return True
            day += ONE_DAY
        return False

    def intervals(self, start: datetime, end: datetime, tz: ZoneInfo) -> tuple[Interval, ...]:
        """The windows within `[start, end)`, clipped, in order; none touch."""
        start, end = as_utc(start), as_utc(end)
        return tuple(clipped(united(self.stretches(start, end, tz)), start, end))

    def stretches(self, start: datetime, end: datetime, tz: ZoneInfo) -> Iterator[Interval]:
        """Stretches that end after `start` and start before `end`, by start; unclipped, may overlap. Lazy."""
        if not self.windows:
            return
        day = to_local(start, tz).date() - DAYS_BACK
        last = to_local(end, tz).date() + DAYS_AHEAD
        while day <= last:
            for stretch in self._on(day, tz):
                if start < stretch[1] and stretch[0] < end:
                    yield stretch
            day += ONE_DAY

    def _on(self, day: date, tz: ZoneInfo) -> tuple[Interval, ...]:
        key = (tz.key, day)
        known = self._days.get(key)
        if known is None:
            if len(self._days) >= _DAYS_REMEMBERED:
                self._days.clear()
            known = self._days[key] = tuple(windows_on(day, self.windows, tz))
        return known


@dataclass(frozen=True, slots=True)
class Outside:
    """All the time in which the office is closed, holidays included; exactly the rest of time, in the office's zone."""

    hours: OfficeHours

    def contains(self, at: datetime, _tz: ZoneInfo) -> bool:
        return not self.hours.is_open(at)

    def intervals(self, start: datetime, end: datetime, _tz: ZoneInfo) -> tuple[Interval, ...]:
        """The closed time within `[start, end)`, clipped, in order; none touch."""
        start, end = as_utc(start), as_utc(end)
        return tuple(self.stretches(start, end, _tz))

    def stretches(self, start: datetime, end: datetime, _tz: ZoneInfo) -> Iterator[Interval]:
        """The closed time within `[start, end)`, clipped, in order; none touch. Lazy."""
        closed_from = start
        for opens, closes in self.hours.stretches(start, end):
            if opens > closed_from:
                yield closed_from, opens
            if closes > closed_from:
                closed_from = closes
        if closed_from < end:
            yield closed_from, end


Windows = Weekly | Outside
