"""Which layer's turn counts, before anyone is away and before overrides?

A later layer covers an earlier one wherever its windows are, also with a turn of `nobody`: whoever writes nobody
into a later layer means that nobody is called then. It must not know of absences and overrides: that is `precedence`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from oncallbot.oncall.rotation import Rotation
from oncallbot.oncall.wallclock import as_utc
from oncallbot.oncall.windows import Windows


@dataclass(frozen=True, slots=True)
class Former:
    """A layer's version as it ran, or still runs, until the instant `until`, UTC."""

    until: datetime
    rotation: Rotation
    windows: Windows | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "until", as_utc(self.until))


@dataclass(frozen=True, slots=True)
class Layer:
    """One rotation, limited to its windows; None is always.

    These are the newest version's. `former` are the versions before it, the oldest first, each until its own instant:
    the newest one runs from the last of them on, which may lie ahead. So an edit never changes what was.
    """

    name: str
    rotation: Rotation
    windows: Windows | None = None
    former: tuple[Former, ...] = ()
    version: int = 1
    _versions: tuple[tuple[datetime | None, "Layer"], ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.former:
            return
        ends = [one.until for one in self.former]
        if any(later <= earlier for earlier, later in pairwise(ends)):
            raise ValueError(f"the versions of layer {self.name} must follow each other in time")
        first = self.version - len(self.former)
        older = [
            (one.until, Layer(self.name, one.rotation, one.windows, version=first + place))
            for place, one in enumerate(self.former)
        ]
        newest = Layer(self.name, self.rotation, self.windows, version=self.version)
        object.__setattr__(self, "_versions", (*older, (None, newest)))

    @property
    def starts_at(self) -> datetime | None:
        """From when the newest version runs, UTC; None for a layer that was never edited."""
        return self.former[-1].until if self.former else None

    def at(self, at: datetime) -> "Layer":
        """The version that runs at that instant, alone."""
        return (
            next(version for until, version in self._versions if until is None or at < until) if self.former else self
        )

    def versions(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, "Layer"]]:
        """The versions that tile `[start, end)`, in order."""
        now = start
        for until, version in self._versions or ((None, self),):
            closes = end if until is None else min(until, end)
            if closes > now:
                yield now, closes, version
                now = closes


class Turn(NamedTuple):
    """One turn of one version of a layer's rotation."""

    layer: Layer
    number: int


def turn_at(layers: tuple[Layer, ...], at: datetime, tz: ZoneInfo) -> Turn | None:
    """The turn on top at the instant; None outside every layer's windows."""
    for layer in reversed(layers):
        version = layer.at(at)
        if version.windows is None or version.windows.contains(at, tz):
            return Turn(version, version.rotation.turn_at(at))
    return None


def turns(
    layers: tuple[Layer, ...], start: datetime, end: datetime, tz: ZoneInfo
) -> Iterator[tuple[datetime, datetime, Turn | None]]:
    """Pieces that tile `[start, end)` in order, each with the turn on top; neighbours may have the same. Lazy.

    Within one turn every piece carries the same object.
    """
    if start >= end:
        return
    streams = [_turns_of(layer, start, end, tz) for layer in reversed(layers)]
    heads = [next(stream) for stream in streams]
    now = start
    while now < end:
        until, top = end, None
        for index, stream in enumerate(streams):
            turn, runs_until = heads[index]
            while runs_until <= now:
                turn, runs_until = heads[index] = next(stream)
            if runs_until < until:
                until = runs_until
            if turn is not None:
                top = turn
                break
        yield now, until, top
        now = until


def _turns_of(layer: Layer, start: datetime, end: datetime, tz: ZoneInfo) -> Iterator[tuple[Turn | None, datetime]]:
    """What this layer alone says from `start` on: a turn (None outside its windows) and until when."""
    if not layer.former:
        yield from _turns_of_version(layer, start, end, tz)
        return
    for opens, closes, version in layer.versions(start, end):
        for turn, until in _turns_of_version(version, opens, closes, tz):
            yield turn, min(until, closes)  # a window may reach beyond its version's end
            if until >= closes:
                break


def _turns_of_version(
    layer: Layer, start: datetime, end: datetime, tz: ZoneInfo
) -> Iterator[tuple[Turn | None, datetime]]:
    rotation = layer.rotation
    stretches = ((start, end),) if layer.windows is None else layer.windows.stretches(start, end, tz)
    now = start
    turn = Turn(layer, rotation.turn_at(start))
    turn_ends = rotation.handoff(turn.number + 1)
    for opens, closes in stretches:
        if opens > now:
            yield None, opens
            now = opens
        while now < closes:
            if turn_ends <= now:
                turn, turn_ends = _turn_after(turn, now)
            now = min(turn_ends, closes)
            yield turn, now
    yield None, end


def _turn_after(turn: Turn, now: datetime) -> tuple[Turn, datetime]:
    """The turn that runs at `now`, some time after `turn` has ended, and its end: mostly the very next one."""
    rotation = turn.layer.rotation
    number = turn.number + 1
    ends = rotation.handoff(number + 1)
    if ends <= now:
        number = rotation.turn_at(now)
        ends = rotation.handoff(number + 1)
    return Turn(turn.layer, number), ends
