"""Who is on call, and which shifts were worked or are coming? Asks the one resolver, and for the past the record.

It must not compute a shift.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from oncallbot.cli import bars
from oncallbot.cli.desk import opened
from oncallbot.cli.naming import NOTHING_APPLIED, named
from oncallbot.cli.output import (
    FINE,
    NOT_THERE,
    document,
    instant,
    is_for_a_person,
    is_unicode,
    local,
    misuse,
    say,
    styled,
    table,
    terminal_width,
)
from oncallbot.engine import known_shifts
from oncallbot.engine.known_shifts import KnownShift
from oncallbot.errors import Problem
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.coverage import gaps
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.schedule import OnCall, Schedule, Source, SourceKind, participants
from oncallbot.oncall.schedule import who as who_is_on_call
from oncallbot.oncall.wallclock import LATEST, to_local, to_utc, zone
from oncallbot.schedule_files import times
from oncallbot.schedule_files.spelling import Misspelt

WORKED = "worked"  # the kind of source of a shift that the record has: it keeps why only in words
_SHOWN = timedelta(days=14)
_NONE_YET = f"No schedule is configured: {NOTHING_APPLIED}."


def who(schedule: str | None, at: str | None, *, as_json: bool) -> int:
    """Who is on call in this schedule (None: in each) at `at` (None: now)."""
    with opened() as desk:
        rules, now = desk.door.rules_now(), desk.clock.now()
    answers = []
    for one in _meant(rules, schedule):
        asked = now if at is None else _read(at, "--at", one)
        answers.append((one, who_is_on_call(one, rules.absences, asked)))
    if as_json:
        document([_on_call_json(answer) for _, answer in answers])
    elif not answers:
        say(_NONE_YET)
    else:
        rows = [_on_call_row(rules, one, answer) for one, answer in answers]
        table(("schedule", "at", "on call", "until", "next", "why"), rows)
    return FINE


def shifts(schedule: str | None, from_: str | None, to: str | None, *, is_all: bool, as_json: bool) -> int:
    """The final shifts of this schedule (None: of each), from now for 14 days unless said otherwise.

    The past is what was worked, as it was recorded; the rest is what the rules say.
    """
    if schedule is not None and is_all:
        raise misuse(Problem("--all", f"but only {schedule} is asked for", "leave one of them out"))
    found: list[tuple[Schedule, KnownShift]] = []
    spans: dict[str, Interval] = {}
    with opened() as desk, desk.database.read() as connection:
        rules, now = desk.door.rules.of(connection), desk.clock.now()
        chosen, reaches = _meant(rules, schedule), known_shifts.reaches(connection)
        for one in chosen:
            starts, ends = _span(one, from_, to, now)
            rows = known_shifts.between(connection, rules, one.id, starts, ends, reaches.get(one.id))
            found += [(one, row) for row in rows]
            spans[one.id] = starts, ends
    if as_json:
        document([_shift_json(one, shift) for one, shift in found])
    elif not chosen:
        say(_NONE_YET)
    elif not found:
        say("Nobody is on call in that time.")
    else:
        if is_for_a_person():
            for one in chosen:
                _draw(rules, one, [row for of, row in found if of is one], spans[one.id], now)
            say("")
        table(("schedule", "from", "to", "on call", "why"), [_shift_row(rules, one, shift) for one, shift in found])
    return FINE


def _draw(rules: Rules, schedule: Schedule, rows: Sequence[KnownShift], span: Interval, now: datetime) -> None:
    """The picture for people; whatever reads us from a pipe is given the table alone."""
    start, end = span
    signs = bars.UNICODE if is_unicode() else bars.ASCII
    width = terminal_width()
    sheet = bars.Sheet(start, end, schedule.timezone, width, signs)
    people = (*participants(schedule, max(start, now)), *(one for row in rows for one in row.responders))
    empty = gaps(schedule, rules.absences, max(start, now), end)
    said = {one: names(rules, (one,)) for one in dict.fromkeys(people)}
    legend = [[(line, "dim")] for line in signs.legend(width)]
    styled([[(schedule.id, "bold underline")], *sheet.lines(rows, empty, said), *legend])


def _meant(rules: Rules, schedule: str | None) -> tuple[Schedule, ...]:
    return tuple(rules.schedules.values()) if schedule is None else (named("schedule", schedule, rules.schedules),)


def _span(schedule: Schedule, from_: str | None, to: str | None, now: datetime) -> tuple[datetime, datetime]:
    tz = zone(schedule.timezone)
    starts = now if from_ is None else _read(from_, "--from", schedule)
    if to is None:
        ends = min(to_utc(to_local(starts, tz) + _SHOWN, tz), LATEST - timedelta.resolution)
    else:
        ends = _read(to, "--to", schedule, is_end=True)
    if ends <= starts:
        wrong = f"is not after {local(starts, schedule.timezone)}, where the shifts begin"
        raise misuse(Problem("--to", wrong, "write a later time"))
    return starts, ends


def _read(text: str, option: str, schedule: Schedule, *, is_end: bool = False) -> datetime:
    """The instant; without offset it is the schedule's local time, as in its file."""
    try:
        return times.instant(text, zone(schedule.timezone), is_end)
    except Misspelt as error:
        raise misuse(Problem(option, error.wrong, error.cure)) from error


