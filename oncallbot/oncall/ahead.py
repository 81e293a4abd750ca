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
from oncallbot.oncall.schedule import Schedule, Shift, Source, final_shifts, next_responders
from oncallbot.oncall.wallclock import as_utc

GAPS_WITHIN = timedelta(days=14)
LOOKS_AHEAD = timedelta(days=40)  # whoever ends or begins later has no date on the board


@dataclass(frozen=True, slots=True)
class Ahead:
    """One schedule from an instant on. `until` is when other people (or nobody) follow.

    `next` are the first other people from then on, `next_at` their start. Neither instant is known beyond 40 days.
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
    rows = final_shifts(schedule, absences, at, at + LOOKS_AHEAD)
    now = rows[0] if rows and rows[0].start == at else None
    people = now.responders if now else ()
    following = next((row for row in rows if set(row.responders) != set(people)), None)
    others, others_at = (following.responders, following.start) if following else ((), None)
    if following is None and now is not None:
        others = next_responders(schedule, absences, at)
    return Ahead(
        schedule=schedule.id,
        responders=people,
        source=now.source if now else None,
        until=_until(rows, at) if now else others_at,
        next=others,
        next_at=others_at,
        is_gap=now is None and not is_empty_by_design(schedule, at),
        gaps=gaps(schedule, absences, at, at + GAPS_WITHIN),
    )


def _until(rows: Sequence[Shift], at: datetime) -> datetime | None:
    """When the people of the first row end, whatever the reasons for which they are on call; None: not soon."""
    until = at
    for row in rows:
        if row.start != until or set(row.responders) != set(rows[0].responders):
            break
        until = row.end
    return until if until < at + LOOKS_AHEAD else None
