"""Which shifts were worked, run now and are coming? The past from the record, the rest from the one resolver.

It must not compute again what the record holds, nor decide what a reader is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.schedule import Source, final_shifts
from oncallbot.oncall.wallclock import as_utc
from oncallbot.storage import worked_shifts


@dataclass(frozen=True, slots=True)
class KnownShift:
    """`[start, end)`, UTC, and who was or will be on call. `source` is None where only the record knows why.

    `is_recorded`: at least its beginning is in the record. What began before there was one is what today's rules say.
    """

    schedule: str
    start: datetime
    end: datetime
    responders: tuple[str, ...]
    reason: str
    source: Source | None
    is_recorded: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The record of one schedule is complete in `[since, until)`."""

    since: datetime
    until: datetime


def reaches(connection: Connection) -> dict[str, Reach]:
    """How far the records reach, also of schedules that are no more; one without a worked shift has none."""
    until = worked_shifts.recorded_until(connection)
    return {name: Reach(at, until.get(name, at)) for name, at in worked_shifts.recorded_since(connection).items()}


def between(
    connection: Connection, rules: Rules, schedule: str, start: datetime, end: datetime, reach: Reach | None
) -> tuple[KnownShift, ...]:
    """The shifts within `[start, end)`, clipped, in order. `reach` is this schedule's of `reaches`, None without one.

    A shift that the record keeps in pieces, or that still runs, is one again.
    """
    start, end = as_utc(start), as_utc(end)
    if reach is None:
        return tuple(_planned(rules, schedule, start, end))
    since, until = min(max(reach.since, start), end), min(max(reach.until, start), end)
    rows = [*_planned(rules, schedule, start, since)]
    if since < until:
        rows += [
            KnownShift(schedule, one.starts_at, one.ends_at, one.responders, one.reason, None, is_recorded=True)
            for one in worked_shifts.between(connection, since, until, schedule)
        ]
    rows += _planned(rules, schedule, until, end)
    return tuple(_joined(rows))


def _planned(rules: Rules, schedule: str, start: datetime, end: datetime) -> Iterator[KnownShift]:
    plan = rules.schedules.get(schedule)
    if plan is not None and start < end:
        for one in final_shifts(plan, rules.absences, start, end):
            why = one.source
            yield KnownShift(schedule, one.start, one.end, one.responders, why.reason, why, is_recorded=False)


def _joined(rows: Iterable[KnownShift]) -> Iterator[KnownShift]:
    last: KnownShift | None = None
    for row in rows:
        if last is None:
            last = row
        elif (last.end, last.responders, last.reason) == (row.start, row.responders, row.reason):
            is_recorded = last.is_recorded or row.is_recorded
            last = replace(last, end=row.end, source=row.source or last.source, is_recorded=is_recorded)
        else:
            yield last
            last = row
    if last is not None:
        yield last
