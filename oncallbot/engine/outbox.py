"""What is sent next, and by which thread? Claims due notifications for a bounded pool of sender threads.

It must not send by itself, nor claim more than its idle threads can take: a claim in a queue helps nobody.
"""

from __future__ import annotations

import logging
import queue
import threading
from datetime import datetime, timedelta

from sqlalchemy import Connection

from oncallbot.engine.handle import Door
from oncallbot.engine.sending import Courier
from oncallbot.errors import DatabaseUnavailable
from oncallbot.escalation.issue import AttemptStatus
from oncallbot.oncall.people import Method
from oncallbot.storage import outbox
from oncallbot.storage.outbox import Notification

log = logging.getLogger(__name__)

SENDERS = 8
MOST_OF_SLACK = 3  # of the senders: when Slack hangs, the others still ring telephones
LONGEST_CLAIM = timedelta(seconds=30)

_SLACK = frozenset({Method.SLACK})
_OTHERS = frozenset(Method) - _SLACK


class Dispatcher:
    """One thread that claims, and `senders` that send. `wake` may be called from anywhere, at any time."""

    def __init__(self, door: Door, courier: Courier, worker: str, senders: int = SENDERS) -> None:
        self._door = door
        self._courier = courier
        self._worker = worker
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._idle = threading.Semaphore(senders)
        self._todo: queue.SimpleQueue[Notification | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)]
        self._threads += [
            threading.Thread(target=self._send, name=f"sender-{number}", daemon=True) for number in range(senders)
        ]
        self._senders = senders
        self._slack = threading.Semaphore(min(MOST_OF_SLACK, max(senders - 1, 1)))

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    def stop(self, patience: timedelta) -> None:
        """Claim nothing more, and give sends that are under way until `patience` is over; the rest is sent again by
        whoever starts next."""
        self._stopping.set()
        self._woken.set()
        for _ in range(self._senders):
            self._todo.put(None)
        for thread in self._threads:
            thread.join(patience.total_seconds() / len(self._threads))

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait()
            self._woken.clear()
            try:
                while not self._stopping.is_set() and self._claim():
                    pass
            except DatabaseUnavailable as error:
                self._door.database.outage.failed("the outbox", error)
            except Exception:
                log.exception("the outbox could not be read, tried again at the next tick")

    def _claim(self) -> bool:
        """Claim for the threads that are idle now. True when there may be more."""
        places = 0
        while places < self._senders and self._idle.acquire(blocking=False):
            places += 1
        claimed: list[Notification] = []
        try:
            if places:
                claimed = self._claimed(places)
        finally:
            for _ in range(places - len(claimed)):
                self._idle.release()
        for notification in claimed:
            self._todo.put(notification)
        return bool(claimed)

    def _claimed(self, places: int) -> list[Notification]:
        now = self._door.clock.now()
        with self._door.database.read() as connection:
            due = outbox.statuses_due(connection, now)
        if not due:
            return []
        slack = 0
        while slack < places and self._slack.acquire(blocking=False):
            slack += 1
        taken = 0
        try:
            with self._door.database.write() as connection:
                claimed = _share(connection, now, self._worker, due, places, _OTHERS)
                left = min(slack, places - len(claimed))
                of_slack = _share(connection, now, self._worker, due, left, _SLACK)
            taken = len(of_slack)
        finally:
            for _ in range(slack - taken):
                self._slack.release()
        return claimed + of_slack

    def _send(self) -> None:
        try:
            self._courier.warm_up()
        except Exception:
            log.exception("a sender could not be made ready: its first notification will be slower, or will say why")
        while (notification := self._todo.get()) is not None:
            try:
                self._courier.carry(notification)
            except DatabaseUnavailable as error:
                log.warning("id=%s could not be written down, its claim will be released: %s", notification.id, error)
            except Exception:
                log.exception("id=%s could not be carried, its claim will be released", notification.id)
            finally:
                if notification.method is Method.SLACK:
                    self._slack.release()
                self._idle.release()
                self._woken.set()


def _share(
    connection: Connection,
    now: datetime,
    worker: str,
    due: frozenset[AttemptStatus],
    places: int,
    methods: frozenset[Method],
) -> list[Notification]:
    """What these methods get of the places; only what is `due` is asked for: each question delays a page."""
    claimed: list[Notification] = []
    if AttemptStatus.QUEUED in due and places > 0:
        claimed = outbox.claim(connection, now, worker, places, methods)
    if AttemptStatus.UNKNOWN in due and places > len(claimed):
        claimed += outbox.claim_unknown(connection, now, worker, places - len(claimed), methods)
    return claimed
