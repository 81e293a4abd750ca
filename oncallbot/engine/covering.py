"""Who covers for me? A cover request: asked, reminded, taken by the first, or the managers' at its deadline.

It must not let two people take one shift, nor end a request without telling whoever asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from oncallbot.engine import letters, proposals
from oncallbot.engine.change import Refused
from oncallbot.engine.handle import Door
from oncallbot.engine.proposals import Confirmed, Tells
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.editing import Mistake, Roster, edited
from oncallbot.oncall.edits import AddOverride
from oncallbot.oncall.people import Method, Responder
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.schedule import Shift, final_shifts, participants
from oncallbot.storage import cover_requests, outbox
from oncallbot.storage.cover_requests import CoverRequest, Status
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.wording import covers

LEAD = timedelta(hours=4)  # managers still have an evening to find somebody
SOONEST = timedelta(minutes=10)
REMINDED_EVERY = timedelta(days=1)
BATCH = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """The others are being asked."""

    request: CoverRequest


@dataclass(frozen=True, slots=True)
class Taken:
    """It is yours: the override is in force with this commit."""

    request: CoverRequest
    confirmed: Confirmed


@dataclass(frozen=True, slots=True)
class Over:
    """It can not be taken any more; `request` says who has it, or that it was withdrawn or has begun."""

    request: CoverRequest


@dataclass(frozen=True, slots=True)
class Offer:
    """A request as one of those sees it who may take it.

    `after` is the roster if they took it now, or why they cannot; as it is once nobody can take it any more.
    """

    request: CoverRequest
    rules: Rules
    after: Roster | Mistake


@dataclass(frozen=True, slots=True)
class NotAsked:
    """This person was not asked (or nobody asks that)."""


def ask(door: Door, responder: str, schedule: str, start: datetime, end: datetime, reason: str) -> Asked | Mistake:
    """Ask the schedule's other participants to take `[start, end)`, UTC, of the responder's time on call."""
    with door.database.write() as connection:
        rules, now = door.rules.of(connection), door.clock.now()
        plan = rules.schedules.get(schedule)
        if plan is None:
            return Mistake(f"there is no schedule {schedule}", "name one that exists")
        start, end = max(start, now).replace(microsecond=0), end.replace(microsecond=0)  # as files show them
        mine = [shift for shift in final_shifts(plan, rules.absences, start, end) if responder in shift.responders]
        if not mine:
            return Mistake(f"you are not on call in {schedule} then", "see /oncall me for when you are")
        start, end = mine[0].start, mine[-1].end
        if any(_overlaps(one, schedule, responder, start, end) for one in cover_requests.open_ones(connection)):
            return Mistake("you have asked for this time already", "withdraw that request first")
        others = tuple(one for one in participants(plan, start) if one != responder and one in rules.responders)
        if not others:
            return Mistake(f"nobody else takes part in {schedule}", "ask a manager for an override")
        deadline = _deadline(start, now)
        request = cover_requests.add(
            connection,
            CoverRequest(
                schedule=schedule,
                responder=responder,
                starts_at=start,
                ends_at=end,
                reason=reason,
                asked=others,
                made_at=now,
                deadline_at=deadline,
                due_at=_reminder(now, deadline),
            ),
        )
        _show(door, connection, request, rules, now)
        return Asked(request)


def look(door: Door, id_: int, who: str) -> Offer | NotAsked:
    """What taking it would mean to this person; nothing is written, and no lock is taken."""
    with door.database.read() as connection:
        request = cover_requests.load(connection, id_)
        rules, now = door.rules.of(connection), door.clock.now().replace(microsecond=0)
    if request is None or not _may_take(request, rules, who):
        return NotAsked()
    roster = Roster(rules.schedules, rules.absences)
    return Offer(request, rules, roster if is_over(request, now) else edited(roster, _order(request, who, now), now))


def is_over(request: CoverRequest, now: datetime) -> bool:
    """Can nobody take it any more?"""
    return not request.is_open or request.ends_at <= now


def accept(door: Door, id_: int, who: str, tells: Tells) -> Taken | Over | NotAsked | Mistake | Refused:
    """Take it. The first one wins: the request is locked, and the override is written in the same commit."""
    with door.database.write() as connection:
        request = cover_requests.load(connection, id_, lock=True)
        rules, now = door.rules.of(connection), door.clock.now()
        if request is None or not _may_take(request, rules, who):
            return NotAsked()
        if is_over(request, now):
            return Over(request)
        order = _order(request, who, now)
        confirmed = proposals.carry_out(door, connection, (order,), who, order.override.reason, tells)
        if not isinstance(confirmed, Confirmed):
            return confirmed
        taken = replace(request, status=Status.TAKEN, taken_by=who, due_at=None, ended_at=now)
        cover_requests.save(connection, taken)
        _show(door, connection, taken, rules, now)
        return Taken(taken, confirmed)


def withdraw(door: Door, id_: int, who: str) -> CoverRequest | NotAsked:
    """Ask no longer; whoever asked may, and managers. One that has ended stays as it ended."""
    with door.database.write() as connection:
        request = cover_requests.load(connection, id_, lock=True)
        rules, now = door.rules.of(connection), door.clock.now()
        person = rules.responders.get(who)
        if request is None or person is None or not (person.manager or who == request.responder):
            return NotAsked()
        if request.is_open:
            request = replace(request, status=Status.WITHDRAWN, due_at=None, ended_at=now)
            cover_requests.save(connection, request)
            _show(door, connection, request, rules, now)
        return request


def open_requests(connection: Connection, who: str, rules: Rules) -> list[CoverRequest]:
    """The requests that this person could take, the nearest first."""
    return [one for one in cover_requests.open_ones(connection) if _may_take(one, rules, who)]


def ring(door: Door) -> int:
    """Do what is due on requests: a reminder, the way to the managers, or the end. How many were due."""
    with door.database.write() as connection:
        now = door.clock.now()
        due = cover_requests.claim_due(connection, now, BATCH)
        rules = door.rules.of(connection) if due else Rules()
        for request in due:
            after, rows = _rung(request, rules, now)
            cover_requests.save(connection, after)
            outbox.put(connection, rows)
            _show(door, connection, after, rules, now)
        return len(due)


def next_shift(rules: Rules, schedule: str | None, responder: str, now: datetime) -> tuple[str, Shift] | None:
    """The responder's running shift, else the next one, in the schedule (None: in whichever it is first)."""
    names = [schedule] if schedule is not None else list(rules.schedules)
    found = [
        (name, shift)
        for name in names
        if name in rules.schedules
        for shift in final_shifts(rules.schedules[name], rules.absences, now, now + timedelta(days=120))
        if responder in shift.responders
    ]
    return min(found, key=lambda pair: pair[1].start, default=None)


