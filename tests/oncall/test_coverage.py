from datetime import time

from oncallbot.oncall.coverage import coming_gaps, gaps, is_empty_by_design
from oncallbot.oncall.editing import Roster, edited
from oncallbot.oncall.edits import ChangeRotation, CreateSchedule, Handoff, SetWindows, Start
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.intervals import without
from oncallbot.oncall.people import Absence
from oncallbot.oncall.rotation import Unit
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


def test_the_coming_gaps_are_those_of_thirty_days_and_a_running_one_begins_now() -> None:
    nobody = schedule(must_cover=weekly("mon 18:00-06:00"))
    found = coming_gaps(nobody, (), utc("2026-01-05 20:00"))
    assert [f"{start:%d %H}-{end:%d %H}" for start, end in found] == [
        *("05 20-06 06", "12 18-13 06", "19 18-20 06", "26 18-27 06", "02 18-03 06"),
    ]


def test_a_pending_version_opens_its_gaps_only_from_its_start_and_only_where_somebody_must_be() -> None:
    roster = Roster({"primary": schedule(daily(ANA, windows=OFFICE), must_cover=OFFICE)})
    edit = ChangeRotation("primary", windows=SetWindows(weekly("mon-fri 20:00-09:00", "sat-sun")))
    after = edited(roster, edit, utc("2026-01-05 19:00"))
    assert isinstance(after, Roster)
    assert holes(after.schedules["primary"], end="2026-01-08") == ["06 18-06 20", "07 18-07 20"]


def test_a_version_that_ran_keeps_its_gaps_and_the_next_one_closes_them() -> None:
    roster = Roster({"primary": schedule(daily(ANA, NOBODY))})
    edit = ChangeRotation("primary", participants=(ANA, BEN), starts=Start.IMMEDIATELY)
    after = edited(roster, edit, utc("2026-01-06 12:00"))
    assert isinstance(after, Roster)
    assert holes(after.schedules["primary"], end="2026-01-09") == ["06 00-06 12"]


def test_a_created_schedule_must_be_covered_in_its_windows_and_does_not_nag_about_the_day() -> None:
    handoff = Handoff(time(9), weekday=0)
    edit = CreateSchedule("nights", "UTC", "weekly", (ANA, NOBODY), 1, Unit.WEEKS, handoff, OFFICE)
    after = edited(Roster({}), edit, utc("2026-01-09 12:00"))
    assert isinstance(after, Roster)
    assert holes(after.schedules["nights"], start="2026-01-09", end="2026-01-14") == ["12 18-13 09", "13 18-14 00"]


def test_the_repeated_hour_is_a_gap_twice_as_long() -> None:
    plan = Schedule("primary", "Europe/Berlin", (), must_cover=weekly("sun 02:00-03:00"))
    assert holes(plan, start="2026-10-24", end="2026-10-26") == ["25 00-25 02"]
    assert holes(plan, start="2026-03-28", end="2026-03-30") == []
