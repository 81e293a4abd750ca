"""The fixed cast, one hotline, and a night that is told as dialogue: somebody acts, time passes, we look at the orders.

A decision reads as short lines: `ana sms` is a notification, `customer received`, `managers coverage_gap`, `ben taken`
(a responder is told), `day team`, `withdraw 2`, `end call`. The timeline is asked for by kind.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from oncallbot.escalation.deadlines import wake_at
from oncallbot.escalation.decide import decide, decide_opening
from oncallbot.escalation.decision import Decision
from oncallbot.escalation.effects import (
    Effect,
    EndCall,
    Recorded,
    SendPage,
    TellCustomer,
    TellDayTeam,
    TellManagers,
    TellResponder,
    TimelineKind,
    Withdraw,
)
from oncallbot.escalation.events import (
    AlarmRang,
    Answer,
    CallerLeft,
    ClosedByHand,
    CustomerReported,
    DeliveryReported,
    Dismissed,
    EscalatedNow,
    Event,
    HandedOver,
    ReportContinued,
    ResponderAdded,
    ResponderAnswered,
    Snoozed,
    TakenOver,
)
from oncallbot.escalation.issue import Attempt, AttemptStatus, DeadlineKind, Issue, Road
from oncallbot.escalation.rules import (
    AfterHours,
    Customer,
    Hotline,
    Level,
    Policy,
    Rules,
    Target,
    TargetKind,
    Tier,
)
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.layers import Layer
from oncallbot.oncall.people import Method, NotificationRule, Responder
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Schedule
from oncallbot.oncall.week import parse_window
from oncallbot.oncall.windows import Windows


def utc(text: str) -> datetime:
    """2026-03-14 02:10, an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


FRIDAY_NOON = utc("2026-03-13 11:00")  # the office is open
SATURDAY_NIGHT = utc("2026-03-14 02:10")  # 03:10 in Berlin
MONDAY_OPENING = utc("2026-03-16 08:00")  # 09:00 in Berlin
MINUTE = timedelta(minutes=1)
FIVE_MINUTES = timedelta(minutes=5)

ERIK = "+493023125100"
STRANGER = "+493023125700"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def responder(id: str, phone: int | None, **fields: Any) -> Responder:
    number = f"+4930231250{phone:02}" if phone else None
    return Responder(id, f"{id.capitalize()} Example", "Europe/Berlin", phone=number, **fields)


def notify(*texts: str) -> tuple[NotificationRule, ...]:
    """`1m voice`"""
    pairs = [text.split() for text in texts]
    return tuple(NotificationRule(minutes(float(after.removesuffix("m"))), Method(by)) for after, by in pairs)


ANA = responder("ana", 1, slack="U0ANA00001")
BEN = responder("ben", 2, slack="U0BEN00001")
CEM = responder("cem", 3, slack="U0CEM00001")
DORA = responder("dora", 4, manager=True)

BERLIN = OfficeHours("berlin", "Europe/Berlin", (parse_window("mon-fri 09:00-18:00"),))


def weekly(*people: str, windows: Windows | None = None, must_cover: Windows | None = None) -> Schedule:
    """The first of `people` is on call in the week of Saturday night, then the next."""
    groups = tuple((one,) if one else () for one in people)
    rotation = Rotation(datetime(2026, 3, 9), 1, Unit.WEEKS, groups, "Europe/Berlin")
    return Schedule("primary", "Europe/Berlin", (Layer("weekly", rotation, windows),), must_cover=must_cover)


def target(text: str) -> Target:
    """`schedule primary`"""
    kind, id = text.split()
    return Target(TargetKind(kind), id)


def level(*targets: str, timeout: timedelta = FIVE_MINUTES) -> Level:
    return Level(tuple(target(one) for one in targets), timeout)


def policy(*levels: Level, last_resort: tuple[str, ...] = ("responder dora",), **fields: Any) -> Policy:
    return Policy("default", levels, last_resort=tuple(target(one) for one in last_resort), **fields)


