"""Sessions and sign-in links: a link signs in once, whoever else is pressing the button; what is over is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from oncallbot.storage import sessions
from oncallbot.storage.database import Database
from oncallbot.storage.sessions import Session
from oncallbot.storage.tables import sessions as table
from tests.storage.cast import MINUTE, NOW

HOUR = timedelta(hours=1)


def test_of_many_who_use_a_link_at_once_one_is_signed_in(database: Database):
    with database.write() as connection:
        sessions.add_link(connection, "link", "dora", NOW)

    def use(_: int) -> str | None:
        with database.write() as connection:
            return sessions.use_link(connection, "link", NOW - MINUTE)

    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(use, range(8)))
    assert sorted(filter(None, used)) == ["dora"]


def test_looking_at_a_link_does_not_use_it(database: Database):
    with database.write() as connection:
        sessions.add_link(connection, "link", "dora", NOW)
    with database.read() as connection:
        assert sessions.link_for(connection, "link", NOW - MINUTE) == "dora"
        assert sessions.link_for(connection, "link", NOW) is None
        assert sessions.link_for(connection, "guessed", NOW - MINUTE) is None


def test_a_session_is_found_by_its_token_until_it_is_ended(database: Database):
    with database.write() as connection:
        sessions.begin(connection, "token", "dora", "link", NOW)
        sessions.see(connection, "token", NOW + HOUR)
    with database.write() as connection:
        assert sessions.find(connection, "token") == Session("dora", "link", NOW, NOW + HOUR)
        sessions.end(connection, "token")
        assert sessions.find(connection, "token") is None


def test_a_token_that_no_browser_would_send_is_merely_unknown(database: Database):
    with database.read() as connection:
        for odd in ("", "\0", "\ud800", "x" * 10_000):
            assert sessions.find(connection, odd) is None


def test_what_was_not_used_or_is_old_is_forgotten(database: Database):
    with database.write() as connection:
        sessions.begin(connection, "unused", "dora", "link", NOW)
        sessions.begin(connection, "old", "dora", "link", NOW - 9 * HOUR)
        sessions.see(connection, "old", NOW + HOUR)
        sessions.begin(connection, "good", "dora", "slack", NOW + HOUR)
        sessions.add_link(connection, "link", "dora", NOW)
        assert sessions.forget_before(connection, NOW + MINUTE, NOW - HOUR) == 2
        assert sessions.forget_links_before(connection, NOW + MINUTE) == 1
        assert connection.execute(select(table.c.road)).scalars().all() == ["slack"]
