"""When did a contact method last prove that it reaches somebody? From the notifications that arrived.

It must not take what was merely sent for proof, but in Slack, which tells nobody that it was delivered.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from oncallbot.escalation.issue import AttemptStatus
from oncallbot.oncall.people import Method
from oncallbot.storage.columns import spelled
from oncallbot.storage.notification import Purpose
from oncallbot.storage.tables import outbox


def last_arrived(connection: Connection, responder: str) -> dict[Method, datetime]:
    """When the newest notification arrived, by contact method; a call counts when it was picked up."""
    delivered = outbox.c.status == spelled(AttemptStatus.DELIVERED)
    posted = and_(outbox.c.method == spelled(Method.SLACK), outbox.c.status == spelled(AttemptStatus.SENT))
    shape = (
        select(outbox.c.method, func.max(outbox.c.sent_at).label("at"))
        .where(outbox.c.responder == responder, or_(delivered, posted), outbox.c.sent_at.is_not(None))
        .group_by(outbox.c.method)
    )
    return {Method(row.method): row.at for row in connection.execute(shape)}


def was_tested(connection: Connection, responder: str, since: datetime) -> bool:
    """Was somebody's pager tested at `since` or later?"""
    which = (outbox.c.responder == responder, outbox.c.purpose == spelled(Purpose.TEST), outbox.c.created_at >= since)
    return connection.execute(select(outbox.c.id).where(*which).limit(1)).first() is not None
