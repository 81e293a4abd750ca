"""Where does an issue's card stand in Slack, and how much of the timeline does its thread show?

It must not hold a card's words: they are made from the issue whenever a card is posted or updated.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from oncallbot.storage.statements import upsert_all
from oncallbot.storage.tables import cards


@dataclass(frozen=True, slots=True)
class PostedCard:
    """One card. `place` is `channel`, or the id of the responder in whose direct messages it stands.

    `shown_until` is the id of the last timeline entry that its thread shows; 0 shows none.
    """

    issue: int
    place: str
    channel: str
    ts: str
    shown_until: int = 0


def save(connection: Connection, card: PostedCard) -> None:
    """Keeps where it stands, or what has been shown since."""
    row = {name: getattr(card, name) for name in ("issue", "place", "channel", "ts", "shown_until")}
    upsert_all(connection, cards, [row])


def load(connection: Connection, issue: int, place: str) -> PostedCard | None:
    """The card at that place; None before it was posted."""
    row = connection.execute(select(cards).where(cards.c.issue == issue, cards.c.place == place)).first()
    return None if row is None else _card(row)


def of_issue(connection: Connection, issue: int) -> list[PostedCard]:
    """Every card of an issue."""
    return [_card(row) for row in connection.execute(select(cards).where(cards.c.issue == issue))]


def at(connection: Connection, channel: str, ts: str) -> PostedCard | None:
    """The card that this message is; None when the message is no card."""
    row = connection.execute(select(cards).where(cards.c.channel == channel, cards.c.ts == ts)).first()
    return None if row is None else _card(row)


def _card(row: Row[tuple[object, ...]]) -> PostedCard:
    return PostedCard(row.issue, row.place, row.channel, row.ts, row.shown_until)
