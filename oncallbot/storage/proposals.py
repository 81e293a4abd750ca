"""Which changes of schedules have been proposed and wait for a Confirm? By id, with what they were made from.

It must not understand an order: `orders` is JSON that the engine writes and reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Row, delete, insert, select, update

from oncallbot.storage.schedule_tables import proposals
from oncallbot.storage.statements import locked

KEPT = timedelta(days=30)


class Status(StrEnum):
    """What has become of a proposal."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`orders`, made by one responder at `revision`, for `decided_by` (an id) to confirm.

    `starts` are the instants at which its new versions and overrides would begin, as it was previewed.
    """

    id: str
    made_by: str
    decided_by: str
    orders: Sequence[Any]
    reason: str
    revision: int
    starts: Sequence[str]
    made_at: datetime
    status: Status = Status.OPEN
    ended_at: datetime | None = None


def add(connection: Connection, proposal: Proposal) -> None:
    """Keeps a new proposal."""
    row = {
        "id": proposal.id,
        "made_by": proposal.made_by,
        "decided_by": proposal.decided_by,
        "orders": list(proposal.orders),
        "reason": proposal.reason,
        "revision": proposal.revision,
        "starts": list(proposal.starts),
        "made_at": proposal.made_at,
        "status": proposal.status,
    }
    connection.execute(insert(proposals).values(row))


def load(connection: Connection, id_: str, *, lock: bool = False) -> Proposal | None:
    """The proposal; None when there is none, or it was swept."""
    shape = select(proposals).where(proposals.c.id == id_)
    row = connection.execute(locked(shape, of=proposals) if lock else shape).first()
    return None if row is None else _proposal(row)


def successor_of(id_: str) -> str:
    """The id of what takes this proposal's place, should anything: whoever has the old id finds the new one."""
    return uuid5(UUID(id_), "proposed again").hex


def newest(connection: Connection, id_: str) -> Proposal | None:
    """What has taken this proposal's place in the end; itself where nothing has. None for one that is not kept."""
    found = load(connection, id_)
    while found is not None and (after := load(connection, successor_of(found.id))) is not None:
        found = after
    return found


def end(connection: Connection, id_: str, status: Status, now: datetime) -> bool:
    """Ends an open one; False when it has ended before."""
    still_open = (proposals.c.id == id_, proposals.c.status == Status.OPEN)
    return connection.execute(update(proposals).where(*still_open).values(status=status, ended_at=now)).rowcount == 1


def forget_before(connection: Connection, before: datetime) -> None:
    """Sweep those made before that instant."""
    connection.execute(delete(proposals).where(proposals.c.made_at < before))


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        row.id,
        row.made_by,
        row.decided_by,
        tuple(row.orders),
        row.reason,
        row.revision,
        tuple(row.starts),
        row.made_at,
        Status(row.status),
        row.ended_at,
    )
