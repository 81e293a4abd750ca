"""What stands in the home tab in Slack? Its headings, contact methods with their last proof, and what managers see.

It must not say phone numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from oncallbot.escalation.issue import Issue, Promised, Status
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Method, Responder
from oncallbot.wording.issue_words import reporter
from oncallbot.wording.pager_tests import NAMES
from oncallbot.wording.shift_times import day_time
from oncallbot.wording.times import clock_time

MINE, OPEN, ON_CALL, CONTACT, MANAGERS = (
    "Your shifts",
    "Open issues",
    "On call",
    "How you are reached",
    "For managers",
)
COVER_ME, TEST_ME = "Cover me", "Test me now"
COVERS, COVERS_NOTE = "Who asks for cover", "Take it in your direct messages: I take it."
COVER_ASKS = "The others are asked to cover your running shift, else your next one."
NOT_A_RESPONDER = "You are not a responder yet: a manager can add you. /oncall who says who is on call."
NO_GAPS = "No coverage gap in the next 30 days."
_ARRIVED = {Method.SLACK: "last posted", Method.SMS: "last delivered", Method.VOICE: "last picked up"}
_SOON = timedelta(minutes=15)


def contact_lines(
    reader: Responder, roads: frozenset[Method], proofs: Mapping[Method, datetime], now: datetime
) -> tuple[str, ...]:
    """One line for each contact method, with the date on which it last proved itself."""
    lines = []
    for method in (Method.SLACK, Method.SMS, Method.VOICE):
        name = NAMES[method].capitalize()
        if not reader.address(method):
            lines.append(f"{name}: none")
        elif method not in roads:
            lines.append(f"{name}: not connected")
        elif method in proofs:
            lines.append(f"{name}: {_ARRIVED[method]} {day_time(proofs[method], reader.timezone, now)}")
        else:
            lines.append(f"{name}: NOT PROVED YET. Press {TEST_ME}")
    return tuple(lines)


def promise_lines(issues: Sequence[Issue], rules: Rules, tz: str, now: datetime) -> tuple[str, ...]:
    """Promises that were missed, or end within a quarter of an hour, while nobody has kept them."""
    lines = []
    for one in issues:
        if one.promise_at is None or one.promised not in (Promised.PENDING, Promised.MISSED):
            continue
        if one.status is Status.TRIGGERED and one.promise_at - now <= _SOON:
            due = clock_time(one.promise_at, tz, now)
            lines.append(f"PROMISE AT RISK: {one.reference} · {reporter(one, rules)} · {due}")
    return tuple(lines) or ("No promise is at risk.",)
