"""Where is each caller in the conversation? Calls to our hotlines, by the provider's call id.

It must not know what a step says or does: that is `escalation.call`.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from oncallbot.escalation.call import CallStep, HotlineCall
from oncallbot.storage.statements import insert_if_new, locked, upsert_all
from oncallbot.storage.tables import hotline_calls

_COLUMNS = tuple(one.name for one in fields(HotlineCall))


def add(connection: Connection, call: HotlineCall) -> bool:
    """Keeps a new call; False, changing nothing, when it is known already."""
    return insert_if_new(connection, hotline_calls, _row(call), ["sid"])


def save(connection: Connection, call: HotlineCall) -> None:
    """Keeps the call as it is now."""
    upsert_all(connection, hotline_calls, [_row(call)])


def load(connection: Connection, sid: str, lock: bool = False) -> HotlineCall | None:
    """The call; with `lock` nobody else changes it until we commit."""
    statement = select(hotline_calls).where(hotline_calls.c.sid == sid)
    return next(iter(_found(connection, locked(statement, of=hotline_calls) if lock else statement)), None)


def of_issue(connection: Connection, number: int) -> list[HotlineCall]:
    """The calls of an issue, the first first."""
    return _found(connection, select(hotline_calls).where(hotline_calls.c.issue == number))


def live(connection: Connection, started_before: datetime) -> list[HotlineCall]:
    """Calls that began before this instant and of which no end is known: the provider can tell."""
    unended = hotline_calls.c.ended_at.is_(None)
    return _found(connection, select(hotline_calls).where(unended, hotline_calls.c.started_at < started_before))


def _found(connection: Connection, statement: Select[Any]) -> list[HotlineCall]:
    ordered = statement.order_by(hotline_calls.c.started_at, hotline_calls.c.sid)
    return [_call(row) for row in connection.execute(ordered)]


def _row(call: HotlineCall) -> dict[str, Any]:
    return {name: getattr(call, name) for name in _COLUMNS}


def _call(row: Row[Any]) -> HotlineCall:
    return HotlineCall(
        sid=row.sid,
        hotline=row.hotline,
        number=row.number,
        caller=row.caller,
        contact=row.contact,
        customer=row.customer,
        is_known=row.is_known,
        language=row.language,
        step=CallStep(row.step),
        started_at=row.started_at,
        issue=row.issue,
        ended_at=row.ended_at,
        heard=row.heard,
    )
