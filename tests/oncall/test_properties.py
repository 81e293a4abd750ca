"""What must hold for every schedule, whoever wrote it."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oncallbot.oncall.coverage import gaps, is_empty_by_design
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.intervals import united
from oncallbot.oncall.people import Absence
from oncallbot.oncall.rotation import Rotation
from oncallbot.oncall.schedule import Schedule, final_shifts, next_responders, responders_at, who
from oncallbot.oncall.wallclock import zone
from oncallbot.oncall.windows import Outside
from tests.oncall.strategies import DAYS, away, hours, instants, rotations, schedules, thorough


@thorough
@given(schedules, away, instants)
def test_rows_are_ordered_disjoint_and_maximal(schedule: Schedule, absent: list[Absence], start: datetime) -> None:
    rows = final_shifts(schedule, absent, start, start + 30 * DAYS)
    assert all(start <= row.start < row.end <= start + 30 * DAYS and row.responders for row in rows)
    for one, other in pairwise(rows):
        assert one.end <= other.start
        if one.end == other.start:
            assert (one.responders, one.source) != (other.responders, other.source)


@thorough
@given(schedules, away, instants, st.data())
def test_who_says_the_row_that_contains_the_instant(
    schedule: Schedule, absent: list[Absence], start: datetime, data: st.DataObject
) -> None:
    end = start + 20 * DAYS
    rows = final_shifts(schedule, absent, start, end)
    edges = [edge for row in rows for edge in (row.start, row.end - timedelta(microseconds=1))]
    at = data.draw(st.sampled_from(edges) if edges else st.just(start))
    row = next((row for row in rows if row.start <= at < row.end), None)
    answer = who(schedule, absent, at)
    assert (answer.responders, answer.source) == ((row.responders, row.source) if row else ((), None))
    assert (answer.responders, answer.source) == responders_at(schedule, absent, at)
    assert row is None or row.end == end or answer.until == row.end
    assert answer.until is None or answer.until > at


@thorough
@given(schedules, away, instants)
def test_until_is_where_the_answer_changes_and_next_come_other_people(
    schedule: Schedule, absent: list[Absence], at: datetime
) -> None:
    answer = who(schedule, absent, at)
    assert next_responders(schedule, absent, at) == answer.next
    assert not answer.next or set(answer.next) != set(answer.responders)
    if answer.until is not None:
        before = responders_at(schedule, absent, answer.until - timedelta(microseconds=1))
        assert before == (answer.responders, answer.source)
        assert responders_at(schedule, absent, answer.until) != before


@thorough
@given(schedules, away, instants, st.data())
def test_two_halves_of_a_range_say_what_the_whole_says(
    schedule: Schedule, absent: list[Absence], start: datetime, data: st.DataObject
) -> None:
    end = start + 12 * DAYS
    middle = start + data.draw(st.timedeltas(timedelta(0), 12 * DAYS))
    halves = final_shifts(schedule, absent, start, middle) + final_shifts(schedule, absent, middle, end)
    whole = final_shifts(schedule, absent, start, end)
    assert [row for row in whole if row.end <= middle or row.start >= middle] == [row for row in halves if row in whole]
    assert sum((row.end - row.start for row in halves), timedelta()) == sum(
        (row.end - row.start for row in whole), timedelta()
    )


@thorough
@given(rotations(), instants)
def test_the_next_handoff_is_after_the_question_and_the_turn_began_before_it(rota: Rotation, at: datetime) -> None:
    turn = rota.turn_at(at)
    assert rota.handoff(turn) <= at < rota.handoff(turn + 1) == rota.next_handoff(at)


@thorough
@given(rotations(), st.integers(-3000, 3000))
def test_handoffs_never_run_backwards(rota: Rotation, turn: int) -> None:
    assert rota.handoff(turn) <= rota.handoff(turn + 1)
    assert rota.turn_at(rota.handoff(turn)) >= turn


@thorough
@given(schedules, away, instants)
def test_gaps_and_shifts_together_fill_what_must_be_covered(
    schedule: Schedule, absent: list[Absence], start: datetime
) -> None:
    end = start + 15 * DAYS
    holes = gaps(schedule, absent, start, end)
    assert list(united(holes)) == list(holes)
    for hole_starts, hole_ends in holes:
        for at in (hole_starts, hole_ends - timedelta(microseconds=1)):
            assert responders_at(schedule, absent, at)[0] == ()
            assert not is_empty_by_design(schedule, at)
    if schedule.must_cover is None:
        rows = [(row.start, row.end) for row in final_shifts(schedule, absent, start, end)]
        assert list(united(sorted([*rows, *holes]))) == [(start, end)]


@thorough
@given(hours, instants)
def test_office_hours_and_outside_share_out_all_time(office: OfficeHours, start: datetime) -> None:
    end = start + 15 * DAYS
    inside = office.open_intervals(start, end)
    outside = Outside(office).intervals(start, end, zone("UTC"))
    assert list(united(sorted([*inside, *outside]))) == [(start, end)]
    assert sum((b - a for a, b in (*inside, *outside)), timedelta()) == end - start
    assert all(office.is_open(a) and not office.is_open(b) for a, b in inside if b < end)


@thorough
@given(hours, instants)
def test_the_next_opening_opens(office: OfficeHours, at: datetime) -> None:
    opening = office.next_opening(at)
    if opening is not None:
        assert opening > at
        assert office.is_open(opening)
        assert not office.is_open(opening - timedelta(microseconds=1))
