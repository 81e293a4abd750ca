"""What is configured, as text? The running rules object by object, their revision, and who changed what.

It must not understand an object: `body` is canonical JSON that the engine writes and reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from oncallbot.storage.statements import insert_all, upsert_all
from oncallbot.storage.tables import audit, rule_objects, rules_revision


@dataclass(frozen=True, slots=True)
class RuleObject:
    """One object as it runs (`body`) and as files last applied it (`applied`, None: never). `origin`: who made it.

    An empty `body` is the memory of an object that was removed since files applied it: it does not run.
    """

    kind: str
    id: str
    body: str
    applied: str | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """An object that shall not exist any more, nor be remembered."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change of one object: its bodies before (None: it is new) and after (None: it was removed)."""

    revision: int
    at: datetime
    by: str
    kind: str
    object_id: str
    before: str | None
    after: str | None
    reason: str = ""


def revision(connection: Connection) -> int:
    """The revision of the running rules; 0 before anything was configured."""
    return connection.execute(select(rules_revision.c.revision)).scalar() or 0


def load_all(connection: Connection) -> list[RuleObject]:
    """Every object that runs, by kind and id."""
    return [one for one in _all_rows(connection) if one.body]


def load_removed(connection: Connection) -> list[RuleObject]:
    """The objects that were removed since files applied them, by kind and id."""
    return [one for one in _all_rows(connection) if not one.body]


def _all_rows(connection: Connection) -> list[RuleObject]:
    found = connection.execute(select(rule_objects).order_by(rule_objects.c.kind, rule_objects.c.id))
    return [RuleObject(row.kind, row.id, row.body, row.applied, row.origin) for row in found]


def hold(connection: Connection) -> None:
    """Keep the rules as they are until this transaction ends: other writers of rules wait."""
    connection.execute(update(rules_revision).values(revision=rules_revision.c.revision))


def replace_objects(
    connection: Connection,
    changes: Sequence[RuleObject | Removed],
    expected_revision: int,
    by: str,
    at: datetime,
    reason: str = "",
) -> bool:
    """Writes the changes and their audit as revision `expected_revision` + 1; False, and nothing, if it is another.

    A concurrent change waits for us here and is then stale.
    """
    raised = update(rules_revision).where(rules_revision.c.revision == expected_revision)
    if not connection.execute(raised.values(revision=expected_revision + 1)).rowcount:
        return False
    bodies = {(one.kind, one.id): one.body for one in load_all(connection)}
    _write(connection, changes)
    entries = [
        {
            "revision": expected_revision + 1,
            "at": at,
            "by": by,
            "kind": change.kind,
            "object_id": change.id,
            "before": bodies.get((change.kind, change.id)),
            "after": (change.body or None) if isinstance(change, RuleObject) else None,
            "reason": reason,
        }
        for change in changes
    ]
    insert_all(connection, audit, entries)
    return True


def remember_applied(connection: Connection, changes: Sequence[RuleObject | Removed], expected_revision: int) -> bool:
    """Writes what files say of objects that stay as they run: no audit, and the revision keeps; False as above."""
    held = update(rules_revision).where(rules_revision.c.revision == expected_revision)
    if not connection.execute(held.values(revision=expected_revision)).rowcount:
        return False
    _write(connection, changes)
    return True


def _write(connection: Connection, changes: Sequence[RuleObject | Removed]) -> None:
    for change in changes:
        if isinstance(change, Removed):
            gone = (rule_objects.c.kind == change.kind, rule_objects.c.id == change.id)
            connection.execute(delete(rule_objects).where(*gone))
    upsert_all(connection, rule_objects, [_row(one) for one in changes if isinstance(one, RuleObject)])


def history(connection: Connection, limit: int) -> list[AuditEntry]:
    """The latest changes, the newest first."""
    found = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
    return [
        AuditEntry(row.revision, row.at, row.by, row.kind, row.object_id, row.before, row.after, row.reason or "")
        for row in found
    ]


def _row(one: RuleObject) -> dict[str, str | None]:
    return {"kind": one.kind, "id": one.id, "body": one.body, "applied": one.applied, "origin": one.origin}
