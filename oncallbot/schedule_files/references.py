"""Do the objects fit together? Every reference finds its object, and no address belongs to two.

It must not read files: a finding names the object and the way to the field, the caller adds the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oncallbot.schedule_files.objects import Bodies, Body, Key, Kind
from oncallbot.schedule_files.spelling import instead_of

if TYPE_CHECKING:
    from oncallbot.schedule_files.source import Location  # with the reader of YAML, which only files need

_SECTIONS = {
    Kind.RESPONDER: "responders",
    Kind.OFFICE_HOURS: "office_hours",
    Kind.SCHEDULE: "schedules",
    Kind.POLICY: "policies",
    Kind.TIER: "tiers",
}
_KIND_OF_TARGET = {
    "schedule": Kind.SCHEDULE,
    "next": Kind.SCHEDULE,
    "everyone": Kind.SCHEDULE,
    "responder": Kind.RESPONDER,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an object, and where in it."""

    key: Key
    path: Location
    wrong: str
    cure: str


def findings(bodies: Bodies, also_known: Set[Key] = frozenset()) -> Iterator[Finding]:
    """All that is wrong with the set. `also_known` are names that exist although their objects are unusable."""
    check = _Check(bodies, also_known)
    for key, body in bodies.items():
        match key[0]:
            case Kind.ABSENCE:
                yield from check.named(key, ("responder",), Kind.RESPONDER, body["responder"])
            case Kind.SCHEDULE:
                yield from check.schedule(key, body)
            case Kind.OVERRIDE:
                yield from check.override(key, body)
            case Kind.POLICY:
                yield from check.policy(key, body)
            case Kind.CUSTOMER:
                yield from check.named(key, ("tier",), Kind.TIER, body["tier"])
            case Kind.HOTLINE:
                yield from check.hotline(key, body)
            case Kind.FORMER:
                yield from check.former(key, body)
            case _:
                pass  # refers to nothing
    yield from _shared_addresses(bodies)


