"""The one door: every event of every road comes through here. Lock, load, decide, write: one commit, then wake.

It must not know a road or a vendor, nor send anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from oncallbot.clock import Clock
from oncallbot.engine import joining, ledger, letters, splitting
from oncallbot.engine.running_rules import RunningRules
from oncallbot.escalation.call import CallFact, CallMove, HotlineCall, advance
from oncallbot.escalation.decide import decide, decide_opening
from oncallbot.escalation.events import (
    AlarmRang,
    ContactOptedOut,
    CustomerReported,
    DeliveryReported,
    Event,
    ReportContinued,
    ResponderAnswered,
    SplitOff,
)
from oncallbot.escalation.issue import AttemptStatus, Issue
from oncallbot.escalation.outcomes import NOTHING, Kind, Outcome
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.storage import calls, issues, keys, live_calls, opt_outs, outbox, reports
from oncallbot.storage.database import Database
from oncallbot.storage.outbox import Notification

log = logging.getLogger(__name__)
Render = Callable[[Outcome, Rules, Issue | None], str]
DecideIt = Callable[[Connection, Rules], tuple[Outcome, Issue | None]]
Aside = Callable[[Outcome, Rules, Issue | None], Notification | None]
RenderCall = Callable[[CallMove, Outcome, Rules, Issue | None], str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What the road says: the outcome (None on a repeat, whose first answer is in `body`) and the rendered body."""

    outcome: Outcome | None
    body: str
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """What a report leaves besides words: kept with the report, never decided about."""

    recording_url: str | None = None
    recording_seconds: int | None = None
    media: tuple[str, ...] = ()
    call_sid: str | None = None
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class PageAtHand:
    """`own` is the issue of the call itself; `open` are the issues with a page to answer, `own` first if it has."""

    responder: Responder
    own: Issue
    open: tuple[Issue, ...]


