"""What must be done now? Orders that the engine writes in the same commit as the issue, and carries out after it.

It must not do anything: an effect is a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oncallbot.oncall.people import Method


class TimelineKind(StrEnum):
    """The closed list of timeline entries; each is explained in docs/glossary.md."""

    REPORTED = "reported"
    OPENED = "opened"
    LEVEL_STARTED = "level_started"
    LEVEL_SKIPPED = "level_skipped"
    PAGED = "paged"
    NOTIFIED = "notified"
    DELIVERY_FAILED = "delivery_failed"
    ANSWERED_LATE = "answered_late"
    ACKNOWLEDGED = "acknowledged"
    PASSED_ON = "passed_on"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    CUSTOMER_TOLD = "customer_told"
    COVERAGE_GAP = "coverage_gap"
    PROMISE = "promise"
    NOTE = "note"
    HELD = "held"
    LOOP_ENDED = "loop_ended"
    LAST_RESORT = "last_resort"
    WITHDRAWN = "withdrawn"
    CROSSED = "crossed"
    RULE_SKIPPED = "rule_skipped"
    DAY_TEAM = "day_team"
    ALARM = "alarm"
    HELD_BACK = "held_back"  # a voice page waits: that phone is in another call
    TURNED_AWAY = "turned_away"
    SNOOZED = "snoozed"
    HANDED_OVER = "handed_over"
    RESPONDER_ADDED = "responder_added"
    TAKEN_OVER = "taken_over"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Write one line on the timeline. `text` says what was decided and why, in words for a person."""

    kind: TimelineKind
    text: str
    responder: str | None = None
    method: Method | None = None


@dataclass(frozen=True, slots=True)
class SendPage:
    """Send one notification of a page. `is_first` marks the issue's first pages, which go before everything else."""

    attempt: str
    responder: str
    method: Method
    is_first: bool


class News(StrEnum):
    """What a responder is told that asks for no answer."""

    TAKEN = "taken"  # somebody else has it
    RESOLVED = "resolved"  # somebody else resolved it
    CLOSED = "closed"  # dismissed, or closed by hand
    NOTE = "note"  # the customer added words to what you hold
    LET_LIE = "let_lie"  # you held it and were silent: it goes on to others


@dataclass(frozen=True, slots=True)
class TellResponder:
    """Tell a responder something, once. `by` is the responder whose act it was; `words` what was added."""

    responder: str
    news: News
    by: str | None = None
    at: datetime | None = None
    words: str = ""


class Told(StrEnum):
    """What a customer is told, on real events only."""

    RECEIVED = "received"
    HELD = "held"
    ACKNOWLEDGED = "acknowledged"
    STILL_TRYING = "still_trying"
    PROMISE_MISSED = "promise_missed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class TellCustomer:
    """Tell the reporter the truth: `by` holds it (responder id), `at` is the time promised with it."""

    told: Told
    by: str | None = None
    at: datetime | None = None
    words: str = ""


class Alarm(StrEnum):
    """Why managers are told. `no_one_answered` and `exhausted` mean that a customer waits right now."""

    COVERAGE_GAP = "coverage_gap"
    NO_ONE_ANSWERED = "no_one_answered"
    EXHAUSTED = "exhausted"
    NOBODY_REACHED = "nobody_reached"
    PROMISE_AT_RISK = "promise_at_risk"
    PROMISE_MISSED = "promise_missed"
    SET_UP = "set_up"  # the vendor refuses everything until somebody mends the configuration
    DECISION_FAILED = "decision_failed"  # the engine could not handle an alarm of this issue


@dataclass(frozen=True, slots=True)
class TellManagers:
    """Raise an alarm with the hotline's managers."""

    alarm: Alarm
    words: str


@dataclass(frozen=True, slots=True)
class TellDayTeam:
    """Put the issue before the day team: held and waiting, or resolved and not yet closed."""

    words: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """See that these notifications are not sent any more, and end their calls that still ring."""

    attempts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndCall:
    """End one call that crossed with an acknowledgement, unless somebody has answered it."""

    attempt: str
    provider_id: str


Effect = Recorded | SendPage | TellResponder | TellCustomer | TellManagers | TellDayTeam | Withdraw | EndCall
