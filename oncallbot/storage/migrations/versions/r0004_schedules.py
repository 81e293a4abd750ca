"""Schedules people can live with: worked shifts, duties, proposals, cover requests, posts, feeds, reasons of edits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oncallbot.storage.columns import WHOLE, Document, Instant, Words

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, and one column that may be empty."""
    op.add_column("audit", sa.Column("reason", Words(), nullable=True))
    _worked()
    _edits()
    _slack_and_feeds()


def _worked() -> None:
    op.create_table(
        "worked_shifts",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("schedule", Words(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("responders", Document(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_worked_shifts_ends_later")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worked_shifts")),
        sa.UniqueConstraint("schedule", "starts_at", name=op.f("uq_worked_shifts_schedule_starts_at")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_worked_shifts_ends_at"), "worked_shifts", ["ends_at"], unique=False)
    op.create_table(
        "worked_until",
        sa.Column("schedule", Words(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("schedule", name=op.f("pk_worked_until")),
        sqlite_strict=True,
    )
    op.create_table(
        "duties",
        sa.Column("duty", Words(), nullable=False),
        sa.Column("subject", Words(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("duty", "subject", "due_at", name=op.f("pk_duties")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_duties_done_at"), "duties", ["done_at"], unique=False)


def _edits() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", Words(), nullable=False),
        sa.Column("made_by", Words(), nullable=False),
        sa.Column("decided_by", Words(), nullable=False),
        sa.Column("orders", Document(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("starts", Document(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("status", Words(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'confirmed', 'declined', 'replaced')", name=op.f("ck_proposals_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proposals_made_at"), "proposals", ["made_at"], unique=False)
    op.create_table(
        "cover_requests",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("schedule", Words(), nullable=False),
        sa.Column("responder", Words(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("asked", Document(), nullable=False),
        sa.Column("status", Words(), nullable=False),
        sa.Column("taken_by", Words(), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("deadline_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'with_manager', 'taken', 'withdrawn', 'lapsed')",
            name=op.f("ck_cover_requests_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('open', 'with_manager') OR due_at IS NOT NULL", name=op.f("ck_cover_requests_wakes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_requests")),
        sqlite_strict=True,
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        op.f("ix_cover_requests_due_at"), "cover_requests", ["due_at"], postgresql_where=due, sqlite_where=due
    )
    op.create_index(op.f("ix_cover_requests_responder_starts_at"), "cover_requests", ["responder", "starts_at"])


def _slack_and_feeds() -> None:
    op.create_table(
        "posts",
        sa.Column("subject", Words(), nullable=False),
        sa.Column("place", Words(), nullable=False),
        sa.Column("channel", Words(), nullable=False),
        sa.Column("ts", Words(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "place", name=op.f("pk_posts")),
        sqlite_strict=True,
    )
    op.create_table(
        "feeds",
        sa.Column("id", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("subject", Words(), nullable=False),
        sa.Column("made_by", Words(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.CheckConstraint("kind IN ('responder', 'schedule')", name=op.f("ck_feeds_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sqlite_strict=True,
    )
    current = sa.text("revoked_at IS NULL")
    op.create_index(
        "uq_feeds_current",
        "feeds",
        ["kind", "subject", "made_by"],
        unique=True,
        postgresql_where=current,
        sqlite_where=current,
    )
