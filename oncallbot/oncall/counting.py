"""How many hours was each person on call, by kind: weekday, night, weekend, holiday? Who had more than others?

Counts what was worked (or will be), row by row. It must not know why somebody was on call.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from oncallbot.oncall.hours import Holidays
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.wallclock import as_utc, to_local, to_utc, zone
from oncallbot.oncall.week import ONE_DAY, Times

NIGHT: Times = (22 * 60, 6 * 60)
_NOTHING = timedelta()
_SATURDAY = 5

Row = tuple[datetime, datetime, tuple[str, ...]]
"""`[start, end)`, UTC, and who was on call together: each of them the whole time."""


class HourKind(StrEnum):
    """What an hour on call is counted as: the first of these that fits."""

    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    NIGHT = "night"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class Hours:
    """Time on call by kind. Each instant counts once, so that the kinds add up to `total`."""

    weekday: timedelta = _NOTHING
    night: timedelta = _NOTHING
    weekend: timedelta = _NOTHING
    holiday: timedelta = _NOTHING

    @property
    def total(self) -> timedelta:
        return self.weekday + self.night + self.weekend + self.holiday

    def __add__(self, other: Hours) -> Hours:
        return Hours(
            self.weekday + other.weekday,
            self.night + other.night,
            self.weekend + other.weekend,
            self.holiday + other.holiday,
        )


@dataclass(frozen=True, slots=True)
class Weights:
    """How much an hour of each kind counts when people are compared; whole numbers keep the sums exact."""

    weekday: int = 1
    night: int = 2  # costs sleep, and half of the next day
    weekend: int = 2  # costs free time with others; its nights count as weekend, too
    holiday: int = 3  # rare, and nobody likes to swap for it

    def __post_init__(self) -> None:
        if min(self.weekday, self.night, self.weekend, self.holiday) < 0:
            raise ValueError("a weight cannot be negative: write 0 or more")

    def of(self, hours: Hours) -> timedelta:
        """The weighted hours."""
        return (
            hours.weekday * self.weekday
            + hours.night * self.night
            + hours.weekend * self.weekend
            + hours.holiday * self.holiday
        )


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Calendar:
    """What makes an hour a night's, a weekend's or a holiday's, in the schedule's zone.

    A holiday is a whole local day, and so is each day of a weekend: Saturday and Sunday. `night` is in minutes after
    midnight, and belongs to the days on which its parts lie: Saturday 02:00 is weekend. Days and nights begin at the
    first occurrence of their wall-clock time, like shifts; an hour that the clocks repeat counts twice.
    """

    timezone: str
    holidays: Holidays | None = None
    night: Times = NIGHT

    def __post_init__(self) -> None:
        zone(self.timezone)
        if not all(0 <= minute <= 24 * 60 for minute in self.night):
            raise ValueError("a night starts and ends between 00:00 and 24:00")

    def kind(self, day: date, minute: int) -> HourKind:
        """Of the local `day`, at this minute after midnight."""
        if self.holidays is not None and self.holidays.name_on(day) is not None:
            return HourKind.HOLIDAY
        if day.weekday() >= _SATURDAY:
            return HourKind.WEEKEND
        start, end = self.night
        is_night = start <= minute < end if start < end else minute >= start or minute < end
        return HourKind.NIGHT if is_night else HourKind.WEEKDAY

    def stretches(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, HourKind]]:
        """From which instant on hours are of which kind, in order, from before `start` to after `end`.

        Neighbours may have the same kind, or the same instant: then the later one counts.
        """
        tz = zone(self.timezone)
        cuts = sorted({0, *(minute for minute in self.night if minute < 24 * 60)})
        day, last = to_local(start, tz).date() - ONE_DAY, to_local(end, tz).date() + ONE_DAY
        while day <= last:
            midnight = datetime(day.year, day.month, day.day)
            for minute in cuts:
                yield to_utc(midnight + timedelta(minutes=minute), tz), self.kind(day, minute)
            day += ONE_DAY


@dataclass(frozen=True, slots=True)
class Share:
    """One person's hours beside the others'. `difference` from the mean; None for who only helped out."""

    responder: str
    hours: Hours
    weighted: timedelta
    difference: timedelta | None


def hours_by_responder(rows: Iterable[Row], calendar: Calendar) -> dict[str, Hours]:
    """How long each person was on call, by kind. Rows of one person that overlap count twice."""
    by_responder: dict[str, list[Interval]] = {}
    for start, end, responders in rows:
        span = as_utc(start), as_utc(end)
        for responder in dict.fromkeys(responders):
            by_responder.setdefault(responder, []).append(span)
    spans = [span for found in by_responder.values() for span in found]
    if not spans:
        return {}
    cuts = list(calendar.stretches(min(start for start, _ in spans), max(end for _, end in spans)))
    return {responder: _counted(found, cuts) for responder, found in by_responder.items()}


def shares(hours: Mapping[str, Hours], participants: Sequence[str], weights: Weights = WEIGHTS) -> tuple[Share, ...]:
    """Each person's weighted hours and their distance from the mean of the participants, the most burdened first.

    Somebody who takes part and was never on call has 0 hours and counts for the mean; somebody who does not take part
    is listed, but counts for nobody.
    """
    taking_part = dict.fromkeys(participants)
    weighted = {one: weights.of(hours.get(one, Hours())) for one in (*taking_part, *hours)}
    mean = sum((weighted[one] for one in taking_part), _NOTHING) / len(taking_part) if taking_part else _NOTHING
    found = [
        Share(one, hours.get(one, Hours()), all_of_it, all_of_it - mean if one in taking_part else None)
        for one, all_of_it in weighted.items()
    ]
    return tuple(sorted(found, key=lambda share: (share.difference is None, -share.weighted, share.responder)))


def _counted(spans: Iterable[Interval], cuts: Sequence[tuple[datetime, HourKind]]) -> Hours:
    instants = [at for at, _ in cuts]
    found = dict.fromkeys(HourKind, _NOTHING)
    for start, end in spans:
        now, place = start, bisect_right(instants, start)
        while now < end:
            until = min(end, instants[place]) if place < len(instants) else end
            found[cuts[place - 1][1]] += until - now
            now, place = until, place + 1
    return Hours(found[HourKind.WEEKDAY], found[HourKind.NIGHT], found[HourKind.WEEKEND], found[HourKind.HOLIDAY])
