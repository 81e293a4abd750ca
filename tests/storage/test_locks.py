"""A worker's lock says whether it lives, and ends with its process however that ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from oncallbot.storage import locks
from oncallbot.storage.database import Database
from tests.storage.cast import ON_POSTGRESQL
from tests.storage.test_database import PATIENCE, child, kill_connections, wait_until

HOLD = """
import sys
from oncallbot.storage.database import Database
from oncallbot.storage.locks import WorkerLock
lock = WorkerLock.hold(Database.open(sys.argv[1]), "worker-1")
print("held" if lock else "refused", flush=True)
sys.stdin.readline()
"""


def is_held(database: Database, key: str = "worker-1") -> bool:
    with database.read() as connection:
        return locks.is_held(database, connection, key)


@contextmanager
def other_worker(url: str) -> Iterator[Callable[[], None]]:
    """Another process holds the lock; call what it yields to kill that process as `kill -9` does."""
    with child(HOLD, url) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        try:
            yield other.kill
        finally:
            other.kill()
            other.wait(PATIENCE)


def test_a_worker_lives_as_long_as_its_process(migrated_url: str, database: Database):
    assert not is_held(database)
    with other_worker(migrated_url) as kill:
        assert is_held(database)
        kill()
        wait_until(lambda: not is_held(database))


def test_a_second_one_of_the_same_name_is_refused(migrated_url: str, database: Database):
    with other_worker(migrated_url) as kill:
        assert locks.WorkerLock.hold(database, "worker-1") is None
        kill()
        taken: list[locks.WorkerLock | None] = []

        def take() -> bool:
            taken.append(locks.WorkerLock.hold(database, "worker-1"))
            return taken[-1] is not None

        wait_until(take)
    lock = taken[-1]
    assert lock is not None
    assert is_held(database)
    lock.release()
    assert not is_held(database)


def test_on_sqlite_a_second_serve_is_refused_whatever_its_name(migrated_url: str, database: Database):
    with other_worker(migrated_url):
        lock = locks.WorkerLock.hold(database, "worker-2")
    assert (lock is None) == (not database.is_postgresql)
    if lock is not None:
        lock.release()


def test_keeping_a_lock_that_is_held_holds_it(database: Database):
    lock = locks.WorkerLock.hold(database, "worker-1")
    assert lock is not None
    assert lock.keep()
    assert is_held(database)
    lock.release()


@ON_POSTGRESQL
def test_a_lock_that_was_lost_with_its_connection_is_taken_again(database: Database):
    lock = locks.WorkerLock.hold(database, "worker-1")
    assert lock is not None
    kill_connections(database)
    wait_until(lambda: not is_held(database))
    assert lock.keep()
    assert is_held(database)
    lock.release()


@ON_POSTGRESQL
def test_a_lock_that_somebody_took_meanwhile_is_not_ours(migrated_url: str, database: Database):
    lock = locks.WorkerLock.hold(database, "worker-1")
    assert lock is not None
    kill_connections(database)
    wait_until(lambda: not is_held(database))
    with other_worker(migrated_url):
        assert not lock.keep()


def test_looking_whether_a_serve_lives_does_not_stop_one_from_starting(database: Database):
    for _ in range(50):
        assert not is_held(database)
        lock = locks.WorkerLock.hold(database, "worker-1")
        assert lock is not None
        lock.release()
