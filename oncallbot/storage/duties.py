"""Which duties have been done? One row per duty, subject and the instant at which it was due.

It must not say what a duty is: the row only makes sure that it is decided once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from oncallbot.storage.schedule_tables import duties
from oncallbot.storage.statements import insert_if_new


def begin(connection: Connection, duty: str, subject: str, due_at: datetime, now: datetime) -> bool:
    """True for whoever comes first; it then writes what the duty sends, in the same transaction."""
    row = {"duty": duty, "subject": subject, "due_at": due_at, "done_at": now}
    return insert_if_new(connection, duties, row, ("duty", "subject", "due_at"))


def last_done(connection: Connection, duty: str) -> dict[str, datetime]:
    """The latest instant done, by subject."""
    shape = select(duties.c.subject, func.max(duties.c.due_at).label("due_at")).where(duties.c.duty == duty)
    # max() of a type of ours comes back raw on SQLite: ask for the rows themselves.
    newest = shape.group_by(duties.c.subject).subquery()
    on_it = (duties.c.subject == newest.c.subject) & (duties.c.due_at == newest.c.due_at) & (duties.c.duty == duty)
    return {row.subject: row.due_at for row in connection.execute(select(duties).join(newest, on_it))}


def forget_before(connection: Connection, before: datetime) -> None:
    """Sweep what was done before that instant, but each duty's and subject's last."""
    newest = (
        select(duties.c.duty, duties.c.subject, func.max(duties.c.due_at).label("due_at"))
        .group_by(duties.c.duty, duties.c.subject)
        .subquery()
    )
    is_newest = (
        select(newest.c.due_at)
        .where(newest.c.duty == duties.c.duty, newest.c.subject == duties.c.subject, newest.c.due_at == duties.c.due_at)
        .exists()
    )
    connection.execute(delete(duties).where(duties.c.done_at < before, ~is_newest))
