"""Handoffs on the wall: tables for each oddity of clocks and months, and every zone's clock changes."""

from datetime import UTC, datetime, timedelta

import pytest

from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.wallclock import to_local, zone
from tests.oncall.cast import ANA, BEN, CEM, rotation, utc, wall
from tests.oncall.test_wallclock import ZONES, clock_changes


def handoffs(rota: Rotation, after: str, count: int) -> list[str]:
    at, found = utc(after), []
    for _ in range(count):
        at = rota.next_handoff(at)
        found.append(f"{at:%Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("tz", "midnight_before", "expected"),
    [
        ("America/Santiago", "2026-09-05 04:00", ["2026-09-06 04:00", "2026-09-07 03:00", "2026-09-08 03:00"]),
        ("America/Havana", "2026-03-07 05:00", ["2026-03-08 05:00", "2026-03-09 04:00", "2026-03-10 04:00"]),
        ("Atlantic/Azores", "2026-03-28 01:00", ["2026-03-29 01:00", "2026-03-30 00:00", "2026-03-31 00:00"]),
        ("Africa/Cairo", "2026-04-22 22:00", ["2026-04-23 22:00", "2026-04-24 21:00", "2026-04-25 21:00"]),
        ("Asia/Beirut", "2026-03-27 22:00", ["2026-03-28 22:00", "2026-03-29 21:00", "2026-03-30 21:00"]),
    ],
)
def test_midnight_handoff_where_midnight_is_skipped_is_the_days_first_instant(
    tz: str, midnight_before: str, expected: list[str]
) -> None:
    assert handoffs(rotation("2026-01-01 00:00", 1, Unit.DAYS, tz), midnight_before, 3) == expected


@pytest.mark.parametrize(
    ("tz", "before", "expected"),
    [
        ("America/Santiago", "2026-04-04 03:00", ["2026-04-05 04:00", "2026-04-06 04:00"]),
        ("America/Havana", "2025-11-01 04:00", ["2025-11-02 04:00", "2025-11-03 05:00"]),
        ("Atlantic/Azores", "2026-10-24 00:00", ["2026-10-25 00:00", "2026-10-26 01:00"]),
        ("Africa/Cairo", "2026-10-28 21:00", ["2026-10-29 22:00", "2026-10-30 22:00"]),
        ("Asia/Beirut", "2026-10-23 21:00", ["2026-10-24 22:00", "2026-10-25 22:00"]),
    ],
)
def test_midnight_handoff_in_autumn_is_the_first_midnight(tz: str, before: str, expected: list[str]) -> None:
    assert handoffs(rotation("2026-01-01 00:00", 1, Unit.DAYS, tz), before, 2) == expected


def test_lord_howes_skipped_quarter_past_two_is_half_past_two() -> None:
    rota = rotation("2026-01-01 02:15", 1, Unit.DAYS, "Australia/Lord_Howe")
    assert handoffs(rota, "2026-10-02 16:00", 2) == ["2026-10-03 15:30", "2026-10-04 15:15"]


def test_lord_howes_repeated_quarter_to_two_is_the_first() -> None:
    rota = rotation("2026-01-01 01:45", 1, Unit.DAYS, "Australia/Lord_Howe")
    assert handoffs(rota, "2026-04-03 15:00", 2) == ["2026-04-04 14:45", "2026-04-05 15:15"]


def test_grid_points_that_coincide_in_spring_are_one_handoff_and_the_later_turn_wins() -> None:
    rota = rotation("2026-03-29 00:00", 1, Unit.HOURS, "Europe/Berlin")
    assert handoffs(rota, "2026-03-28 23:30", 3) == ["2026-03-29 00:00", "2026-03-29 01:00", "2026-03-29 02:00"]
    assert rota.handoff(2) == rota.handoff(3) == utc("2026-03-29 01:00")
    assert [rota.turn_at(utc(f"2026-03-29 {time}")) for time in ("00:59", "01:00", "02:00")] == [1, 3, 4]


def test_an_hourly_shift_lasts_two_hours_in_the_repeated_hour() -> None:
    rota = rotation("2026-10-25 00:00", 1, Unit.HOURS, "Europe/Berlin")
    assert handoffs(rota, "2026-10-24 23:30", 3) == ["2026-10-25 00:00", "2026-10-25 02:00", "2026-10-25 03:00"]
    assert rota.turn_at(utc("2026-10-25 01:30")) == 2  # the second 02:30 belongs to the turn of 02:00


def test_half_hours_of_the_repeated_hour_are_not_handed_off_twice() -> None:
    rota = rotation("2026-10-25 00:30", 1, Unit.HOURS, "Europe/Berlin")
    assert handoffs(rota, "2026-10-25 00:30", 2) == ["2026-10-25 02:30", "2026-10-25 03:30"]
    assert rota.turn_at(utc("2026-10-25 01:10")) == 2  # 02:10 for the second time: 02:30 has been handed off before


