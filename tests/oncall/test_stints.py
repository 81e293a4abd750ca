"""Nights together are one stint; a handoff is where other people's begins."""

from datetime import timedelta

from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.schedule import Layer, final_shifts
from oncallbot.oncall.stints import Handoff, changes, handoffs, stints, stints_of
from tests.oncall.cast import ANA, BEN, CEM, rotation, schedule, utc, weekly

NIGHTS = weekly("mon-fri 18:00-09:00", "sat-sun")
START, END = utc("2026-01-05 12:00"), utc("2026-01-19 12:00")


def layer(first, days, *participants, windows=None):
    return Layer("layer", rotation(first, days, Unit.DAYS, people=participants), windows)


def nights(*participants):
    return schedule(layer("2026-01-05 18:00", 7, *participants, windows=NIGHTS))


def test_a_week_of_nights_is_one_stint():
    found = list(stints(final_shifts(nights(ANA, BEN), (), START, END)))
    assert [(one.responders, one.start) for one in found] == [
        (ANA, utc("2026-01-05 18:00")),
        (BEN, utc("2026-01-12 18:00")),
    ]


def test_one_evening_of_handing_over_names_both_and_the_other_evenings_none():
    assert handoffs(nights(ANA, BEN), (), START, END) == [
        Handoff(utc("2026-01-05 18:00"), BEN, ANA),
        Handoff(utc("2026-01-12 18:00"), ANA, BEN),
    ]


def test_a_handoff_belongs_to_the_span_that_ends_with_it():
    at = utc("2026-01-12 18:00")
    assert handoffs(nights(ANA, BEN), (), START, at)[-1].at == at
    assert handoffs(nights(ANA, BEN), (), at, END) == []


def test_whoever_had_the_last_weekend_goes_when_the_next_one_comes():
    weekends = schedule(layer("2026-01-03 00:00", 7, ANA, BEN, windows=weekly("sat-sun")))
    found = handoffs(weekends, (), utc("2026-01-08 00:00"), utc("2026-01-12 00:00"))
    assert found == [Handoff(utc("2026-01-10 00:00"), ANA, BEN)]


def test_changes_are_all_the_instants_at_which_other_people_are_on_call():
    found = changes(nights(ANA, BEN), (), START, START + timedelta(days=2))
    assert [f"{at:%d %H}" for at in found] == ["05 18", "06 09", "06 18", "07 09"]
    always = schedule(layer("2026-01-05 18:00", 1, ANA, ANA, BEN))
    assert [f"{at:%d %H}" for at in changes(always, (), START, START + timedelta(days=3))] == ["05 18", "07 18"]


def test_a_person_in_two_groups_has_one_stint():
    plan = schedule(layer("2026-01-05 12:00", 1, ("ana", "ben"), ("ana", "cem"), CEM))
    shifts = final_shifts(plan, (), START, START + timedelta(days=3))
    assert [(one.start, one.end) for one in stints_of(shifts, "ana")] == [(START, START + timedelta(days=2))]


def test_where_somebody_else_is_on_call_a_stint_ends():
    halves = schedule(Layer("layer", rotation("2026-01-05 06:00", 12, Unit.HOURS, people=(ANA, BEN))))
    shifts = final_shifts(halves, (), utc("2026-01-05 06:00"), utc("2026-01-07 06:00"))
    assert [f"{one.start:%d %H} - {one.end:%d %H}" for one in stints_of(shifts, "ana")] == [
        "05 06 - 05 18",
        "06 06 - 06 18",
    ]
