"""What must hold for every schedule after any one to four edits: what was stays, and what comes has no hole."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from oncallbot.oncall.anchoring import start_of
from oncallbot.oncall.coverage import gaps
from oncallbot.oncall.editing import Mistake, Roster, edited
from oncallbot.oncall.edits import (
    AddAbsence,
    AddOverride,
    AddParticipant,
    ChangeRotation,
    Edit,
    Handoff,
    RemoveAbsence,
    RemoveOverride,
    RemoveParticipant,
    RotationEdit,
    SetWindows,
    Start,
)
from oncallbot.oncall.intervals import united
from oncallbot.oncall.people import Absence
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Layer, Schedule, Shift, final_shifts, responders_at, who
from tests.oncall.strategies import (
    DAYS,
    absences,
    away,
    entries,
    instants,
    overrides,
    people,
    quick,
    rotations,
    tz_names,
    windows,
)

MOMENT = timedelta(microseconds=1)
FOR_EVER = datetime(8000, 1, 1, tzinfo=UTC)

starts = st.sampled_from(Start)
layer_names = st.sampled_from(["low", "high"])
handoff_times = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
moved = st.one_of(
    st.builds(Handoff, handoff_times),
    st.builds(Handoff, handoff_times, weekday=st.integers(0, 6)),
    st.builds(Handoff, handoff_times, day=st.integers(1, 31)),
)
lengths = st.tuples(st.integers(1, 13), st.sampled_from(Unit))
orders = st.lists(entries, min_size=1, max_size=4).map(tuple)
changes = st.builds(
    ChangeRotation,
    st.just("primary"),
    layer_names,
    st.none() | orders,
    st.none() | lengths,
    st.none() | moved,
    st.none() | st.builds(SetWindows, windows),
    starts,
)
rotation_edits: st.SearchStrategy[RotationEdit] = st.one_of(
    changes,
    st.builds(AddParticipant, st.just("primary"), entries, layer_names, starts),
    st.builds(RemoveParticipant, st.just("primary"), people, layer_names, starts),
)
layered = st.builds(
    Schedule,
    st.just("primary"),
    tz_names,
    st.tuples(
        st.builds(Layer, st.just("low"), rotations(), windows),
        st.builds(Layer, st.just("high"), rotations(), windows),
    ),
    st.lists(overrides(), max_size=2).map(tuple),
    windows,
)


@st.composite
def edits(draw: st.DrawFn, roster: Roster) -> Edit:
    """Any edit; what can be taken away is taken from what is there."""
    schedule = roster.schedules["primary"]
    kinds: list[st.SearchStrategy[Edit]] = [
        rotation_edits,
        st.builds(AddOverride, st.just("primary"), overrides()),
        st.builds(AddAbsence, absences()),
    ]
    if schedule.overrides:
        kinds.append(st.builds(RemoveOverride, st.just("primary"), st.sampled_from(schedule.overrides)))
    if roster.absences:
        kinds.append(st.builds(RemoveAbsence, st.sampled_from(roster.absences)))
    return draw(st.one_of(kinds))


def at_most_four(
    data: st.DataObject, schedule: Schedule, absent: list[Absence], now: datetime
) -> list[tuple[Roster, Edit, datetime, Roster]]:
    """Before, the edit, its instant and after, for one to four edits at instants that grow."""
    roster, steps = Roster({"primary": schedule}, tuple(absent)), []
    for _ in range(data.draw(st.integers(1, 4))):
        edit = data.draw(edits(roster))
        result = edited(roster, edit, now)
        if isinstance(result, Roster):
            steps.append((roster, edit, now, result))
            roster = result
        now += data.draw(st.sampled_from([timedelta(0), timedelta(hours=1)]) | st.timedeltas(MOMENT, 40 * DAYS))
    assume(steps)
    return steps


def rows(roster: Roster, start: datetime, end: datetime) -> list[Shift]:
    """The shifts; an override's record, whose end an edit may cut, counts only by whose it is."""
    return [named(one) for one in final_shifts(roster.schedules["primary"], roster.absences, start, end)]


def named(shift: Shift) -> Shift:
    over = shift.source.override
    cut = None if over is None else replace(over, end=FOR_EVER)
    return replace(shift, source=replace(shift.source, override=cut))


@quick
@given(layered, away, instants, st.data())
def test_what_was_before_an_edit_is_what_it_was(schedule, absent, now, data) -> None:
    for before, _, at, after in at_most_four(data, schedule, absent, now):
        assert rows(after, at - 60 * DAYS, at) == rows(before, at - 60 * DAYS, at)
        past = at - data.draw(st.timedeltas(MOMENT, 300 * DAYS))
        asked = [responders_at(one.schedules["primary"], one.absences, past)[0] for one in (before, after)]
        assert asked[0] == asked[1]


@quick
@given(layered, away, instants, st.data())
def test_nothing_changes_before_the_new_version_begins(schedule, absent, now, data) -> None:
    for before, edit, at, after in at_most_four(data, schedule, absent, now):
        if isinstance(edit, ChangeRotation | AddParticipant | RemoveParticipant):
            old = next(one for one in before.schedules["primary"].layers if one.name == edit.layer)
            begins = start_of(old.at(at).rotation, edit.starts, at)
            pending = old.starts_at if old.starts_at is not None and old.starts_at > at else begins
            until = min(begins, pending, at + 60 * DAYS)
            assert rows(after, at, until) == rows(before, at, until)


