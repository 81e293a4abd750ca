"""Twilio's requests: the signature is checked, the form is parsed, and somebody who understands it is asked.

It must not understand anything itself.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from oncallbot.channels import sms, voice
from oncallbot.channels.voice import PageCall
from oncallbot.intake import call, text
from oncallbot.telephony.numbers import is_withheld, to_e164
from oncallbot.telephony.signature import is_signed
from oncallbot.web import routes
from oncallbot.web.bodies import read_body
from oncallbot.web.doors import Doors

log = logging.getLogger(__name__)

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
MOST_MEDIA = 10


@dataclass(frozen=True, slots=True)
class Form:
    """A signed request: its form's fields (blank when absent) and its query's."""

    fields: Mapping[str, str]
    query: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def number(self, name: str, default: int) -> int:
        """A whole number of our own query string."""
        value = self.query.get(name, "")
        return int(value) if value.isdecimal() else default


def create(doors: Doors) -> APIRouter:
    """The routes below /twilio/."""
    router = routes.router("/twilio")
    signed = Depends(_signed(doors))
    _hotline_routes(router, doors, signed)
    _call_routes(router, doors, signed)
    _page_routes(router, doors, signed)
    return router


def _signed(doors: Doors) -> Callable[[Request], Awaitable[Form]]:
    """Reads and checks a request before anything else looks at it."""

    async def check(request: Request) -> Form:
        if not doors.twilio_tokens:
            raise HTTPException(503, "Twilio is not connected")
        body = await read_body(request)
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        query = request.scope["query_string"].decode("latin-1")
        path = request.scope["raw_path"].decode("latin-1")
        target = f"{path}?{query}" if query else path
        signature = request.headers.get("X-Twilio-Signature")
        if not is_signed(doors.twilio_tokens, doors.public_url, target, fields, signature):
            log.warning("a request to %s had no valid Twilio signature: refused", path)
            raise HTTPException(403, "signature")
        return Form(dict(fields), dict(parse_qsl(query, keep_blank_values=True)))

    return check


def _hotline_routes(router: APIRouter, doors: Doors, signed: Any) -> None:
    door, public_url = doors.door, doors.public_url

    @router.post("/voice")
    def voice_arrives(form: Form = signed) -> Response:
        if form["CallStatus"] in OVER:  # the number's status callback may point here as well
            call.hung_up(door, public_url, form["CallSid"])
            return _nothing()
        return _twiml(call.arrive(door, public_url, call.Ringing(form["CallSid"], form["From"], form["To"])))

    @router.post("/sms")
    def text_arrives(form: Form = signed) -> Response:
        sender = "" if is_withheld(form["From"]) else to_e164(form["From"]) or form["From"]
        heard = sms.hear(door, sms.Text(form["MessageSid"], sender, form["To"], form["Body"]))
        if heard is None:
            count = int(form["NumMedia"]) if form["NumMedia"].isdecimal() else 0
            media = tuple(form[f"MediaUrl{one}"] for one in range(min(count, MOST_MEDIA)))
            heard = text.hear(door, text.Text(form["MessageSid"], form["From"], form["To"], form["Body"], media))
        return _twiml(heard)


def _call_routes(router: APIRouter, doors: Doors, signed: Any) -> None:
    door, public_url = doors.door, doors.public_url

    @router.post("/hotline/office-leg")
    def office_leg(form: Form = signed) -> Response:
        if form["CallStatus"] in ("in-progress", "answered"):
            call.office_answered(door, public_url, form["ParentCallSid"])
        return _nothing()

    @router.post("/hotline/office-ended")
    def office_ended(form: Form = signed) -> Response:
        return _step(call.office_ended(door, public_url, form["CallSid"], form["DialCallStatus"], form["DialBridged"]))

    @router.post("/hotline/number")
    def number_keyed(form: Form = signed) -> Response:
        return _step(call.keyed(door, public_url, form["CallSid"], form["Digits"]))

    @router.post("/hotline/message")
    def message_left(form: Form = signed) -> Response:
        url, seconds = form["RecordingUrl"], form["RecordingDuration"]
        return _step(call.message_left(door, public_url, form["CallSid"], url, seconds))

    @router.post("/hotline/recording")
    def recording_ready(form: Form = signed) -> Response:
        if form["RecordingUrl"]:  # also when the caller hung up, and no action was called
            call.message_left(door, public_url, form["CallSid"], form["RecordingUrl"], form["RecordingDuration"])
        return _nothing()

    @router.post("/hotline/transcript")
    def transcript(form: Form = signed) -> Response:
        status, words = form["TranscriptionStatus"], form["TranscriptionText"]
        call.transcript_arrived(door, public_url, form["CallSid"], form["RecordingSid"], status, words)
        return _nothing()

    @router.post("/hotline/ended")
    def hung_up(form: Form = signed) -> Response:
        if form["CallStatus"] in OVER:
            call.hung_up(door, public_url, form["CallSid"])
        return _nothing()


def _page_routes(router: APIRouter, doors: Doors, signed: Any) -> None:
    door, public_url = doors.door, doors.public_url

    @router.post("/page/{attempt}")
    def page_answered(attempt: str, form: Form = signed) -> Response:
        return _step(voice.speak(door, public_url, _page_call(attempt, form)))

    @router.post("/page/{attempt}/key")
    def page_key(attempt: str, form: Form = signed) -> Response:
        issue = form.number("issue", 0)
        return _step(voice.press(door, public_url, _page_call(attempt, form), issue, form["Digits"]))

    @router.post("/call-status/{attempt}")
    def call_status(attempt: str, form: Form = signed) -> Response:
        voice.receipt(door, attempt, form["CallSid"], form["CallStatus"], form["ErrorCode"])
        return _nothing()

    @router.post("/text-status/{attempt}")
    def text_status(attempt: str, form: Form = signed) -> Response:
        status = form["MessageStatus"] or form["SmsStatus"]
        sms.receipt(door, attempt, form["MessageSid"] or form["SmsSid"], status, form["ErrorCode"])
        return _nothing()


def _page_call(attempt: str, form: Form) -> PageCall:
    has_answered = form.number("answered", 0) == 1
    return PageCall(attempt, form["CallSid"], form.number("step", 1), form.number("said", 1), has_answered)


def _step(body: str | None) -> Response:
    """A call of which we know nothing (any more) is ended politely: there is nothing to say."""
    return _twiml(body or '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>')


def _twiml(body: str) -> Response:
    return Response(body, media_type="text/xml")


def _nothing() -> Response:
    return Response(status_code=204)
