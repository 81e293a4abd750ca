"""Which module decides about this event? The doorway of the only place that decides.

It must not read a clock, a database or a vendor: everything that deciding needs is handed to it.
"""

from __future__ import annotations

from datetime import datetime

from oncallbot.escalation.decide import acting, alarm, delivery, report
from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.decision import Decision
from oncallbot.escalation.events import (
    AlarmRang,
    CustomerEvent,
    CustomerReported,
    DeliveryReported,
    Event,
    ResponderEvent,
)
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.outcomes import Outcome
from oncallbot.escalation.rules import Rules


def decide(issue: Issue, event: Event, rules: Rules, now: datetime) -> Decision:
    """What happens next to `issue`, because of `event`, at `now` (aware, UTC)? Total: every status, every event."""
    draft = Draft(issue, rules, now)
    outcome = _dispatch(draft, event)
    return Decision(draft.issue, tuple(draft.effects), outcome)


def decide_opening(number: int, event: CustomerReported, rules: Rules, now: datetime) -> Decision:
    """The same for a report that joins nothing: it opens the issue AH-<number>.

    `event.hotline` must be one of the rules' (the doors know no other).
    """
    draft = Draft(report.opening(event, number, rules, now), rules, now)
    outcome = report.open_issue(draft, event)
    return Decision(draft.issue, tuple(draft.effects), outcome)


def _dispatch(draft: Draft, event: Event) -> Outcome:
    if isinstance(event, CustomerEvent):
        return report.told(draft, event)
    if isinstance(event, ResponderEvent):
        return acting.acted(draft, event)
    match event:
        case DeliveryReported():
            return delivery.reported(draft, event)
        case AlarmRang():
            return alarm.rang(draft)
