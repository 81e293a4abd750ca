"""What is configured? `Rules`: people, schedules, policies, tiers, customers and hotlines, immutable, at one revision.

It must not know where they are kept, nor how a file spells them (`schedule_files`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.people import Absence, Method, Responder
from oncallbot.oncall.schedule import Schedule


class TargetKind(StrEnum):
    """What a level pages."""

    SCHEDULE = "schedule"  # who is on call now
    NEXT = "next"  # who is on call next
    EVERYONE = "everyone"  # all participants of the schedule
    RESPONDER = "responder"
    CHANNEL = "channel"  # never counts as having reached anyone


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a level: its kind and the id (of a schedule, responder or channel) it names."""

    kind: TargetKind
    id: str


@dataclass(frozen=True, slots=True)
class Level:
    """Targets paged together and the time they have."""

    targets: tuple[Target, ...]
    timeout: timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """An escalation policy: levels walked in loops until somebody acknowledges. `loops` None means for ever."""

    id: str
    levels: tuple[Level, ...]
    repeat_after: timedelta = timedelta(minutes=5)
    loops: int | None = None
    last_resort: tuple[Target, ...] = ()
    acknowledge_timeout: timedelta = timedelta(minutes=30)


class AfterHours(StrEnum):
    """What a report does when the office is closed (or does not answer)."""

    PAGE = "page"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Tier:
    """What a customer is entitled to. Promises are lengths; None means nothing is promised."""

    id: str
    promise: timedelta | None = None
    call_back: timedelta | None = None
    held_promise: timedelta | None = None
    live_connect: bool = False
    after_hours: AfterHours = AfterHours.PAGE
    office_unanswered: AfterHours = AfterHours.HOLD
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """A company or person known by phone numbers (E.164), e-mail domains or Slack channels."""

    id: str
    name: str
    tier: str
    phones: tuple[str, ...] = ()
    email_domains: tuple[str, ...] = ()
    slack_channels: tuple[str, ...] = ()
    language: str | None = None
    timezone: str | None = None


class Triage(StrEnum):
    """Which callers are asked whether it is urgent."""

    UNKNOWN = "unknown"
    EVERYONE = "everyone"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class DayTeam:
    """Where the day team is told: a Slack channel, an e-mail address, or neither."""

    channel: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Hotline:
    """An intake line: its numbers (E.164), channels, office hours and policies by tier."""

    id: str
    name: str
    office_hours: OfficeHours
    policies: Mapping[str, str]
    default_tier: str
    timezone: str
    numbers: tuple[str, ...] = ()
    slack_channels: tuple[str, ...] = ()
    on_call_channel: str | None = None
    managers_channel: str | None = None
    day_team: DayTeam = DayTeam()
    office_target: str | None = None
    fallback_number: str | None = None
    managers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    triage: Triage = Triage.UNKNOWN


@dataclass(frozen=True, slots=True)
class Limits:
    """Spending limits per hour. They raise an alarm and never block the first page of a customer's issue."""

    calls_per_hour: int = 200
    texts_per_hour: int = 500


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything configured, by id, at `revision`. References are whole: the loader refuses any that dangle."""

    revision: int = 0
    responders: Mapping[str, Responder] = field(default_factory=_none)
    absences: tuple[Absence, ...] = ()
    office_hours: Mapping[str, OfficeHours] = field(default_factory=_none)
    schedules: Mapping[str, Schedule] = field(default_factory=_none)
    policies: Mapping[str, Policy] = field(default_factory=_none)
    tiers: Mapping[str, Tier] = field(default_factory=_none)
    customers: Mapping[str, Customer] = field(default_factory=_none)
    hotlines: Mapping[str, Hotline] = field(default_factory=_none)
    limits: Limits = Limits()
    roads: frozenset[Method] = frozenset(Method)  # contact methods whose vendor is connected

    def policy_for(self, hotline: Hotline, tier: str) -> Policy:
        """The policy that `hotline` maps `tier` to; its `default` for the rest."""
        return self.policies[hotline.policies.get(tier, hotline.policies["default"])]

    def tier_of(self, hotline: Hotline, customer: Customer | None) -> Tier:
        """The customer's tier; the hotline's default one for strangers."""
        return self.tiers[customer.tier if customer else hotline.default_tier]

    def hotlines_of_schedule(self, schedule: str) -> tuple[Hotline, ...]:
        """The hotlines whose policies page this schedule."""
        targets = (TargetKind.SCHEDULE, TargetKind.NEXT, TargetKind.EVERYONE)
        paging = {
            policy.id
            for policy in self.policies.values()
            for target in (*(one for level in policy.levels for one in level.targets), *policy.last_resort)
            if target.kind in targets and target.id == schedule
        }
        return tuple(one for one in self.hotlines.values() if paging & set(one.policies.values()))

    def hotline_of_number(self, number: str) -> Hotline | None:
        """The hotline that answers this E.164 number."""
        return next((hotline for hotline in self.hotlines.values() if number in hotline.numbers), None)

    def responder_of_phone(self, phone: str) -> Responder | None:
        """The responder with this E.164 number. None also for an empty one."""
        return next((one for one in self.responders.values() if one.phone and one.phone == phone), None)

    def customer_of_phone(self, phone: str) -> Customer | None:
        """The customer known by this E.164 number. None also for an empty one."""
        return next((one for one in self.customers.values() if phone and phone in one.phones), None)

    def customer_of_email(self, email: str) -> Customer | None:
        """The customer whose e-mail domain this address has, whatever its case."""
        domain = email.rpartition("@")[2].lower()
        return next((one for one in self.customers.values() if domain and domain in one.email_domains), None)

    def is_manager(self, responder: Responder, hotline: str) -> bool:
        """Is this person a manager, or one of this hotline's? A hotline that was removed has none of its own."""
        known = self.hotlines.get(hotline)
        return responder.manager or (known is not None and responder.id in known.managers)

    def is_office_open(self, hotline: Hotline, at: datetime) -> bool:
        """Does the day team answer at `at`?"""
        return hotline.office_hours.is_open(at)
