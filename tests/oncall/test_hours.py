from datetime import date

import pytest

from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.week import parse_times, parse_window
from tests.oncall.cast import Feasts, utc

WEEKDAYS = (parse_window("mon-fri 09:00-18:00"),)
BERLIN = OfficeHours(
    "berlin",
    "Europe/Berlin",
    WEEKDAYS,
    Feasts("2026-05-01"),
    closed=frozenset({date(2026, 12, 24), date(2026, 12, 31)}),
    opened=((date(2026, 12, 19), (parse_times("10:00-14:00"),)), (date(2026, 12, 31), (parse_times("09:00-12:00"),))),
)


def open_on(hours: OfficeHours, start: str, end: str) -> list[str]:
    return [f"{a:%d %H:%M}/{b:%d %H:%M}" for a, b in hours.open_intervals(utc(start), utc(end))]


def test_a_weekday_is_open_from_its_opening_until_just_before_its_closing() -> None:
    times = ("2026-01-05 07:59:59", "2026-01-05 08:00", "2026-01-05 16:59:59", "2026-01-05 17:00")
    assert [BERLIN.is_open(utc(at)) for at in times] == [False, True, True, False]


def test_a_holiday_a_weekend_and_a_closing_day_are_closed() -> None:
    assert not any(BERLIN.is_open(utc(f"{day} 10:00")) for day in ("2026-05-01", "2026-05-02", "2026-12-24"))


def test_an_opened_day_is_open_although_it_would_be_closed() -> None:
    assert open_on(BERLIN, "2026-12-19", "2026-12-21") == ["19 09:00/19 13:00"]


def test_a_day_both_closed_and_opened_has_exactly_the_opened_times() -> None:
    assert open_on(BERLIN, "2026-12-31", "2027-01-01") == ["31 08:00/31 11:00"]


def test_opened_times_are_added_to_an_ordinary_day() -> None:
    late = OfficeHours("late", "UTC", WEEKDAYS, opened=((date(2026, 1, 5), (parse_times("17:00-20:00"),)),))
    assert open_on(late, "2026-01-05", "2026-01-06") == ["05 09:00/05 20:00"]


def test_a_window_from_the_evening_before_runs_on_into_a_holiday() -> None:
    nights = OfficeHours("nights", "UTC", (parse_window("mon-sun 22:00-06:00"),), Feasts("2026-01-06"))
    assert open_on(nights, "2026-01-05 12:00", "2026-01-08") == ["05 22:00/06 06:00", "07 22:00/08 00:00"]


def test_the_holiday_is_the_calendars_day_and_not_that_of_utc() -> None:
    tokyo = OfficeHours("tokyo", "Asia/Tokyo", (parse_window("mon-fri 08:00-10:00"),), Feasts("2026-01-06"))
    assert open_on(tokyo, "2026-01-04 12:00", "2026-01-07") == ["04 23:00/05 01:00", "06 23:00/07 00:00"]


def test_the_next_opening_lies_strictly_after_the_question() -> None:
    opening = utc("2026-01-05 08:00")
    assert [BERLIN.next_opening(utc(at)) for at in ("2026-01-03", "2026-01-05 07:59")] == [opening, opening]
    assert BERLIN.next_opening(opening) == utc("2026-01-06 08:00")


def test_next_opening_skips_the_holiday_and_the_weekend() -> None:
    assert BERLIN.next_opening(utc("2026-04-30 17:00")) == utc("2026-05-04 07:00")


def test_what_never_opens_has_no_next_opening() -> None:
    never = OfficeHours("never", "UTC")
    assert (never.is_open(utc("2026-01-05")), never.next_opening(utc("2026-01-05"))) == (False, None)


def test_what_never_closes_has_no_next_opening() -> None:
    always = OfficeHours("always", "Europe/Berlin", (parse_window("mon-sun"),))
    at = utc("2026-03-29 01:00")
    assert (always.is_open(at), always.next_opening(at)) == (True, None)


def test_hours_keep_their_wall_clock_time_across_a_clock_change() -> None:
    daily = OfficeHours("daily", "Africa/Cairo", (parse_window("mon-sun 00:00-12:00"),))
    assert open_on(daily, "2026-04-22 12:00", "2026-04-25") == [
        "22 22:00/23 10:00", "23 22:00/24 09:00", "24 21:00/25 00:00",
    ]  # fmt: skip


def test_impossible_opened_times_are_refused() -> None:
    with pytest.raises(ValueError, match="opened 2026-01-05"):
        OfficeHours("late", "UTC", opened=((date(2026, 1, 5), ((0, 1500),)),))
