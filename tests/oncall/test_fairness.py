"""Fair orders as a ledger: who has least comes first, the heaviest turn goes to them, and nothing moves by itself."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from oncallbot.oncall.counting import WEIGHTS, Calendar, Hours, hours_by_responder
from oncallbot.oncall.editing import Mistake, Roster
from oncallbot.oncall.edits import AddAbsence, Entry, Start
from oncallbot.oncall.fairness import SAME_LOAD, Proposal, fairest
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Layer, Schedule, final_shifts
from tests.oncall.cast import ANA, BEN, CEM, DORA, NOBODY, Feasts, absence, daily, rotation, schedule, utc, weekly
from tests.oncall.strategies import instants, quick, rotations
from tests.oncall.test_editing import NOW, after, handoffs, primary

HOUR = timedelta(hours=1)
PLAIN = Calendar("Europe/Berlin")


def nights(**hours: int) -> dict[str, Hours]:
    return {name: Hours(night=count * HOUR) for name, count in hours.items()}


def proposed(roster: Roster, worked: dict[str, Hours], calendar: Calendar = PLAIN, now=NOW, **options) -> Proposal:
    found = fairest(roster, "primary", None, worked, calendar, now, **options)
    assert isinstance(found, Proposal), found
    return found


def test_who_has_least_takes_the_next_shift_and_who_has_most_comes_last() -> None:
    proposal = proposed(primary(), nights(ana=50, ben=900, cem=400))
    assert proposal.change.participants == (ANA, CEM, BEN)
    assert proposal.present == (CEM, ANA, BEN)
    assert handoffs(after(primary(), proposal.change))[1:5] == ["12 08 ben", "19 08 ana", "26 08 cem", "02 08 ben"]


def test_a_proposal_changes_nothing_until_it_is_confirmed() -> None:
    roster = primary()
    proposed(roster, nights(ana=50, ben=900))
    assert roster == primary()


def test_the_turn_with_christmas_goes_to_who_has_least() -> None:
    calendar = Calendar("Europe/Berlin", Feasts("2026-12-25", "2026-12-26"))
    roster, now = primary(), utc("2026-12-09 12:00")
    proposal = proposed(roster, nights(ana=100, ben=800, cem=900), calendar, now)
    shifts = final_shifts(
        after(roster, proposal.change, now).schedules["primary"], (), utc("2026-12-25"), utc("2026-12-26")
    )
    assert [one.responders for one in shifts] == [ANA]
    assert (proposal.ledger[1].entry, proposal.ledger[1].load_rank) == (ANA, 1)
    assert proposal.spread < proposal.spread_in_present_order


def test_whoever_has_the_running_shift_has_its_rest_in_the_ledger() -> None:
    proposal = proposed(primary(), nights(ana=10, ben=10, cem=10))
    assert [one.entry for one in proposal.ledger] == [CEM, ANA, BEN]
    assert [one.fixed.total / HOUR for one in proposal.ledger] == [0, 0, 4 * 24 + 20]
    assert [one.rank for one in proposal.ledger] == [1, 1, 3]


def test_the_ledger_says_what_each_has_what_the_order_adds_and_why() -> None:
    first, second = proposed(primary(ANA, BEN), {"ana": Hours(weekday=8 * HOUR, holiday=24 * HOUR)}).ledger
    assert (first.entry, first.place, first.before, first.rank) == (ANA, 1, 80 * HOUR, 1)
    assert first.after - first.before == WEIGHTS.of(first.adds)
    assert first.reason == "least so far, 80 weighted hours; takes 1792, and all turns weigh the same"
    assert second.reason.startswith("number 2 from the least so far, ")


def test_the_heaviest_turns_are_spoken_of_only_where_turns_differ() -> None:
    calendar = Calendar("Europe/Berlin", Feasts("2026-12-25", "2026-12-26"))
    differ = proposed(primary(), nights(ana=9, ben=800, cem=900), calendar, utc("2026-12-09 12:00")).ledger
    assert [one.load_rank for one in differ] == [2, 1, 2]
    assert "takes the heaviest turns, " in differ[1].reason
    alike = proposed(primary(), nights(ana=9)).ledger
    assert all(one.reason.endswith(", and all turns weigh the same") for one in alike)


def test_where_nobody_takes_turns_no_order_is_fairer() -> None:
    mistake = fairest(primary(NOBODY), "primary", None, {}, PLAIN, NOW)
    assert mistake == Mistake("nobody takes turns in weekly of primary", "add somebody first")


def test_nobodys_turn_keeps_its_place() -> None:
    proposal = proposed(primary(ANA, NOBODY, BEN, CEM), nights(ana=9, ben=7, cem=1))
    assert proposal.present == (BEN, CEM, ANA, NOBODY)
    assert proposal.change.participants == (CEM, BEN, ANA, NOBODY)
    assert [one.place for one in proposal.ledger] == [1, 2, 3]


def test_who_stands_twice_is_not_given_two_turns_in_a_row() -> None:
    proposal = proposed(primary(ANA, BEN, ANA, CEM), nights(ben=9000, cem=9000))
    order = proposal.change.participants
    assert order in {(ANA, BEN, ANA, CEM), (ANA, CEM, ANA, BEN)}


def test_a_groups_hours_are_the_mean_of_its_members() -> None:
    proposal = proposed(primary(("ana", "ben"), CEM, DORA), nights(ana=10, ben=30, cem=15, dora=500))
    found = next(one for one in proposal.ledger if one.entry == ("ana", "ben"))
    assert found.worked == Hours(night=20 * HOUR)


def test_turns_that_a_later_layer_covers_weigh_nothing() -> None:
    roster = Roster({"primary": schedule(daily(ANA, BEN), daily(CEM, windows=weekly("mon-sun"), name="top"))})
    proposal = fairest(roster, "primary", "daily", {}, PLAIN, NOW)
    assert isinstance(proposal, Proposal)
    assert [one.adds for one in proposal.ledger] == [Hours(), Hours()]


def test_absences_ahead_do_not_count() -> None:
    roster = after(primary(), AddAbsence(absence("ana", "2026-01-20", "2026-03-20")))
    assert proposed(roster, nights(ben=5)).ledger == proposed(primary(), nights(ben=5)).ledger


def test_what_cannot_be_compared_is_refused_with_a_cure() -> None:
    assert isinstance(fairest(primary(), "secondary", None, {}, PLAIN, NOW), Mistake)
    years = Schedule("primary", "UTC", (Layer("years", rotation("2026-01-01", 1100, Unit.MONTHS)),))
    mistake = fairest(Roster({"primary": years}), "primary", None, {}, PLAIN, NOW)
    assert mistake == Mistake("one round of this order lasts longer than ten years", "write the order yourself")


people = st.lists(st.sampled_from([ANA, BEN, CEM, DORA]), min_size=1, max_size=4, unique=True).map(tuple)
worked_hours = st.dictionaries(
    st.sampled_from(["ana", "ben", "cem", "dora"]), st.integers(0, 3000).map(lambda count: Hours(night=count * HOUR))
)


@quick
@given(rotations(), people, worked_hours, instants, st.sampled_from(Start))
def test_no_other_order_is_fairer(rota: Rotation, entries: tuple[Entry, ...], worked, now, starts) -> None:
    rota = Rotation(rota.first_handoff, rota.every, rota.unit, entries, rota.timezone)
    roster = Roster({"primary": Schedule("primary", rota.timezone, (Layer("low", rota),))})
    calendar = Calendar(rota.timezone, Feasts("2026-04-03", "2026-10-26"))
    proposal = proposed(roster, worked, calendar, now, starts=starts)
    fixed = counted(roster, calendar, now, proposal.starts_at)
    best = min(
        spread(after(roster, replace(proposal.change, participants=order), now), calendar, proposal, worked, fixed)
        for order in permutations(entries)
    )
    assert sorted(proposal.change.participants or ()) == sorted(entries)
    assert proposal.spread == spread(after(roster, proposal.change, now), calendar, proposal, worked, fixed)
    assert proposal.spread <= best + 2 * SAME_LOAD


def counted(roster: Roster, calendar: Calendar, start, end) -> dict[str, Hours]:
    shifts = final_shifts(roster.schedules["primary"], (), start, end)
    return hours_by_responder([(one.start, one.end, one.responders) for one in shifts], calendar)


def spread(roster: Roster, calendar: Calendar, proposal: Proposal, *had: dict[str, Hours]) -> timedelta:
    """What the shifts themselves say, person by person."""
    coming = counted(roster, calendar, proposal.starts_at, proposal.ends_at)
    people = {one for entry in proposal.present for one in entry}
    totals = [sum((WEIGHTS.of(part.get(one, Hours())) for part in (*had, coming)), timedelta()) for one in people]
    return max(totals) - min(totals)
