"""How does a call live through its documents, from one fetch to the next?

Must not perform verbs itself: `calls` hands it the performer.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from oncallbot.emulators.lines import Answered, Declined, HungUp, Interrupted, Line, Ordered
from oncallbot.emulators.postman import without_fragment
from oncallbot.emulators.twilio import callbacks, twiml
from oncallbot.emulators.twilio.exchange import Exchange, error_code
from oncallbot.emulators.twilio.records import Call
from oncallbot.emulators.twilio.twiml import Verb

MOST_LOOPS = 1000
MOST_DOCUMENTS = 500


@dataclass(frozen=True, slots=True)
class Source:
    """Where the next document comes from: a URL, or inline TwiML."""

    url: str = ""
    method: str = "POST"
    extra: dict[str, str] = field(default_factory=dict)
    twiml: str | None = None
    purpose: str = "voice"


@dataclass(frozen=True, slots=True)
class End:
    """The document orders the end of the call."""

    status: str = "completed"


Next = Source | End | None


class Broken(Exception):
    """No document could be had; Twilio says "an application error has occurred" and hangs up."""


@dataclass(slots=True)
class Conversation:
    """One call's run through its documents. `room` is a key of `twiml.ROOMS`."""

    exchange: Exchange
    call: Call
    line: Line
    performer: "Performer"
    room: str = "voice"
    base: str = ""
    fetched: int = 0

    async def run(self, source: Source) -> str:
        """Performs documents until the call ends; returns the status it ends with."""
        current: Next = source
        while True:
            try:
                while isinstance(current, Source):
                    verbs = await self.fetch(current)
                    self.line.check()
                    current = await self.perform(verbs)
                return current.status if current is not None else "completed"
            except Broken:
                self.line.hear("[an application error has occurred]")
                return "completed" if self.call.answered_at else "failed"
            except Interrupted as interrupted:
                match interrupted.signal:
                    case Ordered(order="redirect", source=source):
                        current = source
                    case Ordered():
                        return "completed"
                    case HungUp():
                        return "completed" if self.call.answered_at else "no-answer"

    async def fetch(self, source: Source) -> list[Verb]:
        """The verbs of a document, from the fallback URL where the first one fails."""
        self.fetched += 1
        if self.fetched > MOST_DOCUMENTS:
            self.exchange.journal.violation(0, "endless conversation", call=self.call.sid, url=source.url)
            raise Broken
        if source.twiml is not None:
            document = twiml.parse(source.twiml.encode(), None, self.room)
            self._complain(document, "inline TwiML")
            if document.fatal:
                raise Broken
            return document.verbs
        verbs, code = await self._fetch_url(source)
        fallback = self.call.fallback_url
        if verbs is None and fallback and self.room == "voice":
            extra = {"ErrorCode": str(code), "ErrorUrl": without_fragment(source.url)}
            verbs, _ = await self._fetch_url(Source(fallback, self.call.fallback_method, extra, purpose="fallback"))
        if verbs is None:
            raise Broken
        return verbs

    async def _fetch_url(self, source: Source) -> tuple[list[Verb] | None, int]:
        params = callbacks.call_params(self.exchange.settings, self.call) | source.extra
        answer = await self.exchange.ask(source.purpose, source.url, source.method, params, self.call)
        if not answer.ok:
            return None, error_code(answer)
        self.base = source.url if answer.url == without_fragment(source.url) else answer.url
        document = twiml.parse(answer.body, answer.content_type, self.room)
        self._complain(document, source.url)
        return (None, document.fatal.code) if document.fatal else (document.verbs, 0)

    def _complain(self, document: twiml.Document, where: str) -> None:
        for complaint in document.complaints:
            self.exchange.journal.violation(complaint.code, complaint.text, url=where, call=self.call.sid)

    async def perform(self, verbs: list[Verb]) -> Next:
        for verb in verbs:
            following = await self.performer(self, verb)
            if following is not None:
                return following
        return End()

    def pick_up(self) -> None:
        """An incoming call is answered by the first verb that needs it; Pause, Reject and Redirect do not."""
        if self.call.status == "ringing":
            self.line.change("in-call")
            self.exchange.change(self.call, "in-progress")

    async def voice(self, verb: Verb) -> None:
        for _ in range(int(verb.number("loop", 1)) or MOST_LOOPS):
            self.line.hear(self.spoken(verb))
            await self.line.pass_time(self.duration(verb))

    def spoken(self, verb: Verb) -> str:
        if verb.name == "Say":
            return verb.text
        return f"[plays {urljoin(self.base, verb.text)}]" if verb.text else f"[tones {verb.get('digits')}]"

    def duration(self, verb: Verb) -> float:
        """Real seconds of one prompt: by sentence, not by letter, so that tests are quick."""
        sentences = len(re.findall(r"[.!?;:]+(\s|$)", verb.text)) or 1
        return self.exchange.settings.speech_rate * sentences

    def source(self, url: str, method: str, extra: dict[str, str], purpose: str) -> Source:
        """A URL out of a document, relative to that document's own; without one, the document's own again."""
        return Source(urljoin(without_fragment(self.base), url) if url else self.base, method, extra, purpose=purpose)


Performer = Callable[[Conversation, Verb], Awaitable[Next]]


async def ring(exchange: Exchange, call: Call) -> str | None:
    """Rings the called handset; None when it was answered, else the status the call ends with."""
    if exchange.is_full:
        return "failed"
    line = exchange.ring(call)
    if line is None:
        return "busy"
    if exchange.handsets.at(call.to).behaviour.behaviour != "unreachable":
        exchange.change(call, "ringing")
    try:
        signal = await line.next(exchange.settings.real(call.ring_seconds))
    except Interrupted as interrupted:
        return "busy" if isinstance(interrupted.signal, HungUp) else "canceled"
    match signal:
        case Answered():
            exchange.change(call, "in-progress")
            return None
        case Declined(status=status):
            return status
        case _:
            return "no-answer"
