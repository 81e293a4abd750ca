"""Which names of the files would commands in Slack take for each other? They read small letters and capitals alike.

It must not ask what runs already: a name that was once applied goes on, else nobody would be paged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oncallbot.schedule_files.objects import Kind
from oncallbot.schedule_files.settle import Entry
from oncallbot.schedule_files.source import Location

CURE = "give one of them another name: commands in Slack do not tell small letters from capitals"
_SAID = frozenset(
    kind.value for kind in (Kind.RESPONDER, Kind.OFFICE_HOURS, Kind.SCHEDULE, Kind.CUSTOMER, Kind.HOTLINE)
)


@dataclass(frozen=True, slots=True)
class Said:
    """A name that commands say: where it stands, and among which others (`scope`) it must be told from all."""

    scope: tuple[str, ...]
    name: str
    label: str
    entry: Entry
    location: Location


def alike(entries: Iterable[Entry]) -> Iterator[tuple[Said, str]]:
    """Each name that differs from one before it only in capitals, and what is wrong; equal ones are left out."""
    firsts: dict[tuple[str, ...], Said] = {}
    for said in _said(entries):
        first = firsts.setdefault((*said.scope, said.name.casefold()), said)
        if first.name != said.name:
            place = first.entry.source.at(first.location)
            yield said, f"{said.label} and {first.label} (in {place}) differ only in capitals"


def _said(entries: Iterable[Entry]) -> Iterator[Said]:
    for entry in entries:
        if entry.kind in _SAID:
            yield Said((entry.kind,), entry.id, entry.label, entry, entry.location)
        if entry.kind == Kind.SCHEDULE:
            for number, layer in enumerate(entry.body.get("layers", ())):
                location = (*entry.location, "layers", number, "name")
                label = f"layer {layer['name']} of {entry.label}"
                yield Said(("layer", entry.id), layer["name"], label, entry, location)
