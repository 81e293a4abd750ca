"""Somebody who only looks leaves no trace, and finds out whether others could write."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from oncallbot.errors import DatabaseUnavailable
from oncallbot.storage import opt_outs, readiness
from oncallbot.storage.database import Database
from tests.storage.cast import ERIK, NOW


def found(url: str) -> list[str]:
    database = Database.open_to_look(url)
    with database.read() as connection:
        return [one.wrong for one in readiness.problems(database, connection)]


def statement(url: str, words: str) -> None:
    with Database.open(url).dedicated() as connection:
        connection.execute(words)


def test_a_look_sees_what_others_have_committed(database: Database, migrated_url: str):
    looking = Database.open_to_look(migrated_url)
    with database.write() as connection:
        opt_outs.add(connection, ERIK, NOW)
    with looking.read() as connection:
        assert opt_outs.since(connection, ERIK) == NOW


@pytest.mark.parametrize("door", ["read", "write"])
def test_who_only_looks_cannot_write(migrated_url: str, door: str):
    looking = Database.open_to_look(migrated_url)
    with pytest.raises((DBAPIError, DatabaseUnavailable)), getattr(looking, door)() as connection:
        opt_outs.add(connection, ERIK, NOW)


def test_a_missing_file_stays_missing(tmp_path: Path):
    looking = Database.open_to_look(f"sqlite:///{tmp_path / 'oncallbot.db'}")
    with pytest.raises(DatabaseUnavailable), looking.read():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_look_leaves_no_file_beside_the_database(sqlite_template: Path):
    before = sorted(sqlite_template.parent.iterdir()), sqlite_template.stat().st_mtime_ns
    assert found(f"sqlite:///{sqlite_template}") == []
    assert (sorted(sqlite_template.parent.iterdir()), sqlite_template.stat().st_mtime_ns) == before


def test_a_sound_database_has_no_problem(migrated_url: str):
    # Throw-away servers of tests may run without fsync: that is what they would be told.
    assert [one for one in found(migrated_url) if "power cut" not in one and "crash" not in one] == []


def test_a_file_that_may_not_be_written_is_a_problem(tmp_path: Path, sqlite_template: Path):
    path = tmp_path / "oncallbot.db"
    path.write_bytes(sqlite_template.read_bytes())
    looking = Database.open_to_look(f"sqlite:///{path}")
    with looking.read() as connection:
        path.unlink()  # root may write whatever is there
        assert "may not be written" in readiness.problems(looking, connection)[0].wrong


def test_a_full_disk_is_a_problem(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(readiness, "LEAST_FREE", 2**62)
    assert "MB left" in found(f"sqlite:///{sqlite_template}")[0]


def test_commits_that_a_crash_loses_are_a_problem(postgresql_url, postgresql_template: str):
    url = postgresql_url(template=postgresql_template)
    name = make_url(url).database
    statement(url, f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    assert any(one.startswith("synchronous_commit is off") for one in found(url))


def test_a_database_that_is_set_read_only_is_a_problem(postgresql_url, postgresql_template: str):
    url = postgresql_url(template=postgresql_template)
    name = make_url(url).database
    statement(url, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    assert "transactions are read-only" in found(url)


def test_an_account_without_the_right_to_write_is_a_problem(postgresql_url, postgresql_template: str):
    url = postgresql_url(template=postgresql_template)
    statement(url, "CREATE ROLE reader LOGIN")
    statement(url, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    try:
        assert any("right to INSERT" in one for one in found(url.replace("postgres@", "reader@")))
    finally:
        statement(url, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM reader")
        statement(url, "DROP ROLE reader")
