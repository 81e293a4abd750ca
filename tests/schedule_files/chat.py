"""What people do to schedules in chat: one edit of the objects that run, drawn at random. Most are valid, not all."""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from oncallbot.errors import ConfigurationError
from oncallbot.schedule_files import Key, check_objects
from oncallbot.schedule_files.parts import canonical_text

Objects = dict[Key, str]
WORDS = ("Zoe: Meyer", "a, b", "01", "# x", "[y]", "true", "Ö", "- z")
WINDOWS = (["sat"], ["mon-fri 18:00-09:00", "sun"], "always")


def edited(objects: Mapping[Key, str], chance: Random) -> Objects:
    """The objects after one edit; as they were if it would not have been accepted."""
    after = dict(objects)
    try:
        chance.choice(EDITS)(after, chance)
        check_objects(after)
    except ConfigurationError:
        return dict(objects)
    return after


def _body(objects: Objects, chance: Random, kind: str) -> tuple[str, dict[str, Any]]:
    name = chance.choice(_names(objects, kind))
    return name, json.loads(objects[kind, name])


def _names(objects: Objects, kind: str) -> list[str]:
    return [name for one, name in objects if one == kind]


def _removes(objects: Objects, chance: Random) -> None:
    objects.pop(chance.choice(list(objects)))


def _ends_cover(objects: Objects, chance: Random) -> None:
    covers = [key for key in objects if key[0] in ("override", "absence")]
    if covers:
        objects.pop(chance.choice(covers))


def _adds_layer(objects: Objects, chance: Random) -> None:
    name, body = _body(objects, chance, "schedule")
    fields = {"name": f"l{chance.randint(0, 9)}", "every": "1 day", "first_handoff": "2026-01-01"}
    layer = {**fields, "participants": _names(objects, "responder")[:1], "windows": chance.choice(WINDOWS)}
    body.setdefault("layers", []).insert(chance.randint(0, 2), layer)
    objects["schedule", name] = canonical_text("schedule", body)


def _changes_rotation(objects: Objects, chance: Random) -> None:
    name, body = _body(objects, chance, "schedule")
    people = _names(objects, "responder")
    for layer in body["layers"]:
        turns = layer["participants"]
        turns.insert(chance.randint(0, len(turns)), chance.choice([*people, "nobody", people[:2]]))
        if chance.random() < 0.5:
            turns.pop(chance.randrange(len(turns)))
        layer["windows"] = chance.choice([layer.get("windows", "always"), *WINDOWS])
    chance.shuffle(body["layers"])
    objects["schedule", name] = canonical_text("schedule", body)


def _covers(objects: Objects, chance: Random) -> None:
    schedule, responder = (chance.choice(_names(objects, kind)) for kind in ("schedule", "responder"))
    day = chance.randint(1, 27)
    span = {"from": f"2026-02-{day:02} 18:00", "to": f"2026-02-{day + 1:02} 09:00"}
    fields = {"schedule": schedule, "responder": responder, **span, "reason": chance.choice(WORDS)}
    made = {"made_by": "Dora Lind", "made_at": "2026-01-01T10:00:00Z"}
    key = ("override", f"{schedule} {responder} {span['from']}")
    objects[key] = canonical_text("override", fields | made)


def _is_away(objects: Objects, chance: Random) -> None:
    responder, day = chance.choice(_names(objects, "responder")), f"2026-03-{chance.randint(1, 28):02}"
    body = {"responder": responder, "from": day, "to": day}
    objects["absence", f"{responder} {day}"] = canonical_text("absence", body)


def _stays_away(objects: Objects, chance: Random) -> None:
    absences = _names(objects, "absence")
    if absences:
        key = ("absence", chance.choice(absences))
        objects[key] = canonical_text("absence", json.loads(objects[key]) | {"to": "2026-12-20"})


def _changes_person(objects: Objects, chance: Random) -> None:
    name = chance.choice([*_names(objects, "responder"), "eve"])
    body = json.loads(objects.get(("responder", name), '{"name":"Eve","timezone":"Europe/Berlin"}'))
    notify = [{"after": "0s", "by": "slack"}, {"after": "1m", "by": "sms"}, {"after": "2m", "by": "voice"}]
    news = {"name": chance.choice(WORDS), "notify": notify[chance.randint(0, 2) :], "timezone": "Europe/Paris"}
    field = chance.choice([*news, "phone"])
    body.pop("phone", None) if field == "phone" else body.update({field: news[field]})
    objects["responder", name] = canonical_text("responder", body)


def _changes_hours(objects: Objects, chance: Random) -> None:
    weeks: list[dict[str, Any]] = [{}, {"mon-fri": ["09:00-17:00"]}, {"mon": ["09:00-12:00", "13:00-15:00"]}]
    fields = {"open": chance.choice(weeks), "closed": ["2026-05-01", "2026-12-24"][: chance.randint(0, 2)]}
    name = chance.choice([*_names(objects, "office_hours"), "tokyo"])
    objects["office_hours", name] = canonical_text("office_hours", {"timezone": "Europe/Berlin", **fields})


def _changes_policy(objects: Objects, chance: Random) -> None:
    name, body = _body(objects, chance, "policy")
    target = {"responder": chance.choice(_names(objects, "responder"))}
    body["levels"].insert(chance.randint(0, len(body["levels"])), {"page": [target], "timeout": "9m"})
    body["last_resort"] = chance.choice([[], [target]])
    objects["policy", chance.choice([name, "extra"])] = canonical_text("policy", body)


def _changes_customer(objects: Objects, chance: Random) -> None:
    body = {"name": chance.choice(WORDS), "tier": chance.choice(_names(objects, "tier"))}
    zone = chance.choice([{}, {"timezone": "Asia/Tokyo"}])
    objects["customer", chance.choice(["acme", "zeta"])] = canonical_text("customer", body | zone)


def _changes_hotline(objects: Objects, chance: Random) -> None:
    name, body = _body(objects, chance, "hotline")
    news = {"timezone": "Europe/Paris", "day_team": {"email": "day@example.com"}, "numbers": [], "languages": ["de"]}
    field = chance.choice(list(news))
    objects["hotline", name] = canonical_text("hotline", body | {field: news[field]})


def _changes_tier(objects: Objects, chance: Random) -> None:
    promises: list[dict[str, Any]] = [{}, {"promise": "7m"}, {"promise": "60m", "confidential": True}]
    name = chance.choice(["gold", "standard", "new"])
    objects["tier", name] = canonical_text("tier", chance.choice(promises))


def _changes_limits(objects: Objects, chance: Random) -> None:
    fields = chance.choice([{}, {"calls_per_hour": "9"}, {"texts_per_hour": "8"}])
    objects["limits", "limits"] = canonical_text("limits", fields)


EDITS: tuple[Callable[[Objects, Random], None], ...] = (
    _removes,
    _ends_cover,
    _adds_layer,
    _changes_rotation,
    _covers,
    _is_away,
    _stays_away,
    _changes_person,
    _changes_hours,
    _changes_policy,
    _changes_customer,
    _changes_hotline,
    _changes_tier,
    _changes_limits,
)
