"""An instant is said in the reader's zone, with the day when it is another one there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oncallbot.wording.times import clock_time, spoken_reference, spoken_time
from tests.wording.cast import BERLIN, NIGHT, at


@pytest.mark.parametrize(
    ("instant", "language", "written"),
    [
        (at("03:14"), "en", "03:14"),
        (at("09:00", 23), "en", "Mon 09:00"),
        (at("09:00", 23), "de", "Mo 09:00"),
        (at("23:59", 20), "en", "Fri 23:59"),
        (at("09:00", 27), "en", "Fri 09:00"),
        (at("09:00", 28), "en", "28 Nov 09:00"),
        (at("09:00", 28), "de", "28.11. 09:00"),
        (at("09:00", 23), "fr", "Mon 09:00"),
    ],
)
def test_a_written_time_names_the_day_only_when_it_must(instant, language, written) -> None:
    assert clock_time(instant, BERLIN, NIGHT, language) == written


def test_the_day_is_the_readers() -> None:
    midnight_in_berlin = at("00:30")
    assert clock_time(midnight_in_berlin, BERLIN, NIGHT) == "00:30"
    assert clock_time(midnight_in_berlin, "America/New_York", NIGHT) == "18:30"
    assert clock_time(at("07:00"), "America/New_York", NIGHT) == "Sat 01:00"


def test_without_now_the_time_stands_alone() -> None:
    assert clock_time(at("09:00", 23), BERLIN) == "09:00"


def test_a_week_away_is_never_a_bare_weekday() -> None:
    assert clock_time(NIGHT + timedelta(days=7), BERLIN, NIGHT) == "28 Nov 03:14"


@pytest.mark.parametrize(
    ("instant", "language", "said"),
    [
        (at("03:14"), "en", "3:14 AM"),
        (at("00:05"), "en", "12:05 AM"),
        (at("12:00"), "en", "12:00 PM"),
        (at("15:30"), "en", "3:30 PM"),
        (at("09:00", 23), "en", "Monday at 9:00 AM"),
        (at("09:00", 30), "en", "30 November at 9:00 AM"),
        (at("03:14"), "de", "3 Uhr 14"),
        (at("09:00", 23), "de", "Montag um 9 Uhr"),
        (at("09:05", 30), "de", "30. November um 9 Uhr 5"),
    ],
)
def test_a_spoken_time_sounds_as_people_say_it(instant, language, said) -> None:
    assert spoken_time(instant, BERLIN, NIGHT, language) == said


def test_a_reference_is_spoken_digit_by_digit() -> None:
    assert spoken_reference(1042) == "one zero four two"
    assert spoken_reference(1042, "de") == "eins null vier zwei"
    assert spoken_reference(7, "fr") == "seven"
