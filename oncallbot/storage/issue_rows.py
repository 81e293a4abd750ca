"""How is an issue written into columns? Issues and pages as rows, and back, field by field.

It must not read or write the database.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from oncallbot.escalation.deadlines import wake_at
from oncallbot.escalation.issue import Issue, Page, PageState, Promised, Road, Stage, Status
from oncallbot.storage import documents


def issue_row(issue: Issue) -> dict[str, Any]:
    """Every column of the issue, `wake_at` computed."""
    return {
        "number": issue.number,
        "status": issue.status,
        "hotline": issue.hotline,
        "customer": issue.customer,
        "contact": issue.contact,
        "caller": issue.caller,
        "road": issue.road,
        "summary": issue.summary,
        "opened_at": issue.opened_at,
        "policy": documents.policy_text(issue.policy),
        "tier": documents.tier_text(issue.tier),
        "urgent": issue.urgent,
        "language": issue.language,
        "dedup_key": issue.dedup_key,
        "stage": issue.stage,
        "level": issue.level,
        "loop": issue.loop,
        "deadlines": documents.deadlines_text(issue.deadlines),
        "wake_at": wake_at(issue),
        "holder": issue.holder,
        "acknowledged_at": issue.acknowledged_at,
        "promise_at": issue.promise_at,
        "promised": issue.promised,
        "resolved_at": issue.resolved_at,
        "closed_at": issue.closed_at,
        "notifications_made": issue.notifications_made,
    }


def issue_from(row: Row[Any], paged: tuple[Page, ...]) -> Issue:
    """The issue that this row and these pages hold."""
    return Issue(
        number=row.number,
        status=Status(row.status),
        hotline=row.hotline,
        customer=row.customer,
        contact=row.contact,
        caller=row.caller,
        road=Road(row.road),
        summary=row.summary,
        opened_at=row.opened_at,
        policy=documents.policy_from(row.policy),
        tier=documents.tier_from(row.tier),
        urgent=row.urgent,
        language=row.language,
        dedup_key=row.dedup_key,
        stage=Stage(row.stage),
        level=row.level,
        loop=row.loop,
        pages=paged,
        deadlines=documents.deadlines_from(row.deadlines),
        holder=row.holder,
        acknowledged_at=row.acknowledged_at,
        promise_at=row.promise_at,
        promised=Promised(row.promised),
        resolved_at=row.resolved_at,
        closed_at=row.closed_at,
        notifications_made=row.notifications_made,
    )


def page_row(number: int, position: int, page: Page) -> dict[str, Any]:
    """Every column of one page of an issue."""
    return {
        "issue": number,
        "responder": page.responder,
        "position": position,
        "state": page.state,
        "started_at": page.started_at,
        "loop": page.loop,
        "level": page.level,
        "round": page.round,
        "attempts": documents.attempts_text(page.attempts),
        "rules_due": documents.numbers_text(page.rules_due),
        "was_told": page.was_told,
    }


def page_from(row: Row[Any]) -> Page:
    """The page that this row holds."""
    return Page(
        responder=row.responder,
        state=PageState(row.state),
        started_at=row.started_at,
        loop=row.loop,
        level=row.level,
        round=row.round,
        attempts=documents.attempts_from(row.attempts),
        rules_due=documents.numbers_from(row.rules_due),
        was_told=row.was_told,
    )
