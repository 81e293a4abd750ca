"""How are lengths, instants and weekly times written in a file, and what do they mean?

Each reader raises `Misspelt` with a cure. It must not guess a zone: local times stay local until somebody says whose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from oncallbot.oncall import windows
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.wallclock import as_utc, to_local, to_utc, zone
from oncallbot.oncall.windows import Times, WeeklyWindow
from oncallbot.schedule_files.spelling import Misspelt, instead_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DURATION_PATTERN = r"^\s*(0|([0-9]+\s*[dhmsDHMS]\s*)+)$"
EVERY_PATTERN = r"^\s*[0-9]+\s*([Hh][Oo][Uu][Rr]|[Dd][Aa][Yy]|[Ww][Ee][Ee][Kk]|[Mm][Oo][Nn][Tt][Hh])[Ss]?\s*$"
TIMES_PATTERN = r"^\s*[0-9]{1,2}:[0-9]{2}\s*[-–]\s*[0-9]{1,2}:[0-9]{2}\s*$"
DATE_PATTERN = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$"
MOMENT_PATTERN = (
    r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"([ Tt]+([0-9]{1,2}):([0-9]{2})(:[0-9]{2}(\.[0-9]{1,6})?)?\s*([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?\s*$"
)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
_LONGEST = timedelta(days=366)
_MOMENT = re.compile(MOMENT_PATTERN)
_MIDNIGHT = datetime.min.time()


def duration(text: str) -> timedelta:
    """`30s`, `5m`, `2h`, `1d`, `1h30m`; a bare 0 needs no unit."""
    if not re.fullmatch(DURATION_PATTERN, text):
        raise Misspelt(f"{text!r} is not a length of time", "write it like 30s, 5m, 2h, 1d or 1h30m")
    parts = re.findall(r"([0-9]+)\s*([dhms])", text.lower())
    units = [unit for _, unit in parts]
    if units != sorted(set(units), key="dhms".index):
        raise Misspelt(f"{text!r} mixes up its units", "write days, hours, minutes, seconds in this order, each once")
    if any(len(count) > 9 for count, _ in parts):
        raise Misspelt(f"{text!r} is too long", "write a year (366d) or less")
    total = sum((int(count) * _UNITS[unit] for count, unit in parts), timedelta())
    if total > _LONGEST:
        raise Misspelt(f"{text!r} is too long", "write a year (366d) or less")
    return total


def spelled_duration(length: timedelta) -> str:
    """The one spelling of a length: 90m is `1h30m`, nothing is `0s`."""
    left, spelled = length, ""
    for unit, size in _UNITS.items():
        count, left = divmod(left, size)
        spelled += f"{count}{unit}" if count else ""
    return spelled or "0s"


def canonical_duration(text: str) -> str:
    return spelled_duration(duration(text))


def positive_duration(text: str) -> str:
    """A length above zero, in its one spelling."""
    length = duration(text)
    if not length:
        raise Misspelt(f"{text!r} leaves no time at all", "write more than zero, for example 5m")
    return spelled_duration(length)


def every(text: str) -> tuple[int, Unit]:
    """`1 week`, `12 hours`, `2 months`: a shift's length."""
    found = re.fullmatch(r"\s*([0-9]+)\s*([a-z]+?)s?\s*", text.casefold())
    if found is None:
        raise Misspelt(f"{text!r} is not a shift length", "write a number and hours, days, weeks or months: 1 week")
    units = [unit.value for unit in Unit]
    if f"{found[2]}s" not in units:
        raise Misspelt(f"{found[2]!r} in {text!r} is not a unit", instead_of(found[2], units, ""))
    if not 1 <= int(found[1]) <= 1000:
        raise Misspelt(f"a shift of {text!r} is not possible", "write 1 or more, for example 1 week")
    return int(found[1]), Unit(f"{found[2]}s")


def spelled_every(count: int, unit: Unit) -> str:
    return f"{count} {unit.value if count > 1 else unit.value.removesuffix('s')}"


def canonical_every(text: str) -> str:
    return spelled_every(*every(text))


def day(text: str) -> date:
    """`2026-12-24`."""
    if re.fullmatch(DATE_PATTERN, text):
        try:
            return date.fromisoformat(text.strip())
        except ValueError as error:
            raise Misspelt(f"there is no day {text!r}", "correct the month or the day") from error
    raise Misspelt(f"{text!r} is not a date", "write year, month and day: 2026-12-24")


def canonical_day(text: str) -> str:
    return day(text).isoformat()


