"""Cards in Slack, and the ids behind channel names and e-mail addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oncallbot.storage.columns import WHOLE, Instant, Words

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two new tables; nothing that exists is touched."""
    op.create_table(
        "cards",
        sa.Column("issue", WHOLE, autoincrement=False, nullable=False),
        sa.Column("place", Words(), nullable=False),
        sa.Column("channel", Words(), nullable=False),
        sa.Column("ts", Words(), nullable=False),
        sa.Column("shown_until", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.number"], name=op.f("fk_cards_issue_issues")),
        sa.PrimaryKeyConstraint("issue", "place", name=op.f("pk_cards")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_cards_channel_ts"), "cards", ["channel", "ts"], unique=False)
    op.create_table(
        "slack_ids",
        sa.Column("name", Words(), nullable=False),
        sa.Column("id", Words(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_slack_ids")),
        sqlite_strict=True,
    )