TWO_LEVELS = policy(level("schedule primary"), level("next primary"))
GOLD = Tier("gold", promise=minutes(15), call_back=minutes(20), held_promise=minutes(120))
STANDARD = Tier("standard", held_promise=minutes(120))
ACME = Customer("acme", "Acme GmbH", "gold", phones=(ERIK,))
HOTLINE = Hotline(
    "main", "Example Support", BERLIN, {"default": "default"}, "standard", "Europe/Berlin", managers=("dora",)
)


def rules(
    *,
    people: tuple[Responder, ...] = (ANA, BEN, CEM, DORA),
    schedule: Schedule | None = None,
    policy: Policy = TWO_LEVELS,
    gold: Tier = GOLD,
    standard: Tier = STANDARD,
    hotline: Hotline = HOTLINE,
    roads: frozenset[Method] = frozenset(Method),
    **fields: Any,
) -> Rules:
    return Rules(
        responders={one.id: one for one in people},
        schedules={"primary": schedule or weekly("ana", "ben", "cem")},
        policies={"default": policy},
        tiers={"gold": gold, "standard": standard},
        customers={"acme": ACME},
        hotlines={hotline.id: hotline},
        roads=roads,
        **fields,
    )


HOLDS_AT_NIGHT = replace(GOLD, after_hours=AfterHours.HOLD)


def erik_reports(words: str = "Nothing works", **fields: Any) -> CustomerReported:
    told: dict[str, Any] = {"road": Road.WEBHOOK, **fields}
    return CustomerReported("main", "acme", ERIK, ERIK, words=words, **told)


def stranger_calls(caller: str = STRANGER) -> CustomerReported:
    return CustomerReported("main", None, caller, caller, Road.CALL, "", still_talking=True)


