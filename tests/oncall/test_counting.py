"""Hours on call by kind: what counts as what, exact sums, clock changes, and who had more than the others."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.oncall.counting import NIGHT, Calendar, Hours, Row, Weights, hours_by_responder, shares
from tests.oncall.cast import ANA, BEN, ODD_ZONES, Feasts, utc
from tests.oncall.quarter_hours import AHEAD, QUARTER, QUARTERS, START, wall_of
from tests.oncall.strategies import instants, minutes, thorough, tz_names

HOUR = timedelta(hours=1)
BERLIN = Calendar("Europe/Berlin", Feasts("2026-12-25", "2026-12-26"))


def counted(calendar: Calendar, start: str, end: str) -> tuple[float, ...]:
    """Hours on weekdays, at night, on weekends and holidays."""
    hours = hours_by_responder([(utc(start), utc(end), ANA)], calendar)["ana"]
    return tuple(part / HOUR for part in (hours.weekday, hours.night, hours.weekend, hours.holiday))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-01-14 17:00", "2026-01-15 08:00", (7, 8, 0, 0)),  # Wednesday 18:00 to Thursday 09:00 in Berlin
        ("2026-01-14 21:00", "2026-01-15 05:00", (0, 8, 0, 0)),  # exactly the night
        ("2026-01-16 17:00", "2026-01-19 08:00", (7, 8, 48, 0)),  # Friday evening, Sunday's end, Monday early
        ("2026-12-24 17:00", "2026-12-27 23:00", (4, 2, 24, 48)),  # the 26th is a Saturday, and a holiday first
        ("2026-12-24 22:59", "2026-12-24 23:01", (0, 1 / 60, 0, 1 / 60)),
    ],
)
def test_holiday_comes_before_weekend_before_night_before_weekday(start, end, expected) -> None:
    assert counted(BERLIN, start, end) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-28 23:00", "2026-03-29 22:00", (0, 0, 23, 0)),  # Berlin's short Sunday
        ("2026-10-24 22:00", "2026-10-25 23:00", (0, 0, 25, 0)),  # the hour that is repeated counts twice
    ],
)
def test_a_day_of_23_or_25_hours_counts_as_long_as_it_is(start, end, expected) -> None:
    assert counted(BERLIN, start, end) == expected


def test_a_repeated_night_hour_on_a_weekday_counts_twice() -> None:
    cairo = Calendar("Africa/Cairo")  # Thursday, 29 October 2026, 24:00 is 23:00 again
    assert counted(cairo, "2026-10-29 19:00", "2026-10-30 04:00") == (0, 9, 0, 0)


def test_another_night_may_lie_within_one_day() -> None:
    assert counted(Calendar("UTC", night=(60, 300)), "2026-01-14 00:00", "2026-01-15 00:00") == (20, 4, 0, 0)


def test_each_of_a_group_was_on_call_the_whole_time_and_nobody_has_no_hours() -> None:
    rows: list[Row] = [
        (utc("2026-01-14 08:00"), utc("2026-01-14 10:00"), ("ana", "ben")),
        (utc("2026-01-14 10:00"), utc("2026-01-14 12:00"), ()),
    ]
    assert hours_by_responder(rows, BERLIN) == {"ana": Hours(2 * HOUR), "ben": Hours(2 * HOUR)}
    assert hours_by_responder([], BERLIN) == {}


def test_who_has_more_than_the_mean_stands_first_and_who_only_helped_last() -> None:
    hours = {"ana": Hours(weekday=10 * HOUR), "ben": Hours(night=10 * HOUR), "dora": Hours(holiday=50 * HOUR)}
    found = [
        (one.responder, one.weighted / HOUR, one.difference and one.difference / HOUR)
        for one in shares(hours, ("ana", "ben", "cem"))
    ]
    assert found == [("ben", 20, 10), ("ana", 10, timedelta()), ("cem", 0, -10), ("dora", 150, None)]


def test_a_negative_weight_and_an_impossible_night_are_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Weights(night=-1)
    with pytest.raises(ValueError, match="between 00:00 and 24:00"):
        Calendar("UTC", night=(0, 1500))


days = st.timedeltas(timedelta(), timedelta(days=20))
calendars = st.builds(
    Calendar, tz_names, st.just(Feasts("2026-04-03", "2026-10-26")), st.tuples(minutes, minutes) | st.just(NIGHT)
)


@thorough
@given(instants, st.lists(st.tuples(days, days, st.sampled_from([ANA, BEN, ("ana", "ben")])), max_size=4), calendars)
def test_the_kinds_add_up_to_the_time_on_call_exactly(start, drawn, calendar) -> None:
    worked = [(start + wait, start + wait + length, who) for wait, length, who in drawn]
    hours = hours_by_responder(worked, calendar)
    for name in ("ana", "ben"):
        on_call = sum((end - begins for begins, end, who in worked if name in who), timedelta())
        assert hours.get(name, Hours()).total == on_call


@thorough
@given(instants, st.integers(1, 60), st.integers(1, 60), calendars)
def test_two_halves_of_a_shift_count_what_the_whole_counts(start, first, second, calendar) -> None:
    middle, end = start + first * HOUR, start + (first + second) * HOUR
    halves = [hours_by_responder([row], calendar)["ana"] for row in ((start, middle, ANA), (middle, end, ANA))]
    assert halves[0] + halves[1] == hours_by_responder([(start, end, ANA)], calendar)["ana"]


@pytest.mark.parametrize("tz", ODD_ZONES)
def test_every_quarter_hour_of_a_year_counts_as_what_the_wall_has_shown(tz: str) -> None:
    """Another algorithm: the furthest that the wall has got, quarter by quarter."""
    calendar = Calendar(tz, Feasts("2026-04-03", "2026-12-25"))
    expected = dict.fromkeys(("weekday", "night", "weekend", "holiday"), 0)
    for shown in wall_of(tz).latest[AHEAD : AHEAD + QUARTERS]:
        if (shown.month, shown.day) in ((4, 3), (12, 25)):
            kind = "holiday"
        elif shown.weekday() >= 5:
            kind = "weekend"
        else:
            kind = "night" if shown.hour >= 22 or shown.hour < 6 else "weekday"
        expected[kind] += 1
    hours = hours_by_responder([(START, START + QUARTERS * QUARTER, ANA)], calendar)["ana"]
    assert {kind: getattr(hours, kind) / QUARTER for kind in expected} == expected


def test_ten_years_of_hourly_shifts_are_counted_without_losing_a_second() -> None:
    start = utc("2026-01-01")
    worked = [(start + hour * HOUR, start + (hour + 1) * HOUR, (ANA, BEN)[hour % 2]) for hour in range(87_660)]
    hours = hours_by_responder(worked, BERLIN)
    assert hours["ana"].total + hours["ben"].total == 87_660 * HOUR
