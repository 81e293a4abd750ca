"""What is still to be sent, by whom, and what became of it? Put, claimed, checked, completed, withdrawn.

It must not send. Every move is a conditional update: of a sender, a withdrawal and a receipt exactly one wins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, false, func, or_, select, update

from oncallbot.escalation.issue import AttemptStatus
from oncallbot.oncall.people import Method
from oncallbot.storage.columns import spelled
from oncallbot.storage.notification import LEASED, PENDING, Notification, Purpose, before, notification_from, row_of
from oncallbot.storage.statements import insert_all, locked
from oncallbot.storage.tables import outbox

__all__ = ["Notification", "Purpose"]

_QUEUED = outbox.c.status == spelled(AttemptStatus.QUEUED)
_SENDING = outbox.c.status == spelled(AttemptStatus.SENDING)
_UNKNOWN = outbox.c.status == spelled(AttemptStatus.UNKNOWN)
_LEASED = outbox.c.status.in_([spelled(status) for status in sorted(LEASED)])
_UNLEASED = {"lease_token": None, "worker": None, "claimed_at": None, "checked_at": None}

_NO_CARD = outbox.c.purpose != spelled(Purpose.CARD)
_IN_TURN = or_(
    outbox.c.purpose == spelled(Purpose.CARD),
    and_(outbox.c.purpose == spelled(Purpose.PAGE), outbox.c.method == spelled(Method.SLACK)),
)

RESOLVING = timedelta(seconds=30)
"""How long whoever looks up an unknown send has for it, before somebody else does."""


def put(connection: Connection, notifications: Sequence[Notification]) -> None:
    """Keeps new notifications, in one batch."""
    insert_all(connection, outbox, [row_of(notification) for notification in notifications])


def claim(
    connection: Connection, now: datetime, worker: str, limit: int, methods: Collection[Method] | None = None
) -> list[Notification]:
    """Takes what is queued and due, most urgent first, for this worker alone, under a fresh lease."""
    wanted = and_(_QUEUED, outbox.c.due_at <= now, or_(~_IN_TURN, ~_another_comes_first()))
    if methods is not None:
        wanted = and_(wanted, outbox.c.method.in_(sorted(methods)))
    statement = select(outbox).where(wanted).order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id).limit(limit)
    leased = {"lease_token": str(uuid4()), "worker": worker, "claimed_at": now, "checked_at": None}
    return _take(connection, statement, {"status": AttemptStatus.SENDING, **leased})


def _another_comes_first() -> ColumnElement[bool]:
    """Is another update of the same card, or page into it, under way or queued for longer? Two at once could post the
    card twice, or leave the older state standing."""
    other = outbox.alias()
    same = and_(
        other.c.issue == outbox.c.issue,
        other.c.address == outbox.c.address,
        other.c.purpose == outbox.c.purpose,
        other.c.method == outbox.c.method,
        other.c.id != outbox.c.id,
    )
    is_older = or_(
        other.c.created_at < outbox.c.created_at,
        and_(other.c.created_at == outbox.c.created_at, other.c.id < outbox.c.id),
    )
    waits = and_(other.c.status == spelled(AttemptStatus.QUEUED), is_older)
    under_way = other.c.status.in_([spelled(AttemptStatus.SENDING), spelled(AttemptStatus.UNKNOWN)])
    return exists().where(same, or_(under_way, waits))


def is_card_waiting(connection: Connection, issue: int, address: str) -> bool:
    """Will this card be brought up to date anyway? Then one more change needs no further notification."""
    waiting = and_(outbox.c.issue == issue, outbox.c.address == address, ~_NO_CARD, _QUEUED)
    return connection.execute(select(outbox.c.id).where(waiting).limit(1)).first() is not None


def claim_unknown(
    connection: Connection, now: datetime, worker: str, limit: int, methods: Collection[Method] | None = None
) -> list[Notification]:
    """Takes sends of unknown outcome whose wait is over, to look them up: still `unknown`, under a fresh lease.

    Then `complete` them or `postpone` them (send again). Whoever dies over it is replaced after RESOLVING.
    """
    wanted = and_(_UNKNOWN, outbox.c.due_at <= now)
    if methods is not None:
        wanted = and_(wanted, outbox.c.method.in_(sorted(methods)))
    statement = select(outbox).where(wanted).order_by(outbox.c.due_at).limit(limit)
    leased = {"lease_token": str(uuid4()), "worker": worker, "claimed_at": now, "due_at": now + RESOLVING}
    return _take(connection, statement, leased)


def _take(connection: Connection, statement: Select[Any], changes: dict[str, Any]) -> list[Notification]:
    taken = [notification_from(row) for row in connection.execute(locked(statement, of=outbox, skip=True))]
    if taken:
        theirs = outbox.c.id.in_([notification.id for notification in taken])
        connection.execute(update(outbox).where(theirs).values(changes))
    return [replace(notification, **changes) for notification in taken]


def check(connection: Connection, id_: str, lease_token: str, now: datetime) -> bool:
    """The last look before the request leaves: False once it was withdrawn, or belongs to somebody else.

    Commit it before sending: whatever is withdrawn after that commit is known to have crossed.
    """
    mine = and_(outbox.c.id == id_, outbox.c.lease_token == lease_token, _SENDING)
    return _change(connection, mine, checked_at=now) == 1


def complete(
    connection: Connection,
    id_: str,
    lease_token: str,
    status: AttemptStatus,
    now: datetime,
    provider_id: str | None = None,
    error: str = "",
) -> bool:
    """Marks what this lease has sent (or failed to). False when it was withdrawn meanwhile, so that it has crossed.

    The provider's id and the time are kept in any case. A receipt that was faster, or another worker who took the
    notification over, has already written a status: that one stays, and the answer is True.
    """
    left = {"sent_at": now} if status is not AttemptStatus.FAILED else {}
    known = {"provider_id": provider_id} if provider_id else {}
    mine = and_(outbox.c.id == id_, outbox.c.lease_token == lease_token, _LEASED)
    if _change(connection, mine, status=status, error=error, **left, **known):
        return True
    if left or known:
        _change(
            connection,
            outbox.c.id == id_,
            **{name: func.coalesce(outbox.c[name], value) for name, value in (left | known).items()},
        )
    found = connection.execute(select(outbox.c.status).where(outbox.c.id == id_)).scalar_one_or_none()
    return found not in (None, AttemptStatus.WITHDRAWN)


def postpone(
    connection: Connection, id_: str, lease_token: str, due_at: datetime, error: str = "", tries: int | None = None
) -> bool:
    """Gives it back to be sent at `due_at`. `tries` None: one more than before. False: withdrawn, or not ours."""
    mine = and_(outbox.c.id == id_, outbox.c.lease_token == lease_token, _LEASED)
    counted = outbox.c.tries + 1 if tries is None else tries
    changes = {"status": AttemptStatus.QUEUED, "due_at": due_at, "error": error, "tries": counted}
    return _change(connection, mine, **changes, **_UNLEASED) == 1


def mark_unknown(connection: Connection, id_: str, lease_token: str, due_at: datetime, error: str = "") -> bool:
    """The request may have been done: `claim_unknown` finds it from `due_at` on. False: withdrawn, or not ours."""
    mine = and_(outbox.c.id == id_, outbox.c.lease_token == lease_token, _SENDING)
    return _change(connection, mine, status=AttemptStatus.UNKNOWN, due_at=due_at, error=error) == 1


def withdraw(connection: Connection, ids: Iterable[str]) -> list[str]:
    """Sees that these are not sent any more. Answers those that were `sending` or `unknown`: they may have crossed."""
    theirs = and_(outbox.c.id.in_(sorted(set(ids))), outbox.c.status.in_(sorted(PENDING)))
    statement = select(outbox.c.id, outbox.c.status).where(theirs).order_by(outbox.c.id)
    found = connection.execute(locked(statement, of=outbox)).all()
    if found:
        _change(connection, outbox.c.id.in_([row.id for row in found]), status=AttemptStatus.WITHDRAWN)
    return [row.id for row in found if row.status in LEASED]


def advance(
    connection: Connection,
    key: str,
    status: AttemptStatus,
    error: str,
    now: datetime,
    provider_id: str | None = None,
) -> Notification | None:
    """A provider's receipt, by our id or the provider's. Moves forward only, and final states absorb.

    Answers the notification as it is now if it moved; None if it did not, or there is none. `provider_id` is kept
    in any case where none was known.
    """
    this = outbox.c.id == key
    if not connection.execute(select(outbox.c.id).where(this)).first():
        this = and_(outbox.c.provider_id == key, outbox.c.provider_id.is_not(None))
    if provider_id:
        _change(connection, and_(this, outbox.c.provider_id.is_(None)), provider_id=provider_id)
    changes: dict[str, Any] = {"status": status, "error": error}
    if status in (AttemptStatus.SENT, AttemptStatus.DELIVERED):
        changes["sent_at"] = func.coalesce(outbox.c.sent_at, now)
    moving = and_(this, outbox.c.status.in_(sorted(before(status))))
    if not _change(connection, moving, **changes):
        return None
    return notification_from(connection.execute(select(outbox).where(this)).one())


def load(connection: Connection, id_: str) -> Notification | None:
    """The notification with our id."""
    return _first(connection, outbox.c.id == id_)


def by_provider_id(connection: Connection, provider_id: str) -> Notification | None:
    """The notification that the provider knows by this id."""
    return _first(connection, and_(outbox.c.provider_id == provider_id, outbox.c.provider_id.is_not(None)))


def of_issue(connection: Connection, number: int) -> list[Notification]:
    """Every notification of an issue, the oldest first."""
    statement = select(outbox).where(outbox.c.issue == number).order_by(outbox.c.created_at, outbox.c.id)
    return [notification_from(row) for row in connection.execute(statement)]


def waiting_calls(connection: Connection, number: int, responder: str) -> list[Notification]:
    """This responder's voice pages of an issue that have not been dialled yet."""
    theirs = and_(outbox.c.issue == number, outbox.c.responder == responder, _QUEUED)
    calls = and_(outbox.c.method == spelled(Method.VOICE), outbox.c.purpose == spelled(Purpose.PAGE))
    return [notification_from(row) for row in connection.execute(select(outbox).where(theirs, calls))]


