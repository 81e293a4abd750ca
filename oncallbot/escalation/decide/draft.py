"""What has been decided so far? The sheet on which one decision is written before it is handed over.

It must not outlive the call of `decide` that made it: outside, a decision is an immutable value.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from oncallbot.escalation import deadlines
from oncallbot.escalation.effects import Effect, Recorded, TimelineKind
from oncallbot.escalation.issue import Deadline, DeadlineKind, Issue, Page
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.oncall.people import Method


@dataclass(slots=True)
class Draft:
    """One decision in the making: the issue as it will be, and the effects in the order they were decided."""

    issue: Issue
    rules: Rules
    now: datetime
    effects: list[Effect] = field(default_factory=list)

    @property
    def hotline(self) -> Hotline | None:
        """The issue's hotline; None when it has been removed since."""
        return self.rules.hotlines.get(self.issue.hotline)

    def name(self, responder: str) -> str:
        """The first name, for timeline texts; the id of somebody who has been removed since."""
        known = self.rules.responders.get(responder)
        return known.first_name if known else responder

    def change(self, **fields: Any) -> None:
        """Replace fields of the issue."""
        self.issue = replace(self.issue, **fields)

    def put_page(self, page: Page) -> None:
        """Put `page` in the place of that responder's."""
        self.issue = self.issue.with_page(page)

    def order(self, effect: Effect) -> None:
        """Add an effect."""
        self.effects.append(effect)

    def record(self, kind: TimelineKind, text: str, responder: str | None = None, method: Method | None = None) -> None:
        """Add a line to the timeline."""
        self.effects.append(Recorded(kind, text, responder, method))

    def set_deadline(self, kind: DeadlineKind, at: datetime, subject: str = "") -> None:
        """Set the deadline of that kind and subject."""
        self.issue = deadlines.setting(self.issue, kind, at, subject)

    def clear(self, *kinds: DeadlineKind) -> None:
        """Drop every deadline of these kinds."""
        self.issue = deadlines.clearing(self.issue, *kinds)

    def clear_rule(self, responder: str) -> None:
        """Drop the notification rule that is next for this responder."""
        mine = (one for one in self.issue.deadlines if (one.kind, one.subject) == (DeadlineKind.RULE, responder))
        self.issue = deadlines.dropping(self.issue, mine)

    def drop(self, dropped: tuple[Deadline, ...]) -> None:
        """Drop exactly these deadlines."""
        self.issue = deadlines.dropping(self.issue, dropped)