def test_twenty_four_hours_are_one_day_across_a_clock_change() -> None:
    hours = rotation("2026-03-28 09:00", 24, Unit.HOURS, "Europe/Berlin")
    days = rotation("2026-03-28 09:00", 1, Unit.DAYS, "Europe/Berlin")
    assert [hours.handoff(turn) for turn in range(-300, 300)] == [days.handoff(turn) for turn in range(-300, 300)]


def test_weekly_handoff_keeps_its_wall_clock_time_for_ten_years() -> None:
    rota = rotation("2026-01-05 09:00", 1, Unit.WEEKS, "Europe/Berlin")
    walls = {to_local(rota.handoff(turn), zone("Europe/Berlin")).strftime("%a %H:%M") for turn in range(-520, 520)}
    assert walls == {"Mon 09:00"}


def test_months_are_clamped_and_counted_from_the_original_day() -> None:
    rota = rotation("2026-01-31 10:00", 1, Unit.MONTHS)
    assert [f"{rota.handoff(turn):%m-%d}" for turn in range(-3, 5)] == [
        "10-31", "11-30", "12-31", "01-31", "02-28", "03-31", "04-30", "05-31",
    ]  # fmt: skip


def test_months_know_leap_years() -> None:
    rota = rotation("2024-02-29 10:00", 12, Unit.MONTHS)
    assert [f"{rota.handoff(turn):%Y-%m-%d}" for turn in range(5)] == [
        "2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29",
    ]  # fmt: skip


def test_the_last_day_of_a_short_month_is_the_handoff_and_the_day_before_is_not() -> None:
    rota = rotation("2026-01-31 10:00", 1, Unit.MONTHS)
    assert [rota.turn_at(utc(at)) for at in ("2026-02-28 09:59", "2026-02-28 10:00", "2026-03-30 23:00")] == [0, 1, 1]


def test_turn_zero_is_the_first_participants_and_turns_before_it_are_negative() -> None:
    rota = rotation("2026-01-05 09:00", 1, Unit.WEEKS)
    assert [rota.on_turn(turn) for turn in (-2, -1, 0, 1, 2, 3)] == [BEN, CEM, ANA, BEN, CEM, ANA]
    assert [rota.turn_at(utc(at)) for at in ("2025-12-29 08:59", "2026-01-05 08:59", "2026-01-05 09:00")] == [-2, -1, 0]


def test_at_the_handoff_instant_the_next_handoff_is_a_later_one() -> None:
    rota = rotation("2026-01-05 09:00", 1, Unit.WEEKS)
    assert rota.next_handoff(utc("2026-01-05 09:00")) == utc("2026-01-12 09:00")


def test_an_instant_thousands_of_years_away_is_answered() -> None:
    rota = rotation("2026-01-05 09:00", 1, Unit.HOURS, "Europe/Berlin")
    for year in (1000, 1800, 8998):
        at = datetime(year, 6, 1, tzinfo=UTC)
        assert rota.handoff(rota.turn_at(at)) <= at < rota.next_handoff(at) <= at + timedelta(hours=2)


@pytest.mark.parametrize(
    ("every", "unit", "first"),
    [
        (1, Unit.HOURS, "2026-01-01 00:15"),
        (1, Unit.DAYS, "2026-01-01 00:00"),
        (1, Unit.DAYS, "2026-01-01 02:30"),
        (1, Unit.WEEKS, "2026-01-04 00:30"),
        (1, Unit.MONTHS, "2026-01-31 02:00"),
    ],
)
def test_every_answer_lies_strictly_after_the_question_around_every_clock_change(
    every: int, unit: Unit, first: str
) -> None:
    for name in ZONES:
        rota = rotation(first, every, unit, name)
        for change, _, _ in clock_changes(name):
            for minutes in (-60, -1, 0, 29, 60):
                at = change + timedelta(minutes=minutes)
                turn = rota.turn_at(at)
                assert rota.handoff(turn) <= at < rota.next_handoff(at) == rota.handoff(turn + 1), (name, at)


@pytest.mark.parametrize(
    ("every", "people", "problem"),
    [
        (0, (ANA,), "write 1 or more"),
        (-1, (ANA,), "write 1 or more"),
        (6000, (ANA,), "hundred years"),
        (1, (), "needs participants"),
        (1, ("ana",), "a tuple of responder ids"),
        (1, (("ana", "ana"),), "twice"),
    ],
)
def test_an_impossible_rotation_is_refused_in_words(
    every: int, people: tuple[tuple[str, ...], ...], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        rotation("2026-01-05 09:00", every, Unit.WEEKS, people=people)


def test_a_first_handoff_with_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        Rotation(utc("2026-01-05 09:00"), 1, Unit.WEEKS, (ANA,), "UTC")


def test_a_first_handoff_that_is_skipped_is_the_first_instant_after_the_gap() -> None:
    rota = Rotation(wall("2026-03-29 02:30"), 1, Unit.WEEKS, (ANA, BEN), "Europe/Berlin")
    assert (rota.handoff(0), rota.handoff(1)) == (utc("2026-03-29 01:00"), utc("2026-04-05 00:30"))
