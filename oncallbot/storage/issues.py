"""Which issues are there? Issues with their pages, as rows and back; saving writes only what has changed.

It must not change an issue, nor choose the one that a report joins: look-ups answer numbers, and the engine loads and
locks an issue before it believes them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from oncallbot.escalation.issue import Issue, Page, PageState, Road, Status
from oncallbot.storage.columns import spelled
from oncallbot.storage.issue_rows import issue_from, issue_row, page_from, page_row
from oncallbot.storage.statements import insert_all, locked, upsert_all
from oncallbot.storage.tables import FIRST_NUMBER, issue_number, issues, pages

OPEN = issues.c.status != spelled(Status.CLOSED)
_RUNNING = pages.c.state == spelled(PageState.RUNNING)
_NEEDS_OR_HAS = issues.c.status.in_([spelled(Status.TRIGGERED), spelled(Status.ACKNOWLEDGED)])


def next_number(connection: Connection) -> int:
    """A number that no issue has. On SQLite insert the issue before asking again.

    PostgreSQL's sequence makes nobody wait; it leaves holes where a transaction was rolled back.
    """
    if connection.dialect.name == "postgresql":
        return int(connection.execute(select(issue_number.next_value())).scalar_one())
    highest = connection.execute(select(func.max(issues.c.number))).scalar_one()
    return FIRST_NUMBER if highest is None else highest + 1


def insert(connection: Connection, issue: Issue) -> None:
    """Keeps a new issue and its pages."""
    save_many(connection, ((None, issue),))


def load(connection: Connection, number: int, lock: bool = False) -> Issue | None:
    """The issue with its pages; None when there is none. With `lock` nobody else changes it until we commit."""
    return next(iter(load_many(connection, (number,), lock)), None)


def load_many(connection: Connection, numbers: Iterable[int], lock: bool = True) -> list[Issue]:
    """Those of these issues that exist, locked and returned in the order of their numbers."""
    wanted = sorted(set(numbers))
    if not wanted:
        return []
    statement = select(issues).where(issues.c.number.in_(wanted)).order_by(issues.c.number)
    return _read(connection, locked(statement, of=issues) if lock else statement)


def claim_overdue(connection: Connection, now: datetime, limit: int) -> list[Issue]:
    """Issues whose alarm should have rung, the longest overdue first, locked; those that others hold are left out."""
    statement = select(issues).where(issues.c.wake_at <= now, OPEN).order_by(issues.c.wake_at).limit(limit)
    return _read(connection, locked(statement, of=issues, skip=True))


def overdue_numbers(connection: Connection, now: datetime, limit: int) -> list[int]:
    """The numbers that `claim_overdue` would find, without locking or leaving out any."""
    overdue = select(issues.c.number).where(issues.c.wake_at <= now, OPEN)
    return list(connection.execute(overdue.order_by(issues.c.wake_at).limit(limit)).scalars())


def open_ones(connection: Connection) -> list[Issue]:
    """Every issue that is not closed, by number."""
    return _read(connection, select(issues).where(OPEN).order_by(issues.c.number))


def all_ones(connection: Connection, limit: int) -> list[Issue]:
    """The newest `limit` issues, closed ones too, by number."""
    newest = select(issues).order_by(issues.c.number.desc()).limit(limit)
    return sorted(_read(connection, newest), key=lambda issue: issue.number)


def opened_since(connection: Connection, at: datetime, limit: int) -> list[Issue]:
    """Those of the newest `limit` issues that were opened at or after `at`, closed ones too, by number."""
    newest = select(issues.c.number, issues.c.opened_at).order_by(issues.c.number.desc()).limit(limit).subquery()
    numbers = connection.execute(select(newest.c.number).where(newest.c.opened_at >= at)).scalars()
    return load_many(connection, numbers, lock=False)


def count_by_status(connection: Connection) -> dict[Status, int]:
    """How many issues have each status; 0 where none has."""
    counted = connection.execute(select(issues.c.status, func.count()).group_by(issues.c.status))
    found = {Status(status): int(count) for status, count in counted}
    return {status: found.get(status, 0) for status in Status}


def oldest_overdue(connection: Connection, now: datetime) -> datetime | None:
    """Since when the longest overdue alarm should have rung; None when nothing is overdue."""
    overdue = select(func.min(issues.c.wake_at)).where(issues.c.wake_at <= now, OPEN)
    found: datetime | None = connection.execute(overdue).scalar_one()
    return found


def save(connection: Connection, before: Issue | None, after: Issue) -> None:
    """Writes what differs between `before` (None: it is new) and `after`."""
    save_many(connection, ((before, after),))


def save_many(connection: Connection, changes: Sequence[tuple[Issue | None, Issue]]) -> None:
    """Writes what differs, in as few statements as the changes have different columns."""
    new: list[dict[str, Any]] = []
    updates: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    paged: list[dict[str, Any]] = []
    for before, after in changes:
        row = issue_row(after)
        if before is None:
            new.append(row)
        elif before.number != after.number:
            raise ValueError(f"{before.reference} cannot become {after.reference}")
        else:
            old = issue_row(before)
            changed = {name: value for name, value in row.items() if value != old[name]}
            if changed:
                updates[tuple(changed)].append({**changed, "_number": after.number})
        paged += _changed_pages(before, after)
        _drop_pages(connection, before, after)
    insert_all(connection, issues, new)
    for columns, rows in updates.items():
        values: dict[str, Any] = {name: bindparam(name) for name in columns}
        connection.execute(update(issues).where(issues.c.number == bindparam("_number")).values(values), rows)
    upsert_all(connection, pages, paged)


def _changed_pages(before: Issue | None, after: Issue) -> list[dict[str, Any]]:
    """The pages that are new, changed or moved."""
    old = {page.responder: (place, page) for place, page in enumerate(before.pages)} if before else {}
    return [
        page_row(after.number, place, page)
        for place, page in enumerate(after.pages)
        if old.get(page.responder) != (place, page)
    ]


def _drop_pages(connection: Connection, before: Issue | None, after: Issue) -> None:
    if before is None or before.pages == after.pages:
        return
    gone = {page.responder for page in before.pages} - {page.responder for page in after.pages}
    if gone:
        connection.execute(delete(pages).where(pages.c.issue == after.number, pages.c.responder.in_(gone)))


def _read(connection: Connection, statement: Select[Any]) -> list[Issue]:
    """The issues that the statement finds, in its order, each with its pages."""
    rows = connection.execute(statement).all()
    found: defaultdict[int, list[Page]] = defaultdict(list)
    if rows:
        numbers = [row.number for row in rows]
        paged = select(pages).where(pages.c.issue.in_(numbers)).order_by(pages.c.issue, pages.c.position)
        for row in connection.execute(paged):
            found[row.issue].append(page_from(row))
    return [issue_from(row, tuple(found[row.number])) for row in rows]


def newest_open_of_contact(connection: Connection, hotline: str | None, contact: str) -> int | None:
    """The newest issue of this contact that is not closed, of one hotline or (None) of any. None for contact ""."""
    if not contact:
        return None
    statement = select(issues.c.number).where(issues.c.contact == contact, OPEN)
    if hotline is not None:
        statement = statement.where(issues.c.hotline == hotline)
    return _newest(connection, statement)


def open_with_dedup_key(connection: Connection, hotline: str, dedup_key: str) -> int | None:
    """The newest issue with this key on this hotline that is not closed."""
    return _newest(
        connection,
        select(issues.c.number).where(
            issues.c.hotline == hotline, issues.c.dedup_key == dedup_key, issues.c.dedup_key.is_not(None), OPEN
        ),
    )


def opened_by_another_road(connection: Connection, customer: str, road: Road, since: datetime) -> int | None:
    """The customer's newest issue that is not closed, was opened at or after `since`, and came neither by `road`
    nor by a webhook: machines do not describe the same trouble as people.
    """
    return _newest(
        connection,
        select(issues.c.number).where(
            issues.c.customer == customer,
            issues.c.road.not_in((road, Road.WEBHOOK)),
            issues.c.opened_at >= since,
            OPEN,
        ),
    )


def open_pages_of(connection: Connection, responder: str) -> list[int]:
    """Issues in which this responder's page runs, the oldest first: those that need somebody, and those that somebody
    has and hands over, asks for help with, or is reminded of."""
    statement = (
        select(issues.c.number)
        .join(pages, pages.c.issue == issues.c.number)
        .where(pages.c.responder == responder, _RUNNING, _NEEDS_OR_HAS)
        .order_by(issues.c.number)
    )
    return list(connection.execute(statement).scalars())


def held_by(connection: Connection, responder: str) -> list[int]:
    """Issues that this responder has acknowledged and still holds, the oldest first."""
    statement = (
        select(issues.c.number)
        .where(issues.c.holder == responder, issues.c.status == Status.ACKNOWLEDGED, OPEN)
        .order_by(issues.c.number)
    )
    return list(connection.execute(statement).scalars())


def lately_paged(connection: Connection, responder: str) -> list[int]:
    """Issues that are not closed in which this responder has a page, whatever its state; the latest page first."""
    of_open_issues = pages.c.issue.in_(select(issues.c.number).where(OPEN))  # few, where a responder's pages are many
    statement = (
        select(pages.c.issue)
        .where(of_open_issues, pages.c.responder == responder)
        .order_by(pages.c.started_at.desc(), pages.c.issue.desc())
    )
    return list(connection.execute(statement).scalars())


def _newest(connection: Connection, statement: Select[Any]) -> int | None:
    found: int | None = connection.execute(statement.order_by(issues.c.number.desc()).limit(1)).scalar_one_or_none()
    return found