def _on_call_json(answer: OnCall) -> dict[str, Any]:
    return {
        "schedule": answer.schedule,
        "at": instant(answer.at),
        "responders": list(answer.responders),
        "until": instant(answer.until),
        "next": list(answer.next),
        "source": _source_json(answer.source),
    }


def _shift_json(schedule: Schedule, shift: KnownShift) -> dict[str, Any]:
    return {
        "schedule": schedule.id,
        "start": instant(shift.start),
        "end": instant(shift.end),
        "responders": list(shift.responders),
        "source": _source_json(shift.source) or {"kind": WORKED, "reason": shift.reason},
    }


def _source_json(source: Source | None) -> dict[str, Any] | None:
    """Why these responders. An override's `from` and `to` are its own, not clipped: they tell two alike apart."""
    if source is None:
        return None
    said: dict[str, Any] = {"kind": source.kind.value}
    match source.kind:
        case SourceKind.LAYER:
            said |= {"layer": source.layer, "turn": source.turn, "version": source.version}
        case SourceKind.ABSENCE:
            said |= {"layer": source.layer, "turn": source.turn, "version": source.version}
            said |= {"absent": list(source.absent), "covering": list(source.covering)}
        case SourceKind.OVERRIDE:
            override = source.override
            if override is not None:
                said |= {
                    "responder": override.responder,
                    "from": instant(override.start),
                    "to": instant(override.end),
                    "instead_of": override.instead_of,
                    "reason": override.reason or None,
                    "made_by": override.made_by or None,
                    "made_at": instant(override.made_at),
                }
    return said


def _on_call_row(rules: Rules, schedule: Schedule, answer: OnCall) -> tuple[str, ...]:
    return (
        schedule.id,
        local(answer.at, schedule.timezone),
        names(rules, answer.responders) or "nobody",
        local(answer.until, schedule.timezone),
        _next(rules, schedule, answer),
        answer.source.reason if answer.source else NOT_THERE,
    )


def _next(rules: Rules, schedule: Schedule, answer: OnCall) -> str:
    """`Ben Okafor`, who comes at the end; `Ben Okafor from Mon …` where Ana has further nights before."""
    if answer.next_at is None or answer.next_at == answer.until:
        return names(rules, answer.next) or NOT_THERE
    return f"{names(rules, answer.next)} from {local(answer.next_at, schedule.timezone)}"


def _shift_row(rules: Rules, schedule: Schedule, shift: KnownShift) -> tuple[str, ...]:
    return (
        schedule.id,
        local(shift.start, schedule.timezone),
        local(shift.end, schedule.timezone),
        names(rules, shift.responders),
        shift.reason,
    )


def names(rules: Rules, responders: Iterable[str]) -> str:
    """Their names; the id of somebody who is not configured any more."""
    return ", ".join(rules.responders[one].name if one in rules.responders else one for one in responders)
