"""What would these orders change, and: do it. A change of schedules is proposed, looked at, and confirmed.

It must not overwrite what somebody changed meanwhile: a stale proposal is made anew and looked at again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from oncallbot import schedule_files
from oncallbot.engine import letters
from oncallbot.engine.change import Changed, Edit, Refused, Stale, change_within
from oncallbot.engine.handle import Door
from oncallbot.errors import ConfigurationError
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.editing import Mistake, Roster, edited
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.preview import Preview, preview
from oncallbot.schedule_files import Key, Order, PutObject
from oncallbot.storage import proposals, rule_objects
from oncallbot.storage.outbox import Notification
from oncallbot.storage.proposals import Proposal, Status

Tells = Callable[[str, "Outline"], str]
"""The words for one responder (an id) whose shifts change; "" tells nothing."""

Keeps = Callable[[Connection, "Confirmed"], None]
"""What else is written in the commit that carries a proposal out."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What orders come to: the rules before and after, and the difference. `starts` are the instants, as text, at
    which versions that they make begin; none for those that begin at once."""

    edit: Edit
    before: Rules
    after: Rules
    preview: Preview
    starts: tuple[str, ...]
    reason: str
    made_by: str

    @property
    def is_empty(self) -> bool:
        """Would nothing at all be written?"""
        return not self.edit.put and not self.edit.remove

    @property
    def instants(self) -> tuple[str, ...]:
        """When what is new begins, versions and overrides: confirmed after such an instant, it means something else."""
        begins = [
            one.start.isoformat()
            for name, schedule in self.after.schedules.items()
            for one in schedule.overrides
            if one.start > self.preview.now and not _has(self.before, name, one)
        ]
        return tuple(sorted({*self.starts, *begins}))


@dataclass(frozen=True, slots=True)
class Proposed:
    """Kept until `decided_by` confirms it."""

    id: str
    outline: Outline
    decided_by: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Written: the rules now have this revision. `told` are the ids of those to whom a message goes."""

    outline: Outline
    revision: int
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renewed:
    """Something has changed since the preview was made: nothing was written; this is the new one.

    Not `is_edited`: nobody has changed the rules, but time has passed a beginning.
    """

    proposed: Proposed
    is_edited: bool = True


@dataclass(frozen=True, slots=True)
class Ended:
    """It was confirmed, declined or made anew before; nothing was done now."""

    status: Status


@dataclass(frozen=True, slots=True)
class NotYours:
    """Somebody else has to confirm it."""

    decided_by: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no such proposal; old ones are swept."""


Verdict = Confirmed | Renewed | Ended | NotYours | Unknown | Mistake | Refused


def outline(
    door: Door, connection: Connection, orders: Sequence[Order], made_by: str, reason: str, now: datetime
) -> Outline | Mistake | Refused:
    """What the orders, made at `now`, would change; nothing is written."""
    stored = {(one.kind, one.id): one.body for one in rule_objects.load_all(connection)}
    before = door.rules.of(connection)
    try:
        carried = _carried_out(stored, before, orders, now)
    except ConfigurationError as error:
        return Refused(error.problems)
    if isinstance(carried, Mistake):
        return carried
    texts, after = carried
    put = {key: text for key, text in texts.items() if stored.get(key) != text}
    remove = tuple(key for key in stored if key not in texts)
    shown = preview(_roster(before), _roster(after), now)
    edit = Edit(put, remove, has_versions=True, reason=reason)
    return Outline(edit, before, after, shown, _starts(before, after, now), reason, made_by)


def propose(
    door: Door, orders: Sequence[Order], made_by: str, *, decided_by: str | None = None, reason: str = ""
) -> Proposed | Mistake | Refused:
    """Keep the orders of one responder for `decided_by` (None: themselves) to confirm. Errors are not kept."""
    with door.database.write() as connection:
        return propose_within(door, connection, orders, made_by, decided_by=decided_by, reason=reason)


def propose_within(
    door: Door,
    connection: Connection,
    orders: Sequence[Order],
    made_by: str,
    *,
    decided_by: str | None = None,
    reason: str = "",
    replaces: str | None = None,
) -> Proposed | Mistake | Refused:
    """The same in the caller's transaction. It may take the place of a stale proposal (its id)."""
    now = _now(door)
    found = outline(door, connection, orders, made_by, reason, now)
    if not isinstance(found, Outline):
        return found
    said = [schedule_files.order_json(one) for one in orders]
    return _keep(connection, found, said, decided_by or made_by, now, replaces)


def confirm(door: Door, id_: str, who: str, tells: Tells, keeps: Keeps | None = None) -> Verdict:
    """Carry out a proposal, once. Everybody whose shifts change, but `who` clicks, is told in the same commit."""
    with door.database.write() as connection:
        rule_objects.hold(connection)
        proposal = _open(connection, id_, who)
        if not isinstance(proposal, Proposal):
            return proposal
        now = _now(door)
        found = _outline_of(door, connection, proposal, now)
        if not isinstance(found, Outline):
            return found
        is_edited = found.before.revision != proposal.revision
        if is_edited or found.instants != tuple(proposal.starts):
            proposals.end(connection, id_, Status.REPLACED, now)
            kept = _keep(connection, found, list(proposal.orders), proposal.decided_by, now, id_)
            return Renewed(kept, is_edited)
        result = _written(door, connection, found, who, tells, now)
        if isinstance(result, Confirmed):
            proposals.end(connection, id_, Status.CONFIRMED, now)
            if keeps is not None:
                keeps(connection, result)
        return result


def decline(door: Door, id_: str, who: str) -> Ended | NotYours | Unknown:
    """Take a proposal off the table; whoever made it may, too. `Ended` says what it is now."""
    with door.database.write() as connection:
        return decline_within(door, connection, id_, who)


