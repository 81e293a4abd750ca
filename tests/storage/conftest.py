"""A migrated database of each kind for every test: copied, since migrating takes longer than most tests."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from oncallbot.storage.database import Database
from oncallbot.storage.schema import upgrade
from tests.postgresql import PostgreSQL


def migrated(url: str) -> str:
    database = Database.open(url)
    upgrade(database)
    database.close()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "oncallbot.db"
    migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgreSQL) -> str:
    return migrated(postgresql_server.fresh_database())


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        path = tmp_path / "oncallbot.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    fresh_database: Callable[..., str] = request.getfixturevalue("postgresql_url")
    return fresh_database(template=request.getfixturevalue("postgresql_template"))


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    opened = Database.open(migrated_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One database of each kind that no test changes for good."""
    kind = f"{request.param}_template"
    template = request.getfixturevalue(kind)
    if request.param == "sqlite":
        template = f"sqlite:///{shutil.copy(template, template.with_name('shared.db'))}"
    else:
        template = request.getfixturevalue("postgresql_server").fresh_database(template)
    opened = Database.open(template)
    yield opened
    opened.close()


@pytest.fixture
def connection(shared_database: Database) -> Iterator[Connection]:
    """One write transaction for the whole test, rolled back in the end: for all that does not depend on a commit."""
    with shared_database.write() as opened:
        yield opened
        opened.rollback()
