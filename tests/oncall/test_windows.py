from datetime import timedelta

import pytest

from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.wallclock import zone
from oncallbot.oncall.windows import Outside, Weekly, WeeklyWindow, Windows, parse_times, parse_window
from tests.oncall.cast import Feasts, utc, weekly
from tests.oncall.test_wallclock import ZONES, clock_changes


def spans(windows: Windows, start: str, end: str, tz: str = "Europe/Berlin") -> list[str]:
    return [f"{a:%d %H:%M}/{b:%d %H:%M}" for a, b in windows.intervals(utc(start), utc(end), zone(tz))]


@pytest.mark.parametrize(
    ("text", "days", "start", "end"),
    [
        ("mon", "0", 0, 1440),
        ("mon-fri 18:00-09:00", "01234", 1080, 540),
        ("fri-mon", "4560", 0, 1440),
        ("mon,wed 09:00-24:00", "02", 540, 1440),
        ("sat-sun 00:00-00:00", "56", 0, 0),
        ("sun-sun 9:00-10:00", "6", 540, 600),
        ("  Mon - Fri   18:00 - 09:00 ", "01234", 1080, 540),
        ("mon, thu-fri 01:02-03:04", "034", 62, 184),
    ],
)
def test_a_window_is_days_and_times(text: str, days: str, start: int, end: int) -> None:
    assert parse_window(text) == WeeklyWindow(frozenset(int(day) for day in days), start, end)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("", "for example mon-fri 18:00-09:00"),
        ("weekdays", "use mon tue wed thu fri sat sun"),
        ("mon-", "use mon tue wed thu fri sat sun"),
        ("mon 9-17", "write HH:MM"),
        ("mon 09:00", "HH:MM-HH:MM"),
        ("mon 09:00-25:00", "from 00:00 to 24:00"),
        ("mon 09:00-24:01", "from 00:00 to 24:00"),
        ("mon 09:60-10:00", "from 00:00 to 24:00"),
        ("mon 24:00-09:00", "write 00:00 and the next day"),
        ("mon 09:00-10:00 11:00-12:00", "write DAYS HH:MM-HH:MM"),
        ("mon ٠٩:00-10:00", "write HH:MM"),
    ],
)
def test_what_is_no_window_is_refused_with_its_cure(text: str, cure: str) -> None:
    with pytest.raises(ValueError, match=cure):
        parse_window(text)


def test_times_may_end_at_midnight_and_wrap() -> None:
    assert [parse_times(text) for text in ("09:00-24:00", "22:00-06:00")] == [(540, 1440), (1320, 360)]


def test_an_overnight_window_belongs_to_the_day_it_starts() -> None:
    fridays = weekly("fri 18:00-09:00")
    assert spans(fridays, "2026-01-05", "2026-01-12") == ["09 17:00/10 08:00"]
    assert fridays.contains(utc("2026-01-10 07:59"), zone("Europe/Berlin"))
    assert not fridays.contains(utc("2026-01-09 07:59"), zone("Europe/Berlin"))


def test_equal_start_and_end_mean_twenty_four_hours() -> None:
    assert spans(weekly("mon 09:00-09:00"), "2026-01-05", "2026-01-12") == ["05 08:00/06 08:00"]


def test_overlapping_and_touching_windows_unite() -> None:
    nights = weekly("mon-fri 18:00-09:00", "sat-sun", "tue 17:00-19:00")
    assert spans(nights, "2026-01-05", "2026-01-12") == [
        "05 17:00/06 08:00", "06 16:00/07 08:00", "07 17:00/08 08:00",
        "08 17:00/09 08:00", "09 17:00/11 23:00",
    ]  # fmt: skip


def test_no_windows_is_never() -> None:
    assert spans(Weekly(()), "2026-01-05", "2026-01-12") == []


def test_a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    nights = weekly("sat 18:00-09:00")
    assert spans(nights, "2026-03-28", "2026-03-30") == ["28 17:00/29 07:00"]
    assert spans(nights, "2026-10-24", "2026-10-26") == ["24 16:00/25 08:00"]


def test_a_window_that_starts_or_ends_in_the_gap_does_so_at_the_clock_change() -> None:
    assert spans(weekly("sun 02:30-04:00"), "2026-03-29", "2026-03-30") == ["29 01:00/29 02:00"]
    assert spans(weekly("sun 01:00-02:30"), "2026-03-29", "2026-03-30") == ["29 00:00/29 01:00"]
    assert spans(weekly("sun 02:10-02:50"), "2026-03-29", "2026-03-30") == []


