"""What does a caller hear next, and what does the issue learn? The hotline conversation as states.

It must not speak TwiML nor hold a sentence: it answers with lines from a closed list, which `wording` says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from oncallbot.escalation.events import CallerLeft, CustomerReported, Event, Reaction, ReportContinued
from oncallbot.escalation.issue import Road
from oncallbot.escalation.rules import Rules


class CallStep(StrEnum):
    """Where the conversation stands: what the caller is doing right now."""

    OFFICE = "office"  # the office target rings, or talks to the caller
    NUMBER = "number"  # a withheld caller may key a number to be called back at
    MESSAGE = "message"  # the recording runs
    ENDED = "ended"


class Line(StrEnum):
    """What is said to a caller, in the order given. `wording.customers` knows the sentences."""

    PAGING = "paging"  # we are closed, and we are paging the person on call
    WILL_PAGE = "will_page"  # ... as soon as we know what happened
    CLOSED = "closed"  # we are closed, and your message will be heard in the morning
    EXISTING = "existing"  # your issue AH-1042 is known, and with whom
    CONNECTING = "connecting"  # office hours
    UNANSWERED = "unanswered"  # the office did not answer
    ASK_NUMBER = "ask_number"
    ASK_MESSAGE = "ask_message"  # with the recording notice
    ASK_NAME_AND_MESSAGE = "ask_name_and_message"
    NOTHING_HEARD = "nothing_heard"
    THANKS = "thanks"  # the reference, and the promise where there is one


class Then(StrEnum):
    """What the line does after the words."""

    RECORD = "record"
    GATHER_NUMBER = "gather_number"
    DIAL_OFFICE = "dial_office"
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True)
class HotlineCall:
    """One call to a hotline. `caller` is as received, `contact` its E.164 or "" when withheld; `number` was dialled.

    `issue` is the number of the issue that it opened or joined; `heard` is what came of it so far:
    "" nothing, "office" the office answered, "message" a message was recorded.
    """

    sid: str
    hotline: str
    number: str
    caller: str
    contact: str
    customer: str | None
    is_known: bool
    language: str
    step: CallStep
    started_at: datetime
    issue: int | None = None
    ended_at: datetime | None = None
    heard: str = ""


@dataclass(frozen=True, slots=True)
class CallArrived:
    """The first webhook of a call."""


@dataclass(frozen=True, slots=True)
class OfficeAnswered:
    """Somebody (or something) at the office target picked up."""


@dataclass(frozen=True, slots=True)
class OfficeDialEnded:
    """The office leg is over; `talked` when it had been bridged to the caller."""

    talked: bool


@dataclass(frozen=True, slots=True)
class NumberKeyed:
    """The withheld caller keyed a number (E.164), or "" for nothing usable."""

    contact: str


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """The recording is over; `seconds` 0 and no url when nothing was said."""

    url: str | None
    seconds: int


@dataclass(frozen=True, slots=True)
class TranscriptArrived:
    """The vendor's transcription of the recording; "" when it failed."""

    words: str


@dataclass(frozen=True, slots=True)
class CallHungUp:
    """The call is over."""


CallFact = CallArrived | OfficeAnswered | OfficeDialEnded | NumberKeyed | MessageLeft | TranscriptArrived | CallHungUp


@dataclass(frozen=True, slots=True)
class CallMove:
    """The call after the fact, what the issue learns (in this order), what is said, and what the line does then."""

    call: HotlineCall
    events: tuple[Event, ...] = ()
    lines: tuple[Line, ...] = ()
    then: Then = Then.HANG_UP


def advance(call: HotlineCall, fact: CallFact, rules: Rules, now: datetime) -> CallMove:
    """The next move of a call. Total: a fact that comes late or twice moves nothing and ends the line politely."""
    match fact:
        case CallArrived():
            return _arrived(call, rules, now)
        case OfficeAnswered():
            return CallMove(replace(call, heard="office") if call.step is CallStep.OFFICE else call)
        case OfficeDialEnded(talked):
            return _office_ended(call, talked)
        case NumberKeyed(contact):
            return _number_keyed(call, contact)
        case MessageLeft(url, seconds):
            return _message_left(call, url, seconds)
        case TranscriptArrived(words):
            events = (ReportContinued(words, "transcription"),) if words else ()
            return CallMove(call, events)
        case CallHungUp():
            return _hung_up(call, now)


