"""Which layer's turn counts, before anyone is away and before overrides?

A later layer covers an earlier one wherever its windows are, also with a turn of `nobody`: whoever writes nobody
into a later layer means that nobody is called then. It must not know of absences and overrides: that is `precedence`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from oncallbot.oncall.rotation import Rotation
from oncallbot.oncall.windows import Windows


@dataclass(frozen=True, slots=True)
class Layer:
    """One rotation, limited to its windows; None is always."""

    name: str
    rotation: Rotation
    windows: Windows | None = None


class Turn(NamedTuple):
    """One turn of one layer's rotation."""

    layer: Layer
    number: int


def turn_at(layers: tuple[Layer, ...], at: datetime, tz: ZoneInfo) -> Turn | None:
    """The turn on top at the instant; None outside every layer's windows."""
    for layer in reversed(layers):
        if layer.windows is None or layer.windows.contains(at, tz):
            return Turn(layer, layer.rotation.turn_at(at))
    return None


def turns(
    layers: tuple[Layer, ...], start: datetime, end: datetime, tz: ZoneInfo
) -> Iterator[tuple[datetime, datetime, Turn | None]]:
    """Pieces that tile `[start, end)` in order, each with the turn on top; neighbours may have the same. Lazy.

    Within one turn every piece carries the same object.
    """
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
