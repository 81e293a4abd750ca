"""Transactions end well or not at all, others are woken, and nobody waits for ever."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from oncallbot.errors import ConfigurationError, DatabaseUnavailable
from oncallbot.storage import opt_outs, probe, tables
from oncallbot.storage.database import Database
from oncallbot.storage.fair_lock import FairLock
from tests.storage.cast import ERIK, NOW, ON_POSTGRESQL

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


class Wakes:
    """Counts how often it was called; `beyond` waits for more."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def beyond(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.count > count, PATIENCE)


@contextmanager
def listening(database: Database) -> Iterator[Wakes]:
    stop, wakes = threading.Event(), Wakes()
    thread = threading.Thread(target=database.listen, args=(stop, wakes))
    thread.start()
    try:
        assert wakes.beyond(0), "it wakes once when it begins to listen"
        yield wakes
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def kill_connections(database: Database) -> None:
    """What a restarted server does to everybody who was connected."""
    with database.dedicated() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Another process with our code, spoken to over its pipes."""
    line = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def interrupted(database: Database, act: Callable[[Connection], object]) -> None:
    with database.write() as connection:
        act(connection)
        raise InterruptedError


def test_what_raises_is_rolled_back(database: Database):
    with pytest.raises(InterruptedError):
        interrupted(database, lambda connection: opt_outs.add(connection, ERIK, NOW))
    with database.read() as connection:
        assert opt_outs.since(connection, ERIK) is None


def test_what_follows_a_commit_happens_after_it_and_only_then(database: Database):
    seen: list[object] = []

    def look() -> None:
        with database.read() as connection:
            seen.append(opt_outs.since(connection, ERIK))

    with pytest.raises(InterruptedError):
        interrupted(database, lambda connection: database.after_commit(connection, look))
    assert seen == []
    with database.write() as connection:
        database.after_commit(connection, look)
        opt_outs.add(connection, ERIK, NOW)
        assert seen == []
    assert seen == [NOW]
    with database.write() as connection:
        opt_outs.remove(connection, ERIK)
    assert seen == [NOW], "the callbacks of one transaction do not follow the next"


def test_who_follows_a_commit_may_write(database: Database):
    def write() -> None:
        with database.write() as connection:
            opt_outs.add(connection, ERIK, NOW)

    with database.write() as connection:
        database.after_commit(connection, write)
    with database.read() as connection:
        assert opt_outs.since(connection, ERIK) == NOW


def test_a_reader_cannot_write(database: Database):
    with pytest.raises(DBAPIError, match=r"read-?only"), database.read() as connection:
        opt_outs.add(connection, ERIK, NOW)


def test_an_error_does_not_show_the_values_it_was_about(database: Database):
    with pytest.raises(DBAPIError) as caught, database.write() as connection:
        connection.execute(text("SELECT nothing FROM nowhere WHERE x = :phone"), {"phone": ERIK})
    assert ERIK not in str(caught.value)


def test_listeners_are_woken_by_another_process(migrated_url: str, database: Database):
    code = """
import sys
from datetime import UTC, datetime
from oncallbot.storage import probe
from oncallbot.storage.database import Database
database = Database.open(sys.argv[1])
with database.write() as connection:
    probe.write(connection, datetime(2026, 12, 26, tzinfo=UTC))
    database.announce(connection)
