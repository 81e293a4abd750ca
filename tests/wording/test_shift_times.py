"""A shift's time has its weekday, date and time in the reader's zone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oncallbot.wording.shift_times import day_time, joined, length_text, nights, span_text, spans_text
from tests.wording.cast import BERLIN, NIGHT, berlin
from tests.wording.roster import span


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-27 18:00", "2026-11-30 09:00", "Fri 27 Nov 18:00 – Mon 30 Nov 09:00"),
        ("2026-11-27 20:00", "2026-11-27 23:00", "Fri 27 Nov 20:00 – 23:00"),
        ("2026-11-20 20:00", "2026-11-23 09:00", "now – Mon 23 Nov 09:00"),
        ("2026-11-20 20:00", "2026-11-21 09:00", "now – 09:00"),
        ("2026-12-24 00:00", "2026-12-25 00:00", "Thu 24 Dec"),
        ("2026-12-24 00:00", "2026-12-27 00:00", "Thu 24 Dec – Sat 26 Dec"),
        ("2027-10-31 00:00", "2027-11-01 00:00", "Sun 31 Oct 2027"),
        ("2027-12-24 18:00", "2027-12-25 09:00", "Fri 24 Dec 2027 18:00 – Sat 25 Dec 2027 09:00"),
    ],
)
def test_a_stretch_is_said_as_short_as_it_is_clear(start, end, said) -> None:
    assert span_text(span(start, end), BERLIN, NIGHT) == said


def test_times_are_the_readers() -> None:
    assert day_time(berlin("2026-11-27 18:00"), "America/New_York", NIGHT) == "Fri 27 Nov 12:00"


def test_of_many_stretches_the_first_are_said_and_the_rest_counted() -> None:
    many = [span(f"2026-12-{day:02} 18:00", f"2026-12-{day:02} 20:00") for day in range(1, 8)]
    assert spans_text(many, BERLIN, NIGHT, 1) == "Tue 1 Dec 18:00 – 20:00, and 6 more"


def test_whoever_is_on_call_at_three_has_the_night() -> None:
    assert nights([span("2026-11-27 18:00", "2026-11-30 09:00")], BERLIN) == 3
    assert nights([span("2026-11-27 09:00", "2026-11-27 18:00")], BERLIN) == 0
    assert (
        nights([span("2026-11-27 03:00", "2026-11-27 03:01"), span("2026-11-28 03:01", "2026-11-28 09:00")], BERLIN)
        == 1
    )


def test_nights_are_one_stretch_only_where_nothing_lies_between() -> None:
    two = [span("2026-11-23 18:00", "2026-11-24 09:00"), span("2026-11-24 18:00", "2026-11-25 09:00")]
    assert joined(two, lambda _start, _end: True) == (span("2026-11-23 18:00", "2026-11-25 09:00"),)
    assert joined(two, lambda _start, _end: False) == tuple(two)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(days=1), "1 day"),
        (timedelta(days=3), "3 days"),
        (timedelta(hours=12), "12 h"),
        (timedelta(minutes=90), "1 h 30 min"),
        (timedelta(), "0 h"),
    ],
)
def test_a_length_is_said_in_days_or_hours(length, said) -> None:
    assert length_text(length) == said


def test_what_reaches_to_the_horizon_has_no_end():
    now, horizon = berlin("2026-11-20 12:00"), berlin("2027-02-18 12:00")
    assert span_text((now, horizon), "Europe/Berlin", now, horizon) == "from now on"
    assert span_text((berlin("2026-11-23 09:00"), horizon), "Europe/Berlin", now, horizon) == "from Mon 23 Nov 09:00 on"
