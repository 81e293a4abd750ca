"""Where is it remembered? One database, SQLite or PostgreSQL: transactions, what follows a commit, and waking others.

It must not know a table: the record modules are handed a connection.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from oncallbot.errors import DatabaseUnavailable
from oncallbot.storage import listening
from oncallbot.storage.engines import (
    BUSY_SECONDS,
    parsed,
    postgresql_arguments,
    postgresql_engine,
    sqlite_engine,
    sqlite_looking_engine,
)
from oncallbot.storage.fair_lock import FairLock
from oncallbot.storage.outage import Outage
from oncallbot.storage.statements import advisory_key

_AFTER_COMMIT = "oncallbot_after_commit"
_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
    }
)


class Database:
    """One database for a whole process. Threads may share it; every transaction has its own connection."""

    def __init__(self, url: URL, writing: Engine, reading: Engine) -> None:
        self.url = url
        self.is_postgresql = writing.dialect.name == "postgresql"
        self._writing = writing
        self._reading = reading
        self.outage = Outage()
        self._turn = FairLock()
        self._version_lock = threading.Lock()
        self._version_connection: sqlite3.Connection | None = None

    @classmethod
    def open(cls, url: str, pool_size: int = 20) -> Database:
        """Connects to nothing yet. `pool_size` bounds PostgreSQL's kept connections (as many again under load)."""
        where = parsed(url)
        if where.drivername.startswith("postgresql"):
            engine = postgresql_engine(where, pool_size)
            return cls(where, engine, engine.execution_options(postgresql_readonly=True))
        return cls(where, sqlite_engine(where, is_writer=True), sqlite_engine(where, is_writer=False))

    @classmethod
    def open_to_look(cls, url: str) -> Database:
        """One that cannot write, and leaves no trace: a SQLite file that is missing is not created."""
        where = parsed(url)
        if where.drivername.startswith("postgresql"):
            engine: Engine = postgresql_engine(where, 1).execution_options(postgresql_readonly=True)
        else:
            engine = sqlite_looking_engine(where)
        return cls(where, engine, engine)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed when the block ends and rolled back when it raises.

        On SQLite it has the write lock from the start, first come first served; do not open another one inside.
        DatabaseUnavailable from the commit itself may mean committed or not: repeat only what has a key.
        """
        if self.is_postgresql:
            callbacks = yield from self._committed()
        else:
            if not self._turn.acquire(BUSY_SECONDS):
                raise DatabaseUnavailable(f"other transactions of this process took over {BUSY_SECONDS:.0f} s")
            try:
                callbacks = yield from self._committed()
            finally:
                self._turn.release()
        for callback in callbacks:
            callback()

    def _committed(self) -> Generator[Connection, None, list[Callable[[], None]]]:
        callbacks: list[Callable[[], None]] = []
        with translated(), self._writing.begin() as connection:
            connection.info[_AFTER_COMMIT] = callbacks
            yield connection
        return callbacks

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that cannot write."""
        with translated(), self._reading.begin() as connection:
            yield connection

    def after_commit(self, connection: Connection, callback: Callable[[], None]) -> None:
        """Calls `callback` once this write transaction has committed, never otherwise. It must not raise or block."""
        connection.info[_AFTER_COMMIT].append(callback)

    def lock_subject(self, connection: Connection, subject: str) -> None:
        """Waits until no other transaction has locked this subject; then it is ours until we commit.

        A customer, a caller's number, a phone: whatever has no row to lock. Take it before any issue (decision 6).
        On SQLite the write lock is enough.
        """
        if self.is_postgresql:
            key = advisory_key("subject", subject)
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})

    def announce(self, connection: Connection) -> None:
        """Wakes listening processes when this transaction commits. SQLite's see the commit itself."""
        if self.is_postgresql:
            connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": listening.CHANNEL})

    def listen(self, stop: threading.Event, woken: Callable[[], None]) -> None:
        """Blocks until `stop`, calling `woken` soon after every announced commit, of other processes too."""
        if self.is_postgresql:
            listening.listen(self.dedicated, stop, woken, self.outage)
        else:
            listening.watch_versions(self.data_version, stop, woken, self.outage)

    def dedicated(self) -> psycopg.Connection[Any]:
        """A PostgreSQL connection outside the pool, in autocommit, for what lives as long as a session."""
        given, named = self._writing.dialect.create_connect_args(self.url)
        return psycopg.connect(*given, **{**postgresql_arguments(self.url), **named}, autocommit=True)

    def data_version(self) -> int:
        """SQLite: a number that changes whenever another connection, of whatever process, has committed."""
        with self._version_lock:
            try:
                if self._version_connection is None:
                    connection = sqlite3.connect(str(self.url.database), check_same_thread=False, timeout=BUSY_SECONDS)
                    connection.execute("PRAGMA query_only = ON")
                    self._version_connection = connection
                return int(self._version_connection.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.OperationalError as error:
                raise DatabaseUnavailable(str(error)) from error

    def time_there(self, connection: Connection) -> datetime | None:
        """What the database server's clock says; None on SQLite, which has no clock of its own."""
        if not self.is_postgresql:
            return None
        found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return found

    def close(self) -> None:
        """Closes idle connections; those in use close when they are given back."""
        self._writing.dispose()
        self._reading.dispose()
        with self._version_lock:
            if self._version_connection is not None:
                self._version_connection.close()
                self._version_connection = None


@contextmanager
def translated() -> Iterator[None]:
    """Turns the driver's "not reachable" and "busy" into DatabaseUnavailable; everything else is a defect and stays."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable("every connection is in use") from error
    except DBAPIError as error:
        if error.connection_invalidated or _is_passing(error.orig):
            raise DatabaseUnavailable(str(error.orig).strip()) from error
        raise
    except (sqlite3.OperationalError, psycopg.OperationalError) as error:  # while preparing a new connection
        if _is_passing(error):
            raise DatabaseUnavailable(str(error).strip()) from error
        raise


def _is_passing(error: BaseException | None) -> bool:
    """Does trying again help?"""
    if isinstance(error, psycopg.Error):
        return isinstance(error, psycopg.OperationalError)
    if isinstance(error, sqlite3.OperationalError):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING
    return False
