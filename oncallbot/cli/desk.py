"""On which database does this command work? Opens it as the environment says, and puts its refusals into words.

It must not ask for SECRET_KEY unless the command signs something: most read and act only.
"""

from __future__ import annotations

import getpass
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError

from oncallbot.app import Desk, open_desk, read_settings
from oncallbot.errors import ConfigurationError, Problem

_REFUSALS = frozenset(
    {
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
    }
)


@contextmanager
def opened(*, needs_secret: bool = False) -> Iterator[Desk]:
    """The desk for one command; with `needs_secret` one that signs.

    ConfigurationError, SchemaOutdated or DatabaseUnavailable say why there is none.
    """
    with refusals_in_words(), open_desk(read_settings(os.environ, needs_secret=needs_secret)) as desk:
        yield desk


def who_types() -> str:
    """For the audit and the timeline: whose shell this is, as far as the machine knows."""
    try:
        return f"{getpass.getuser()} at the command line"
    except (KeyError, OSError):  # a container may run under a number that has no name
        return "the command line"


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """A file that is no database, or rights that are missing, are the set-up's fault and no defect of ours."""
    try:
        yield
    except (DBAPIError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not _is_refusal(cause):
            raise
        cure = "name a database of ours that this account may read and write"
        wrong = str(cause).strip().splitlines()[0]
        raise ConfigurationError((Problem("DATABASE_URL", wrong, cure),)) from error


def _is_refusal(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.DatabaseError):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _REFUSALS
    return isinstance(cause, psycopg.errors.InsufficientPrivilege | psycopg.errors.ReadOnlySqlTransaction)