def claim_holders(connection: Connection) -> list[str]:
    """The workers that hold claims, living or dead."""
    statement = select(outbox.c.worker).where(_SENDING, outbox.c.worker.is_not(None)).distinct()
    return sorted(connection.execute(statement).scalars())


def release_claims(connection: Connection, now: datetime, dead: Collection[str], older_than: datetime) -> list[str]:
    """Gives back, to be sent at once, what dead workers had claimed and what anybody claimed before `older_than`."""
    theirs = outbox.c.worker.in_(sorted(dead)) if dead else false()
    return _release(connection, now, or_(theirs, outbox.c.claimed_at < older_than))


def release_all_claims(connection: Connection, now: datetime) -> list[str]:
    """Gives back every claim: for SQLite, when its only `serve` starts."""
    return _release(connection, now, outbox.c.id.is_not(None))


def _release(connection: Connection, now: datetime, which: ColumnElement[bool]) -> list[str]:
    found = connection.execute(locked(select(outbox.c.id).where(_SENDING, which), of=outbox, skip=True)).scalars().all()
    if found:
        changes = {"status": AttemptStatus.QUEUED, "tries": outbox.c.tries + 1, **_UNLEASED}
        _change(connection, outbox.c.id.in_(found), **changes)
        make_due(connection, now, found)  # what was due before stays so: it keeps its place before younger ones
    return sorted(found)


