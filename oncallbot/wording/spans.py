"""From when until when did this person mean? `Fri 18:00 to Mon 09:00`, `2026-08-01 to 2026-08-15`, `for 2 hours`.

It must not guess: what is not one stretch of time is `Unclear`, with ways to write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.wallclock import to_local, to_utc, zone
from oncallbot.wording.moment_words import WEEKDAYS, Dates, Length, Parts, Relative, Weekday, read
from oncallbot.wording.moments import Ambiguous, parse_moment

_LONGEST_TEXT = 200
_ONE_DAY = timedelta(days=1)
_HALF_A_YEAR = timedelta(days=183)
_JOINT = re.compile(r" (?:to|until|till|through|thru|and) | ?-+ ?", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|to|by) (.+)", re.IGNORECASE)
_USUAL = ("20:00 to 08:00", "for 2 hours")


@dataclass(frozen=True, slots=True)
class Unclear:
    """What is no stretch of time: the part that was read ("" for none), the part that was not, why, and what would be.

    `parse_span` reads every one of `choices`.
    """

    understood: str
    not_understood: str
    reason: str
    choices: tuple[str, ...]


def parse_span(text: str, now: datetime, tz: str, *, whole_days: bool = False) -> Interval | Unclear:
    """The stretch `[start, end)`, UTC, that `text` means to somebody in `tz` at `now`; never raises.

    A date alone is that whole day, and a date as the end includes its day; with `whole_days` also a weekday, `today`
    and `tomorrow`, which otherwise are asked for a time. The end is read as seen from the start: `Fri 18:00 to 09:00`
    ends on Saturday. Without a start it is `now`. Asked back is whatever `parse_moment` asks back.
    """
    reader = _Reader(now, tz, zone(tz), whole_days)
    line = _line(text)
    found = reader.span(line) if len(line) <= _LONGEST_TEXT else Unclear("", line[:60], "not a time", _USUAL)
    if not isinstance(found, Unclear):
        return found
    settled = dict.fromkeys(one for choice in found.choices for one in reader.settled(choice))
    fitting = tuple(sorted(settled, key=reader.is_far_fetched))
    return Unclear(found.understood, found.not_understood, found.reason, fitting or _USUAL)


def parse_days(text: str, now: datetime, tz: str) -> tuple[date, date] | None:
    """The first and the last day, in `tz`, of a text of whole days; None when it is none, or not settled."""
    line = _line(text)
    if not all(_day_of(part) for part in next(_read_splits(line), (line, line))):
        return None
    span = parse_span(line, now, tz, whole_days=True)
    if isinstance(span, Unclear):
        return None
    first, behind = (to_local(at, zone(tz)).date() for at in span)
    return first, behind - _ONE_DAY


@dataclass(frozen=True, slots=True)
class _Reader:
    now: datetime
    tz_name: str
    tz: ZoneInfo
    whole_days: bool

    def settled(self, text: str) -> tuple[str, ...]:
        """The text if it is one stretch; else what it could be, where both of its ends were open."""
        found = self.span(text)
        if not isinstance(found, Unclear):
            return (text,)
        return tuple(one for one in found.choices if not isinstance(self.span(one), Unclear))

    def is_far_fetched(self, settled: str) -> bool:
        """Has it begun already, or is it a year's length? `04/05 to 04/06` hardly means that: it comes last."""
        found = self.span(settled)
        return not isinstance(found, Unclear) and (found[0] < self.now or found[1] - found[0] > _HALF_A_YEAR)

    def span(self, line: str) -> Interval | Unclear:
        if not line:
            return Unclear("", "", "from when until when", _USUAL)
        for first, second in _read_splits(line):
            return self._between(first, second)
        if (until := _UNTIL.fullmatch(line)) is not None:
            return self._until(until[1])
        shape = read(line)
        if _is_length(line):
            return self._between("now", f"in {line.removeprefix('for ')}")
        if (day := _day_of(line)) is not None:
            if self.whole_days or isinstance(day, Dates):
                return self._between(line, line)
            whole = replace(self, whole_days=True)._day(line, self.now)
            return Unclear("", line, "which part of it?", (f"{line} 20:00 to 08:00", f"{whole}"))
        if shape is None:
            return self._unread(line)
        at = self._edge(line, self.now, is_end=False)
        if isinstance(at, Ambiguous):
            return Unclear("", line, at.reason, tuple(f"{one} for 8 hours" for one in at.choices))
        return Unclear(line, "", "until when", (f"{line} for 8 hours", f"{line} for 12 hours"))

    def _between(self, first: str, second: str) -> Interval | Unclear:
        joint = "for" if second.casefold().startswith("for ") else "to"
        ending = second[4:] if joint == "for" else second
        start = self._edge(first, self.now, is_end=False)
        if isinstance(start, Ambiguous):
            return Unclear("", first, start.reason, tuple(f"{one} {joint} {ending}" for one in start.choices))
        end = self._edge(second, start, is_end=True)
        if isinstance(end, Ambiguous):
            later = self._only_later(second, end, start)
            if later is None:
                return Unclear(f"from {first}", ending, end.reason, tuple(f"{first} to {one}" for one in end.choices))
            end = later
        if end <= start:
            return Unclear(f"from {first}", ending, "it ends before it starts", self._turned(first, second))
        return start, end

    def _only_later(self, text: str, meant: Ambiguous, start: datetime) -> datetime | None:
        """`24 Dec to 2 Jan`: of this year's and the next year's day only one can be the end."""
        shape = read(text)
        if not isinstance(shape, Parts) or not isinstance(shape.day, Dates) or len(shape.day.possible) > 1:
            return None
        ends = [self._edge(one, start, is_end=True) for one in meant.choices]
        later = [one for one in ends if isinstance(one, datetime) and one > start]
        return later[0] if len(later) == 1 else None

    def _until(self, text: str) -> Interval | Unclear:
        """From now on. `until Monday`: is Monday still meant?"""
        if read(text) is None:
            return self._unread(text)
        day = self._day(text, self.now)
        if isinstance(day, date) and not isinstance(_day_of(text), Dates):
            choices = (f"now to {day} 00:00", f"now to {day + _ONE_DAY} 00:00")
            return Unclear("until", text, f"is {text} still meant?", choices)
        return self._between("now", text)

    def _edge(self, text: str, base: datetime, *, is_end: bool) -> datetime | Ambiguous:
        """An end of the stretch, as seen from `base`; the day is whole where only a day is named."""
        day = self._day(text, base)
        if isinstance(day, Ambiguous):
            return day
        if day is not None:
            return to_utc(datetime(day.year, day.month, day.day) + (_ONE_DAY if is_end else timedelta()), self.tz)
        shape = read(text)
        is_from_now = isinstance(shape, Parts) and isinstance(shape.day, Relative)
        meant = parse_moment(text, self.now if is_from_now else base, self.tz_name)
        return meant if meant is not None else Ambiguous("not a time", ())

    def _day(self, text: str, base: datetime) -> date | Ambiguous | None:
        """The whole day that the text names; None when it names more than a day, or a day that is not taken whole."""
        match _day_of(text):
            case Dates():
                meant = parse_moment(text, base, self.tz_name)
                if isinstance(meant, Ambiguous):
                    return Ambiguous(meant.reason, tuple(one.removesuffix(" 00:00") for one in meant.choices))
                return to_local(meant, self.tz).date() if meant is not None else None
            case Relative(days) if self.whole_days:
                return to_local(self.now, self.tz).date() + days * _ONE_DAY
            case Weekday(number, is_next) if self.whole_days:
                today = to_local(base, self.tz).date()
                day = today + (number - today.weekday()) % 7 * _ONE_DAY
                if is_next:
                    week = (day.isoformat(), (day + 7 * _ONE_DAY).isoformat())
                    return Ambiguous(f"which {WEEKDAYS[number]} is meant?", week)
                return day
            case _:
                return None

    def _turned(self, first: str, second: str) -> tuple[str, ...]:
        """`tomorrow 20:00 to tomorrow 08:00`: the morning after, or the other way round?"""
        shape = read(second)
        clock = shape.clock if isinstance(shape, Parts) else None
        after = (f"{first} to {clock.minutes // 60:02}:{clock.minutes % 60:02}",) if clock and clock.is_settled else ()
        return (*after, f"{second} to {first}")

    def _unread(self, line: str) -> Unclear:
        """Which half is no time?"""
        for first, second in _splits(line):
            if read(first) is not None:
                return Unclear(f"from {first}", second, "not a time", (f"{first} for 8 hours", f"{first} for 12 hours"))
            if read(second) is not None:
                return Unclear("", first, "not a time", (f"now to {second}",))
        return Unclear("", line, "not a time", _USUAL)


