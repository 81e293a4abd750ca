"""Whose phone is in a call of ours? At most one call per phone that has not ended.

It must not dial, nor believe that a call has ended because it is old: whoever frees it has asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select, update

from oncallbot.storage.statements import insert_if_new
from oncallbot.storage.tables import live_calls

_LIVE = live_calls.c.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class LiveCall:
    """One call of ours to a phone (E.164). `attempt` is the notification's id, `provider_id` the provider's."""

    phone: str
    attempt: str
    provider_id: str | None
    started_at: datetime
    ended_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call of ours that the provider knows, that nobody has answered and that has not ended."""

    attempt: str
    provider_id: str


def claim(connection: Connection, phone: str, attempt: str, now: datetime) -> bool:
    """Before dialling: is the phone ours? True also when this attempt has it already; False: it is in another call."""
    row = {"phone": phone, "attempt": attempt, "started_at": now}
    if insert_if_new(connection, live_calls, row, ["phone"], where=_LIVE):
        return True
    holder = of_phone(connection, phone)
    return holder is not None and holder.attempt == attempt


def bind(connection: Connection, attempt: str, provider_id: str) -> bool:
    """The provider has given the call its id. False when that attempt has no call that goes on."""
    return _change(connection, live_calls.c.attempt == attempt, provider_id=provider_id)


def answered(connection: Connection, attempt_or_provider_id: str, now: datetime) -> bool:
    """Somebody, or something, has picked up. False when no such call goes on."""
    return _change(connection, _named(attempt_or_provider_id), answered_at=now)


def free(connection: Connection, attempt_or_provider_id: str, now: datetime) -> list[str]:
    """The call has ended. Answers the phones that are free now (none when it had ended before)."""
    freed = phones_in(connection, attempt_or_provider_id)
    return freed if _change(connection, _named(attempt_or_provider_id), ended_at=now) else []


def phones_in(connection: Connection, attempt_or_provider_id: str) -> list[str]:
    """The phones that are in this call now: none when it has ended."""
    named = select(live_calls.c.phone).where(_named(attempt_or_provider_id), _LIVE).order_by(live_calls.c.phone)
    return list(connection.execute(named).scalars())


def of_phone(connection: Connection, phone: str) -> LiveCall | None:
    """The call in which this phone is now."""
    row = connection.execute(select(live_calls).where(live_calls.c.phone == phone, _LIVE)).first()
    return None if row is None else _call(row)


def ringing(connection: Connection, attempts: Iterable[str]) -> list[Ringing]:
    """Those of these attempts' calls that ring: they can be ended without cutting anybody off."""
    theirs = (live_calls.c.attempt.in_(sorted(set(attempts))), _LIVE, live_calls.c.answered_at.is_(None))
    columns = select(live_calls.c.attempt, live_calls.c.provider_id).order_by(live_calls.c.id)
    found = connection.execute(columns.where(*theirs, live_calls.c.provider_id.is_not(None)))
    return [Ringing(row.attempt, row.provider_id) for row in found]


def stale(connection: Connection, before: datetime) -> list[LiveCall]:
    """Calls that began before this instant and have not ended, as far as we know: ask the provider."""
    old = select(live_calls).where(_LIVE, live_calls.c.started_at < before).order_by(live_calls.c.started_at)
    return [_call(row) for row in connection.execute(old)]


def _named(attempt_or_provider_id: str) -> ColumnElement[bool]:
    return or_(live_calls.c.attempt == attempt_or_provider_id, live_calls.c.provider_id == attempt_or_provider_id)


def _change(connection: Connection, which: ColumnElement[bool], **changes: Any) -> bool:
    return connection.execute(update(live_calls).where(which, _LIVE).values(changes)).rowcount > 0


def _call(row: Row[Any]) -> LiveCall:
    return LiveCall(row.phone, row.attempt, row.provider_id, row.started_at, row.ended_at, row.answered_at)
