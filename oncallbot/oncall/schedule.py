"""Who is on call at this instant, until when, who is next, and why?

The one resolver: the pager, Slack, the command line, feeds and reports all ask here. It must not read a clock or
remember an answer. Precedence, top first: override > absence > later layer > earlier layer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.oncall.layers import Former, Layer, Turn, turn_at, turns
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import NOBODY, Override, Settled, Source, SourceKind, settled
from oncallbot.oncall.rotation import Rotation
from oncallbot.oncall.wallclock import as_utc, zone
from oncallbot.oncall.windows import Windows

__all__ = [
    "LOOK_AHEAD",
    "Former",
    "Layer",
    "OnCall",
    "Override",
    "Schedule",
    "Shift",
    "Source",
    "SourceKind",
    "final_shifts",
    "next_responders",
    "participants",
    "responders_at",
    "who",
]

LOOK_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Layers and overrides in a time zone; a later layer covers an earlier one, a later override is the newer.

    `must_cover` says when somebody has to be on call; None is always. `user_group` is Slack's, by id or handle: its
    members are made those who are on call.
    """

    id: str
    timezone: str
    layers: tuple[Layer, ...]
    overrides: tuple[Override, ...] = ()
    must_cover: Windows | None = None
    user_group: str | None = None

    def __post_init__(self) -> None:
        zone(self.timezone)


@dataclass(frozen=True, slots=True)
class Shift:
    """`[start, end)`, UTC: a maximal interval with the same responders for the same reason."""

    start: datetime
    end: datetime
    responders: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class OnCall:
    """The answer at one instant. Nobody: `responders` empty, `source` None, `until` the next start.

    `until` is None when nothing changes within `LOOK_AHEAD`; `next` are the responders of the next shift with
    other people, empty when there is none within it, and `next_at` is when that one starts: often later than `until`,
    since whoever is on call this night may be so again the next one.
    """

    schedule: str
    at: datetime
    responders: tuple[str, ...]
    until: datetime | None
    next: tuple[str, ...]
    source: Source | None
    next_at: datetime | None = None


def who(schedule: Schedule, absences: Sequence[Absence], at: datetime) -> OnCall:
    """Who is on call at `at`, until when, why, and who is next."""
    at = as_utc(at)
    horizon = at + LOOK_AHEAD
    rows = _rows(schedule, absences, at, horizon)
    first = next(rows, None)
    if first is None:
        return OnCall(schedule.id, at, (), None, (), None)
    if first.start > at:
        return OnCall(schedule.id, at, (), first.start, first.responders, None, first.start)
    until = first.end if first.end < horizon else None
    if _never_changes_people(schedule, absences, at):
        return OnCall(schedule.id, at, first.responders, until, (), first.source)
    now = set(first.responders)
    following = next((row for row in rows if set(row.responders) != now), None)
    if following is None:
        return OnCall(schedule.id, at, first.responders, until, (), first.source)
    return OnCall(schedule.id, at, first.responders, until, following.responders, first.source, following.start)


def responders_at(schedule: Schedule, absences: Sequence[Absence], at: datetime) -> Settled:
    """Only who is on call at `at`, and why: what `who` says, without looking ahead."""
    at = as_utc(at)
    turn = turn_at(schedule.layers, at, zone(schedule.timezone))
    absent = {absence.responder for absence in absences if absence.start <= at < absence.end}
    return settled(turn, absent, [over for over in schedule.overrides if over.start <= at < over.end])


def next_responders(schedule: Schedule, absences: Sequence[Absence], at: datetime) -> tuple[str, ...]:
    """The responders of the next shift with other people than at `at`; gaps are skipped."""
    return who(schedule, absences, at).next


def final_shifts(schedule: Schedule, absences: Sequence[Absence], start: datetime, end: datetime) -> tuple[Shift, ...]:
    """The shifts within `[start, end)`, clipped, in order. Time with nobody has no row."""
    return tuple(_rows(schedule, absences, as_utc(start), as_utc(end)))


