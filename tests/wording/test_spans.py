"""A stretch of time is what was typed, or is asked back: never a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.wording.spans import Unclear, parse_days, parse_span
from tests.wording.cast import BERLIN, HOSTILE, NIGHT, berlin  # it is Saturday 21 November 2026, 03:14


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Fri 18:00 to Mon 09:00", "2026-11-27 18:00", "2026-11-30 09:00"),
        ("from Sat 20:00 until Sun 08:00", "2026-11-21 20:00", "2026-11-22 08:00"),
        ("between sat 20:00 and sun 08:00", "2026-11-21 20:00", "2026-11-22 08:00"),
        ("Sat 8pm to Sun 8am", "2026-11-21 20:00", "2026-11-22 08:00"),
        ("“Sat 20:00–Sun 08:00”.", "2026-11-21 20:00", "2026-11-22 08:00"),
        ("20:00-08:00", "2026-11-21 20:00", "2026-11-22 08:00"),
        ("Sat 20:00 - 23:00", "2026-11-21 20:00", "2026-11-21 23:00"),
        ("tomorrow 20:00 to 08:00", "2026-11-22 20:00", "2026-11-23 08:00"),
        ("Sat 20:00 for 12 hours", "2026-11-21 20:00", "2026-11-22 08:00"),
        ("in 2 hours for 3 hours", "2026-11-21 05:14", "2026-11-21 08:14"),
        ("now to 08:00", "2026-11-21 03:14", "2026-11-21 08:00"),
        ("until Mon 09:00", "2026-11-21 03:14", "2026-11-23 09:00"),
        ("for 2 hours", "2026-11-21 03:14", "2026-11-21 05:14"),
        ("2 hours", "2026-11-21 03:14", "2026-11-21 05:14"),
        ("2027-08-01 to 2027-08-15", "2027-08-01 00:00", "2027-08-16 00:00"),
        ("2027-08-01 - 2027-08-15", "2027-08-01 00:00", "2027-08-16 00:00"),
        ("2027-08-01", "2027-08-01 00:00", "2027-08-02 00:00"),
        ("24-27 Dec", "2026-12-24 00:00", "2026-12-28 00:00"),
        ("24 Dec to 2 Jan", "2026-12-24 00:00", "2027-01-03 00:00"),
        ("24.12. to 2.1.", "2026-12-24 00:00", "2027-01-03 00:00"),
        ("24 Dec 18:00 to 2 Jan 09:00", "2026-12-24 18:00", "2027-01-02 09:00"),
        ("until 2026-12-01", "2026-11-21 03:14", "2026-12-02 00:00"),
    ],
)
def test_a_stretch_is_understood(text, start, end) -> None:
    assert parse_span(text, NIGHT, BERLIN) == (berlin(start), berlin(end))


def test_a_day_as_the_end_is_meant_as_a_whole_and_with_a_time_it_is_not() -> None:
    nine, third = berlin("2027-01-01 09:00"), berlin("2027-01-03 09:00")
    assert parse_span("2027-01-01 09:00 to 2027-01-03", NIGHT, BERLIN) == (nine, berlin("2027-01-04 00:00"))
    assert parse_span("2027-01-01 to 2027-01-03 09:00", NIGHT, BERLIN) == (berlin("2027-01-01 00:00"), third)


def test_a_whole_day_of_a_clock_change_has_25_hours() -> None:
    start = berlin("2027-10-31 00:00")
    assert parse_span("2027-10-31", NIGHT, BERLIN) == (start, start + timedelta(hours=25))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Fri to Mon", "2026-11-27 00:00", "2026-12-01 00:00"),
        ("Fri-Mon", "2026-11-27 00:00", "2026-12-01 00:00"),
        ("tomorrow", "2026-11-22 00:00", "2026-11-23 00:00"),
        ("today to tomorrow", "2026-11-21 00:00", "2026-11-23 00:00"),
        ("Mon", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("Mon 09:00 to 12:00", "2026-11-23 09:00", "2026-11-23 12:00"),
    ],
)
def test_for_absences_a_weekday_is_the_whole_day(text, start, end) -> None:
    assert parse_span(text, NIGHT, BERLIN, whole_days=True) == (berlin(start), berlin(end))


@pytest.mark.parametrize(
    ("text", "reason", "choices"),
    [
        ("Fri to Mon 09:00", "no time of the day", ("Fri 08:00 to Mon 09:00", "Fri 18:00 to Mon 09:00")),
        ("tomorrow", "which part", ("tomorrow 20:00 to 08:00", "2026-11-22")),
        ("Sat 20:00", "until when", ("Sat 20:00 for 8 hours", "Sat 20:00 for 12 hours")),
        ("Sat 20:00 to", "until when", ("Sat 20:00 for 8 hours", "Sat 20:00 for 12 hours")),
        ("Sat 20:00 to 8", "which time", ("Sat 20:00 to 08:00", "Sat 20:00 to 20:00")),
        ("Sat 20:00 to Snu 08:00", "not a time", ("Sat 20:00 for 8 hours", "Sat 20:00 for 12 hours")),
        ("tonight", "not a time", ("20:00 to 08:00", "for 2 hours")),
        ("", "from when until when", ("20:00 to 08:00", "for 2 hours")),
        (
            "tomorrow 20:00 to tomorrow 08:00",
            "ends before it starts",
            ("tomorrow 20:00 to 08:00", "tomorrow 08:00 to tomorrow 20:00"),
        ),
        (
            "2026-10-25 02:30 to 09:00",
            "twice",
            ("2026-10-25 02:30+02:00 to 09:00", "2026-10-25 02:30+01:00 to 09:00"),
        ),
    ],
)
def test_what_is_not_one_stretch_is_asked_back(text, reason, choices) -> None:
    wrong = parse_span(text, NIGHT, BERLIN)
    assert isinstance(wrong, Unclear)
    assert reason in wrong.reason
    assert wrong.choices == choices


def test_of_many_readings_those_ahead_and_short_are_proposed_first() -> None:
    wrong = parse_span("04/05 to 04/06", NIGHT, BERLIN, whole_days=True)
    assert isinstance(wrong, Unclear)
    assert {"2027-05-04 to 2027-06-04", "2027-04-05 to 2027-04-06"} < set(wrong.choices[:3])


def test_until_monday_is_asked_back_for_does_monday_count() -> None:
    wrong = parse_span("until Mon", NIGHT, BERLIN, whole_days=True)
    assert isinstance(wrong, Unclear)
    assert wrong.choices == ("now to 2026-11-23 00:00", "now to 2026-11-24 00:00")


def test_next_friday_is_one_of_two() -> None:
    wrong = parse_span("next Fri", NIGHT, BERLIN, whole_days=True)
    assert isinstance(wrong, Unclear)
    assert wrong.reason == "which Friday is meant?"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-12-24", (date(2026, 12, 24), date(2026, 12, 24))),
        ("24-26 Dec", (date(2026, 12, 24), date(2026, 12, 26))),
        ("tomorrow", (date(2026, 11, 22), date(2026, 11, 22))),
        ("Mon to Wed", (date(2026, 11, 23), date(2026, 11, 25))),
        ("Mon 09:00", None),
        ("2026-12-24 Christmas", None),
        ("Mon 09:00 to Tue", None),
        ("next Mon", None),
        ("", None),
    ],
)
def test_days_are_whole_or_none(text, days) -> None:
    assert parse_days(text, NIGHT, BERLIN) == days


_PARTS = st.sampled_from(
    ["from", "to", "until", "-", "for", "in", "2", "hours", "Sat", "next", "Mon", "20:00", "8", "tomorrow", "24.12.",
     "2026-12-24", "3/4", "2 Jan", "now", "midnight", "and", "2026-10-25 02:30", "+01:00", "29 Feb"]
)  # fmt: skip
_TEXTS = st.text(max_size=250) | st.sampled_from(HOSTILE) | st.lists(_PARTS, max_size=7).map(" ".join)


@given(
    _TEXTS,
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([BERLIN, "America/Santiago", "Australia/Lord_Howe"]),
    st.booleans(),
)
def test_whatever_is_typed_is_a_stretch_or_asked_back_with_stretches(text, now, tz, whole_days) -> None:
    span = parse_span(text, now, tz, whole_days=whole_days)
    if isinstance(span, Unclear):
        assert span.choices
        assert all(not isinstance(parse_span(one, now, tz, whole_days=whole_days), Unclear) for one in span.choices)
    else:
        assert span[0] < span[1]
    parse_days(text, now, tz)
