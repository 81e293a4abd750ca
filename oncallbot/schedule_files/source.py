"""What is written in a YAML file, and in which line does each part of it stand?

Every scalar but true, false and null is text, so quotes never matter. It must not know what any key means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from oncallbot.errors import Problem

Location = tuple[str | int, ...]
"""The way to a part of a file: keys and list indices."""

_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_MERGE_TAG = "tag:yaml.org,2002:merge"
_CURES = {
    "mapping values are not allowed here": "put the text in quotes if it contains a colon, or correct the indentation",
    "found character '\\t' that cannot start any token": "indent with blanks instead of tabs",
    "but found another document": "write one document per file, without ---",
}


@dataclass(slots=True)
class Source:
    """A file's text, its plain values (None when it could not be read) and the line of each of its parts."""

    place: str
    text: str = ""
    values: Any = None
    lines: dict[Location, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def at(self, location: Location) -> str:
        """`file:line` of that part, or of the nearest part around it. Steps that the file does not have are skipped."""
        found: Location = ()
        for step in location:
            if (*found, step) in self.lines:
                found = (*found, step)
        return f"{self.place}:{self.lines.get(found, 1)}"

    def is_written(self, location: Location) -> bool:
        """Whether the file has this very part."""
        return location in self.lines


def read(path: Path) -> Source:
    """The file's content, or its problems. Raises nothing for what a file may contain."""
    source = Source(path.as_posix())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        source.problems.append(Problem(source.place, "this file is not UTF-8", "save it as UTF-8"))
        return source
    except OSError as error:
        wrong = f"cannot be read: {error.strerror or error}"
        source.problems.append(Problem(source.place, wrong, "check the path and its permissions"))
        return source
    return read_text(source.place, text)


def read_text(place: str, text: str) -> Source:
    """As `read`, for a text that did not come from a file."""
    source = Source(place, text)
    try:
        node = YAML(typ="safe", pure=True).compose(text)  # "rt" gathers comments, too: half as long again
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        wrong = str(error.problem or error.context or "unreadable")
        cure = _CURES.get(wrong, "correct the YAML here: brackets, quotes, indentation")
        source.problems.append(Problem(f"{place}:{line}", f"not YAML: {wrong}", cure))
        return source
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        wrong = f"not YAML: the character number {error.character} must not stand in a text file"
        source.problems.append(Problem(f"{place}:{line}", wrong, "delete it"))
        return source
    except (YAMLError, ValueError, IndexError, RecursionError) as error:
        wrong = f"not YAML: {' '.join(str(error).split())}"
        source.problems.append(Problem(f"{place}:1", wrong, "correct the YAML: brackets, quotes, indentation"))
        return source
    source.values = None if node is None else _Reader(source).value(node, ())
    return source


class _Reader:
    """Turns composed nodes into plain values and notes their lines."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._open: list[Node] = []

    def value(self, node: Node, location: Location) -> Any:
        self._source.lines.setdefault(location, node.start_mark.line + 1)
        if any(node is one for one in self._open):
            self._complain(node, "this alias contains itself", "write it out")
            return None
        if str(node.tag or "").startswith("!"):
            self._complain(node, f"the tag {node.tag} means nothing here", "leave it out")
        self._open.append(node)
        try:
            return self._content(node, location)
        finally:
            self._open.pop()

    def _content(self, node: Node, location: Location) -> Any:
        match node:
            case MappingNode():
                return self._mapping(node, location)
            case SequenceNode():
                for index, item in enumerate(node.value):
                    self._source.lines[(*location, index)] = item.start_mark.line + 1
                return [self.value(item, (*location, index)) for index, item in enumerate(node.value)]
            case ScalarNode():
                return _scalar(node)
            case _:
                raise TypeError(f"YAML has no node {type(node).__name__}")

    def _mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        found: dict[str, Any] = {}
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._complain(key_node, "a key must be a word", "write key: value")
                continue
            if str(key_node.tag) == _MERGE_TAG:
                self._merge(value_node, location, found)
                continue
            key, line = str(key_node.value).strip(), key_node.start_mark.line + 1
            if key in first_lines:
                wrong = f"{key!r} is written twice, first in line {first_lines[key]}"
                self._complain(key_node, wrong, "keep one of them")
                continue
            first_lines[key] = line
            self._source.lines[(*location, key)] = line
            found[key] = self.value(value_node, (*location, key))
        return found

    def _merge(self, node: Node, location: Location, found: dict[str, Any]) -> None:
        """`<<: *other` takes over the keys that this mapping does not write itself."""
        for part in node.value if isinstance(node, SequenceNode) else [node]:
            value = self.value(part, location)
            if isinstance(value, dict):
                found.update({key: one for key, one in value.items() if key not in found})
            else:
                self._complain(node, "<< needs a mapping", "write <<: *name of an anchored mapping")

    def _complain(self, node: Node, wrong: str, cure: str) -> None:
        self._source.problems.append(Problem(f"{self._source.place}:{node.start_mark.line + 1}", wrong, cure))


def _scalar(node: ScalarNode) -> str | bool | None:
    text = str(node.value)
    is_plain = node.style not in ("'", '"', "|", ">")
    if is_plain and text.casefold() in _CONSTANTS:
        return _CONSTANTS[text.casefold()]
    return text
