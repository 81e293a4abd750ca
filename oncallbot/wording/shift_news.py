"""What do people read about shifts without asking? Handoffs, reminders, gaps, the weeks ahead, the channel's topic.

It must not decide who reads it or when (`engine.duties` does), nor escape markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncallbot.escalation.issue import Issue
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.people import Responder
from oncallbot.oncall.schedule import OnCall
from oncallbot.oncall.stints import Handoff
from oncallbot.wording.asked import issue_line
from oncallbot.wording.issue_words import names
from oncallbot.wording.shift_times import length_text, span_text, spans_text, zone_note
from oncallbot.wording.text import clean
from oncallbot.wording.times import clock_time

LONGEST_TOPIC = 250  # Slack's limit
_LONGEST_ID = 60
_MOST_ISSUES = 10
_MOST_GAPS = 10
_MOST_GAPS_IN_ALL = 20  # and that many schedules: one section in Slack
_MOST_SHIFTS = 14
_ONE_MINUTE = timedelta(minutes=1)
_ONE_HOUR = timedelta(hours=1)


Shifts = Sequence[tuple[str, Interval]]
"""Schedule and time."""


def handoff_text(schedule: str, handoff: Handoff, issues: Sequence[Issue], rules: Rules, tz: str, now: datetime) -> str:
    """The post in the on-call channel: who comes, who goes, and what is open."""
    outgoing, incoming = names(handoff.outgoing, rules), names(handoff.incoming, rules)
    lead = f"Handoff in {clean(schedule, _LONGEST_ID)}: "
    if incoming:
        lead += f"{incoming} {'is' if len(handoff.incoming) == 1 else 'are'} on call now."
        lead += f" Thank you, {outgoing}." if outgoing else ""
    else:
        lead += "NOBODY IS ON CALL NOW." + (f" {outgoing} had it." if outgoing else "")
    return "\n".join((lead, *_open_lines(issues, rules, tz, now)))


def taking_over_text(
    reader: Responder, schedule: str, handoff: Handoff, issues: Sequence[Issue], rules: Rules, now: datetime
) -> str:
    """To one person who comes or goes at the handoff."""
    name = clean(schedule, _LONGEST_ID)
    if reader.id in handoff.incoming:
        before = [one for one in handoff.outgoing if one != reader.id]
        lead = f"You are on call in {name} now." + (f" {names(before, rules)} had it before." if before else "")
    else:
        after = names(handoff.incoming, rules)
        lead = f"Your shift in {name} is over. " + (f"{after} has it now." if after else "NOBODY IS ON CALL NOW.")
        lead = lead.replace(" has it", " have it") if len(handoff.incoming) > 1 else lead
    return "\n".join((lead, *_open_lines(issues, rules, reader.timezone, now)))


def shift_reminder_text(reader: Responder, schedule: str, shift: Interval, now: datetime) -> str:
    """Some time before a shift: how long until then, and from when to when."""
    left = _about(shift[0] - now)
    span = span_text(shift, reader.timezone, min(now, shift[0] - _ONE_MINUTE))
    when = f"in {length_text(left)}" if left else "now"
    return f"Your shift in {clean(schedule, _LONGEST_ID)} begins {when}: {span}. {zone_note(reader.timezone)}"


def gaps_text(found: Sequence[tuple[str, Sequence[Interval]]], tz: str, now: datetime, days: int = 30) -> str:
    """To the managers, once a day: where nobody is on call although somebody must be. "" when there is no gap."""
    gaps = [(schedule, spans) for schedule, spans in found if spans]
    if not gaps:
        return ""
    most = max(_MOST_GAPS_IN_ALL // len(gaps), 1)  # rather fewer of each than a schedule that is left out
    shown = [
        f"{clean(schedule, _LONGEST_ID)}: {spans_text(spans, tz, now, min(most, _MOST_GAPS))}"
        for schedule, spans in gaps
    ]
    lines = (*shown[:_MOST_GAPS_IN_ALL], *_and_more(len(shown) - _MOST_GAPS_IN_ALL))
    cure = f"{zone_note(tz)} Close a gap: /oncall override <schedule> @who <from> to <until>"
    return "\n".join((f"COVERAGE GAPS in the next {days} days, NOBODY IS ON CALL:", *lines, cure))


def weekly_text(reader: Responder, shifts: Shifts, now: datetime, days: int = 7) -> str:
    """Once a week, to who wants it: their shifts of the coming `days`."""
    if not shifts:
        return f"You are not on call in the next {days} days."
    tz = reader.timezone
    ordered = sorted(shifts, key=lambda pair: pair[1])
    lines = [f"{clean(schedule, _LONGEST_ID)}: {span_text(one, tz, now)}" for schedule, one in ordered[:_MOST_SHIFTS]]
    more = len(ordered) - _MOST_SHIFTS
    lead = f"Your shifts of the next {days} days:"
    return "\n".join((lead, *lines, *((f"… and {more} more",) if more > 0 else ()), zone_note(tz)))


def topic_text(answers: Sequence[OnCall], rules: Rules, tz: str, now: datetime) -> str:
    """The channel's topic: who is on call now. It stays the same as long as the same people are."""
    said = []
    for answer in answers:
        nobody = f"nobody until {clock_time(answer.until, tz, now)}" if answer.until else "nobody"
        lead = f"{clean(answer.schedule, _LONGEST_ID)}: " if len(answers) > 1 else ""
        said.append(f"{lead}{names(answer.responders, rules) or nobody}")
    return clean(f"On call: {' · '.join(said)}" if said else "On call: no schedule", LONGEST_TOPIC)


def _and_more(count: int) -> tuple[str, ...]:
    return (f"… and {count} more schedules",) if count > 0 else ()


def _about(left: timedelta) -> timedelta:
    """As people say it: whole hours from two hours on, else whole minutes."""
    unit = _ONE_HOUR if left >= 2 * _ONE_HOUR else _ONE_MINUTE
    return max(round(left / unit), 0) * unit


def _open_lines(issues: Sequence[Issue], rules: Rules, tz: str, now: datetime) -> tuple[str, ...]:
    if not issues:
        return ("No issue is open.",)
    lines = [issue_line(one, rules, tz, now) for one in issues[:_MOST_ISSUES]]
    more = len(issues) - _MOST_ISSUES
    return ("Open:", *lines, *((f"… and {more} more: /oncall issues",) if more > 0 else ()))
