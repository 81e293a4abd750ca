"""What is one notification? The outbox's record, its row, and which delivery status comes after which.

It must not read or write the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row

from oncallbot.escalation.issue import AttemptStatus
from oncallbot.oncall.people import Method


class Purpose(StrEnum):
    """What a notification is for."""

    PAGE = "page"
    RESPONDER_TOLD = "responder_told"
    CUSTOMER_TOLD = "customer_told"
    ALARM = "alarm"
    DAY_TEAM = "day_team"
    END_CALL = "end_call"
    CARD = "card"  # post or update a card with the issue's newest state
    WHISPER = "whisper"  # a private answer in Slack, seen by one person only
    COVER = "cover"  # post or update a cover request's message with its newest state
    NOTICE = "notice"  # news about schedules, in a channel
    GROUP = "group"  # make a Slack user group those who are on call now
    TOPIC = "topic"  # make a channel's topic say who is on call now
    HOME = "home"  # bring somebody's home tab in Slack up to date
    TEST = "test"  # a test of one contact method, which somebody has asked for


FINAL = frozenset({AttemptStatus.DELIVERED, AttemptStatus.FAILED, AttemptStatus.WITHDRAWN})
PENDING = frozenset({AttemptStatus.QUEUED, AttemptStatus.SENDING, AttemptStatus.UNKNOWN})
LEASED = frozenset({AttemptStatus.SENDING, AttemptStatus.UNKNOWN})

_RANK = {
    AttemptStatus.QUEUED: 0,
    AttemptStatus.SENDING: 1,
    AttemptStatus.UNKNOWN: 2,
    AttemptStatus.SENT: 3,
    AttemptStatus.DELIVERED: 4,
    AttemptStatus.FAILED: 4,
    AttemptStatus.WITHDRAWN: 4,
}


def before(status: AttemptStatus) -> tuple[AttemptStatus, ...]:
    """From which statuses a receipt may move a notification to `status`: never back, never from a final one."""
    return tuple(one for one, rank in _RANK.items() if rank < _RANK[status])


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One thing to deliver once. `sender` is our number ("" where there is none); `detail` is the method's own JSON.

    Lower `priority` goes first. `tries` counts the sends that ended without an answer we could use. `lease_token`
    belongs to the claim that may send it, `checked_at` is that sender's last look before the request.
    """

    id: str
    purpose: Purpose
    method: Method
    address: str
    words: str
    created_at: datetime
    due_at: datetime
    issue: int | None = None
    responder: str | None = None
    sender: str = ""
    detail: Mapping[str, Any] = field(default_factory=_nothing)
    priority: int = 0
    status: AttemptStatus = AttemptStatus.QUEUED
    tries: int = 0
    lease_token: str | None = None
    worker: str | None = None
    claimed_at: datetime | None = None
    checked_at: datetime | None = None
    sent_at: datetime | None = None
    provider_id: str | None = None
    error: str = ""


_COLUMNS = tuple(one.name for one in fields(Notification))


def row_of(notification: Notification) -> dict[str, Any]:
    """Every column."""
    return {name: getattr(notification, name) for name in _COLUMNS} | {"detail": dict(notification.detail)}


def notification_from(row: Row[Any]) -> Notification:
    """The notification that this row holds."""
    return Notification(
        id=row.id,
        purpose=Purpose(row.purpose),
        method=Method(row.method),
        address=row.address,
        words=row.words,
        created_at=row.created_at,
        due_at=row.due_at,
        issue=row.issue,
        responder=row.responder,
        sender=row.sender,
        detail=row.detail,
        priority=row.priority,
        status=AttemptStatus(row.status),
        tries=row.tries,
        lease_token=row.lease_token,
        worker=row.worker,
        claimed_at=row.claimed_at,
        checked_at=row.checked_at,
        sent_at=row.sent_at,
        provider_id=row.provider_id,
        error=row.error,
    )
