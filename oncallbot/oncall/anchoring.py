"""Where does a rotation's new version begin on the wall, and with whom?

So that nobody's night changes who was not meant: the order goes on where it stands. It must not look at layers.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from oncallbot.oncall.edits import ChangeRotation, Entry, Handoff, Start
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.wallclock import LATEST, as_utc, to_local, zone

_ONE_DAY = timedelta(days=1)
_DAYS_SEARCHED = 63  # every handoff comes back within two months
_MONTHS_TRIED = 12  # all months of a year; a yearly 29 February comes back within eight turns


def start_of(running: Rotation, start: Start, now: datetime) -> datetime:
    """The instant at which a version made at `now` begins, UTC: always a handoff of `running`, but for IMMEDIATELY.

    ValueError when that is too far ahead for a calendar.
    """
    try:
        match start:
            case Start.IMMEDIATELY:
                return now
            case Start.AFTER_CURRENT_SHIFT:
                return running.next_handoff(now)
            case Start.AFTER_FULL_ROTATION:
                turn, length = running.turn_at(now), len(running.participants)
                return as_utc(running.handoff(turn + length - turn % length))
    except (OverflowError, ValueError) as error:
        raise ValueError("this would begin after the year 8999: let it begin after the current shift") from error


class Anchored(NamedTuple):
    """A new version, and from when it runs, UTC."""

    rotation: Rotation
    starts_at: datetime


def anchored(
    running: Rotation, newest: Rotation, change: ChangeRotation, starts_at: datetime, old: Rotation
) -> Anchored:
    """The changed `newest`, its participants turned so that the order goes on where it stands at `starts_at`.

    `old` is what would run there otherwise: `running` or, if it began at that very instant, the pending `newest`.
    At a handoff of `running` the old order's next person comes first; in mid-shift whoever has it keeps it.
    A moved handoff takes effect at the new grid's point nearest to `starts_at`: until then the outgoing person stays
    or, if the new order has somebody else there, the version begins only then; where the point has passed, the next
    person starts a little into a shift. ValueError says what cannot be.
    """
    turn = running.turn_at(starts_at)
    is_handoff = running.handoff(turn) == starts_at
    grid = _regridded(newest, change, starts_at, is_handoff=is_handoff)
    at_start = _turn_to_start(grid, starts_at, is_handoff=is_handoff)
    place = _place_of(old, _turn_to_start(old, starts_at, is_handoff=is_handoff), grid.participants)
    new = _turned(grid, at_start, place if change.keeps_next else 0)
    begins = new.handoff(at_start)
    if begins > starts_at and new.on_turn(at_start - 1) != running.on_turn(turn - 1):
        return Anchored(new, begins)
    return Anchored(new, starts_at)


def _regridded(newest: Rotation, change: ChangeRotation, at: datetime, *, is_handoff: bool) -> Rotation:
    """The changed participants, length and handoff, counted from the turn at `at`; whose turn 0 is is still open."""
    participants = change.participants if change.participants is not None else newest.participants
    count, unit = change.every or (newest.every, newest.unit)
    point = newest.grid_point(_turn_to_start(newest, at, is_handoff=is_handoff))
    if unit is Unit.MONTHS and newest.unit is Unit.MONTHS:
        point = _on_day(point, newest.first_handoff.day, count)
    grid = Rotation(point, count, unit, participants, newest.timezone)
    return grid if change.handoff is None else _moved(grid, change.handoff, at, is_ahead=not is_handoff)


def created(
    handoff: Handoff, participants: tuple[Entry, ...], every: tuple[int, Unit], timezone: str, now: datetime
) -> Rotation:
    """The first participant has been on call since the last such handoff. ValueError says what cannot be."""
    count, unit = every
    _fits(handoff, count, unit)
    local = to_local(now, zone(timezone))
    point = max(point for point in _points(handoff, local) if point <= local)
    first = _on_day(point, handoff.day, count) if handoff.day is not None else point
    rotation = Rotation(first, count, unit, participants, timezone)
    return _turned(rotation, rotation.turn_at(now), 0)


def _moved(grid: Rotation, handoff: Handoff, at: datetime, *, is_ahead: bool) -> Rotation:
    """The same turns on the handoff's wall-clock time nearest to `at`; with `is_ahead` the first after it."""
    _fits(handoff, grid.every, grid.unit)
    local = to_local(at, zone(grid.timezone))
    points = [point for point in _points(handoff, local) if point > local or not is_ahead]
    nearest = min(points, key=lambda point: (abs(point - local), point))
    first = _on_day(nearest, handoff.day, grid.every) if handoff.day is not None else nearest
    return replace(grid, first_handoff=first)


