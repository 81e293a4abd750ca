"""Does this worker live? A lock on its name that ends with its process, however that ends.

It must not release what a dead worker had claimed: the engine does (`outbox.release_claims`).
"""

from __future__ import annotations

import fcntl
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import psycopg
from sqlalchemy import Connection, text

from oncallbot.errors import DatabaseUnavailable
from oncallbot.storage.database import Database
from oncallbot.storage.statements import advisory_key

_TRIES, _PAUSE_SECONDS = 10, 0.02  # `is_held` may look at the file in the very moment in which we take it


class WorkerLock:
    """Held for as long as this process lives, however it ends. On SQLite there is one, for the only `serve`."""

    def __init__(self, database: Database, key: str) -> None:
        self._database = database
        self._key = advisory_key("worker", key)
        self._session: psycopg.Connection[Any] | None = None
        self._file: IO[bytes] | None = None

    @classmethod
    def hold(cls, database: Database, key: str) -> WorkerLock | None:
        """The lock, held; None when another process has it (on SQLite: another `serve` runs, whatever its key)."""
        lock = cls(database, key)
        return lock if lock.keep() else None

    def keep(self) -> bool:
        """Call it with every heartbeat: takes the lock again after the server restarted or the connection broke.

        False when somebody else has it. DatabaseUnavailable while the server cannot be reached.
        """
        if not self._database.is_postgresql:
            return self._file is not None or self._take_file()
        try:
            if self._session is not None:
                self._session.execute("SELECT 1")
                return True
        except psycopg.OperationalError:
            self.release()
        return self._take_session()

    def release(self) -> None:
        """Gives it up."""
        if self._session is not None:
            with suppress(psycopg.Error):  # the server may notice a closed connection only later
                self._session.execute("SELECT pg_advisory_unlock_all()")
            self._session.close()
            self._session = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take_session(self) -> bool:
        try:
            session = self._database.dedicated()
            row = session.execute("SELECT pg_try_advisory_lock(%s)", (self._key,)).fetchone()
        except psycopg.OperationalError as error:
            raise DatabaseUnavailable(str(error).strip()) from error
        if row is None or not row[0]:
            session.close()
            return False
        self._session = session
        return True

    def _take_file(self) -> bool:
        path = _lock_file(str(self._database.url.database))
        for _ in range(_TRIES):
            file = path.open("ab")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                threading.Event().wait(_PAUSE_SECONDS)
            else:
                self._file = file
                return True
        return False


def is_held(database: Database, connection: Connection, key: str) -> bool:
    """Does the worker of this name live? On SQLite: does any `serve`?"""
    if not database.is_postgresql:
        return _is_file_locked(_lock_file(str(database.url.database)))
    statement = text(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND classid::bigint = :high AND objid::bigint = :low)"
    )
    unsigned = advisory_key("worker", key) % 2**64
    halves = {"high": unsigned >> 32, "low": unsigned & 0xFFFFFFFF}  # as pg_locks shows a 64-bit key
    return bool(connection.execute(statement, halves).scalar_one())


def _lock_file(database: str) -> Path:
    path = Path(database)
    return path.with_name(path.name + ".serve-lock")


def _is_file_locked(path: Path) -> bool:
    with suppress(FileNotFoundError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
