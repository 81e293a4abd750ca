"""One notification's delivery is reported: does its page still stand, and what goes next?

It must not take a receipt for a person's answer: nothing here acknowledges.
"""

from __future__ import annotations

from dataclasses import replace

from oncallbot.escalation.decide import pages, paging
from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.effects import Alarm, EndCall, News, TellManagers, TellResponder, TimelineKind
from oncallbot.escalation.events import DeliveryReported
from oncallbot.escalation.issue import Attempt, AttemptStatus, Page, Status
from oncallbot.escalation.outcomes import NOTHING, Outcome
from oncallbot.oncall.people import Method

FINAL = frozenset({AttemptStatus.DELIVERED, AttemptStatus.FAILED})


def reported(draft: Draft, event: DeliveryReported) -> Outcome:
    """Move the attempt forward; a failure for good starts the next rule, a crossed send is taken back."""
    for page in draft.issue.pages:
        attempt = next((one for one in page.attempts if one.id == event.attempt), None)
        if attempt is not None:
            _of_page(draft, page, attempt, event)
            return NOTHING
    if event.status is AttemptStatus.FAILED:
        draft.record(TimelineKind.DELIVERY_FAILED, f"Could not be delivered: {event.error or 'no reason given'}")
    return NOTHING


def _of_page(draft: Draft, page: Page, attempt: Attempt, event: DeliveryReported) -> None:
    moved = replace(attempt, status=event.status)
    if attempt.status is AttemptStatus.WITHDRAWN:
        if moved.left_us:
            _crossed(draft, page, moved, event)
        return
    if attempt.status in FINAL or event.status in (attempt.status, AttemptStatus.QUEUED):
        return
    if attempt.left_us and event.status not in FINAL:
        return
    left_now = moved.left_us and not attempt.left_us
    _put(draft, page, moved)
    who = draft.name(page.responder)
    if left_now:
        draft.record(TimelineKind.NOTIFIED, f"{who} by {attempt.method}", page.responder, attempt.method)
    if event.status is AttemptStatus.FAILED:
        reason = event.error or "no reason given"
        text = f"{who} could not be reached by {attempt.method}: {reason}"
        draft.record(TimelineKind.DELIVERY_FAILED, text, page.responder, attempt.method)
        if event.is_set_up and not _failed_before(draft, moved):
            draft.order(TellManagers(Alarm.SET_UP, f"{attempt.method} cannot be used: {reason}"))
        _next_rule(draft, page, moved)


def _put(draft: Draft, page: Page, moved: Attempt) -> None:
    attempts = tuple(moved if one.id == moved.id else one for one in page.attempts)
    draft.put_page(replace(page, attempts=attempts, was_told=page.was_told or moved.left_us))


def _failed_before(draft: Draft, failed: Attempt) -> bool:
    """Has another notification by this method failed on this issue? Then the managers have heard of it."""
    return any(
        one.method is failed.method and one.status is AttemptStatus.FAILED and one.id != failed.id
        for page in draft.issue.pages
        for one in page.attempts
    )


def _next_rule(draft: Draft, page: Page, failed: Attempt) -> None:
    if draft.issue.status not in (Status.TRIGGERED, Status.ACKNOWLEDGED):
        return
    pages.hasten_after(draft, page.responder, failed)
    if draft.issue.status is Status.TRIGGERED:
        paging.move_on_if_over(draft)


def _crossed(draft: Draft, page: Page, attempt: Attempt, event: DeliveryReported) -> None:
    """It left in the instant in which the answer came. A call is ended unless answered; a text is followed up.

    From now on it counts as sent, so that it crosses once, however often it is reported.
    """
    text = f"{draft.name(page.responder)} by {attempt.method}: it left in the instant of the answer"
    draft.record(TimelineKind.CROSSED, text, page.responder, attempt.method)
    _put(draft, page, attempt)
    if attempt.method is Method.VOICE and event.provider_id:
        draft.order(EndCall(attempt.id, event.provider_id))
    if attempt.method is Method.VOICE and page.was_told:
        return  # told with everyone else: a call that ends at once needs no second word
    holder = draft.issue.holder
    if holder and holder != page.responder and draft.issue.status is not Status.TRIGGERED:
        is_resolved = draft.issue.status is not Status.ACKNOWLEDGED
        news = News.RESOLVED if is_resolved else News.TAKEN
        draft.order(TellResponder(page.responder, news, by=holder, at=draft.issue.acknowledged_at))
