"""Could a commit be written here, and would it survive a crash? Asked of the database and of the disk, by looking only.

It must not write to find out: `probe` does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from oncallbot.errors import Problem
from oncallbot.storage.database import Database
from oncallbot.storage.tables import metadata

LEAST_FREE = 100 * 2**20  # bytes: a night of pages needs less, a forgotten log needs more
_PLACE = "database"

# What PostgreSQL may leave out, and what that loses:
# https://www.postgresql.org/docs/current/non-durability.html (checked 2026-11).
_DURABLE = {
    "fsync": "a power cut may destroy the database",
    "full_page_writes": "a power cut may destroy the database",
    "synchronous_commit": "a crash loses the last commits: reports that we have answered for",
}


def problems(database: Database, connection: Connection) -> tuple[Problem, ...]:
    """What would keep a commit from being written or from staying; none when nothing is known to."""
    return tuple(_postgresql(connection) if database.is_postgresql else _file(Path(str(database.url.database))))


def _file(path: Path) -> Iterator[Problem]:
    if not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)):
        cure = "give this account the right to write the file and its folder"
        yield Problem(_PLACE, f"{path} or its folder may not be written", cure)
    free = shutil.disk_usage(path.absolute().parent).free
    if free < LEAST_FREE:
        yield Problem(_PLACE, f"its disk has {free // 2**20} MB left", "make room: what cannot be committed is lost")


def _postgresql(connection: Connection) -> Iterator[Problem]:
    if connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one():
        yield Problem(_PLACE, "the server is a standby, which cannot be written", "name the primary in DATABASE_URL")
    asked = text("SELECT name, setting, reset_val FROM pg_settings WHERE name = ANY(:names)")
    names = [*_DURABLE, "default_transaction_read_only"]
    for name, setting, reset in connection.execute(asked, {"names": names}):
        if name in _DURABLE and setting == "off":
            yield Problem(_PLACE, f"{name} is off: {_DURABLE[name]}", f"set {name} = on")
        if name not in _DURABLE and reset == "on":
            yield Problem(_PLACE, "transactions are read-only", "set default_transaction_read_only = off")
    yield from _missing_rights(connection)


def _missing_rights(connection: Connection) -> Iterator[Problem]:
    asked = text("SELECT has_table_privilege(CAST(:table AS text), CAST(:right AS text))")
    for table in metadata.sorted_tables:
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            if not connection.execute(asked, {"table": table.name, "right": right}).scalar():
                cure = "let the tables' owner GRANT ALL ON ALL TABLES IN SCHEMA public to it"
                yield Problem(_PLACE, f"this account lacks the right to {right} in the table {table.name}", cure)
                return
