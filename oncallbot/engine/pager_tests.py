"""Does my pager work? One test by each contact method at once, which says that it is one.

It must not be taken for a page, nor get in the way of one: whoever has a page to answer is not tested.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from oncallbot.engine import letters
from oncallbot.engine.handle import Door
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Method, Responder
from oncallbot.storage import issues, outbox, proofs
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.wording import pager_tests

AGAIN_AFTER = timedelta(minutes=1)
ANSWERED_WITHIN = timedelta(minutes=15)


def test(door: Door, responder: str) -> str:
    """Send the tests; the words that say by which roads."""
    with door.database.write() as connection:
        rules, now = door.rules.of(connection), door.clock.now()
        person = rules.responders[responder]
        if issues.open_pages_of(connection, responder):
            return pager_tests.PAGE_FIRST
        if proofs.was_tested(connection, responder, now - AGAIN_AFTER):
            return pager_tests.JUST_TESTED
        rows = [_row(rules, person, method, now) for method in _methods(rules, person)]
        outbox.put(connection, rows)
        door.wake_after(connection)
        return pager_tests.sent_text([row.method for row in rows])


def answers_test(door: Door, responder: str) -> bool:
    """Was this person tested just now, so that a text with nothing to answer answers the test?"""
    with door.database.read() as connection:
        return proofs.was_tested(connection, responder, door.clock.now() - ANSWERED_WITHIN)


def is_test(door: Door, attempt: str) -> bool:
    """Is this attempt a test?"""
    with door.database.read() as connection:
        row = outbox.load(connection, attempt)
    return row is not None and row.purpose is Purpose.TEST


def _methods(rules: Rules, person: Responder) -> list[Method]:
    return [one for one in (Method.SLACK, Method.SMS, Method.VOICE) if one in rules.roads and person.address(one)]


def _row(rules: Rules, person: Responder, method: Method, now: datetime) -> Notification:
    words = pager_tests.test_text(method)
    if method is Method.SLACK:
        return letters.slack_row(Purpose.TEST, person.slack or "", words, now, responder=person.id)
    return letters.phone_row(Purpose.TEST, method, person, words, rules, now)
