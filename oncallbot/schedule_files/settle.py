"""What do the files mean where they leave something out? Defaults that need the whole set, and ids made from times.

It must not invent what a team has to decide: a missing time zone, or one of several tiers, is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from oncallbot.oncall.wallclock import zone
from oncallbot.schedule_files import times
from oncallbot.schedule_files.objects import Body, Key, Kind, absence_id, label, override_id
from oncallbot.schedule_files.overlaps import Beneath, Span, keep_order
from oncallbot.schedule_files.references import Finding
from oncallbot.schedule_files.source import Location, Source
from oncallbot.schedule_files.spelling import Misspelt

IN_A_ZONE = (Kind.RESPONDER, Kind.OFFICE_HOURS, Kind.SCHEDULE, Kind.CUSTOMER, Kind.HOTLINE)
_MAY_DO_WITHOUT = (Kind.CUSTOMER, Kind.HOTLINE)
STANDARD_TIER = "standard"


@dataclass(slots=True)
class Entry:
    """One object as a file has it: its fields, and where they stand."""

    kind: str
    id: str
    source: Source
    location: Location
    body: Body = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.kind, self.id

    @property
    def label(self) -> str:
        """`responder ana`, `absence ana 2026-08-01`."""
        return label(self.key)


def settled(entries: list[Entry], timezones: Mapping[str, str], unusable: Set[Key]) -> list[Finding]:
    """Fills in the entries (and adds the built-in tier); returns what could not be settled."""
    found = list(_zones(entries, timezones))
    names = _Names(entries, unusable)
    if names.of(Kind.CUSTOMER) | names.of(Kind.HOTLINE) and not names.of(Kind.TIER):
        # Pages after hours and holds what the office misses, without promises that nobody made to a customer.
        first = next((entry for entry in entries if entry.kind in (Kind.HOTLINE, Kind.CUSTOMER)), None)
        if first is not None:
            entries.append(Entry(Kind.TIER.value, STANDARD_TIER, first.source, ("tiers", STANDARD_TIER)))
            names = _Names(entries, unusable)
    for entry in entries:
        if entry.kind == Kind.CUSTOMER:
            found.extend(_only(entry, "tier", names.of(Kind.TIER), STANDARD_TIER))
        if entry.kind == Kind.HOTLINE:
            found.extend(_hotline(entry, names))
    found.extend(_office_zone(entries))
    found.extend(_spans(entries))
    return found


class _Names:
    """The ids of each kind, usable or not."""

    def __init__(self, entries: Sequence[Entry], unusable: Set[Key]) -> None:
        self._keys = {entry.key for entry in entries} | unusable

    def of(self, kind: Kind) -> set[str]:
        return {name for one, name in self._keys if one == kind}


def default_zone(place: str, timezones: Mapping[str, str]) -> str | None:
    """A file's own `timezone` holds for that file; one without takes that of the others, if they agree."""
    shared = next(iter(timezones.values())) if len(set(timezones.values())) == 1 else None
    return timezones.get(place, shared)


def _zones(entries: Sequence[Entry], timezones: Mapping[str, str]) -> Iterator[Finding]:
    for entry in entries:
        default = default_zone(entry.source.place, timezones)
        if entry.kind not in IN_A_ZONE or "timezone" in entry.body:
            continue
        may_do_without = entry.kind in _MAY_DO_WITHOUT
        if may_do_without and entry.source.is_written((*entry.location, "timezone")):
            continue  # `timezone: null`: not even the file's
        if default is not None:
            entry.body["timezone"] = default
        elif not may_do_without:
            entry.body["timezone"] = "UTC"  # so that the rest can be checked
            cure = "write timezone: Europe/Berlin at the top of the file, for all of it"
            yield Finding(entry.key, (), "has no time zone", cure)


def _office_zone(entries: Sequence[Entry]) -> Iterator[Finding]:
    """A hotline without any time zone has that of its office hours."""
    zones = {entry.id: entry.body["timezone"] for entry in entries if entry.kind == Kind.OFFICE_HOURS}
    for entry in entries:
        if entry.kind == Kind.HOTLINE and "timezone" not in entry.body:
            entry.body["timezone"] = zones.get(entry.body.get("office_hours", ""), "UTC")
    yield from ()


def _only(entry: Entry, field_name: str, known: Set[str], usual: str) -> Iterator[Finding]:
    """Left out means the usual one or the only one; among several it has to be said."""
    if field_name in entry.body:
        return
    if usual in known or len(known) == 1:
        entry.body[field_name] = usual if usual in known else next(iter(known))
        return
    entry.body[field_name] = next(iter(sorted(known)), usual)
    cure = f"write {field_name}: {' or '.join(sorted(known)) or 'a name, and define it'}"
    yield Finding(entry.key, (), f"{field_name} is missing", cure)


def _hotline(entry: Entry, names: _Names) -> Iterator[Finding]:
    yield from _only(entry, "office_hours", names.of(Kind.OFFICE_HOURS), "")
    yield from _only(entry, "default_tier", names.of(Kind.TIER), STANDARD_TIER)
    policies = names.of(Kind.POLICY)
    if "policies" not in entry.body:
        chosen = "default" if "default" in policies else next(iter(policies)) if len(policies) == 1 else None
        entry.body["policies"] = {"default": chosen or next(iter(sorted(policies)), "default")}
        if chosen is None:
            known = " or ".join(sorted(policies)) or "a policy"
            yield Finding(entry.key, (), "policies is missing", f"write policies: {{default: {known}}}")


def _spans(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Absences and overrides: equal instants get equal spelling, and an id made from them."""
    zones = {entry.key: entry.body["timezone"] for entry in entries if entry.kind in (Kind.RESPONDER, Kind.SCHEDULE)}
    earlier: dict[str, Beneath] = {}
    for entry in entries:
        body = entry.body
        if entry.kind == Kind.ABSENCE:
            timezone = zones.get((Kind.RESPONDER.value, body["responder"]), "UTC")
        elif entry.kind == Kind.OVERRIDE:
            timezone = zones.get((Kind.SCHEDULE.value, body["schedule"]), "UTC")
        else:
            continue
        span, problem = _span(body, timezone)
        entry.id = _id_of(body)
        if span is None:
            yield Finding(entry.key, ("to",), problem.wrong, problem.cure)
        elif entry.kind == Kind.OVERRIDE and "made_at" not in body:
            keep_order(body, span, earlier.setdefault(body["schedule"], []))


def _span(body: Body, timezone: str) -> tuple[Span | None, Misspelt]:
    tz = zone(timezone)
    try:
        starts, ends = times.instant(body["from"], tz), times.instant(body["to"], tz, is_end=True)
    except Misspelt as error:
        return None, error
    if ends <= starts:
        wrong = f"from {body['from']} to {body['to']} is no time at all"
        return None, Misspelt(wrong, "write a `to` that is later than `from`")
    body["from"], body["to"] = times.spelled_span(starts, ends, tz)
    return (starts, ends), Misspelt("", "")


def _id_of(body: Body) -> str:
    if "schedule" in body:
        return override_id(body["schedule"], body["responder"], body["from"], body.get("instead_of"))
    return absence_id(body["responder"], body["from"])