def test_a_window_starts_at_the_first_and_ends_at_the_last_occurrence_of_a_repeated_time() -> None:
    assert spans(weekly("sun 02:30-04:00"), "2026-10-25", "2026-10-26") == ["25 00:30/25 03:00"]
    assert spans(weekly("sun 00:00-02:30"), "2026-10-24", "2026-10-26") == ["24 22:00/25 01:30"]
    assert spans(weekly("sun 02:10-02:50"), "2026-10-25", "2026-10-26") == ["25 00:10/25 01:50"]


@pytest.mark.parametrize(
    ("tz", "expected"),
    [
        ("America/Santiago", ["05 04:00/06 04:00"]),  # Saturday is whole, Sunday begins at 01:00
        ("America/Lima", ["05 05:00/06 05:00"]),
    ],
)
def test_a_day_ends_where_midnight_is_skipped(tz: str, expected: list[str]) -> None:
    assert spans(weekly("sat"), "2026-09-01", "2026-09-08", tz) == expected


def test_a_day_ends_with_its_repeated_last_hour() -> None:
    assert spans(weekly("sat"), "2026-04-01", "2026-04-08", "America/Santiago") == ["04 03:00/05 04:00"]


def test_windows_hold_where_the_clocks_went_back_over_midnight() -> None:
    """St John's, 2010: one minute past Sunday's midnight it was 23:01 on Saturday again."""
    tz, just_sunday, saturday_again = zone("America/St_Johns"), utc("2010-11-07 02:30:30"), utc("2010-11-07 03:00")
    assert weekly("fri 23:59-23:59").contains(just_sunday, tz)
    assert spans(weekly("fri 23:59-23:59"), "2010-11-07 02:30", "2010-11-08", tz.key) == ["07 02:30/07 03:29"]
    assert weekly("sun 00:00-06:00").contains(saturday_again, tz)
    assert spans(weekly("sun 00:00-06:00"), "2010-11-06", "2010-11-07 03:00", tz.key) == ["07 02:30/07 03:00"]


def test_outside_is_the_rest_of_the_office_hours_in_their_own_zone() -> None:
    berlin = OfficeHours("berlin", "Europe/Berlin", (parse_window("mon-fri 09:00-18:00"),), Feasts("2026-01-06"))
    assert spans(Outside(berlin), "2026-01-05", "2026-01-09", "America/Lima") == [
        "05 00:00/05 08:00", "05 17:00/07 08:00", "07 17:00/08 08:00", "08 17:00/09 00:00",
    ]  # fmt: skip


def test_outside_hours_that_never_open_is_always() -> None:
    assert spans(Outside(OfficeHours("never", "UTC")), "2026-01-05", "2026-01-06") == ["05 00:00/06 00:00"]


@pytest.mark.parametrize("text", ["mon-sun", "mon-sun 00:00-00:00", "mon-sun 02:30-02:30", "mon-sun 23:59-23:59"])
def test_all_week_is_all_the_time_around_every_clock_change(text: str) -> None:
    always, two_days = weekly(text), timedelta(days=2)
    for name in ZONES:
        for change, _, _ in clock_changes(name)[:4]:
            around = (change - two_days, change + two_days)
            assert always.intervals(*around, zone(name)) == (around,), (name, change)


@pytest.mark.parametrize("text", ["mon-sun 23:30-01:30", "mon-sun 00:00-00:15", "mon-sun 02:00-03:00"])
def test_contains_agrees_with_intervals_around_every_clock_change(text: str) -> None:
    window, day = weekly(text), timedelta(days=1)
    for name in ZONES:
        for change, _, _ in clock_changes(name)[:2]:
            inside = window.intervals(change - day, change + day, zone(name))
            for minutes in (-61, -60, -30, -1, 0, 30, 60):
                at = change + timedelta(minutes=minutes)
                listed = any(start <= at < end for start, end in inside)
                assert window.contains(at, zone(name)) == listed, (name, at)


@pytest.mark.parametrize(("start", "end"), [(-1, 60), (1440, 60), (0, 1441)])
def test_minutes_outside_the_day_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="00:00"):
        WeeklyWindow(frozenset({0}), start, end)


def test_a_window_without_days_is_refused() -> None:
    with pytest.raises(ValueError, match="weekday"):
        WeeklyWindow(frozenset(), 0, 60)


def test_days_that_were_remembered_stay_right_when_many_are_asked_for() -> None:
    nights = weekly("mon-fri 18:00-09:00")
    before = spans(nights, "2026-01-05", "2026-01-12")
    nights.intervals(utc("2020-01-01"), utc("2026-01-01"), zone("Europe/Berlin"))
    assert spans(nights, "2026-01-05", "2026-01-12") == before
