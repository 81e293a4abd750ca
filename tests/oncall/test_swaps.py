"""A swap trades whole stints or any stretch: what the two have changes hands, and nothing of anybody else."""

from datetime import datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oncallbot.oncall.editing import Mistake, Roster, edited
from oncallbot.oncall.intervals import Interval, united
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.preview import HORIZON
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.schedule import Layer, Schedule, final_shifts
from oncallbot.oncall.swaps import Side, Terms, others_have, swapped, time_of, whole_stints
from tests.oncall.cast import ANA, BEN, CEM, absence, override, rotation, schedule, utc, weekly
from tests.oncall.strategies import DAYS, PEOPLE, entries, quick, tz_names, windows

HOUR = timedelta(hours=1)
NIGHTS = weekly("mon-sun 18:00-09:00")
NOW = utc("2026-01-01 12:00")
ANAS, BENS = (utc("2026-01-05 18:00"), utc("2026-01-12 09:00")), (utc("2026-01-12 18:00"), utc("2026-01-19 09:00"))
TERMS = Terms("a wedding", "ana", NOW)


def nights(*traded: Override, people=(ANA, BEN, CEM)) -> Schedule:
    """Weeks of nights from Monday 18:00: Ana's first one begins on 5 January."""
    weeks = rotation("2026-01-05 18:00", 1, Unit.WEEKS, people=people)
    return schedule(Layer("nights", weeks, NIGHTS), overrides=traded)


def side(plan: Schedule, responder: str, span: Interval, absences=()) -> Side:
    return Side(plan.id, responder, time_of(plan, absences, responder, span))


def trade(plan: Schedule, first: Interval = ANAS, second: Interval = BENS, absences=()):
    roster = Roster({plan.id: plan}, tuple(absences))
    return swapped(roster, side(plan, "ana", first, absences), side(plan, "ben", second, absences), TERMS, NOW)


def after(plan: Schedule, orders, absences=()) -> Schedule:
    roster = Roster({plan.id: plan}, tuple(absences))
    for order in orders:
        result = edited(roster, order, NOW)
        assert isinstance(result, Roster)
        roster = result
    return roster.schedules[plan.id]


def test_a_week_of_nights_is_traded_for_a_week_by_two_overrides():
    orders = trade(nights())
    assert [(one.override.responder, one.override.start, one.override.end) for one in orders] == [
        ("ben", *ANAS),
        ("ana", *BENS),
    ]
    assert {(one.override.instead_of, one.override.reason) for one in orders} == {
        ("ana", "a wedding"),
        ("ben", "a wedding"),
    }
    plan = after(nights(), orders)
    assert whole_stints(plan, (), "ben", NOW)[0] == ANAS
    assert whole_stints(plan, (), "ana", NOW)[0] == BENS


def test_what_a_third_person_covers_in_a_traded_week_stays_theirs():
    plan = nights(override("cem", "2026-01-07 18:00", "2026-01-08 09:00", "ana"))
    assert whole_stints(plan, (), "ana", NOW)[0] == ANAS
    assert [who for _, who in others_have(plan, (), "ana", ANAS)] == [CEM]
    traded = after(plan, trade(plan))
    wednesday = utc("2026-01-07 18:00"), utc("2026-01-08 09:00")
    assert time_of(traded, (), "cem", ANAS) == (wednesday,)
    assert not time_of(traded, (), "ana", ANAS)
    assert len(time_of(traded, (), "ben", ANAS)) == 6


def test_who_covers_an_absence_in_a_traded_week_keeps_covering():
    away_on_friday = [absence("ana", "2026-01-09 12:00", "2026-01-10 12:00")]
    plan = nights()
    assert [who for _, who in others_have(plan, away_on_friday, "ana", ANAS)] == [BEN]
    traded = after(plan, trade(plan, absences=away_on_friday), away_on_friday)
    assert len(time_of(traded, away_on_friday, "ben", ANAS)) == 7
    assert len(time_of(traded, away_on_friday, "ana", BENS)) == 7


def test_a_stretch_may_begin_and_end_inside_shifts():
    monday, week = (
        (utc("2026-01-05 22:00"), utc("2026-01-06 02:00")),
        (utc("2026-01-13 00:00"), utc("2026-01-15 00:00")),
    )
    plan = after(nights(), trade(nights(), monday, week))
    assert time_of(plan, (), "ben", ANAS) == (monday,)
    assert [f"{end - start}" for start, end in time_of(plan, (), "ana", week)] == ["9:00:00", "15:00:00", "6:00:00"]


def test_an_hour_that_a_third_person_covers_in_a_traded_night_stays_theirs():
    plan = nights(override("cem", "2026-01-07 20:00", "2026-01-07 21:00", "ana"))
    orders = trade(plan)
    assert [one.override.responder for one in orders] == ["ben", "ben", "ana"]
    assert time_of(after(plan, orders), (), "cem", ANAS) == ((utc("2026-01-07 20:00"), utc("2026-01-07 21:00")),)


