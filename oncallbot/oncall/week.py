"""Which stretches of a local day does a weekly window cover, and how is a window written?

A window starts at the first and ends at the last occurrence of its wall-clock time. It must not know of holidays:
that is `hours`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.wallclock import to_utc, to_utc_last

Times = tuple[int, int]
"""Start and end of a part of a day, in minutes after midnight; equal means 24 hours, end before start: overnight."""

WHOLE_DAY: Times = (0, 24 * 60)
ONE_DAY = timedelta(days=1)
# A window lasts at most 24 hours on the wall, and a clock change at midnight can show yesterday's date again.
DAYS_BACK = timedelta(days=2)
DAYS_AHEAD = timedelta(days=1)

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_CURE = "write DAYS HH:MM-HH:MM, for example mon-fri 18:00-09:00 or sat-sun"


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """The same part of each of some weekdays (0 = Monday); it belongs to the day on which it starts.

    `start` and `end` are minutes after midnight. `end` may be 1440 (24:00); equal means 24 hours; an earlier `end`
    is on the next day.
    """

    days: frozenset[int]
    start: int
    end: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", frozenset(self.days))
        if not self.days or not self.days <= set(range(7)):
            raise ValueError("a window needs at least one weekday, from 0 (Monday) to 6 (Sunday)")
        if not (0 <= self.start < 24 * 60 and 0 <= self.end <= 24 * 60):
            raise ValueError("a window starts between 00:00 and 23:59 and ends between 00:00 and 24:00")


def times_on(day: date, times: Times, tz: ZoneInfo) -> Interval | None:
    """When that part of the local `day` is, or None when a clock change leaves nothing of it."""
    start, end = times
    midnight = datetime(day.year, day.month, day.day)
    starts_at = to_utc(midnight + timedelta(minutes=start), tz)
    ends_at = to_utc_last(midnight + timedelta(minutes=end if end > start else end + 24 * 60), tz)
    return (starts_at, ends_at) if starts_at < ends_at else None


def windows_on(day: date, windows: Iterable[WeeklyWindow], tz: ZoneInfo) -> list[Interval]:
    """The stretches that start on the local `day`, in order of their start; they may overlap."""
    weekday = day.weekday()
    stretches = [times_on(day, (window.start, window.end), tz) for window in windows if weekday in window.days]
    return sorted(stretch for stretch in stretches if stretch is not None)


def parse_window(text: str) -> WeeklyWindow:
    """`DAYS [HH:MM-HH:MM]`: mon, mon-fri, fri-mon (wraps), mon,wed; no time is all day. ValueError names the cure."""
    # Blanks around commas and hyphens are forgiven: they cannot mean anything else.
    words = re.sub(r"\s*([,–-])\s*", r"\1", text.strip().lower()).replace("–", "-").split()
    if not 1 <= len(words) <= 2:
        raise ValueError(f"{text!r} is not a window: {_CURE}")
    start, end = parse_times(words[1]) if len(words) == 2 else WHOLE_DAY
    return WeeklyWindow(_parse_days(words[0], text), start, end)


def parse_times(text: str) -> Times:
    """`HH:MM-HH:MM`, as minutes after midnight; 24:00 may end. ValueError names the cure."""
    start, dash, end = text.strip().replace("–", "-").partition("-")
    if not dash:
        raise ValueError(f"{text!r} has no end: write HH:MM-HH:MM, for example 09:00-18:00")
    times = _parse_minute(start, text), _parse_minute(end, text)
    if times[0] == 24 * 60:
        raise ValueError(f"{text!r} starts at 24:00: write 00:00 and the next day")
    return times


def _parse_minute(text: str, whole: str) -> int:
    found = _TIME.fullmatch(text.strip())
    if found is not None:
        hour, minute = int(found[1]), int(found[2])
        if minute < 60 and hour * 60 + minute <= 24 * 60:
            return hour * 60 + minute
    raise ValueError(f"{text.strip()!r} in {whole!r} is not a time: write HH:MM from 00:00 to 24:00")


def _parse_days(text: str, whole: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in _DAYS or (dash and last not in _DAYS):
            raise ValueError(f"{part!r} in {whole!r} is not a day: use {' '.join(_DAYS)}, and {_CURE}")
        begin = _DAYS.index(first)
        length = (_DAYS.index(last) - begin) % 7 if dash else 0
        days.update((begin + step) % 7 for step in range(length + 1))
    return frozenset(days)
