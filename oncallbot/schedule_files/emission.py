"""How is a value written as YAML? In block style over several lines, or in one line between brackets.

It must not know what a field means, but for the order in which people read them.
"""

from __future__ import annotations

import json
import textwrap
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.resolver import BaseResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

from oncallbot.schedule_files.times import DAYS

# Within an object: what names it first, long lists last. Everything else in between, by name.
_FIRST = (
    "responder",
    "name",
    "timezone",
    "open",
    "after",
    "by",
    "country",
    "every",
    "first_handoff",
    "from",
    "to",
    "page",
)
_LAST = ("notify", "participants", "windows", "layers", "overrides", "levels", "last_resort")
_CONSTANTS = ("true", "false", "null", "~", "")
_TIMES_BY_DAY = ("open", "opened")
_NO_FOLDING = 1 << 20
STEP = 2


def ordered(value: Any, field: str = "") -> Any:
    """The value with its fields in reading order, and one time of a day written without a list."""
    match value:
        case dict() if field in _TIMES_BY_DAY:
            days = sorted(value, key=lambda day: (DAYS.index(day[:3]) if day[:3] in DAYS else 0, day))
            return {day: value[day][0] if len(value[day]) == 1 else value[day] for day in days}
        case dict():
            return {name: ordered(value[name], name) for name in sorted(value, key=rank)}
        case list():
            return [ordered(one) for one in value]
        case _:
            return value


def rank(field: str) -> tuple[int, int, str]:
    """A sort key: the order in which people read an object's fields."""
    if field in _FIRST:
        return 0, _FIRST.index(field), field
    return (2, _LAST.index(field), field) if field in _LAST else (1, 0, field)


def in_block(value: dict[str, Any] | list[Any], column: int = 0) -> str:
    """Lines for a mapping or list that is not empty, indented, each with its line break."""
    lines = _dumped(value, is_flow=False)
    return textwrap.indent(lines, " " * column)


def in_one_line(value: Any) -> str:
    """The value as it may stand behind a key or between brackets."""
    return _dumped([value], is_flow=True).strip()[1:-1].strip()


class _Texts(BaseResolver):
    """Takes every scalar for text, as our loader does: 2026-01-05 and 09:00 need no quotes."""

    def __init__(self, loader: object = None, **_: object) -> None:
        super().__init__(loader)


def _dumped(value: Any, *, is_flow: bool) -> str:
    yaml = YAML(typ="rt", pure=True)
    yaml.Resolver = _Texts
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.default_flow_style = is_flow
    yaml.width = _NO_FOLDING
    yaml.indent(mapping=STEP, sequence=2 * STEP, offset=STEP)
    written = StringIO()
    yaml.dump(_plain(value), written)
    return textwrap.dedent(written.getvalue())


def _plain(value: Any) -> Any:
    """Texts are quoted only where our loader would not read them as text."""
    match value:
        case dict():
            return {_plain(field): _plain(one) for field, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case None | bool():
            return PlainScalarString(json.dumps(value))
        case str() if value.casefold() in _CONSTANTS:
            return DoubleQuotedScalarString(value)
        case _:
            return PlainScalarString(value)
