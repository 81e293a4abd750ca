"""What has happened? Past facts, each the same whatever road it came by. `decide` takes one at a time.

It must not name a vendor's field: doors translate before they submit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from oncallbot.escalation.issue import AttemptStatus, Road


class Reaction(StrEnum):
    """What the door already knows about what a report is entitled to."""

    BY_HOURS = "by_hours"  # office hours, tier and urgency choose
    PAGE = "page"  # somebody asked for a page at this hour (`oncallbot page`)
    HOLD = "hold"  # the caller chose "can wait"
    OFFICE_UNANSWERED = "office_unanswered"  # the office did not answer its phone: the tier chooses


@dataclass(frozen=True, slots=True)
class CustomerReported:
    """A customer told us something: it joins `issue` or, with `number` given and no issue, opens one.

    `contact` is where the reporter can be told things ("" when nowhere), `caller` as received. `still_talking` means
    that an unknown caller is on the line: the first page waits for the message, the hang-up or 60 s. `split_from` is
    the issue that the report had wrongly joined until now: nobody is on the line, and no reply is under way.
    """

    hotline: str
    customer: str | None
    contact: str
    caller: str
    road: Road
    words: str
    urgent: bool = True
    still_talking: bool = False
    reaction: Reaction = Reaction.BY_HOURS
    language: str = "en"
    dedup_key: str | None = None
    reference: int | None = None
    number: int | None = None
    split_from: int | None = None


@dataclass(frozen=True, slots=True)
class ReportContinued:
    """More came of a report that is already on the issue: a recording, its transcription, a keyed number.

    `is_message` means that the caller has finished the message, so nobody waits for more words before paging.
    """

    words: str
    kind: str  # recording | transcription | keyed
    is_message: bool = False
    contact: str | None = None  # a number the caller keyed to be called back at


@dataclass(frozen=True, slots=True)
class CallerLeft:
    """The caller hung up, `after` that long on the line, with nothing said that we kept when `said_nothing`."""

    after: timedelta
    is_known: bool
    said_nothing: bool


class Answer(StrEnum):
    """What a responder can say to an issue: keys 4, 5, 6 and a written note."""

    ACKNOWLEDGE = "acknowledge"
    PASS = "pass"
    RESOLVE = "resolve"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class ResponderAnswered:
    """An identified responder acted, by whatever road (`key`, `sms`, `command`, `slack`, `link`)."""

    responder: str
    answer: Answer
    road: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class EscalatedNow:
    """A responder asked to page the next level at once."""

    responder: str


@dataclass(frozen=True, slots=True)
class Snoozed:
    """The holder asked not to be reminded before `until`."""

    responder: str
    until: datetime


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The holder asked somebody else to take it."""

    responder: str
    to: str


@dataclass(frozen=True, slots=True)
class ResponderAdded:
    """A responder asked for one more person to be paged."""

    responder: str
    added: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A responder took it from its holder."""

    responder: str


@dataclass(frozen=True, slots=True)
class ClosedByHand:
    """The day team closed it."""

    responder: str


@dataclass(frozen=True, slots=True)
class SplitOff:
    """A responder said that a report had wrongly joined: it opens issue `into`."""

    responder: str
    into: int


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A manager says that this was no issue (a robocall): closed without a question to the customer."""

    responder: str


@dataclass(frozen=True, slots=True)
class ContactOptedOut:
    """The reporter asked the carrier for no more texts (or, `out` False, allowed them again)."""

    phone: str
    out: bool


@dataclass(frozen=True, slots=True)
class DeliveryReported:
    """What became of one send. `attempt` is the outbox's id, of a page or of anything else we sent.

    `is_set_up` marks a failure that others will share until somebody mends the configuration.
    """

    attempt: str
    status: AttemptStatus
    error: str = ""
    provider_id: str | None = None
    is_set_up: bool = False


@dataclass(frozen=True, slots=True)
class AlarmRang:
    """`wake_at` has come."""


CustomerEvent = CustomerReported | ReportContinued | CallerLeft | ContactOptedOut
ResponderEvent = (
    ResponderAnswered
    | EscalatedNow
    | Snoozed
    | HandedOver
    | ResponderAdded
    | TakenOver
    | ClosedByHand
    | SplitOff
    | Dismissed
)
Event = CustomerEvent | ResponderEvent | DeliveryReported | AlarmRang
