"""Which instant does a local wall-clock time name, and what does the wall show at an instant?

The only place where local time becomes UTC. It must not add or subtract local times of a zone: Python counts
25 hours as 24 when a clock change lies between.
"""

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# Debian's zone data is a year behind the tzdata package and differs in 15 zones: every machine reads the package.
zoneinfo.reset_tzpath(to=())
ZoneInfo.clear_cache()

EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_ONE_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name, from the tzdata package; ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError) as error:  # a folder's name ("Europe") is an OSError
        raise ValueError(f"unknown time zone {name!r}: write an IANA name such as Europe/Berlin") from error


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Every name that `zone` knows, in order."""
    return tuple(sorted(zoneinfo.available_timezones()))


def as_utc(at: datetime) -> datetime:
    """The same instant in UTC; ValueError when `at` has no offset or lies outside the years 1000 to 8999."""
    if at.tzinfo is not UTC:
        if at.utcoffset() is None:
            raise ValueError(f"{at.isoformat()} has no offset: give an aware datetime, in UTC")
        if not 1 < at.year < 9999:
            raise ValueError(f"{at.isoformat()} is out of range: give an instant in the years 1000 to 8999")
        at = at.astimezone(UTC)
    if not EARLIEST <= at < LATEST:
        raise ValueError(f"{at.isoformat()} is out of range: give an instant in the years 1000 to 8999")
    return at


def to_utc(local: datetime, tz: ZoneInfo) -> datetime:
    """The first instant at which the wall in `tz` shows the naive `local` or, if it never does, a later time.

    A repeated time is its first occurrence; a skipped one is the first instant after the gap (Berlin, in spring:
    02:30 is the instant that reads 03:00). Never decreases as `local` grows.
    """
    return _instant(local, tz, first=True)


def to_utc_last(local: datetime, tz: ZoneInfo) -> datetime:
    """Like `to_utc`, but a repeated time is its last occurrence: where a window ends, so that cover overlaps."""
    return _instant(local, tz, first=False)


def to_local(at: datetime, tz: ZoneInfo) -> datetime:
    """What the wall in `tz` shows at the aware instant `at`, as a naive datetime."""
    return at.astimezone(tz).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=16384)  # a thousand schedules in few zones share their handoffs: a hit costs a quarter
def _instant(local: datetime, tz: ZoneInfo, first: bool) -> datetime:
    aware = local.replace(tzinfo=tz, fold=0)
    earlier = aware.utcoffset()
    later = aware.replace(fold=1).utcoffset()
    assert earlier is not None  # a ZoneInfo always knows
    assert later is not None
    if earlier < later:  # PEP 495: only inside a gap is the offset of fold 0 the smaller one
        return _end_of_gap(local, tz, earlier, later)
    return (local - (earlier if first else later)).replace(tzinfo=UTC)


def _end_of_gap(local: datetime, tz: ZoneInfo, earlier: timedelta, later: timedelta) -> datetime:
    """Halve between two instants that surround the clock change; changes fall on whole seconds."""
    before = (local.replace(microsecond=0) - later).replace(tzinfo=UTC)
    steps_before, steps_after = 0, (later - earlier) // _ONE_SECOND + 1
    while steps_after - steps_before > 1:
        middle = (steps_before + steps_after) // 2
        if (before + middle * _ONE_SECOND).astimezone(tz).utcoffset() == earlier:
            steps_before = middle
        else:
            steps_after = middle
    return before + steps_after * _ONE_SECOND
