"""How was the last night? The issues since the office was last open, who was paged for them and who took them.

It must not count for longer than that: a night is what one looks back on in the morning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from oncallbot.engine.wake_ups import wake_ups
from oncallbot.escalation.effects import TimelineKind
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.storage import issues, timeline
from oncallbot.storage.timeline import TimelineEntry

NEVER_OPEN = timedelta(days=1)  # a hotline without office hours: its last night is the last day
_LOOKS_BACK = timedelta(days=30)
MOST = 200
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Nightly:
    """One issue of the night. `taken_by` and `taken_at` are the first acknowledgement's, None while there is none."""

    issue: Issue
    paged: tuple[str, ...]
    taken_by: str | None
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Night:
    """`[start, end)` in which these hotlines' offices were closed; `is_over` once one has opened again.

    `wake_ups`: how often each responder was woken. The issues stand in the order of their numbers.
    """

    hotlines: tuple[str, ...]
    start: datetime
    end: datetime
    is_over: bool
    issues: tuple[Nightly, ...]
    wake_ups: Mapping[str, int]


def last_nights(connection: Connection, rules: Rules, now: datetime) -> tuple[Night, ...]:
    """The last night of every hotline; one for all those that were closed at the same time. At most 200 issues."""
    spans: defaultdict[tuple[Span, bool], list[str]] = defaultdict(list)
    for hotline in rules.hotlines.values():
        spans[night_of(hotline, now)].append(hotline.id)
    if not spans:
        return ()
    found = issues.opened_since(connection, min(start for (start, _), _ in spans), MOST)
    lines = timeline.of_many(connection, [issue.number for issue in found])
    return tuple(
        _night(
            tuple(hotlines),
            span,
            is_over,
            [(one, lines[one.number]) for one in found if one.hotline in hotlines],
            rules,
        )
        for (span, is_over), hotlines in sorted(spans.items())
    )


def night_of(hotline: Hotline, now: datetime) -> tuple[Span, bool]:
    """From the last closing until the next opening or `now`, and whether the office has opened since."""
    opened = hotline.office_hours.open_intervals(now - _LOOKS_BACK, now + timedelta.resolution)
    if not opened:
        return (now - NEVER_OPEN, now), False
    if not hotline.office_hours.is_open(now):
        return (opened[-1][1], now), False
    before = opened[-2][1] if len(opened) > 1 else opened[-1][0] - NEVER_OPEN
    return (before, opened[-1][0]), True


def _night(
    hotlines: tuple[str, ...],
    span: Span,
    is_over: bool,
    found: Sequence[tuple[Issue, Sequence[TimelineEntry]]],
    rules: Rules,
) -> Night:
    start, end = span
    nightly: list[Nightly] = []
    paged_at: defaultdict[str, list[datetime]] = defaultdict(list)
    for issue, entries in found:
        if issue.opened_at < start or (is_over and issue.opened_at >= end):
            continue
        paged = [one for one in entries if one.kind is TimelineKind.PAGED and one.responder]
        for one in paged:
            if one.at < end or not is_over:
                paged_at[one.responder or ""].append(one.at)
        taken = next((one for one in entries if one.kind is TimelineKind.ACKNOWLEDGED), None)
        people = tuple(dict.fromkeys(one.responder or "" for one in paged))
        nightly.append(Nightly(issue, people, taken.responder if taken else None, taken.at if taken else None))
    woken = {one: wake_ups(instants, _zone(one, rules)) for one, instants in sorted(paged_at.items())}
    counts = {one: count for one, count in woken.items() if count}
    return Night(hotlines, start, end, is_over, tuple(nightly), counts)


def _zone(responder: str, rules: Rules) -> str:
    """Where this person sleeps; UTC for somebody who was removed since."""
    person = rules.responders.get(responder)
    return person.timezone if person else "UTC"
