"""Fixtures for every test: databases of both kinds, a browser, the shared data; and what no test may do.

Nothing here stands in for a part of ours.
"""

import gc
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from xdist.remote import Producer

from tests import needs, sharing
from tests.postgresql import PostgreSQL, PostgreSQLMissing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browsing import Windows

OURS = ("DATABASE_URL", "PORT", "PUBLIC_URL", "SECRET_KEY")
OUR_PREFIXES = ("ONCALLBOT_", "SLACK_", "TWILIO_")
NEAR = frozenset({"", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"})


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # until all is collected: importing and collecting leave little garbage, and much to look through
    needs.required()
    for name in list(os.environ):  # a developer's real tokens must not reach a test
        if name in OURS or (name.startswith(OUR_PREFIXES) and name != "ONCALLBOT_REQUIRE"):
            del os.environ[name]
    sys.addaudithook(stay_on_this_machine)
    hypothesis.settings.register_profile("house", deadline=None, print_blob=True, derandomize="CI" in os.environ)
    hypothesis.settings.load_profile("house")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    sharing.in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> sharing.SharingHouses | None:
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # as `in_order` has it, not the most tests first
    return sharing.SharingHouses(config, log)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # looking after every 700 took a tenth of the time
    gc.enable()


def stay_on_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    """No test reaches a vendor by mistake."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if str(host).endswith(".invalid"):  # the name kept for names that do not exist
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if host is not None and host not in NEAR and not str(host).startswith("127."):
        raise RuntimeError(f"a test tried to reach {host}: tests stay on this machine")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """One real server for this pytest worker, started by the first test that needs it."""
    try:
        server = PostgreSQL()
    except PostgreSQLMissing as missing:
        needs.lack("postgresql", str(missing))
    with server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSQL) -> Iterator[Callable[..., str]]:
    """Call it for the URL of a new empty database, or with `template=url` for a copy; dropped after the test."""
    made = []

    def fresh_database(template: str | None = None) -> str:
        made.append(postgresql_server.fresh_database(template))
        return made[-1]

    yield fresh_database
    for url in made:
        postgresql_server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a new empty database; the test runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'oncallbot.db'}"
    fresh_database: Callable[[], str] = request.getfixturevalue("postgresql_url")
    return fresh_database()


@pytest.fixture(scope="session")
def browser() -> Path:
    """Path of a Chromium to drive headless."""
    return needs.find_browser()


@pytest.fixture(scope="session")
def chromium(browser: Path) -> Iterator["Browser"]:
    """One running Chromium for this pytest worker."""
    from tests import browsing

    with browsing.running(browser) as started:
        yield started


@pytest.fixture
def windows(chromium: "Browser") -> Iterator["Windows"]:
    """Opens windows: `windows.open(browsing.PHONE, scripts=False)`. An error in a page's script fails the test."""
    from tests.browsing import Windows

    opened = Windows(chromium)
    yield opened
    opened.close()
    assert opened.errors == []


@pytest.fixture
def browser_page(windows: "Windows") -> "Page":
    """A window of laptop size."""
    return windows.open()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The vendors' own specifications, beside the checkout."""
    return needs.find_shared_data()
