"""Which objects say what a roster says? The texts that an edit of who is on call writes and removes.

It must not decide what the roster is: `oncall.editing` has done that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oncallbot.oncall.editing import Roster
from oncallbot.oncall.edits import Entry
from oncallbot.oncall.layers import Layer
from oncallbot.oncall.rotation import Rotation
from oncallbot.oncall.schedule import Schedule
from oncallbot.oncall.windows import Outside, Windows
from oncallbot.schedule_files import times
from oncallbot.schedule_files.objects import (
    Body,
    Key,
    Kind,
    absence_object,
    former_id,
    override_object,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Written:
    """Objects to write and objects to remove."""

    put: Mapping[Key, str]
    remove: tuple[Key, ...]


def roster_objects(before: Roster, after: Roster, texts: Mapping[Key, str], timezones: Mapping[str, str]) -> Written:
    """What turns the objects of `before` into those of `after`. `timezones` are the responders', by id."""
    put: dict[Key, str] = {}
    remove: list[Key] = []
    for name, schedule in after.schedules.items():
        old = before.schedules.get(name)
        if old is schedule:
            continue
        put |= _schedule_put(schedule, old, texts)
        stays = {*put, *_kept(schedule, texts)}
        remove += [key for key in (_schedule_keys(old, texts) if old is not None else ()) if key not in stays]
    was = dict(absence_object(one, timezones.get(one.responder, "UTC")) for one in before.absences)
    will = dict(absence_object(one, timezones.get(one.responder, "UTC")) for one in after.absences)
    put |= {key: text for key, text in will.items() if was.get(key) != text}
    remove += [key for key in was if key not in will]
    return Written(put, tuple(remove))


def versions_after(
    texts: Mapping[Key, str], put: Mapping[Key, str], remove: tuple[Key, ...], now: datetime
) -> tuple[dict[Key, str], tuple[Key, ...]]:
    """The objects and removals with what files leave out: a layer that they change has run as it was until `now`.

    A version that was pending is replaced. A removed schedule takes its former versions with it.
    """
    written, removed = dict(put), list(remove)
    formers = [(key, json.loads(text)) for key, text in texts.items() if key[0] == Kind.FORMER]
    for key in remove:
        if key[0] == Kind.SCHEDULE:
            removed += [one for one, body in formers if body["schedule"] == key[1]]
    for (kind, name), text in put.items():
        before = texts.get((kind, name))
        if kind != Kind.SCHEDULE or before is None:
            continue
        was = {layer["name"]: layer for layer in json.loads(before).get("layers", ())}
        for layer in json.loads(text).get("layers", ()):
            old = was.get(layer["name"])
            if old is not None and old != layer:
                mine = [
                    (one, body) for one, body in formers if (body["schedule"], body["layer"]) == (name, old["name"])
                ]
                written |= _ended(name, old, mine, now)
                removed += [
                    one for one, body in mine if one not in written and times.known_instant(body["until"]) > now
                ]
    return written, tuple(removed)


def _ended(schedule: str, layer: Body, formers: list[tuple[Key, Body]], now: datetime) -> dict[Key, str]:
    """The version that runs at `now`, ended: a former one that still runs, else the newest."""
    running = next(
        (
            pair
            for pair in sorted(formers, key=lambda pair: int(pair[1]["number"]))
            if times.known_instant(pair[1]["until"]) > now
        ),
        None,
    )
    ends = {"until": times.spelled_instant(now)}
    if running is not None:
        return {running[0]: text_of(running[1] | ends)}
    number = max((int(body["number"]) for _, body in formers), default=0) + 1
    fields = {field: value for field, value in layer.items() if field != "name"} | ends
    fields |= {"schedule": schedule, "layer": layer["name"], "number": str(number)}
    return {(Kind.FORMER.value, former_id(schedule, layer["name"], number)): text_of(fields)}


def _schedule_put(schedule: Schedule, old: Schedule | None, texts: Mapping[Key, str]) -> dict[Key, str]:
    key = (Kind.SCHEDULE.value, schedule.id)
    put: dict[Key, str] = {}
    if old is None or old.layers != schedule.layers:
        body: Body = json.loads(texts[key]) if key in texts else _new_body(schedule)
        unchanged = {layer.name: layer for layer in old.layers} if old is not None else {}
        written = {layer["name"]: layer for layer in body.get("layers", ())}
        body["layers"] = [
            written[layer.name] if unchanged.get(layer.name) == layer else layer_body(layer)
            for layer in schedule.layers
        ]
        put[key] = text_of(body)
        for layer in schedule.layers:
            put |= dict(_formers(schedule.id, layer))
    for override in schedule.overrides:
        if old is None or override not in old.overrides:
            its_key, text = override_object(schedule.id, override, schedule.timezone)
            order = json.loads(texts[its_key]).get("order", 0) if its_key in texts else 0
            put[its_key] = text_of(json.loads(text) | ({"order": order} if order else {}))
    return {one: text for one, text in put.items() if texts.get(one) != text}


def _new_body(schedule: Schedule) -> Body:
    body: Body = {"timezone": schedule.timezone}
    return body if schedule.must_cover is None else body | {"must_cover": windows_body(schedule.must_cover)}


def _schedule_keys(schedule: Schedule, texts: Mapping[Key, str]) -> Iterator[Key]:
    """The keys of everything that is stored beside the schedule."""
    for override in schedule.overrides:
        yield override_object(schedule.id, override, schedule.timezone)[0]
    for key, text in texts.items():
        if key[0] == Kind.FORMER and json.loads(text)["schedule"] == schedule.id:
            yield key


def _kept(schedule: Schedule, texts: Mapping[Key, str]) -> set[Key]:
    kept = {override_object(schedule.id, one, schedule.timezone)[0] for one in schedule.overrides}
    return kept | {key for layer in schedule.layers for key, _ in _formers(schedule.id, layer) if key in texts}


def _formers(schedule: str, layer: Layer) -> Iterator[tuple[Key, str]]:
    first = layer.version - len(layer.former)
    for number, former in enumerate(layer.former, first):
        body = {"schedule": schedule, "layer": layer.name, "number": str(number)}
        body |= {"until": times.spelled_instant(former.until)} | _rotation_body(former.rotation, former.windows)
        yield (Kind.FORMER.value, former_id(schedule, layer.name, number)), text_of(body)


def layer_body(layer: Layer) -> Body:
    """A layer's fields as a file has them: those of its newest version."""
    return {"name": layer.name} | _rotation_body(layer.rotation, layer.windows)


def _rotation_body(rotation: Rotation, windows: Windows | None) -> Body:
    body: Body = {
        "every": times.spelled_every(rotation.every, rotation.unit),
        "first_handoff": times.spelled_moment(rotation.first_handoff),
        "participants": [_entry(entry) for entry in rotation.participants],
    }
    if windows is not None:
        body["windows"] = windows_body(windows)
    return body


def windows_body(windows: Windows) -> Any:
    """Windows as a file has them."""
    if isinstance(windows, Outside):
        return {"outside": windows.hours.id}
    return [times.spelled_window(one) for one in windows.windows]


def _entry(entry: Entry) -> str | list[str]:
    if not entry:
        return "nobody"
    return entry[0] if len(entry) == 1 else list(entry)
