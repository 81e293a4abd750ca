"""What would `apply` change, and what was edited in chat since the files were last applied?

Pure: compares canonical texts. It must not decide whether to go on; `apply` refuses drift.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from oncallbot.schedule_files.objects import IN_FILES, Key, in_reading_order, label
from oncallbot.schedule_files.overlaps import recounted

Location = tuple[str, ...]


class Origin(StrEnum):
    """Who created an object. Only what files created may be removed because a file no longer has it."""

    FILES = "files"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it runs (None: removed since), and the text that was last applied from a file (None: never)."""

    body: str | None
    applied: str | None
    origin: Origin


class PlanKind(StrEnum):
    """What a line of the plan is about."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Entry:
    """One object's part in the plan. `before` and `after` are canonical texts; None where it is not there.

    ADD, CHANGE and REMOVE go from what runs to what the files say; DRIFT from what was last applied to what runs
    (`after` is None: it was removed in chat). An
    object whose file has not changed since it was applied has drift only; `apply --discard-drift` undoes that too.
    """

    kind: PlanKind
    key: Key
    before: str | None
    after: str | None

    @property
    def name(self) -> str:
        """`schedule primary`."""
        return label(self.key)

    def lines(self) -> tuple[str, ...]:
        """One line per field: `schedule primary: layers[weekly].participants: ana, ben -> ana, ben, cem`."""
        if self.before is None or self.after is None:
            is_gone = self.kind is PlanKind.DRIFT and self.after is None
            what = "removed in chat: " if is_gone else ""
            return (f"{self.name}: {what}{_said(json.loads(self.after or self.before or '{}'))}",)
        changes = field_changes(json.loads(self.before), json.loads(self.after))
        return tuple(f"{self.name}: {change.field}: {change}" for change in changes)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs. None is left out."""

    path: Location
    before: Any
    after: Any

    @property
    def field(self) -> str:
        """`layers[weekly].participants`."""
        return ".".join(self.path).replace(".[", "[")

    def __str__(self) -> str:
        return f"{_said(self.before)} -> {_said(self.after)}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What `apply` would do, and the drift that would be lost. `unchanged` objects are in both and equal.

    `adopted` are unchanged ones whose last applied text is not what runs (chat's edit has been written into the
    file; or taken out of it): `apply` records it, and nothing else changes. `recounted` are unchanged overrides whose
    number among others is another: written when anything is. `kept` were made in chat and are in no file.
    """

    entries: tuple[Entry, ...]
    unchanged: tuple[Key, ...]
    adopted: tuple[Key, ...] = ()
    recounted: tuple[Key, ...] = ()
    kept: tuple[Key, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether files and what runs agree. Drift alone is not empty: the files are not what runs."""
        return not self.entries

    @property
    def has_drift(self) -> bool:
        """Whether `apply` has to refuse, unless told to discard what was edited in chat."""
        return any(entry.kind is PlanKind.DRIFT for entry in self.entries)

    @property
    def removes(self) -> tuple[Key, ...]:
        """The objects that `apply` deletes."""
        return tuple(entry.key for entry in self.of(PlanKind.REMOVE))

    @property
    def writes(self) -> tuple[Key, ...]:
        """The objects whose text `apply` takes from the files, drift that it discards included; each once."""
        removed = set(self.removes)
        written = (entry.key for entry in self.entries if entry.key not in removed)
        return tuple(dict.fromkeys((*written, *(self.recounted if self.entries else ()))))

    def of(self, kind: PlanKind) -> tuple[Entry, ...]:
        """The entries of one kind, in reading order."""
        return tuple(entry for entry in self.entries if entry.kind == kind)

    def lines(self) -> tuple[str, ...]:
        """The plan for people; one line says so when there is nothing to do."""
        said = tuple(
            f"{_HEADINGS[kind]} {line}" for kind in PlanKind for entry in self.of(kind) for line in entry.lines()
        )
        stays = tuple(f"stays {label(key)}: made in chat, in no file" for key in self.kept)
        return (said or ("Nothing would change.",)) + stays

    def as_json(self) -> dict[str, Any]:
        """The plan for programs."""
        return {
            "empty": self.is_empty,
            "entries": [_entry_json(entry) for kind in PlanKind for entry in self.of(kind)],
            "unchanged": len(self.unchanged),
            "kept": [{"object": kind, "id": name} for kind, name in self.kept],
        }


_HEADINGS = {
    PlanKind.ADD: "will add",
    PlanKind.CHANGE: "will change",
    PlanKind.REMOVE: "will remove",
    PlanKind.DRIFT: "drift",
}


