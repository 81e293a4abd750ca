"""In which order would the coming turns be shared most fairly, and why does each stand where they stand?

Only proposes: an order becomes true by an edit that somebody confirms. It must not move a shift.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.oncall.counting import WEIGHTS, Calendar, Hours, Weights, hours_by_responder
from oncallbot.oncall.editing import Mistake, Roster, edited
from oncallbot.oncall.edits import ChangeRotation, Entry, Start
from oncallbot.oncall.layers import Layer, turns
from oncallbot.oncall.schedule import Schedule, final_shifts
from oncallbot.oncall.wallclock import zone

LOOK_AHEAD = timedelta(days=90)  # as far as a preview shows: further ahead nobody knows who will be away
LONGEST_ROUND = timedelta(days=3660)
SAME_LOAD = timedelta(hours=4)  # weighted: an hour that clocks repeat is no reason to overtake somebody, a holiday is

_NOTHING = timedelta()
_ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the ledger: an entry of the order, its hours, and why it stands at `place` (from 1).

    A group's hours are the mean of its members'. `worked` is what was counted until now, `fixed` what the present
    order still gives before the proposed one begins, `adds` what the proposed one gives within the turns looked at.
    `before` and `after` are weighted, without and with `adds`. `rank` is the place by `before`, 1 has least;
    `load_rank` is the place by what the turns weigh, 1 is the heaviest; None where all weigh the same. Equal ones share
    a rank, and turns that differ by less than `SAME_LOAD` are equal.
    """

    entry: Entry
    place: int
    worked: Hours
    fixed: Hours
    adds: Hours
    before: timedelta
    after: timedelta
    rank: int
    load_rank: int | None

    @property
    def reason(self) -> str:
        """Part of a sentence: "least so far, 31 weighted hours; takes the heaviest turns, 130"."""
        so_far = "least so far" if self.rank == 1 else f"number {self.rank} from the least so far"
        return f"{so_far}, {self.before / _ONE_HOUR:.0f} weighted hours; takes {self._load}"

    @property
    def _load(self) -> str:
        added = f"{(self.after - self.before) / _ONE_HOUR:.0f}"
        match self.load_rank:
            case None:
                return f"{added}, and all turns weigh the same"
            case 1:
                return f"the heaviest turns, {added}"
            case rank:
                return f"turns that are number {rank} by weight, {added}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`change` orders what is proposed: its first participant takes the first turn from `starts_at` (UTC) on.

    `present` is the order as it would go on. The ledger, in the proposed order and without `nobody`, looks at the next
    `turns` turns, until `ends_at`. The spreads are the weighted hours between who will have most and least by then.
    """

    change: ChangeRotation
    present: tuple[Entry, ...]
    starts_at: datetime
    ends_at: datetime
    turns: int
    ledger: tuple[Standing, ...]
    spread_in_present_order: timedelta
    spread: timedelta

    @property
    def changes_nothing(self) -> bool:
        return self.change.participants == self.present


def fairest(
    roster: Roster,
    schedule: str,
    layer: str | None,
    worked: Mapping[str, Hours],
    calendar: Calendar,
    now: datetime,
    starts: Start = Start.AFTER_CURRENT_SHIFT,
    weights: Weights = WEIGHTS,
) -> Proposal | Mistake:
    """The fairest order of the layer's newest participants (None: of the only layer), from `starts` on.

    `worked` are everybody's hours until `now`, over the time that shall be made good (a year, say). Who has least
    comes first; where coming turns weigh differently (one has Christmas), the heaviest goes to who has least. A turn
    of `nobody` keeps its place. Overrides and absences ahead do not count: they belong to persons, not to turns.
    """
    goes_on = edited(roster, ChangeRotation(schedule, layer, starts=starts), now)
    if isinstance(goes_on, Mistake):
        return goes_on
    before, after = roster.schedules[schedule], goes_on.schedules[schedule]
    newest = next(one for one in after.layers if layer in (None, one.name))
    starts_at = newest.starts_at or now
    first = newest.rotation.turn_at(starts_at)
    present = tuple(newest.rotation.on_turn(first + place) for place in range(len(newest.rotation.participants)))
    if not any(present):
        return Mistake(f"nobody takes turns in {newest.name} of {schedule}", "add somebody first")
    ends_at = _ends_at(newest, first, starts_at)
    if ends_at is None:
        return Mistake("one round of this order lasts longer than ten years", "write the order yourself")
    shifts = final_shifts(before, roster.absences, now, starts_at)
    fixed = hours_by_responder(((one.start, one.end, one.responders) for one in shifts), calendar)
    book = _Book(worked, fixed, _loads(after, newest, (starts_at, ends_at), calendar), weights)
    proposed = _arranged(present, book)
    change = ChangeRotation(schedule, layer, proposed, starts=starts, keeps_next=False)
    count = newest.rotation.turn_at(ends_at) - first
    ledger = tuple(book.standings(proposed))
    return Proposal(change, present, starts_at, ends_at, count, ledger, book.spread(present), book.spread(proposed))


def _ends_at(layer: Layer, first: int, starts_at: datetime) -> datetime | None:
    """The end of the whole rounds that reach `LOOK_AHEAD`; None when that is out of sight."""
    rotation = layer.rotation
    length = len(rotation.participants)
    rounds = -(-(rotation.turn_at(starts_at + LOOK_AHEAD) + 1 - first) // length)
    try:
        ends_at = rotation.handoff(first + rounds * length)
    except (OverflowError, ValueError):  # beyond the year 9999
        return None
    return ends_at if ends_at - starts_at <= LONGEST_ROUND else None


def _loads(schedule: Schedule, layer: Layer, span: tuple[datetime, datetime], calendar: Calendar) -> tuple[Hours, ...]:
    """The hours of each place's turns within the span, the first place's first: only where this layer is on top."""
    length, first = len(layer.rotation.participants), layer.rotation.turn_at(span[0])
    pieces = (
        (start, end, (str((turn.number - first) % length),))
        for start, end, turn in turns(schedule.layers, *span, zone(schedule.timezone))
        if turn is not None and turn.layer.name == layer.name
    )
    found = hours_by_responder(pieces, calendar)
    return tuple(found.get(str(place), Hours()) for place in range(length))


@dataclass(frozen=True, slots=True)
class _Book:
    """What everybody has, and what each place of the order gives."""

    worked: Mapping[str, Hours]
    fixed: Mapping[str, Hours]
    loads: tuple[Hours, ...]
    weights: Weights

    def before(self, responder: str) -> timedelta:
        return self.weights.of(self.worked.get(responder, Hours()) + self.fixed.get(responder, Hours()))

    def load(self, place: int) -> timedelta:
        return self.weights.of(self.loads[place])

    def load_ranks(self, places: Iterable[int]) -> dict[int, int]:
        """1 for the heaviest places, and so on."""
        ranks: dict[int, int] = {}
        rank, heaviest = 0, _NOTHING
        for place in sorted(places, key=lambda one: (-self.load(one), one)):
            if not ranks or heaviest - self.load(place) >= SAME_LOAD:
                rank, heaviest = rank + 1, self.load(place)
            ranks[place] = rank
        return ranks

    def spread(self, order: Sequence[Entry]) -> timedelta:
        totals = {one: self.before(one) for entry in order for one in entry}
        for place, entry in enumerate(order):
            for one in entry:
                totals[one] += self.load(place)
        return max(totals.values()) - min(totals.values()) if totals else _NOTHING

    def standings(self, order: Sequence[Entry]) -> Iterable[Standing]:
        ranks = self.load_ranks(place for place, entry in enumerate(order) if entry)
        differ = max(ranks.values()) > 1
        had = {entry: _mean([self.before(one) for one in entry]) for entry in order if entry}
        for place, entry in enumerate(order):
            if not entry:
                continue
            adds = sum((self.loads[at] for at, other in enumerate(order) if other == entry), Hours())
            yield Standing(
                entry,
                place + 1,
                _mean_hours([self.worked.get(one, Hours()) for one in entry]),
                _mean_hours([self.fixed.get(one, Hours()) for one in entry]),
                adds,
                had[entry],
                had[entry] + self.weights.of(adds),
                1 + sum(one < had[entry] for one in had.values()),
                ranks[place] if differ else None,
            )


def _arranged(present: tuple[Entry, ...], book: _Book) -> tuple[Entry, ...]:
    """The heaviest places first, each to who has least of those left, and if possible not twice in a row."""
    places = [place for place, entry in enumerate(present) if entry]
    left = [present[place] for place in places]
    has = {one: book.before(one) for entry in left for one in entry}
    order: dict[int, Entry] = dict.fromkeys(range(len(present)), ())
    ranks = book.load_ranks(places)
    for place in sorted(places, key=lambda one: (ranks[one], one)):
        neighbours = {order[(place - 1) % len(present)], order[(place + 1) % len(present)]}
        entry = min(left, key=lambda one: (one in neighbours, _mean([has[each] for each in one])))
        left.remove(entry)
        order[place] = entry
        for one in entry:
            has[one] += book.load(place)
    return tuple(order.values())


def _mean(times: Sequence[timedelta]) -> timedelta:
    return sum(times, _NOTHING) / len(times)


def _mean_hours(hours: Sequence[Hours]) -> Hours:
    parts = ([one.weekday, one.night, one.weekend, one.holiday] for one in hours)
    return Hours(*(_mean(part) for part in zip(*parts, strict=True)))
