"""How does the text of a file change when one part of it does? Only that part's own characters are written anew.

It must not judge the result: what cannot be written in place (behind an anchor) comes out wrong; `rewriting` sees it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from oncallbot.schedule_files.emission import STEP, in_block, in_one_line, ordered, rank
from oncallbot.schedule_files.layout import Entry, Node, Shape, entry_at, layout
from oncallbot.schedule_files.source import Location
from oncallbot.schedule_files.stretches import Stretches

# Fields that a body may have although its part of the file leaves them out.
_INHERITED = ("timezone", "tier", "office_hours", "policies", "default_tier")


# Behind a value: what closes it, and the blanks before a comment.
_BEFORE_COMMENT = re.compile(r"[\]}]*( +)#")


@dataclass(frozen=True, slots=True)
class Addition:
    """A new entry of a mapping, or (without `key`) of a list, behind the entry of that number; -1: before all."""

    behind: int
    key: str | None
    value: Any

    def in_one_line(self) -> str:
        """As it stands between brackets."""
        if self.key is None:
            return in_one_line(ordered(self.value))
        return in_one_line({self.key: ordered(self.value, self.key)})[1:-1]

    def in_block(self, column: int) -> str:
        """As lines of its own."""
        value = ordered(self.value, self.key or "")
        return in_block([value] if self.key is None else {self.key: value}, column)


class Editor:
    """One file's text. Edits are gathered and must not touch the same part twice."""

    def __init__(self, text: str) -> None:
        self._untouched = text
        self._text = text if not text or text.endswith("\n") else f"{text}\n"
        self._root = layout(self._text)
        self._lines = Stretches(self._text)
        self._edits: list[tuple[int, int, str]] = []

    def text(self) -> str:
        """The text with all edits."""
        if not self._edits:
            return self._untouched
        made, at = "", 0
        for start, end, new in sorted((*self._edits, *self._gaps()), key=lambda edit: edit[:2]):
            made += self._text[at:start] + new
            at = end
        return made + self._text[at:]

    def _gaps(self) -> Iterator[tuple[int, int, str]]:
        """The blanks before comments, so that they stay in their column beside what was written anew, if they can."""
        longer: dict[int, int] = {}
        gaps: dict[int, tuple[int, int]] = {}
        for start, end, new in self._edits:
            if "\n" in new or "\n" in self._text[start:end]:
                continue
            line = self._lines.end_of_line(start)
            longer[line] = longer.get(line, 0) + len(new) - (end - start)
            if found := _BEFORE_COMMENT.match(self._text, end):
                gaps[line] = found.span(1)
        for line, (start, end) in gaps.items():
            width = end - start
            yield start, end, " " * max(width - longer[line], min(width, 1))

    def is_written(self, location: Location) -> bool:
        """Whether this very file has that part, in this very place."""
        return self._at(location) is not None

    def has_field(self, location: Location, field: str) -> bool:
        """Whether the mapping there has this key itself."""
        return self._at((*location, field)) is not None

    def change(self, location: Location, before: Any, after: Any) -> None:
        """Writes what differs between two bodies of the part there."""
        entry = self._at(location)
        if entry is not None and before != after:
            self._change(entry, before, after)

    def replace(self, location: Location, value: Any) -> None:
        """Writes the part there anew."""
        entry = self._at(location)
        if entry is not None:
            self._replace(entry, value)

    def members(self, location: Location, gone: Set[str | int], added: Sequence[tuple[str | None, Any]]) -> None:
        """Takes entries out of the mapping or list there, () is the file itself, and adds others at its end."""
        entry = self._at(location)
        node = entry.value if entry else None if location else self._root
        if not location:
            for key, value in added:
                self._append((str(key),), value)
            added = ()
        if node is not None and node.entries:
            numbers = {number for number, one in enumerate(node.entries) if (one.key or number) in gone}
            last = len(node.entries) - 1
            self._entries(entry, node, numbers, [Addition(last, key, value) for key, value in added])
        elif added:
            is_list = added[0][0] is None
            self._fill(location, entry, [value for _, value in added] if is_list else dict(added))

    def _at(self, location: Location) -> Entry | None:
        return entry_at(self._root, location)

    def _around(self, location: Location) -> Node:
        """What holds the part there; for a section of an empty file, a block without entries."""
        parent = self._at(location[:-1])
        return parent.value if parent else self._root or Node(Shape.MAPPING, 0, 0, is_flow=False)

    def _write(self, start: int, end: int, new: str) -> None:
        self._edits.append((start, end, new))

    def _change(self, entry: Entry, before: Any, after: Any) -> None:
        match entry.value.shape, before, after:
            case Shape.MAPPING, dict(), dict() if self._knows(entry.value, before, after):
                self._fields(entry, before, after)
            case Shape.SEQUENCE, list(), list() if after and len(before) == len(entry.value.entries):
                self._items(entry, before, after)
            case _:
                self._replace(entry, after)

    @staticmethod
    def _knows(node: Node, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """Whether fields stand there under the names that bodies have: weekdays may be grouped in another way."""
        written = {one.key for one in node.entries}
        changed = (field for field in before if before[field] != after.get(field))
        return all(field in written or field in _INHERITED for field in changed)

    def _fields(self, entry: Entry, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        node = entry.value
        written = {one.key: number for number, one in enumerate(node.entries)}
        changed = [field for field in {**before, **after} if before.get(field) != after.get(field)]
        gone = {written[field] for field in changed if field in written and field not in after}
        news = sorted((field for field in changed if field in after and field not in written), key=rank)
        added = [Addition(_behind(node, field), field, after[field]) for field in news]
        if self._has_to_be_whole(node, gone, added):
            self._replace(entry, after)
            return
        for field in changed:
            if field in written and field in after:
                self._change(node.entries[written[field]], before.get(field), after[field])
        self._entries(entry, node, gone, added)

    def _items(self, entry: Entry, before: Sequence[Any], after: Sequence[Any]) -> None:
        node = entry.value
        gone: set[int] = set()
        added: list[Addition] = []
        pairs: list[tuple[int, int]] = []
        labels = [_label(one) for one in before], [_label(one) for one in after]
        for tag, start, end, new_start, new_end in SequenceMatcher(None, *labels, autojunk=False).get_opcodes():
            if tag == "equal" or (tag == "replace" and end - start == new_end - new_start):
                pairs.extend(zip(range(start, end), range(new_start, new_end), strict=True))
                continue
            gone.update(range(start, end))
            added.extend(Addition(end - 1, None, after[number]) for number in range(new_start, new_end))
        if self._has_to_be_whole(node, gone, added):
            self._replace(entry, after)
            return
        for old, new in pairs:
            if before[old] != after[new]:
                self._change(node.entries[old], before[old], after[new])
        self._entries(entry, node, gone, added)

    def _has_to_be_whole(self, node: Node, gone: Set[int], added: Sequence[Addition]) -> bool:
        """Where the first entry shares its line with the dash of what it is in, nothing can go or come before it."""
        is_beside = node.is_block and not self._lines.is_first_of_line(node.entries[0].start)
        return is_beside and (0 in gone or any(one.behind < 0 for one in added))

    def _replace(self, entry: Entry, value: Any) -> None:
        node, value = entry.value, ordered(value)
        is_collection = isinstance(value, dict | list) and bool(value)
        if node.is_block and is_collection and isinstance(value, dict) == (node.shape is Shape.MAPPING):
            start = node.entries[0].start
            column = self._lines.column(start)
            self._write(start, node.end, in_block(value, column)[column:].rstrip("\n"))
        elif node.is_block and entry.colon is not None:
            self._write(entry.colon + 1, node.end, f" {in_one_line(value)}")
        else:
            if node.shape is Shape.SCALAR and isinstance(value, list) and len(value) == 1:
                value = value[0]  # `windows: sat` is a list of one
            gap = " " if node.start == node.end else ""
            self._write(node.start, node.end, gap + in_one_line(value))

    def _entries(self, entry: Entry | None, node: Node, gone: Set[int], added: Sequence[Addition]) -> None:
        if node.is_flow:
            self._within_brackets(node, gone, added)
            return
        for number in gone:
            self._write(*self._lines.of(node, number), "")
        if len(gone) == len(node.entries) and not added and entry is not None and entry.colon is not None:
            nothing = " {}" if node.shape is Shape.MAPPING else " []"
            self._write(entry.colon + 1, entry.colon + 1, nothing)
        column = self._lines.column(node.entries[0].start)
        for one in added:
            at = self._lines.of(node, one.behind)[1] if one.behind >= 0 else self._lines.of(node, 0)[0]
            self._write(at, at, one.in_block(column))

    def _within_brackets(self, node: Node, gone: Set[int], added: Sequence[Addition]) -> None:
        kept = [number for number in range(len(node.entries)) if number not in gone]
        if not kept:
            inside = ", ".join(one.in_one_line() for one in added)
            self._write(node.start, node.end, f"{{{inside}}}" if node.shape is Shape.MAPPING else f"[{inside}]")
            return
        entries = node.entries
        for number in gone:
            if number < kept[-1]:
                self._write(entries[number].start, entries[number + 1].start, "")
            else:
                self._write(_end(entries[number - 1]), _end(entries[number]), "")
        for one in added:
            before = [number for number in kept if number <= one.behind]
            if before:
                at = _end(entries[before[-1]])
                self._write(at, at, f", {one.in_one_line()}")
            else:
                at = entries[kept[0]].start
                self._write(at, at, f"{one.in_one_line()}, ")

    def _fill(self, location: Location, entry: Entry | None, whole: dict[Any, Any] | list[Any]) -> None:
        """Writes a collection where none is, or an empty one."""
        if entry is None:
            self._append(location, whole)
        elif entry.colon is None or self._around(location).is_flow:
            self._replace(entry, whole)
        else:
            end = self._lines.end_of_line(entry.value.end)
            self._write(entry.colon + 1, entry.value.end, "")
            self._write(end, end, in_block(whole, self._lines.column(entry.start) + STEP))

    def _append(self, location: Location, whole: dict[Any, Any] | list[Any]) -> None:
        """A new section at the end of the file, or a new field of what is there."""
        parent = self._at(location[:-1])
        node = self._around(location)
        key = str(location[-1]) if location else None
        if parent is None and (node.is_block or not node.entries):
            if node.is_flow:
                self._write(node.start, node.end, "")
            column = self._lines.column(node.entries[0].start) if node.entries else 0
            gap = "\n" if self._text.strip() else ""
            end = len(self._text)
            self._write(end, end, gap + in_block(whole if key is None else {key: whole}, column))
        elif node.entries:
            self._entries(parent, node, set(), [Addition(len(node.entries) - 1, key, whole)])


def _behind(node: Node, field: str) -> int:
    """Behind which field of the node a new one is read best; never before the first."""
    return max((number for number, one in enumerate(node.entries) if rank(one.key) <= rank(field)), default=0)


def _label(item: Any) -> str:
    """What makes two items the same one: a layer its name."""
    return str(item["name"]) if isinstance(item, dict) and "name" in item else json.dumps(item, sort_keys=True)


def _end(entry: Entry) -> int:
    return entry.value.end
