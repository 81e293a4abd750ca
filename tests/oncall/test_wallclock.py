"""Every clock change in every zone, and the oddest ones by hand."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from oncallbot.oncall.wallclock import as_utc, to_local, to_utc, to_utc_last, zone
from tests.oncall.cast import utc, wall

ZONES = sorted(available_timezones())
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@cache
def clock_changes(name: str) -> list[tuple[datetime, timedelta, timedelta]]:
    """(first instant of the new offset, offset before, offset after) in 2024-2028, by halving each day."""
    tz, changes, at = ZoneInfo(name), [], datetime(2024, 1, 1, tzinfo=UTC)
    while at.year < 2029:
        before, after = at.astimezone(tz).utcoffset(), (at + DAY).astimezone(tz).utcoffset()
        assert before is not None
        assert after is not None
        if before != after:
            low, high = at, at + DAY
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if middle.astimezone(tz).utcoffset() == before else (low, middle)
            changes.append((high, before, after))
        at += DAY
    return changes


@pytest.mark.parametrize("initial", sorted({name[0] for name in ZONES}))
def test_every_local_time_around_every_clock_change_is_its_first_or_last_instant(initial: str) -> None:
    for name in (name for name in ZONES if name.startswith(initial)):
        for change, before, after in clock_changes(name):
            naive = change.replace(tzinfo=None)
            for minutes in range(-180, 181, 15):
                local = naive + before + timedelta(minutes=minutes)
                by_old, by_new = local - before, local - after
                first = by_old if by_old < naive else max(naive, by_new)
                last = by_new if by_new >= naive else min(naive, by_old)
                assert to_utc(local, zone(name)) == first.replace(tzinfo=UTC), (name, local)
                assert to_utc_last(local, zone(name)) == last.replace(tzinfo=UTC), (name, local)


def test_the_wall_shows_what_the_instant_was_made_from_in_every_zone() -> None:
    for name in ZONES:
        for local in (wall("2026-01-15 00:00"), wall("2026-07-15 23:59:59.999999")):
            assert to_local(to_utc(local, zone(name)), zone(name)) == local


@pytest.mark.parametrize(
    ("name", "local", "instant"),
    [
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00"),  # midnight does not exist: 01:00 begins the day
        ("America/Santiago", "2026-09-06 00:59", "2026-09-06 04:00"),
        ("America/Havana", "2026-03-08 00:30", "2026-03-08 05:00"),
        ("Atlantic/Azores", "2026-03-29 00:00", "2026-03-29 01:00"),
        ("Africa/Cairo", "2026-04-24 00:15", "2026-04-23 22:00"),
        ("Asia/Beirut", "2026-03-29 00:00", "2026-03-28 22:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),  # a whole day was skipped
    ],
)
def test_a_skipped_time_is_the_first_instant_after_the_gap(name: str, local: str, instant: str) -> None:
    assert to_utc(wall(local), zone(name)) == utc(instant)
    assert to_utc_last(wall(local), zone(name)) == utc(instant)


@pytest.mark.parametrize(
    ("name", "local", "first", "last"),
    [
        ("America/Santiago", "2026-04-04 23:30", "2026-04-05 02:30", "2026-04-05 03:30"),
        ("America/Havana", "2025-11-02 00:00", "2025-11-02 04:00", "2025-11-02 05:00"),
        ("Atlantic/Azores", "2026-10-25 00:15", "2026-10-25 00:15", "2026-10-25 01:15"),
        ("Africa/Cairo", "2026-10-29 23:00", "2026-10-29 20:00", "2026-10-29 21:00"),
        ("Asia/Beirut", "2026-10-24 23:45", "2026-10-24 20:45", "2026-10-24 21:45"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45", "2026-04-04 15:15"),
        ("Europe/Berlin", "2026-10-25 02:00", "2026-10-25 00:00", "2026-10-25 01:00"),
    ],
)
def test_a_repeated_time_has_a_first_and_a_last_instant(name: str, local: str, first: str, last: str) -> None:
    assert to_utc(wall(local), zone(name)) == utc(first)
    assert to_utc_last(wall(local), zone(name)) == utc(last)


def test_a_skipped_time_with_microseconds_is_the_first_instant_after_the_gap() -> None:
    assert to_utc(wall("2026-03-29 02:00:00.000001"), zone("Europe/Berlin")) == utc("2026-03-29 01:00")


def test_zone_data_comes_from_the_tzdata_package_and_not_from_the_machine() -> None:
    assert zoneinfo.TZPATH == ()


def test_an_instant_in_another_offset_is_the_same_instant_in_utc() -> None:
    at = as_utc(datetime.fromisoformat("2026-03-29T03:00+02:00"))
    assert (at, at.tzinfo) == (utc("2026-03-29 01:00"), UTC)


@pytest.mark.parametrize("text", ["2026-01-01T00:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_an_instant_without_offset_or_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"offset|range"):
        as_utc(datetime.fromisoformat(text))
