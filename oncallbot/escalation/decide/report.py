"""A customer told us something: what does it open, join, or start again?

It must not look for the issue that a report joins: the engine finds it by what it has stored.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from oncallbot.escalation.decide import pages, paging
from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.effects import News, TellCustomer, TellDayTeam, TellResponder, TimelineKind, Told
from oncallbot.escalation.events import (
    CallerLeft,
    ContactOptedOut,
    CustomerEvent,
    CustomerReported,
    Reaction,
    ReportContinued,
    SplitOff,
)
from oncallbot.escalation.issue import DeadlineKind, Issue, Promised, Road, Stage, Status
from oncallbot.escalation.outcomes import NOTHING, Kind, Outcome
from oncallbot.escalation.rules import AfterHours, Hotline, Rules

UNKNOWN_CALLER_WAITS = timedelta(seconds=60)
TURNED_AWAY_WITHIN = timedelta(seconds=3)
WARN_AT = 0.8  # of a promise's length
NEVER_OPEN_ASKS_EVERY = timedelta(days=1)  # a hotline whose office never opens still shows its held issues daily
VOICE_MESSAGE = "Voice message"


def opening(event: CustomerReported, number: int, rules: Rules, now: datetime) -> Issue:
    """The issue that this report opens, before anything is decided about it."""
    hotline = rules.hotlines[event.hotline]
    customer = rules.customers.get(event.customer) if event.customer else None
    tier = rules.tier_of(hotline, customer)
    return Issue(
        number=number,
        status=Status.TRIGGERED,
        hotline=hotline.id,
        customer=event.customer,
        contact=event.contact,
        caller=event.caller,
        road=event.road,
        summary=event.words,
        opened_at=now,
        policy=rules.policy_for(hotline, tier.id),
        tier=tier,
        urgent=event.urgent,
        language=event.language,
        dedup_key=event.dedup_key,
    )


def told(draft: Draft, event: CustomerEvent) -> Outcome:
    """Whatever a customer did about an issue that is there already."""
    match event:
        case CustomerReported():
            return join(draft, event)
        case ReportContinued():
            return go_on(draft, event)
        case CallerLeft():
            return caller_left(draft, event)
        case ContactOptedOut():
            return opted_out(draft, event)


def open_issue(draft: Draft, event: CustomerReported) -> Outcome:
    """Page now or hold, by office hours, tier and urgency; the choice and its reason go on the timeline."""
    hotline = draft.rules.hotlines[event.hotline]
    is_open = draft.rules.is_office_open(hotline, draft.now)
    _record_report(draft, event)
    holds, why = _reaction(draft, event, is_open=is_open)
    if holds:
        _hold(draft, event, hotline, why, due_now=is_open)
    else:
        _trigger(draft, event, why)
    return outcome(draft, Kind.OPENED)


def _reaction(draft: Draft, event: CustomerReported, *, is_open: bool) -> tuple[bool, str]:
    """Is it held, and why (or why not)?"""
    tier = draft.issue.tier
    match event.reaction:
        case Reaction.PAGE:
            is_split = event.split_from is not None
            return False, "the issue it was split off was paged" if is_split else "somebody asked for a page"
        case Reaction.HOLD:
            return True, "the caller said that it can wait"
        case Reaction.OFFICE_UNANSWERED:
            draft.record(TimelineKind.TURNED_AWAY, "The office did not answer its phone")
            return tier.office_unanswered is AfterHours.HOLD, f"the office did not answer (tier {tier.id})"
        case Reaction.BY_HOURS:
            if is_open:
                return True, "the office is open: it is with the day team"
            if not event.urgent:
                return True, "it is not urgent, and the office is closed"
            return tier.after_hours is AfterHours.HOLD, f"the office is closed (tier {tier.id})"


def _trigger(draft: Draft, event: CustomerReported, why: str) -> None:
    draft.record(TimelineKind.OPENED, f"Opened, to be paged: {why}; policy {draft.issue.policy.id}")
    _promise(draft, draft.now, draft.issue.tier.promise)
    if event.still_talking:
        draft.change(stage=Stage.WAITING)
        draft.set_deadline(DeadlineKind.FIRST_PAGE, draft.now + UNKNOWN_CALLER_WAITS)
        draft.record(
            TimelineKind.NOTE, "An unknown caller is on the line: the page waits for the message, 60 s at most"
        )
    else:
        paging.begin(draft, answered_in_reply=_is_answered_in_reply(event))


def _hold(draft: Draft, event: CustomerReported, hotline: Hotline, why: str, *, due_now: bool) -> None:
    opens_at = draft.now if due_now else next_opening(hotline, draft.now)
    draft.change(status=Status.HELD)
    _promise(draft, opens_at, draft.issue.tier.held_promise)
    draft.record(TimelineKind.OPENED, f"Opened, held: {why}")
    draft.record(TimelineKind.HELD, "Waits for the day team" if due_now else "Waits for the next opening")
    if due_now:
        draft.order(TellDayTeam("New, and waiting for you"))
        opens_at = next_opening(hotline, draft.now)
    draft.set_deadline(DeadlineKind.OPENING, opens_at)
    if _is_answered_in_reply(event):
        draft.record(TimelineKind.CUSTOMER_TOLD, "Received: answered in the reply to the text")
    else:
        draft.order(TellCustomer(Told.HELD, at=draft.issue.promise_at))


def _is_answered_in_reply(event: CustomerReported) -> bool:
    return event.road is Road.TEXT and event.split_from is None


def _promise(draft: Draft, start: datetime, length: timedelta | None) -> None:
    """Start the clock by which somebody will have acknowledged, counted from `start`; nothing promised, no clock."""
    draft.clear(DeadlineKind.PROMISE_WARNING, DeadlineKind.PROMISE)
    if length is None:
        draft.change(promise_at=None, promised=Promised.NONE)
        return
    draft.change(promise_at=start + length, promised=Promised.PENDING)
    draft.set_deadline(DeadlineKind.PROMISE_WARNING, start + length * WARN_AT)
    draft.set_deadline(DeadlineKind.PROMISE, start + length)


def next_opening(hotline: Hotline | None, now: datetime) -> datetime:
    """The next start of office hours; a day from now where the office never opens."""
    opens_at = hotline.office_hours.next_opening(now) if hotline else None
    return opens_at or now + NEVER_OPEN_ASKS_EVERY


def join(draft: Draft, event: CustomerReported) -> Outcome:
    """Another report on this issue. Closed issues are not joined: the engine opens a new one."""
    _record_report(draft, event)
    if not draft.issue.contact and event.contact:
        draft.change(contact=event.contact)
    match draft.issue.status:
        case Status.TRIGGERED:
            if draft.issue.stage is Stage.WAITING:  # also at a redial: the first call's late hang-up must not close it
                paging.begin(draft)
        case Status.ACKNOWLEDGED:
            _tell_holder(draft, event.words or "The customer called again", rings=event.road is Road.CALL)
        case Status.RESOLVED:
            if event.road is Road.CALL or (event.road is Road.WEBHOOK and _is_urgent(event)):
                again = "The customer called again" if event.road is Road.CALL else "The source reported it again"
                paging.trigger_again(draft, again, last_holder_first=True)
            else:
                _tell_holder(draft, event.words, rings=False)
        case Status.HELD:
            asked = event.reaction is Reaction.PAGE
            if asked or (_is_urgent(event) and not _is_day_teams(draft)):
                draft.record(TimelineKind.NOTE, "Now urgent: no longer held")
                if draft.issue.promised is not Promised.MISSED:  # one apology, and one only
                    _promise(draft, draft.now, draft.issue.tier.promise)
                paging.begin(draft)
        case Status.CLOSED:
            draft.record(TimelineKind.NOTE, "Came after the issue was closed")
    return outcome(draft, Kind.JOINED)


def _is_urgent(event: CustomerReported) -> bool:
    return event.urgent and event.reaction is not Reaction.HOLD


def _is_day_teams(draft: Draft) -> bool:
    """While the office is open a held issue stays with the day team; so does one whose tier holds at night."""
    hotline = draft.hotline
    is_open = hotline is not None and draft.rules.is_office_open(hotline, draft.now)
    return is_open or draft.issue.tier.after_hours is AfterHours.HOLD


def _tell_holder(draft: Draft, words: str, *, rings: bool) -> None:
    holder = draft.issue.holder
    if holder is None:
        return
    draft.order(TellResponder(holder, News.NOTE, words=words))
    if rings:
        draft.record(TimelineKind.NOTE, f"The customer is calling: {draft.name(holder)} is rung", holder)
        pages.ring(draft, holder)


def go_on(draft: Draft, event: ReportContinued) -> Outcome:
    """A recording, its transcription or a keyed number belongs to a report that is here already."""
    if event.words:
        draft.record(TimelineKind.REPORTED, f"{event.kind.capitalize()}: {event.words}")
    if event.contact:
        draft.change(contact=event.contact)
    is_placeholder = not draft.issue.summary or draft.issue.summary.startswith(f"{VOICE_MESSAGE}: ")
    if event.words and is_placeholder and event.kind != "keyed":
        spoken = event.kind == "recording"
        draft.change(summary=f"{VOICE_MESSAGE}: {event.words}" if spoken else event.words)
    if event.is_message and draft.issue.status is Status.TRIGGERED and draft.issue.stage is Stage.WAITING:
        paging.begin(draft)
    elif event.words and draft.issue.status is Status.ACKNOWLEDGED and draft.issue.holder:
        draft.order(TellResponder(draft.issue.holder, News.NOTE, words=event.words))
    return outcome(draft, Kind.JOINED)


def caller_left(draft: Draft, event: CallerLeft) -> Outcome:
    """The caller hung up. The issue stays; only a stranger's first three seconds are counted as turned away."""
    waiting = draft.issue.status is Status.TRIGGERED and draft.issue.stage is Stage.WAITING
    said = "without a message" if event.said_nothing else "after the message"
    draft.record(TimelineKind.REPORTED, f"The caller hung up {said}, after {int(event.after.total_seconds())} s")
    if not waiting:
        return outcome(draft, Kind.JOINED)
    if event.after < TURNED_AWAY_WITHIN and event.said_nothing and not event.is_known:
        draft.record(TimelineKind.TURNED_AWAY, "An unknown caller left within 3 s: turned away, nobody paged")
        draft.change(status=Status.CLOSED, closed_at=draft.now, deadlines=(), promised=Promised.NONE)
        draft.record(TimelineKind.CLOSED, "Closed as turned away")
        return NOTHING
    paging.begin(draft)
    return outcome(draft, Kind.JOINED)