"""
    with listening(database) as wakes:
        before = wakes.count
        with child(code, migrated_url) as other:
            assert other.wait(PATIENCE) == 0
        assert wakes.beyond(before)


def test_listeners_are_woken_by_their_own_process(database: Database):
    with listening(database) as wakes:
        before = wakes.count
        with database.write() as connection:
            probe.write(connection, NOW)
            database.announce(connection)
        assert wakes.beyond(before)


@ON_POSTGRESQL
def test_a_listener_that_lost_its_connection_listens_again_and_wakes(database: Database):
    with listening(database) as wakes:
        before = wakes.count
        kill_connections(database)
        assert wakes.beyond(before), "it wakes when it is connected again"
        before = wakes.count
        with database.write() as connection:
            database.announce(connection)
        assert wakes.beyond(before)


@ON_POSTGRESQL
def test_a_restarted_server_goes_unnoticed_between_transactions(database: Database):
    for _ in range(2):
        with database.write() as connection:
            probe.write(connection, NOW)
        kill_connections(database)
    with database.read() as connection:
        assert connection.execute(select(tables.probe.c.at)).scalar_one() == NOW


@ON_POSTGRESQL
def test_a_connection_that_breaks_in_a_transaction_is_worth_another_try(database: Database):

    def break_it(connection: Connection) -> None:
        probe.write(connection, NOW)
        kill_connections(database)
        probe.write(connection, NOW)

    with pytest.raises(DatabaseUnavailable):
        interrupted(database, break_it)
    with database.write() as connection:
        probe.write(connection, NOW)


@pytest.mark.parametrize("url", ["postgresql://nobody@/nothing?host=/nowhere", "sqlite:////nowhere/oncallbot.db"])
def test_a_database_that_cannot_be_reached_is_worth_another_try(url: str):
    database = Database.open(url)
    for transaction in (database.read, database.write):
        with pytest.raises(DatabaseUnavailable), transaction():
            pass


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "oncallbot.db", "sqlite:///x?mode=ro"]
)
def test_a_url_that_names_no_database_of_ours_says_what_to_write(url: str):
    with pytest.raises(ConfigurationError, match="oncallbot"):
        Database.open(url)


def test_both_spellings_of_postgresql_are_understood():
    one, other = (Database.open(f"{name}://u:p@h/d?host=/s") for name in ("postgres", "postgresql"))
    assert one.url == other.url
    assert one.is_postgresql


def test_the_servers_clock_is_in_utc(database: Database):
    with database.read() as connection:
        there = database.time_there(connection)
    assert (there is None) == (not database.is_postgresql)
    assert there is None or there.utcoffset() is not None


HOLD_THE_WRITE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("INSERT INTO opt_outs VALUES ('+4900', '2026-12-26T00:00:00.000000+00:00')")
print("held", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
"""


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "oncallbot.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database.open(f"sqlite:///{path}")
    yield database
    database.close()


def test_a_writer_waits_for_another_process_and_then_sees_what_it_wrote(sqlite: Database):
    is_asking = threading.Event()
    seen: list[object] = []

    def write() -> None:
        is_asking.set()
        with sqlite.write() as connection:
            seen.append(opt_outs.since(connection, "+4900"))

    with child(HOLD_THE_WRITE_LOCK, str(sqlite.url.database)) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with sqlite.read() as connection:
            assert opt_outs.since(connection, "+4900") is None, "readers wait for nobody"
        writer = threading.Thread(target=write)
        writer.start()
        is_asking.wait(PATIENCE)
        other.stdin.write("\n")
        other.stdin.close()
        writer.join(PATIENCE)
    assert seen != [None]
    assert len(seen) == 1


def test_writing_processes_do_not_fail_each_other(sqlite: Database):
    code = """
import sys
from datetime import UTC, datetime
from oncallbot.storage import opt_outs, probe
from oncallbot.storage.database import Database
database = Database.open(sys.argv[1])
for _ in range(100):
    with database.write() as connection:
        opt_outs.since(connection, "")  # what has read and then writes is what SQLite refuses at once when deferred
        probe.write(connection, datetime(2026, 12, 26, tzinfo=UTC))
"""
    others = [child(code, str(sqlite.url).replace("+pysqlite", "")) for _ in range(3)]
    for _ in range(100):
        with sqlite.write() as connection:
            opt_outs.since(connection, ERIK)
            probe.write(connection, NOW)
    for other in others:
        with other:
            assert other.wait(PATIENCE) == 0


def test_sqlite_keeps_every_commit(sqlite: Database):
    with sqlite.write() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_copied_database_that_lost_its_write_ahead_log_gets_it_back(sqlite: Database):
    path = str(sqlite.url.database)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    with sqlite.write() as write:
        assert write.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


def test_writers_of_one_process_take_turns_in_the_order_in_which_they_came(sqlite: Database):
    order: list[int] = []

    def is_waiting(count: int) -> bool:
        return sqlite._turn.waiting == count

    def write(number: int) -> None:
        with sqlite.write():
            order.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    with sqlite.write():
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(partial(is_waiting, number + 1))
    for thread in threads:
        thread.join(PATIENCE)
    assert order == list(range(12))


def test_a_lock_that_is_not_given_in_time_is_not_given_later():
    lock = FairLock()
    assert lock.acquire(0)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(0)


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.002)):
        if condition():
            return
        pause.wait(0.002)
    raise AssertionError("it never came true")


@ON_POSTGRESQL
def test_two_subjects_do_not_wait_for_each_other(database: Database):
    with database.write() as first, database.write() as second:
        for connection, subject in ((first, "main/acme"), (second, "main/other")):
            locked(database, connection, subject)


def locked(database: Database, connection: Connection, subject: str) -> None:
    connection.execute(text("SET LOCAL lock_timeout = '1s'"))
    database.lock_subject(connection, subject)
