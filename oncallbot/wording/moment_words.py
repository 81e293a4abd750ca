"""Which words of a time did this person write: a day, a clock time, a length? The lexer of `moments`.

It must not know what time it is: whatever depends on now, or on a zone, is settled in `moments`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YEARS = range(1970, 2200)
_LONGEST_TEXT = 100
_LONGEST_LENGTH = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: days are counted on the wall, the rest as it elapses."""

    days: int
    elapsed: timedelta

    @property
    def total(self) -> timedelta:
        return timedelta(days=self.days) + self.elapsed


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the wall, in minutes after midnight (1440 ends the day); `offset` from UTC where it was written.

    Not `is_settled`: a bare hour such as `8`, or words such as `morning`; `choices` are what it can mean.
    """

    minutes: int
    offset: timedelta | None = None
    choices: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        return not self.choices


@dataclass(frozen=True, slots=True)
class Relative:
    """So many days after today: 0 is `today`, -1 `yesterday`."""

    days: int
    word: str


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 0. `next Monday` is one of two."""

    number: int
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """Days that the written date can be, by (year or None, month, day): two for 03/04."""

    possible: tuple[tuple[int | None, int, int], ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """A day, a time, or both; a weekday written beside a date must agree with it."""

    day: Relative | Weekday | Dates | None
    clock: Clock | None
    beside: Weekday | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Words that can mean two things whenever they are said."""

    reason: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """The present instant."""


@dataclass(frozen=True, slots=True)
class _Dotted:
    """`20.12`: a date or a time, or only one of the two."""

    dates: Dates | None
    clock: Clock | None


_Piece = Relative | Weekday | Dates | Clock | _Dotted
Read = Length | Parts | Open | Now | None


def plain(text: str) -> str:
    """Lower case, one line, single blanks, no stops at the end, typographic marks as typed ones."""
    line = unicodedata.normalize("NFKC", text).casefold()
    line = re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", line).replace("’", "'").translate({0x2013: "-", 0x2212: "-"})
    return " ".join(line.split()).strip(" .,;:!?\"'“”„")


def read(text: str) -> Read:
    """The shape of what was written; None when it is no time."""
    if len(text) > _LONGEST_TEXT:
        return None
    line = plain(text)
    if line in ("now", "right now"):
        return Now()
    if (bare := re.fullmatch(r"(in|for) (\d{1,4})", line)) is not None:
        choices = tuple(f"{bare[1]} {int(bare[2])} {unit}" for unit in ("minutes", "hours") if int(bare[2]))
        return Open(f"{bare[2]} has no unit", choices)
    if (length := _length(line)) is not None:
        return length
    pieces = list(_pieces(re.sub(r"^(\d{4}-\d{1,2}-\d{1,2})t(?=\d)", r"\1 ", line)))
    return _combined([one for one in pieces if one is not None]) if pieces and None not in pieces else None


_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
_DAYS_OF = {"d": 1, "w": 7}
_COUNTS = {word: str(count) for count, word in enumerate("two three four five six seven eight nine ten".split(), 2)}
_UNIT = r"(?P<unit>s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:(?:ee)?ks?)?)"
_STEP = re.compile(rf"(?:(?P<count>\d{{1,5}})(?P<half>\.5)? ?|(?:an?|one) ){_UNIT}(?![a-z])(?:,? and |,? |)", re.ASCII)


def _length(line: str) -> Length | None:
    line = re.sub(r"^(?:in|for) ", "", line).replace("half an hour", "30 minutes")
    line = re.sub(r"[a-z]+", lambda word: _COUNTS.get(word[0], word[0]), line)
    days, elapsed, at = 0, timedelta(), 0
    while at < len(line):
        step = _STEP.match(line, at)
        if step is None:
            return None
        count, unit = int(step["count"] or 1), step["unit"][0]
        if unit in _DAYS_OF:
            if step["half"]:  # half of a day that the clocks may lengthen: how long is that?
                return None
            days += count * _DAYS_OF[unit]
        else:
            elapsed += (count + (0.5 if step["half"] else 0)) * _UNITS[unit]
        at = step.end()
    length = Length(days, elapsed)
    return length if line and length.total <= _LONGEST_LENGTH else None


def _pieces(line: str) -> Iterator[_Piece | None]:
    """The words of a day and a time in the order written; None for what is neither."""
    at = 0
    while at < len(line):
        if (filler := _FILLER.match(line, at)) is not None:
            at = filler.end()
            continue
        for pattern, make in _PATTERNS:
            if (found := pattern.match(line, at)) is not None:
                yield make(found)
                at = found.end()
                break
        else:
            yield None
            return


def _combined(pieces: list[_Piece]) -> Parts | Open | None:
    """At most one day and one time; a weekday may stand beside a date."""
    has_clock = any(isinstance(one, Clock) for one in pieces)
    has_day = any(isinstance(one, Relative | Weekday | Dates) for one in pieces)
    settled: list[Relative | Weekday | Dates | Clock] = []
    for one in pieces:
        if not isinstance(one, _Dotted):
            settled.append(one)
        elif one.dates is not None and (has_clock or one.clock is None):
            settled.append(one.dates)
        elif one.clock is not None and (has_day or one.dates is None):
            settled.append(one.clock)
        elif one.clock is not None and one.dates is not None and len(pieces) == 1:
            _, month, day = one.dates.possible[0]
            hour, minute = divmod(one.clock.minutes, 60)
            return Open("it can be a time or a date", (f"{hour:02}:{minute:02}", f"{day} {MONTHS[month - 1]}"))
        else:
            return None
    clocks = [one for one in settled if isinstance(one, Clock)]
    days = [one for one in settled if not isinstance(one, Clock)]
    beside = next((one for one in days if isinstance(one, Weekday)), None)
    if beside is not None and any(isinstance(one, Dates) for one in days):
        days.remove(beside)
    else:
        beside = None
    if len(clocks) > 1 or len(days) > 1 or not settled or (beside is not None and beside.is_next):
        return None
    clock = clocks[0] if clocks else None
    if clock is not None and clock.choices == _NAMED_TIMES["midnight"] and not days:
        clock = Clock(0)  # the next one, whichever day it is said to end
    return Parts(days[0] if days else None, clock, beside)


def _iso(found: re.Match[str]) -> Dates | None:
    return _dates((int(found[1]), int(found[2]), int(found[3])))


def _slashed(found: re.Match[str]) -> Dates | None:
    year = int(found[3]) if found[3] else None
    first, second = int(found[1]), int(found[2])
    return _dates((year, second, first), (year, first, second))


def _dotted_date(found: re.Match[str]) -> Dates | None:
    return _dates((int(found[3]) if found[3] else None, int(found[2]), int(found[1])))


def _dotted(found: re.Match[str]) -> _Dotted | None:
    dates = _dates((None, int(found[2]), int(found[1])))
    clock = _clock(int(found[1]), int(found[2])) if len(found[2]) == 2 else None
    return _Dotted(dates, clock) if dates or clock else None


def _named_month(found: re.Match[str]) -> Dates | None:
    month = MONTHS.index((found["m1"] or found["m2"])[:3].capitalize()) + 1
    year = found["y1"] or found["y2"]
    return _dates((int(year) if year else None, month, int(found["d1"] or found["d2"])))


def _dates(*possible: tuple[int | None, int, int]) -> Dates | None:
    """Those that exist in some year, each once."""
    real = tuple(dict.fromkeys(one for one in possible if _is_day(*one)))
    return Dates(real) if real else None


def _is_day(year: int | None, month: int, day: int) -> bool:
    try:
        date(2000 if year is None else year, month, day)
    except ValueError:
        return False
    return year is None or year in _YEARS


def _weekday(found: re.Match[str]) -> Weekday:
    number = next(index for index, name in enumerate(WEEKDAYS) if name.lower().startswith(found["day"][:3]))
    return Weekday(number, is_next=found["next"] is not None and found["next"].startswith("next"))


def _relative(found: re.Match[str]) -> Relative:
    return Relative({"yesterday": -1, "today": 0, "tomorrow": 1}[found[0]], found[0])


def _colon(found: re.Match[str]) -> Clock | None:
    clock = _clock(int(found[1]), int(found[2]))
    if clock is None or not found[3]:
        return clock
    if found[3] in ("z", "utc"):
        return Clock(clock.minutes, timedelta())
    hours, minutes = int(found[3][1:3]), int(found[3][-2:])
    if hours > 18 or minutes > 59 or clock.minutes == 24 * 60:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return Clock(clock.minutes, -offset if found[3][0] == "-" else offset)


def _half_day(found: re.Match[str]) -> Clock | None:
    hour, minute = int(found[1]), int(found[2] or 0)
    if not 1 <= hour <= 12:
        return None
    return _clock(hour % 12 + (12 if found[3] == "p" else 0), minute)


def _bare_hour(found: re.Match[str]) -> Clock | None:
    hour = int(found[1])
    if hour > 24:
        return None
    both = (hour % 24,) if not 1 <= hour <= 12 else (hour % 24, (hour + 12) % 24)
    return Clock(hour * 60, choices=tuple(f"{one:02}:00" for one in both))


def _named_time(found: re.Match[str]) -> Clock:
    if found[0] == "noon":
        return Clock(12 * 60)
    return Clock(0, choices=_NAMED_TIMES[found[0]])


def _clock(hour: int, minute: int) -> Clock | None:
    return Clock(hour * 60 + minute) if minute < 60 and hour * 60 + minute <= 24 * 60 else None


_NAMED_TIMES = {
    "midnight": ("00:00", "24:00"),  # where the day begins, or where it ends?
    "morning": ("08:00",),
    "afternoon": ("14:00",),
    "evening": ("18:00",),
    "night": ("22:00",),
}
_END = r"(?=[ ,]|$)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = (
    r"(?P<day>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_FILLER = re.compile(r"[ ,]+|(?:at|on|the|of|in) ")
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Piece | None]], ...] = tuple(
    (re.compile(pattern, re.ASCII), make)
    for pattern, make in (
        (rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_END}", _iso),
        (rf"(\d{{1,2}})/(\d{{1,2}})(?:/(\d{{4}}))?{_END}", _slashed),
        (rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}})?{_END}", _dotted_date),
        (rf"(\d{{1,2}})(?::(\d{{2}}))? ?([ap])\.?m\.?{_END}", _half_day),
        (rf"(\d{{1,2}})\.(\d{{1,2}})(?: ?uhr)?{_END}", _dotted),
        (
            (
                rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? (?P<m1>{_MONTH})\.?(?:,? (?P<y1>\d{{4}}))?{_END}"
                rf"|(?P<m2>{_MONTH})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:,? (?P<y2>\d{{4}}))?{_END}"
            ),
            _named_month,
        ),
        (rf"(?P<next>next |this |coming )?{_DAY}\.?{_END}", _weekday),
        (rf"(?:today|tomorrow|yesterday){_END}", _relative),
        (rf"(\d{{1,2}}):(\d{{2}})(?::00)? ?(z|utc|[+-]\d{{2}}:?\d{{2}})?{_END}", _colon),
        (rf"(?:noon|midnight|morning|afternoon|evening|night){_END}", _named_time),
        (rf"(\d{{1,2}})(?: ?(?:o'clock|uhr|h))?{_END}", _bare_hour),
    )
)
