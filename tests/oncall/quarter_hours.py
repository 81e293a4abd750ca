"""A second resolver, for tests: paints a year of quarter hours one by one and shares no rule with the product.

It knows only what each wall shows at each instant, and the sentences of the design.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.people import Absence
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Layer, Override, Schedule
from oncallbot.oncall.windows import Outside, WeeklyWindow, Windows

QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
START, QUARTERS = datetime(2026, 1, 10, tzinfo=UTC), 365 * 96  # what is painted
AHEAD = 20 * 96  # quarters before START, for windows that began there
WALL_START, WALL_QUARTERS = START - AHEAD * QUARTER, AHEAD + QUARTERS + 20 * 96
Turn = tuple[str, Rotation, int]
"""Whose: of which layer, in which version's ring, and the number."""
Answer = tuple[tuple[str, ...], str, int | None]
"""Who, why (layer name, "override" or "absence") and which turn."""
NOBODY: Answer = ((), "", None)


@dataclass
class Wall:
    """What the wall of a zone shows at each quarter of an hour from `WALL_START` on."""

    tz: ZoneInfo

    def __post_init__(self) -> None:
        instants = [WALL_START + QUARTER * index for index in range(WALL_QUARTERS)]
        shown = [at.astimezone(self.tz).replace(tzinfo=None) for at in instants]
        self.latest = list(accumulate(shown, max))
        self.earliest = list(accumulate(reversed(shown), min))[::-1]

    def first(self, local: datetime) -> int:
        """The first quarter at which the wall shows `local` or later."""
        return bisect_left(self.latest, local)

    def last(self, local: datetime) -> int:
        """The first quarter from which on the wall never shows less than `local`."""
        return bisect_left(self.earliest, local)


@cache
def wall_of(tz: str) -> Wall:
    """A year of one takes most of a question's time, and all the plans of one zone share it."""
    return Wall(ZoneInfo(tz))


def grid(rotation: Rotation, start: datetime, until: datetime) -> tuple[int, list[datetime]]:
    """Every grid point from before `start` to `until`, one step at a time, and the first one's turn."""
    steps = 0
    while stepped(rotation, steps) > start:
        steps -= 1
    first, points = steps, [stepped(rotation, steps)]
    while points[-1] < until:
        steps += 1
        points.append(stepped(rotation, steps))
    return first, points


def stepped(rotation: Rotation, steps: int) -> datetime:
    hours = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WEEKS: 168}
    if rotation.unit in hours:
        return rotation.first_handoff + timedelta(hours=hours[rotation.unit] * rotation.every * steps)
    first = rotation.first_handoff
    month_start = datetime(first.year, first.month, 1, first.hour, first.minute)
    for _ in range(abs(steps) * rotation.every):
        month_start = (month_start + 31 * DAY if steps > 0 else month_start - DAY).replace(day=1)
    day = month_start + (first.day - 1) * DAY
    while day.month != month_start.month:
        day -= DAY
    return day


def painted_turns(name: str, rotation: Rotation) -> list[Turn]:
    """Whose turn it is at each quarter."""
    wall = wall_of(rotation.timezone)
    turn, points = grid(rotation, wall.earliest[0], wall.latest[-1])
    handoffs = [wall.first(point) for point in points]  # 0 for those before the wall begins
    turns: list[Turn] = []
    for begins, ends in pairwise((*handoffs, WALL_QUARTERS)):
        turns += [(name, rotation, turn)] * (ends - begins)
        turn += 1
    return turns


def painted_windows(windows: Sequence[WeeklyWindow], wall: Wall, skip: frozenset[date] = frozenset()) -> list[bool]:
    painted = [False] * WALL_QUARTERS
    day = wall.latest[0].replace(hour=0, minute=0)
    while day < wall.latest[-1]:
        for window in windows:
            if day.weekday() in window.days and day.date() not in skip:
                ends = day + timedelta(minutes=window.end) + (DAY if window.end <= window.start else 0 * DAY)
                begin, end = wall.first(day + timedelta(minutes=window.start)), wall.last(ends)
                painted[begin:end] = [True] * (end - begin)
        day += DAY
    return painted