def _points(handoff: Handoff, local: datetime) -> Iterator[datetime]:
    """The handoff's wall-clock times around `local`; a month that is too short has its last day."""
    for ahead in range(-_DAYS_SEARCHED, _DAYS_SEARCHED):
        point = datetime.combine(local.date() + ahead * _ONE_DAY, handoff.at)
        if handoff.day is not None:
            if point.day == min(handoff.day, monthrange(point.year, point.month)[1]):
                yield point
        elif handoff.weekday is None or point.weekday() == handoff.weekday:
            yield point


def _on_day(point: datetime, day: int, months: int) -> datetime:
    """The point of the same grid of months that is on `day`, or as near to it as any: so that no day drifts."""
    best = point
    for step in range(_MONTHS_TRIED):
        year, month = divmod(point.year * 12 + point.month - 1 + step * months, 12)
        if best.day == day or year >= LATEST.year:
            break
        last_day = monthrange(year, month + 1)[1]
        if min(day, last_day) > best.day:
            best = point.replace(year=year, month=month + 1, day=min(day, last_day))
    return best


def _turn_to_start(rotation: Rotation, at: datetime, *, is_handoff: bool) -> int:
    """The turn that runs at `at`; when it is to begin there, the one whose handoff is nearest on the wall."""
    turn = rotation.turn_at(at)
    if not is_handoff or rotation.handoff(turn) == at:
        return turn
    local = to_local(at, zone(rotation.timezone))
    if rotation.grid_point(turn + 1) - local < local - rotation.grid_point(turn):
        return rotation.turn_at(rotation.handoff(turn + 1))
    return turn


def _turned(rotation: Rotation, turn: int, place: int) -> Rotation:
    """The participants in the same order, turned so that this turn belongs to that place."""
    entries = rotation.participants
    shift = (place - turn) % len(entries)
    return replace(rotation, participants=(*entries[shift:], *entries[:shift]))


def _fits(handoff: Handoff, count: int, unit: Unit) -> None:
    """A weekly rotation needs a weekday, a monthly one a day of the month, a daily one neither."""
    match unit:
        case Unit.WEEKS if handoff.weekday is None:
            raise ValueError("a rotation of weeks hands off on a weekday: name it, for example Mon 09:00")
        case Unit.MONTHS if handoff.day is None:
            raise ValueError("a rotation of months hands off on a day of the month: name it, for example 1 09:00")
        case Unit.DAYS | Unit.HOURS if handoff.day is not None:
            raise ValueError(f"a rotation of {unit} hands off on no day of the month: name only a time")
        case Unit.DAYS if count == 1 and handoff.weekday is not None:
            raise ValueError("a daily rotation hands off every day: name only a time")
        case Unit.HOURS if handoff.weekday is not None:
            raise ValueError("a rotation of hours hands off every day: name only a time")
        case _:
            return


def _place_of(running: Rotation, turn: int, participants: tuple[Entry, ...]) -> int:
    """The place in the new order of whoever has that turn, or of the first after them who is still there."""
    for step in range(len(running.participants)):
        entry = running.on_turn(turn + step)
        places = [place for place, other in enumerate(participants) if other == entry]
        places = places or [place for place, other in enumerate(participants) if set(other) & set(entry)]
        if places:
            return max(places, key=lambda place: (_goes_on(running, turn + step, participants, place), -place))
    return 0


def _goes_on(running: Rotation, turn: int, participants: tuple[Entry, ...], place: int) -> int:
    """How many turns from there on are the same in both orders: tells two places of one person apart."""
    length = 0
    while (
        length < len(participants)
        and running.on_turn(turn + length) == participants[(place + length) % len(participants)]
    ):
        length += 1
    return length
