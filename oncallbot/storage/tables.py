"""What is remembered, and in which columns? Tables, indexes and constraints, for both databases.

Those of schedules are in `schedule_tables`. It must not change without a migration beside it (a test compares them).
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Sequence, Table, UniqueConstraint

from oncallbot.storage import schedule_tables as schedule_tables
from oncallbot.storage.columns import REAL_NUMBER, WHOLE, Document, Flag, Instant, Words
from oncallbot.storage.metadata import metadata as metadata  # who imports it from here has all tables in it
from oncallbot.storage.metadata import one_of, partial

FIRST_NUMBER = 1001
issue_number = Sequence("issue_number", start=FIRST_NUMBER, metadata=metadata)  # SQLite counts by itself


rules_revision = Table(
    "rules_revision",
    metadata,
    Column("id", WHOLE, primary_key=True, autoincrement=False),
    Column("revision", WHOLE, nullable=False),
    CheckConstraint("id = 1", name="single"),
    sqlite_strict=True,
)

rule_objects = Table(
    "rule_objects",
    metadata,
    Column("kind", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("body", Words, nullable=False),
    Column("applied", Words),
    Column("origin", Words, nullable=False),
    sqlite_strict=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("revision", WHOLE, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("object_id", Words, nullable=False),
    Column("before", Words),
    Column("after", Words),
    Column("reason", Words),
    Index(None, "kind", "object_id", "id"),
    sqlite_strict=True,
)

issues = Table(
    "issues",
    metadata,
    Column("number", WHOLE, primary_key=True, autoincrement=False),
    Column("status", Words, nullable=False),
    Column("hotline", Words, nullable=False),
    Column("customer", Words),
    Column("contact", Words, nullable=False),
    Column("caller", Words, nullable=False),
    Column("road", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("policy", Words, nullable=False),
    Column("tier", Words, nullable=False),
    Column("urgent", Flag, nullable=False),
    Column("language", Words, nullable=False),
    Column("dedup_key", Words),
    Column("stage", Words, nullable=False),
    Column("level", WHOLE, nullable=False),
    Column("loop", WHOLE, nullable=False),
    Column("deadlines", Words, nullable=False),
    Column("wake_at", Instant),
    Column("holder", Words),
    Column("acknowledged_at", Instant),
    Column("promise_at", Instant),
    Column("promised", Words, nullable=False),
    Column("resolved_at", Instant),
    Column("closed_at", Instant),
    Column("notifications_made", WHOLE, nullable=False),
    one_of("status", "triggered", "acknowledged", "resolved", "held", "closed"),
    CheckConstraint("status = 'closed' OR wake_at IS NOT NULL", name="wakes"),
    partial(None, "wake_at", where="wake_at IS NOT NULL"),
    partial("ix_issues_open", "number", where="status <> 'closed'"),
    partial(None, "contact", "number", where="status <> 'closed'"),
    partial(None, "customer", "opened_at", where="status <> 'closed'"),
    partial(None, "hotline", "dedup_key", where="status <> 'closed' AND dedup_key IS NOT NULL"),
    sqlite_strict=True,
)

pages = Table(
    "pages",
    metadata,
    Column("issue", WHOLE, ForeignKey("issues.number"), primary_key=True, autoincrement=False),
    Column("responder", Words, primary_key=True),
    Column("position", WHOLE, nullable=False),
    Column("state", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("loop", WHOLE, nullable=False),
    Column("level", WHOLE, nullable=False),
    Column("round", WHOLE, nullable=False),
    Column("attempts", Words, nullable=False),
    Column("rules_due", Words, nullable=False),
    Column("was_told", Flag, nullable=False),
    one_of("state", "running", "passed", "withdrawn"),
    partial("ix_pages_running", "responder", "issue", where="state = 'running'"),
    sqlite_strict=True,
)

reports = Table(
    "reports",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("issue", WHOLE, ForeignKey("issues.number"), index=True),
    Column("at", Instant, nullable=False),
    Column("road", Words, nullable=False),
    Column("caller", Words, nullable=False),
    Column("contact", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("recording_url", Words),
    Column("recording_seconds", WHOLE),
    Column("transcript", Words),
    Column("media", Document, nullable=False),
    Column("call_sid", Words),
    Column("provider_id", Words),
    partial(None, "call_sid", where="call_sid IS NOT NULL"),
    partial(None, "provider_id", where="provider_id IS NOT NULL"),
    sqlite_strict=True,
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("issue", WHOLE, ForeignKey("issues.number"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("responder", Words),
    Column("method", Words),
    Index(None, "issue", "id"),
    sqlite_strict=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Words, primary_key=True),
    Column("issue", WHOLE, ForeignKey("issues.number"), index=True),
    Column("responder", Words),
    Column("purpose", Words, nullable=False),
    Column("method", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("sender", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("detail", Document, nullable=False),
    Column("priority", WHOLE, nullable=False),
    Column("status", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("tries", WHOLE, nullable=False),
    Column("lease_token", Words),
    Column("worker", Words),
    Column("claimed_at", Instant),
    Column("checked_at", Instant),
    Column("sent_at", Instant),
    Column("provider_id", Words),
    Column("error", Words, nullable=False),
    one_of("status", "queued", "sending", "unknown", "sent", "delivered", "failed", "withdrawn"),
    CheckConstraint("status <> 'sending' OR lease_token IS NOT NULL", name="leased"),
    partial("ix_outbox_queued", "priority", "due_at", "id", where="status = 'queued'"),
    partial("ix_outbox_sending", "worker", where="status = 'sending'"),
    partial("ix_outbox_unknown", "due_at", where="status = 'unknown'"),
    partial("ix_outbox_waiting_for", "address", where="status = 'queued'"),
    partial(None, "provider_id", where="provider_id IS NOT NULL"),
    sqlite_strict=True,
)

inbound_keys = Table(
    "inbound_keys",
    metadata,
    Column("key", Words, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("answer", Words),
    sqlite_strict=True,
)

hotline_calls = Table(
    "hotline_calls",
    metadata,
    Column("sid", Words, primary_key=True),
    Column("hotline", Words, nullable=False),
    Column("caller", Words, nullable=False),
    Column("customer", Words),
    Column("language", Words, nullable=False),
    Column("step", Words, nullable=False),
    Column("issue", WHOLE, ForeignKey("issues.number"), index=True),
    Column("is_known", Flag, nullable=False),
    Column("contact", Words, nullable=False),
    Column("number", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("heard", Words, nullable=False),
    partial("ix_hotline_calls_live", "started_at", where="ended_at IS NULL"),
    Index(None, "caller", "started_at"),
    sqlite_strict=True,
)

live_calls = Table(
    "live_calls",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("phone", Words, nullable=False),
    Column("attempt", Words, nullable=False, index=True),
    Column("provider_id", Words),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("answered_at", Instant),
    partial("uq_live_calls_phone", "phone", where="ended_at IS NULL", unique=True),
    partial(None, "provider_id", where="provider_id IS NOT NULL"),
    sqlite_strict=True,
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("name", Words, primary_key=True),
    Column("hotline", Words, nullable=False),
    Column("customer", Words),
    Column("token_hash", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("token_hash"),
    sqlite_strict=True,
)

probe = Table(
    "probe",
    metadata,
    Column("id", WHOLE, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    CheckConstraint("id = 1", name="single"),
    sqlite_strict=True,
)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("phone", Words, primary_key=True),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)

workers = Table(
    "workers",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("clock_skew_seconds", REAL_NUMBER, nullable=False),
    Column("roads", Words, nullable=False),
    Column("release", Words, nullable=False),
    sqlite_strict=True,
)

cards = Table(
    "cards",
    metadata,
    Column("issue", WHOLE, ForeignKey("issues.number"), primary_key=True, autoincrement=False),
    Column("place", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("ts", Words, nullable=False),
    Column("shown_until", WHOLE, nullable=False),
    Index(None, "channel", "ts"),
    sqlite_strict=True,
)

slack_ids = Table(
    "slack_ids",
    metadata,
    Column("name", Words, primary_key=True),
    Column("id", Words, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Words, primary_key=True),
    Column("responder", Words, nullable=False),
    Column("road", Words, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False, index=True),
    sqlite_strict=True,
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", Words, primary_key=True),
    Column("responder", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
    sqlite_strict=True,
)
