"""What did customers tell us? Reports, of an issue or (so far) of none.

It must not say which issue a report belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from oncallbot.escalation.issue import Road
from oncallbot.storage.tables import reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing a customer told us. `media` are addresses of pictures and the like; `id` None: not kept yet."""

    at: datetime
    road: Road
    caller: str
    contact: str = ""
    words: str = ""
    id: int | None = None
    issue: int | None = None
    recording_url: str | None = None
    recording_seconds: int | None = None
    transcript: str | None = None
    media: tuple[str, ...] = ()
    call_sid: str | None = None
    provider_id: str | None = None


def add(connection: Connection, report: Report) -> Report:
    """Keeps a new report and answers it with its id."""
    added = connection.execute(insert(reports), _row(report))
    return replace(report, id=added.inserted_primary_key[0] if added.inserted_primary_key else None)


def save(connection: Connection, report: Report) -> None:
    """Keeps what has come of a known report since: more words, a recording, its issue."""
    connection.execute(update(reports).where(reports.c.id == report.id).values(_row(report)))


def of_issue(connection: Connection, number: int) -> list[Report]:
    """An issue's reports, the first first."""
    return _found(connection, reports.c.issue == number)


def of_call(connection: Connection, call_sid: str) -> list[Report]:
    """What was reported in this call."""
    return _found(connection, reports.c.call_sid == call_sid)


def by_provider_id(connection: Connection, provider_id: str) -> Report | None:
    """The report that came as the provider's message (or post) of this id."""
    return next(iter(_found(connection, reports.c.provider_id == provider_id)), None)


def _found(connection: Connection, which: ColumnElement[bool]) -> list[Report]:
    return [_report(row) for row in connection.execute(select(reports).where(which).order_by(reports.c.id))]


def _row(report: Report) -> dict[str, Any]:
    return {
        "issue": report.issue,
        "at": report.at,
        "road": report.road,
        "caller": report.caller,
        "contact": report.contact,
        "words": report.words,
        "recording_url": report.recording_url,
        "recording_seconds": report.recording_seconds,
        "transcript": report.transcript,
        "media": list(report.media),
        "call_sid": report.call_sid,
        "provider_id": report.provider_id,
    }


def _report(row: Row[Any]) -> Report:
    return Report(
        id=row.id,
        issue=row.issue,
        at=row.at,
        road=Road(row.road),
        caller=row.caller,
        contact=row.contact,
        words=row.words,
        recording_url=row.recording_url,
        recording_seconds=row.recording_seconds,
        transcript=row.transcript,
        media=tuple(row.media),
        call_sid=row.call_sid,
        provider_id=row.provider_id,
    )
