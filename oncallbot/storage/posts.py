"""Where in Slack does a message stand that is to be brought up to date? By subject and place.

It must not know what the message says. Cards of issues have a table of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from oncallbot.storage.schedule_tables import posts
from oncallbot.storage.statements import upsert_all


@dataclass(frozen=True, slots=True)
class Post:
    """`subject` as `cover 12`; `place` is a channel's name or a responder's id; where it stands in Slack."""

    subject: str
    place: str
    channel: str
    ts: str


def keep(connection: Connection, post: Post) -> None:
    """Remember where it stands."""
    row = {"subject": post.subject, "place": post.place, "channel": post.channel, "ts": post.ts}
    upsert_all(connection, posts, [row])


def of(connection: Connection, subject: str) -> tuple[Post, ...]:
    """Every post about the subject."""
    found = connection.execute(select(posts).where(posts.c.subject == subject).order_by(posts.c.place))
    return tuple(Post(row.subject, row.place, row.channel, row.ts) for row in found)
