"""Has the database the tables of this release? Checks that, and brings an older (or empty) one up to date.

It must not lose a row, and it must not touch a database that a newer release has migrated.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from oncallbot.errors import SchemaOutdated
from oncallbot.storage.database import Database, translated
from oncallbot.storage.engines import sqlite_engine
from oncallbot.storage.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADING = 7_246_118_403_550_021  # any number, as long as it stays the same


def known_revisions() -> list[str]:
    """The revisions that this release knows, the oldest first: `versions/r0001_….py` is 0001."""
    return sorted(path.name[1:5] for path in (MIGRATIONS / "versions").glob("r*.py"))


def found_revision(connection: Connection) -> str | None:
    """The revision that the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check_schema(database: Database) -> None:
    """Raises SchemaOutdated, in words for a person, unless the tables are this release's."""
    with database.read() as connection:
        found = found_revision(connection)
    _refuse_newer(found)
    if found != known_revisions()[-1]:
        state = "has no tables yet" if found is None else f"is at revision {found}, this release needs a newer one"
        raise SchemaOutdated(f"the database {state}: run `oncallbot db upgrade`")


def upgrade(database: Database) -> None:
    """Migrates to this release's tables; nothing to do is fine, and so is another process doing the same just now.

    All or nothing: it is one transaction.
    """
    engine = _alone(database)
    try:
        with translated(), engine.begin() as connection:
            if database.is_postgresql:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADING})
            found = found_revision(connection)
            _refuse_newer(found)
            if found is None:
                _refuse_strangers(connection)
            if found != known_revisions()[-1]:
                _migrate(connection)
    finally:
        engine.dispose()


def _alone(database: Database) -> Engine:
    """SQLite changes a table by making it anew, which foreign keys would take for deleting all its rows."""
    if database.is_postgresql:
        return create_engine(database.url, poolclass=NullPool)
    return sqlite_engine(database.url, is_writer=True, foreign_keys=False)


def _migrate(connection: Connection) -> None:
    from alembic import command  # half a second that only an upgrade needs
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if dangling:
            raise RuntimeError(f"the migration left rows that point nowhere: {dangling[:5]}")


def _refuse_strangers(connection: Connection) -> None:
    """Tables with our names that no migration of ours has made belong to somebody else."""
    taken = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
    if taken:
        raise SchemaOutdated(
            f"the database has a table {taken[0]} that is not ours: name an empty database in DATABASE_URL"
        )


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in known_revisions():
        raise SchemaOutdated(
            f"the database is at revision {found}, which only a newer release knows: install that release again"
        )