def _rung(request: CoverRequest, rules: Rules, now: datetime) -> tuple[CoverRequest, Sequence[Notification]]:
    """The request by today's truth: of several things that are overdue only the last counts."""
    if _lapses_at(request) <= now:
        lapsed = replace(request, status=Status.LAPSED, due_at=None, ended_at=now)
        return lapsed, _told(rules, (request.responder,), covers.lapsed_text(lapsed, rules), now)
    if request.deadline_at <= now and request.status is Status.OPEN:
        given = replace(request, status=Status.WITH_MANAGER, due_at=_lapses_at(request))
        return given, (*_to_managers(given, rules, now), *_to_asker(given, rules, now))
    reminded = replace(request, due_at=_reminder(now, request.deadline_at))
    return reminded, _reminders(reminded, rules, now)


def _to_managers(request: CoverRequest, rules: Rules, now: datetime) -> Sequence[Notification]:
    """To the managers' channels, and by text to managers without Slack: the others get the request with its button."""
    has_slack = Method.SLACK in rules.roads
    words = covers.managers_text(request, rules)
    channels = {one.managers_channel for one in rules.hotlines_of_schedule(request.schedule) if one.managers_channel}
    rows = [letters.slack_row(Purpose.NOTICE, one, words, now) for one in sorted(channels)] if has_slack else []
    managers = (one for one in rules.responders.values() if one.manager and one.id != request.responder)
    texts = (_text(request, rules, one, words, now) for one in managers if not letters.is_in_slack(one, rules))
    return rows + _there(texts)


def _to_asker(request: CoverRequest, rules: Rules, now: datetime) -> Sequence[Notification]:
    return _told(rules, (request.responder,), covers.given_to_managers_text(request, rules), now)