def _line(text: str) -> str:
    """One line as it was typed, without marks around it, and without the words that lead in or are left hanging."""
    line = " ".join(
        text[: _LONGEST_TEXT * 2].replace("’", "'").translate({0x2013: "-", 0x2014: "-", 0x2212: "-"}).split()
    )
    line = re.sub(r"^(?:from|between|on|starting) ", "", line.strip(" .,;:!?\"'“”„"), flags=re.IGNORECASE)
    return re.sub(r" (?:to|until|till|for|-)$", "", line, flags=re.IGNORECASE)


def _is_length(text: str) -> bool:
    """`2 hours`, `for 2 hours`; but `in 2 hours` is an instant."""
    return isinstance(read(text), Length) and not text.casefold().startswith("in ")


def _day_of(text: str) -> Dates | Relative | Weekday | None:
    """The day, where a text names a day and no time."""
    shape = read(text)
    return shape.day if isinstance(shape, Parts) and shape.clock is None else None


def _splits(line: str) -> Iterator[tuple[str, str]]:
    """Every way to cut the line in two at a joint, words before hyphens; `24-27 Dec` is cut with its month."""
    days = re.fullmatch(r"(\d{1,2})\.? ?- ?(\d{1,2}\.? [A-Za-z]+\.?(?: \d{4})?)", line)
    if days is not None:
        yield f"{days[1]} {days[2].split(' ', 1)[1]}", days[2]
    yield from ((line[: at.start()], line[at.start() + 1 :]) for at in re.finditer(r" for ", line, re.IGNORECASE))
    cuts = sorted(_JOINT.finditer(line), key=lambda found: (found[0].strip().strip("-") == "", -len(found[0])))
    yield from ((line[: one.start()], line[one.end() :]) for one in cuts)


def _read_splits(line: str) -> Iterator[tuple[str, str]]:
    """Those of which both halves are times; behind `for` a length."""
    for first, second in _splits(line):
        if read(first) is None or _is_length(first):
            continue
        is_for = second.casefold().startswith("for ")
        if _is_length(second) if is_for else read(second) is not None:
            yield first, second
