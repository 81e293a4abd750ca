"""How is an order to change the roster, or an object, written as JSON, and read back? For proposals that wait.

It must not carry an order out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, assert_never

from oncallbot.oncall.edits import (
    AddAbsence,
    AddOverride,
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Edit,
    Entry,
    Handoff,
    RemoveAbsence,
    RemoveOverride,
    RemoveParticipant,
    SetWindows,
    Start,
)
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.windows import Outside, Weekly, Windows
from oncallbot.schedule_files import times
from oncallbot.schedule_files.rosters import windows_body

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PutObject:
    """Write this object: its canonical text. For what is no roster's, as office hours are."""

    kind: str
    id: str
    text: str


Order = Edit | PutObject


def order_json(order: Order) -> Json:
    """The order as JSON."""
    return {"order": type(order).__name__} | _fields(order)


def order_from(said: Mapping[str, Any], office_hours: Mapping[str, OfficeHours]) -> Order:
    """The order that `order_json` wrote. ValueError names what it refers to and is not there any more."""
    schedule, layer = said.get("schedule", ""), said.get("layer")
    match said["order"]:
        case "PutObject":
            return PutObject(said["kind"], said["id"], said["text"])
        case "CreateSchedule":
            count, unit = times.every(said["every"])
            return CreateSchedule(
                schedule,
                said["timezone"],
                said["layer"],
                _entries(said["participants"]),
                count,
                unit,
                _handoff(said["handoff"]),
                windows_from(said["windows"], office_hours),
            )
        case "ChangeRotation":
            return _change_rotation(said, office_hours)
        case "AddParticipant":
            return AddParticipant(schedule, tuple(said["entry"]), layer, Start(said["starts"]))
        case "RemoveParticipant":
            return RemoveParticipant(schedule, said["responder"], layer, Start(said["starts"]))
        case "AddOverride":
            return AddOverride(schedule, _override(said["override"]))
        case "RemoveOverride":
            return RemoveOverride(schedule, _override(said["override"]))
        case "AddAbsence":
            return AddAbsence(_absence(said["absence"]))
        case "RemoveAbsence":
            return RemoveAbsence(_absence(said["absence"]))
        case other:
            raise ValueError(f"unknown order {other}: propose it again")


def windows_from(said: Any, office_hours: Mapping[str, OfficeHours]) -> Windows | None:
    """Windows as a file has them (`always`, `{"outside": …}`, a list). ValueError names office hours that are not."""
    match said:
        case dict():
            hours = office_hours.get(said["outside"])
            if hours is None:
                raise ValueError(f"there are no office hours {said['outside']}: name some that exist")
            return Outside(hours)
        case list():
            return Weekly(tuple(times.window(text) for text in said))
        case _:
            return None


def _fields(order: Order) -> Json:
    match order:
        case PutObject():
            return {"kind": order.kind, "id": order.id, "text": order.text}
        case CreateSchedule():
            return {
                "schedule": order.schedule,
                "timezone": order.timezone,
                "layer": order.layer,
                "participants": [list(entry) for entry in order.participants],
                "every": times.spelled_every(order.every, order.unit),
                "handoff": _handoff_json(order.handoff),
                "windows": _windows_json(order.windows),
            }
        case ChangeRotation():
            said: Json = {"schedule": order.schedule, "layer": order.layer, "starts": order.starts.value}
            if order.participants is not None:
                said["participants"] = [list(entry) for entry in order.participants]
            if order.every is not None:
                said["every"] = times.spelled_every(*order.every)
            if order.handoff is not None:
                said["handoff"] = _handoff_json(order.handoff)
            if order.windows is not None:
                said["windows"] = _windows_json(order.windows.windows)
            if not order.keeps_next:
                said["keeps_next"] = False
            return said
        case AddParticipant():
            entry = list(order.entry)
            return {"schedule": order.schedule, "layer": order.layer, "entry": entry, "starts": order.starts.value}
        case RemoveParticipant():
            who, starts = order.responder, order.starts.value
            return {"schedule": order.schedule, "layer": order.layer, "responder": who, "starts": starts}
        case AddOverride() | RemoveOverride():
            return {"schedule": order.schedule, "override": _override_json(order.override)}
        case AddAbsence(absence) | RemoveAbsence(absence):
            span = {"from": times.spelled_instant(absence.start), "to": times.spelled_instant(absence.end)}
            return {"absence": {"responder": absence.responder} | span}
        case _:
            assert_never(order)


def _change_rotation(said: Mapping[str, Any], office_hours: Mapping[str, OfficeHours]) -> ChangeRotation:
    return ChangeRotation(
        said["schedule"],
        said.get("layer"),
        participants=_entries(said["participants"]) if "participants" in said else None,
        every=times.every(said["every"]) if "every" in said else None,
        handoff=_handoff(said["handoff"]) if "handoff" in said else None,
        windows=SetWindows(windows_from(said["windows"], office_hours)) if "windows" in said else None,
        starts=Start(said["starts"]),
        keeps_next=said.get("keeps_next", True),
    )


def _entries(said: list[list[str]]) -> tuple[Entry, ...]:
    return tuple(tuple(entry) for entry in said)


def _windows_json(windows: Windows | None) -> Any:
    return "always" if windows is None else windows_body(windows)


def _handoff_json(handoff: Handoff) -> Json:
    return {"at": handoff.at.isoformat("minutes"), "weekday": handoff.weekday, "day": handoff.day}


def _handoff(said: Mapping[str, Any]) -> Handoff:
    return Handoff(time.fromisoformat(said["at"]), said["weekday"], said["day"])


def _override_json(override: Override) -> Json:
    return {
        "responder": override.responder,
        "from": times.spelled_instant(override.start),
        "to": times.spelled_instant(override.end),
        "instead_of": override.instead_of,
        "reason": override.reason,
        "made_by": override.made_by,
        "made_at": times.spelled_instant(override.made_at) if override.made_at else None,
    }


def _override(said: Mapping[str, Any]) -> Override:
    made_at: datetime | None = times.known_instant(said["made_at"]) if said["made_at"] else None
    start, end = times.known_instant(said["from"]), times.known_instant(said["to"])
    return Override(said["responder"], start, end, said["instead_of"], said["reason"], said["made_by"], made_at)


def _absence(said: Mapping[str, Any]) -> Absence:
    return Absence(said["responder"], times.known_instant(said["from"]), times.known_instant(said["to"]))
