"""Which processes are at work? Workers and when each last said so.

It must not say that a worker has died: its lock does (`locks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from oncallbot.oncall.people import Method
from oncallbot.storage.statements import upsert_all
from oncallbot.storage.tables import workers


@dataclass(frozen=True, slots=True)
class Worker:
    """One process. `kind` is serve, web or worker; `clock_skew` is how far its clock is from the others'.

    `roads` are the contact methods that it can send by.
    """

    id: str
    kind: str
    started_at: datetime
    seen_at: datetime
    clock_skew: timedelta = timedelta()
    release: str = ""
    roads: frozenset[Method] = frozenset()


def register(connection: Connection, worker: Worker) -> None:
    """Keeps a worker that starts."""
    row = {
        "id": worker.id,
        "kind": worker.kind,
        "started_at": worker.started_at,
        "seen_at": worker.seen_at,
        "clock_skew_seconds": worker.clock_skew.total_seconds(),
        "release": worker.release,
        "roads": " ".join(sorted(worker.roads)),
    }
    upsert_all(connection, workers, [row])


def heartbeat(connection: Connection, id_: str, now: datetime, clock_skew: timedelta = timedelta()) -> bool:
    """The worker is there. False when it was forgotten meanwhile: register again."""
    changes = {"seen_at": now, "clock_skew_seconds": clock_skew.total_seconds()}
    return connection.execute(update(workers).where(workers.c.id == id_).values(changes)).rowcount == 1


def forget(connection: Connection, id_: str) -> None:
    """The worker has ended."""
    connection.execute(delete(workers).where(workers.c.id == id_))


def forget_before(connection: Connection, at: datetime) -> None:
    """Forgets workers that were last there before `at`: they died without saying so."""
    connection.execute(delete(workers).where(workers.c.seen_at < at))


def seen_since(connection: Connection, since: datetime) -> list[Worker]:
    """Workers that were there at or after `since`, the latest first."""
    found = connection.execute(select(workers).where(workers.c.seen_at >= since).order_by(workers.c.seen_at.desc()))
    return [
        Worker(
            id=row.id,
            kind=row.kind,
            started_at=row.started_at,
            seen_at=row.seen_at,
            clock_skew=timedelta(seconds=row.clock_skew_seconds),
            release=row.release,
            roads=_roads(row.roads),
        )
        for row in found
    ]


def roads(connection: Connection) -> frozenset[Method] | None:
    """By which methods the latest of those that send can send; None when none has been there lately."""
    senders = select(workers.c.roads).where(workers.c.kind != "web").order_by(workers.c.seen_at.desc()).limit(1)
    found = connection.execute(senders).scalar()
    return None if found is None else _roads(found)


def _roads(words: str) -> frozenset[Method]:
    return frozenset(Method(word) for word in words.split())
