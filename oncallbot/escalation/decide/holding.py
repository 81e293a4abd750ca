"""Somebody has it: how does it pass between people, wait, or end by hand?

It must not make anyone a holder who has not said so: handing over asks, and the other person's own act answers.
"""

from __future__ import annotations

from dataclasses import replace

from oncallbot.escalation.decide import pages, paging
from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.decide.telling import concerned, customer_hears_of, say
from oncallbot.escalation.effects import News, TellResponder, TimelineKind
from oncallbot.escalation.events import ClosedByHand, HandedOver, ResponderAdded, Snoozed, TakenOver
from oncallbot.escalation.issue import DeadlineKind, PageState, Stage, Status
from oncallbot.escalation.lengths import length_text
from oncallbot.escalation.outcomes import Kind, Outcome


def snooze(draft: Draft, event: Snoozed) -> Outcome:
    """The holder asks not to be reminded before `until`; nobody else can, and nothing else waits."""
    if (refusal := _only_of_holder(draft, event.responder)) is not None:
        return refusal
    if event.until <= draft.now:
        return say(draft, Kind.TIME_IS_PAST)
    pages.withdraw(draft, (event.responder,), PageState.WITHDRAWN, "snoozed")
    draft.clear(DeadlineKind.LET_LIE)
    draft.set_deadline(DeadlineKind.FORGOTTEN, event.until)
    text = f"{draft.name(event.responder)} is not reminded for {length_text(event.until - draft.now)}"
    draft.record(TimelineKind.SNOOZED, text, event.responder)
    return say(draft, Kind.SNOOZED)


def hand_over(draft: Draft, event: HandedOver) -> Outcome:
    """The holder asks somebody to take it. It stays the holder's until that person acknowledges."""
    if event.to not in draft.rules.responders:
        return Outcome(Kind.UNKNOWN_RESPONDER, draft.issue.number)
    if (refusal := _only_of_holder(draft, event.responder)) is not None:
        return refusal
    if event.to == event.responder:
        return say(draft, Kind.ALREADY_YOURS)
    text = f"{draft.name(event.responder)} asks {draft.name(event.to)} to take it"
    draft.record(TimelineKind.HANDED_OVER, text, event.responder)
    pages.start(draft, event.to, f"{draft.name(event.responder)} hands it over", paging.OFFERED_LEVEL)
    paging.touch(draft)
    return _asked(draft, event.to, Kind.OFFERED)


def add_responder(draft: Draft, event: ResponderAdded) -> Outcome:
    """Page one more person: with the present level while nobody has it, else to help the holder."""
    if event.added not in draft.rules.responders:
        return Outcome(Kind.UNKNOWN_RESPONDER, draft.issue.number)
    match draft.issue.status:
        case Status.TRIGGERED:
            if draft.issue.stage is Stage.WAITING:  # whoever wants more people takes the caller seriously
                paging.begin(draft)
            return _add(draft, event, paging.present_step(draft))
        case Status.ACKNOWLEDGED if draft.issue.holder == event.added:
            return say(draft, Kind.ALREADY_YOURS if event.added == event.responder else Kind.ALREADY_TAKEN)
        case Status.ACKNOWLEDGED:
            is_help = not is_offered(draft, event.added)  # asked to take it, that question stands
            outcome = _add(draft, event, paging.HELPER_LEVEL if is_help else paging.OFFERED_LEVEL)
            paging.touch(draft)
            return outcome
        case Status.HELD:
            return say(draft, Kind.NOT_ACKNOWLEDGED)
        case Status.RESOLVED:
            return say(draft, Kind.ALREADY_RESOLVED)
        case Status.CLOSED:
            return say(draft, Kind.ALREADY_CLOSED)


def _add(draft: Draft, event: ResponderAdded, level: int) -> Outcome:
    name = draft.name(event.responder)
    draft.record(TimelineKind.RESPONDER_ADDED, f"{name} adds {draft.name(event.added)}", event.added)
    pages.start(draft, event.added, f"{name} asks for help", level)
    return _asked(draft, event.added, Kind.ADDED)


def _asked(draft: Draft, responder: str, kind: Kind) -> Outcome:
    """Somebody is being paged for it, or (`reached_nobody`) there is no way to."""
    page = draft.issue.page_of(responder)
    is_unreachable = page is None or pages.has_failed(page, draft.rules)
    return replace(say(draft, kind), reached_nobody=is_unreachable)


