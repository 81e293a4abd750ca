"""An issue's alarm rang: what is overdue, and what of it is still worth doing by today's truth?

It must not replay a backlog: each overdue kind is handled once, one level or loop step at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from oncallbot.escalation import deadlines
from oncallbot.escalation.decide import pages, paging
from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.decide.report import next_opening
from oncallbot.escalation.effects import (
    Alarm,
    News,
    TellCustomer,
    TellDayTeam,
    TellManagers,
    TellResponder,
    TimelineKind,
    Told,
)
from oncallbot.escalation.issue import Deadline, DeadlineKind, Promised, Stage, Status
from oncallbot.escalation.outcomes import NOTHING, Outcome

REMINDER_WAITS = timedelta(minutes=5)  # after acknowledge_timeout, before the issue goes to others


def rang(draft: Draft) -> Outcome:
    """Handle every overdue kind once."""
    due = deadlines.overdue(draft.issue, draft.now)
    draft.drop(due)
    kinds = {one.kind for one in due}
    if DeadlineKind.PROMISE in kinds:
        kinds.discard(DeadlineKind.PROMISE_WARNING)
    for kind in DeadlineKind:
        if kind in kinds:
            _handle(draft, kind, [one for one in due if one.kind is kind])
    return NOTHING


def _handle(draft: Draft, kind: DeadlineKind, due: Sequence[Deadline]) -> None:
    match kind:
        case DeadlineKind.RULE:
            for one in due:
                pages.fire_due(draft, one.subject)
            paging.move_on_if_over(draft)
        case DeadlineKind.FIRST_PAGE:
            if draft.issue.status is Status.TRIGGERED and draft.issue.stage is Stage.WAITING:
                paging.begin(draft)
        case DeadlineKind.LEVEL:
            _level_over(draft)
        case DeadlineKind.FORGOTTEN:
            _remind(draft)
        case DeadlineKind.LET_LIE:
            _let_lie(draft)
        case DeadlineKind.PROMISE_WARNING:
            words = "Nobody has acknowledged, and four fifths of the promised time are over"
            draft.record(TimelineKind.PROMISE, words)
            draft.order(TellManagers(Alarm.PROMISE_AT_RISK, words))
        case DeadlineKind.PROMISE:
            _promise_missed(draft)
        case DeadlineKind.OPENING:
            _opening(draft)


def _level_over(draft: Draft) -> None:
    """One step, unless this ring has already taken it: then the new step's own deadline stands."""
    if draft.issue.status is not Status.TRIGGERED:
        return
    if deadlines.deadline(draft.issue, DeadlineKind.LEVEL) is None:
        paging.next_step(draft)


def _remind(draft: Draft) -> None:
    holder = draft.issue.holder
    if draft.issue.status is not Status.ACKNOWLEDGED or holder is None:
        return
    draft.set_deadline(DeadlineKind.LET_LIE, draft.now + REMINDER_WAITS)
    if holder in draft.rules.responders:
        why = "has it, and nothing has happened since: 4 keeps it"
        pages.start(draft, holder, why, paging.LAST_HOLDER_LEVEL)


def _let_lie(draft: Draft) -> None:
    holder = draft.issue.holder
    if draft.issue.status is not Status.ACKNOWLEDGED or holder is None:
        return
    draft.order(TellResponder(holder, News.LET_LIE))
    paging.trigger_again(draft, f"{draft.name(holder)} let it lie", last_holder_first=False)


def _promise_missed(draft: Draft) -> None:
    """One apology with a new time; from then on only "still trying"."""
    if draft.issue.promised is not Promised.PENDING:
        return
    tier = draft.issue.tier
    length = tier.held_promise if draft.issue.status is Status.HELD else tier.promise
    new_time = draft.now + length if length else None
    draft.change(promised=Promised.MISSED)
    draft.record(TimelineKind.PROMISE, "Promise missed: nobody has acknowledged in time")
    draft.order(TellCustomer(Told.PROMISE_MISSED, at=new_time))
    draft.order(TellManagers(Alarm.PROMISE_MISSED, "Nobody acknowledged by the time that the customer was promised"))


def _opening(draft: Draft) -> None:
    match draft.issue.status:
        case Status.HELD:
            draft.order(TellDayTeam("Held, and waiting for you"))
        case Status.RESOLVED:
            draft.order(TellDayTeam("Resolved, and not yet confirmed by the customer"))
        case Status.TRIGGERED | Status.ACKNOWLEDGED | Status.CLOSED:
            return
    draft.set_deadline(DeadlineKind.OPENING, next_opening(draft.hotline, draft.now))
