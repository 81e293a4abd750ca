"""Could everybody who may be paged in the next 30 days be reached tonight? By the roads that the workers have.

It must not show a phone number, nor take a road for open because it was once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.cli.doctor.findings import Check, Finding, fails, fine, not_known
from oncallbot.escalation.rules import Rules, Target, TargetKind
from oncallbot.oncall.people import Method, Responder
from oncallbot.oncall.schedule import final_shifts, participants
from oncallbot.telephony.numbers import is_landline, region

AHEAD = timedelta(days=30)
_PHONES = frozenset({Method.SMS, Method.VOICE})
_OFF = {
    Method.SMS: "Twilio is off",
    Method.VOICE: "Twilio is off",
    Method.SLACK: "Slack is off",
    Method.EMAIL: "is not built yet",
}


@dataclass(frozen=True, slots=True)
class People:
    """What all of the following is about. `lost` and `opted_out` are ids of responders."""

    rules: Rules
    roads: frozenset[Method]
    now: datetime
    lost: frozenset[str]
    opted_out: frozenset[str]

    @property
    def can_dial(self) -> bool:
        """Is there any number from which a phone could be rung?"""
        return any(one.numbers for one in self.rules.hotlines.values())


@dataclass(frozen=True, slots=True)
class _Way:
    """One contact method of a person's rules, and what keeps it from being used; "" when nothing does."""

    by: Method
    closed: str = ""
    doubt: str = ""


def examine(people: People) -> Iterator[Finding]:
    """Each who is on call in the next 30 days, or named by a policy; and what nobody can know."""
    paged = who_may_be_paged(people.rules, people.now)
    for id_ in paged:
        yield _finding(people, people.rules.responders[id_])
    if not paged:
        cure = "write schedules and policies, and run oncallbot apply"
        yield fails(Check.RESPONDER_REACHABLE, "responders", "nobody would be paged", cure)
    phones = [people.rules.responders[id_].phone for id_ in paged]
    countries = sorted({region(phone) or "unknown" for phone in phones if phone})
    if countries and people.roads & _PHONES:
        cure = "look in Twilio's console: Voice and Messaging, Geo permissions"
        detail = "whether the account may call and text there is not told"
        yield not_known(Check.RESPONDER_REACHABLE, f"countries {', '.join(countries)}", detail, cure)


def who_may_be_paged(rules: Rules, now: datetime) -> tuple[str, ...]:
    """Ids, in order: on call on some schedule in the next 30 days, or a target of a policy."""
    found: dict[str, None] = {}
    for policy in rules.policies.values():
        targets = (*(one for level in policy.levels for one in level.targets), *policy.last_resort)
        found |= dict.fromkeys(id_ for target in targets for id_ in _named(rules, target, now))
    for schedule in rules.schedules.values():
        shifts = final_shifts(schedule, rules.absences, now, now + AHEAD)
        found |= dict.fromkeys(id_ for shift in shifts for id_ in shift.responders)
    return tuple(sorted(id_ for id_ in found if id_ in rules.responders))


def _named(rules: Rules, target: Target, now: datetime) -> tuple[str, ...]:
    match target.kind:
        case TargetKind.RESPONDER:
            return (target.id,)
        case TargetKind.EVERYONE:
            return participants(rules.schedules[target.id], now)
        case TargetKind.SCHEDULE | TargetKind.NEXT | TargetKind.CHANNEL:
            return ()


def _finding(people: People, person: Responder) -> Finding:
    check = Check.RESPONDER_REACHABLE
    ways = [_way(people, person, by) for by in dict.fromkeys(rule.by for rule in person.notify)]
    closed = "; ".join(f"{way.by.value}: {way.closed}" for way in ways if way.closed)
    open_ = [way for way in ways if not way.closed]
    if not open_:
        cure = "give this person a phone or Slack in the schedule files, or connect what is off"
        return fails(check, person.id, closed or "has no notification rule", cure)
    words = " and ".join(way.by.value for way in open_) + (f" ({closed})" if closed else "")
    if all(way.doubt for way in open_):
        cure = "add voice or Slack to `notify` of this person"
        return not_known(check, person.id, f"by {words} only: {open_[0].doubt}", cure)
    return fine(check, person.id, f"by {words}")


def _way(people: People, person: Responder, by: Method) -> _Way:
    if person.address(by) is None:
        return _Way(by, f"has no {'phone' if by in _PHONES else by.value}")
    if by not in people.roads:
        return _Way(by, _OFF[by])
    if by in _PHONES and not people.can_dial:
        return _Way(by, "no hotline has a number to call from")
    if by is Method.SLACK and person.id in people.lost:
        return _Way(by, "is not found in Slack")
    if by is Method.SMS and person.id in people.opted_out:
        return _Way(by, "has told the carrier to stop our texts (START to the hotline's number allows them again)")
    if by is Method.SMS and is_landline(person.phone or ""):
        return _Way(by, doubt="its number looks like a landline's, which may take no texts")
    return _Way(by)
