"""Ana and Ben on call, Dora the manager, Acme the customer, and one issue of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from oncallbot.escalation.issue import Issue, Promised, Road, Status
from oncallbot.escalation.rules import Customer, Hotline, Level, Policy, Rules, Target, TargetKind, Tier
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.people import Responder
from oncallbot.oncall.wallclock import to_utc, zone
from oncallbot.oncall.week import parse_window
from oncallbot.wording.command_words import Known, Person

BERLIN = "Europe/Berlin"
ANA = Responder("ana", "Ana Ruiz", "Europe/Madrid", phone="+493023125001")
BEN = Responder("ben", "Ben Okafor", BERLIN, phone="+493023125002")
DORA = Responder("dora", "Dora Lind", "America/New_York", phone="+493023125004", manager=True)

POLICY = Policy("default", (Level((Target(TargetKind.RESPONDER, "ana"),), timedelta(minutes=5)),))
GOLD = Tier("gold", timedelta(minutes=15), timedelta(minutes=15), timedelta(hours=2))
OFFICE = OfficeHours("berlin", BERLIN, (parse_window("mon-fri 09:00-18:00"),))
HOTLINE = Hotline("main", "Example Support", OFFICE, {"default": "default"}, "gold", BERLIN, languages=("en", "de"))
ACME = Customer("acme", "Acme", "gold", ("+493023125100",), language="en", timezone=BERLIN)
RULES = Rules(
    responders={one.id: one for one in (ANA, BEN, DORA)},
    policies={"default": POLICY},
    tiers={"gold": GOLD},
    customers={"acme": ACME},
    hotlines={"main": HOTLINE},
)

KNOWN = Known(
    people=(Person("ana", "Ana Ruiz"), Person("ben", "Ben Okafor"), Person("dora", "Dora Lind")),
    slack_users={"U0ANA00001": "ana", "U0BEN00001": "ben"},
    schedules=("primary", "backup"),
    customers={"acme": "Acme GmbH", "bolt": "Bolt Ltd"},
    hotlines={"main": "Example Support"},
    open_issues=(1042, 1043, 7),
    layers={"primary": ("weekly",), "backup": ("days", "nights")},
    office_hours={"berlin": OFFICE, "madrid": replace(OFFICE, id="madrid")},
    asker="dora",
)


def at(clock: str, day: int = 21) -> datetime:
    """That Berlin time in November 2026 (UTC+1); the 21st is a Saturday."""
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(datetime(2026, 11, day, tzinfo=UTC), time(hour, minute), UTC) - timedelta(hours=1)


def berlin(text: str) -> datetime:
    """`2026-11-27 18:00` on the wall in Berlin."""
    return to_utc(datetime.fromisoformat(text), zone(BERLIN))


NIGHT = at("03:14")


def issue(**changes: Any) -> Issue:
    usual = Issue(
        number=1042,
        status=Status.TRIGGERED,
        hotline="main",
        customer="acme",
        contact="+493023125100",
        caller="+493023125100",
        road=Road.CALL,
        summary="The server is down",
        opened_at=NIGHT,
        policy=POLICY,
        tier=GOLD,
        promise_at=at("03:29"),
        promised=Promised.PENDING,
    )
    return replace(usual, **changes)


TAKEN = issue(status=Status.ACKNOWLEDGED, holder="ben", acknowledged_at=at("03:14"))

HOSTILE = (
    "",
    " ",
    "\x00\x1b[31m\u202e\ufeff",
    "<script>&amp; {hotline} {words} %s",
    "“Curly” – dashes … • ½ ﬁ",
    "🚨🔥👩‍👩‍👧‍👦" * 200,
    "Сервер не работает " * 100,
    "^{}[]~|€\\" * 500,
    "ä" * 5_000,
    "word " * 1_000,
    "\ud800\udfff",
    "line\r\nline\n\nline\ttab.",
)
