"""Where in the text of a YAML file does each part of it begin and end?

So that one part can be written anew and every other character stays. It must not say what a part means: `source` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from oncallbot.schedule_files.source import Location


class Shape(Enum):
    """What a node is. An alias counts as a scalar: what it stands for is written elsewhere."""

    SCALAR = auto()
    MAPPING = auto()
    SEQUENCE = auto()


@dataclass(frozen=True, slots=True)
class Node:
    """A value: the half-open stretch `[start, end)` of the text, without what follows it on its last line."""

    shape: Shape
    start: int
    end: int
    is_flow: bool = True
    entries: tuple[Entry, ...] = ()

    @property
    def is_block(self) -> bool:
        """Whether each entry begins on a line, as people write most of it."""
        return self.shape is not Shape.SCALAR and not self.is_flow

    def entry(self, step: str | int) -> Entry | None:
        """The entry of that key, or at that place of a list."""
        if isinstance(step, int):
            return self.entries[step] if self.shape is Shape.SEQUENCE and step < len(self.entries) else None
        return next((one for one in self.entries if one.key == step), None) if self.shape is Shape.MAPPING else None


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value, or an item of a list. `start` is at the key, the dash or (in brackets) the item."""

    key: str
    start: int
    value: Node
    colon: int | None = None


def layout(text: str) -> Node | None:
    """The file's outermost value; None when there is none. The text has to be readable YAML."""
    return _Builder(text).document()


def entry_at(root: Node | None, location: Location) -> Entry | None:
    """The entry at that place. None where another place is meant: through an alias, or not written at all."""
    found: Entry | None = None
    for step in location:
        found = root.entry(step) if root is not None else None
        root = found.value if found else None
    return found


class _Builder:
    """Follows the events of the parser."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._events: Iterator[Any] = iter(
            YAML(typ="safe", pure=True).parse(text)
        )  # of "rt" only the comments would differ
        self._closed_at = 0

    def document(self) -> Node | None:
        for event in self._events:
            match event:
                case StreamStartEvent() | DocumentStartEvent():
                    continue
                case DocumentEndEvent() | StreamEndEvent():
                    return None
                case _:
                    return self._node(event, event.start_mark.index)
        return None

    def _node(self, event: Any, empty_at: int) -> Node:
        """`empty_at`: where a value would stand that is not written; the parser places it behind comments."""
        start, end = event.start_mark.index, event.end_mark.index
        match event:
            case ScalarEvent() if start == end:
                return Node(Shape.SCALAR, empty_at, empty_at)
            case ScalarEvent() | AliasEvent():
                return Node(Shape.SCALAR, start, start + len(self._text[start:end].rstrip()))
            case MappingStartEvent():
                return self._collection(Shape.MAPPING, event, tuple(self._pairs(bool(event.flow_style))))
            case SequenceStartEvent():
                return self._collection(Shape.SEQUENCE, event, tuple(self._items(event)))
            case _:
                raise TypeError(f"YAML has no event {type(event).__name__} here")

    def _collection(self, shape: Shape, event: Any, entries: tuple[Entry, ...]) -> Node:
        start: int = event.start_mark.index
        if event.flow_style:
            return Node(shape, start, self._closed_at, entries=entries)
        return Node(shape, start, entries[-1].value.end if entries else start, is_flow=False, entries=entries)

    def _pairs(self, is_flow: bool) -> Iterator[Entry]:
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                self._closed_at = event.end_mark.index
                return
            key = self._node(event, event.start_mark.index)
            colon = self._text.find(":", key.end)
            # In braces a key may stand alone: {a, b: c}.
            has_colon = not is_flow or self._text[key.end :].lstrip().startswith(":")
            value = self._node(next(self._events), colon + 1 if has_colon else key.end)
            word = str(event.value).strip() if isinstance(event, ScalarEvent) else ""
            yield Entry(word, key.start, value, colon if has_colon else None)

    def _items(self, event: Any) -> Iterator[Entry]:
        at = event.start_mark.index
        for item in self._events:
            if isinstance(item, SequenceEndEvent):
                self._closed_at = item.end_mark.index
                return
            dash = None if event.flow_style else self._dash(at)
            value = self._node(item, item.start_mark.index if dash is None else dash + 1)
            at = value.end
            yield Entry("", value.start if dash is None else dash, value)

    def _dash(self, at: int) -> int:
        """The next item's dash: behind blanks, comments, an anchor or a tag."""
        while self._text[at] != "-":
            match self._text[at]:
                case "#":
                    at = self._text.find("\n", at)
                case "&" | "!":
                    at += len(self._text[at:].split(maxsplit=1)[0])
                case _:
                    at += 1
        return at
