"""How fast could it be? The least code that says who is on call: one rotation of weeks, windows, absences, overrides.

It must not be used but to compare with: it knows no layers, reasons or office hours, and no hour that a clock skips.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
Stretch = tuple[str, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Plain:
    """`first` is naive, on the wall of `zone`; `windows` count minutes from Monday, 00:00; instants are UTC."""

    zone: ZoneInfo
    first: datetime
    people: tuple[str, ...]
    windows: tuple[tuple[int, int], ...]
    absences: tuple[Stretch, ...]
    overrides: tuple[Stretch, ...]


def on_call(plain: Plain, at: datetime) -> str | None:
    """Who is on call at `at`; None for nobody."""
    for person, start, end in reversed(plain.overrides):
        if start <= at < end:
            return person
    local = at.astimezone(plain.zone).replace(tzinfo=None)
    minute = local.weekday() * 1440 + local.hour * 60 + local.minute
    if not any(start <= minute < end for start, end in plain.windows):
        return None
    away = {person for person, start, end in plain.absences if start <= at < end}
    turn = (local - plain.first) // _WEEK
    in_order = (plain.people[(turn + place) % len(plain.people)] for place in range(len(plain.people)))
    return next((person for person in in_order if person not in away), None)


def shifts(plain: Plain, start: datetime, end: datetime) -> list[Stretch]:
    """Who is on call from when until when, in `[start, end)`; times with nobody are left out."""
    cuts = {start, end}
    for _, begins, ends in (*plain.absences, *plain.overrides):
        cuts |= {begins, ends}
    monday = plain.first.replace(hour=0, minute=0)
    monday += (start.astimezone(plain.zone).replace(tzinfo=None) - monday) // _WEEK * _WEEK
    while monday.replace(tzinfo=plain.zone) < end:
        cuts.add((monday + (plain.first - plain.first.replace(hour=0, minute=0))).replace(tzinfo=plain.zone))
        for window in plain.windows:
            cuts |= {(monday + timedelta(minutes=edge)).replace(tzinfo=plain.zone) for edge in window}
        monday += _WEEK
    found: list[Stretch] = []
    for begins, ends in pairwise(sorted(cut.astimezone(UTC) for cut in cuts if start <= cut <= end)):
        person = on_call(plain, begins)
        if person is not None and found and found[-1][0] == person and found[-1][2] == begins:
            found[-1] = (person, found[-1][1], ends)
        elif person is not None:
            found.append((person, begins, ends))
    return found
