"""Who is on call now, until when are they, who else is next and from when, and where is nobody soon?

`schedule.who` answers for one row; this is what people ask of a whole board. It must not read a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.oncall.coverage import gaps, is_empty_by_design
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.people import Absence
from oncallbot.oncall.schedule import OnCall, Schedule, Source, who
from oncallbot.oncall.wallclock import as_utc

GAPS_WITHIN = timedelta(days=14)
_MOST_ROWS = 60  # a month of nights: whoever comes later is not "next"


@dataclass(frozen=True, slots=True)
class Ahead:
    """One schedule from an instant on. `until` is when other people (or nobody) follow; None: not soon.

    `next` are the first other people from then on, `next_at` their start; empty and None when nobody follows soon.
    `is_gap`: nobody is on call and somebody must be. `gaps`: the stretches of the next 14 days in which that is so.
    """

    schedule: str
    responders: tuple[str, ...]
    source: Source | None
    until: datetime | None
    next: tuple[str, ...]
    next_at: datetime | None
    is_gap: bool
    gaps: tuple[Interval, ...]


def ahead(schedule: Schedule, absences: Sequence[Absence], at: datetime) -> Ahead:
    """The board's line for this schedule at `at`."""
    at = as_utc(at)
    now = who(schedule, absences, at)
    until, following, following_at = _followers(schedule, absences, now)
    coming = gaps(schedule, absences, at, at + GAPS_WITHIN)
    is_gap = not now.responders and not is_empty_by_design(schedule, at)
    return Ahead(schedule.id, now.responders, now.source, until, following, following_at, is_gap, coming)


def _followers(
    schedule: Schedule, absences: Sequence[Absence], now: OnCall
) -> tuple[datetime | None, tuple[str, ...], datetime | None]:
    """When the present people end, and who else is on call next, from when."""
    people, until, row = set(now.responders), None, now
    for _ in range(_MOST_ROWS):
        if row.until is None:
            break
        row = who(schedule, absences, row.until)
        if until is None and set(row.responders) != people:
            until = row.at
        if row.responders and set(row.responders) != people:
            return until, row.responders, row.at
    return until, (), None
