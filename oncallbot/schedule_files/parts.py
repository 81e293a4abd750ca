"""Does one part of a file, or one stored object, have its format? If so: its fields in their normal spelling.

It must not look at other parts: `references` and `settle` do.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from oncallbot.errors import Problem
from oncallbot.oncall.people import DEFAULT_NOTIFY
from oncallbot.schedule_files import format as parts
from oncallbot.schedule_files import public_holidays, times
from oncallbot.schedule_files.objects import Body, Key, Kind, dotted, text_of
from oncallbot.schedule_files.source import Location
from oncallbot.schedule_files.spelling import Misspelt, instead_of

MODELS: Mapping[str, type[parts.Part]] = {
    Kind.RESPONDER.value: parts.ResponderPart,
    Kind.ABSENCE.value: parts.AbsencePart,
    Kind.OFFICE_HOURS.value: parts.OfficeHoursPart,
    Kind.SCHEDULE.value: parts.SchedulePart,
    Kind.OVERRIDE.value: parts.OverrideObject,
    Kind.POLICY.value: parts.PolicyPart,
    Kind.TIER.value: parts.TierPart,
    Kind.CUSTOMER.value: parts.CustomerPart,
    Kind.HOTLINE.value: parts.HotlinePart,
    Kind.LIMITS.value: parts.LimitsPart,
    Kind.FORMER.value: parts.FormerObject,
}
RESOLVED: Mapping[str, tuple[str, ...]] = {
    Kind.RESPONDER.value: ("timezone",),
    Kind.OFFICE_HOURS.value: ("timezone",),
    Kind.SCHEDULE.value: ("timezone",),
    Kind.CUSTOMER.value: ("tier",),
    Kind.HOTLINE.value: ("timezone", "office_hours", "policies", "default_tier"),
}
"""Fields that a file may leave to defaults, and an object may not."""

_BRANCHES = ("<always>", "<outside>", "<weekly>", "<one>", "<group>", "[key]")
_DEFAULT_NOTIFY = [{"after": times.spelled_duration(rule.after), "by": rule.by.value} for rule in DEFAULT_NOTIFY]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong within a part."""

    path: Location
    wrong: str
    cure: str


def read_part(model: type[parts.Part], value: object) -> tuple[Body | None, list[Fault]]:
    """The part's fields in their normal spelling, defaults left out; or None, and all its faults."""
    try:
        part = model.model_validate(value)
    except ValidationError as error:
        return None, [_fault(model, one) for one in error.errors(include_url=False)]
    body: Body = part.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True, warnings=False)
    faults = list(_normalised(part, body))
    return (None if faults else body), faults


def format_problems(key: Key, text: str) -> Iterator[Problem]:
    """Why a stored object is not in canonical form."""
    place = " ".join(key)
    try:
        value = json.loads(text)
    except ValueError as error:
        yield Problem(place, f"is not JSON: {error}", "apply the files again")
        return
    if key[0] not in MODELS:
        yield Problem(place, f"there is no kind {key[0]!r}", instead_of(key[0], MODELS, ""))
        return
    body, faults = read_part(MODELS[key[0]], _as_written(value))
    for fault in faults:
        yield Problem(place, dotted(fault.path, value) + fault.wrong, fault.cure)
    if body is None:
        return
    for field in RESOLVED.get(key[0], ()):
        if field not in body:
            yield Problem(place, f"{field} is missing", f"write {field}")
    if text != text_of(body):
        yield Problem(place, "is not in canonical form", f"store {text_of(body)}")


def canonical_text(kind: str, fields: Mapping[str, Any], place: str = "") -> str:
    """The canonical text of an object with these fields, written as in a file; ConfigurationError with all faults."""
    from oncallbot.errors import ConfigurationError

    body, faults = read_part(MODELS[kind], _as_written(dict(fields)))
    if body is None:
        problems = (Problem(place or kind, f"{dotted(one.path, fields)}{one.wrong}", one.cure) for one in faults)
        raise ConfigurationError(tuple(problems))
    return text_of(body)


def _as_written(value: object) -> object:
    """A file's scalars are text: numbers become it."""
    match value:
        case dict():
            return {key: _as_written(one) for key, one in value.items()}
        case list() | tuple():
            return [_as_written(one) for one in value]
        case bool() | None | str():
            return value
        case _:
            return str(value)


def _normalised(part: parts.Part, body: Body) -> Iterator[Fault]:
    """What one field's reader cannot see: days regrouped, lists in order, the default rules left out."""
    if isinstance(part, parts.OfficeHoursPart):
        body["open"] = times.by_equal_times(part.open)
        if "closed" in body:
            body["closed"] = sorted(set(body["closed"]))
        if part.holidays is not None:
            try:
                country, subdivision = public_holidays.checked(part.holidays.country, part.holidays.subdivision)
            except Misspelt as error:
                yield Fault(("holidays",), error.wrong, error.cure)
                return
            body["holidays"] = {"country": country} | ({"subdivision": subdivision} if subdivision else {})
    if isinstance(part, parts.ResponderPart) and body.get("notify") == _DEFAULT_NOTIFY:
        del body["notify"]


def _fault(model: type[BaseModel], error: Any) -> Fault:
    """A pydantic error in our words. Steps that only name a branch of a union are dropped."""
    steps: Location = error["loc"]
    is_about_last = error["type"] in ("missing", "extra_forbidden")
    kept = len(steps) - 1 if is_about_last else len(steps)
    path = (*(step for step in steps[:kept] if step not in _BRANCHES), *steps[kept:])
    match error["type"]:
        case "misspelt":
            return Fault(path, error["ctx"]["wrong"], error["ctx"]["cure"])
        case "missing":
            example = _example(_fields_at(model, path[:-1]).get(str(path[-1])))
            return Fault(path, "is missing", f"write {path[-1]}: {example}")
        case "extra_forbidden":
            cure = instead_of(str(path[-1]), _fields_at(model, path[:-1]), "leave it out")
            return Fault(path, f"unknown key {path[-1]!r}", cure)
        case "list_type":
            return Fault(path, "is not a list", "write [one, two], or one - per line")
        case "dict_type" | "model_type" | "model_attributes_type":
            return Fault(path, "is not a mapping", "write key: value beneath it")
        case "too_short":
            return Fault(path, "is empty", "write at least one")
        case _:
            return Fault(path, str(error["msg"]), "correct it")


def _example(field: FieldInfo | None) -> str:
    return str(field.examples[0]) if field is not None and field.examples else "…"


def _fields_at(model: type[BaseModel], path: Location) -> dict[str, FieldInfo]:
    """The keys that are known at that place of the part."""
    here: Any = model
    for step in path:
        if isinstance(step, int):
            continue
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = _by_alias(here).get(str(step))
            here = None if field is None else field.annotation
        here = _model_in(here)
    return _by_alias(here) if isinstance(here, type) and issubclass(here, BaseModel) else {}


def _by_alias(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> Any:
    """The one model in an annotation such as `dict[Name, Part] | None`."""
    inner = typing.get_args(annotation)
    if not inner:
        return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    found = (_model_in(one) for one in inner)
    return next((one for one in found if one is not None), None)
