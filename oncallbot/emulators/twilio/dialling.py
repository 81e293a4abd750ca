"""Whom does Dial ring, who is screened and bridged, and what does the action learn?

Must not place calls for REST (`conversation.place` does).
"""

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from oncallbot.emulators.lines import HungUp, Interrupted, Key, LegOver, LegReady, Line, Ordered, Speech
from oncallbot.emulators.twilio import callbacks
from oncallbot.emulators.twilio.conversation import Conversation, End, Next, Source, ring
from oncallbot.emulators.twilio.listening import last_word
from oncallbot.emulators.twilio.records import Call, Recording
from oncallbot.emulators.twilio.twiml import Verb

E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(slots=True)
class Leg:
    """One dialled number: its own call, its own handset, perhaps a screening document."""

    call: Call
    noun: Verb
    over: bool = False
    ordered: bool = False
    bridged: bool = False


@dataclass(slots=True)
class Dialled:
    """A Dial while it runs."""

    talk: Conversation
    verb: Verb
    legs: list[Leg] = field(default_factory=list)
    winner: Leg | None = None
    bridged_at: float | None = None


async def dial(talk: Conversation, verb: Verb) -> Next:
    exchange = talk.exchange
    complaint = _complaint(talk, verb)
    if complaint is not None:
        exchange.journal.violation(*complaint, call=talk.call.sid)
        return _action(Dialled(talk, verb), "failed")
    dialled = Dialled(talk, verb)
    talk.line.flush()
    talk.line.wait_for("dial")
    for noun in verb.children or [Verb("Number", {}, verb.text)]:
        dialled.legs.append(_start_leg(dialled, noun))
    try:
        await _until_over(dialled)
    except Interrupted as interrupted:
        await _end_legs(dialled)
        if isinstance(interrupted.signal, HungUp):
            following = _action(dialled, _status(dialled))
            await last_word(talk, following)
        raise
    finally:
        _order_end(dialled)
        talk.line.bridged_to = None
        talk.line.wait_for("none")
    await _end_legs(dialled)
    return _action(dialled, _status(dialled))


def _complaint(talk: Conversation, verb: Verb) -> tuple[int, str] | None:
    for noun in verb.children or [Verb("Number", {}, verb.text)]:
        if not E164.fullmatch(noun.text):
            return 13223, f"Dial: invalid phone number format {noun.text!r}"
    caller_id = verb.get("callerId")
    known = {talk.call.from_, talk.call.to, *talk.exchange.numbers}
    if caller_id and caller_id not in known:
        return 13214, f"Dial: invalid callerId value {caller_id!r}"
    return None


def _start_leg(dialled: Dialled, noun: Verb) -> Leg:
    talk, verb = dialled.talk, dialled.verb
    callback = noun.get("statusCallback")
    call = Call(
        to=noun.text,
        from_=verb.get("callerId") or talk.call.from_,
        direction="outbound-dial",
        parent_sid=talk.call.sid,
        status_callback=urljoin(talk.base, callback) if callback else "",
        status_method=noun.get("statusCallbackMethod", "POST"),
        status_events=frozenset(noun.get("statusCallbackEvent", "completed").split()),
        ring_seconds=verb.number("timeout", 30),
    )
    talk.exchange.add_call(call)
    leg = Leg(call, noun)
    talk.exchange.start(_live(dialled, leg))
    return leg


async def _live(dialled: Dialled, leg: Leg) -> None:
    """The called party's side: ring, screen, wait for the bridge, talk."""
    talk, exchange, call = dialled.talk, dialled.talk.exchange, leg.call
    try:
        exchange.tell_event(call, "initiated")
        status = await ring(exchange, call)
        if status is None and call.line is not None:
            status = await _answered(dialled, leg, call.line)
        exchange.finish(call, status or "failed")
    finally:
        leg.over = True
        talk.line.send(LegOver(leg))


async def _answered(dialled: Dialled, leg: Leg, line: Line) -> str:
    exchange, talk = dialled.talk.exchange, dialled.talk
    if leg.noun.get("url"):
        screening = _Screening(exchange, leg.call, line, talk.performer, room="screening", base=talk.base)
        source = screening.source(leg.noun.get("url"), leg.noun.get("method", "POST"), {}, "screening")
        if await screening.run(source) != "accepted":
            return "completed"
    if dialled.winner is not None:
        return "completed"
    dialled.winner = leg
    talk.line.send(LegReady(leg))
    try:
        while True:
            signal = await line.next(None)
            if isinstance(signal, Speech) and leg.bridged:
                talk.line.hear(signal.text)
    except Interrupted as interrupted:
        match interrupted.signal:
            case Ordered(order="redirect", source=source):
                line.bridged_to = None
                talk.line.send(LegOver(leg))
                return await Conversation(exchange, leg.call, line, talk.performer).run(source)
            case _:
                return "completed"


