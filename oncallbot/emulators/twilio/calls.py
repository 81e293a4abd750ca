"""How does a whole call go, placed by REST or dialled by a handset, verb by verb?

Must not refuse or render anything: `rest_calls` does.
"""

import asyncio
import time

from oncallbot.emulators.lines import Line
from oncallbot.emulators.twilio import dialling, listening
from oncallbot.emulators.twilio.conversation import Conversation, End, Next, Source, ring
from oncallbot.emulators.twilio.exchange import Exchange
from oncallbot.emulators.twilio.records import Call
from oncallbot.emulators.twilio.twiml import Verb

WITHHELD = ("anonymous", "+266696687", "")


async def perform(talk: Conversation, verb: Verb) -> Next:
    """Performs one verb; None means that the next verb follows."""
    match verb.name:
        case "Reject" if not talk.call.answered_at:
            return End("busy" if verb.get("reason") == "busy" else "no-answer")
        case "Hangup" | "Reject":
            talk.pick_up()
            return End()
        case "Redirect":
            return talk.source(verb.text, verb.get("method", "POST"), {}, "voice") if verb.text else None
        case "Pause":
            await talk.line.pass_time(talk.exchange.settings.real(verb.number("length", 1)))
            return None
        case "Say" | "Play":
            talk.pick_up()
            await talk.voice(verb)
            return None
        case "Gather":
            talk.pick_up()
            return await listening.gather(talk, verb)
        case "Record":
            talk.pick_up()
            return await listening.record(talk, verb)
        case "Dial":
            if not verb.flag("answerOnBridge"):
                talk.pick_up()
            return await dialling.dial(talk, verb)
        case _:
            return None


async def place(exchange: Exchange, call: Call, source: Source) -> None:
    """A call by REST, from the queue to its end."""
    await _wait_for_slot(exchange, call)
    if call.is_over:
        return
    exchange.tell_event(call, "initiated")
    status = await ring(exchange, call)
    if status is not None or call.line is None:
        exchange.finish(call, status or "failed")
        return
    if call.detect_machine:
        robot = exchange.handsets.at(call.to).behaviour.behaviour == "mailbox"
        call.answered_by = "machine_start" if robot else "human"
    exchange.finish(call, await _within_limit(Conversation(exchange, call, call.line, perform), source))


async def _wait_for_slot(exchange: Exchange, call: Call) -> None:
    """One call a second by default at Twilio: later ones are queued, not refused."""
    rate = exchange.account.calls_per_second
    if rate <= 0:
        return
    slot = max(time.monotonic(), exchange.next_slot)
    exchange.next_slot = slot + exchange.settings.real(1 / rate)
    while (left := slot - time.monotonic()) > 0 and not call.is_over:
        await exchange.journal.change(left)


async def _within_limit(talk: Conversation, source: Source) -> str:
    try:
        return await asyncio.wait_for(talk.run(source), talk.exchange.settings.real(talk.call.limit_seconds))
    except TimeoutError:
        return "completed"


def dial_in(exchange: Exchange, handset_number: str, to: str, shown_as: str) -> Call:
    """A handset dials a number; `shown_as` is what the other side sees. Raises KeyError if nobody owns `to`."""
    number = exchange.numbers[to]
    call = exchange.add_call(Call(to=to, from_=shown_as, direction="inbound", status="ringing"))
    call.started_at = call.created_at
    call.line = Line(exchange.journal, handset_number, call.sid, "outgoing", to, "dialling")
    exchange.handsets.at(handset_number).take(call.line)
    call.url, call.method = number.answers_calls, number.voice_method
    call.fallback_url, call.fallback_method = number.voice_fallback_url, number.voice_fallback_method
    call.status_callback, call.status_method = number.status_callback, number.status_callback_method
    exchange.start(_receive(exchange, call, call.line))
    return call


async def _receive(exchange: Exchange, call: Call, line: Line) -> None:
    number = exchange.numbers[call.to]
    if not call.url or not number.capabilities.get("voice"):
        exchange.finish(call, "failed")
        return
    talk = Conversation(exchange, call, line, perform)
    exchange.finish(call, await _within_limit(talk, Source(call.url, call.method)))