def plan(running: Mapping[Key, StoredObject], files: Mapping[Key, str]) -> Plan:
    """Compares what runs, what was last applied and what the files say now, object by object."""
    running = {key: one for key, one in running.items() if key[0] in IN_FILES}
    stored, wanted = _comparable(running, files)
    entries: list[Entry] = []
    unchanged: list[Key] = []
    for key in sorted({*stored, *wanted}, key=in_reading_order):
        was, will = stored.get(key), wanted.get(key)
        if was is None:
            entries.append(Entry(PlanKind.ADD, key, None, will))
        elif will is None:
            entries.extend(_gone_from_files(key, was))
        elif will == was.body:
            unchanged.append(key)
        else:
            if will != was.applied:
                entries.append(Entry(PlanKind.ADD if was.body is None else PlanKind.CHANGE, key, was.body, will))
            entries.extend(_drift(key, was))
    gone_everywhere = tuple(key for key, one in running.items() if one.body is None and key not in files)
    return Plan(
        tuple(entries),
        tuple(unchanged),
        adopted=(*(key for key in unchanged if _is_news(running[key])), *gone_everywhere),
        recounted=tuple(key for key in unchanged if running[key].body != files[key]),
        kept=tuple(key for key in stored if key not in files and running[key].origin != Origin.FILES),
    )


def _comparable(
    running: Mapping[Key, StoredObject], files: Mapping[Key, str]
) -> tuple[dict[Key, StoredObject], dict[Key, str]]:
    """Both sides with overrides numbered among those that both have; without what is gone from both."""
    bodies = {key: one.body for key, one in running.items() if one.body is not None}
    applied = {key: one.applied for key, one in running.items() if one.applied is not None}
    both = bodies.keys() & files.keys()
    bodies, applied = recounted(bodies, both), recounted(applied, both)
    stored = {
        key: StoredObject(bodies.get(key), applied.get(key), one.origin)
        for key, one in running.items()
        if key in bodies or key in files
    }
    return stored, recounted(files, both)


def _is_news(stored: StoredObject) -> bool:
    """Whether the files' agreement with what runs is not recorded yet."""
    return stored.applied != stored.body or stored.origin != Origin.FILES


def _gone_from_files(key: Key, stored: StoredObject) -> Iterator[Entry]:
    """What chat created never was in a file, so its absence there means nothing."""
    if stored.origin == Origin.FILES:
        yield Entry(PlanKind.REMOVE, key, stored.body, None)
        yield from _drift(key, stored)


def _drift(key: Key, stored: StoredObject) -> Iterator[Entry]:
    if stored.applied != stored.body:
        yield Entry(PlanKind.DRIFT, key, stored.applied, stored.body)


def field_changes(before: Any, after: Any, path: Location = ()) -> Iterator[FieldChange]:
    """The fields that differ, as deep as both sides have the same shape."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for field in dict.fromkeys((*before, *after)):
            yield from field_changes(before.get(field), after.get(field), (*path, field))
        return
    old, new = _named(before), _named(after)
    if old is None or new is None:
        yield FieldChange(path, before, after)
        return
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield FieldChange((*path, "[order]"), list(old), list(new))
    for name in dict.fromkeys((*old, *new)):
        yield from field_changes(old.get(name), new.get(name), (*path, f"[{name}]"))


def _named(items: Any) -> dict[str, Any] | None:
    """A list of mappings by name (layers), or by number from 1 (levels, rules); None for anything else."""
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        return None
    names = [str(item.get("name", number)) for number, item in enumerate(items, 1)]
    return dict(zip(names, items, strict=True)) if len(set(names)) == len(names) else None


def _said(value: Any, is_inner: bool = False) -> str:
    """A value as people write it."""
    match value:
        case None:
            return "(default)"
        case bool():
            return str(value).lower()
        case list():
            said = ", ".join(_said(one, is_inner=True) for one in value)
            return f"[{said}]" if is_inner or not value else said
        case dict():
            return "{" + ", ".join(f"{field}: {_said(one, is_inner=True)}" for field, one in value.items()) + "}"
        case _:
            return str(value)


def _entry_json(entry: Entry) -> dict[str, Any]:
    before = None if entry.before is None else json.loads(entry.before)
    after = None if entry.after is None else json.loads(entry.after)
    changes = [] if before is None or after is None else list(field_changes(before, after))
    return {
        "kind": entry.kind.value,
        "object": entry.key[0],
        "id": entry.key[1],
        "before": before,
        "after": after,
        "fields": [{"field": one.field, "before": one.before, "after": one.after} for one in changes],
    }
