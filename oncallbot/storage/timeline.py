"""What came in and what was decided about an issue, and why? Its timeline, append only.

It must not change or remove a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from oncallbot.escalation.effects import Recorded, TimelineKind
from oncallbot.oncall.people import Method
from oncallbot.storage.statements import insert_all
from oncallbot.storage.tables import timeline


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line, and when it was written."""

    at: datetime
    kind: TimelineKind
    text: str
    responder: str | None = None
    method: Method | None = None


def append(connection: Connection, number: int, at: datetime, entries: Iterable[Recorded]) -> None:
    """Adds lines to one issue's timeline, in their order."""
    append_many(connection, at, ((number, entries),))


def append_many(connection: Connection, at: datetime, lines: Iterable[tuple[int, Iterable[Recorded]]]) -> None:
    """Adds lines to the timelines of many issues, in one batch."""
    rows = [
        {
            "issue": number,
            "at": at,
            "kind": entry.kind,
            "text": entry.text,
            "responder": entry.responder,
            "method": entry.method,
        }
        for number, entries in lines
        for entry in entries
    ]
    insert_all(connection, timeline, rows)


@dataclass(frozen=True, slots=True)
class NumberedEntry:
    """A line with its place in the order of all lines."""

    id: int
    entry: TimelineEntry


def of_many(connection: Connection, numbers: Iterable[int]) -> dict[int, list[TimelineEntry]]:
    """The timelines of these issues, each in the order in which it was written; one query for all."""
    found: dict[int, list[TimelineEntry]] = {number: [] for number in numbers}
    wanted = select(timeline).where(timeline.c.issue.in_(list(found))).order_by(timeline.c.id)
    for row in connection.execute(wanted) if found else ():
        found[row.issue].append(_entry(row))
    return found


def numbered(connection: Connection, number: int) -> list[NumberedEntry]:
    """An issue's timeline with the ids of its lines, in the order in which they were written."""
    found = connection.execute(select(timeline).where(timeline.c.issue == number).order_by(timeline.c.id))
    return [NumberedEntry(row.id, _entry(row)) for row in found]


def of(connection: Connection, number: int) -> list[TimelineEntry]:
    """An issue's timeline, in the order in which it was written."""
    return [one.entry for one in numbered(connection, number)]


def paged_between(connection: Connection, start: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """Who was paged when, in `[start, end)`, in the order in which it was written."""
    wanted = (timeline.c.kind == TimelineKind.PAGED, timeline.c.at >= start, timeline.c.at < end)
    found = connection.execute(select(timeline.c.responder, timeline.c.at).where(*wanted).order_by(timeline.c.id))
    return [(row.responder, row.at) for row in found if row.responder]


def _entry(row: Row[Any]) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        kind=TimelineKind(row.kind),
        text=row.text,
        responder=row.responder,
        method=None if row.method is None else Method(row.method),
    )
