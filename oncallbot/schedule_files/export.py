"""Which file would make exactly these objects? Block style, in the order of the documentation.

`load_files` reads it back without a change. It must not keep comments: it knows objects, not the files they came from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import StringIO
from typing import Any

from oncallbot.schedule_files.objects import Body, Key, Kind

_SECTIONS = (
    (Kind.RESPONDER, "responders"),
    (Kind.ABSENCE, "absences"),
    (Kind.OFFICE_HOURS, "office_hours"),
    (Kind.SCHEDULE, "schedules"),
    (Kind.POLICY, "policies"),
    (Kind.TIER, "tiers"),
    (Kind.CUSTOMER, "customers"),
    (Kind.HOTLINE, "hotlines"),
    (Kind.LIMITS, "limits"),
)
# Within an object: what names it first, long lists last. Everything else in between, by name.
_FIRST = ("responder", "name", "timezone", "after", "by", "country", "every", "first_handoff", "from", "to", "page")
_LAST = ("notify", "participants", "windows", "layers", "overrides", "levels", "last_resort")
_CONSTANTS = ("true", "false", "null", "~", "")


def export_yaml(objects: Mapping[Key, str]) -> str:
    """One YAML file with all the objects. Equal objects give equal text."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.default_flow_style = False
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    written = StringIO()
    document = _document(objects)
    for number, section in enumerate(document):
        written.write("\n" if number else "")
        yaml.dump({section: _plain(document[section])}, written)
    return written.getvalue()


def _document(objects: Mapping[Key, str]) -> dict[str, Any]:
    of_kind: dict[str, dict[str, Body]] = {kind.value: {} for kind in Kind}
    for (kind, name), text in sorted(objects.items()):
        of_kind[kind][name] = json.loads(text)
    for body in sorted(of_kind[Kind.OVERRIDE].values(), key=lambda one: (one.get("order", 0), one["from"])):
        override = {field: value for field, value in body.items() if field not in ("schedule", "order")}
        of_kind[Kind.SCHEDULE][body["schedule"]].setdefault("overrides", []).append(override)
    document: dict[str, Any] = {}
    for kind, section in _SECTIONS:
        found = of_kind[kind]
        if found:
            bodies = {name: _ordered(body) for name, body in found.items()}
            match kind:
                case Kind.ABSENCE:
                    document[section] = list(bodies.values())
                case Kind.LIMITS:
                    document[section] = next(iter(bodies.values()))
                case _:
                    document[section] = bodies
    return document


def _ordered(value: Any) -> Any:
    match value:
        case dict():
            return {field: _ordered(value[field]) for field in sorted(value, key=_rank)}
        case list():
            return [_ordered(one) for one in value]
        case _:
            return value


def _rank(field: str) -> tuple[int, int, str]:
    if field in _FIRST:
        return 0, _FIRST.index(field), field
    return (2, _LAST.index(field), field) if field in _LAST else (1, 0, field)


def _plain(value: Any) -> Any:
    """Texts are quoted only where our loader would not read them as text."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

    match value:
        case dict():
            return {_plain(field): _plain(one) for field, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case str() if value.casefold() in _CONSTANTS:
            return DoubleQuotedScalarString(value)
        case str():
            return PlainScalarString(value)
        case _:
            return value
