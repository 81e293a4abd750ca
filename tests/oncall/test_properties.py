"""What must hold for every schedule, whoever wrote it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oncallbot.oncall.coverage import gaps, is_empty_by_design
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.intervals import united
from oncallbot.oncall.people import Absence
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Layer, Override, Schedule, final_shifts, next_responders, responders_at, who
from oncallbot.oncall.wallclock import zone
from oncallbot.oncall.windows import Outside, Weekly, WeeklyWindow
from tests.oncall.cast import ODD_ZONES
from tests.oncall.test_wallclock import ZONES

PEOPLE = ("ana", "ben", "cem", "dora")
DAYS = timedelta(days=1)

people = st.sampled_from(PEOPLE)
tz_names = st.sampled_from(ODD_ZONES) | st.sampled_from(ZONES)
# Close to a clock change more often than not.
instants = st.one_of(
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 26)),
    st.datetimes(datetime(2026, 10, 20), datetime(2026, 11, 10)),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
).map(lambda at: at.replace(tzinfo=UTC))
wall_times = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
    lambda at: at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
)
entries = st.lists(people, max_size=3, unique=True).map(tuple)
minutes = st.integers(0, 95).map(lambda quarter: quarter * 15)
weekly_windows = st.lists(
    st.builds(WeeklyWindow, st.frozensets(st.integers(0, 6), min_size=1), minutes, minutes), max_size=3
).map(tuple)
hours = st.builds(OfficeHours, st.just("office"), tz_names, weekly_windows)
windows = st.none() | st.builds(Weekly, weekly_windows) | st.builds(Outside, hours)


@st.composite
def rotations(draw: st.DrawFn) -> Rotation:
    unit = draw(st.sampled_from(Unit))
    every = draw(st.integers(1, 48 if unit is Unit.HOURS else 5))
    ring = tuple(draw(st.lists(entries, min_size=1, max_size=4)))
    return Rotation(draw(wall_times), every, unit, ring, draw(tz_names))


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    start = draw(instants)
    length = draw(st.timedeltas(timedelta(minutes=1), 20 * DAYS))
    return Override(draw(people), start, start + length, draw(st.none() | people))


@st.composite
def absences(draw: st.DrawFn) -> Absence:
    start = draw(instants)
    return Absence(draw(people), start, start + draw(st.timedeltas(timedelta(minutes=1), 40 * DAYS)))


schedules = st.builds(
    Schedule,
    st.just("primary"),
    tz_names,
    st.lists(st.builds(Layer, st.sampled_from(["low", "high"]), rotations(), windows), max_size=3).map(tuple),
    st.lists(overrides(), max_size=4).map(tuple),
    windows,
)
away = st.lists(absences(), max_size=4)
thorough = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


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
def test_the_next_opening_opens_and_the_next_closing_closes(office: OfficeHours, at: datetime) -> None:
    opening, closing = office.next_opening(at), office.next_closing(at)
    moment = timedelta(microseconds=1)
    if opening is not None:
        assert opening > at
        assert office.is_open(opening)
        assert not office.is_open(opening - moment)
    if closing is not None:
        assert closing > at
        assert office.is_open(closing - moment)
        assert not office.is_open(closing)
