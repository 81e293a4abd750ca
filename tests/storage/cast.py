"""Ana, Ben and Cem on call; Erik of Acme the customer; and a night in which everything happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oncallbot.escalation.issue import (
    Attempt,
    AttemptStatus,
    Deadline,
    DeadlineKind,
    Issue,
    Page,
    PageState,
    Promised,
    Road,
    Stage,
    Status,
)
from oncallbot.escalation.rules import AfterHours, Level, Policy, Target, TargetKind, Tier
from oncallbot.oncall.people import Method
from oncallbot.storage.outbox import Notification, Purpose

ON_POSTGRESQL = pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
"""SQLite has no such thing: its writers take turns, and its connections do not break."""

NOW = datetime(2026, 12, 26, 3, 10, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ERIK = "+493023125100"

POLICY = Policy(
    id="default",
    levels=(
        Level((Target(TargetKind.SCHEDULE, "primary"),), timedelta(minutes=5)),
        Level((Target(TargetKind.NEXT, "primary"), Target(TargetKind.RESPONDER, "dora")), timedelta(seconds=90.5)),
    ),
    repeat_after=timedelta(minutes=7),
    loops=3,
    last_resort=(Target(TargetKind.CHANNEL, "C0ONCALL01"),),
    acknowledge_timeout=timedelta(minutes=45),
)
TIER = Tier(
    id="gold",
    promise=timedelta(minutes=15),
    call_back=timedelta(minutes=20),
    held_promise=timedelta(hours=2),
    live_connect=True,
    after_hours=AfterHours.HOLD,
    office_unanswered=AfterHours.PAGE,
    confidential=True,
)
ANAS_PAGE = Page(
    responder="ana",
    state=PageState.RUNNING,
    started_at=NOW - MINUTE,
    loop=2,
    level=1,
    round=2,
    attempts=(
        Attempt("1042-1", Method.SLACK, 0, 1, AttemptStatus.DELIVERED),
        Attempt("1042-2", Method.VOICE, 2, 2, AttemptStatus.UNKNOWN),
    ),
    rules_due=(2, 3),
    was_told=True,
)


def issue(number: int = 1042, **changes: Any) -> Issue:
    """An open issue whose only deadline is `NOW`, unless said otherwise."""
    simple: dict[str, Any] = {
        "status": Status.TRIGGERED,
        "hotline": "main",
        "customer": "acme",
        "contact": ERIK,
        "caller": ERIK,
        "road": Road.CALL,
        "summary": "the plant stands still",
        "opened_at": NOW - MINUTE,
        "policy": POLICY,
        "tier": TIER,
        "deadlines": (Deadline(NOW, DeadlineKind.LEVEL),),
    }
    return Issue(number=number, **(simple | changes))


def page(responder: str = "ana", **changes: Any) -> Page:
    """A running page without any notification yet."""
    simple: dict[str, Any] = {"state": PageState.RUNNING, "started_at": NOW, "loop": 1, "level": 1}
    return Page(responder=responder, **(simple | changes))


FULL_ISSUE = issue(
    status=Status.CLOSED,
    caller="anonymous",
    road=Road.WEBHOOK,
    summary="Grüße, 你好 🔥 '\"; DROP TABLE issues",
    urgent=False,
    language="de",
    dedup_key="pump-7",
    stage=Stage.LAST_RESORT,
    level=2,
    loop=3,
    pages=(ANAS_PAGE, page("ben", state=PageState.PASSED)),
    deadlines=(Deadline(NOW, DeadlineKind.RULE, "ana:2"), Deadline(NOW + MINUTE, DeadlineKind.PROMISE)),
    holder="ben",
    acknowledged_at=NOW + SECOND,
    promise_at=NOW + 2 * SECOND,
    promised=Promised.KEPT,
    resolved_at=NOW + 3 * SECOND,
    closed_at=NOW + 4 * SECOND,
    notifications_made=7,
)
"""Every field differs from its default."""


def notification(id_: str = "1042-1", **changes: Any) -> Notification:
    """A page by text to Ana, due at `NOW`."""
    simple: dict[str, Any] = {
        "purpose": Purpose.PAGE,
        "method": Method.SMS,
        "address": "+493023125001",
        "words": "AH-1042 Acme: the plant stands still",
        "created_at": NOW,
        "due_at": NOW,
    }
    return Notification(id=id_, **(simple | changes))
