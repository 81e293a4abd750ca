"""Which file would make exactly these objects? Block style, in the order of the documentation.

`load_files` reads it back without a change. It must not look at files that are there: `rewriting` keeps their comments.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from oncallbot.schedule_files.emission import in_block, ordered
from oncallbot.schedule_files.objects import SECTIONS, Bodies, Body, Key, Kind
from oncallbot.schedule_files.overlaps import by_age
from oncallbot.schedule_files.settle import IN_A_ZONE

SCHEMA_NAME = "schema.json"
HEADER = f"# yaml-language-server: $schema=./{SCHEMA_NAME}\n"
"""Tells editors where the JSON Schema is: beside the file."""

_MAY_DO_WITHOUT = (Kind.CUSTOMER, Kind.HOTLINE)
_NOT_WRITTEN = ("schedule", "order")  # of an override: where it stands says both


def export_yaml(objects: Mapping[Key, str]) -> str:
    """One YAML file with all the objects. Equal objects give equal text."""
    bodies = {key: json.loads(text) for key, text in sorted(objects.items())}
    timezone = _usual_zone(bodies)
    sections = [in_block({"timezone": timezone})] if timezone else []
    for kind, section in SECTIONS.items():
        parts = {name: written_part((one, name), bodies, timezone) for one, name in bodies if one == kind}
        match kind:
            case _ if not parts:
                continue
            case Kind.ABSENCE:
                sections.append(in_block({section: list(parts.values())}))
            case Kind.LIMITS:
                sections.append(in_block({section: next(iter(parts.values()))}))
            case _:
                sections.append(in_block({section: parts}))
    return HEADER + "\n" + "\n".join(sections)


def written_part(key: Key, bodies: Bodies, timezone: str | None) -> Body:
    """The object as its file says it where `timezone` holds; a schedule with its overrides, oldest first."""
    part = written_fields(key, bodies[key], timezone)
    if key[0] in IN_A_ZONE and part.get("timezone") == timezone:
        part.pop("timezone", None)
    if key[0] == Kind.SCHEDULE:
        overrides = [(one, body) for one, body in bodies.items() if _is_of(one, body, key[1])]
        if overrides:
            part["overrides"] = [written_fields(one, body, timezone) for one, body in sorted(overrides, key=by_age)]
    written: Body = ordered(part)
    return written


def written_fields(key: Key, body: Body, timezone: str | None) -> Body:
    """The fields that a file may say; who has no zone says so where another would hold."""
    fields = {field: value for field, value in body.items() if key[0] != Kind.OVERRIDE or field not in _NOT_WRITTEN}
    if timezone and key[0] in _MAY_DO_WITHOUT:
        fields.setdefault("timezone", None)
    return fields


def _is_of(key: Key, body: Body, schedule: str) -> bool:
    return key[0] == Kind.OVERRIDE and body["schedule"] == schedule


def _usual_zone(bodies: Bodies) -> str | None:
    zones: Counter[Any] = Counter(body.get("timezone") for (kind, _), body in bodies.items() if kind in IN_A_ZONE)
    del zones[None]
    return max(sorted(zones), key=lambda zone: zones[zone], default=None)