def make_due(connection: Connection, now: datetime, ids: Collection[str] = (), address: str | None = None) -> int:
    """Sends at once what is queued for later: these ids, or everything to one address. Answers how many."""
    these = outbox.c.id.in_(sorted(ids)) if address is None else outbox.c.address == address
    return _change(connection, and_(these, _QUEUED, outbox.c.due_at > now), due_at=now)


def hasten(connection: Connection, now: datetime, method: Method, error: str) -> int:
    """Sends at once what waits by this method for just this reason. Answers how many."""
    waiting = and_(_QUEUED, outbox.c.method == spelled(method), outbox.c.error == error, outbox.c.due_at > now)
    return _change(connection, waiting, due_at=now)


def statuses_due(connection: Connection, now: datetime) -> frozenset[AttemptStatus]:
    """Is there anything queued for `claim`, or unknown for `claim_unknown`? Cheap: ask before writing for nothing."""
    statuses = ((AttemptStatus.QUEUED, _QUEUED), (AttemptStatus.UNKNOWN, _UNKNOWN))
    looks = {name: select(outbox.c.id).where(status, outbox.c.due_at <= now).limit(1) for name, status in statuses}
    return frozenset(name for name, look in looks.items() if connection.execute(look).first() is not None)


def oldest_due(connection: Connection, now: datetime) -> datetime | None:
    """Since when the longest waiting notification has been due; None when nothing waits."""
    waiting = select(func.min(outbox.c.due_at)).where(_QUEUED, outbox.c.due_at <= now)
    found: datetime | None = connection.execute(waiting).scalar_one()
    return found


def counts(connection: Connection) -> dict[AttemptStatus, int]:
    """How many notifications are queued, being sent, and of unknown outcome. Finished ones are not counted."""
    pending = or_(_QUEUED, _LEASED)
    counted = connection.execute(select(outbox.c.status, func.count()).where(pending).group_by(outbox.c.status))
    found = {AttemptStatus(status): int(count) for status, count in counted}
    return {status: found.get(status, 0) for status in AttemptStatus if status in PENDING}


def _first(connection: Connection, which: ColumnElement[bool]) -> Notification | None:
    row = connection.execute(select(outbox).where(which).order_by(outbox.c.created_at.desc()).limit(1)).first()
    return None if row is None else notification_from(row)


def _change(connection: Connection, which: ColumnElement[bool], **changes: Any) -> int:
    """How many rows were changed."""
    return connection.execute(update(outbox).where(which).values(changes)).rowcount
