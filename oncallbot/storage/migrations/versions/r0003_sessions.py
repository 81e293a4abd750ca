"""Managers' sessions and one-time sign-in links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oncallbot.storage.columns import Instant, Words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two new tables; nothing that exists is touched."""
    op.create_table(
        "sessions",
        sa.Column("token_hash", Words(), nullable=False),
        sa.Column("responder", Words(), nullable=False),
        sa.Column("road", Words(), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sessions_seen_at"), "sessions", ["seen_at"], unique=False)
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", Words(), nullable=False),
        sa.Column("responder", Words(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
        sqlite_strict=True,
    )
