"""What changes here? From nothing to the tables of the first release.

It must not import from `tables`: those are today's, and this stays as it was.
"""

import sqlalchemy as sa
from alembic import op

from oncallbot.storage.columns import REAL_NUMBER, WHOLE, Document, Flag, Instant, Words

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("issue_number", start=1001)))
    op.create_table(
        "audit",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("object_id", Words(), nullable=False),
        sa.Column("before", Words(), nullable=True),
        sa.Column("after", Words(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audit_kind_object_id_id"), "audit", ["kind", "object_id", "id"], unique=False)
    op.create_table(
        "inbound_keys",
        sa.Column("key", Words(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("answer", Words(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbound_keys")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_inbound_keys_at"), "inbound_keys", ["at"], unique=False)
    op.create_table(
        "issues",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("status", Words(), nullable=False),
        sa.Column("hotline", Words(), nullable=False),
        sa.Column("customer", Words(), nullable=True),
        sa.Column("contact", Words(), nullable=False),
        sa.Column("caller", Words(), nullable=False),
        sa.Column("road", Words(), nullable=False),
        sa.Column("summary", Words(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("policy", Words(), nullable=False),
        sa.Column("tier", Words(), nullable=False),
        sa.Column("urgent", Flag(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("dedup_key", Words(), nullable=True),
        sa.Column("stage", Words(), nullable=False),
        sa.Column("level", WHOLE, nullable=False),
        sa.Column("loop", WHOLE, nullable=False),
        sa.Column("deadlines", Words(), nullable=False),
        sa.Column("wake_at", Instant(), nullable=True),
        sa.Column("holder", Words(), nullable=True),
        sa.Column("acknowledged_at", Instant(), nullable=True),
        sa.Column("promise_at", Instant(), nullable=True),
        sa.Column("promised", Words(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("notifications_made", WHOLE, nullable=False),
        sa.CheckConstraint("status = 'closed' OR wake_at IS NOT NULL", name=op.f("ck_issues_wakes")),
        sa.CheckConstraint(
            "status IN ('triggered', 'acknowledged', 'resolved', 'held', 'closed')", name=op.f("ck_issues_status")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_issues")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_issues_contact_number"),
        "issues",
        ["contact", "number"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
        sqlite_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        op.f("ix_issues_customer_opened_at"),
        "issues",
        ["customer", "opened_at"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
        sqlite_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        op.f("ix_issues_hotline_dedup_key"),
        "issues",
        ["hotline", "dedup_key"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed' AND dedup_key IS NOT NULL"),
        sqlite_where=sa.text("status <> 'closed' AND dedup_key IS NOT NULL"),
    )
    op.create_index(
        "ix_issues_open",
        "issues",
        ["number"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
        sqlite_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        op.f("ix_issues_wake_at"),
        "issues",
        ["wake_at"],
        unique=False,
        postgresql_where=sa.text("wake_at IS NOT NULL"),
        sqlite_where=sa.text("wake_at IS NOT NULL"),
    )
    op.create_table(
        "live_calls",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("phone", Words(), nullable=False),
        sa.Column("attempt", Words(), nullable=False),
        sa.Column("provider_id", Words(), nullable=True),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_calls")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_live_calls_attempt"), "live_calls", ["attempt"], unique=False)
    op.create_index(
        op.f("ix_live_calls_provider_id"),
        "live_calls",
        ["provider_id"],
        unique=False,
        postgresql_where=sa.text("provider_id IS NOT NULL"),
        sqlite_where=sa.text("provider_id IS NOT NULL"),
    )
    op.create_index(
        "uq_live_calls_phone",
        "live_calls",
        ["phone"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "opt_outs",
        sa.Column("phone", Words(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("phone", name=op.f("pk_opt_outs")),
        sqlite_strict=True,
    )
    op.create_table(
        "rule_objects",
        sa.Column("kind", Words(), nullable=False),
        sa.Column("id", Words(), nullable=False),
        sa.Column("body", Words(), nullable=False),
        sa.Column("applied", Words(), nullable=True),
        sa.Column("origin", Words(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_rule_objects")),
        sqlite_strict=True,
    )
    op.create_table(
        "rules_revision",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_rules_revision_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_revision")),
        sqlite_strict=True,
    )
    op.create_table(
        "webhooks",
        sa.Column("name", Words(), nullable=False),
        sa.Column("hotline", Words(), nullable=False),
        sa.Column("customer", Words(), nullable=True),
        sa.Column("token_hash", Words(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_webhooks_token_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "workers",
        sa.Column("id", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("clock_skew_seconds", REAL_NUMBER, nullable=False),
        sa.Column("roads", Words(), nullable=False),
        sa.Column("release", Words(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
        sqlite_strict=True,
    )
    op.create_table(
        "hotline_calls",
        sa.Column("sid", Words(), nullable=False),
        sa.Column("hotline", Words(), nullable=False),
        sa.Column("caller", Words(), nullable=False),
        sa.Column("customer", Words(), nullable=True),
        sa.Column("language", Words(), nullable=False),
        sa.Column("step", Words(), nullable=False),
        sa.Column("issue", WHOLE, nullable=True),
        sa.Column("is_known", Flag(), nullable=False),
        sa.Column("contact", Words(), nullable=False),
        sa.Column("number", Words(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("heard", Words(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.number"], name=op.f("fk_hotline_calls_issue_issues")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_hotline_calls")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_hotline_calls_caller_started_at"), "hotline_calls", ["caller", "started_at"], unique=False)
    op.create_index(op.f("ix_hotline_calls_issue"), "hotline_calls", ["issue"], unique=False)
    op.create_index(
        "ix_hotline_calls_live",
        "hotline_calls",
        ["started_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Words(), nullable=False),
        sa.Column("issue", WHOLE, nullable=True),
        sa.Column("responder", Words(), nullable=True),
        sa.Column("purpose", Words(), nullable=False),
        sa.Column("method", Words(), nullable=False),
        sa.Column("address", Words(), nullable=False),
        sa.Column("sender", Words(), nullable=False),
        sa.Column("words", Words(), nullable=False),
        sa.Column("detail", Document(), nullable=False),
        sa.Column("priority", WHOLE, nullable=False),
        sa.Column("status", Words(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("lease_token", Words(), nullable=True),
        sa.Column("worker", Words(), nullable=True),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("checked_at", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("provider_id", Words(), nullable=True),
        sa.Column("error", Words(), nullable=False),
        sa.CheckConstraint("status <> 'sending' OR lease_token IS NOT NULL", name=op.f("ck_outbox_leased")),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'unknown', 'sent', 'delivered', 'failed', 'withdrawn')",
            name=op.f("ck_outbox_status"),
        ),
        sa.ForeignKeyConstraint(["issue"], ["issues.number"], name=op.f("fk_outbox_issue_issues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_outbox_sending",
        "outbox",
        ["worker"],
        unique=False,
        postgresql_where=sa.text("status = 'sending'"),
        sqlite_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_outbox_unknown",
        "outbox",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("status = 'unknown'"),
        sqlite_where=sa.text("status = 'unknown'"),
    )
    op.create_index(op.f("ix_outbox_issue"), "outbox", ["issue"], unique=False)
    op.create_index(
        op.f("ix_outbox_provider_id"),
        "outbox",
        ["provider_id"],
        unique=False,
        postgresql_where=sa.text("provider_id IS NOT NULL"),
        sqlite_where=sa.text("provider_id IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_queued",
        "outbox",
        ["priority", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
        sqlite_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "ix_outbox_waiting_for",
        "outbox",
        ["address"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
        sqlite_where=sa.text("status = 'queued'"),
    )
    op.create_table(
        "pages",
        sa.Column("issue", WHOLE, autoincrement=False, nullable=False),
        sa.Column("responder", Words(), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("loop", WHOLE, nullable=False),
        sa.Column("level", WHOLE, nullable=False),
        sa.Column("round", WHOLE, nullable=False),
        sa.Column("attempts", Words(), nullable=False),
        sa.Column("rules_due", Words(), nullable=False),
        sa.Column("was_told", Flag(), nullable=False),
        sa.CheckConstraint("state IN ('running', 'passed', 'withdrawn')", name=op.f("ck_pages_state")),
        sa.ForeignKeyConstraint(["issue"], ["issues.number"], name=op.f("fk_pages_issue_issues")),
        sa.PrimaryKeyConstraint("issue", "responder", name=op.f("pk_pages")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_pages_running",
        "pages",
        ["responder", "issue"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
        sqlite_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "probe",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_probe_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe")),
        sqlite_strict=True,
    )
    op.create_table(
        "reports",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("issue", WHOLE, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("road", Words(), nullable=False),
        sa.Column("caller", Words(), nullable=False),
        sa.Column("contact", Words(), nullable=False),
        sa.Column("words", Words(), nullable=False),
        sa.Column("recording_url", Words(), nullable=True),
        sa.Column("recording_seconds", WHOLE, nullable=True),
        sa.Column("transcript", Words(), nullable=True),
        sa.Column("media", Document(), nullable=False),
        sa.Column("call_sid", Words(), nullable=True),
        sa.Column("provider_id", Words(), nullable=True),
        sa.ForeignKeyConstraint(["issue"], ["issues.number"], name=op.f("fk_reports_issue_issues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_reports_call_sid"),
        "reports",
        ["call_sid"],
        unique=False,
        postgresql_where=sa.text("call_sid IS NOT NULL"),
        sqlite_where=sa.text("call_sid IS NOT NULL"),
    )
    op.create_index(op.f("ix_reports_issue"), "reports", ["issue"], unique=False)
    op.create_index(
        op.f("ix_reports_provider_id"),
        "reports",
        ["provider_id"],
        unique=False,
        postgresql_where=sa.text("provider_id IS NOT NULL"),
        sqlite_where=sa.text("provider_id IS NOT NULL"),
    )
    op.create_table(
        "timeline",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("issue", WHOLE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("responder", Words(), nullable=True),
        sa.Column("method", Words(), nullable=True),
        sa.ForeignKeyConstraint(["issue"], ["issues.number"], name=op.f("fk_timeline_issue_issues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_timeline_issue_id"), "timeline", ["issue", "id"], unique=False)
    op.execute("INSERT INTO rules_revision (id, revision) VALUES (1, 0)")
