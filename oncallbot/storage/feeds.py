"""Which calendar feeds are there? Each for one responder or one schedule; a revoked one is never valid again.

It must not make an address: whoever has the secret key signs the id.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from oncallbot.storage.schedule_tables import feeds


class FeedKind(StrEnum):
    """Whose shifts a feed shows."""

    RESPONDER = "responder"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, and for whom it was made: who leaves loses their own only."""

    id: str
    kind: FeedKind
    subject: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None = None


def current(connection: Connection, kind: FeedKind, subject: str, made_by: str) -> Feed | None:
    """The valid feed of that person; None when they have none."""
    mine = (feeds.c.kind == kind, feeds.c.subject == subject, feeds.c.made_by == made_by, feeds.c.revoked_at.is_(None))
    row = connection.execute(select(feeds).where(*mine)).first()
    return None if row is None else _feed(row)


def add(connection: Connection, kind: FeedKind, subject: str, made_by: str, now: datetime) -> Feed:
    """A new one. There must be no current one: `revoke` it first."""
    feed = Feed(uuid.uuid4().hex, kind, subject, made_by, now)
    row = {"id": feed.id, "kind": kind, "subject": subject, "made_by": made_by, "made_at": now}
    connection.execute(insert(feeds).values(row))
    return feed


def by_id(connection: Connection, id_: str) -> Feed | None:
    """The feed if it is still valid."""
    valid = (feeds.c.id == id_, feeds.c.revoked_at.is_(None))
    row = connection.execute(select(feeds).where(*valid)).first()
    return None if row is None else _feed(row)


def revoke(connection: Connection, kind: FeedKind, subject: str, made_by: str, now: datetime) -> bool:
    """Its address answers nothing from now on. False when there was none."""
    mine = (feeds.c.kind == kind, feeds.c.subject == subject, feeds.c.made_by == made_by, feeds.c.revoked_at.is_(None))
    return connection.execute(update(feeds).where(*mine).values(revoked_at=now)).rowcount > 0


def _feed(row: Row[Any]) -> Feed:
    return Feed(row.id, FeedKind(row.kind), row.subject, row.made_by, row.made_at, row.revoked_at)
