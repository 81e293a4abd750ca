"""Where does a rotation's new version begin on the wall, and with whom?

So that nobody's night changes who was not meant: the order goes on where it stands. It must not look at layers.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from oncallbot.oncall.edits import Entry, Handoff, Start
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.wallclock import to_local, zone

_ONE_DAY = timedelta(days=1)
_WEEK = 7
_ANCHORS_TRIED = 100  # a yearly 29 February comes back within eight turns


def start_of(running: Rotation, start: Start, now: datetime) -> datetime:
    """The instant at which a version made at `now` begins, UTC: always a handoff of `running`, but for IMMEDIATELY."""
    match start:
        case Start.IMMEDIATELY:
            return now
        case Start.AFTER_CURRENT_SHIFT:
            return running.next_handoff(now)
        case Start.AFTER_FULL_ROTATION:
            turn = running.turn_at(now)
            at = running.handoff(turn + len(running.participants) - turn % len(running.participants))
            return at if at > now else running.next_handoff(now)


def anchored(
    running: Rotation,
    participants: tuple[Entry, ...],
    every: tuple[int, Unit],
    handoff: Handoff | None,
    starts_at: datetime,
) -> Rotation:
    """The new version. At a handoff the old order's next person comes first; in mid-shift whoever has it keeps it.

    A moved handoff takes effect at the new grid's point nearest to `starts_at`: until then the outgoing person stays,
    or, where it has passed, the next one starts a little into a shift. ValueError says what cannot be.
    """
    if not participants:
        raise ValueError("a rotation needs participants: name at least one responder, or nobody")
    count, unit = every
    turn = running.turn_at(starts_at)
    is_handoff = running.handoff(turn) == starts_at
    if handoff is None and every == (running.every, running.unit):
        turn_of_anchor = _anchor_turn(running, turn)
        first, at_start = running.grid_point(turn_of_anchor), turn - turn_of_anchor
    elif handoff is None:
        grid = Rotation(running.grid_point(turn), count, unit, participants, running.timezone)
        first, at_start = grid.first_handoff, grid.turn_at(starts_at)
    else:
        local = to_local(starts_at, zone(running.timezone))
        first = nearest(handoff, count, unit, local, is_ahead=not is_handoff)
        grid = Rotation(first, count, unit, participants, running.timezone)
        at_start = 0 if is_handoff else grid.turn_at(starts_at)
    whose = _place_of(running, turn, participants)
    shift = (whose - at_start) % len(participants)
    return Rotation(first, count, unit, (*participants[shift:], *participants[:shift]), running.timezone)


def nearest(handoff: Handoff, count: int, unit: Unit, local: datetime, *, is_ahead: bool) -> datetime:
    """The handoff's wall-clock time nearest to `local`; with `is_ahead` the first after it. ValueError says why not."""
    _fits(handoff, count, unit)
    days = range(-62, 63)
    points = [
        datetime.combine(local.date() + day * _ONE_DAY, handoff.at)
        for day in days
        if _is_on(handoff, (local + day * _ONE_DAY).date().weekday(), (local + day * _ONE_DAY).day)
    ]
    if is_ahead:
        return next(point for point in points if point > local)
    return min(points, key=lambda point: (abs(point - local), point))


def last(handoff: Handoff, count: int, unit: Unit, local: datetime) -> datetime:
    """The handoff's last wall-clock time that is not after `local`. ValueError says why there is none."""
    _fits(handoff, count, unit)
    for day in range(63):
        point = datetime.combine(local.date() - day * _ONE_DAY, handoff.at)
        if point <= local and _is_on(handoff, point.weekday(), point.day):
            return point
    raise ValueError("there is no such handoff: name another day")


def _is_on(handoff: Handoff, weekday: int, day: int) -> bool:
    if handoff.day is not None:
        return day == handoff.day
    return handoff.weekday is None or weekday == handoff.weekday


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


def _anchor_turn(rotation: Rotation, turn: int) -> int:
    """The turn to count from: this one, or, where its month is too short, the next that is on the rotation's day."""
    if rotation.unit is not Unit.MONTHS:
        return turn
    for ahead in range(turn, turn + _ANCHORS_TRIED):
        if rotation.grid_point(ahead).day == rotation.first_handoff.day:
            return ahead
    return turn


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
