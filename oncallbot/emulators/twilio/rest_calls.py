"""How does Twilio answer requests about calls?

Must not move a call: `calls` and `exchange` do.
"""

from fastapi import Request
from fastapi.responses import Response

from oncallbot.emulators.twilio import render
from oncallbot.emulators.twilio.calls import place
from oncallbot.emulators.twilio.conversation import Source
from oncallbot.emulators.twilio.desk import shown
from oncallbot.emulators.twilio.errors import Refused
from oncallbot.emulators.twilio.exchange import Exchange
from oncallbot.emulators.twilio.listing import PAGING, dated, page, within
from oncallbot.emulators.twilio.parameters import (
    E164,
    Form,
    check_methods,
    check_number,
    check_urls,
    posted,
    queried,
)
from oncallbot.emulators.twilio.records import Call

MOST_TWIML = 4000
EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
METHODS = (
    "Method",
    "FallbackMethod",
    "StatusCallbackMethod",
    "RecordingStatusCallbackMethod",
    "AsyncAmdStatusCallbackMethod",
)
URLS = {"Url": 21205, "FallbackUrl": 21205, "StatusCallback": 21609, "RecordingStatusCallback": 21609}
CREATE = (
    "To From Url Twiml ApplicationSid Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent "
    "StatusCallbackMethod SendDigits Timeout Record RecordingChannels RecordingStatusCallback "
    "RecordingStatusCallbackMethod RecordingStatusCallbackEvent RecordingTrack SipAuthUsername SipAuthPassword "
    "MachineDetection MachineDetectionTimeout MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold "
    "MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Trim CallerId Byoc "
    "CallReason CallToken TimeLimit ClientNotificationUrl"
).split()
UPDATE = ("Url Method Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod Twiml TimeLimit").split()
FILTERS = ("To", "From", "Status", "ParentCallSid", *dated("StartTime"), *dated("EndTime"), *PAGING)


class CallDesk:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.sid = exchange.settings.account_sid

    async def create(self, request: Request) -> Response:
        form = await posted(request)
        form.allow(CREATE)
        self._check_parties(form)
        self._check_document(form)
        events = form.all("StatusCallbackEvent")
        events = [event for part in events for event in part.split()] or ["completed"]
        if wrong := [event for event in events if event not in EVENTS]:
            raise Refused(21626, ", ".join(wrong))
        ring = check_number(form, "Timeout", 1, 600, 21208)
        limit = check_number(form, "TimeLimit", 1, 86400, 21208)
        if form.get("SendDigits") and not set(form.get("SendDigits")) <= set("0123456789wW#*"):
            raise Refused(21206, form.get("SendDigits"))
        call = Call(
            to=form.get("To"),
            from_=form.get("From"),
            direction="outbound-api",
            url=form.get("Url"),
            method=form.get("Method", "POST").upper(),
            twiml=form.get("Twiml") if form.has("Twiml") and not form.get("Url") else None,
            fallback_url=form.get("FallbackUrl"),
            fallback_method=form.get("FallbackMethod", "POST").upper(),
            status_callback=form.get("StatusCallback"),
            status_method=form.get("StatusCallbackMethod", "POST").upper(),
            status_events=frozenset(events),
            ring_seconds=float(ring or 60),
            limit_seconds=float(limit or 14400),
            detect_machine=form.get("MachineDetection") in ("Enable", "DetectMessageEnd"),
        )
        self.exchange.add_call(call)
        answer = shown(render.call(self.sid, call), 201)
        self.exchange.start(place(self.exchange, call, Source(call.url, call.method, twiml=call.twiml)))
        return answer

    def _check_parties(self, form: Form) -> None:
        to, sender = form.get("To"), form.get("From")
        if not to:
            raise Refused(21201)
        if not sender:
            raise Refused(21213)
        if not E164.fullmatch(to):
            raise Refused(21211, to)
        if not E164.fullmatch(sender):
            raise Refused(21212, sender)
        number = self.exchange.numbers.get(sender)
        if number is None or not number.capabilities.get("voice"):
            raise Refused(21210, sender)
        if any(to.startswith(prefix) for prefix in self.exchange.account.no_calls_to):
            raise Refused(21215, to)
        if self.exchange.handsets.at(to).behaviour.unroutable:
            raise Refused(21217, to)
        if to == sender:
            raise Refused(21266, to)

    def _check_document(self, form: Form) -> None:
        check_urls(form, URLS)
        check_methods(form, METHODS)
        if form.get("ApplicationSid"):
            raise Refused(21218, form.get("ApplicationSid"))
        if not form.get("Url") and not form.get("Twiml"):
            raise Refused(21205, "Url parameter is required")
        if len(form.get("Twiml")) > MOST_TWIML:
            raise Refused(21205, f"Twiml of {len(form.get('Twiml'))} characters, at most {MOST_TWIML}")

    def find(self, request: Request) -> Call:
        call = self.exchange.calls.get(request.path_params["sid"])
        if call is None:
            raise Refused(20404, request.url.path)
        return call

    async def fetch(self, request: Request) -> Response:
        queried(request).allow(())
        return shown(render.call(self.sid, self.find(request)))

    async def list(self, request: Request) -> Response:
        form = queried(request)
        form.allow(FILTERS)
        calls = [call for call in reversed(self.exchange.calls.values()) if _passes(form, call)]
        show = lambda call: render.call(self.sid, call)  # noqa: E731
        return shown(page(request, form, "calls", calls, lambda call: call.sid, show))

    async def update(self, request: Request) -> Response:
        call, form = self.find(request), await posted(request)
        form.allow(UPDATE)
        check_urls(form, URLS)
        check_methods(form, METHODS)
        status = form.get("Status")
        if status and status not in ("canceled", "completed"):
            raise Refused(20001, f"Status={status}")
        if len(form.get("Twiml")) > MOST_TWIML:
            raise Refused(21205, "Twiml is too long")
        if call.is_over:
            raise Refused(21220, call.status)
        if form.get("StatusCallback"):
            call.status_callback = form.get("StatusCallback")
        if form.get("FallbackUrl"):
            call.fallback_url = form.get("FallbackUrl")
        if status:
            self._end(call, status)
        elif form.get("Url") or form.get("Twiml"):
            self._redirect(call, form)
        return shown(render.call(self.sid, call))

    def _end(self, call: Call, status: str) -> None:
        """Canceled works until it is answered; completed works at any time."""
        if call.status in ("queued", "ringing"):
            if call.direction != "inbound":
                self.exchange.finish(call, "canceled")
            self.exchange.order(call, "complete")
        elif status == "canceled":
            raise Refused(21220, call.status)
        else:
            self.exchange.order(call, "complete")

    def _redirect(self, call: Call, form: Form) -> None:
        if call.status != "in-progress":
            raise Refused(21220, call.status)
        twiml = form.get("Twiml") if not form.get("Url") else None
        source = Source(form.get("Url"), form.get("Method", "POST").upper(), twiml=twiml)
        self.exchange.order(call, "redirect", source)

    async def delete(self, request: Request) -> Response:
        call = self.find(request)
        if not call.is_over:
            raise Refused(20009, call.sid)
        del self.exchange.calls[call.sid]
        return Response(status_code=204)


def _passes(form: Form, call: Call) -> bool:
    exact = {"To": call.to, "From": call.from_, "Status": call.status, "ParentCallSid": call.parent_sid or ""}
    if any(form.get(name) and form.get(name) != value for name, value in exact.items()):
        return False
    return within(form, "StartTime", call.started_at) and within(form, "EndTime", call.ended_at)
