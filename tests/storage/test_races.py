"""Two do the same at the same instant: one wins, the other learns it."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from oncallbot.escalation.issue import AttemptStatus, Status
from oncallbot.storage import issues, keys, live_calls, outbox, rule_objects
from oncallbot.storage.database import Database
from tests.storage.cast import ERIK, NOW, ON_POSTGRESQL, issue, notification

Answer = TypeVar("Answer")


def at_once(database: Database, does: Sequence[Callable[[Connection], Answer]]) -> list[Answer]:
    """Each in a thread and transaction of its own, begun together; their answers in the order given."""
    gate = threading.Barrier(len(does))

    def run(do: Callable[[Connection], Answer]) -> Answer:
        gate.wait()
        with database.write() as connection:
            return do(connection)

    with ThreadPoolExecutor(len(does)) as pool:
        return list(pool.map(run, does))


def test_a_notification_is_claimed_by_one(database: Database):
    with database.write() as connection:
        outbox.put(connection, [notification(f"{number:03}") for number in range(100)])
    claims: list[str] = []

    def worker(name: str) -> None:
        while True:
            with database.write() as connection:
                mine = outbox.claim(connection, NOW, name, 7)
            if not mine:
                return
            claims.extend(one.id for one in mine)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(worker, map(str, range(6))))
    assert Counter(claims) == {f"{number:03}": 1 for number in range(100)}


def test_an_overdue_issue_rings_with_one(database: Database):
    with database.write() as connection:
        issues.save_many(connection, [(None, issue(1001 + number)) for number in range(60)])
    rung: list[int] = []

    def worker(_: int) -> None:
        while True:
            with database.write() as connection:
                mine = issues.claim_overdue(connection, NOW, 7)
                rung.extend(one.number for one in mine)
                closed = [(one, replace(one, deadlines=(), status=Status.CLOSED)) for one in mine]
                issues.save_many(connection, closed)
            if not mine:
                return

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(worker, range(6)))
    assert Counter(rung) == {1001 + number: 1 for number in range(60)}


@ON_POSTGRESQL
def test_what_another_transaction_holds_is_left_out_and_does_not_wait(database: Database):
    with database.write() as connection:
        issues.save_many(connection, [(None, issue(1001)), (None, issue(1002))])
        outbox.put(connection, [notification("a"), notification("b")])
    with database.write() as first, database.write() as second:
        assert [one.number for one in issues.claim_overdue(first, NOW, 1)] == [1001]
        assert [one.number for one in issues.claim_overdue(second, NOW, 9)] == [1002]
        assert [one.id for one in outbox.claim(first, NOW, "w1", 1)] == ["a"]
        assert [one.id for one in outbox.claim(second, NOW, "w2", 9)] == ["b"]


@ON_POSTGRESQL
def test_a_row_that_points_to_an_issue_does_not_hide_it_from_the_alarm(database: Database):
    with database.write() as connection:
        issues.insert(connection, issue(1001))
    with database.write() as first, database.write() as second:
        outbox.put(first, [notification("a", issue=1001)])
        assert [one.number for one in issues.claim_overdue(second, NOW, 9)] == [1001]


def test_numbers_are_given_once(database: Database):
    def open_one(connection: Connection) -> int:
        number = issues.next_number(connection)
        issues.insert(connection, issue(number))
        return number

    assert sorted(at_once(database, [open_one] * 8)) == list(range(1001, 1009))


def test_a_key_is_decided_once_and_the_repeat_gets_the_first_answer(database: Database):
    def answer(connection: Connection) -> str | None:
        match keys.claim(connection, "SM1", NOW):
            case keys.Repeated(kept):
                return kept
            case keys.Claimed():
                mine = f"answered by {threading.get_ident()}"
                keys.keep_answer(connection, "SM1", mine)
                return mine

    answers = at_once(database, [answer] * 8)
    assert len(set(answers)) == 1
    assert answers[0] is not None


@ON_POSTGRESQL
def test_a_key_whose_first_claim_was_rolled_back_is_new_again(database: Database):
    is_waiting = threading.Event()

    def repeat() -> object:
        with database.write() as connection:
            is_waiting.set()
            return keys.claim(connection, "SM1", NOW)

    with ThreadPoolExecutor(1) as pool:
        try:
            with database.write() as connection:
                keys.claim(connection, "SM1", NOW)
                second = pool.submit(repeat)
                is_waiting.wait()
                raise InterruptedError
        except InterruptedError:
            pass
        assert second.result() == keys.Claimed()


def test_a_phone_is_in_one_call(database: Database):
    claims = [
        lambda connection, attempt=str(number): live_calls.claim(connection, ERIK, attempt, NOW) for number in range(8)
    ]
    assert sorted(at_once(database, claims)) == [False] * 7 + [True]


def test_rules_are_changed_by_one_and_the_other_is_stale(database: Database):
    ana = rule_objects.RuleObject("responder", "ana", "{}")
    changes = [lambda connection: rule_objects.replace_objects(connection, [ana], 0, "dora", NOW)] * 4
    assert sorted(at_once(database, changes)) == [False, False, False, True]


def test_a_subject_is_locked_by_one_at_a_time(database: Database):
    inside: list[int] = []

    def alone(connection: Connection) -> int:
        database.lock_subject(connection, "main/acme")
        inside.append(1)
        most = len(inside)
        connection.exec_driver_sql("SELECT 1")
        inside.pop()
        return most

    assert at_once(database, [alone] * 6) == [1] * 6


def test_of_a_withdrawal_and_a_check_one_learns_of_the_other(database: Database):
    for number in range(20):
        id_ = str(number)
        with database.write() as connection:
            outbox.put(connection, [notification(id_)])
            token = outbox.claim(connection, NOW, "w", 1)[0].lease_token or ""

        def check(connection: Connection, id_: str = id_, token: str = token) -> bool:
            return outbox.check(connection, id_, token, NOW)

        def withdraw(connection: Connection, id_: str = id_) -> bool:
            return outbox.withdraw(connection, [id_]) == [id_]

        _, was_sending = at_once(database, [check, withdraw])
        assert was_sending
        with database.write() as connection:
            assert not outbox.complete(connection, id_, token, AttemptStatus.SENT, NOW, "SM1"), "it has crossed"


def test_of_a_withdrawal_and_a_completion_exactly_one_wins(database: Database):
    for number in range(20):
        id_ = str(number)
        with database.write() as connection:
            outbox.put(connection, [notification(id_)])
            token = outbox.claim(connection, NOW, "w", 1)[0].lease_token or ""

        def complete(connection: Connection, id_: str = id_, token: str = token) -> bool:
            return outbox.complete(connection, id_, token, AttemptStatus.SENT, NOW, "SM1")

        def withdraw(connection: Connection, id_: str = id_) -> bool:
            return outbox.withdraw(connection, [id_]) == [id_]

        was_sent, was_withdrawn = at_once(database, [complete, withdraw])
        assert was_sent != was_withdrawn
        with database.read() as connection:
            row = outbox.load(connection, id_)
        assert row is not None
        assert row.status is (AttemptStatus.SENT if was_sent else AttemptStatus.WITHDRAWN)
        assert row.provider_id == "SM1"
