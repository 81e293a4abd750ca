"""Who hears of it, and what is the actor answered? The truth after a responder's act, in one place.

It must not change whose the issue is.
"""

from __future__ import annotations

from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.effects import TellCustomer, Told
from oncallbot.escalation.issue import Page, PageState, Status
from oncallbot.escalation.outcomes import Kind, Outcome


def say(draft: Draft, kind: Kind) -> Outcome:
    """The outcome with the holder's name and time in it: the truth for whoever comes second."""
    issue = draft.issue
    return Outcome(kind, issue.number, issue.holder, issue.acknowledged_at, issue.status)


def others_told(draft: Draft, actor: str) -> list[str]:
    """Whoever has had a notification of the present run of pages, but for the actor."""
    return [page.responder for page in draft.issue.pages if page.was_told and page.responder != actor and page.loop]


def concerned(draft: Draft, actor: str) -> list[str]:
    """Who learns that the issue needs nobody else any more: whoever was paged while it had no holder; else the holder,
    and whoever was asked to take it or to help and has not answered.
    """
    if draft.issue.status is Status.TRIGGERED:
        return others_told(draft, actor)
    holder = draft.issue.holder
    asked = [page.responder for page in draft.issue.pages if page.responder != holder and _has_been_asked(page)]
    return [one for one in (holder, *asked) if one is not None and one != actor]


def _has_been_asked(page: Page) -> bool:
    """Has word of the present question (take it, or help) left us, and is there no answer yet?"""
    left = any(one.left_us and one.round == page.round for one in page.attempts)
    return left and page.state is PageState.RUNNING


def customer_hears_of(draft: Draft, taker: str) -> None:
    """The customer is told who has it, and by when that person calls back, where the tier promises it."""
    call_back = draft.issue.tier.call_back
    draft.order(TellCustomer(Told.ACKNOWLEDGED, by=taker, at=draft.now + call_back if call_back else None))
