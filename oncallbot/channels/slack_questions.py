"""What do schedules and issues answer to a question asked in Slack? Looked up here, worded by `wording.asked`.

It must not change anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.engine.handle import Door
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.oncall.schedule import OnCall, Schedule, Shift, final_shifts, who
from oncallbot.storage import issues, timeline
from oncallbot.wording import asked
from oncallbot.wording import command_forms as forms

SHOWN = timedelta(days=14)
MOST_SHOWN = timedelta(days=366)

Question = (
    forms.ShowOverview
    | forms.ShowWho
    | forms.ShowMe
    | forms.ShowShifts
    | forms.ShowWhy
    | forms.ShowIssues
    | forms.ShowIssue
    | forms.ShowHelp
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and when: `responder` is None for a colleague who is none; times are said in `tz`."""

    responder: Responder | None
    tz: str
    rules: Rules
    now: datetime


def answer(door: Door, asker: Asker, question: Question, open_ones: Sequence[Issue]) -> Sequence[str]:
    """The lines of the answer."""
    rules, tz, now = asker.rules, asker.tz, asker.now
    match question:
        case forms.ShowOverview() if asker.responder is None:  # issues are for responders
            return asked.who_lines(_who(asker, None, now), rules, tz, now)
        case forms.ShowOverview():
            return asked.overview_lines(_who(asker, None, now), open_ones, rules, tz, now)
        case forms.ShowWho(schedule, at):
            return asked.who_lines(_who(asker, schedule, at or now), rules, tz, now)
        case forms.ShowWhy(schedule, at):
            return asked.why_lines(_who(asker, schedule, at or now)[0], rules, tz, now)
        case forms.ShowShifts(schedule, until):
            return asked.shifts_lines(_shifts(asker, schedule, until), rules, tz, now)
        case forms.ShowMe():
            if asker.responder is None:
                return ()
            return asked.me_lines(asker.responder, _shifts(asker, None, None), open_ones, rules, now)
        case forms.ShowIssues():
            return asked.issues_lines(open_ones, rules, tz, now)
        case forms.ShowIssue(number):
            return _issue(door, asker, number, open_ones)
        case forms.ShowHelp(topic):
            return asked.help_lines(topic)


def _schedules(asker: Asker, schedule: str | None) -> list[Schedule]:
    return [one for one in asker.rules.schedules.values() if schedule in (None, one.id)]


def _who(asker: Asker, schedule: str | None, at: datetime) -> list[OnCall]:
    return [who(one, asker.rules.absences, at) for one in _schedules(asker, schedule)]


def _shifts(asker: Asker, schedule: str | None, until: datetime | None) -> list[tuple[str, Shift]]:
    """Until a time, at most a year ahead."""
    end = min(until or asker.now + SHOWN, asker.now + MOST_SHOWN)
    if end <= asker.now:
        return []
    found = [
        (one.id, shift)
        for one in _schedules(asker, schedule)
        for shift in final_shifts(one, asker.rules.absences, asker.now, end)
    ]
    return sorted(found, key=lambda pair: pair[1].start)


def _issue(door: Door, asker: Asker, number: int | None, open_ones: Sequence[Issue]) -> Sequence[str]:
    """One issue; without a number the only open one, else all of them."""
    if number is None:
        if len(open_ones) != 1:
            return asked.issues_lines(open_ones, asker.rules, asker.tz, asker.now)
        number = open_ones[0].number
    with door.database.read() as connection:
        issue = issues.load(connection, number)
        entries = timeline.of(connection, number)
    if issue is None:
        return (f"There is no AH-{number}. /oncall issues lists the open ones.",)
    return asked.issue_lines(issue, entries, asker.rules, asker.tz, asker.now)
