"""Which issue does this belong to? What is stored finds the issue that a report joins or an answer means.

It must not decide what then happens to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from oncallbot.escalation.events import Answer, CustomerReported, ResponderAnswered
from oncallbot.escalation.issue import Issue, Road, Status
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.storage import issues
from oncallbot.storage.database import Database

ANOTHER_ROAD_WITHIN = timedelta(minutes=10)


def lock_reporter(database: Database, connection: Connection, event: CustomerReported) -> None:
    """One at a time per customer, stranger's contact or `dedup_key`: two first contacts must not open two issues."""
    subject = event.dedup_key or event.customer or event.contact  # a dedup_key joins by nothing else
    if subject:
        database.lock_subject(connection, f"{event.hotline}/{subject}")


def issue_of_report(connection: Connection, event: CustomerReported, now: datetime) -> Issue | None:
    """The open issue that the report joins: by reference, by `dedup_key`, as the same contact's newest, or as the
    customer's that came by another road under ten minutes ago (never by or to a webhook). Locked. None: a new one."""
    if event.reference is not None:
        named = issues.load(connection, event.reference, lock=True)
        if named is not None and _may_name(named, event) and named.status is not Status.CLOSED:
            return named
    if event.dedup_key:
        return _loaded(connection, issues.open_with_dedup_key(connection, event.hotline, event.dedup_key))
    if event.road in (Road.WEBHOOK, Road.COMMAND):
        return None
    if event.contact:
        found = _loaded(connection, issues.newest_open_of_contact(connection, event.hotline, event.contact))
        if found is not None:
            return found
    if event.customer:
        since = now - ANOTHER_ROAD_WITHIN
        return _loaded(connection, issues.opened_by_another_road(connection, event.customer, event.road, since))
    return None


def _may_name(named: Issue, event: CustomerReported) -> bool:
    """A reference joins only its own reporter's issue: a number guessed by a stranger must not."""
    if event.road is Road.COMMAND:
        return True
    same_customer = named.customer is not None and named.customer == event.customer
    return same_customer or (bool(event.contact) and named.contact == event.contact)


def _loaded(connection: Connection, number: int | None) -> Issue | None:
    found = issues.load(connection, number, lock=True) if number is not None else None
    return found if found is not None and found.status is not Status.CLOSED else None


def meant_by(connection: Connection, event: ResponderAnswered) -> int | Outcome:
    """The number of the issue that a bare key or word means; WHICH_ONE with the choices, or NOTHING_OPEN."""
    waiting = issues.open_pages_of(connection, event.responder)
    held = issues.held_by(connection, event.responder)
    match event.answer:
        case Answer.ACKNOWLEDGE | Answer.PASS | Answer.NOTE:
            candidates = list(waiting or held)
        case Answer.RESOLVE:
            candidates = sorted({*waiting, *held})
    if not candidates:  # late: somebody else was quicker, and this person should hear who
        candidates = list(issues.lately_paged(connection, event.responder))[:1]
    if not candidates:
        return Outcome(Kind.NOTHING_OPEN)
    if len(candidates) > 1:
        return Outcome(Kind.WHICH_ONE, choices=tuple(candidates))
    return candidates[0]
