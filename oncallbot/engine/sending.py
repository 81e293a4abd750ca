"""How does one notification leave? Claim the phone, look once more, send, write down what came of it.

It must not choose what to send next (`outbox`), nor mark anything as sent before it was: at least once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from oncallbot.clock import seconds_running
from oncallbot.engine.handle import Door
from oncallbot.engine.measures import Measures
from oncallbot.errors import Misconfigured, OutcomeUnknown, RateLimited, Refused, Unavailable, VendorError
from oncallbot.escalation.effects import Recorded, TimelineKind
from oncallbot.escalation.events import DeliveryReported
from oncallbot.escalation.issue import AttemptStatus
from oncallbot.oncall.people import Method
from oncallbot.storage import live_calls, outbox, timeline
from oncallbot.storage.database import Database
from oncallbot.storage.outbox import Notification, Purpose

log = logging.getLogger(__name__)

CALLBACK_MAY_COME = timedelta(seconds=5)  # after a send of unknown outcome, before it is looked up
PHONE_MAY_BE_FREE = timedelta(seconds=60)  # a safety net: the end of the other call makes it due at once
RETRIES = tuple(timedelta(seconds=one) for one in (0.5, 1, 2, 4, 8, 15))
# After a look-up that found nothing; with the wait before it: 5, 10, 20, 40 and 60 s between two sends. A vendor that
# answers errors is not helped by a storm, and may have done each of them.
PAUSES = tuple(timedelta(seconds=one) for one in (0, 5, 15, 35, 55))


_NOT_FOUND = "no usable answer, and nothing was found at the vendor: it is sent again"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The vendor has accepted it under this id."""

    provider_id: str | None


class Sender(Protocol):
    """One contact method's way out. Raises VendorError and nothing else; called from many threads at once."""

    def send(self, notification: Notification) -> Delivery:
        """Hand it to the vendor, once, without retrying."""

    def find(self, notification: Notification, since: datetime) -> tuple[str, ...]:
        """The vendor's ids of what may be this very notification, accepted at `since` or later; newest first."""

    def has_ended(self, _provider_id: str, /) -> bool:
        """Is that call over?"""

    def warm_up(self) -> None:
        """Make this thread's client now: the first page must not wait for it. Asks the vendor nothing."""