def painted_office(hours: OfficeHours) -> list[bool]:
    wall = wall_of(hours.timezone)
    days = {wall.latest[0].date() + DAY * number for number in range(WALL_QUARTERS // 96 + 3)}
    off = {day for day in days if day in hours.closed or (hours.holidays and hours.holidays.name_on(day))}
    painted = painted_windows(hours.open, wall, frozenset(off))
    for opened, parts in hours.opened:
        only = [WeeklyWindow(frozenset({opened.weekday()}), begin, end) for begin, end in parts]
        extra = painted_windows(only, wall, frozenset(days - {opened}))
        painted = [already or more for already, more in zip(painted, extra, strict=True)]
    return painted


def painted_layer(layer: Layer, tz: str) -> list[Turn | None]:
    """The layer's turn at each quarter; None outside its windows."""
    versions = [(quarter_of(one.until), one.rotation, one.windows) for one in layer.former]
    said: list[Turn | None] = []
    for until, rotation, windows in [*versions, (WALL_QUARTERS, layer.rotation, layer.windows)]:
        turns = painted_turns(layer.name, rotation)
        inside = [True] * WALL_QUARTERS if windows is None else painted_inside(windows, tz)
        said += [turns[index] if inside[index] else None for index in range(len(said), until)]
    return said


def painted_inside(windows: Windows, tz: str) -> list[bool]:
    if isinstance(windows, Outside):
        return [not is_open for is_open in painted_office(windows.hours)]
    return painted_windows(windows.windows, wall_of(tz))


def quarter_of(at: datetime) -> int:
    """The first quarter of the wall at or after that instant."""
    return -((WALL_START - at) // QUARTER)


def painted(schedule: Schedule, absences: Sequence[Absence]) -> list[Answer]:
    """Who is on call at each quarter from START on."""
    tops: list[Turn | None] = [None] * WALL_QUARTERS
    for layer in schedule.layers:
        turns = painted_layer(layer, schedule.timezone)
        tops = [turn or top for top, turn in zip(tops, turns, strict=True)]
    spans = [(one.start, one.end) for one in absences] + [(one.start, one.end) for one in schedule.overrides]
    edges = {AHEAD} | {quarter_of(edge) for span in spans for edge in span}
    answers: list[Answer] = []
    for index in range(AHEAD, AHEAD + QUARTERS):
        if index in edges:
            at = WALL_START + QUARTER * index
            away = {absence.responder for absence in absences if absence.start <= at < absence.end}
            running = [over for over in schedule.overrides if over.start <= at < over.end]
        elif tops[index] == tops[index - 1]:  # as a quarter of an hour ago, then so is the answer
            answers.append(answers[-1])
            continue
        answers.append(answered(tops[index], away, running))
    return answers


def answered(top: Turn | None, away: set[str], running: list[Override]) -> Answer:
    holders: dict[str, str | None] = {}
    why, turn = "", None
    if top is not None:
        name, rotation, turn = top
        ring = rotation.participants
        owners = ring[turn % len(ring)]
        holders = {owner: None if owner in away else owner for owner in owners}
        why = "absence" if away & set(owners) else name
        if owners and away.issuperset(owners):
            others = [ring[(turn + step) % len(ring)] for step in range(len(ring))]
            fit = [[person for person in other if person not in away] for other in others]
            covers = next((people for people in fit if people), [])
            holders = {"/".join(owners) + f"#{cover}": cover for cover in covers} or {"/".join(owners) + "#": None}
    for over in running:
        hit = [place for place in holders if fits(over, place, holders[place])]
        if over.instead_of is None and not holders:
            hit = ["free"]
        for place in hit:
            holders[place], why, turn = over.responder, "override", None
    people = tuple(dict.fromkeys(person for person in holders.values() if person))
    return (people, why, turn) if people else NOBODY


def fits(over: Override, place: str, holder: str | None) -> bool:
    return over.instead_of is None or over.instead_of == holder or over.instead_of in place.split("#")[0].split("/")
