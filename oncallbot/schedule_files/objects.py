"""What is a configured object? Canonical JSON text by kind and id: equal text means equal configuration.

Its fields are those of the file, each in its one normal spelling, defaults left out. It must not know where it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from oncallbot.oncall.people import Absence
from oncallbot.oncall.schedule import Override
from oncallbot.oncall.wallclock import zone
from oncallbot.schedule_files import times


class Kind(StrEnum):
    """The kinds of objects, in the order in which people read about them.

    Overrides are objects of their own, like absences: a cover arranged in chat is then no drift of its schedule.
    A layer's former versions are too: no file holds them, `IN_FILES` are the others.
    """

    RESPONDER = "responder"
    ABSENCE = "absence"
    OFFICE_HOURS = "office_hours"
    SCHEDULE = "schedule"
    OVERRIDE = "override"
    POLICY = "policy"
    TIER = "tier"
    CUSTOMER = "customer"
    HOTLINE = "hotline"
    LIMITS = "limits"
    FORMER = "former_version"


IN_FILES = frozenset(kind.value for kind in Kind) - {Kind.FORMER.value}

SECTIONS = {
    Kind.RESPONDER: "responders",
    Kind.ABSENCE: "absences",
    Kind.OFFICE_HOURS: "office_hours",
    Kind.SCHEDULE: "schedules",
    Kind.POLICY: "policies",
    Kind.TIER: "tiers",
    Kind.CUSTOMER: "customers",
    Kind.HOTLINE: "hotlines",
    Kind.LIMITS: "limits",
}
"""Under which key of a file the objects of a kind stand; overrides stand within their schedule."""

Key = tuple[str, str]
Body = dict[str, Any]
Bodies = Mapping[Key, Body]

LIMITS_KEY: Key = (Kind.LIMITS.value, "limits")
_ORDER = {kind.value: number for number, kind in enumerate(Kind)}


def in_reading_order(key: Key) -> tuple[int, str]:
    """A sort key: by kind as listed in `Kind`, then by id."""
    return _ORDER.get(key[0], len(_ORDER)), key[1]


def label(key: Key) -> str:
    """An object as people call it: `schedule primary`, `office hours berlin`, `limits`."""
    kind, name = key
    return kind if kind == name else f"{kind.replace('_', ' ')} {name}"


def dotted(path: tuple[str | int, ...], body: object = None) -> str:
    """The way to a field as people read it, with a colon: `layers[weekly].every: `; "" for the object itself.

    Items of a list are called by their name where `body` shows one, else by their number, from 1.
    """
    said = ""
    for step in path:
        if isinstance(body, list) and isinstance(step, int):
            body = body[step] if step < len(body) else None
        else:
            body = body.get(step) if isinstance(body, dict) else None
        if isinstance(step, int):
            said += f"[{body['name'] if isinstance(body, dict) and 'name' in body else step + 1}]"
        else:
            said += f".{step}"
    return f"{said.lstrip('.')}: " if said else ""


def text_of(body: Mapping[str, Any]) -> str:
    """The canonical text of a body whose values are in their normal spelling already."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def absence_id(responder: str, starts: str) -> str:
    """The id of an absence, from its canonical `from`."""
    return f"{responder} {starts}"


def override_id(schedule: str, responder: str, starts: str, instead_of: str | None) -> str:
    """The id of an override, from its canonical `from`."""
    return f"{schedule} {responder} {starts}" + (f" instead of {instead_of}" if instead_of else "")


def former_id(schedule: str, layer: str, number: int) -> str:
    """The id of a layer's former version."""
    return f"{schedule} {layer} {number}"


def absence_object(absence: Absence, timezone: str) -> tuple[Key, str]:
    """Key and text of an absence of a responder who lives in `timezone`."""
    starts, ends = times.spelled_span(absence.start, absence.end, zone(timezone))
    body = {"responder": absence.responder, "from": starts, "to": ends}
    return (Kind.ABSENCE.value, absence_id(absence.responder, starts)), text_of(body)


def override_object(schedule: str, override: Override, timezone: str) -> tuple[Key, str]:
    """Key and text of an override of that schedule, whose zone is `timezone`."""
    starts, ends = times.spelled_span(override.start, override.end, zone(timezone))
    made_at: datetime | None = override.made_at
    fields = {
        "schedule": schedule,
        "responder": override.responder,
        "from": starts,
        "to": ends,
        "instead_of": override.instead_of,
        "reason": override.reason,
        "made_by": override.made_by,
        "made_at": times.spelled_instant(made_at) if made_at is not None else None,
    }
    key = (Kind.OVERRIDE.value, override_id(schedule, override.responder, starts, override.instead_of))
    return key, text_of({name: value for name, value in fields.items() if value})
