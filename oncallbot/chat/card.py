"""What does a card show? A record of words and buttons, and the one way in which it becomes a message.

It must not know an issue: `channels` fills the record, and says the state in words in the header.
"""

from __future__ import annotations

from dataclasses import dataclass

from oncallbot.chat.blocks import Actions, Block, Button, Context, Header, Message, Section, message
from oncallbot.chat.texts import Words, joined, quote, words


@dataclass(frozen=True, slots=True)
class Card:
    """One message per issue, updated in place. `quote` holds the customer's own words.

    `fallback` is what a notification or a screen reader says; without it the header and the lines.
    """

    header: str
    lines: tuple[str | Words, ...] = ()
    quote: str = ""
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    fallback: str = ""


def to_card(card: Card) -> Message:
    """The card's message: header, lines, quote, footer, buttons; whatever is empty is left out."""
    blocks: list[Block] = [Header(card.header)]
    if card.lines:
        blocks.append(Section(joined(card.lines)))
    if card.quote.strip():
        blocks.append(Section(quote(card.quote)))
    if card.footer:
        blocks.append(Context((card.footer,)))
    blocks.append(Actions(card.buttons))
    fallback = words(card.fallback) if card.fallback else joined((card.header, *card.lines))
    return message(fallback, blocks)