class Courier:
    """Sends notifications that the outbox has claimed for this process."""

    def __init__(self, door: Door, senders: Mapping[Method, Sender], measures: Measures) -> None:
        self._door = door
        self._database = door.database
        self._clock = door.clock
        self._senders = senders
        self._measures = measures

    def carry(self, notification: Notification) -> None:
        """Send one claimed notification, unless it has been withdrawn. Never raises a VendorError."""
        if notification.status is AttemptStatus.UNKNOWN:
            self._look_up(notification)
            return
        if not self._may_leave(notification):
            return
        sender = self._senders.get(notification.method)
        if sender is None:
            self._report(notification, AttemptStatus.FAILED, error=f"{notification.method} is not connected")
            return
        started = seconds_running()
        try:
            delivery = sender.send(notification)
        except VendorError as error:
            self._failed(notification, error)
        else:
            self._measures.sent(notification.method, seconds_running() - started)
            log.info("sent id=%s purpose=%s method=%s", notification.id, notification.purpose, notification.method)
            self._sent(notification, delivery.provider_id)

    def warm_up(self) -> None:
        """Called once by every sender thread, before its first notification."""
        for sender in self._senders.values():
            sender.warm_up()

    def _may_leave(self, notification: Notification) -> bool:
        """The last look, in a transaction of its own: what is withdrawn after it is known to have crossed."""
        now = self._clock.now()
        token = notification.lease_token or ""
        with self._database.write() as connection:
            if _needs_phone(notification) and not self._takes_phone(connection, notification, now):
                if outbox.postpone(
                    connection, notification.id, token, now + PHONE_MAY_BE_FREE, tries=notification.tries
                ):
                    _record_wait(connection, notification, now)
                return False
            if outbox.check(connection, notification.id, token, now):
                return True
            if _needs_phone(notification):
                _end_call(self._door, connection, notification.id, now)
            return False

    def _takes_phone(self, connection: Connection, notification: Notification, now: datetime) -> bool:
        _lock_phone(self._database, connection, notification.address)
        return live_calls.claim(connection, notification.address, notification.id, now)

    def _sent(self, notification: Notification, provider_id: str | None) -> None:
        if provider_id and _needs_phone(notification):
            with self._database.write() as connection:
                live_calls.bind(connection, notification.id, provider_id)
        self._report(notification, AttemptStatus.SENT, provider_id=provider_id)
        if notification.error == _NOT_FOUND:
            self._vendor_is_back(notification.method)

    def _vendor_is_back(self, method: Method) -> None:
        """What answered errors has just done as asked: whatever waits out a pause for that need not wait any longer."""
        with self._database.write() as connection:
            if outbox.hasten(connection, self._clock.now(), method, _NOT_FOUND):
                self._door.wake_after(connection)

    def _failed(self, notification: Notification, error: VendorError) -> None:
        log.warning(
            "not sent id=%s method=%s code=%s %s: %s",
            notification.id,
            notification.method,
            error.code,
            type(error).__name__,
            error,
        )
        self._measures.failed(notification.method, type(error).__name__)
        now = self._clock.now()
        match error:
            case RateLimited(retry_after=wait):
                self._again(notification, now + max(wait, RETRIES[0]), str(error))
            case OutcomeUnknown():
                with self._database.write() as connection:
                    outbox.mark_unknown(
                        connection, notification.id, notification.lease_token or "", now + CALLBACK_MAY_COME, str(error)
                    )
            case Refused():
                self._free(notification)
                text = f"{error.code} {error}".strip()
                self._report(notification, AttemptStatus.FAILED, error=text, is_set_up=isinstance(error, Misconfigured))
            case Unavailable() | VendorError():
                wait = RETRIES[min(notification.tries, len(RETRIES) - 1)]
                self._again(notification, now + wait, str(error))

    def _again(self, notification: Notification, due_at: datetime, error: str) -> None:
        self._free(notification)
        with self._database.write() as connection:
            outbox.postpone(connection, notification.id, notification.lease_token or "", due_at, error)

    def _look_up(self, notification: Notification) -> None:
        """The answer never came: was it accepted? Only what no other notification of ours accounts for counts."""
        sender = self._senders.get(notification.method)
        since = (notification.checked_at or notification.created_at) - self._clock.offset
        try:
            found = sender.find(notification, since - timedelta(seconds=2)) if sender else ()
        except VendorError as error:
            log.warning("not looked up id=%s %s", notification.id, error)
            found = ()
        with self._database.read() as connection:
            unaccounted = [one for one in found if outbox.by_provider_id(connection, one) is None]
        if unaccounted:
            self._sent(notification, unaccounted[-1])
        else:
            pause = PAUSES[min(notification.tries, len(PAUSES) - 1)]
            self._again(notification, self._clock.now() + pause, _NOT_FOUND)

    def _free(self, notification: Notification) -> None:
        if _needs_phone(notification):
            free_phone(self._door, notification.id)

    def _report(
        self,
        notification: Notification,
        status: AttemptStatus,
        *,
        error: str = "",
        provider_id: str | None = None,
        is_set_up: bool = False,
    ) -> None:
        event = DeliveryReported(notification.id, status, error, provider_id, is_set_up)
        self._door.handle(event, issue=notification.issue)


def free_phone(door: Door, attempt_or_provider_id: str) -> None:
    """That call is over: whatever waits for the phone is due now."""
    with door.database.write() as connection:
        for phone in live_calls.phones_in(connection, attempt_or_provider_id):
            _lock_phone(door.database, connection, phone)
        _end_call(door, connection, attempt_or_provider_id, door.clock.now())


def _end_call(door: Door, connection: Connection, attempt_or_provider_id: str, now: datetime) -> None:
    """For whoever has locked its phone."""
    for phone in live_calls.free(connection, attempt_or_provider_id, now):
        if outbox.make_due(connection, now, address=phone):
            door.wake_after(connection)


def _lock_phone(database: Database, connection: Connection, phone: str) -> None:
    """Who finds the phone in a call writes that it waits before the end of that call looks for those who wait."""
    database.lock_subject(connection, f"phone/{phone}")


def _needs_phone(notification: Notification) -> bool:
    return notification.method is Method.VOICE and notification.purpose is Purpose.PAGE


def _record_wait(connection: Connection, notification: Notification, now: datetime) -> None:
    """Once per notification: why this phone does not ring yet."""
    if notification.issue is None or notification.due_at > notification.created_at:
        return
    text = "The call waits: this phone is in another call of ours, which offers every open page"
    entry = Recorded(TimelineKind.HELD_BACK, text, notification.responder, notification.method)
    timeline.append(connection, notification.issue, now, (entry,))
