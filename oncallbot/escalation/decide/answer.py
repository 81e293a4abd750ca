"""A responder acted: whose is it now?

It must not know by which road the act came, but for the word on the timeline.
"""

from __future__ import annotations

from oncallbot.escalation.decide import holding, pages, paging
from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.decide.report import next_opening
from oncallbot.escalation.decide.telling import concerned, customer_hears_of, others_told, say
from oncallbot.escalation.effects import News, TellCustomer, TellResponder, TimelineKind, Told
from oncallbot.escalation.events import Answer, Dismissed, EscalatedNow, ResponderAnswered
from oncallbot.escalation.issue import DeadlineKind, PageState, Promised, Status
from oncallbot.escalation.outcomes import Kind, Outcome


def answered(draft: Draft, event: ResponderAnswered) -> Outcome:
    """Acknowledge, pass on, resolve or note, in whatever status the issue is."""
    match event.answer:
        case Answer.ACKNOWLEDGE:
            return _acknowledge(draft, event)
        case Answer.PASS:
            return _pass_on(draft, event)
        case Answer.RESOLVE:
            return _resolve(draft, event)
        case Answer.NOTE:
            return _note(draft, event)


def _acknowledge(draft: Draft, event: ResponderAnswered) -> Outcome:
    match draft.issue.status:
        case Status.TRIGGERED | Status.HELD:
            return _take(draft, event)
        case Status.ACKNOWLEDGED if draft.issue.holder == event.responder:
            pages.withdraw(draft, (event.responder,), PageState.WITHDRAWN, f"{draft.name(event.responder)} has it")
            paging.touch(draft)
            draft.record(TimelineKind.NOTE, f"{draft.name(event.responder)} is still on it", event.responder)
            return say(draft, Kind.ALREADY_YOURS)
        case Status.ACKNOWLEDGED if holding.is_offered(draft, event.responder):
            name = draft.name(event.responder)
            return holding.replace_holder(draft, event.responder, f"{name} takes it, by {event.road}")
        case Status.ACKNOWLEDGED if holding.is_asked(draft, event.responder):
            return holding.come_to_help(draft, event.responder)
        case Status.ACKNOWLEDGED:
            return _late(draft, event, Kind.ALREADY_TAKEN)
        case Status.RESOLVED:
            return _late(draft, event, Kind.ALREADY_RESOLVED)
        case Status.CLOSED:
            return _late(draft, event, Kind.ALREADY_CLOSED)


def _take(draft: Draft, event: ResponderAnswered) -> Outcome:
    taker = event.responder
    draft.record(TimelineKind.ACKNOWLEDGED, f"{draft.name(taker)} acknowledged, by {event.road}", taker)
    told = others_told(draft, taker)
    paging.stop(draft, f"{draft.name(taker)} has it")
    draft.change(status=Status.ACKNOWLEDGED, holder=taker, acknowledged_at=draft.now)
    paging.keep_promise(draft)
    paging.touch(draft)
    for responder in told:
        draft.order(TellResponder(responder, News.TAKEN, by=taker, at=draft.now))
    customer_hears_of(draft, taker)
    return say(draft, Kind.ACKNOWLEDGED)


def _pass_on(draft: Draft, event: ResponderAnswered) -> Outcome:
    match draft.issue.status:
        case Status.TRIGGERED:
            page = draft.issue.page_of(event.responder)
            if page is None or page.state is not PageState.RUNNING:
                return say(draft, Kind.NOTHING_TO_PASS)
            draft.record(
                TimelineKind.PASSED_ON, f"{draft.name(event.responder)} passed, by {event.road}", event.responder
            )
            pages.withdraw(draft, (event.responder,), PageState.PASSED, "passed on")
            paging.move_on_if_over(draft)
            return say(draft, Kind.PASSED_ON)
        case Status.ACKNOWLEDGED if draft.issue.holder == event.responder:
            name = draft.name(event.responder)
            draft.record(TimelineKind.PASSED_ON, f"{name} handed it back, by {event.road}", event.responder)
            paging.trigger_again(draft, f"{name} handed it back", last_holder_first=False, passed_by=event.responder)
            return say(draft, Kind.PASSED_ON)
        case Status.ACKNOWLEDGED if holding.is_asked(draft, event.responder):
            return holding.refuse(draft, event.responder)
        case Status.ACKNOWLEDGED:
            return _late(draft, event, Kind.ALREADY_TAKEN)
        case Status.RESOLVED:
            return _late(draft, event, Kind.ALREADY_RESOLVED)
        case Status.HELD:
            return say(draft, Kind.NOTHING_TO_PASS)
        case Status.CLOSED:
            return _late(draft, event, Kind.ALREADY_CLOSED)


