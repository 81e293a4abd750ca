"""What is going on now? The first page: who is on call, which issues are open, and how the last night was.

It must not change anything, nor show anybody's phone number but what customers wrote themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from oncallbot.engine import last_night
from oncallbot.engine.last_night import Night
from oncallbot.escalation.issue import Issue, Status
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.ahead import Ahead, ahead
from oncallbot.oncall.people import Responder
from oncallbot.storage import issues, timeline
from oncallbot.storage.timeline import TimelineEntry
from oncallbot.web import routes
from oncallbot.web.pages import Pages, SignedIn
from oncallbot.wording import boards
from oncallbot.wording.issue_words import ROADS, entry_text, outlook, reporter, state
from oncallbot.wording.responders import summary_of

_LONGEST_SUMMARY = 1_000
_LONGEST_ENTRY = 600
_SHORT = 100
_GAPS_SHOWN = 3
_ORDER = {Status.TRIGGERED: 0, Status.ACKNOWLEDGED: 1, Status.HELD: 2, Status.RESOLVED: 3, Status.CLOSED: 4}
_MARKS = {
    Status.TRIGGERED: "Needs somebody",
    Status.ACKNOWLEDGED: "Taken",
    Status.HELD: "Held",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline: `what` is its kind in words."""

    at: datetime
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An open issue as the page has it."""

    issue: Issue
    who: str
    mark: str
    state: str
    outlook: str
    summary: str
    road: str
    lines: tuple[Line, ...]


def create(pages: Pages) -> APIRouter:
    """The route /."""
    router = routes.router()

    @router.get("/")
    def show(reader: SignedIn = Depends(pages.signed_in)) -> Response:
        door = pages.doors.door
        now = door.clock.now()
        stamp = pages.watcher.stamp()  # before what it stands for: a change in between is then not missed
        with door.database.read() as connection:
            rules = door.rules.of(connection)
            found = sorted(issues.open_ones(connection), key=lambda one: (_ORDER[one.status], -one.number))
            lines = timeline.of_many(connection, [one.number for one in found])
            nights = last_night.last_nights(connection, rules, now)
        lines_ahead = [ahead(one, rules.absences, now) for one in rules.schedules.values()]
        waiting = sum(one.status is Status.TRIGGERED for one in found)
        return pages.page(
            "overview.html",
            reader,
            here="/",
            stamp=stamp,
            lead=boards.lead(waiting, [one.schedule for one in lines_ahead if one.is_gap]),
            boards=[_board(one, rules, now) for one in lines_ahead],
            open_issues=[_shown(one, lines[one.number], rules, reader.manager, now) for one in found],
            nights=[_night(night, rules) for night in nights],
        )

    return router


def _board(line: Ahead, rules: Rules, now: datetime) -> dict[str, Any]:
    coming = [gap for gap in line.gaps if gap[0] > now]
    return {
        "schedule": line.schedule,
        "people": boards.full_names(line.responders, rules),
        "is_gap": line.is_gap,
        "until": line.until,
        "next": boards.full_names(line.next, rules),
        "next_at": line.next_at,
        "reason": line.source.reason if line.source else "",
        "gaps": coming[:_GAPS_SHOWN],
        "more_gaps": len(coming[_GAPS_SHOWN:]),
    }


def _shown(issue: Issue, entries: list[TimelineEntry], rules: Rules, reader: Responder, now: datetime) -> Shown:
    words = state(issue, rules, reader.timezone, now, entries)
    return Shown(
        issue=issue,
        who=reporter(issue, rules),
        mark=_MARKS[issue.status],
        state=words[:1].upper() + words[1:],
        outlook=outlook(issue, rules, reader.timezone, now),
        summary=summary_of(issue, _LONGEST_SUMMARY),
        road=ROADS[issue.road],
        lines=tuple(Line(one.at, one.kind.value.replace("_", " "), entry_text(one, _LONGEST_ENTRY)) for one in entries),
    )


def _night(night: Night, rules: Rules) -> dict[str, Any]:
    rows = [
        {
            "issue": one.issue,
            "who": reporter(one.issue, rules),
            "summary": summary_of(one.issue, _SHORT),
            "mark": _MARKS[one.issue.status],
            "is_open": one.issue.status is not Status.CLOSED,
            "paged": boards.paged_names(one.paged, rules),
            "taken_by": boards.paged_names((one.taken_by,), rules) if one.taken_by else "",
            "taken_at": one.taken_at,
            "took": boards.how_long(one.taken_at - one.issue.opened_at) if one.taken_at else "",
            "promise": boards.promise_words(one.issue.promised),
        }
        for one in night.issues
    ]
    return {
        "hotlines": boards.hotline_names(night.hotlines, rules),
        "start": night.start,
        "end": night.end if night.is_over else None,
        "rows": rows,
        "wake_ups": boards.wake_up_words(night.wake_ups, rules),
    }
