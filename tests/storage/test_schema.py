"""One history of migrations makes the same tables on both databases, once, and never touches a newer one."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from oncallbot.errors import SchemaOutdated
from oncallbot.storage import issues, probe, rule_objects, schema
from oncallbot.storage.database import Database
from oncallbot.storage.tables import metadata
from tests.storage.cast import FULL_ISSUE, NOW

ROOT = Path(__file__).resolve().parents[2]


POSTGRESQL_SHAPES = (
    """SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT concat(table_name, column_name, data_type, is_nullable, column_default)
       FROM information_schema.columns WHERE table_schema = 'public'""",
    "SELECT sequencename || start_value FROM pg_sequences",
)
SQLITE_SHAPES = ("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL",)


def shapes(database: Database) -> set[str]:
    """Every table, index and constraint as the database itself spells it."""
    with database.read() as connection:
        statements = POSTGRESQL_SHAPES if database.is_postgresql else SQLITE_SHAPES
        found = {str(one) for statement in statements for one in connection.execute(text(statement)).scalars()}
    return {spelling for one in found if "alembic" not in (spelling := normal(one))}


def normal(sql: str) -> str:
    """SQLAlchemy orders the parts of a CREATE TABLE as they were written: compare them as a set."""
    sql = re.sub(r"\s+", " ", sql.replace('"', ""))
    return " ".join(sorted(re.split(r", |\( ?| ?\)", sql)))


def test_an_empty_database_is_outdated_until_it_is_upgraded(database_url: str):
    database = Database.open(database_url)
    with pytest.raises(SchemaOutdated, match="run `oncallbot db upgrade`"):
        schema.check_schema(database)
    schema.upgrade(database)
    schema.check_schema(database)
    with database.read() as connection:
        assert rule_objects.revision(connection) == 0


def test_upgrading_again_changes_nothing(database: Database):
    with database.write() as connection:
        probe.write(connection, NOW)
    before = shapes(database)
    schema.upgrade(database)
    assert shapes(database) == before


def test_migrations_make_the_tables_that_alembic_expects(database: Database):
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_make_exactly_the_tables(database_url: str):
    database = Database.open(database_url)
    schema.upgrade(database)
    migrated = shapes(database)
    with database.write() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        assert not inspect(connection).get_table_names()
        metadata.create_all(connection)
    assert shapes(database) == migrated


def test_the_history_is_one_line_and_its_files_are_named_for_it():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    history = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    assert history[::-1] == schema.known_revisions()


def test_a_newer_database_is_refused_in_plain_words(database: Database):
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (schema.check_schema, schema.upgrade):
        with pytest.raises(SchemaOutdated, match="9999, which only a newer release knows"):
            act(database)


def test_processes_that_upgrade_at_once_do_not_disturb_each_other(database_url: str):
    code = """
import sys
from oncallbot.storage import schema
from oncallbot.storage.database import Database
sys.stdin.readline()
schema.upgrade(Database.open(sys.argv[1]))
"""
    line = [sys.executable, "-c", code, database_url]
    others = [
        subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(3)
    ]
    for other in others:
        assert other.stdin is not None
        other.stdin.write(b"\n")
        other.stdin.flush()
    said = [other.communicate(timeout=30)[0] for other in others]
    assert [(other.returncode, words) for other, words in zip(others, said, strict=True)] == [(0, b"")] * 3
    schema.check_schema(Database.open(database_url))


def test_an_upgrade_that_fails_leaves_nothing_behind(database_url: str, monkeypatch: pytest.MonkeyPatch):
    database = Database.open(database_url)
    migrate: Callable[..., None] = schema._migrate

    def die(connection: object) -> None:
        migrate(connection)
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_migrate", die)
        with pytest.raises(InterruptedError):
            schema.upgrade(database)
    assert shapes(database) == set()
    schema.upgrade(database)
    schema.check_schema(database)


REBUILDING = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for old, new in (("customer", "company"), ("company", "customer")):
        with op.batch_alter_table("issues", table_kwargs={"sqlite_strict": True}) as batch:
            batch.alter_column(old, new_column_name=new)
"""


def test_a_migration_that_makes_a_table_anew_loses_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with database.write() as connection:
        issues.insert(connection, FULL_ISSUE)
    before = shapes(database)
    history = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, history)
    (history / "versions" / "r0002_rebuilding.py").write_text(REBUILDING)
    monkeypatch.setattr(schema, "MIGRATIONS", history)
    schema.upgrade(database)
    with database.read() as connection:
        assert issues.load(connection, 1042) == FULL_ISSUE
    assert shapes(database) == before


def test_tables_of_somebody_else_are_refused_and_left_alone(database_url):
    database = Database.open(database_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE issues (theirs INTEGER)"))
    with pytest.raises(SchemaOutdated, match="a table issues that is not ours"):
        schema.upgrade(database)
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM issues WHERE theirs IS NULL")).scalar() == 0
    database.close()
