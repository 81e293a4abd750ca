"""Can this process commit? One row that is written to find out.

It must not be read for anything else.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from oncallbot.storage.statements import upsert_all
from oncallbot.storage.tables import probe


def write(connection: Connection, now: datetime) -> None:
    """Writes when it was last tried."""
    upsert_all(connection, probe, [{"id": 1, "at": now}])