class _Check:
    def __init__(self, bodies: Bodies, also_known: Set[Key]) -> None:
        self._names: dict[str, set[str]] = {kind.value: set() for kind in Kind}
        for kind, name in (*bodies, *also_known):
            self._names[kind].add(name)

    def named(self, key: Key, path: Location, kind: Kind, name: str) -> Iterator[Finding]:
        if name in self._names[kind]:
            return
        wrong = f"there is no {kind.replace('_', ' ')} {name!r}"
        elsewhere = next((other for other in _SECTIONS if name in self._names[other]), None)
        if elsewhere is not None:
            yield Finding(key, path, wrong, f"{name} is a {elsewhere.replace('_', ' ')}: correct the key or the name")
            return
        yield Finding(key, path, wrong, self._cure(kind, name))

    def _cure(self, kind: Kind, name: str) -> str:
        define = f"define it under {_SECTIONS[kind]}"
        cure = instead_of(name, self._names[kind], define)
        return cure if cure == define else f"{cure} Or {define}" if cure.endswith("?") else f"{cure}, or {define}"

    def schedule(self, key: Key, body: Body) -> Iterator[Finding]:
        yield from self._windows(key, ("must_cover",), body.get("must_cover"))
        seen: set[str] = set()
        for number, layer in enumerate(body.get("layers", ())):
            path: Location = ("layers", number)
            if layer["name"] in seen:
                yield Finding(key, (*path, "name"), f"two layers are named {layer['name']!r}", "give each its own name")
            seen.add(layer["name"])
            yield from self._windows(key, (*path, "windows"), layer.get("windows"))
            for turn, entry in enumerate(layer["participants"]):
                for place, name in enumerate([entry] if isinstance(entry, str) else entry):
                    if name != "nobody":
                        yield from self.named(key, (*path, "participants", turn, place), Kind.RESPONDER, name)

    def _windows(self, key: Key, path: Location, windows: object) -> Iterator[Finding]:
        if isinstance(windows, dict):
            yield from self.named(key, (*path, "outside"), Kind.OFFICE_HOURS, windows["outside"])

    def override(self, key: Key, body: Body) -> Iterator[Finding]:
        yield from self.named(key, ("schedule",), Kind.SCHEDULE, body["schedule"])
        yield from self.named(key, ("responder",), Kind.RESPONDER, body["responder"])
        replaced = body.get("instead_of")
        if replaced == body["responder"]:
            yield Finding(key, ("instead_of",), f"{replaced} would stand in for {replaced}", "name two people")
        elif replaced is not None:
            yield from self.named(key, ("instead_of",), Kind.RESPONDER, replaced)

    def former(self, key: Key, body: Body) -> Iterator[Finding]:
        """Whoever took part may be gone; the office hours that it follows may not."""
        yield from self.named(key, ("schedule",), Kind.SCHEDULE, body["schedule"])
        yield from self._windows(key, ("windows",), body.get("windows"))

    def policy(self, key: Key, body: Body) -> Iterator[Finding]:
        groups: list[tuple[Location, list[dict[str, str]]]] = [
            (("levels", number, "page"), level["page"]) for number, level in enumerate(body["levels"])
        ]
        groups.append((("last_resort",), body.get("last_resort", [])))
        reaches_people = False
        for path, targets in groups:
            for number, target in enumerate(targets):
                ((field, name),) = target.items()
                if field != "channel":
                    reaches_people = True
                    yield from self.named(key, (*path, number, field), _KIND_OF_TARGET[field], name)
        if not reaches_people:
            yield Finding(key, ("levels",), "this policy pages only channels", "page a schedule or a responder as well")

    def hotline(self, key: Key, body: Body) -> Iterator[Finding]:
        yield from self.named(key, ("office_hours",), Kind.OFFICE_HOURS, body["office_hours"])
        yield from self.named(key, ("default_tier",), Kind.TIER, body["default_tier"])
        for tier, policy in body["policies"].items():
            if tier != "default":
                yield from self.named(key, ("policies", tier), Kind.TIER, tier)
            yield from self.named(key, ("policies", tier), Kind.POLICY, policy)
        if "default" not in body["policies"]:
            wrong = "the policies have no default, for tiers that they do not name"
            yield Finding(key, ("policies",), wrong, "write default: and a policy")
        for number, name in enumerate(body.get("managers", ())):
            yield from self.named(key, ("managers", number), Kind.RESPONDER, name)
        for field in ("office_target", "fallback_number"):
            if body.get(field) in body.get("numbers", ()):
                wrong = f"{field} {body[field]} is this hotline's own number: calls would run in a circle"
                yield Finding(key, (field,), wrong, "write another number")


_OWNED: tuple[tuple[Kind, str, str], ...] = (
    (Kind.RESPONDER, "phone", "phone number"),
    (Kind.CUSTOMER, "phones", "phone number"),
    (Kind.HOTLINE, "numbers", "phone number"),
    (Kind.RESPONDER, "slack", "Slack user"),
    (Kind.CUSTOMER, "email_domains", "e-mail domain"),
    (Kind.CUSTOMER, "slack_channels", "customer's Slack channel"),
    (Kind.HOTLINE, "slack_channels", "hotline's Slack channel"),
)


def _shared_addresses(bodies: Bodies) -> Iterator[Finding]:
    """Whoever calls, texts or presses a button must be one person: no address may stand for two."""
    owners: dict[tuple[str, str], Key] = {}
    for kind, field, what in _OWNED:
        for key, body in bodies.items():
            if key[0] != kind:
                continue
            written = body.get(field, [])
            for number, address in enumerate([written] if isinstance(written, str) else written):
                owner = owners.setdefault((what, address), key)
                if owner is not key:
                    wrong = f"{what} {address} already belongs to {' '.join(owner).replace('_', ' ')}"
                    yield Finding(key, (field, number), wrong, "give it to one of them")
                elif address in (written[:number] if isinstance(written, list) else ()):
                    yield Finding(key, (field, number), f"{what} {address} is listed twice", "keep one of them")
