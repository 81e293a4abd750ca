"""How long does it take to say who is on call? Beside the least code that could say it, and as a schedule grows.

It must not start a process nor touch a database: process CPU time is measured, which other programs hardly change.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from oncallbot.cli.bench import floor
from oncallbot.cli.bench.figures import median_ms
from oncallbot.oncall.people import Absence
from oncallbot.oncall.schedule import Override, Schedule, final_shifts, responders_at, who
from oncallbot.schedule_files import build_rules
from oncallbot.schedule_files.load import load_files

START = datetime(2026, 2, 1, tzinfo=UTC)
NINETY_DAYS = timedelta(days=90)
MANY = 1_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Compared:
    """One question: our time, the floor's (None: it cannot answer that), and our goal, in milliseconds."""

    question: str
    ours: float
    floor: float | None
    goal: float


@dataclass(frozen=True, slots=True)
class Grown:
    """A schedule with so much of something: who is on call at an instant, and the shifts of 90 days; milliseconds."""

    what: str
    count: int
    instant: float
    shifts: float


def roster() -> Path:
    """The benchmark's roster file."""
    return Path(str(resources.files("oncallbot.cli.bench").joinpath("roster.yaml")))


def example() -> tuple[Schedule, tuple[Absence, ...]]:
    """The schedule that is asked, and the absences."""
    rules = build_rules(load_files([roster()]).objects, 1)
    return rules.schedules["nights"], rules.absences


def plain_example() -> floor.Plain:
    """The same for the floor."""
    schedule, absences = example()
    rotation = schedule.layers[0].rotation
    evening, morning, day = 18 * 60, 9 * 60, 24 * 60
    return floor.Plain(
        zone=ZoneInfo(schedule.timezone),
        first=rotation.first_handoff,
        people=tuple(entry[0] for entry in rotation.participants),
        windows=((0, morning), *((n * day + evening, (n + 1) * day + morning) for n in range(5)), (5 * day, 7 * day)),
        absences=tuple((one.responder, one.start, one.end) for one in absences),
        overrides=tuple((one.responder, one.start, one.end) for one in schedule.overrides),
    )


def compared(rounds: int) -> list[Compared]:
    """Who now, the shifts of 90 days, and a thousand schedules, each beside the floor. Medians of so many rounds."""
    schedule, absences = example()
    plain = plain_example()
    many = [replace(schedule, id=f"{schedule.id}{number}") for number in range(MANY)]
    end = START + NINETY_DAYS

    def each(ask: Callable[[datetime], object]) -> float:
        return _median(rounds, lambda at: [ask(at + timedelta(minutes=7 * n)) for n in range(50)]) / 50

    return [
        Compared(
            "who is on call at an instant",
            each(lambda at: responders_at(schedule, absences, at)),
            each(lambda at: floor.on_call(plain, at)),
            0.1,
        ),
        Compared("until when, and who is next", each(lambda at: who(schedule, absences, at)), None, 0.1),
        Compared(
            "the shifts of 90 days",
            _median(rounds, lambda _: final_shifts(schedule, absences, START, end)),
            _median(rounds, lambda _: floor.shifts(plain, START, end)),
            2,
        ),
        Compared(
            "who is on call in 1,000 schedules",
            _median(rounds, lambda at: [responders_at(one, absences, at) for one in many]),
            _median(rounds, lambda at: [floor.on_call(plain, at) for _ in many]),
            100,
        ),
        Compared(
            "the same, until when, and who is next",
            _median(rounds, lambda at: [who(one, absences, at) for one in many]),
            None,
            100,
        ),
    ]


def grown(rounds: int) -> list[Grown]:
    """What layers, overrides and years of history cost. Medians of so many rounds."""
    schedule, absences = example()
    found = []
    for count in (1, 3, 10):
        layers = tuple(replace(schedule.layers[0], name=f"layer {n}") for n in range(count))
        found.append(_grown(rounds, "layers", count, replace(schedule, layers=layers), absences))
    for count in (1, 10, 100):
        stretches = [(START + n * NINETY_DAYS / count, _DAY / 2) for n in range(count)]
        found.append(
            _grown(rounds, "overrides in 90 days", count, replace(schedule, overrides=_covers(stretches)), absences)
        )
    for years in (1, 5, 20):
        older = _with_history(schedule, years)
        away = tuple(Absence("ben", START - n * 30 * _DAY, START - (n * 30 - 7) * _DAY) for n in range(1, 12 * years))
        found.append(_grown(rounds, "years of history", years, older, (*away, *absences)))
    return found


def _grown(rounds: int, what: str, count: int, schedule: Schedule, absences: Sequence[Absence]) -> Grown:
    end = START + NINETY_DAYS
    return Grown(
        what,
        count,
        _median(rounds, lambda at: responders_at(schedule, absences, at)),
        _median(rounds, lambda _: final_shifts(schedule, absences, START, end)),
    )


def _with_history(schedule: Schedule, years: int) -> Schedule:
    """As if it had run for so long: an old first handoff, and an override every week of the past."""
    layer = schedule.layers[0]
    first = layer.rotation.first_handoff - years * 52 * 7 * _DAY
    layers = (replace(layer, rotation=replace(layer.rotation, first_handoff=first)),)
    past = _covers([(START - week * 7 * _DAY, _DAY / 2) for week in range(52 * years, 0, -1)])
    return replace(schedule, layers=layers, overrides=(*past, *schedule.overrides))


def _covers(stretches: Sequence[tuple[datetime, timedelta]]) -> tuple[Override, ...]:
    return tuple(Override("cem", start, start + length) for start, length in stretches)


def _median(rounds: int, ask: Callable[[datetime], object]) -> float:
    """Milliseconds of CPU for one call; each asks about another instant, 7 hours on."""
    ask(START)
    took: list[float] = []
    for number in range(rounds):
        at = START + timedelta(hours=7 * number)
        began = time.process_time()
        ask(at)
        took.append(time.process_time() - began)
    return median_ms(took)