class Door:
    """`handle` and its relatives, for one process. Threads may share it.

    `wake` is called after a commit that left something to send.
    """

    def __init__(self, database: Database, clock: Clock, rules: RunningRules, wake: Callable[[], None]) -> None:
        self.database = database
        self.clock = clock
        self.rules = rules
        self._wake = wake

    def handle(
        self,
        event: Event,
        *,
        issue: int | None = None,
        key: str | None = None,
        render: Render | None = None,
        attached: Attached | None = None,
        aside: Aside | None = None,
    ) -> Answered:
        """Decide about one event, once. `issue` is the number where the road knows it; `key` names what came from
        outside, and a repeat gets the first body back. `aside` may make one more notification of the outcome, in the
        same commit (a private answer that the request itself cannot carry). Raises DatabaseUnavailable: nothing
        happened, try again (after a lost commit, with the same key)."""

        def decide_it(connection: Connection, rules: Rules) -> tuple[Outcome, Issue | None]:
            return self._decide_one(connection, event, issue, rules, attached or Attached())

        return self._answer_once(key, render, aside, decide_it)

    def split(
        self,
        responder: str,
        number: int,
        *,
        key: str | None = None,
        render: Render | None = None,
        aside: Aside | None = None,
    ) -> Answered:
        """Undo a wrong join, in one commit: the issue's newest report but the first opens an issue of its own, which
        the outcome names as its only choice. `key`, `aside` and errors as for `handle`."""

        def split_it(connection: Connection, rules: Rules) -> tuple[Outcome, Issue | None]:
            return self._split(connection, responder, number, rules)

        return self._answer_once(key, render, aside, split_it)

    def handle_call(self, call: HotlineCall, fact: CallFact, *, key: str, render: RenderCall) -> Answered:
        """Move a hotline call on, and its issue with it, in one commit. `call` serves when the call is new to us."""
        with self.database.write() as connection:
            if (first := self._first_answer(connection, key)) is not None:
                return first
            rules = self.rules.of(connection)
            known = calls.load(connection, call.sid, lock=True)
            move = advance(known or call, fact, rules, self.clock.now())
            outcome, after = NOTHING, None
            number = move.call.issue
            for event in move.events:
                outcome, after = self._decide_one(connection, event, number, rules, _attached(move.call, fact))
                number = outcome.number or number
            if after is None and number is not None:
                after = issues.load(connection, number)
            calls.save(connection, replace(move.call, issue=number))
            body = render(move, outcome, rules, after)
            keys.keep_answer(connection, key, body)
            return Answered(outcome, body)

    def tell_managers(self, words: str) -> None:
        """An alarm about the product itself: to every manager's phone."""
        with self.database.write() as connection:
            rows = letters.to_every_manager(self.rules.of(connection), words, self.clock.now())
            outbox.put(connection, rows)
            self.wake_after(connection)

    def rules_now(self) -> Rules:
        """The running rules, for a door that must know whose number this is."""
        with self.database.read() as connection:
            return self.rules.of(connection)

    def answer_given(self, key: str) -> str | None:
        """The body that this key was answered with; None when it has not come yet."""
        with self.database.read() as connection:
            return keys.given(connection, key)

    def has_open_page(self, responder: str) -> bool:
        """Does this responder have a page to answer?"""
        with self.database.read() as connection:
            return bool(issues.open_pages_of(connection, responder))

    def hotline_call(self, sid: str) -> HotlineCall | None:
        """The call as it stands; None for one that we do not know."""
        with self.database.read() as connection:
            return calls.load(connection, sid)

    def page_at_hand(self, attempt: str) -> PageAtHand | None:
        """What whoever picked up the call of this attempt can answer; None when there is no such page."""
        with self.database.read() as connection:
            row = outbox.load(connection, attempt)
            own = issues.load(connection, row.issue) if row is not None and row.issue is not None else None
            responder = self.rules.of(connection).responders.get(row.responder or "") if row else None
            if own is None or responder is None:
                return None
            numbers = issues.open_pages_of(connection, responder.id)
            others = issues.load_many(connection, numbers, lock=False)
            return PageAtHand(responder, own, tuple(sorted(others, key=lambda one: one.number != own.number)))

    def offered_in_call(self, issue: int, responder: str, attempt: str, call: str) -> None:
        """This page was said in the call of another attempt: its own call need not ring any more."""
        with self.database.read() as connection:
            waiting = [one.id for one in outbox.waiting_calls(connection, issue, responder) if one.id != attempt]
        for one in waiting:
            self.handle(DeliveryReported(one, AttemptStatus.SENT, "offered in another page's call", call))

    def call_answered(self, attempt: str) -> None:
        """Somebody, or something, has picked up: that call is not ended any more."""
        with self.database.write() as connection:
            live_calls.answered(connection, attempt, self.clock.now())

    def wake_after(self, connection: Connection) -> None:
        """Once this transaction commits, wake the senders here and in every other process."""
        self.database.announce(connection)
        self.database.after_commit(connection, self._wake)

    def ring(self, connection: Connection, overdue: Sequence[Issue], now: datetime) -> None:
        """Handle AlarmRang for issues that the caller has locked. Raises whatever deciding one of them raised."""
        rules = self.rules.of(connection)
        entries = [ledger.Entry(issue, decide(issue, AlarmRang(), rules, now)) for issue in overdue]
        self._write(connection, entries, rules, now)

    def _answer_once(
        self, key: str | None, render: Render | None, aside: Aside | None, decide_it: DecideIt
    ) -> Answered:
        with self.database.write() as connection:
            if (first := self._first_answer(connection, key)) is not None:
                return first
            rules = self.rules.of(connection)
            outcome, after = decide_it(connection, rules)
            body = render(outcome, rules, after) if render else ""
            if key is not None:
                keys.keep_answer(connection, key, body)
            if aside is not None and (said := aside(outcome, rules, after)) is not None:
                outbox.put(connection, (said,))
                self.wake_after(connection)
            return Answered(outcome, body)

    def _first_answer(self, connection: Connection, key: str | None) -> Answered | None:
        if key is None:
            return None
        match keys.claim(connection, key, self.clock.now()):
            case keys.Repeated(answer):
                return Answered(None, answer or "", is_repeat=True)
            case keys.Claimed():
                return None

    def _decide_one(
        self, connection: Connection, event: Event, number: int | None, rules: Rules, attached: Attached
    ) -> tuple[Outcome, Issue | None]:
        now = self.clock.now()
        if isinstance(event, CustomerReported):
            return self._report(connection, event, number, rules, attached)
        if isinstance(event, ContactOptedOut):
            (opt_outs.add(connection, event.phone, now) if event.out else opt_outs.remove(connection, event.phone))
            number = issues.newest_open_of_contact(connection, None, event.phone)
            if number is None:
                return Outcome(Kind.OPTED_OUT if event.out else Kind.OPTED_IN), None
        if isinstance(event, DeliveryReported):
            number = _issue_of_row(connection, event)
        if isinstance(event, ResponderAnswered) and number is None:
            meant = joining.meant_by(connection, event)
            if isinstance(meant, Outcome):
                return meant, None
            number = meant
        before = issues.load(connection, number, lock=True) if number is not None else None
        draws_cards = True
        if isinstance(event, DeliveryReported):
            if event.provider_id:  # the answer to our request may have been lost: then this names the call first
                live_calls.bind(connection, event.attempt, event.provider_id)
            moved = outbox.advance(connection, event.attempt, event.status, event.error, now, event.provider_id)
            if before is None or (moved is None and event.status is AttemptStatus.FAILED):
                return NOTHING, None
            draws_cards = moved is None or moved.purpose is not outbox.Purpose.CARD
        if before is None:
            return Outcome(Kind.UNKNOWN_ISSUE, number), None
        if isinstance(event, ReportContinued):
            _keep_continuation(connection, event, attached)
        decision = decide(before, event, rules, now)
        self._write(connection, [ledger.Entry(before, decision, draws_cards)], rules, now)
        return decision.outcome, decision.issue

    def _report(
        self, connection: Connection, event: CustomerReported, number: int | None, rules: Rules, attached: Attached
    ) -> tuple[Outcome, Issue]:
        joining.lock_reporter(self.database, connection, event)
        now = self.clock.now()
        joined = (
            issues.load(connection, number, lock=True)
            if number is not None
            else joining.issue_of_report(connection, event, now)
        )
        if joined is None:
            decision = decide_opening(issues.next_number(connection), event, rules, now)
        else:
            decision = decide(joined, event, rules, now)
        self._write(connection, [ledger.Entry(joined, decision)], rules, now)
        reports.add(
            connection,
            reports.Report(
                issue=decision.issue.number,
                at=now,
                road=event.road,
                caller=event.caller,
                contact=event.contact,
                words=event.words,
                media=attached.media,
                call_sid=attached.call_sid,
                provider_id=attached.provider_id,
            ),
        )
        return decision.outcome, decision.issue

    def _split(self, connection: Connection, responder: str, number: int, rules: Rules) -> tuple[Outcome, Issue | None]:
        issue, report = splitting.lock_newest(self.database, connection, number, rules)
        if issue is None:
            return Outcome(Kind.UNKNOWN_ISSUE, number), None
        if report is None or issue.hotline not in rules.hotlines:  # a removed hotline opens nothing
            return Outcome(Kind.NOTHING_TO_SPLIT, number), issue
        now, into = self.clock.now(), issues.next_number(connection)
        split = decide(issue, SplitOff(responder, into), rules, now)
        if split.outcome.kind is not Kind.SPLIT:
            return split.outcome, issue
        opened = decide_opening(into, splitting.reported_anew(issue, report, rules), rules, now)
        self._write(connection, [ledger.Entry(issue, split), ledger.Entry(None, opened)], rules, now)
        splitting.move(connection, report, into)
        return split.outcome, split.issue

    def _write(self, connection: Connection, entries: Sequence[ledger.Entry], rules: Rules, now: datetime) -> None:
        if ledger.write(connection, entries, rules, now):
            self.wake_after(connection)
        for entry in entries:
            _log(entry)


