"""A responder did something: who decides about it? The doorway of everything that a person of ours can do.

It must not decide anything itself, but that nobody unknown acts.
"""

from __future__ import annotations

from oncallbot.escalation.decide import answer, holding, report
from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.events import (
    ClosedByHand,
    Dismissed,
    EscalatedNow,
    HandedOver,
    ResponderAdded,
    ResponderAnswered,
    ResponderEvent,
    Snoozed,
    SplitOff,
    TakenOver,
)
from oncallbot.escalation.outcomes import Kind, Outcome


def acted(draft: Draft, event: ResponderEvent) -> Outcome:
    """Whatever an identified responder did. Somebody who is not configured (any more) changes nothing."""
    if event.responder not in draft.rules.responders:
        return Outcome(Kind.UNKNOWN_RESPONDER, draft.issue.number)
    match event:
        case ResponderAnswered():
            return answer.answered(draft, event)
        case EscalatedNow():
            return answer.escalate_now(draft, event)
        case Dismissed():
            return answer.dismiss(draft, event)
        case Snoozed():
            return holding.snooze(draft, event)
        case HandedOver():
            return holding.hand_over(draft, event)
        case ResponderAdded():
            return holding.add_responder(draft, event)
        case TakenOver():
            return holding.take_over(draft, event)
        case ClosedByHand():
            return holding.close_by_hand(draft, event)
        case SplitOff():
            return report.split_off(draft, event)
