"""When does somebody's time on call begin and end, nights together? Stints, and the handoffs between them.

A schedule that is meant to be empty by day has a shift each night; to people a week of nights is one stint. It must not
say who is on call at an instant: that is `schedule`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.oncall.people import Absence
from oncallbot.oncall.schedule import Schedule, Shift, final_shifts

BREAK = timedelta(hours=24)  # the longest hole that does not end a stint: an office day, not a weekend

_LOOK_BACK = timedelta(days=8)  # to whoever had the last weekend


@dataclass(frozen=True, slots=True)
class Stint:
    """`[start, end)`, UTC: the same responders, with breaks shorter than `BREAK` in which nobody is on call."""

    start: datetime
    end: datetime
    responders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handoff:
    """At `at` the outgoing people end and the incoming begin; nobody is empty."""

    at: datetime
    outgoing: tuple[str, ...]
    incoming: tuple[str, ...]


def stints(shifts: Iterable[Shift]) -> Iterator[Stint]:
    """The shifts of one schedule, in order, with those of equal people joined. Order of names does not matter."""
    current: Stint | None = None
    for shift in shifts:
        joins = current is not None and set(current.responders) == set(shift.responders)
        if current is not None and joins and shift.start - current.end < BREAK:
            current = Stint(current.start, shift.end, current.responders)
            continue
        if current is not None:
            yield current
        current = Stint(shift.start, shift.end, shift.responders)
    if current is not None:
        yield current


def stints_of(shifts: Iterable[Shift], responder: str) -> Iterator[Stint]:
    """The stints of one person, alone or with others; where others are on call without them, a stint ends."""
    seen = (
        Shift(one.start, one.end, (responder,) if responder in one.responders else (), one.source)
        for one in shifts
        if one.responders
    )
    return (one for one in stints(seen) if one.responders)


def handoffs(schedule: Schedule, absences: Sequence[Absence], after: datetime, until: datetime) -> list[Handoff]:
    """The handoffs in `(after, until]`: where a stint of other people begins, whoever had the last one goes."""
    shifts = final_shifts(schedule, absences, after - _LOOK_BACK, until + BREAK)
    found: list[Handoff] = []
    outgoing: tuple[str, ...] = ()
    for stint in stints(shifts):
        if after < stint.start <= until and set(stint.responders) != set(outgoing):
            found.append(Handoff(stint.start, outgoing, stint.responders))
        outgoing = stint.responders
    return found


def changes(schedule: Schedule, absences: Sequence[Absence], after: datetime, until: datetime) -> list[datetime]:
    """The instants in `(after, until]` at which other people are on call than just before, nobody included."""
    end = until + timedelta(microseconds=1)
    found: list[datetime] = []
    before: frozenset[str] | None = None
    for at, people in _tiles(final_shifts(schedule, absences, after, end), after, end):
        if before is not None and people != before:
            found.append(at)
        before = people
    return found


def _tiles(shifts: Iterable[Shift], start: datetime, end: datetime) -> Iterator[tuple[datetime, frozenset[str]]]:
    """From when who is on call, from `start` to `end` without a hole."""
    now = start
    for shift in shifts:
        if shift.start > now:
            yield now, frozenset()
        yield shift.start, frozenset(shift.responders)
        now = shift.end
    if now < end:
        yield now, frozenset()