def _attached(call: HotlineCall, fact: CallFact) -> Attached:
    url, seconds = getattr(fact, "url", None), getattr(fact, "seconds", None)
    return Attached(recording_url=url, recording_seconds=seconds, call_sid=call.sid)


def _keep_continuation(connection: Connection, event: ReportContinued, attached: Attached) -> None:
    """A recording or a transcript belongs to the report that the call left."""
    if attached.call_sid is None:
        return
    for report in reports.of_call(connection, attached.call_sid)[:1]:
        if event.kind == "transcription":
            reports.save(connection, replace(report, transcript=event.words))
        elif attached.recording_url:
            seconds = attached.recording_seconds
            reports.save(connection, replace(report, recording_url=attached.recording_url, recording_seconds=seconds))


def _issue_of_row(connection: Connection, event: DeliveryReported) -> int | None:
    """The number of the issue that should hear of it, None when none has to. The row itself is moved only once that
    issue is locked: an answer locks the issue first too, and then withdraws rows."""
    row = outbox.load(connection, event.attempt)
    if row is None:
        return None
    is_page = row.purpose is outbox.Purpose.PAGE
    return row.issue if is_page or event.status is AttemptStatus.FAILED else None


def _log(entry: ledger.Entry) -> None:
    issue, outcome = entry.decision.issue, entry.decision.outcome
    was = entry.before.status if entry.before else "new"
    log.info(
        "decided issue=%s was=%s is=%s stage=%s level=%s loop=%s outcome=%s effects=%s",
        issue.reference,
        was,
        issue.status,
        issue.stage,
        issue.level,
        issue.loop,
        outcome.kind,
        len(entry.decision.effects),
    )
    for effect in entry.decision.effects:
        log.debug("effect issue=%s %s", issue.reference, type(effect).__name__)