class Night:
    """One issue, its time, and everything ordered so far.

    Notifications leave at once (`sent`), unless `sends` is False: then they stay queued until `delivery` says more.
    """

    issue: Issue
    last: Decision

    def __init__(self, at: datetime = SATURDAY_NIGHT, *, sends: bool = True, **configured: Any) -> None:
        self.rules = rules(**configured)
        self.now = at
        self.sends = sends
        self.effects: list[Effect] = []

    # What happens. Each answers with the lines that were ordered by it.

    def opens(self, event: CustomerReported | None = None) -> list[str]:
        return self._took(decide_opening(1042, event or erik_reports(), self.rules, self.now))

    def happens(self, event: Event) -> list[str]:
        return self._took(decide(self.issue, event, self.rules, self.now))

    def _took(self, decision: Decision) -> list[str]:
        self.last, self.issue = decision, decision.issue
        self.effects += decision.effects
        if self.sends:
            self._everything_leaves()
        return lines(decision.effects)

    def _everything_leaves(self) -> None:
        for attempt in [one.id for page in self.issue.pages for one in page.attempts if one.is_pending]:
            sent = decide(self.issue, DeliveryReported(attempt, AttemptStatus.SENT), self.rules, self.now)
            self.issue = sent.issue
            self.effects += sent.effects

    def says(self, responder: str, answer: Answer, words: str = "", road: str = "key") -> str:
        """The kind of the outcome."""
        self.happens(ResponderAnswered(responder, answer, road, words))
        return self.outcome

    def acknowledges(self, responder: str) -> str:
        return self.says(responder, Answer.ACKNOWLEDGE)

    def passes(self, responder: str) -> str:
        return self.says(responder, Answer.PASS)

    def resolves(self, responder: str, words: str = "") -> str:
        return self.says(responder, Answer.RESOLVE, words)

    def notes(self, responder: str, words: str = "On it") -> str:
        return self.says(responder, Answer.NOTE, words)

    def escalates(self, responder: str) -> list[str]:
        return self.happens(EscalatedNow(responder))

    def dismisses(self, responder: str) -> list[str]:
        return self.happens(Dismissed(responder))

    def snoozes(self, responder: str, length: timedelta) -> str:
        return self._acts(Snoozed(responder, self.now + length))

    def hands_over(self, responder: str, to: str) -> list[str]:
        return self.happens(HandedOver(responder, to))

    def adds(self, responder: str, added: str) -> list[str]:
        return self.happens(ResponderAdded(responder, added))

    def takes_over(self, responder: str) -> str:
        return self._acts(TakenOver(responder))

    def closes(self, responder: str) -> str:
        return self._acts(ClosedByHand(responder))

    def _acts(self, event: Event) -> str:
        self.happens(event)
        return self.outcome

    def joins(self, words: str = "Still broken", **fields: Any) -> list[str]:
        return self.happens(erik_reports(words, **fields))

    def records(self, seconds: int) -> list[str]:
        words = f"Message of {seconds} s" if seconds else ""
        return self.happens(ReportContinued(words, "recording", is_message=True))

    def hangs_up(self, seconds: float, *, is_known: bool = False, said_nothing: bool = True) -> list[str]:
        return self.happens(CallerLeft(timedelta(seconds=seconds), is_known, said_nothing))

    def attempt(self, responder: str, method: str) -> Attempt:
        """The newest notification of that person by that method."""
        page = self.issue.page_of(responder)
        assert page is not None
        return [one for one in page.attempts if one.method == method][-1]

    def delivery(self, responder: str, method: str, status: str, **fields: Any) -> list[str]:
        """`sent`, `delivered`, `failed`, ...: what becomes of the newest notification by that method."""
        attempt = self.attempt(responder, method).id
        return self.happens(DeliveryReported(attempt, AttemptStatus(status), **fields))

    # Time passes.

    def wait(self, length: timedelta) -> list[str]:
        """Ring every alarm in its time; the lines of all of them."""
        until = self.now + length
        said: list[str] = []
        while (at := wake_at(self.issue)) is not None and at <= until:
            self.now = max(self.now, at)
            said += self.rings()
        self.now = until
        return said

    def sleep(self, length: timedelta) -> list[str]:
        """We are down for that long, and then the alarm rings once."""
        self.now += length
        return self.rings()

    def rings(self) -> list[str]:
        return self.happens(AlarmRang())

    def next_alarm(self) -> list[str]:
        """Jump to the next deadline and ring."""
        at = wake_at(self.issue)
        assert at is not None, "an open issue always has an alarm"
        self.now = max(self.now, at)
        return self.rings()

    # What can be asked.

    @property
    def status(self) -> str:
        return str(self.issue.status)

    @property
    def outcome(self) -> str:
        return str(self.last.outcome.kind)

    def timeline(self, *kinds: TimelineKind) -> list[str]:
        """The texts of these kinds, oldest first; of all without any."""
        said = [one for one in self.effects if isinstance(one, Recorded)]
        return [one.text for one in said if not kinds or one.kind in kinds]

    def due(self, kind: DeadlineKind) -> timedelta | None:
        """How long until that deadline; None when it is not set."""
        at = min((one.at for one in self.issue.deadlines if one.kind is kind), default=None)
        return None if at is None else at - self.now


def lines(effects: tuple[Effect, ...]) -> list[str]:
    """The orders of a decision, without the timeline."""
    return [line for effect in effects if (line := _line(effect))]


def _line(effect: Effect) -> str:
    match effect:
        case Recorded():
            return ""
        case SendPage(_, responder, method):
            return f"{responder} {method}"
        case TellResponder(responder, news):
            return f"{responder} {news}"
        case TellCustomer(told):
            return f"customer {told}"
        case TellManagers(alarm):
            return f"managers {alarm}"
        case TellDayTeam():
            return "day team"
        case Withdraw(attempts):
            return f"withdraw {len(attempts)}"
        case EndCall():
            return "end call"


def pages(said: list[str]) -> list[str]:
    """Of these lines, the notifications."""
    return [line for line in said if line.endswith((" sms", " voice", " slack", " email"))]


def of_customer(said: list[str]) -> list[str]:
    """Of these lines, what the customer is told."""
    return [line for line in said if line.startswith("customer ")]