def test_an_open_gap_in_a_traded_night_stays_as_it_is():
    """Ana is alone and away: whoever has her week does not fill it by the way."""
    alone = nights(override("ben", "2026-01-12 18:00", "2026-01-19 09:00"), people=(ANA,))
    gap = [absence("ana", "2026-01-07 20:00", "2026-01-07 21:00")]
    traded = after(alone, trade(alone, absences=gap), gap)
    assert not final_shifts(traded, gap, utc("2026-01-07 20:00"), utc("2026-01-07 21:00"))


def test_two_who_are_on_call_together_have_nothing_to_trade():
    plan = nights(people=(("ana", "ben"), CEM, BEN))
    mistake = trade(plan, second=(utc("2026-01-19 18:00"), utc("2026-01-26 09:00")))
    assert isinstance(mistake, Mistake)
    assert "together" in mistake.wrong


def test_what_cannot_be_seen_beforehand_is_not_traded():
    far = (utc("2026-06-01 00:00"), utc("2026-06-08 00:00"))
    mistake = trade(nights(people=(ANA, BEN)), first=far)
    assert isinstance(mistake, Mistake)
    assert "90 days" in mistake.wrong


def test_a_running_stint_is_one_that_has_begun_also_at_noon_between_its_nights():
    running, following, *_ = whole_stints(nights(people=(ANA, BEN)), (), "ana", utc("2026-01-07 12:00"))
    assert running[0] < utc("2026-01-07 12:00") < running[1] == ANAS[1]
    assert following == (utc("2026-01-19 18:00"), utc("2026-01-26 09:00"))


def test_a_stint_of_which_nothing_is_left_is_none():
    plan = nights(override("cem", "2026-01-05 18:00", "2026-01-12 09:00", "ana"))
    assert whole_stints(plan, (), "ana", NOW)[0] == (utc("2026-01-26 18:00"), utc("2026-02-02 09:00"))


def test_a_stint_without_an_end_is_none():
    assert whole_stints(nights(people=(ANA,)), (), "ana", NOW) == []


def covered(plan: Schedule, absences, start: datetime) -> list[Interval]:
    return list(united((one.start, one.end) for one in final_shifts(plan, absences, start, start + HORIZON)))


def hours_of(plan: Schedule, absences, start: datetime) -> dict[str, timedelta]:
    found = dict.fromkeys(PEOPLE, timedelta())
    for one in final_shifts(plan, absences, start, start + HORIZON):
        for who in one.responders:
            found[who] += one.end - one.start
    return found


@st.composite
def rotas(draw: st.DrawFn) -> Schedule:
    """Weeks, days or halves of days of Ana, Ben and others, by night or always, of which some are traded already."""
    every, unit = draw(st.sampled_from([(1, Unit.WEEKS), (2, Unit.DAYS), (12, Unit.HOURS)]))
    ring = draw(st.lists(entries, max_size=2).flatmap(lambda more: st.permutations([ANA, BEN, *more])))
    layer = Layer("low", rotation("2026-01-05 18:00", every, unit, draw(tz_names), ring), draw(windows))
    spans = st.tuples(
        st.sampled_from(PEOPLE), st.integers(0, 30), st.integers(1, 60), st.none() | st.sampled_from(PEOPLE)
    )
    traded = [
        Override(who, NOW + day * DAYS, NOW + day * DAYS + hours * 4 * HOUR, instead)
        for who, day, hours, instead in draw(st.lists(spans, max_size=2))
    ]
    return Schedule("primary", "UTC", (layer,), tuple(traded))


stretches = st.tuples(st.integers(0, 30), st.integers(1, 50)).map(
    lambda drawn: (NOW + drawn[0] * DAYS, NOW + drawn[0] * DAYS + drawn[1] * 4 * HOUR)
)
weeks_away = st.lists(
    st.builds(absence, st.sampled_from(PEOPLE), st.just("2026-01-08"), st.just("2026-01-14")), max_size=1
)


@settings(quick, max_examples=25)
@given(rotas(), weeks_away, stretches, stretches)
def test_hours_are_exchanged_and_nobody_else_has_more_or_less(plan, absences, first, second):
    gives, gets = side(plan, "ana", first, absences), side(plan, "ben", second, absences)
    orders = trade(plan, first, second, absences)
    assume(orders and not isinstance(orders, Mistake))
    given, got = (sum((end - begin for begin, end in one.spans), timedelta()) for one in (gives, gets))
    traded = after(plan, orders, absences)
    before = hours_of(plan, absences, NOW)
    assert hours_of(traded, absences, NOW) == before | {
        "ana": before["ana"] - given + got,
        "ben": before["ben"] - got + given,
    }
    assert covered(traded, absences, NOW) == covered(plan, absences, NOW)
