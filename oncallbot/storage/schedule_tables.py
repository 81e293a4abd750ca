"""What is remembered about schedules? Worked shifts, duties done, proposals, cover requests, posts and feeds.

It must not change without a migration beside it (a test compares the two).
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Table, UniqueConstraint

from oncallbot.storage.columns import WHOLE, Document, Instant, Words
from oncallbot.storage.metadata import metadata, one_of, partial

worked_shifts = Table(
    "worked_shifts",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("schedule", Words, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("responders", Document, nullable=False),
    Column("reason", Words, nullable=False),
    CheckConstraint("ends_at > starts_at", name="ends_later"),
    UniqueConstraint("schedule", "starts_at"),
    Index(None, "ends_at"),
    sqlite_strict=True,
)

worked_until = Table(
    "worked_until",
    metadata,
    Column("schedule", Words, primary_key=True),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)

duties = Table(
    "duties",
    metadata,
    Column("duty", Words, primary_key=True),
    Column("subject", Words, primary_key=True),
    Column("due_at", Instant, primary_key=True),
    Column("done_at", Instant, nullable=False),
    Index(None, "done_at"),
    sqlite_strict=True,
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Words, primary_key=True),
    Column("made_by", Words, nullable=False),
    Column("decided_by", Words, nullable=False),
    Column("orders", Document, nullable=False),
    Column("reason", Words, nullable=False),
    Column("revision", WHOLE, nullable=False),
    Column("starts", Document, nullable=False),
    Column("made_at", Instant, nullable=False, index=True),
    Column("status", Words, nullable=False),
    Column("ended_at", Instant),
    one_of("status", "open", "confirmed", "declined", "replaced"),
    sqlite_strict=True,
)

cover_requests = Table(
    "cover_requests",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("schedule", Words, nullable=False),
    Column("responder", Words, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("reason", Words, nullable=False),
    Column("asked", Document, nullable=False),
    Column("status", Words, nullable=False),
    Column("taken_by", Words),
    Column("made_at", Instant, nullable=False),
    Column("deadline_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("ended_at", Instant),
    one_of("status", "open", "with_manager", "taken", "withdrawn", "lapsed"),
    CheckConstraint("status NOT IN ('open', 'with_manager') OR due_at IS NOT NULL", name="wakes"),
    partial(None, "due_at", where="due_at IS NOT NULL"),
    Index(None, "responder", "starts_at"),
    sqlite_strict=True,
)

posts = Table(
    "posts",
    metadata,
    Column("subject", Words, primary_key=True),
    Column("place", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("ts", Words, nullable=False),
    sqlite_strict=True,
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("made_by", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    one_of("kind", "responder", "schedule"),
    partial("uq_feeds_current", "kind", "subject", "made_by", where="revoked_at IS NULL", unique=True),
    sqlite_strict=True,
)
