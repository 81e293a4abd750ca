"""A time is read as one instant, or asked back: never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.oncall.wallclock import to_local, zone
from oncallbot.wording.moment_words import Length, read
from oncallbot.wording.moments import Ambiguous, parse_moment
from tests.wording.cast import BERLIN, HOSTILE, NIGHT, at

ZONES = ("Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Beirut", "America/New_York", "UTC")
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def berlin(text: str, now: datetime = NIGHT) -> str | tuple[str, ...] | None:
    """What the wall in Berlin shows at the instant, or the choices; NIGHT is Saturday 21 November 2026, 03:14."""
    match parse_moment(text, now, BERLIN):
        case datetime() as meant:
            return f"{to_local(meant, zone(BERLIN)):%Y-%m-%d %H:%M}"
        case Ambiguous(_, choices):
            return choices
        case None:
            return None


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("Sat 20:00", "2026-11-21 20:00"),
        ("saturday 20:00", "2026-11-21 20:00"),
        ("  SAT.   20:00. ", "2026-11-21 20:00"),
        ("Sun 03:00", "2026-11-22 03:00"),
        ("20:00 on Sunday", "2026-11-22 20:00"),
        ("this friday at 8am", "2026-11-27 08:00"),
        ("tomorrow 08:00", "2026-11-22 08:00"),
        ("tomorrow at 8:00", "2026-11-22 08:00"),
        ("today 18:00", "2026-11-21 18:00"),
        ("yesterday 18:00", "2026-11-20 18:00"),
        ("2026-12-26 03:10", "2026-12-26 03:10"),
        ("2026-12-26T03:10", "2026-12-26 03:10"),
        ("2026-12-26 03:10:00", "2026-12-26 03:10"),
        ("2026-12-26 03:10Z", "2026-12-26 04:10"),
        ("2026-12-26 03:10+01:00", "2026-12-26 03:10"),
        ("2026-12-26 03:10-05:00", "2026-12-26 09:10"),
        ("2026-12-26", "2026-12-26 00:00"),
        ("2025-01-01 10:00", "2025-01-01 10:00"),
        ("26.12. 03:10", "2026-12-26 03:10"),
        ("26.12.2026 03:10", "2026-12-26 03:10"),
        ("26.12.", "2026-12-26 00:00"),
        ("26.12", "2026-12-26 00:00"),
        ("10.12 03:10", "2026-12-10 03:10"),
        ("26/12 03:10", "2026-12-26 03:10"),
        ("12/26 03:10", "2026-12-26 03:10"),
        ("26 Dec 03:10", "2026-12-26 03:10"),
        ("Dec 26th, 2026 at 3:10", "2026-12-26 03:10"),
        ("03:10 on 26 December", "2026-12-26 03:10"),
        ("Sat 26 Dec 03:10", "2026-12-26 03:10"),
        ("29 Feb 10:00", "2028-02-29 10:00"),
        ("21 Nov", None),
        ("in 2 hours", "2026-11-21 05:14"),
        ("in two hours", "2026-11-21 05:14"),
        ("in 30m", "2026-11-21 03:44"),
        ("in half an hour", "2026-11-21 03:44"),
        ("for 2 hours", "2026-11-21 05:14"),
        ("1 hour and 30 minutes", "2026-11-21 04:44"),
        ("in 2 days", "2026-11-23 03:14"),
        ("20:00", "2026-11-21 20:00"),
        ("03:14", "2026-11-22 03:14"),
        ("03:15", "2026-11-21 03:15"),
        ("20.30", "2026-11-21 20:30"),
        ("8pm", "2026-11-21 20:00"),
        ("8:30 p.m.", "2026-11-21 20:30"),
        ("12am", "2026-11-22 00:00"),
        ("12pm", "2026-11-21 12:00"),
        ("noon", "2026-11-21 12:00"),
        ("midnight", "2026-11-22 00:00"),
        ("24:00", "2026-11-22 00:00"),
        ("Mon 24:00", "2026-11-24 00:00"),
        ("now", "2026-11-21 03:14"),
    ],
)
def test_a_plain_time_is_one_instant(text, wall) -> None:
    assert berlin(text) == (wall or "2026-11-21 00:00")


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("8", ("08:00", "20:00")),
        ("at 8", ("08:00", "20:00")),
        ("12", ("12:00", "00:00")),
        ("20", ("20:00",)),
        ("8 o'clock", ("08:00", "20:00")),
        ("Sun 8", ("Sun 08:00", "Sun 20:00")),
        ("Sat 3", ("2026-11-28 03:00", "2026-11-21 03:00", "Sat 15:00")),
        ("03/04/2027", ("2027-04-03 00:00", "2027-03-04 00:00")),
        ("10/12 08:00", ("2026-12-10 08:00", "2027-10-12 08:00", "2026-10-12 08:00")),
        ("20.12", ("20:12", "20 Dec")),
        ("today 01:00", ("2026-11-22 01:00", "2026-11-21 01:00")),
        ("Sat 03:00", ("2026-11-28 03:00", "2026-11-21 03:00")),
        ("next Sat 20:00", ("2026-11-21 20:00", "2026-11-28 20:00")),
        ("tomorrow", ("tomorrow 08:00", "tomorrow 18:00")),
        ("Monday", ("Mon 08:00", "Mon 18:00")),
        ("tomorrow morning", ("tomorrow 08:00",)),
        ("tomorrow midnight", ("tomorrow 00:00", "tomorrow 24:00")),
        ("2 Nov 09:00", ("2026-11-02 09:00", "2027-11-02 09:00")),
        ("Fri 26 Dec 03:10", ("2026-12-26 03:10",)),
        ("in 2", ("in 2 minutes", "in 2 hours")),
        ("for 90", ("for 90 minutes", "for 90 hours")),
    ],
)
def test_what_can_mean_two_instants_is_asked_back(text, choices) -> None:
    assert set(berlin(text) or ()) == set(choices)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "foo", "25:00", "20:60", "13pm", "2026-13-01", "2026-02-30", "31.11.", "9999-12-31 23:59",
        "0000-01-01", "03:10 20:00", "Sat Sun", "tomorrow today 08:00", "08:00 maybe", "1042", "in 99999 days",
        "1.5 days", "2 months", "today 03:10+02:00", "2026-12-26 03:10+99:00", "-1", "٣", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(text) -> None:
    assert berlin(text) is None


NIGHT_BACK = datetime(2026, 10, 24, 20, tzinfo=UTC)
NIGHT_FORWARD = datetime(2027, 3, 27, 20, tzinfo=UTC)


@pytest.mark.parametrize("text", ["02:30", "tomorrow 02:30", "Sun 02:30", "2026-10-25 02:30", "2:30am"])
def test_a_time_that_the_clocks_show_twice_is_asked_back(text) -> None:
    assert berlin(text, NIGHT_BACK) == ("2026-10-25 02:30+02:00", "2026-10-25 02:30+01:00")


@pytest.mark.parametrize("text", ["02:30", "tomorrow 02:30", "Sun 02:30", "2027-03-28 02:30"])
def test_a_time_that_the_clocks_skip_is_asked_back(text) -> None:
    assert berlin(text, NIGHT_FORWARD) == ("2027-03-28 03:00",)


def test_inside_the_repeated_hour_its_second_half_is_still_asked_back() -> None:
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45, for the first time
    assert berlin("02:30", between) == ("2026-10-25 02:30+02:00", "2026-10-25 02:30+01:00")


def test_days_are_counted_on_the_wall_and_hours_as_they_elapse() -> None:
    before = datetime(2026, 10, 24, 8, tzinfo=UTC)  # 10:00 in Berlin
    assert berlin("in 1 day", before) == "2026-10-25 10:00"
    assert berlin("in 24 hours", before) == "2026-10-25 09:00"


def test_a_date_alone_starts_with_its_first_instant_where_midnight_is_skipped() -> None:
    meant = parse_moment("2026-09-06", NIGHT, "America/Santiago")
    assert meant == datetime(2026, 9, 6, 4, tzinfo=UTC)


def test_a_time_is_read_in_the_writers_zone() -> None:
    assert parse_moment("20:00", NIGHT, "America/New_York") == datetime(
        2026, 11, 22, 1, tzinfo=UTC
    )  # it is still Friday there
    assert parse_moment("20:00", NIGHT, BERLIN) == at("20:00")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2 hours", 120), ("2h", 120), ("30m", 30), ("30 min", 30), ("for 90 minutes", 90), ("1h30m", 90),
        ("1.5 hours", 90), ("an hour", 60), ("half an hour", 30), ("2 weeks", 14 * 1440), ("for 1 day", 1440),
        ("2 Days.", 2880), ("0m", 0),
    ],
)  # fmt: skip
def test_a_length_is_read(text, minutes) -> None:
    length = read(text)
    assert isinstance(length, Length)
    assert length.total == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["", "for", "2", "hours", "2 months", "20:00", "2 hours ago", "-2h", "2 hh", "1000 days"]
)
def test_what_is_no_length_is_none(text) -> None:
    assert not isinstance(read(text), Length)


_WORDS = (
    "sat sunday next today tomorrow yesterday 8 20 20:00 02:30 24:00 8pm noon midnight morning 26.12. 20.12 03/04 "
    "29.2. 2026-10-25 2027-03-28 26 dec 1999 in for 2 hours days an and on at now + z +01:00 . ,"
).split()


@given(
    st.text(max_size=60) | st.sampled_from(HOSTILE) | st.lists(st.sampled_from(_WORDS), max_size=5).map(" ".join),
    INSTANTS,
    st.sampled_from(ZONES),
)
def test_every_choice_means_one_instant_and_nothing_breaks_the_reader(text, now, tz) -> None:
    meant = parse_moment(text, now, tz)
    if isinstance(meant, Ambiguous):
        assert meant.choices
        assert all(isinstance(parse_moment(choice, now, tz), datetime) for choice in meant.choices)


@given(INSTANTS, st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 59))
def test_a_time_alone_is_always_ahead_and_within_two_days(now, tz, hour, minute) -> None:
    meant = parse_moment(f"{hour:02}:{minute:02}", now, tz)
    if isinstance(meant, datetime):
        assert now < meant < now + timedelta(days=2)
        assert f"{to_local(meant, zone(tz)):%H:%M}" == f"{hour:02}:{minute:02}"
