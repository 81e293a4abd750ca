"""On which database is it measured? A SQLite file of our own, or an empty PostgreSQL that was lent.

It must not touch a database in which there is anything, and leaves a lent one as empty as it was.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, MetaData, Sequence, inspect, text
from sqlalchemy.schema import DropSequence

from oncallbot.errors import ConfigurationError, DatabaseUnavailable, Problem
from oncallbot.storage.database import Database

_CURE = "name an empty PostgreSQL database, postgresql://user@host/name, or leave it out: then it is a SQLite file"


def described(url: str | None) -> str:
    """The database and how durable its commits are. Without a URL it is SQLite, as `serve` opens it."""
    if url is None:
        return f"SQLite {sqlite3.sqlite_version}, WAL, synchronous FULL"
    database = Database.open(url)
    try:
        with database.read() as connection:
            shown = {
                name: connection.execute(text(f"SHOW {name}")).scalar_one()
                for name in ("server_version", "fsync", "synchronous_commit")
            }
    finally:
        database.close()
    version = str(shown.pop("server_version")).split()[0]
    return f"PostgreSQL {version}, " + ", ".join(f"{name} {value}" for name, value in shown.items())


def refuse_used(url: str) -> None:
    """ConfigurationError unless this is a PostgreSQL database with nothing in it."""
    database = Database.open(url)
    try:
        if not database.is_postgresql:
            raise ConfigurationError((Problem("--database", "is not PostgreSQL", _CURE),))
        with database.read() as connection:
            found = _there(connection)
    except DatabaseUnavailable as error:
        raise ConfigurationError((Problem("--database", f"cannot be reached: {error}", _CURE),)) from error
    finally:
        database.close()
    if found:
        raise ConfigurationError((Problem("--database", f"is not empty: {found[0]} is there", _CURE),))


def empty(url: str) -> None:
    """Remove everything: `refuse_used` has found nothing of anybody else's."""
    database = Database.open(url)
    try:
        with database.write() as connection:
            tables = MetaData()
            tables.reflect(connection)
            tables.drop_all(connection)
            for name in inspect(connection).get_sequence_names():
                connection.execute(DropSequence(Sequence(name)))
    finally:
        database.close()


def _there(connection: Connection) -> list[str]:
    looked = inspect(connection)
    return [*looked.get_table_names(), *looked.get_view_names(), *looked.get_sequence_names()]
