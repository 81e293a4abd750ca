"""How is the same statement said to both databases? The few that their dialects spell differently.

It must not know a record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def insert_all(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Inserts the rows in one batch; nothing for none."""
    if rows:
        connection.execute(insert(table), rows)


def upsert_all(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Inserts the rows in one batch; where the primary key is there already, the other columns are replaced."""
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    statement = _insert(connection, table)
    others = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=others), rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[Row], key: Sequence[str]) -> None:
    """Inserts in one batch the rows whose `key` is not there yet."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(index_elements=key), rows)


def insert_if_new(
    connection: Connection, table: Table, row: Row, key: Iterable[str], where: ColumnElement[bool] | None = None
) -> bool:
    """Inserts the row unless `key` is taken (`where` names a partial index); False if it is.

    On PostgreSQL this waits for a concurrent transaction that has inserted the same key and not yet committed.
    """
    columns = list(key)
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=columns, index_where=where)
    # An INSERT's row count is not kept by every driver; a row that comes back is.
    return connection.execute(statement.returning(table.c[columns[0]]), row).first() is not None


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def locked(statement: Select[Any], *, of: Table, skip: bool = False) -> Select[Any]:
    """The rows locked until the transaction ends, those locked by others left out if `skip`.

    FOR NO KEY UPDATE: a plain FOR UPDATE would collide with the foreign keys of every row added meanwhile.
    SQLAlchemy says nothing to SQLite, whose write lock is enough.
    """
    return statement.with_for_update(key_share=True, skip_locked=skip, of=of)


def advisory_key(kind: str, name: str) -> int:
    """The number of PostgreSQL's advisory lock on this name: 64 bits, signed, the same in every process and release."""
    digest = hashlib.blake2b(f"{kind}:{name}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
