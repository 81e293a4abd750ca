"""Which page should have left by now, and has not? For whoever watches us.

It must not send, nor say what to do about it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, select

from oncallbot.escalation.issue import AttemptStatus, Status
from oncallbot.storage.columns import spelled
from oncallbot.storage.issues import OPEN
from oncallbot.storage.notification import PENDING, Notification, Purpose, notification_from
from oncallbot.storage.tables import issues, outbox, pages


def oldest_tried(connection: Connection, before: datetime) -> Notification | None:
    """The page that has waited longest of those put before `before` that were tried and have not left.

    A call that waits for a phone in another call of ours was never tried.
    """
    found = [_oldest(connection, _is_tried_page(status), before) for status in sorted(PENDING)]
    return min((one for one in found if one is not None), key=lambda one: one.created_at, default=None)


def _is_tried_page(status: AttemptStatus) -> ColumnElement[bool]:
    """One status at a time: each has an index of its own."""
    is_page = outbox.c.purpose == spelled(Purpose.PAGE)
    return and_(outbox.c.status == spelled(status), is_page, outbox.c.error != "")


def _oldest(connection: Connection, which: ColumnElement[bool], before: datetime) -> Notification | None:
    statement = select(outbox).where(which, outbox.c.created_at <= before).order_by(outbox.c.created_at).limit(1)
    row = connection.execute(statement).first()
    return None if row is None else notification_from(row)


def oldest_refused(connection: Connection, before: datetime) -> Notification | None:
    """A page that was put before `before` and refused, of an issue that somebody must take; none if any other page of
    that issue has left since this responder's page began."""
    other = outbox.alias()
    another_left = exists().where(
        other.c.issue == outbox.c.issue,
        other.c.purpose == spelled(Purpose.PAGE),
        other.c.sent_at.is_not(None),
        other.c.created_at >= pages.c.started_at,
    )
    waiting = select(issues.c.number).where(OPEN, issues.c.status == spelled(Status.TRIGGERED))
    statement = (
        select(outbox)
        .join(pages, and_(pages.c.issue == outbox.c.issue, pages.c.responder == outbox.c.responder))
        .where(outbox.c.issue.in_(waiting))  # not a join: without statistics SQLite would begin with every notification
        .where(outbox.c.purpose == spelled(Purpose.PAGE), outbox.c.status == spelled(AttemptStatus.FAILED))
        .where(outbox.c.sent_at.is_(None), outbox.c.created_at <= before, outbox.c.created_at >= pages.c.started_at)
        .where(~another_left)
        .order_by(outbox.c.created_at)
        .limit(1)
    )
    row = connection.execute(statement).first()
    return None if row is None else notification_from(row)
