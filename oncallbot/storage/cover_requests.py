"""Who asks whom to take a shift, and who has it? Cover requests, each with the instant at which something is due.

It must not decide: the first to accept wins by the row's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from oncallbot.storage.schedule_tables import cover_requests
from oncallbot.storage.statements import locked


class Status(StrEnum):
    """What has become of a request. `with_manager`: nobody had taken it by its deadline. `lapsed`: it has begun."""

    OPEN = "open"
    WITH_MANAGER = "with_manager"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRequest:
    """`responder` asks the people in `asked` to take `[starts_at, ends_at)`, UTC, of a schedule.

    `deadline_at` is when it goes to the managers, `due_at` when the next reminder (or that) is due, None once ended.
    """

    id: int = 0
    schedule: str
    responder: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    asked: tuple[str, ...]
    status: Status = Status.OPEN
    taken_by: str | None = None
    made_at: datetime
    deadline_at: datetime
    due_at: datetime | None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Can it still be taken?"""
        return self.status in (Status.OPEN, Status.WITH_MANAGER)


def add(connection: Connection, request: CoverRequest) -> CoverRequest:
    """Keeps a new request; the answer has its id."""
    row = _row(request)
    made = connection.execute(insert(cover_requests).values(row).returning(cover_requests.c.id)).scalar_one()
    return replace(request, id=made)


def load(connection: Connection, id_: int, *, lock: bool = False) -> CoverRequest | None:
    """The request; None when there is none."""
    shape = select(cover_requests).where(cover_requests.c.id == id_)
    row = connection.execute(locked(shape, of=cover_requests) if lock else shape).first()
    return None if row is None else _request(row)


def save(connection: Connection, request: CoverRequest) -> None:
    """Writes what has changed since it was loaded with its lock."""
    connection.execute(update(cover_requests).where(cover_requests.c.id == request.id).values(_row(request)))


def open_ones(connection: Connection) -> tuple[CoverRequest, ...]:
    """All that can still be taken, by their start."""
    shape = select(cover_requests).where(cover_requests.c.due_at.is_not(None)).order_by(cover_requests.c.starts_at)
    return tuple(_request(row) for row in connection.execute(shape))


def claim_due(connection: Connection, now: datetime, limit: int) -> Sequence[CoverRequest]:
    """Those with something due, locked until the transaction ends; others' are left out."""
    shape = select(cover_requests).where(cover_requests.c.due_at <= now).order_by(cover_requests.c.due_at).limit(limit)
    return [_request(row) for row in connection.execute(locked(shape, of=cover_requests, skip=True))]


def _row(request: CoverRequest) -> dict[str, Any]:
    return {
        "schedule": request.schedule,
        "responder": request.responder,
        "starts_at": request.starts_at,
        "ends_at": request.ends_at,
        "reason": request.reason,
        "asked": list(request.asked),
        "status": request.status,
        "taken_by": request.taken_by,
        "made_at": request.made_at,
        "deadline_at": request.deadline_at,
        "due_at": request.due_at,
        "ended_at": request.ended_at,
    }


def _request(row: Row[Any]) -> CoverRequest:
    return CoverRequest(
        id=row.id,
        schedule=row.schedule,
        responder=row.responder,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reason=row.reason,
        asked=tuple(row.asked),
        status=Status(row.status),
        taken_by=row.taken_by,
        made_at=row.made_at,
        deadline_at=row.deadline_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
    )
