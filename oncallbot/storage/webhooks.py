"""Which webhook is this token? Webhooks by name; of a token only its SHA-256 is kept.

It must not be able to show a token again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from oncallbot.storage.statements import insert_if_new
from oncallbot.storage.tables import webhooks


@dataclass(frozen=True, slots=True)
class Webhook:
    """A source that may report to a hotline, for one customer or (None) for none in particular."""

    name: str
    hotline: str
    customer: str | None
    created_at: datetime
    revoked_at: datetime | None = None


def add(connection: Connection, webhook: Webhook, token: str) -> bool:
    """Keeps a new webhook. False, changing nothing, when the name was ever used: who sent what stays clear."""
    row = {
        "name": webhook.name,
        "hotline": webhook.hotline,
        "customer": webhook.customer,
        "token_hash": _hash(token),
        "created_at": webhook.created_at,
    }
    return insert_if_new(connection, webhooks, row, ["name"])


def by_token(connection: Connection, token: str) -> Webhook | None:
    """The webhook with this token; None when there is none or it was revoked."""
    valid = (webhooks.c.token_hash == _hash(token), webhooks.c.revoked_at.is_(None))
    row = connection.execute(select(webhooks).where(*valid)).first()
    return None if row is None else _webhook(row)


def all_ones(connection: Connection) -> list[Webhook]:
    """Every webhook by name, revoked ones too."""
    return [_webhook(row) for row in connection.execute(select(webhooks).order_by(webhooks.c.name))]


def revoke(connection: Connection, name: str, now: datetime) -> bool:
    """From now on its token is unknown. False when there is no such webhook, or it was revoked before."""
    valid = (webhooks.c.name == name, webhooks.c.revoked_at.is_(None))
    return connection.execute(update(webhooks).where(*valid).values(revoked_at=now)).rowcount == 1


def _hash(token: str) -> str:
    """Tokens are long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(row.name, row.hotline, row.customer, row.created_at, row.revoked_at)