def decline_within(door: Door, connection: Connection, id_: str, who: str) -> Ended | NotYours | Unknown:
    """The same in the caller's transaction."""
    proposal = proposals.load(connection, id_, lock=True)
    if proposal is None:
        return Unknown()
    if who not in (proposal.made_by, proposal.decided_by):
        return NotYours(proposal.decided_by)
    if proposals.end(connection, id_, Status.DECLINED, door.clock.now()):
        return Ended(Status.DECLINED)
    return Ended(proposal.status)


def look(door: Door, id_: str) -> tuple[Proposal, Outline | Mistake | Refused] | None:
    """The proposal, or what has taken its place, and what it would change now; nothing is written. None: not kept."""
    with door.database.read() as connection:
        proposal = proposals.newest(connection, id_)
        return None if proposal is None else (proposal, _outline_of(door, connection, proposal, _now(door)))


def newest(door: Door, id_: str) -> str:
    """The id of what has taken this proposal's place in the end; its own where nothing has."""
    with door.database.read() as connection:
        proposal = proposals.newest(connection, id_)
        return proposal.id if proposal is not None else id_


def _outline_of(door: Door, connection: Connection, proposal: Proposal, now: datetime) -> Outline | Mistake | Refused:
    hours = door.rules.of(connection).office_hours
    try:
        orders = [schedule_files.order_from(one, hours) for one in proposal.orders]
    except ValueError as error:
        return Mistake(*_halves(str(error)))
    return outline(door, connection, orders, proposal.made_by, proposal.reason, now)


def orders_of(door: Door, id_: str) -> Sequence[Order]:
    """The orders of a proposal, for words about it; none when it, or what it refers to, is not there any more."""
    with door.database.read() as connection:
        proposal = proposals.load(connection, id_)
        hours = door.rules.of(connection).office_hours
    try:
        return [schedule_files.order_from(one, hours) for one in proposal.orders] if proposal is not None else []
    except ValueError:
        return []


def carry_out(
    door: Door, connection: Connection, orders: Sequence[Order], who: str, reason: str, tells: Tells
) -> Confirmed | Mistake | Refused:
    """Orders that need no second look (a cover that was accepted), written in the caller's transaction."""
    rule_objects.hold(connection)
    now = _now(door)
    found = outline(door, connection, orders, who, reason, now)
    if not isinstance(found, Outline):
        return found
    return _written(door, connection, found, who, tells, now)


def _open(connection: Connection, id_: str, who: str) -> Proposal | Ended | NotYours | Unknown:
    proposal = proposals.load(connection, id_, lock=True)
    if proposal is None:
        return Unknown()
    if proposal.decided_by != who:
        return NotYours(proposal.decided_by)
    return proposal if proposal.status is Status.OPEN else Ended(proposal.status)


def _written(
    door: Door, connection: Connection, found: Outline, who: str, tells: Tells, now: datetime
) -> Confirmed | Refused:
    told: list[str] = []

    def news(rules: Rules) -> list[Notification]:
        rows = []
        for responder in found.preview.people:
            words = tells(responder, found) if responder != who else ""
            row = letters.to_person(rules, responder, words, now) if words else None
            if row is not None:
                told.append(responder)
                rows.append(row)
        return rows

    result = change_within(door, connection, found.edit, who, found.before.revision, now, news)
    match result:
        case Changed(revision):
            return Confirmed(found, revision, tuple(told))
        case Refused():
            return result
        case Stale():
            raise RuntimeError("the rules changed while they were held")


def _keep(
    connection: Connection,
    found: Outline,
    orders: list[dict[str, object]],
    who: str,
    now: datetime,
    replaces: str | None = None,
) -> Proposed:
    id_ = proposals.successor_of(replaces) if replaces is not None else uuid.uuid4().hex
    kept = Proposal(id_, found.made_by, who, orders, found.reason, found.before.revision, found.instants, now)
    proposals.add(connection, kept)
    return Proposed(id_, found, who)


def _carried_out(
    stored: Mapping[Key, str], rules: Rules, orders: Sequence[Order], now: datetime
) -> tuple[dict[Key, str], Rules] | Mistake:
    """The objects after the orders, and the rules that they make. ConfigurationError when they do not fit."""
    texts = dict(stored)
    for order in orders:
        if isinstance(order, PutObject):
            texts[order.kind, order.id] = order.text
        else:
            before = _roster(rules)
            after = edited(before, order, now)
            if isinstance(after, Mistake):
                return after
            timezones = {name: one.timezone for name, one in rules.responders.items()}
            written = schedule_files.roster_objects(before, after, texts, timezones)
            texts = {key: text for key, text in texts.items() if key not in written.remove} | dict(written.put)
        rules = schedule_files.build_rules(texts, rules.revision)
    return texts, rules


def _roster(rules: Rules) -> Roster:
    return Roster(rules.schedules, rules.absences)


def _starts(before: Rules, after: Rules, now: datetime) -> tuple[str, ...]:
    """When the versions that are new begin."""
    starts = []
    for name, schedule in after.schedules.items():
        known = before.schedules.get(name)
        if known is not None and known.layers != schedule.layers:
            starts += [one.starts_at for one in schedule.layers if one.starts_at is not None and one.starts_at > now]
    return tuple(sorted(at.isoformat() for at in starts))


def _has(rules: Rules, schedule: str, override: Override) -> bool:
    return schedule in rules.schedules and override in rules.schedules[schedule].overrides


def _now(door: Door) -> datetime:
    """Edits begin on whole seconds: people read them."""
    return door.clock.now().replace(microsecond=0)


def _halves(words: str) -> tuple[str, str]:
    wrong, _, cure = words.partition(": ")
    return wrong, cure or "propose it again"
