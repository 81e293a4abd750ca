"""Who has told the carrier to stop our texts? Phone numbers (E.164).

It must not hold back anything: senders ask.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from oncallbot.storage.statements import insert_if_new
from oncallbot.storage.tables import opt_outs


def add(connection: Connection, phone: str, at: datetime) -> bool:
    """No more texts to this phone. False when that was so already."""
    return insert_if_new(connection, opt_outs, {"phone": phone, "at": at}, ["phone"])


def remove(connection: Connection, phone: str) -> bool:
    """Texts are allowed again. False when they were all along."""
    return connection.execute(delete(opt_outs).where(opt_outs.c.phone == phone)).rowcount == 1


def since(connection: Connection, phone: str) -> datetime | None:
    """Since when this phone wants no texts; None when it takes them."""
    found: datetime | None = connection.execute(select(opt_outs.c.at).where(opt_outs.c.phone == phone)).scalar()
    return found