@quick
@given(layered, away, instants, st.data())
def test_shifts_and_gaps_of_an_edited_schedule_fill_all_time_and_never_overlap(schedule, absent, now, data) -> None:
    start = now - 5 * DAYS
    for _, _, at, roster in at_most_four(data, schedule, absent, now):
        end = at + 30 * DAYS
        shifts = rows(roster, start, end)
        assert all(one.end <= other.start for one, other in pairwise(shifts))
        plan = Schedule("primary", schedule.timezone, roster.schedules["primary"].layers, schedule.overrides)
        holes = gaps(plan, roster.absences, start, end)
        covered = [(one.start, one.end) for one in final_shifts(plan, roster.absences, start, end)]
        assert list(united(sorted([*covered, *holes]))) == [(start, end)]
        assert rows(roster, at, at) == []


@quick
@given(layered, away, instants, st.data())
def test_who_says_the_shift_of_an_edited_schedule_that_contains_the_instant(schedule, absent, now, data) -> None:
    _, _, at, roster = at_most_four(data, schedule, absent, now)[-1]
    plan, end = roster.schedules["primary"], at + 20 * DAYS
    shifts = final_shifts(plan, roster.absences, at - 20 * DAYS, end)
    edges = [edge for one in shifts for edge in (one.start, one.end - MOMENT)]
    asked = data.draw(st.sampled_from(edges) if edges else st.just(at))
    row = next((one for one in shifts if one.start <= asked < one.end), None)
    answer = who(plan, roster.absences, asked)
    assert (answer.responders, answer.source) == ((row.responders, row.source) if row else ((), None))
    assert (answer.responders, answer.source) == responders_at(plan, roster.absences, asked)
    assert row is None or row.end == end or answer.until == row.end
    assert answer.until is None or answer.until > asked


@quick
@given(layered, instants, st.data())
def test_the_next_handoff_of_every_version_is_after_the_question(schedule, now, data) -> None:
    _, _, at, roster = at_most_four(data, schedule, [], now)[-1]
    for layer in roster.schedules["primary"].layers:
        for rotation in (layer.rotation, *(one.rotation for one in layer.former)):
            turn = rotation.turn_at(at)
            assert rotation.handoff(turn) <= at < rotation.handoff(turn + 1) == rotation.next_handoff(at)


def alone(rotation: Rotation) -> Roster:
    return Roster({"primary": Schedule("primary", rotation.timezone, (Layer("low", rotation),))})


def whose(roster: Roster, at: datetime) -> tuple[str, ...]:
    return responders_at(roster.schedules["primary"], (), at)[0]


@quick
@given(rotations(), st.sampled_from([("eve",), ("eve", "ana")]), starts, instants)
def test_an_added_participant_changes_neither_the_running_shift_nor_who_comes_next(rota, entry, begin, now) -> None:
    before = alone(rota)
    after = edited(before, AddParticipant("primary", entry, starts=begin), now)
    assert isinstance(after, Roster)
    begins, handoff = start_of(rota, begin, now), rota.next_handoff(now)
    assert rows(after, now, handoff) == rows(before, now, handoff) or begin is Start.IMMEDIATELY
    assert whose(after, handoff - MOMENT) == whose(before, now)
    assert whose(after, begins) == whose(before, begins)


@quick
@given(rotations(), st.none() | orders, st.none() | lengths, st.none() | moved, instants)
def test_a_change_immediately_leaves_whoever_is_on_call_and_still_takes_part(rota, order, every, handoff, now) -> None:
    before = alone(rota)
    edit = ChangeRotation("primary", None, order, every, handoff, starts=Start.IMMEDIATELY)
    after = edited(before, edit, now)
    on_call = whose(before, now)
    assume(isinstance(after, Roster) and on_call in (order or rota.participants))
    assume(rota.handoff(rota.turn_at(now)) < now)
    assert isinstance(after, Mistake) or whose(after, now) == on_call


@quick
@given(rotations(), changes, st.none() | orders, instants, st.floats(0.01, 0.9))
def test_an_edit_that_starts_before_a_pending_version_leaves_whoever_is_on_call(rota, first, order, now, part) -> None:
    roster, on_call = alone(rota), rota.on_turn(rota.turn_at(now))
    wait = (rota.next_handoff(now) - now) * part
    pending = edited(roster, ChangeRotation("primary", None, first.participants, first.every, first.handoff), now)
    roster = pending if isinstance(pending, Roster) else roster
    last = edited(roster, ChangeRotation("primary", None, order, starts=Start.IMMEDIATELY), now + wait)
    assert isinstance(last, Roster)
    layer = last.schedules["primary"].layers[0]
    assume(on_call in layer.rotation.participants)
    assert whose(last, now + wait) == on_call
    assert [one.until for one in layer.former] == [now + wait]


@quick
@given(st.integers(1, 12), st.sampled_from([28, 29, 30, 31]), st.integers(1, 4), starts, instants)
def test_edited_months_keep_the_day_they_were_first_handed_off_on(every, day, length, begin, now) -> None:
    rota = Rotation(datetime(2026, 1, day, 9), every, Unit.MONTHS, (("ana",), ("ben",)), "UTC")
    after = edited(alone(rota), ChangeRotation("primary", every=(length, Unit.MONTHS), starts=begin), now)
    assert isinstance(after, Roster)
    new = after.schedules["primary"].layers[0].rotation
    turn = new.turn_at(now)
    assert max(new.handoff(turn + step).day for step in range(1, 25)) == day
