"""Given the turn on top, who is on call after absences and overrides, and why?

Override > absence > layers. It must not look at time: the caller says who is absent and which overrides run.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from oncallbot.oncall.layers import Turn
from oncallbot.oncall.wallclock import as_utc


class SourceKind(StrEnum):
    """What put these responders on call."""

    LAYER = "layer"
    OVERRIDE = "override"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class Override:
    """`responder` is on call in `[start, end)`, UTC, instead of everyone or, with `instead_of`, of that person.

    It stands even if its responder is absent.
    """

    responder: str
    start: datetime
    end: datetime
    instead_of: str | None = None
    reason: str = ""
    made_by: str = ""
    made_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", as_utc(self.start))
        object.__setattr__(self, "end", as_utc(self.end))
        if self.made_at is not None:
            object.__setattr__(self, "made_at", as_utc(self.made_at))
        if self.end <= self.start:
            raise ValueError(f"the override for {self.responder} must end after it starts: swap or correct its times")
        if not self.responder:
            raise ValueError("an override needs a responder")


@dataclass(frozen=True, slots=True)
class Source:
    """Why these responders. `layer`, `turn` and the layer's `version` are None for an override; `absent` are the
    turn's absent owners, and `covering` those who were not on this turn and now cover it (none when the rest of a
    group remains)."""

    kind: SourceKind
    layer: str | None = None
    turn: int | None = None
    override: Override | None = None
    absent: tuple[str, ...] = ()
    covering: tuple[str, ...] = ()
    version: int | None = None

    @property
    def reason(self) -> str:
        """Part of a sentence, with responder ids: "weekly, turn 17", "ben covers for ana, absent"."""
        match self.kind:
            case SourceKind.LAYER:
                return f"{self.layer}, turn {self.turn}"
            case SourceKind.ABSENCE if self.covering:
                verb = "covers" if len(self.covering) == 1 else "cover"
                return f"{_listed(self.covering)} {verb} for {_listed(self.absent)}, absent"
            case SourceKind.ABSENCE:
                return f"{self.layer}, turn {self.turn}, without {_listed(self.absent)}, absent"
            case SourceKind.OVERRIDE:
                return self._override_reason()
            case _:
                assert_never(self.kind)

    def _override_reason(self) -> str:
        if self.override is None:
            return "override"
        why = f": {self.override.reason}" if self.override.reason else ""
        if not self.override.made_by:
            return f"override{why}"
        return f"override{why}, by {self.override.made_by}" if why else f"override by {self.override.made_by}"


Settled = tuple[tuple[str, ...], Source | None]
"""Who is on call, in order and each once, and why; ((), None) is nobody."""

NOBODY: Settled = ((), None)


@dataclass(slots=True)
class _Place:
    """One place of a turn: whose it is, and who holds it now (None: nobody does)."""

    owners: tuple[str, ...]
    held_by: str | None


def settled(turn: Turn | None, absent: AbstractSet[str], overrides: Sequence[Override]) -> Settled:
    """Who is on call. `overrides` are those that run, oldest first: the newest that applies wins, place by place."""
    if not overrides:  # the usual case, at a third of the cost
        if turn is None:
            return NOBODY
        entry = turn.layer.rotation.on_turn(turn.number)
        if not entry:
            return NOBODY
        if absent.isdisjoint(entry):
            return entry, Source(SourceKind.LAYER, turn.layer.name, turn.number, version=turn.layer.version)
    places, source = _owned(turn, absent)
    for override in overrides:
        if _applied(override, places):
            source = Source(SourceKind.OVERRIDE, override=override)
    responders = tuple(dict.fromkeys(place.held_by for place in places if place.held_by is not None))
    return (responders, source) if responders else NOBODY


def _owned(turn: Turn | None, absent: AbstractSet[str]) -> tuple[list[_Place], Source | None]:
    """The turn's places after absences: the rest of a group stays, else the next present participant covers."""
    if turn is None:
        return [], None
    layer, number = turn
    entry = layer.rotation.on_turn(number)
    away = tuple(responder for responder in entry if responder in absent)
    if not away:
        source = Source(SourceKind.LAYER, layer.name, number, version=layer.version)
        return [_Place((owner,), owner) for owner in entry], source
    if len(away) < len(entry):
        places = [_Place((owner,), None if owner in absent else owner) for owner in entry]
        return places, Source(SourceKind.ABSENCE, layer.name, number, absent=away, version=layer.version)
    for step in range(1, len(layer.rotation.participants)):
        present = tuple(person for person in layer.rotation.on_turn(number + step) if person not in absent)
        if present:
            source = Source(
                SourceKind.ABSENCE, layer.name, number, absent=away, covering=present, version=layer.version
            )
            return [_Place(entry, cover) for cover in present], source
    return [_Place(entry, None)], None  # a loud gap: falling through to an earlier layer would hide it


def _applied(override: Override, places: list[_Place]) -> bool:
    """Puts the override's responder into the places that it replaces; False when there is none."""
    if override.instead_of is None:
        if not places:
            places.append(_Place((), None))
        replaced = places
    else:
        replaced = [place for place in places if override.instead_of in (*place.owners, place.held_by)]
    for place in replaced:
        place.held_by = override.responder
    return bool(replaced)


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
