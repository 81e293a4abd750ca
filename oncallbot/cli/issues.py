"""Which issues are there, and what has happened to this one?

It must not change any.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from oncallbot.app import Desk
from oncallbot.cli.desk import opened
from oncallbot.cli.naming import issue_number
from oncallbot.cli.output import FINE, NOT_THERE, document, instant, local, no, say, table
from oncallbot.cli.schedules import names
from oncallbot.errors import Problem
from oncallbot.escalation.deadlines import wake_at
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.rules import Rules
from oncallbot.storage import issues, outbox, timeline
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.storage.timeline import TimelineEntry
from oncallbot.wording.responders import reporter_name, summary_of
from oncallbot.wording.text import clean

_MOST = 10_000
_SUMMARY = 60
_TO_THE_SECOND = "%H:%M:%S"


def list_issues(*, is_all: bool, as_json: bool) -> int:
    """The open issues; with `is_all` the newest 10,000, closed ones too."""
    with opened() as desk:
        rules = desk.door.rules_now()
        with desk.database.read() as connection:
            found = issues.all_ones(connection, _MOST) if is_all else issues.open_ones(connection)
    if as_json:
        document([_issue_json(issue) for issue in found])
    elif not found:
        say("There is no issue." if is_all else "No issue is open.")
    else:
        rows = [_row(issue, rules) for issue in found]
        table(("issue", "status", "opened", "customer", "has it", "summary"), rows)
    return FINE


def newest(desk: Desk) -> dict[str, Any] | None:
    """What `issue --json` says of the newest issue, closed or not; None when there is none yet."""
    with desk.database.read() as connection:
        found = issues.all_ones(connection, 1)
        return _record(connection, found[-1]) if found else None


def show_issue(reference: str, *, as_json: bool) -> int:
    """One issue with its timeline and the notifications of its pages."""
    number = issue_number(reference)
    with opened() as desk:
        rules = desk.door.rules_now()
        with desk.database.read() as connection:
            issue = issues.load(connection, number)
            if issue is None:
                raise no(Problem(reference, "there is no such issue", "`oncallbot issues --all` lists them"))
            if as_json:
                document(_record(connection, issue))
            else:
                _tell(issue, timeline.of(connection, number), _sent(connection, number), rules)
    return FINE


def _sent(connection: Connection, number: int) -> list[Notification]:
    return [one for one in outbox.of_issue(connection, number) if one.purpose is Purpose.PAGE]


def _record(connection: Connection, issue: Issue) -> dict[str, Any]:
    """The document of `issue --json`."""
    return _issue_json(issue) | {
        "timeline": [_entry_json(entry) for entry in timeline.of(connection, issue.number)],
        "notifications": [_notification_json(one) for one in _sent(connection, issue.number)],
    }


def _issue_json(issue: Issue) -> dict[str, Any]:
    return {
        "reference": issue.reference,
        "status": issue.status.value,
        "customer": issue.customer,
        "caller": issue.caller,
        "hotline": issue.hotline,
        "summary": issue.summary,
        "opened_at": instant(issue.opened_at),
        "acknowledged_by": issue.holder,
        "acknowledged_at": instant(issue.acknowledged_at),
        "level": issue.level or None,
        "loop": issue.loop or None,
        "wake_at": instant(wake_at(issue)),
    }


def _entry_json(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "at": instant(entry.at),
        "kind": entry.kind.value,
        "text": entry.text,
        "responder": entry.responder,
        "method": entry.method.value if entry.method else None,
    }


def _notification_json(one: Notification) -> dict[str, Any]:
    return {
        "responder": one.responder,
        "method": one.method.value,
        "status": one.status.value,
        "sent_at": instant(one.sent_at),
        "provider_id": one.provider_id,
        "error": one.error or None,
    }


def _tell(issue: Issue, entries: list[TimelineEntry], sent: list[Notification], rules: Rules) -> None:
    tz = _zone_of(issue, rules)
    holder = names(rules, [issue.holder]) if issue.holder else "nobody"
    since = f" since {local(issue.acknowledged_at, tz)}" if issue.acknowledged_at else ""
    say(
        f"{issue.reference} {issue.status.value}: {summary_of(issue, 1_000)}",
        f"  customer  {_customer(issue, rules)}, {issue.road.value} from {issue.caller or 'a withheld number'}",
        f"  hotline   {issue.hotline}",
        f"  opened    {local(issue.opened_at, tz)}",
        f"  has it    {holder}{since}",
        f"  paging    level {issue.level or NOT_THERE}, loop {issue.loop or NOT_THERE}",
        f"  next look {local(wake_at(issue), tz)}",
        "",
    )
    table(("at", "what", "said"), [(local(one.at, tz, _TO_THE_SECOND), one.kind.value, one.text) for one in entries])
    if sent:
        say("")
        rows = [
            (
                names(rules, [one.responder or NOT_THERE]),
                one.method.value,
                one.status.value,
                local(one.sent_at, tz, _TO_THE_SECOND),
                one.error,
            )
            for one in sent
        ]
        table(("notification", "by", "status", "sent", "error"), rows)


def _row(issue: Issue, rules: Rules) -> tuple[str, ...]:
    return (
        issue.reference,
        issue.status.value,
        local(issue.opened_at, _zone_of(issue, rules)),
        _customer(issue, rules),
        names(rules, [issue.holder]) if issue.holder else NOT_THERE,
        summary_of(issue, _SUMMARY),
    )


def _customer(issue: Issue, rules: Rules) -> str:
    customer = rules.customers.get(issue.customer or "")
    return clean(reporter_name(issue, customer.name if customer else None), 40)


def _zone_of(issue: Issue, rules: Rules) -> str:
    hotline = rules.hotlines.get(issue.hotline)
    return hotline.timezone if hotline else "UTC"
