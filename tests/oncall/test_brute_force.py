"""A year, quarter hour by quarter hour, against a resolver that shares no rule with ours (`quarter_hours`)."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from oncallbot.oncall.coverage import gaps
from oncallbot.oncall.editing import Roster, edited
from oncallbot.oncall.edits import AddParticipant, ChangeRotation, Handoff, RemoveParticipant, SetWindows, Start
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.schedule import Layer, Schedule, Shift, SourceKind, final_shifts, responders_at, who
from oncallbot.oncall.week import parse_times, parse_window
from oncallbot.oncall.windows import Outside
from tests.oncall.cast import (
    ANA,
    BEN,
    CEM,
    DORA,
    NOBODY,
    ODD_ZONES,
    Feasts,
    absence,
    override,
    rotation,
    utc,
    weekly,
)
from tests.oncall.quarter_hours import AHEAD, QUARTER, QUARTERS, START, Answer, painted, painted_inside

END = START + QUARTER * QUARTERS


def plans(tz: str) -> dict[str, Schedule]:
    office = OfficeHours(
        "office",
        tz,
        (parse_window("mon-fri 09:00-18:00"), parse_window("sat 22:00-02:30")),
        Feasts("2026-04-03", "2026-12-25"),
        closed=frozenset({date(2026, 12, 24)}),
        opened=(
            (date(2026, 12, 24), (parse_times("00:00-03:00"),)),
            (date(2026, 3, 29), (parse_times("01:00-02:30"),)),
        ),
    )

    def layer(name: str, first: str, every: int, unit: Unit, *people: tuple[str, ...], windows: Any = None) -> Layer:
        return Layer(name, rotation(first, every, unit, tz, people), windows)

    nights = weekly("mon-fri 18:00-09:00", "sat-sun")
    overrides = (
        override("dora", "2026-03-28 20:00", "2026-03-29 20:00"),
        override("cem", "2026-03-29 00:15", "2026-04-06 03:00", "ana"),
        override("ben", "2026-04-01", "2026-04-03", "cem"),
        override("dora", "2026-10-24 22:30", "2026-11-08 01:00", "ben"),
    )
    return {
        "weekly outside office hours": Schedule(
            "a", tz, (layer("w", "2026-01-05 09:00", 1, Unit.WEEKS, ANA, BEN, CEM, windows=Outside(office)),), overrides
        ),
        "hourly with a midnight layer": Schedule(
            "b",
            tz,
            (
                layer("h", "2026-01-05 00:30", 1, Unit.HOURS, ANA, BEN, NOBODY, windows=nights),
                layer(
                    "m", "2026-01-01 00:00", 1, Unit.DAYS, CEM, ("dora", "ana"), windows=weekly("mon-sun 23:15-01:15")
                ),
            ),
            overrides,
            must_cover=nights,
        ),
        "monthly, twelve hours and groups": Schedule(
            "c",
            tz,
            (
                layer("m", "2025-12-31 02:15", 1, Unit.MONTHS, ("ana", "ben"), CEM, DORA),
                layer(
                    "h", "2026-01-01 02:00", 12, Unit.HOURS, ANA, ("cem", "dora"), windows=weekly("fri-mon 02:00-02:00")
                ),
                layer("x", "2026-01-01 03:00", 36, Unit.HOURS, BEN, NOBODY, windows=weekly("tue,sun 00:00-00:45")),
            ),
            overrides,
            must_cover=Outside(office),
        ),
    }


AWAY = (
    absence("ana", "2026-03-07", "2026-03-30 01:30"),
    absence("ben", "2026-03-29 00:30", "2026-04-05 03:15"),
    absence("cem", "2026-03-20", "2026-04-01"),
    absence("dora", "2026-03-25", "2026-04-26"),
    absence("ana", "2026-08-01", "2026-11-01 05:00"),
    absence("cem", "2026-10-20", "2026-11-02"),
)


def spread(shifts: tuple[Shift, ...]) -> list[Answer]:
    """The rows, quarter by quarter."""
    answers: list[Answer] = [((), "", None)] * QUARTERS
    for shift in shifts:
        source = shift.source
        name = source.layer if source.kind is SourceKind.LAYER else source.kind.value
        begin, end = (shift.start - START) // QUARTER, -((START - shift.end) // QUARTER)
        answers[begin:end] = [(shift.responders, str(name), source.turn)] * (end - begin)
    return answers


def changes(answers: list[Answer], index: int) -> int:
    """The first quarter after `index` with another answer."""
    return next((later for later in range(index, QUARTERS) if answers[later] != answers[index]), QUARTERS)


def expected_next(answers: list[Answer], index: int) -> tuple[str, ...]:
    later = (answer[0] for answer in answers[index:] if answer[0] and set(answer[0]) != set(answers[index][0]))
    return next(later, ())


@pytest.mark.parametrize("plan", list(plans("UTC")))
@pytest.mark.parametrize("tz", ODD_ZONES)
def test_every_quarter_hour_of_a_year_has_the_answer_of_the_brute_force(plan: str, tz: str) -> None:
    schedule = plans(tz)[plan]
    expected = painted(schedule, AWAY)
    shifts = final_shifts(schedule, AWAY, START, END)
    got = spread(shifts)
    wrong = [(START + QUARTER * index, a, b) for index, (a, b) in enumerate(zip(expected, got, strict=True)) if a != b]
    assert wrong[:3] == []
    for index in range(5, QUARTERS - 60 * 96, 467):
        at = START + QUARTER * index
        answer = who(schedule, AWAY, at)
        assert answer.responders == expected[index][0] == responders_at(schedule, AWAY, at)[0]
        assert answer.until == START + QUARTER * changes(expected, index)
        assert answer.next == expected_next(expected, index)


@pytest.mark.parametrize("plan", list(plans("UTC"))[1:])
@pytest.mark.parametrize("tz", ["America/Santiago", "Australia/Lord_Howe"])
def test_gaps_are_the_quarter_hours_that_must_be_covered_and_have_nobody(plan: str, tz: str) -> None:
    schedule = plans(tz)[plan]
    assert schedule.must_cover is not None
    needed = painted_inside(schedule.must_cover, tz)[AHEAD : AHEAD + QUARTERS]
    answers = painted(schedule, AWAY)
    empty = [must and not answer[0] for must, answer in zip(needed, answers, strict=True)]
    got = [False] * QUARTERS
    for start, end in gaps(schedule, AWAY, START, END):
        for index in range((start - START) // QUARTER, (end - START) // QUARTER):
            got[index] = True
    assert got == empty


EDITS = (
    ("2026-02-10 11:00", AddParticipant("primary", DORA, "low")),
    ("2026-03-28 22:15", ChangeRotation("primary", "high", every=(1, Unit.DAYS), starts=Start.IMMEDIATELY)),
    ("2026-03-29 00:30", RemoveParticipant("primary", "ben", "low", Start.IMMEDIATELY)),
    ("2026-05-04 07:45", ChangeRotation("primary", "low", (CEM, NOBODY, ("ana", "dora")), keeps_next=False)),
    ("2026-05-04 08:00", ChangeRotation("primary", "low", handoff=Handoff(time(0, 30), weekday=5))),
    ("2026-07-01 12:00", ChangeRotation("primary", "low", every=(1, Unit.MONTHS), handoff=Handoff(time(2), day=31))),
    ("2026-09-05 20:00", ChangeRotation("primary", "high", windows=SetWindows(weekly("fri-mon 22:00-06:00")))),
    ("2026-10-24 22:30", ChangeRotation("primary", "low", every=(36, Unit.HOURS), starts=Start.AFTER_FULL_ROTATION)),
    ("2026-10-25 00:45", ChangeRotation("primary", "low", (BEN, CEM), (5, Unit.HOURS), starts=Start.IMMEDIATELY)),
)


@pytest.mark.parametrize("tz", ODD_ZONES)
def test_every_quarter_hour_of_a_year_of_edits_has_the_answer_of_the_brute_force(tz: str) -> None:
    low = Layer("low", rotation("2026-01-05 09:00", 1, Unit.WEEKS, tz))
    high = Layer("high", rotation("2026-01-01 02:00", 12, Unit.HOURS, tz, (BEN, DORA)), weekly("sat-sun 18:00-09:00"))
    roster = Roster({"primary": Schedule("primary", tz, (low, high))}, AWAY)
    for at, edit in EDITS:
        after = edited(roster, edit, utc(at))
        assert isinstance(after, Roster)
        roster = after
    schedule = roster.schedules["primary"]
    expected = painted(schedule, roster.absences)
    got = spread(final_shifts(schedule, roster.absences, START, END))
    wrong = [(START + QUARTER * index, a, b) for index, (a, b) in enumerate(zip(expected, got, strict=True)) if a != b]
    assert wrong[:3] == []
    for index in range(5, QUARTERS, 467):
        assert responders_at(schedule, roster.absences, START + QUARTER * index)[0] == expected[index][0]


def test_a_question_far_from_the_first_handoff_is_answered_like_one_near_it() -> None:
    schedule = plans("Europe/Berlin")["weekly outside office hours"]
    for years in (-400, -20, 20, 400):
        at = datetime(2026 + years, 6, 3, 12, tzinfo=START.tzinfo)
        rows = final_shifts(schedule, (), at, at + timedelta(days=30))
        assert rows
        assert all(who(schedule, (), row.start).responders == row.responders for row in rows)
