"""Houses and nights. A house serves many journeys; each has a street of its own, and ends without a complaint."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import streets
from tests.journeys.house import House, opened
from tests.journeys.night import Night
from tests.journeys.processes import Program
from tests.postgresql import PostgreSQL

DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(scope="session", autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    assert Program.end_all() == []


def fresh_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    """URL of a new one. PostgreSQL's go with their server."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'oncallbot.db'}"
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    return server.fresh_database()


@contextmanager
def house_of(
    request: pytest.FixtureRequest,
    places: pytest.TempPathFactory,
    kind: str,
    streets_of: dict[str, int],
    **options: Any,
) -> Iterator[House]:
    """A house on that kind of database, with so many streets of each kind."""
    folder = places.mktemp(kind)
    kinds = dict(enumerate(name for name, count in streets_of.items() for _ in range(count)))
    url = fresh_database(request, kind, folder)
    with opened(lambda: House(folder, url, kinds=kinds, **options)) as made:
        yield made


@pytest.fixture(scope="session", params=DATABASES)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The product on each kind of database, started as in production, shared by this pytest worker's journeys."""
    with house_of(request, tmp_path_factory, request.param, streets.NUMBERS, forks=False) as made:
        yield made


@pytest.fixture
def street(house: House) -> Iterator[Callable[[str], Night]]:
    """Call it with a kind of street (`streets.KINDS`) for a night in the next one."""
    nights = []

    def next_one(kind: str) -> Night:
        free = [street for street, its_kind in house.kinds.items() if its_kind == kind]
        assert free, f"add to streets.NUMBERS: every street of kind {kind!r} has had its night"
        del house.kinds[free[0]]
        nights.append(Night(house, free[0]))
        return nights[-1]

    yield next_one
    for night in nights:
        assert night.end() == []
