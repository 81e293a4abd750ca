"""What comes out of deciding: the issue as it now is, what must be done, and what is answered.

It must not be made anywhere but in `decide`.
"""

from __future__ import annotations

from dataclasses import dataclass

from oncallbot.escalation.effects import Effect
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """The issue after the event, the effects in the order in which they were decided, and the answer."""

    issue: Issue
    effects: tuple[Effect, ...]
    outcome: Outcome
