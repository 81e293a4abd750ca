"""The one writer of rules: rows, audit and revision + 1 in one commit, or nothing.

It must not read a file: what a file says comes as an edit, and so does what chat orders (`proposals`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from oncallbot import schedule_files
from oncallbot.engine import worked
from oncallbot.engine.handle import Door
from oncallbot.errors import ConfigurationError, Problem
from oncallbot.escalation.issue import Status
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.schedule import responders_at
from oncallbot.storage import issues, outbox, rule_objects
from oncallbot.storage.outbox import Notification
from oncallbot.storage.rule_objects import Removed, RuleObject

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Edit:
    """Objects to write and objects to remove, by kind and id. `from_files` also remembers them as last applied.

    `adopt` are objects of which the files say what runs already (or that they are gone, too): only that is remembered.
    With `has_versions` the former versions of changed layers are among the objects; else they are added: each layer
    has run as it was until now. `reason` goes into the audit.
    """

    put: Mapping[Key, str]
    remove: tuple[Key, ...] = ()
    from_files: bool = False
    adopt: tuple[Key, ...] = ()
    has_versions: bool = False
    reason: str = ""


Letters = Callable[[Rules], Iterable[Notification]]


@dataclass(frozen=True, slots=True)
class Changed:
    """Committed: the rules now have this revision, the old one if nothing that runs has changed."""

    revision: int


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody else changed the rules meanwhile: nothing was written; look at the new state and ask again."""

    revision: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The edit would break something: nothing was written."""

    problems: tuple[Problem, ...]


def change(door: Door, edit: Edit, by: str, expected_revision: int) -> Changed | Stale | Refused:
    """Write the edit if the rules still have `expected_revision` and the result fits together."""
    now = door.clock.now()
    with door.database.write() as connection:
        return change_within(door, connection, edit, by, expected_revision, now)


def change_within(
    door: Door,
    connection: Connection,
    edit: Edit,
    by: str,
    expected_revision: int,
    now: datetime,
    letters: Letters = lambda _rules: (),
) -> Changed | Stale | Refused:
    """The same in the caller's transaction. `letters` makes, from the new rules, what is sent with the commit."""
    stored = {(one.kind, one.id): one for one in rule_objects.load_all(connection)}
    running = rule_objects.revision(connection)
    if running != expected_revision:
        return Stale(running)
    if not edit.has_versions:
        edit = _with_versions(stored, edit, now)
    removed = {(one.kind, one.id): one for one in rule_objects.load_removed(connection)}
    changes = _changes(stored, removed, edit)
    memories = _memories(stored, removed, edit)
    if not changes:
        is_current = not memories or rule_objects.remember_applied(connection, memories, running)
        return Changed(running) if is_current else Stale(rule_objects.revision(connection))
    if problems := _problems(door, connection, stored, edit, now):
        return Refused(problems)
    worked.record(connection, door.rules.of(connection), now, running_too=True)
    if not rule_objects.replace_objects(connection, changes, expected_revision, by, now, edit.reason):
        return Stale(rule_objects.revision(connection))
    rule_objects.remember_applied(connection, memories, expected_revision + 1)
    outbox.put(connection, tuple(letters(door.rules.of(connection))))
    door.wake_after(connection)
    return Changed(expected_revision + 1)


def _with_versions(stored: Mapping[Key, RuleObject], edit: Edit, now: datetime) -> Edit:
    texts = {key: one.body for key, one in stored.items()}
    put, remove = schedule_files.versions_after(texts, edit.put, edit.remove, now)
    return replace(edit, put=put, remove=remove)


def _changes(
    stored: Mapping[Key, RuleObject], removed: Mapping[Key, RuleObject], edit: Edit
) -> list[RuleObject | Removed]:
    changes = [_removal(stored[key], edit) for key in edit.remove if key in stored]
    for (kind, id_), body in edit.put.items():
        was = stored.get((kind, id_), removed.get((kind, id_)))
        is_from_files = edit.from_files and kind in schedule_files.IN_FILES
        applied = body if is_from_files else (was.applied if was else None)
        origin = "files" if is_from_files else (was.origin if was else "chat")
        now = RuleObject(kind, id_, body, applied, origin)
        if now != was:
            changes.append(now)
    return changes


def _removal(was: RuleObject, edit: Edit) -> RuleObject | Removed:
    """What files applied stays known when somebody else removes it: the next plan has to tell."""
    return Removed(was.kind, was.id) if edit.from_files or was.applied is None else replace(was, body="")


def _memories(
    stored: Mapping[Key, RuleObject], removed: Mapping[Key, RuleObject], edit: Edit
) -> list[RuleObject | Removed]:
    runs = (stored[key] for key in edit.adopt if key in stored and key not in edit.put)
    gone: list[RuleObject | Removed] = [Removed(*key) for key in edit.adopt if key in removed]
    return gone + [replace(one, applied=one.body, origin="files") for one in runs]


def _problems(
    door: Door, connection: Connection, stored: Mapping[Key, RuleObject], edit: Edit, now: datetime
) -> tuple[Problem, ...]:
    """Why the result cannot run: it does not fit together, or it removes somebody who is needed right now."""
    removed = set(edit.remove)
    texts = {key: one.body for key, one in stored.items() if key not in removed} | dict(edit.put)
    try:
        schedule_files.build_rules(texts, 0)
    except ConfigurationError as error:
        return error.problems
    gone = {id_ for kind, id_ in removed if kind == "responder"}
    people = _needed(connection, gone, door.rules.of(connection), now) if gone else []
    hotlines = {id_ for kind, id_ in removed if kind == "hotline"}
    return (*people, *(_still_open(connection, hotlines) if hotlines else ()))


def _still_open(connection: Connection, gone: set[str]) -> list[Problem]:
    """Without their hotline, open issues could tell neither the customer nor the managers anything."""
    return [
        Problem(f"hotline {issue.hotline}", f"{issue.reference} is open on it", "let it be resolved and closed first")
        for issue in issues.open_ones(connection)
        if issue.hotline in gone
    ]


def _needed(connection: Connection, gone: set[str], rules: Rules, now: datetime) -> list[Problem]:
    problems = []
    for schedule in rules.schedules.values():
        for responder in gone & set(responders_at(schedule, rules.absences, now)[0]):
            wrong = f"{responder} is on call in {schedule.id} right now"
            problems.append(Problem(f"responder {responder}", wrong, "hand the shift over with an override first"))
    for issue in issues.open_ones(connection):
        if issue.status is Status.ACKNOWLEDGED and issue.holder in gone:
            wrong = f"{issue.holder} holds {issue.reference}"
            problems.append(Problem(f"responder {issue.holder}", wrong, "let it be resolved or passed on first"))
    return problems
