"""How is one value kept on both databases? Column types that PostgreSQL and strict SQLite tables store alike.

It must not know any table, nor what a value means.
"""
# ruff: noqa: ARG002 (SQLAlchemy hands over the dialect)

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import REAL, BigInteger, Boolean, ColumnElement, DateTime, Double, Integer, Text, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime: timestamptz, or on SQLite ISO 8601 text of fixed width, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Strict SQLite tables know no DATETIME."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuses a naive datetime: nobody knows which instant it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs its zone: {value!r}")
        instant = value.astimezone(UTC)
        return instant.isoformat(timespec="microseconds") if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """PostgreSQL answers in the session's zone; we say UTC."""
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from anywhere. Drops NUL and lone surrogates, which a webhook's JSON may hold and no driver accepts."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The same words without what cannot be stored. Enum members become their plain values."""
        if value is None:
            return None
        kept = str(value)
        if "\0" in kept:
            kept = kept.replace("\0", "")
        return kept if kept.isascii() else kept.encode("utf-8", "replace").decode("utf-8")


class Flag(TypeDecorator[bool]):
    """True or False; 1 or 0 in strict SQLite tables."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Strict SQLite tables know no BOOLEAN."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        """1 and 0 become True and False."""
        return None if value is None else bool(value)


class Document(TypeDecorator[Any]):
    """A small JSON document, kept as ASCII text: escapes keep every character storable."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Keys sorted, so that equal documents are equal texts."""
        return None if value is None else json.dumps(value, separators=(",", ":"), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Lists and dicts, as JSON has them."""
        return None if value is None else json.loads(value)


WHOLE = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits; SQLite's INTEGER has as many, and only that spelling numbers rows by itself."""

REAL_NUMBER: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")


def spelled(value: str) -> ColumnElement[str]:
    """One of our own constants, written into the statement: planners use a partial index for nothing else."""
    return literal_column(f"'{value}'", Words())