class _Screening(Conversation):
    """The called party's document: its end without Hangup accepts the call."""

    async def perform(self, verbs: list[Verb]) -> Next:
        for verb in verbs:
            following = await self.performer(self, verb)
            if following is not None:
                return following
        return End("accepted")


async def _until_over(dialled: Dialled) -> None:
    """Until every leg is over, the bridged one ends, the caller presses star, or the time limit comes."""
    talk, verb = dialled.talk, dialled.verb
    real = talk.exchange.settings.real
    while not all(leg.over for leg in dialled.legs):
        left = None
        if dialled.bridged_at is not None:
            left = dialled.bridged_at + real(verb.number("timeLimit", 14400)) - time.monotonic()
            if left <= 0:
                return
        signal = await talk.line.next(left)
        match signal:
            case LegReady(leg=leg):
                _bridge(dialled, leg)
            case LegOver(leg=leg) if leg is dialled.winner:
                return
            case Key(digit="*") if verb.flag("hangupOnStar"):
                return
            case Speech(text=text) if dialled.winner and dialled.winner.bridged and dialled.winner.call.line:
                dialled.winner.call.line.hear(text)
            case _:
                pass


def _bridge(dialled: Dialled, leg: Leg) -> None:
    """The first to be ready wins; the others are rung off."""
    if leg.call.line is None or leg.over:
        return
    talk = dialled.talk
    talk.pick_up()
    leg.bridged, dialled.bridged_at = True, time.monotonic()
    talk.line.bridged_to, leg.call.line.bridged_to = leg.call.line, talk.line
    talk.exchange.journal.note("bridged", call=talk.call.sid, leg=leg.call.sid)
    for other in dialled.legs:
        if other is not leg and not other.over and not other.ordered:
            other.ordered = True
            talk.exchange.order(other.call, "complete")


async def _end_legs(dialled: Dialled) -> None:
    """Rings off what is left, and waits until each leg has its final status."""
    _order_end(dialled)
    while not all(leg.over for leg in dialled.legs):
        await asyncio.sleep(0.002)


def _order_end(dialled: Dialled) -> None:
    for leg in dialled.legs:
        if not leg.over and not leg.ordered:
            leg.ordered = True
            dialled.talk.exchange.order(leg.call, "complete")


def _status(dialled: Dialled) -> str:
    """DialCallStatus: `completed` says only that somebody, or something, picked up."""
    leg = dialled.winner or next((leg for leg in dialled.legs if leg.call.answered_at), dialled.legs[-1])
    return leg.call.status


def _action(dialled: Dialled, status: str) -> Next:
    """Without an action the next verb follows."""
    talk, verb = dialled.talk, dialled.verb
    legs = dialled.legs
    leg = dialled.winner or next((leg for leg in legs if leg.call.answered_at), legs[-1] if legs else None)
    bridged = leg is not None and leg.bridged
    extra: dict[str, Any] = {"DialCallStatus": status, "DialBridged": "true" if bridged else "false"}
    if leg is not None:
        extra["DialCallSid"] = leg.call.sid
        if leg.call.answered_at:
            extra["DialCallDuration"] = str(leg.call.duration or 0)
        extra |= _recorded(dialled, leg)
    if not verb.get("action"):
        return None
    source = talk.source(verb.get("action"), verb.get("method", "POST"), extra, "action")
    assert isinstance(source, Source)
    return source


def _recorded(dialled: Dialled, leg: Leg) -> dict[str, str]:
    verb, exchange = dialled.verb, dialled.talk.exchange
    if verb.get("record", "do-not-record") in ("do-not-record", "false") or not leg.bridged:
        return {}
    made = Recording(dialled.talk.call.sid, leg.call.duration or 1, "DialVerb")
    exchange.recordings[made.sid] = made
    url = verb.get("recordingStatusCallback")
    if url and "completed" in verb.get("recordingStatusCallbackEvent", "completed"):
        params = callbacks.recording_params(exchange.settings, exchange.base_url, made, "completed")
        method = verb.get("recordingStatusCallbackMethod", "POST")
        exchange.tell("recording", "Recordings", made.sid, urljoin(dialled.talk.base, url), method, params)
    return {
        "RecordingUrl": exchange.base_url + callbacks.recording_uri(exchange.settings, made),
        "RecordingSid": made.sid,
    }
