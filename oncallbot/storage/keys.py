"""Have we answered this before? Keys of what comes from outside, each with the answer that a repeat gets again.

It must not be used for what we decide ourselves: alarms have no keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from oncallbot.storage.statements import insert_if_new
from oncallbot.storage.tables import inbound_keys


@dataclass(frozen=True, slots=True)
class Claimed:
    """It is new: decide, and keep the answer in this transaction."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """It came before. `answer` is None when none was kept."""

    answer: str | None


def claim(connection: Connection, key: str, at: datetime) -> Claimed | Repeated:
    """Claims the key for this transaction. A concurrent repeat waits for our commit, then gets the answer.

    Do it before locking anything else: whoever waits here must hold nothing that the first one needs.
    """
    if insert_if_new(connection, inbound_keys, {"key": key, "at": at}, ["key"]):
        return Claimed()
    return Repeated(connection.execute(select(inbound_keys.c.answer).where(inbound_keys.c.key == key)).scalar())


def given(connection: Connection, key: str) -> str | None:
    """What this key was answered; None when it never came."""
    answer: str | None = connection.execute(select(inbound_keys.c.answer).where(inbound_keys.c.key == key)).scalar()
    return answer


def keep_answer(connection: Connection, key: str, answer: str) -> None:
    """What every repeat of this key gets."""
    connection.execute(update(inbound_keys).where(inbound_keys.c.key == key).values(answer=answer))


def newest(connection: Connection, beginnings: Iterable[str]) -> datetime | None:
    """When the latest key that begins with one of these came in; None when there is none, or it was forgotten."""
    any_of = or_(*(inbound_keys.c.key.startswith(one, autoescape=True) for one in beginnings))
    found: datetime | None = connection.execute(
        select(inbound_keys.c.at).where(any_of).order_by(inbound_keys.c.at.desc()).limit(1)
    ).scalar()
    return found


def forget_before(connection: Connection, at: datetime) -> int:
    """Forgets keys claimed before `at`, when nobody repeats them any more. Answers how many."""
    return connection.execute(delete(inbound_keys).where(inbound_keys.c.at < at)).rowcount
