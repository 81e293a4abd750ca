"""Escalation never waits for Slack: however long its answers take, telephones ring."""

import threading
import uuid
from datetime import timedelta

import pytest

from oncallbot.engine.outbox import MOST_OF_SLACK, Dispatcher
from oncallbot.engine.sending import Courier, Delivery
from oncallbot.oncall.people import Method
from oncallbot.storage import outbox
from oncallbot.storage.outbox import Notification, Purpose
from tests.engine.stage import Night


class Road:
    """A way out that reports who uses it; it lets nothing through while it is `shut`."""

    def __init__(self) -> None:
        self.used, self.shut = threading.Semaphore(0), threading.Event()
        self.shut.set()

    def send(self, _notification: Notification) -> Delivery:
        self.used.release()
        self.shut.wait(30)
        return Delivery(uuid.uuid4().hex)

    def find(self, _notification: Notification, since: object) -> tuple[str, ...]:
        return ()

    def has_ended(self, _provider_id: str, /) -> bool:
        return True

    def warm_up(self) -> None:
        pass


@pytest.fixture
def roads(night: Night):
    slack, sms = Road(), Road()
    courier = Courier(night.door, {Method.SLACK: slack, Method.SMS: sms}, night.measures)
    dispatcher = Dispatcher(night.door, courier, "serve-test")
    dispatcher.start()
    yield night, dispatcher, slack, sms
    slack.shut.set()
    dispatcher.stop(timedelta(seconds=5))


def put(night: Night, method: Method, count: int, priority: int) -> None:
    now = night.clock.now()
    rows = [
        Notification(
            id=uuid.uuid4().hex,
            purpose=Purpose.RESPONDER_TOLD,
            method=method,
            address=f"there {one}",
            words="hello",
            created_at=now,
            due_at=now,
            priority=priority,
        )
        for one in range(count)
    ]
    with night.database.write() as connection:
        outbox.put(connection, rows)


def test_when_slack_hangs_texts_leave_all_the_same(roads):
    night, dispatcher, slack, sms = roads
    slack.shut.clear()
    put(night, Method.SLACK, 30, priority=0)
    dispatcher.wake()
    assert all(slack.used.acquire(timeout=10) for _ in range(MOST_OF_SLACK))
    put(night, Method.SMS, 10, priority=3)
    dispatcher.wake()
    assert all(sms.used.acquire(timeout=10) for _ in range(10))
    assert not slack.used.acquire(blocking=False)


def test_once_slack_answers_everything_leaves(roads):
    night, dispatcher, slack, _sms = roads
    put(night, Method.SLACK, 30, priority=0)
    dispatcher.wake()
    assert all(slack.used.acquire(timeout=20) for _ in range(30))
