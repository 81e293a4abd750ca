"""Who was on call? The record of what has been worked: appended as it ends, never computed again.

It must not be changed: holidays, zone data and back-dated absences change only the future.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from oncallbot.storage.schedule_tables import worked_shifts, worked_until
from oncallbot.storage.statements import insert_new, upsert_all


@dataclass(frozen=True, slots=True)
class WorkedShift:
    """`[starts_at, ends_at)`, UTC, worked by `responders`, and why. One shift may be kept as several, end to end."""

    schedule: str
    starts_at: datetime
    ends_at: datetime
    responders: tuple[str, ...]
    reason: str = ""


def recorded_until(connection: Connection) -> dict[str, datetime]:
    """Until when each schedule's record is complete; one that is not there has no record yet."""
    found = connection.execute(select(worked_until.c.schedule, worked_until.c.at))
    return {row.schedule: row.at for row in found}


def recorded_since(connection: Connection) -> dict[str, datetime]:
    """When each schedule's first worked shift began; one that is not there has none."""
    first = func.min(worked_shifts.c.starts_at, type_=worked_shifts.c.starts_at.type).label("at")
    found = connection.execute(select(worked_shifts.c.schedule, first).group_by(worked_shifts.c.schedule))
    return {row.schedule: row.at for row in found}


def append(connection: Connection, shifts: Sequence[WorkedShift], until: dict[str, datetime]) -> None:
    """Adds shifts, in one transaction with `until`: how far the record of each schedule now reaches."""
    rows = [
        {
            "schedule": shift.schedule,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            "responders": list(shift.responders),
            "reason": shift.reason,
        }
        for shift in shifts
    ]
    insert_new(connection, worked_shifts, rows, ("schedule", "starts_at"))
    upsert_all(connection, worked_until, [{"schedule": name, "at": at} for name, at in sorted(until.items())])


def between(
    connection: Connection, start: datetime, end: datetime, schedule: str | None = None
) -> tuple[WorkedShift, ...]:
    """What was worked within `[start, end)`, clipped to it, by schedule and start."""
    shape = select(worked_shifts).where(worked_shifts.c.ends_at > start, worked_shifts.c.starts_at < end)
    if schedule is not None:
        shape = shape.where(worked_shifts.c.schedule == schedule)
    found = connection.execute(shape.order_by(worked_shifts.c.schedule, worked_shifts.c.starts_at))
    return tuple(
        WorkedShift(row.schedule, max(row.starts_at, start), min(row.ends_at, end), tuple(row.responders), row.reason)
        for row in found
    )
