"""Handoffs as a table: a shift's start and end on the wall, and how long it really lasts."""

from datetime import datetime, timedelta

import pytest

from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.wallclock import to_local, to_utc, zone
from tests.oncall.cast import ANA, BEN, CEM, NOBODY

HOUR = timedelta(hours=1)

TABLE = [
    # zone, length, first handoff, a later one, the next one, hours between
    ("America/New_York", (1, Unit.WEEKS), "2026-06-01 08:30", "2026-06-01 08:30", "2026-06-08 08:30", 168),
    ("America/New_York", (2, Unit.WEEKS), "2026-03-02 08:30", "2026-03-02 08:30", "2026-03-16 08:30", 335),
    ("America/New_York", (1, Unit.WEEKS), "2026-10-26 08:30", "2026-10-26 08:30", "2026-11-02 08:30", 169),
    ("America/New_York", (1, Unit.DAYS), "2026-03-07 17:00", "2026-03-07 17:00", "2026-03-08 17:00", 23),
    ("America/New_York", (1, Unit.DAYS), "2026-10-31 17:00", "2026-10-31 17:00", "2026-11-01 17:00", 25),
    ("America/New_York", (4, Unit.HOURS), "2026-03-08 00:00", "2026-03-08 00:00", "2026-03-08 04:00", 3),
    ("America/New_York", (4, Unit.HOURS), "2026-11-01 00:00", "2026-11-01 00:00", "2026-11-01 04:00", 5),
    ("America/New_York", (1, Unit.HOURS), "2026-11-01 01:00", "2026-11-01 01:00", "2026-11-01 02:00", 2),
    ("Australia/Lord_Howe", (12, Unit.HOURS), "2026-04-04 20:00", "2026-04-04 20:00", "2026-04-05 08:00", 12.5),
    ("Australia/Lord_Howe", (12, Unit.HOURS), "2026-10-03 20:00", "2026-10-03 20:00", "2026-10-04 08:00", 11.5),
    ("Europe/Lisbon", (7, Unit.DAYS), "2026-03-23 00:00", "2026-03-23 00:00", "2026-03-30 00:00", 167),
    (
        "Africa/Casablanca",
        (1, Unit.MONTHS),
        "2025-12-31 09:00",
        "2026-01-31 09:00",
        "2026-02-28 09:00",
        673,
    ),  # Ramadan: an hour back
    ("Asia/Tokyo", (1, Unit.MONTHS), "2026-01-31 09:00", "2026-04-30 09:00", "2026-05-31 09:00", 744),
    ("Asia/Tokyo", (3, Unit.MONTHS), "2027-08-31 09:00", "2027-11-30 09:00", "2028-02-29 09:00", 2184),
    ("Europe/Berlin", (12, Unit.MONTHS), "2024-02-29 09:00", "2028-02-29 09:00", "2029-02-28 09:00", 8760),
    (
        "Pacific/Apia",
        (1, Unit.WEEKS),
        "2011-12-24 09:00",
        "2011-12-24 09:00",
        "2011-12-31 09:00",
        144,
    ),  # without the 30th
]


@pytest.mark.parametrize(("tz", "every", "first", "start", "end", "hours"), TABLE)
def test_a_shift_ends_at_its_wall_clock_time_however_long_that_is(tz, every, first, start, end, hours) -> None:
    count, unit = every
    rota = Rotation(datetime.fromisoformat(first), count, unit, (ANA, BEN, CEM), tz)
    begins = to_utc(datetime.fromisoformat(start), zone(tz))
    ends = rota.next_handoff(begins)
    assert rota.handoff(rota.turn_at(begins)) == begins
    assert f"{to_local(ends, zone(tz)):%Y-%m-%d %H:%M}" == end
    assert (ends - begins) / HOUR == hours


@pytest.mark.parametrize("every", [(1, Unit.WEEKS), (3, Unit.DAYS), (7, Unit.HOURS), (2, Unit.MONTHS)])
@pytest.mark.parametrize("tz", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"])
def test_walking_from_handoff_to_handoff_visits_every_turn_for_years(every, tz) -> None:
    count, unit = every
    rota = Rotation(datetime(2026, 1, 31, 2, 30), count, unit, (ANA, BEN, ("cem", "dora"), NOBODY), tz)
    at = rota.handoff(-400)
    for turn in range(-399, 400):
        assert rota.turn_at(at - timedelta(microseconds=1)) == turn - 2
        at = rota.next_handoff(at)
        assert (at, rota.turn_at(at)) == (rota.handoff(turn), turn)
        assert rota.on_turn(turn) == (ANA, BEN, ("cem", "dora"), NOBODY)[turn % 4]