def take_over(draft: Draft, event: TakenOver) -> Outcome:
    """Replace the holder by one's own act; the holder and the customer are told."""
    match draft.issue.status:
        case Status.ACKNOWLEDGED if draft.issue.holder == event.responder:
            return say(draft, Kind.ALREADY_YOURS)
        case Status.ACKNOWLEDGED:
            return replace_holder(draft, event.responder, f"{draft.name(event.responder)} took it over")
        case Status.TRIGGERED | Status.HELD:
            return say(draft, Kind.NOT_ACKNOWLEDGED)
        case Status.RESOLVED:
            return say(draft, Kind.ALREADY_RESOLVED)
        case Status.CLOSED:
            return say(draft, Kind.ALREADY_CLOSED)


def replace_holder(draft: Draft, taker: str, text: str) -> Outcome:
    """The issue has another holder now, who said so. The old one hears it, and whoever else was asked."""
    told = concerned(draft, taker)
    draft.record(TimelineKind.TAKEN_OVER, text, taker)
    paging.stop(draft, f"{draft.name(taker)} has it")
    draft.change(holder=taker, acknowledged_at=draft.now)
    paging.touch(draft)
    for responder in told:
        draft.order(TellResponder(responder, News.TAKEN, by=taker, at=draft.now))
    customer_hears_of(draft, taker)
    return say(draft, Kind.ACKNOWLEDGED)


def is_offered(draft: Draft, responder: str) -> bool:
    """Has the holder asked this responder to take it, and is the question open?"""
    page = draft.issue.page_of(responder)
    return page is not None and page.state is PageState.RUNNING and page.level == paging.OFFERED_LEVEL


def is_asked(draft: Draft, responder: str) -> bool:
    """Is this responder, who is not the holder, asked to take it or to help?"""
    page = draft.issue.page_of(responder)
    return page is not None and page.state is PageState.RUNNING and responder != draft.issue.holder


def come_to_help(draft: Draft, responder: str) -> Outcome:
    """Whoever was asked to help says that they are there: their pages end, the holder is told and keeps it."""
    text = f"{draft.name(responder)} is there to help"
    draft.record(TimelineKind.RESPONDER_ADDED, text, responder)
    _answer_holder(draft, responder, text)
    return say(draft, Kind.ALREADY_TAKEN)


def refuse(draft: Draft, responder: str) -> Outcome:
    """Whoever was asked says no: it stays with the holder, who is told."""
    name = draft.name(responder)
    says = "does not take it" if is_offered(draft, responder) else "cannot help"
    draft.record(TimelineKind.PASSED_ON, f"{name} {says}", responder)
    _answer_holder(draft, responder, f"{name} {says}: it is still yours")
    return say(draft, Kind.PASSED_ON)


def _answer_holder(draft: Draft, responder: str, words: str) -> None:
    pages.withdraw(draft, (responder,), PageState.WITHDRAWN, f"{draft.name(responder)} has answered")
    paging.touch(draft)
    if draft.issue.holder is not None:
        draft.order(TellResponder(draft.issue.holder, News.NOTE, by=responder, words=words))


def close_by_hand(draft: Draft, event: ClosedByHand) -> Outcome:
    """The day team closes what is resolved or was held; a night's page is never closed past its responder."""
    match draft.issue.status:
        case Status.RESOLVED | Status.HELD:
            paging.stop(draft, "closed")
            paging.keep_promise(draft)
            draft.record(TimelineKind.CLOSED, f"{draft.name(event.responder)} closed it by hand", event.responder)
            draft.change(status=Status.CLOSED, closed_at=draft.now, deadlines=())
            return say(draft, Kind.CLOSED)
        case Status.TRIGGERED | Status.ACKNOWLEDGED:
            return say(draft, Kind.RESOLVE_FIRST)
        case Status.CLOSED:
            return say(draft, Kind.ALREADY_CLOSED)


def _only_of_holder(draft: Draft, responder: str) -> Outcome | None:
    """Why this responder cannot do what only the holder may; None when they can."""
    match draft.issue.status:
        case Status.ACKNOWLEDGED if draft.issue.holder == responder:
            return None
        case Status.ACKNOWLEDGED:
            return say(draft, Kind.ALREADY_TAKEN)
        case Status.TRIGGERED | Status.HELD:
            return say(draft, Kind.NOT_ACKNOWLEDGED)
        case Status.RESOLVED:
            return say(draft, Kind.ALREADY_RESOLVED)
        case Status.CLOSED:
            return say(draft, Kind.ALREADY_CLOSED)
