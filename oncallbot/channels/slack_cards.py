"""What does Slack show of an issue: its card for this reader, and the lines of its thread?

It must not choose the words (`wording.cards` does), nor post anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from oncallbot.chat.blocks import Button, Confirm, Message
from oncallbot.chat.card import Card, to_card
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.storage.timeline import NumberedEntry, TimelineEntry
from oncallbot.wording.cards import BUTTONS, CONFIRMED, PRIMARY, Action, card_words, thread_line
from oncallbot.wording.issue_words import zone_of


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card as Slack gets it. Two are equal when nobody could tell them apart."""

    message: Message


def draw(
    issue: Issue, rules: Rules, reader: Responder | None, now: datetime, entries: Sequence[TimelineEntry] = ()
) -> Drawn:
    """The card in `reader`'s direct messages, or (None) in the on-call channel, as the issue is now."""
    said = card_words(issue, rules, reader, now, entries)
    return Drawn(
        to_card(
            Card(
                header=said.header,
                lines=said.lines,
                quote=said.quote,
                footer=said.footer,
                buttons=tuple(button(action, issue.reference) for action in said.buttons),
                fallback=said.fallback,
            )
        )
    )


def thread_lines(issue: Issue, rules: Rules, entries: tuple[NumberedEntry, ...], now: datetime) -> list[str]:
    """The lines that these entries add to the card's thread, times in the hotline's zone."""
    tz = zone_of(issue, rules, None)
    lines = (thread_line(one.entry, tz, now) for one in entries)
    return [line for line in lines if line is not None]


def button(action: Action, reference: str) -> Button:
    """A button, on a card or in a form. `value` is the reference: it is read again by every later release."""
    asks = CONFIRMED.get(action)
    confirm = Confirm(asks[0], asks[1].format(reference=reference), BUTTONS[action]) if asks else None
    style: Literal["primary"] | None = "primary" if action is PRIMARY else None
    return Button(action.value, BUTTONS[action], reference, style, confirm)