def _resolve(draft: Draft, event: ResponderAnswered) -> Outcome:
    match draft.issue.status:
        case Status.TRIGGERED | Status.HELD | Status.ACKNOWLEDGED:
            return _settle(draft, event)
        case Status.RESOLVED:
            return _late(draft, event, Kind.ALREADY_RESOLVED)
        case Status.CLOSED:
            return _late(draft, event, Kind.ALREADY_CLOSED)


def _settle(draft: Draft, event: ResponderAnswered) -> Outcome:
    actor, holder = event.responder, draft.issue.holder
    line = f": {event.words}" if event.words else ""
    draft.record(TimelineKind.RESOLVED, f"{draft.name(actor)} says that it is fixed, by {event.road}{line}", actor)
    told = concerned(draft, actor)
    paging.stop(draft, f"{draft.name(actor)} resolved it")
    paging.keep_promise(draft)
    draft.change(
        status=Status.RESOLVED,
        resolved_at=draft.now,
        holder=holder or actor,
        acknowledged_at=draft.issue.acknowledged_at or draft.now,
    )
    draft.set_deadline(DeadlineKind.OPENING, next_opening(draft.hotline, draft.now))
    for responder in told:
        draft.order(TellResponder(responder, News.RESOLVED, by=actor, at=draft.now))
    draft.order(TellCustomer(Told.RESOLVED, by=actor, words=event.words))
    return say(draft, Kind.RESOLVED)


def _note(draft: Draft, event: ResponderAnswered) -> Outcome:
    draft.record(TimelineKind.NOTE, f"{draft.name(event.responder)}: {event.words}", event.responder)
    if draft.issue.status is Status.ACKNOWLEDGED:
        if draft.issue.holder == event.responder:
            pages.withdraw(draft, (event.responder,), PageState.WITHDRAWN, "the holder is on it")
        paging.touch(draft)
    return say(draft, Kind.NOTED)


def _late(draft: Draft, event: ResponderAnswered, kind: Kind) -> Outcome:
    text = f"{draft.name(event.responder)} answered late ({event.answer}, by {event.road}): {kind.replace('_', ' ')}"
    draft.record(TimelineKind.ANSWERED_LATE, text, event.responder)
    return say(draft, kind)


def escalate_now(draft: Draft, event: EscalatedNow) -> Outcome:
    """Page the next level without waiting for the present one's time."""
    match draft.issue.status:
        case Status.TRIGGERED:
            draft.record(TimelineKind.NOTE, f"{draft.name(event.responder)} asked to escalate now", event.responder)
            paging.next_step(draft)
            return say(draft, Kind.ESCALATED)
        case Status.HELD:
            draft.record(TimelineKind.NOTE, f"{draft.name(event.responder)} asked to escalate now", event.responder)
            paging.begin(draft)
            return say(draft, Kind.ESCALATED)
        case Status.ACKNOWLEDGED:
            return say(draft, Kind.ALREADY_TAKEN)
        case Status.RESOLVED:
            return say(draft, Kind.ALREADY_RESOLVED)
        case Status.CLOSED:
            return say(draft, Kind.ALREADY_CLOSED)


def dismiss(draft: Draft, event: Dismissed) -> Outcome:
    """A manager says that it was no issue. The only way to close a triggered one without resolving it."""
    person = draft.rules.responders[event.responder]
    if not draft.rules.is_manager(person, draft.issue.hotline):
        return Outcome(Kind.NOT_A_MANAGER, draft.issue.number)
    if draft.issue.status is Status.CLOSED:
        return say(draft, Kind.ALREADY_CLOSED)
    told = concerned(draft, event.responder)
    paging.stop(draft, "dismissed")
    draft.record(TimelineKind.CLOSED, f"{person.first_name} dismissed it: it was no issue", person.id)
    draft.change(status=Status.CLOSED, closed_at=draft.now, deadlines=())
    if draft.issue.promised is Promised.PENDING:
        draft.change(promised=Promised.NONE)
    for responder in told:
        draft.order(TellResponder(responder, News.CLOSED, by=person.id, at=draft.now))
    return say(draft, Kind.DISMISSED)