def moment(text: str) -> date | datetime:
    """A date, a local time (naive), or a time with offset (aware)."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Misspelt(f"{text!r} is not a time", "write 2026-02-03 18:00, or a date alone")
    if found[2] is None:
        return day(found[1])
    if found[3] == "24":
        raise Misspelt(f"{text!r} is not a time", "write 00:00 of the next day")
    seconds, offset = found[5] or ":00", (found[7] or "").upper().replace("Z", "+00:00")
    day(found[1])
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[3]:0>2}:{found[4]}{seconds}{offset}")
    except ValueError as error:
        raise Misspelt(f"there is no time {text!r}", "write hours from 00 to 23 and minutes from 00 to 59") from error


def canonical_moment(text: str) -> str:
    """One spelling of what was written; `settled_span` makes equal instants equal once the zone is known."""
    return spelled_moment(moment(text))


def spelled_moment(at: date | datetime) -> str:
    if not isinstance(at, datetime):
        return at.isoformat()
    precision = "minutes" if not (at.second or at.microsecond) else "auto"
    return at.isoformat(sep=" ", timespec=precision)


def first_handoff(text: str) -> datetime:
    """A naive wall-clock time; a bare date is its midnight."""
    at = moment(text)
    if not isinstance(at, datetime):
        return datetime.combine(at, _MIDNIGHT)
    if at.tzinfo is not None:
        raise Misspelt(f"{text!r} has an offset", "write the time that the clock on the wall shows, without offset")
    if not 1000 <= at.year < 9000:
        raise Misspelt(f"{text!r} is out of range", "write a year from 1000 to 8999")
    return at


def canonical_handoff(text: str) -> str:
    return spelled_moment(first_handoff(text))


def instant(text: str, tz: ZoneInfo, is_end: bool = False) -> datetime:
    """The UTC instant that the text names in that zone. As an end, a bare date includes the whole day."""
    at = moment(text)
    try:
        if not isinstance(at, datetime):
            return as_utc(to_utc(datetime.combine(at, _MIDNIGHT) + timedelta(days=is_end), tz))
        return as_utc(to_utc(at, tz) if at.tzinfo is None else at)
    except (ValueError, OverflowError) as error:
        raise Misspelt(f"{text!r} is out of range", "write a year from 1000 to 8999") from error


def spelled_span(start: datetime, end: datetime, tz: ZoneInfo) -> tuple[str, str]:
    """The one spelling of `[start, end)` in that zone: dates when it is whole days, an offset only where needed."""
    first, last = _on_the_wall(start, tz), _on_the_wall(end, tz)
    if all(at.tzinfo is None and at.time() == _MIDNIGHT for at in (first, last)):
        return spelled_moment(first.date()), spelled_moment(last.date() - timedelta(days=1))
    return spelled_moment(first), spelled_moment(last)


def _on_the_wall(at: datetime, tz: ZoneInfo) -> datetime:
    """Naive where that names this instant; with offset in the second of two repeated hours."""
    local = to_local(at, tz)
    return local if to_utc(local, tz) == at else at.astimezone(tz)


def canonical_instant(text: str) -> str:
    """When something was made: an instant with offset, spelled in UTC."""
    at = moment(text)
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise Misspelt(f"{text!r} has no offset", "write it like 2026-02-01T09:00:00Z")
    return spelled_instant(at)


def known_instant(text: str) -> datetime:
    """The UTC instant that `spelled_instant` has written."""
    return as_utc(datetime.fromisoformat(canonical_instant(text)))


def spelled_instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=4096)
def window(text: str) -> WeeklyWindow:
    """`mon-fri 18:00-09:00`, `sat-sun`."""
    try:
        return windows.parse_window(text)
    except ValueError as error:
        raise Misspelt.from_error(error) from error


def spelled_window(weekly: WeeklyWindow) -> str:
    days = spelled_days(weekly.days)
    whole_day = (weekly.start, weekly.end) == (0, 24 * 60)
    return days if whole_day else f"{days} {spelled_times((weekly.start, weekly.end))}"


def canonical_window(text: str) -> str:
    return spelled_window(window(text))


def times(text: str) -> Times:
    """`09:00-18:00`."""
    try:
        return windows.parse_times(text)
    except ValueError as error:
        raise Misspelt.from_error(error) from error


def spelled_times(part: Times) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in part)


def canonical_times(text: str) -> str:
    return spelled_times(times(text))


def weekdays(text: str) -> frozenset[int]:
    """`mon`, `mon-fri`, `mon,wed`: 0 is Monday."""
    if any(letter.isdigit() for letter in text):
        cure = "write the days before the colon, the times after: mon-fri: 09:00-18:00"
        raise Misspelt(f"{text!r} are not days", cure)
    return window(text).days


def spelled_days(days: Iterable[int]) -> str:
    """`mon-fri`, `fri-mon` when they are one run, else `mon,wed`."""
    chosen = set(days)
    if len(chosen) == 7:
        return "mon-sun"
    starts = [one for one in chosen if (one - 1) % 7 not in chosen]
    if len(starts) == 1 and len(chosen) > 2:
        return f"{DAYS[starts[0]]}-{DAYS[(starts[0] + len(chosen) - 1) % 7]}"
    return ",".join(DAYS[one] for one in sorted(chosen))


def by_equal_times(open_times: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Weekly times with their days grouped: however the days were written, equal weeks are equal."""
    days_of: dict[tuple[str, ...], set[int]] = {}
    for days, parts in open_times.items():
        days_of.setdefault(tuple(sorted(parts)), set()).update(weekdays(days))
    return {spelled_days(days): list(parts) for parts, days in days_of.items() if parts}


def timezone(text: str) -> str:
    """An IANA name that the tzdata package knows, in its own spelling."""
    from zoneinfo import available_timezones

    try:
        zone(text.strip())
    except ValueError as error:
        known = available_timezones()
        by_folded = {one.casefold(): one for one in known}
        exact = by_folded.get(text.strip().replace(" ", "_").casefold())
        place = next((one for one in sorted(known) if one.casefold().endswith(f"/{text.strip().casefold()}")), None)
        cure = f"did you mean {exact or place}?" if exact or place else instead_of(text, known, "")
        raise Misspelt(f"{text!r} is not a time zone", cure or "write an IANA name such as Europe/Berlin") from error
    return text.strip()
