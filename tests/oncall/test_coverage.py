from oncallbot.oncall.coverage import gaps, is_empty_by_design
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.intervals import without
from oncallbot.oncall.people import Absence
from oncallbot.oncall.schedule import Schedule
from oncallbot.oncall.windows import Outside, parse_window
from tests.oncall.cast import ANA, BEN, NOBODY, absence, daily, override, schedule, utc, weekly

OFFICE = Outside(OfficeHours("office", "UTC", (parse_window("mon-fri 09:00-18:00"),)))


def holes(of: Schedule, *absences: Absence, start: str = "2026-01-05", end: str = "2026-01-07") -> list[str]:
    return [f"{a:%d %H}-{b:%d %H}" for a, b in gaps(of, absences, utc(start), utc(end))]


def test_time_with_nobody_is_a_gap_when_all_time_must_be_covered() -> None:
    assert holes(schedule(daily(ANA, windows=OFFICE))) == ["05 09-05 18", "06 09-06 18"]


def test_time_that_need_not_be_covered_is_no_gap() -> None:
    plan = schedule(daily(ANA, windows=OFFICE), must_cover=OFFICE)
    assert holes(plan) == []
    assert [is_empty_by_design(plan, utc(f"2026-01-05 {hour}")) for hour in ("08:59", "09:00", "18:00")] == [
        False, True, False,
    ]  # fmt: skip


def test_without_must_cover_nothing_is_empty_by_design() -> None:
    assert not is_empty_by_design(schedule(daily(ANA, windows=OFFICE)), utc("2026-01-05 12:00"))


def test_all_participants_absent_is_a_gap() -> None:
    away = (absence("ana", "2026-01-05 20:00", "2026-01-06 03:00"), absence("ben", "2026-01-05", "2026-01-06 01:00"))
    assert holes(schedule(daily(ANA, BEN, windows=OFFICE), must_cover=OFFICE), *away) == ["05 20-06 01"]


def test_a_turn_of_nobody_where_somebody_must_be_is_a_gap() -> None:
    assert holes(schedule(daily(ANA, NOBODY))) == ["06 00-07 00"]


def test_an_override_closes_a_gap_in_part() -> None:
    plan = schedule(daily(ANA, NOBODY), overrides=(override("ben", "2026-01-06 06:00", "2026-01-06 12:00"),))
    assert holes(plan) == ["06 00-06 06", "06 12-07 00"]


def test_gaps_are_clipped_and_an_empty_range_has_none() -> None:
    nobody = schedule(must_cover=weekly("mon-sun 18:00-06:00"))
    assert holes(nobody, start="2026-01-05 20:00", end="2026-01-06 04:00") == ["05 20-06 04"]
    assert holes(nobody, start="2026-01-05 20:00", end="2026-01-05 20:00") == []


def test_what_is_taken_away_may_span_several_intervals() -> None:
    hours = [utc(f"2026-01-05 {hour:02}:00") for hour in range(10)]
    wanted = [(hours[0], hours[2]), (hours[3], hours[5]), (hours[6], hours[8])]
    assert list(without(wanted, [(hours[1], hours[4]), (hours[7], hours[9])])) == [
        (hours[0], hours[1]), (hours[4], hours[5]), (hours[6], hours[7]),
    ]  # fmt: skip
    assert list(without(wanted, [(hours[0], hours[9])])) == []
