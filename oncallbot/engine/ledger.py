"""How is a decision made to last? Issue, pages, timeline and outbox rows are written in the caller's transaction.

It must not decide, nor send: senders are woken by the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from oncallbot.engine import letters
from oncallbot.escalation.decision import Decision
from oncallbot.escalation.effects import EndCall, Recorded, TellCustomer, TimelineKind, Withdraw
from oncallbot.escalation.issue import AttemptStatus, Issue
from oncallbot.escalation.rules import Rules
from oncallbot.storage import issues, live_calls, opt_outs, outbox, timeline


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision with the issue as it was before (None: it opens).

    Without `draws_cards` no card is brought up to date: a card that cannot be posted must not ask for the next one.
    """

    before: Issue | None
    decision: Decision
    draws_cards: bool = True


def write(connection: Connection, entries: Sequence[Entry], rules: Rules, now: datetime) -> bool:
    """Write these decisions. True when something is now to be sent (so that senders should be woken)."""
    issues.save_many(connection, [(entry.before, entry.decision.issue) for entry in entries])
    rows: list[outbox.Notification] = []
    lines: list[tuple[int, list[Recorded]]] = []
    for entry in entries:
        spread_rows, spread_lines = _spread(connection, entry, rules, now)
        rows += spread_rows
        if entry.draws_cards and (spread_lines or _looks_different(entry)):
            rows += _cards(connection, letters.Desk(entry.decision.issue, rules, now, wants_no_texts=False))
        lines.append((entry.decision.issue.number, spread_lines))
    timeline.append_many(connection, now, lines)
    outbox.put(connection, rows)
    return bool(rows)


def _spread(
    connection: Connection, entry: Entry, rules: Rules, now: datetime
) -> tuple[list[outbox.Notification], list[Recorded]]:
    """Sort one decision's effects into rows to send and lines to keep, in the order in which they were decided."""
    issue, effects = entry.decision.issue, entry.decision.effects
    tells_customer = any(isinstance(one, TellCustomer) for one in effects)
    wants_no_texts = tells_customer and opt_outs.since(connection, issue.contact) is not None
    desk = letters.Desk(issue, rules, now, wants_no_texts)
    rows: list[outbox.Notification] = []
    lines: list[Recorded] = []
    for effect in effects:
        match effect:
            case Recorded():
                lines.append(effect)
            case Withdraw(attempts):
                outbox.withdraw(connection, attempts)
                rows = [_withdrawn(row) if row.id in attempts else row for row in rows]  # ordered just before
                for call in live_calls.ringing(connection, attempts):
                    rows += desk.write(EndCall(call.attempt, call.provider_id or "")).notifications
            case _:
                written = desk.write(effect)
                rows += written.notifications
                lines += written.entries
    lines += replace_older_alarms(connection, issue.number, rows)
    return _without_repeats(connection, issue.number, rows), lines


def replace_older_alarms(
    connection: Connection, number: int, rows: Sequence[outbox.Notification]
) -> tuple[Recorded, ...]:
    """Managers get the newest alarm of a kind: an older one that could not leave yet says what is over. One line says
    so for the timeline; none when nothing waited."""
    newer = {_alarm_of(row) for row in rows if row.purpose is outbox.Purpose.ALARM}
    if not newer:
        return ()
    waits = (AttemptStatus.QUEUED, AttemptStatus.UNKNOWN)
    older = [
        row.id
        for row in outbox.of_issue(connection, number)
        if row.purpose is outbox.Purpose.ALARM and row.status in waits and _alarm_of(row) in newer
    ]
    if not older:
        return ()
    outbox.withdraw(connection, older)
    text = "An older alarm of the same kind had not left yet: the managers get the newest one"
    return (Recorded(TimelineKind.WITHDRAWN, text),)


def _alarm_of(row: outbox.Notification) -> tuple[str, str, str]:
    return row.method.value, row.address, str(row.detail.get(letters.ALARM_KIND))


def _without_repeats(connection: Connection, number: int, rows: list[outbox.Notification]) -> list[outbox.Notification]:
    """What still waits to leave is not put a second time, word for word: after a vendor's outage once is enough."""
    if all(row.purpose is not outbox.Purpose.CUSTOMER_TOLD for row in rows):
        return rows
    queued = (one for one in outbox.of_issue(connection, number) if one.status is AttemptStatus.QUEUED)
    waiting = {(one.purpose, one.address, one.words) for one in queued}
    told = outbox.Purpose.CUSTOMER_TOLD
    return [row for row in rows if row.purpose is not told or (told, row.address, row.words) not in waiting]


def _withdrawn(row: outbox.Notification) -> outbox.Notification:
    return replace(row, status=AttemptStatus.WITHDRAWN)


def _cards(connection: Connection, desk: letters.Desk) -> list[outbox.Notification]:
    """The cards to bring up to date, but for those that will be anyway: the newest state wins when they are sent."""
    return [row for row in desk.cards() if not outbox.is_card_waiting(connection, desk.issue.number, row.address)]


def _looks_different(entry: Entry) -> bool:
    """Does a card show anything of what has changed? Receipts move only attempts, which it does not show."""
    before, after = entry.before, entry.decision.issue
    if before is None:
        return True
    return replace(before, pages=after.pages, notifications_made=after.notifications_made) != after
