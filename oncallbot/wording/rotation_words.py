"""Which shift length, handoff or windows do these words mean? `2 weeks`, `Tue 10:00`, `mon-fri 18:00-09:00, sat-sun`.

It must not know whose rotation it is, nor what time it is now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from oncallbot.oncall.edits import Handoff
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.week import WeeklyWindow, parse_window
from oncallbot.wording.moment_words import WEEKDAYS, Clock, Parts, Weekday, read

_LONGEST_TEXT = 200
_MOST = 1_000  # a shift's length, as in the schedule files
_COUNTS = {word: count for count, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_UNITS = {"h": Unit.HOURS, "d": Unit.DAYS, "w": Unit.WEEKS, "m": Unit.MONTHS}
_UNIT = r"h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:(?:ee)?ks?)?|m(?:onths?)?"
_ADVERBS = {
    "hourly": (1, Unit.HOURS),
    "daily": (1, Unit.DAYS),
    "weekly": (1, Unit.WEEKS),
    "biweekly": (2, Unit.WEEKS),
    "fortnight": (2, Unit.WEEKS),
    "monthly": (1, Unit.MONTHS),
}
_DAY_WORDS = {
    "weekdays": "mon-fri",
    "weekday": "mon-fri",
    "workdays": "mon-fri",
    "weekends": "sat-sun",
    "weekend": "sat-sun",
    "every day": "mon-sun",
    "daily": "mon-sun",
    **{f"{day.lower()}s": day[:3].lower() for day in WEEKDAYS},
    **{day.lower(): day[:3].lower() for day in WEEKDAYS},
    "tues": "tue",
    "thurs": "thu",
    "thur": "thu",
}


@dataclass(frozen=True, slots=True)
class Unread:
    """Why these words mean nothing here, and words that would."""

    reason: str
    choices: tuple[str, ...]


def read_every(text: str) -> tuple[int, Unit] | Unread:
    """How long a shift is: `1 week`, `two weeks`, `week`, `12h`, `daily`."""
    line = text[:_LONGEST_TEXT].casefold().strip(" .,;!")
    if line in _ADVERBS:
        return _ADVERBS[line]
    found = re.fullmatch(rf"(?:(?P<count>\d{{1,4}}|[a-z]+) ?)??(?P<unit>{_UNIT})", line, re.ASCII)
    if found is not None:
        said = found["count"] or "1"
        count = int(said) if said.isdigit() else {"a": 1, "an": 1, "other": 2, **_COUNTS}.get(said, 0)
        if 1 <= count <= _MOST:
            return count, _UNITS[found["unit"][0]]
    number = re.fullmatch(r"(\d{1,3})(?: .*)?", line, re.ASCII)
    if number is not None and int(number[1]):
        reason = f"{line} of what?" if line == number[1] else "not a shift's length"
        return Unread(reason, tuple(f"{int(number[1])} {unit}" for unit in ("weeks", "days", "hours")))
    return Unread("not a shift's length", ("1 week", "2 weeks", "1 day"))


def read_handoff(text: str) -> Handoff | Unread:
    """When shifts change: `Tue 10:00`, `10:00`, `on the 1st at 09:00`."""
    line = " ".join(text[:_LONGEST_TEXT].casefold().split()).strip(" .,;!")
    of_month = re.fullmatch(r"(?:on )?(?:the )?(?:day )?(\d{1,2})(?:st|nd|rd|th|\.)?(?: at)? (\d{1,2}:\d{2})", line)
    if of_month is not None:
        day, clock = int(of_month[1]), read(of_month[2])
        if 1 <= day <= 31 and isinstance(clock, Parts) and clock.clock is not None and clock.clock.minutes < 24 * 60:
            return Handoff(_time(clock.clock), day=day)
    parts = read(line)
    if not isinstance(parts, Parts) or not isinstance(parts.day, Weekday | None):
        return Unread("not a handoff's time", ("Mon 09:00", "09:00"))
    name = f"{WEEKDAYS[parts.day.number][:3]} " if parts.day else ""
    if parts.clock is None:
        return Unread("at which time", (f"{name}09:00", f"{name}18:00"))
    if not parts.clock.is_settled:
        return Unread("which time of the day is meant?", tuple(f"{name}{one}" for one in parts.clock.choices))
    if parts.clock.offset is not None or parts.clock.minutes >= 24 * 60:
        return Unread("a handoff is a time on the schedule's own wall", (f"{name}09:00", f"{name}00:00"))
    return Handoff(_time(parts.clock), parts.day.number if parts.day else None)


def read_windows(text: str) -> tuple[WeeklyWindow, ...] | Unread:
    """When it counts in a week: windows between `, ` or `and`; `mon,wed 18:00-20:00` is one of two days."""
    line = _plain_windows(text)
    pieces = [one for one in re.split(r"\s*;\s*|\s*,\s+|\s+and\s+|(?<=\d),", line) if one]
    timed = [bool(re.search(r"\d", one)) for one in pieces]
    if not pieces:
        return Unread("when", ("mon-fri 18:00-09:00, sat-sun", "always"))
    if any(not before and after for before, after in pairwise(timed)):
        return Unread("do these times hold for all of the days?", _joined_or_apart(pieces, timed))
    try:
        return tuple(parse_window(one) for one in pieces)
    except ValueError as error:
        wrong = str(error).partition(": ")[0]
        return Unread(wrong, ("mon-fri 18:00-09:00, sat-sun", "mon-fri 09:00-18:00"))


def _plain_windows(text: str) -> str:
    """Short names of days, times joined by hyphens."""
    line = " ".join(text[:_LONGEST_TEXT].casefold().translate({0x2013: "-", 0x2014: "-"}).split()).strip(" .!")
    words = "|".join(sorted(_DAY_WORDS, key=len, reverse=True))
    line = re.sub(rf"\b(?:{words})\b", lambda found: _DAY_WORDS[found[0]], line)
    line = re.sub(r"(?<=\d)\s*(?:-|to|until|till)\s*(?=\d)", "-", line)
    line = re.sub(r"(?<=[a-z])\s*(?:-|\bto\b|\bthrough\b)\s*(?=[a-z])", "-", line)
    return re.sub(r"\b(?:from|at|on|between) ", "", line)


def _joined_or_apart(pieces: list[str], timed: list[bool]) -> tuple[str, ...]:
    """`mon, wed 18:00-20:00`: one window of two days, or Monday as a whole?"""
    whole = [one for one, has_time in zip(pieces, timed, strict=True) if not has_time]
    with_times = [one for one, has_time in zip(pieces, timed, strict=True) if has_time]
    first = f"{','.join(whole)},{with_times[0]}"
    return ", ".join((first, *with_times[1:])), ", ".join((*with_times, *whole))


def _time(clock: Clock) -> time:
    return time(*divmod(clock.minutes, 60))
