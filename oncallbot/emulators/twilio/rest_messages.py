"""How does Twilio answer requests about messages?

Must not move a message: `messaging` does.
"""

from fastapi import Request
from fastapi.responses import Response

from oncallbot.emulators.twilio import messaging, render
from oncallbot.emulators.twilio.desk import shown
from oncallbot.emulators.twilio.errors import Refused
from oncallbot.emulators.twilio.exchange import Exchange
from oncallbot.emulators.twilio.listing import PAGING, dated, page, within
from oncallbot.emulators.twilio.parameters import (
    ALPHANUMERIC,
    E164,
    Form,
    check_number,
    check_urls,
    is_url,
    posted,
    queried,
)
from oncallbot.emulators.twilio.records import FINAL_MESSAGE, Message, new_sid

MOST_BODY = 1600
CREATE = (
    "To From MessagingServiceSid Body MediaUrl ContentSid StatusCallback ApplicationSid MaxPrice ProvideFeedback "
    "Attempt ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType "
    "ShortenUrls ScheduleType SendAt SendAsMms ContentVariables RiskCheck FallbackFrom"
).split()
FILTERS = ("To", "From", *dated("DateSent"), *PAGING)


class MessageDesk:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.sid = exchange.settings.account_sid

    async def create(self, request: Request) -> Response:
        form = await posted(request)
        form.allow(CREATE)
        to, sender = form.get("To"), form.get("From")
        self._check_parties(to, sender, form.get("MessagingServiceSid"))
        self._check_content(form)
        validity = check_number(form, "ValidityPeriod", 1, 36000, 21624)
        self._check_reach(to, sender)
        message = Message(to, sender, form.get("Body"), "outbound-api", "queued")
        message.media = form.all("MediaUrl")
        if message.media:
            message.sid = new_sid("MM")
        message.status_callback = form.get("StatusCallback")
        message.validity_seconds = validity or 36000
        messaging.send(self.exchange, message)
        return shown(render.message(self.sid, message), 201)

    def _check_parties(self, to: str, sender: str, service: str) -> None:
        if not to:
            raise Refused(21604)
        if not sender:
            raise Refused(21703, service) if service else Refused(21603)
        if not E164.fullmatch(to):
            raise Refused(21211, to)
        if not E164.fullmatch(sender) and not ALPHANUMERIC.fullmatch(sender):
            raise Refused(21212, sender)
        number = self.exchange.numbers.get(sender)
        if number is None or not number.capabilities.get("sms"):
            raise Refused(21606, sender)
        if to == sender:
            raise Refused(21266, to)

    def _check_content(self, form: Form) -> None:
        body, media = form.get("Body"), form.all("MediaUrl")
        if not body and not media:
            raise Refused(21602)
        if len(body) > MOST_BODY:
            raise Refused(21617)
        if len(media) > 10:
            raise Refused(21623)
        if wrong := [url for url in media if not is_url(url)]:
            raise Refused(21620, ", ".join(wrong))
        check_urls(form, {"StatusCallback": 21609})

    def _check_reach(self, to: str, sender: str) -> None:
        """What the network knows about the number called, not what was asked."""
        owner = self.exchange.handsets.at(to).behaviour
        if any(to.startswith(prefix) for prefix in self.exchange.account.no_texts_to):
            raise Refused(21408, to)
        if owner.unroutable:
            raise Refused(21211, to)
        if owner.takes_no_texts:
            raise Refused(21614, to)
        if (to, sender) in self.exchange.opted_out:
            raise Refused(21610)

    def find(self, request: Request) -> Message:
        message = self.exchange.messages.get(request.path_params["sid"])
        if message is None:
            raise Refused(20404, request.url.path)
        return message

    async def fetch(self, request: Request) -> Response:
        queried(request).allow(())
        return shown(render.message(self.sid, self.find(request)))

    async def list(self, request: Request) -> Response:
        form = queried(request)
        form.allow(FILTERS)
        messages = [message for message in reversed(self.exchange.messages.values()) if _passes(form, message)]
        show = lambda message: render.message(self.sid, message)  # noqa: E731
        return shown(page(request, form, "messages", messages, lambda message: message.sid, show))

    async def update(self, request: Request) -> Response:
        """An empty Body redacts; Status=canceled stops what is still scheduled."""
        message, form = self.find(request), await posted(request)
        form.allow(("Body", "Status"))
        if form.get("Body") or not (form.has("Body") or form.has("Status")):
            raise Refused(20001, "Body must be empty")
        if form.has("Status"):
            if form.get("Status") != "canceled":
                raise Refused(20001, f"Status={form.get('Status')}")
            if message.status != "scheduled":
                raise Refused(30409, message.status)
            message.status = "canceled"
        elif message.status not in FINAL_MESSAGE | {"sent"}:
            raise Refused(20009, message.sid)
        if form.has("Body"):
            message.body = ""
        return shown(render.message(self.sid, message))

    async def delete(self, request: Request) -> Response:
        message = self.find(request)
        if message.status not in FINAL_MESSAGE | {"sent"}:
            raise Refused(20009, message.sid)
        del self.exchange.messages[message.sid]
        return Response(status_code=204)


def _passes(form: Form, message: Message) -> bool:
    exact = {"To": message.to, "From": message.from_}
    if any(form.get(name) and form.get(name) != value for name, value in exact.items()):
        return False
    return within(form, "DateSent", message.sent_at)
