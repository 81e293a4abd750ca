"""Which report had wrongly joined an issue, and what does it say when it opens one of its own?

It must not decide what then happens to either issue.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from oncallbot.engine import joining
from oncallbot.escalation.events import CustomerReported, Reaction
from oncallbot.escalation.issue import Issue, Status
from oncallbot.escalation.rules import Rules
from oncallbot.storage import calls, issues, reports
from oncallbot.storage.database import Database
from oncallbot.storage.reports import Report


def lock_newest(
    database: Database, connection: Connection, number: int, rules: Rules
) -> tuple[Issue | None, Report | None]:
    """The issue (None: there is none) and the newest report that has joined it (None: there is none to split off).
    Locked in the order of decision 6: the report's call, its reporter, the issue.
    """
    seen, newest = issues.load(connection, number), _joined(connection, number)[-1:]
    if seen is None or not newest:
        return seen, None
    [report] = newest
    if report.call_sid is not None:
        calls.load(connection, report.call_sid, lock=True)
    joining.lock_reporter(database, connection, reported_anew(seen, report, rules))
    issue = issues.load(connection, number, lock=True)
    still_here = (one for one in _joined(connection, number) if one.id == report.id)  # else another was quicker
    return issue, next(still_here, None)


def reported_anew(issue: Issue, report: Report, rules: Rules) -> CustomerReported:
    """The report as it opens its own issue: it is paged for where the issue that it leaves is."""
    customer = rules.customer_of_phone(report.contact) or rules.customer_of_email(report.contact)
    is_paged = issue.status in (Status.TRIGGERED, Status.ACKNOWLEDGED)
    return CustomerReported(
        hotline=issue.hotline,
        customer=customer.id if customer is not None else issue.customer,
        contact=report.contact,
        caller=report.caller,
        road=report.road,
        words=_words(report),
        urgent=issue.urgent,
        reaction=Reaction.PAGE if is_paged else Reaction.BY_HOURS,
        language=issue.language,
        split_from=issue.number,
    )


def move(connection: Connection, report: Report, into: int) -> None:
    """The report is another issue's now, and so is what its call still brings: a transcript, the hang-up."""
    reports.save(connection, replace(report, issue=into))
    call = calls.load(connection, report.call_sid) if report.call_sid is not None else None
    if call is not None and call.issue == report.issue:
        calls.save(connection, replace(call, issue=into))


def _joined(connection: Connection, number: int) -> list[Report]:
    """All reports of the issue but the one that opened it."""
    return reports.of_issue(connection, number)[1:]


def _words(report: Report) -> str:
    """What was said; of a recording without a transcript, in the words that a transcript replaces once it comes."""
    if report.transcript or report.words or not report.recording_seconds:
        return report.transcript or report.words
    return f"Voice message: Message of {report.recording_seconds} s"
