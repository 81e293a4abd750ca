"""How does a text travel: to a handset by REST or TwiML, or from a handset to a number of ours?

Must not refuse requests: `rest_messages` does.
"""

import asyncio
import time
from urllib.parse import urljoin

from oncallbot.emulators.handsets import Handset
from oncallbot.emulators.postman import Answer, without_fragment
from oncallbot.emulators.twilio import callbacks, twiml
from oncallbot.emulators.twilio.exchange import Exchange, error_code
from oncallbot.emulators.twilio.records import Message, Number, new_sid
from oncallbot.emulators.twilio.segments import segments
from oncallbot.emulators.twilio.twiml import Verb

STOP = frozenset("STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT".split())
START = frozenset("START YES UNSTOP".split())
HELP = frozenset("HELP INFO".split())
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. "
    "Reply HELP for help. Reply STOP to unsubscribe."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
MOST_REPLIES = 20


def opt_out_of(body: str) -> str | None:
    """Which table a text falls under: only the word alone counts, in any case."""
    word = body.strip().upper()
    for name, words in (("STOP", STOP), ("START", START), ("HELP", HELP)):
        if word in words:
            return name
    return None


def send(exchange: Exchange, message: Message) -> Message:
    """Accepts a text that the account sends; it travels by itself."""
    message.segments = segments(message.body)
    exchange.messages[message.sid] = message
    exchange.journal.note("message", sid=message.sid, status=message.status, to=message.to)
    exchange.start(_travel(exchange, message))
    return message


async def _travel(exchange: Exchange, message: Message) -> None:
    if message.status == "failed":
        _tell(exchange, message)
        return
    handset = exchange.handsets.at(message.to)
    owner, real = handset.behaviour, exchange.settings.real
    if owner.texts == "scheduled":
        _change(exchange, message, "scheduled")
        return
    if owner.text_after > message.validity_seconds:
        await asyncio.sleep(real(message.validity_seconds))
        _change(exchange, message, "failed", 30036)
        return
    await asyncio.sleep(real(owner.text_after))
    if message.to in exchange.numbers:
        _loop_back(exchange, message)
    if owner.texts == "failed":
        _change(exchange, message, "failed", owner.error_code)
        return
    message.sent_at = time.time()
    _change(exchange, message, "sent")
    if owner.texts == "undelivered":
        _change(exchange, message, "undelivered", owner.error_code)
        return
    handset.receive(message.from_, message.body, message.sid, message.media)
    if owner.texts == "delivered":
        _change(exchange, message, "delivered")
    if owner.auto_reply and not owner.takes_no_texts:
        handset.start(_reply(exchange, handset, message, owner.auto_reply.pop(0)))


def _loop_back(exchange: Exchange, message: Message) -> None:
    """A text from one of our numbers to another comes in there."""
    receive(exchange, message.from_, message.to, message.body, message.media)


async def _reply(exchange: Exchange, handset: Handset, message: Message, body: str) -> None:
    await asyncio.sleep(exchange.settings.real(handset.behaviour.reply_after))
    if message.from_ in exchange.numbers:
        text_in(exchange, handset, message.from_, body, [])


def _change(exchange: Exchange, message: Message, status: str, code: int | None = None) -> None:
    message.status, message.error_code, message.updated_at = status, code, time.time()
    exchange.journal.note("message", sid=message.sid, status=status, to=message.to)
    _tell(exchange, message)


def _tell(exchange: Exchange, message: Message) -> None:
    """There is no callback for the first status, which the answer to the request has told already."""
    if message.status_callback:
        params = callbacks.message_status_params(exchange.settings, message)
        exchange.tell("status", "Messages", message.sid, message.status_callback, "POST", params)


def text_in(exchange: Exchange, handset: Handset, to: str, body: str, media: list[str]) -> Message:
    """A handset texts a number of ours; the carrier answers its own words itself."""
    message = receive(exchange, handset.number, to, body, media)
    handset.sent(to, body, message.sid, media)
    return message