def participants(schedule: Schedule, at: datetime) -> tuple[str, ...]:
    """Everyone in any layer as it runs at `at`, each once, in order of layers and turns; overrides do not count."""
    return _people(layer.at(as_utc(at)).rotation for layer in schedule.layers)


def _people(rotations: Iterable[Rotation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for rotation in rotations for entry in rotation.participants for one in entry))


def _rotations(schedule: Schedule, start: datetime, end: datetime) -> Iterator[Rotation]:
    """Those of every version that runs at some time in `[start, end)`."""
    return (version.rotation for layer in schedule.layers for _, _, version in layer.versions(start, end))


def _rows(schedule: Schedule, absences: Sequence[Absence], start: datetime, end: datetime) -> Iterator[Shift]:
    """The maximal rows of `[start, end)`, clipped to it. Lazy: looks no further ahead than it is asked to."""
    began, until, (responders, source) = start, start, NOBODY
    for piece_starts, piece_ends, (people, why) in _pieces(schedule, absences, start, end):
        if why is source or (people == responders and why == source):
            until = piece_ends
            continue
        if source is not None:
            yield Shift(began, until, responders, source)
        began, until, responders, source = piece_starts, piece_ends, people, why
    if source is not None:
        yield Shift(began, until, responders, source)


def _pieces(
    schedule: Schedule, absences: Sequence[Absence], start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, Settled]]:
    """Pieces that tile `[start, end)`, cut wherever a turn, an absence or an override starts or ends. Lazy."""
    overrides = [over for over in schedule.overrides if over.end > start and over.start < end]
    relevant = _relevant(schedule, absences, start, end)
    cuts = _cuts(overrides, relevant, start, end)
    absent: set[str] = set()
    running: list[Override] = []
    cut = start
    settled_turn: Turn | None = None
    answer: Settled | None = None
    for piece_starts, piece_ends, turn in turns(schedule.layers, start, end, zone(schedule.timezone)):
        now = piece_starts
        while now < piece_ends:
            if now >= cut:
                absent = {absence.responder for absence in relevant if absence.start <= now < absence.end}
                running = [over for over in overrides if over.start <= now < over.end]
                cut, answer = next(cuts), None
            until = min(piece_ends, cut)
            if turn is None and not running:
                yield now, until, NOBODY
            else:
                if answer is None or turn is not settled_turn:
                    settled_turn, answer = turn, settled(turn, absent, running)
                yield now, until, answer
            now = until


def _relevant(schedule: Schedule, absences: Sequence[Absence], start: datetime, end: datetime) -> list[Absence]:
    """The absences of this schedule's people that touch `[start, end)`."""
    near = [absence for absence in absences if absence.end > start and absence.start < end]
    if near:
        people = set(_people(_rotations(schedule, start, end)))
        near = [absence for absence in near if absence.responder in people]
    return near


def _cuts(
    overrides: Sequence[Override], absences: Sequence[Absence], start: datetime, end: datetime
) -> Iterator[datetime]:
    """The instants after `start` at which an override or absence starts or ends, in order, and then `end`."""
    instants = {instant for over in overrides for instant in (over.start, over.end)}
    instants |= {instant for absence in absences for instant in (absence.start, absence.end)}
    yield from sorted(instant for instant in instants if start < instant < end)
    yield end


def _never_changes_people(schedule: Schedule, absences: Sequence[Absence], at: datetime) -> bool:
    """Whether the only possible answers from `at` on are one set of people and nobody: then nobody is next.

    Saves a walk of 400 days for a rotation of one.
    """
    if any(over.end > at for over in schedule.overrides):
        return False
    ahead = _rotations(schedule, at, at + LOOK_AHEAD)
    entries = {frozenset(entry) for rotation in ahead for entry in rotation.participants if entry}
    if len(entries) > 1:
        return False
    return all(len(entry) == 1 for entry in entries) or not any(absence.end > at for absence in absences)