def _reminders(request: CoverRequest, rules: Rules, now: datetime) -> Sequence[Notification]:
    rows: list[Notification | None] = []
    for one in _asked(request, rules):
        if letters.is_in_slack(one, rules):
            rows.append(letters.to_person(rules, one.id, covers.reminder_text(request, rules, one, now), now))
        else:
            words = covers.asked_text(request, rules, one, now, is_again=True)
            rows.append(_text(request, rules, one, words, now))
    return _there(rows)


def _text(request: CoverRequest, rules: Rules, person: Responder, words: str, now: datetime) -> Notification | None:
    """For who has no Slack: a text, with the link by which this very person can take it."""
    link = {letters.COVER_LINK: str(request.id)}
    return letters.linked_text(rules, person, words, covers.TAKE_IT_BY, link, now)


def _told(rules: Rules, people: Iterable[str], words: str, now: datetime) -> list[Notification]:
    return _there(letters.to_person(rules, one, words, now) for one in people)


def _there(rows: Iterable[Notification | None]) -> list[Notification]:
    return [row for row in rows if row is not None]


def _show(door: Door, connection: Connection, request: CoverRequest, rules: Rules, now: datetime) -> None:
    """Bring the request's messages up to date, in each place where it stands or should; texts only when it is new."""
    rows: list[Notification] = []
    if Method.SLACK in rules.roads:
        rows = [_cover_row(request, place, address, now) for place, address in _places(request, rules).items()]
    if request.status is Status.OPEN and request.made_at == now:
        without = (one for one in _asked(request, rules) if not letters.is_in_slack(one, rules))
        rows += _there(_text(request, rules, one, covers.asked_text(request, rules, one, now), now) for one in without)
    outbox.put(connection, rows)
    door.wake_after(connection)


def _places(request: CoverRequest, rules: Rules) -> dict[str, str]:
    """Place by address: the channels of the hotlines that page the schedule, and direct messages."""
    people = (*request.asked, request.responder)
    if request.status is not Status.OPEN:
        people = (*people, *(one.id for one in rules.responders.values() if one.manager))
    hotlines = rules.hotlines_of_schedule(request.schedule)
    channels = {one.on_call_channel: one.on_call_channel for one in hotlines if one.on_call_channel}
    direct = {one: rules.responders[one].slack for one in people if one in rules.responders}
    return channels | {place: address for place, address in direct.items() if address}


def _cover_row(request: CoverRequest, place: str, address: str, now: datetime) -> Notification:
    detail = {"cover": str(request.id), "place": place}
    person = place if place != address else None
    return letters.slack_row(Purpose.COVER, address, "", now, detail=detail, responder=person)


def _asked(request: CoverRequest, rules: Rules) -> list[Responder]:
    return [rules.responders[one] for one in request.asked if one in rules.responders]


def _order(request: CoverRequest, who: str, now: datetime) -> AddOverride:
    """What taking it at `now` means, whichever way it is taken."""
    made_at = now.replace(microsecond=0)
    reason = f"covers for {request.responder}" + (f": {request.reason}" if request.reason else "")
    start = max(request.starts_at, made_at)
    return AddOverride(request.schedule, Override(who, start, request.ends_at, request.responder, reason, who, made_at))


def _may_take(request: CoverRequest, rules: Rules, who: str) -> bool:
    person = rules.responders.get(who)
    if person is None or who == request.responder:
        return False
    return who in request.asked or person.manager


def _overlaps(one: CoverRequest, schedule: str, responder: str, start: datetime, end: datetime) -> bool:
    return (one.schedule, one.responder) == (schedule, responder) and one.starts_at < end and start < one.ends_at


def _lapses_at(request: CoverRequest) -> datetime:
    """When it begins; when it ends for one that had begun, or nearly, when it was made."""
    return request.starts_at if request.starts_at > request.deadline_at else request.ends_at


def _deadline(start: datetime, now: datetime) -> datetime:
    """Four hours before it begins; half of what is left where that is nearer."""
    left = max(start - now, timedelta())
    return max(start - LEAD, now + left / 2, now + SOONEST) if left < 2 * LEAD else start - LEAD


def _reminder(now: datetime, deadline: datetime) -> datetime:
    """The next one: tomorrow, or an hour before the deadline, or else the deadline itself."""
    for at in (now + REMINDED_EVERY, deadline - timedelta(hours=1)):
        if now < at < deadline:
            return at
    return deadline