def receive(exchange: Exchange, sender: str, to: str, body: str, media: list[str]) -> Message:
    message = Message(to, sender, body, "inbound", "received", media=list(media), segments=segments(body))
    if media:
        message.sid = new_sid("MM")
    message.sent_at = message.created_at
    exchange.messages[message.sid] = message
    exchange.journal.note("message", sid=message.sid, status="received", to=to)
    word = opt_out_of(body)
    if word is not None:
        _carrier(exchange, sender, to, word)
    exchange.start(_ask(exchange, exchange.numbers[to], message, word))
    return message


def _carrier(exchange: Exchange, sender: str, to: str, word: str) -> None:
    """The opt-out table is kept by Twilio, per pair of numbers; its replies are not messages of the account."""
    pair = (sender, to)
    reply = None
    if word == "STOP":
        reply = STOPPED if pair not in exchange.opted_out else None
        exchange.opted_out.add(pair)
    elif word == "START" and pair in exchange.opted_out:
        exchange.opted_out.discard(pair)
        reply = STARTED
    elif word == "HELP":
        reply = HELPED
    if reply is not None and sender in exchange.handsets.known:
        exchange.handsets.at(sender).receive(to, reply, "carrier")
    exchange.journal.note("opt_out", number=sender, to=to, word=word)


async def _ask(exchange: Exchange, number: Number, message: Message, word: str | None) -> None:
    if not number.answers_texts:
        return
    params = callbacks.inbound_message_params(exchange.settings, message, word)
    url, method, purpose = number.answers_texts, number.sms_method, "sms"
    extra: dict[str, str] = {}
    for _ in range(MOST_REPLIES):
        verbs, code = await _fetch(exchange, message, url, method, params | extra, purpose)
        if verbs is None and purpose != "fallback" and number.sms_fallback_url:
            extra = {"ErrorCode": str(code), "ErrorUrl": without_fragment(url)}
            url, method, purpose = number.sms_fallback_url, number.sms_fallback_method, "fallback"
            continue
        redirect = _perform(exchange, message, url, verbs or [])
        if redirect is None:
            return
        url, method = redirect


async def _fetch(
    exchange: Exchange, message: Message, url: str, method: str, params: dict[str, str], purpose: str
) -> tuple[list[Verb] | None, int]:
    webhook = exchange.webhook(purpose, "Messages", message.sid, url, method, params, None)
    answer: Answer = await exchange.postman.ask(webhook)
    if not answer.ok:
        return None, error_code(answer)
    document = twiml.parse(answer.body, answer.content_type, "messaging")
    for complaint in document.complaints:
        exchange.journal.violation(complaint.code, complaint.text, url=url, message=message.sid)
    return (None, document.fatal.code) if document.fatal else (document.verbs, 0)


def _perform(exchange: Exchange, message: Message, url: str, verbs: list[Verb]) -> tuple[str, str] | None:
    """Sends what the answer says; returns where a Redirect leads."""
    for verb in verbs:
        if verb.name == "Redirect" and verb.text:
            return urljoin(without_fragment(url), verb.text), verb.get("method", "POST")
        if verb.name == "Message":
            _answer(exchange, message, url, verb)
    return None


def _answer(exchange: Exchange, message: Message, url: str, verb: Verb) -> None:
    callback = verb.get("statusCallback") or verb.get("action")
    to, sender = verb.get("to") or message.from_, verb.get("from") or message.to
    body = verb.text or "".join(child.text for child in verb.children if child.name == "Body")
    reply = Message(to, sender, body, "outbound-reply", "queued")
    reply.media = [child.text for child in verb.children if child.name == "Media"]
    reply.status_callback = urljoin(without_fragment(url), callback) if callback else ""
    if sender not in exchange.numbers:
        exchange.journal.violation(14107, f"Message: {sender!r} is not a number of the account", url=url)
        return
    if (to, sender) in exchange.opted_out:
        reply.status, reply.error_code = "failed", 21610
    elif exchange.handsets.at(to).behaviour.takes_no_texts:
        reply.status, reply.error_code = "failed", 21614
    send(exchange, reply)
