"""What would change, and for whom? The shifts before and after an edit, whose time changes, and the gaps it opens.

It must not change anything, nor say it in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from oncallbot.oncall.coverage import gaps
from oncallbot.oncall.editing import Roster
from oncallbot.oncall.intervals import Interval, united, without
from oncallbot.oncall.schedule import Shift, final_shifts

HORIZON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """In `[start, end)`, UTC, other people are on call than before; either may be nobody."""

    start: datetime
    end: datetime
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchedulePreview:
    """One schedule before and after: its shifts from `now` on, what changes in them, and gaps that were not there."""

    schedule: str
    before: tuple[Shift, ...]
    after: tuple[Shift, ...]
    changes: tuple[ShiftChange, ...]
    gaps_opened: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """All schedules in which somebody else is on call, or which are new, within `HORIZON` of `now`."""

    now: datetime
    schedules: tuple[SchedulePreview, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Whose time changes, each once."""
        found = (one for part in self.schedules for change in part.changes for one in (*change.before, *change.after))
        both = dict.fromkeys(found)
        return tuple(one for one in both if self.gains(one) or self.loses(one))

    def gains(self, responder: str) -> tuple[tuple[str, Interval], ...]:
        """When that person is on call and was not: by schedule, in order."""
        return tuple(self._of(responder, is_gain=True))

    def loses(self, responder: str) -> tuple[tuple[str, Interval], ...]:
        """When that person is not on call any more: by schedule, in order."""
        return tuple(self._of(responder, is_gain=False))

    def _of(self, responder: str, *, is_gain: bool) -> Iterator[tuple[str, Interval]]:
        for part in self.schedules:
            spans = [
                (change.start, change.end)
                for change in part.changes
                if (responder in change.after, responder in change.before) == (is_gain, not is_gain)
            ]
            for span in united(spans):
                yield part.schedule, span


def preview(before: Roster, after: Roster, now: datetime, horizon: timedelta = HORIZON) -> Preview:
    """Compare the two rosters over `[now, now + horizon)`."""
    end = now + horizon
    names = dict.fromkeys((*before.schedules, *after.schedules))
    parts = (_part(name, before, after, now, end) for name in names)
    return Preview(now, tuple(one for one in parts if one is not None))


def _part(name: str, before: Roster, after: Roster, now: datetime, end: datetime) -> SchedulePreview | None:
    is_new = name not in before.schedules
    old = () if is_new else final_shifts(before.schedules[name], before.absences, now, end)
    new = final_shifts(after.schedules[name], after.absences, now, end) if name in after.schedules else ()
    changes = tuple(_changes(old, new))
    if not changes and not is_new:
        return None
    return SchedulePreview(name, old, new, changes, _gaps_opened(name, before, after, now, end))


def _gaps_opened(name: str, before: Roster, after: Roster, now: datetime, end: datetime) -> tuple[Interval, ...]:
    if name not in after.schedules:
        return ()
    found = gaps(after.schedules[name], after.absences, now, end)
    if name in before.schedules:
        found = tuple(without(found, gaps(before.schedules[name], before.absences, now, end)))
    return found


def _changes(old: Sequence[Shift], new: Sequence[Shift]) -> Iterator[ShiftChange]:
    """Where the people differ; neighbours with equal people on both sides are one."""
    cuts = sorted({instant for shift in (*old, *new) for instant in (shift.start, shift.end)})
    before, after = _Walk(old), _Walk(new)
    open_change: ShiftChange | None = None
    for starts, ends in pairwise(cuts):
        was, becomes = before.at(starts), after.at(starts)
        if open_change and open_change.end == starts and (open_change.before, open_change.after) == (was, becomes):
            open_change = ShiftChange(open_change.start, ends, was, becomes)
            continue
        if open_change:
            yield open_change
        open_change = ShiftChange(starts, ends, was, becomes) if set(was) != set(becomes) else None
    if open_change:
        yield open_change


class _Walk:
    """Who is on call, asked at instants that never decrease."""

    def __init__(self, shifts: Sequence[Shift]) -> None:
        self._left = list(reversed(shifts))

    def at(self, at: datetime) -> tuple[str, ...]:
        while self._left and self._left[-1].end <= at:
            self._left.pop()
        return self._left[-1].responders if self._left and self._left[-1].start <= at else ()
