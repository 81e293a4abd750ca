"""How does a customer's call reach the door, and what does the line say? Translates both ways, decides nothing.

It must not hold a state: the conversation's is in `escalation.call`, kept by the door.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from oncallbot.engine.handle import Door
from oncallbot.escalation.call import (
    CallArrived,
    CallFact,
    CallHungUp,
    CallMove,
    CallStep,
    HotlineCall,
    Line,
    MessageLeft,
    NumberKeyed,
    OfficeAnswered,
    OfficeDialEnded,
    Then,
    TranscriptArrived,
)
from oncallbot.escalation.issue import Issue, Status
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.telephony import twiml
from oncallbot.telephony.numbers import is_withheld, region, to_e164
from oncallbot.wording.customers import line_spoken
from oncallbot.wording.languages import spoken_language
from oncallbot.wording.text import clean

log = logging.getLogger(__name__)

OFFICE_ENDED = "/twilio/hotline/office-ended"
OFFICE_LEG = "/twilio/hotline/office-leg"
NUMBER = "/twilio/hotline/number"
MESSAGE = "/twilio/hotline/message"
RECORDING = "/twilio/hotline/recording"
TRANSCRIPT = "/twilio/hotline/transcript"
ENDED = "/twilio/hotline/ended"

RETRIES = "#rc=2&rp=ct,rt,5xx"
KEYS_A_NUMBER = timedelta(seconds=10)
OFFICE_RINGS = timedelta(seconds=25)
LONGEST_CALLER = 60


@dataclass(frozen=True, slots=True)
class Ringing:
    """What the first webhook of a call says."""

    sid: str
    from_: str
    to: str


def arrive(door: Door, public_url: str, ringing: Ringing) -> str:
    """The first words to a caller. A number of no hotline, or one of our own as the caller, is rejected."""
    rules = door.rules_now()
    hotline = rules.hotline_of_number(to_e164(ringing.to) or ringing.to)
    if hotline is None:
        log.warning("a call came for a number of no hotline: add it to a hotline's `numbers`, or release it")
        return twiml.voice((twiml.Reject(),))
    caller = "" if is_withheld(ringing.from_) else to_e164(ringing.from_) or ""
    if caller and rules.hotline_of_number(caller) is not None:
        log.warning("a call came from a hotline's own number: rejected, or it would page about itself")
        return twiml.voice((twiml.Reject(),))
    return _move(door, public_url, _new_call(door, rules, hotline, ringing, caller), CallArrived(), "arrived")


def _new_call(door: Door, rules: Rules, hotline: Hotline, ringing: Ringing, caller: str) -> HotlineCall:
    customer = rules.customer_of_phone(caller)
    return HotlineCall(
        sid=ringing.sid,
        hotline=hotline.id,
        number=ringing.to,
        caller=clean(ringing.from_, LONGEST_CALLER),
        contact=caller,
        customer=customer.id if customer else None,
        is_known=customer is not None,
        language=spoken_language(customer.language if customer else None, hotline),
        step=CallStep.MESSAGE,
        started_at=door.clock.now(),
    )


def office_answered(door: Door, public_url: str, sid: str) -> None:
    """The office target picked up."""
    _known(door, public_url, sid, OfficeAnswered(), "office-answered")


def office_ended(door: Door, public_url: str, sid: str, dial_status: str, bridged: str) -> str | None:
    """The office leg is over: they talked, or nobody was there. `completed` alone does not prove that they talked."""
    talked = bridged == "true" if bridged else dial_status in ("completed", "answered")
    return _known(door, public_url, sid, OfficeDialEnded(talked), "office-ended")


def keyed(door: Door, public_url: str, sid: str, digits: str) -> str | None:
    """A withheld caller keyed a number (or nothing that is one)."""
    with_plus = f"+{digits.removeprefix('00')}" if digits.startswith("00") else digits
    rules = door.rules_now()
    return _known(door, public_url, sid, NumberKeyed(_dialled_number(rules, with_plus)), "number")


def _dialled_number(rules: Rules, digits: str) -> str:
    """National digits are read as the first hotline number's country would."""
    number = next((one for hotline in rules.hotlines.values() for one in hotline.numbers), "")
    return to_e164(digits) or to_e164(digits, region(number)) or ""