def split_off(draft: Draft, event: SplitOff) -> Outcome:
    """Its newest report had joined wrongly, and is an issue of its own now: the outcome's only choice."""
    text = f"{draft.name(event.responder)} split its newest report off: that is AH-{event.into} now"
    draft.record(TimelineKind.SPLIT, text, event.responder)
    return replace(outcome(draft, Kind.SPLIT), choices=(event.into,))


def opted_out(draft: Draft, event: ContactOptedOut) -> Outcome:
    """The reporter's carrier word, kept on the timeline: it explains why no text went out."""
    said = "asked for no more texts" if event.out else "allows texts again"
    draft.record(TimelineKind.NOTE, f"The customer {said}")
    return Outcome(Kind.OPTED_OUT if event.out else Kind.OPTED_IN, draft.issue.number)


def outcome(draft: Draft, kind: Kind) -> Outcome:
    """What is said to the reporter about the issue as it now stands."""
    issue = draft.issue
    return Outcome(
        kind,
        number=issue.number,
        acknowledged_by=issue.holder,
        acknowledged_at=issue.acknowledged_at,
        status=issue.status,
        promise_at=issue.promise_at if issue.promised is Promised.PENDING else None,
        reached_nobody=paging.reaches_nobody(draft),
    )


def _record_report(draft: Draft, event: CustomerReported) -> None:
    said = event.words or "no words yet"
    if event.split_from is not None:
        draft.record(TimelineKind.SPLIT, f"Split off AH-{event.split_from}, which this report had wrongly joined")
    draft.record(TimelineKind.REPORTED, f"By {event.road} from {event.caller or 'a withheld number'}: {said}")
    if not draft.issue.summary and event.words:
        draft.issue = replace(draft.issue, summary=event.words)
