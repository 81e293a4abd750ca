"""How do we talk to SQLite and to PostgreSQL? Makes their connections with the settings that durability needs.

It must not know a table. What each setting prevents stands beside it.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from oncallbot.errors import ConfigurationError, Problem

BUSY_SECONDS = 10.0
"""How long a writer waits for others before it gives up. Twilio gives up after 15 s."""

# A vendor's firewall may drop idle connections silently: notice within 30 s, not after 2 hours.
KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
# A suspended process must not keep an issue locked for the others.
POSTGRESQL_LIMITS = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '30s'"


def parsed(url: str) -> URL:
    """The URL with our drivers in it. Anything but a SQLite file or PostgreSQL is a ConfigurationError."""
    try:
        given = make_url(url)
    except ArgumentError as error:
        raise _wrong("is not a database URL") from error
    if given.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return given.set(drivername="postgresql+psycopg")
    if given.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise _wrong(f"names {given.drivername}, which we do not speak")
    if not given.database or given.database == ":memory:" or given.query:
        raise _wrong("must name a file, without parameters: several connections share it")
    return given.set(drivername="sqlite+pysqlite")


def _wrong(what: str) -> ConfigurationError:
    cure = "write sqlite:///oncallbot.db or postgresql://user@host/database"
    return ConfigurationError((Problem("DATABASE_URL", what, cure),))


def sqlite_engine(url: URL, *, is_writer: bool, foreign_keys: bool = True) -> Engine:
    """An engine for one SQLite file. Writers begin with the write lock; readers cannot write at all."""
    engine = create_engine(
        url,
        hide_parameters=True,  # errors are logged; phone numbers and customers' words are not
        pool_size=1 if is_writer else 8,
        max_overflow=0 if is_writer else 56,
        pool_timeout=BUSY_SECONDS,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # the driver's own transactions let two claimers take one row
        if is_writer:
            _use_wal(connection)
            connection.execute("PRAGMA synchronous = FULL")  # NORMAL may lose the last commits
            connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        else:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that turns to writing fails at once, whatever the busy timeout.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine


def sqlite_looking_engine(url: URL) -> Engine:
    """An engine that leaves no trace: it creates no file, neither the database nor those that WAL puts beside it."""
    path = Path(str(url.database))

    def connect() -> sqlite3.Connection:
        # Without a -wal file nobody has the database open: it can be read as if it never changed.
        how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
        where = f"file:{quote(str(path))}?{how}"
        return sqlite3.connect(where, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Changing the journal mode does not always wait for other processes: ask again for as long as a writer may."""
    pause = 0.02
    for attempt in range(int(BUSY_SECONDS / pause)):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if attempt + 1 == int(BUSY_SECONDS / pause):
                raise
            threading.Event().wait(pause)


def postgresql_engine(url: URL, pool_size: int) -> Engine:
    """An engine for PostgreSQL that finds out about a restarted server before it uses a connection."""
    engine = create_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_use_lifo=True,  # the one used last has its statements prepared and its caches warm
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=BUSY_SECONDS,
        connect_args=postgresql_arguments(url),
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.execute(POSTGRESQL_LIMITS)
        connection.commit()

    return engine


def postgresql_arguments(url: URL) -> dict[str, Any]:
    """libpq's parameters, unless the URL says otherwise."""
    wanted = {"connect_timeout": 5, "application_name": "oncallbot", **KEEPALIVES}
    return {name: value for name, value in wanted.items() if name not in url.query}
