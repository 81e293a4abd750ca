"""Which two sides a swap means is settled by its words and the shifts, or asked back with commands that settle it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from oncallbot.channels.swap_sides import Sides, meant
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.wording.commands import parse
from oncallbot.wording.schedule_forms import SwapShifts
from tests.wording.cast import ANA, BEN, BERLIN, KNOWN, NIGHT, berlin
from tests.wording.roster import NIGHTS, STAFFED, span

# At NIGHT, Saturday 03:14, Ana's week runs; then come Ben's from Monday 23 November, Cem's, and Ana's from 7 December.
ONE = replace(STAFFED, schedules={"nights": NIGHTS})
ASKER = replace(ANA, timezone=BERLIN)
ANAS, BENS = span("2026-12-07 18:00", "2026-12-12 09:00"), span("2026-11-23 18:00", "2026-11-28 09:00")


def sides(text: str, rules=ONE, now=NIGHT) -> Sides | str:
    form = parse(text, replace(KNOWN, schedules=tuple(rules.schedules), asker="ana"), now, BERLIN)
    assert isinstance(form, SwapShifts), form
    return meant(form, ASKER, BEN, rules, now)


def hull(side):
    return side.spans[0][0], side.spans[-1][1]


def commands(said: Sides | str) -> list[str]:
    assert isinstance(said, str), said
    return [line.removeprefix("/oncall ") for line in said.splitlines() if line.startswith("/oncall swap")]


@pytest.mark.parametrize(
    "text",
    [
        "swap my next week with @ben",
        "swap my week of 2026-12-07 with @ben's week",
        "swap my week of 9 Dec with @ben's week of 23 Nov",
        "swap my week at 2026-12-09 12:00 with @ben",
        "swap 2026-12-07 to 2026-12-14 with @ben 2026-11-23 to 2026-11-30",
        "swap 2026-12-07 18:00 to 2026-12-12 09:00 with @ben's next week in nights",
    ],
)
def test_a_week_of_nights_is_one_side(text):
    found = sides(text)
    assert isinstance(found, Sides)
    assert (found.gives.responder, hull(found.gives), len(found.gives.spans)) == ("ana", ANAS, 5)
    assert (found.gets.responder, hull(found.gets), len(found.gets.spans)) == ("ben", BENS, 5)
    assert found.kept == ()


def test_while_my_week_runs_which_one_is_asked_and_both_can_be_typed():
    running, following = (sides(one) for one in commands(sides("swap my week with @ben")))
    assert isinstance(running, Sides)
    assert running == sides("swap this week with @ben")
    assert hull(running.gives) == (NIGHT, berlin("2026-11-21 09:00"))
    assert following == sides("swap my next week with @ben")


def test_before_my_week_begins_it_is_the_one_that_is_meant():
    found = sides("swap my week with @ben", now=berlin("2026-11-24 12:00"))
    assert isinstance(found, Sides)
    assert hull(found.gives) == ANAS
    assert hull(found.gets) == span("2026-12-14 18:00", "2026-12-19 09:00")


def test_of_two_schedules_each_is_offered_and_can_be_typed():
    choices = commands(sides("swap my next week with @ben", rules=STAFFED))
    assert [one.rpartition(" ")[2] for one in choices] == ["primary", "nights"]
    found = sides(choices[1], rules=STAFFED)
    assert isinstance(found, Sides)
    assert (found.gives.schedule, hull(found.gives)) == ("nights", ANAS)


def test_without_times_stints_are_offered_before_single_nights():
    choices = commands(sides("swap with @ben in nights", rules=STAFFED))
    assert (
        choices[1]
        == "swap 2026-12-07 18:00 to 2026-12-12 09:00 with @ben 2026-11-23 18:00 to 2026-11-28 09:00 in nights"
    )
    assert choices[2] == "swap 2026-11-21 03:14 with @ben 2026-11-23 18:00 in nights"


def test_a_stretch_alone_is_answered_with_the_others_stints():
    choices = commands(sides("swap 2026-12-07 to 2026-12-14 with @ben"))
    assert [one.partition("@ben ")[2][:16] for one in choices] == [
        "2026-11-23 18:00",
        "2026-12-14 18:00",
        "2027-01-04 18:00",
    ]


def test_what_runs_is_traded_from_a_whole_second_on():
    found = sides("swap for 4 hours with @ben's next week", now=NIGHT + timedelta(seconds=7, microseconds=9))
    assert isinstance(found, Sides)
    assert hull(found.gives) == (NIGHT + timedelta(seconds=7), NIGHT + timedelta(hours=4, seconds=7))


def test_days_that_cut_a_night_in_two_are_asked_back():
    nights, midnights = (sides(one) for one in commands(sides("swap 2026-12-08 to 2026-12-09 with @ben's next week")))
    assert isinstance(nights, Sides)
    assert isinstance(midnights, Sides)
    assert nights.gives.spans == (
        span("2026-12-08 18:00", "2026-12-09 09:00"),
        span("2026-12-09 18:00", "2026-12-10 09:00"),
    )
    assert hull(midnights.gives) == span("2026-12-08 00:00", "2026-12-10 00:00")


def test_what_others_have_of_a_stint_is_said_and_kept():
    cover = Override("cem", *span("2026-12-09 18:00", "2026-12-10 09:00"), "ana")
    away = Absence("ana", *span("2026-12-07 12:00", "2026-12-08 12:00"))
    rules = replace(ONE, schedules={"nights": replace(NIGHTS, overrides=(cover,))}, absences=(away,))
    found = sides("swap my next week with @ben", rules)
    assert isinstance(found, Sides)
    assert hull(found.gives) == (berlin("2026-12-08 18:00"), ANAS[1])
    assert [(owner, when[0], who) for owner, when, who in found.kept] == [
        ("ana", ANAS[0], ("ben",)),
        ("ana", cover.start, ("cem",)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("swap my week of 2026-12-01 with @ben", "You have no such stint"),
        ("swap my next week with @ben's week of 2026-12-01", "Ben has no such stint"),
        ("swap my week with @ben's running week", "Ben has no such stint"),
        ("swap 2026-12-01 to 2026-12-03 with @ben", "You are not on call Tue 1 Dec – Thu 3 Dec"),
        ("swap my next week with @ben 2026-12-01 to 2026-12-03", "Ben is not on call Tue 1 Dec – Thu 3 Dec"),
    ],
)
def test_whoever_has_nothing_then_is_named(text, expected):
    assert str(sides(text)).startswith(expected)