def _arrived(call: HotlineCall, rules: Rules, now: datetime) -> CallMove:
    hotline = rules.hotlines[call.hotline]
    if rules.is_office_open(hotline, now):
        if hotline.office_target:
            return CallMove(replace(call, step=CallStep.OFFICE), (), (Line.CONNECTING,), Then.DIAL_OFFICE)
        return _office_unanswered(call)
    opened = _report(call, still_talking=not call.is_known)
    if call.is_known:
        lines = (Line.PAGING, Line.ASK_MESSAGE)
        return CallMove(replace(call, step=CallStep.MESSAGE), (opened,), lines, Then.RECORD)
    if not call.contact:
        lines = (Line.WILL_PAGE, Line.ASK_NUMBER)
        return CallMove(replace(call, step=CallStep.NUMBER), (opened,), lines, Then.GATHER_NUMBER)
    lines = (Line.WILL_PAGE, Line.ASK_NAME_AND_MESSAGE)
    return CallMove(replace(call, step=CallStep.MESSAGE), (opened,), lines, Then.RECORD)


def _office_ended(call: HotlineCall, talked: bool) -> CallMove:
    if call.step is not CallStep.OFFICE:
        return CallMove(call)
    if talked:
        return CallMove(replace(call, step=CallStep.ENDED, heard="office"))
    return _office_unanswered(call)


def _office_unanswered(call: HotlineCall) -> CallMove:
    opened = replace(_report(call, still_talking=False), reaction=Reaction.OFFICE_UNANSWERED)
    lines = (Line.UNANSWERED, Line.ASK_MESSAGE if call.is_known else Line.ASK_NAME_AND_MESSAGE)
    return CallMove(replace(call, step=CallStep.MESSAGE, heard=""), (opened,), lines, Then.RECORD)


def _number_keyed(call: HotlineCall, contact: str) -> CallMove:
    if call.step is not CallStep.NUMBER:
        return CallMove(call)
    moved = replace(call, step=CallStep.MESSAGE, contact=contact or call.contact)
    events = (ReportContinued(contact, "keyed", contact=contact),) if contact else ()
    return CallMove(moved, events, (Line.ASK_NAME_AND_MESSAGE,), Then.RECORD)


def _message_left(call: HotlineCall, url: str | None, seconds: int) -> CallMove:
    if call.step is CallStep.ENDED and call.heard == "message":
        return CallMove(call, (), (Line.THANKS,))
    said_something = url is not None and seconds > 0
    moved = replace(call, step=CallStep.ENDED, heard="message" if said_something else call.heard)
    words = f"Message of {seconds} s" if said_something else ""
    event = ReportContinued(words, "recording", is_message=True)
    lines = (Line.THANKS,) if said_something else (Line.NOTHING_HEARD, Line.THANKS)
    return CallMove(moved, (event,), lines)


def _hung_up(call: HotlineCall, now: datetime) -> CallMove:
    if call.ended_at is not None:
        return CallMove(call)
    moved = replace(call, step=CallStep.ENDED, ended_at=now)
    if call.issue is None:
        if call.step is not CallStep.OFFICE or call.heard == "office":
            return CallMove(moved)
        opened = replace(_report(call, still_talking=False), reaction=Reaction.OFFICE_UNANSWERED)
        return CallMove(moved, (opened,))
    stayed = max(now - call.started_at, timedelta())
    return CallMove(moved, (CallerLeft(stayed, call.is_known, said_nothing=call.heard != "message"),))


def _report(call: HotlineCall, *, still_talking: bool) -> CustomerReported:
    return CustomerReported(
        hotline=call.hotline,
        customer=call.customer,
        contact=call.contact,
        caller=call.caller,
        road=Road.CALL,
        words="",
        still_talking=still_talking,
        language=call.language,
    )