def message_left(door: Door, public_url: str, sid: str, url: str, seconds: str) -> str | None:
    """The recording is over, or (no url) nothing was said. The first word on it counts."""
    length = int(seconds) if seconds.isdecimal() else 0
    return _known(door, public_url, sid, MessageLeft(url or None, length), "message")


def transcript_arrived(door: Door, public_url: str, sid: str, recording: str, status: str, words: str) -> None:
    """The transcription, late or never; a failed one changes nothing."""
    heard = words if status == "completed" else ""
    _known(door, public_url, sid, TranscriptArrived(heard), f"transcript/{recording}")


def hung_up(door: Door, public_url: str, sid: str) -> None:
    """The call is over."""
    _known(door, public_url, sid, CallHungUp(), "hung-up")


def _known(door: Door, public_url: str, sid: str, fact: CallFact, nonce: str) -> str | None:
    """The TwiML for the next step of a call that we know; None for one that we do not."""
    call = door.hotline_call(sid)
    return None if call is None else _move(door, public_url, call, fact, nonce)


def _move(door: Door, public_url: str, call: HotlineCall, fact: CallFact, nonce: str) -> str:
    def render(move: CallMove, outcome: Outcome, rules: Rules, issue: Issue | None) -> str:
        return twiml.voice(_steps(door, public_url, move, outcome, rules, issue))

    return door.handle_call(call, fact, key=f"call/{call.sid}/{nonce}", render=render).body


def _steps(
    door: Door, public_url: str, move: CallMove, outcome: Outcome, rules: Rules, issue: Issue | None
) -> Iterator[twiml.Step]:
    hotline = rules.hotlines.get(move.call.hotline)
    if hotline is None:  # removed during the call: what was said is kept, but nobody is left to speak for
        yield twiml.Hangup()
        return
    language = move.call.language
    told = outcome if outcome.number is not None else None
    lines = [
        line_spoken(_truthful(line, outcome), language, hotline, rules, door.clock.now(), issue, told)
        for line in move.lines
    ]
    says = tuple(twiml.Say(words, language) for words in lines)
    match move.then:
        case Then.RECORD:
            yield from says
            yield twiml.Record(
                f"{public_url}{MESSAGE}{RETRIES}",
                transcribe_callback=f"{public_url}{TRANSCRIPT}{RETRIES}",
                status_callback=f"{public_url}{RECORDING}{RETRIES}",
            )
            yield twiml.Redirect(f"{public_url}{MESSAGE}?empty=1{RETRIES}")  # an empty recording calls no action
        case Then.GATHER_NUMBER:
            yield twiml.Gather(
                f"{public_url}{NUMBER}{RETRIES}", says, digits=None, finish_on_key="#", timeout=KEYS_A_NUMBER
            )
            yield twiml.Redirect(f"{public_url}{NUMBER}?empty=1{RETRIES}")
        case Then.DIAL_OFFICE:
            yield from says
            yield twiml.Dial(
                hotline.office_target or "",
                f"{public_url}{OFFICE_ENDED}{RETRIES}",
                caller_id=move.call.number,
                timeout=OFFICE_RINGS,
                status_callback=f"{public_url}{OFFICE_LEG}{RETRIES}",
            )
        case Then.HANG_UP:
            yield from says
            yield twiml.Hangup()


def _truthful(line: Line, outcome: Outcome) -> Line:
    """The greeting that the outcome allows: we page only where it says so, and a known issue is named."""
    if line not in (Line.PAGING, Line.WILL_PAGE):
        return line
    if outcome.kind is Kind.JOINED:
        return Line.EXISTING
    return Line.CLOSED if outcome.status == Status.HELD else line
