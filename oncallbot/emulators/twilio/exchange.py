"""What exists at the emulated Twilio, and how does a call come into being, change its status and end?

Must not read TwiML (`conversation` does) and must not refuse requests (`rest_*` do).
"""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from oncallbot.emulators.handsets import Handsets
from oncallbot.emulators.journal import Journal
from oncallbot.emulators.lines import Line, Ordered
from oncallbot.emulators.postman import Answer, Postman, Webhook
from oncallbot.emulators.settings import Settings
from oncallbot.emulators.twilio import callbacks
from oncallbot.emulators.twilio.records import Account, Call, Message, Number, Recording, Transcription
from oncallbot.emulators.twilio.signer import signer

SIP_CODES = {"completed": 200, "busy": 486, "no-answer": 487, "failed": 404, "canceled": 487}


@dataclass(slots=True)
class Exchange:
    """All records, and the tasks that move them."""

    settings: Settings
    journal: Journal
    postman: Postman
    handsets: Handsets
    account: Account
    base_url: str = ""
    numbers: dict[str, Number] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    transcriptions: dict[str, Transcription] = field(default_factory=dict)
    opted_out: set[tuple[str, str]] = field(default_factory=set)
    next_slot: float = 0.0
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def own(self, phone_number: str) -> Number:
        if phone_number not in self.numbers:
            self.numbers[phone_number] = Number(phone_number, friendly_name=phone_number)
        return self.numbers[phone_number]

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    @property
    def is_moving(self) -> bool:
        """Whether a call lives, a text travels, or a transcription is being made."""
        return bool(self._tasks)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self.journal.touch()
        if not task.cancelled() and (error := task.exception()) is not None:
            self.journal.violation(0, f"the emulator itself failed: {error!r}")

    @property
    def is_full(self) -> bool:
        """Whether a further leg is one too many. A live connection uses two: the caller's and the called party's."""
        live = sum(1 for call in self.calls.values() if call.status in ("ringing", "in-progress"))
        return 0 < self.account.concurrent_calls <= live

    def add_call(self, call: Call) -> Call:
        own = self.numbers.get(call.to if call.direction == "inbound" else call.from_)
        call.phone_number_sid = own.sid if own else None
        self.calls[call.sid] = call
        self.journal.note("call", sid=call.sid, status=call.status, to=call.to, direction=call.direction)
        return call

    def change(self, call: Call, status: str) -> None:
        """Moves a call to a status and tells its status callback of the event."""
        if call.is_over:
            return
        call.status, call.updated_at = status, time.time()
        if status == "ringing" and call.started_at is None:
            call.started_at = time.time()
        if status == "in-progress":
            call.answered_at = call.answered_at or time.time()
        self.journal.note("call", sid=call.sid, status=status, to=call.to, direction=call.direction)
        event = {"ringing": "ringing", "in-progress": "answered"}.get(status)
        if event:
            self.tell_event(call, event)

    def tell_event(self, call: Call, event: str) -> None:
        if call.status_callback and event in call.status_events:
            params = callbacks.call_event_params(self.settings, call, event)
            call.sequence += 1
            self.tell("status", "Calls", call.sid, call.status_callback, call.status_method, params, call)

    def finish(self, call: Call, status: str) -> None:
        """Ends a call for good; the second ending of a call is without effect."""
        if call.is_over:
            return
        call.ended_at = time.time()
        call.started_at = call.started_at or call.ended_at
        talked = self.settings.simulated(call.ended_at - call.answered_at) if call.answered_at else 0.0
        call.duration = max(1, round(talked)) if call.answered_at else 0
        call.sip_code = SIP_CODES[status]
        self.change(call, status)
        if call.line is not None:
            call.line.end(status)
        self.tell_event(call, "completed")

    def order(self, call: Call, order: str, source: Any = None) -> None:
        """A REST update of a call that is under way."""
        if call.line is not None:
            call.line.send(Ordered(order, source))

    def ring(self, call: Call) -> Line | None:
        """Offers the call to its handset; None when that line is engaged."""
        handset = self.handsets.at(call.to)
        if handset.is_busy():
            return None
        call.line = Line(self.journal, call.to, call.sid, "incoming", call.from_, "ringing")
        handset.take(call.line)
        return call.line

    def webhook(
        self,
        purpose: str,
        resource: str,
        subject: str,
        url: str,
        method: str,
        params: dict[str, str],
        call: Call | None = None,
    ) -> Webhook:
        """Signed with the primary token always: Twilio never signs with the secondary one or an API key."""
        return Webhook(
            vendor="twilio",
            purpose=purpose,
            resource=resource,
            subject=subject,
            url=url,
            method=method,
            params=params,
            sign=signer(lambda: self.account.auth_token),
            cookies=call.cookies if call else None,
            expects_answer=purpose not in ("status", "recording", "transcription"),
        )

    def tell(
        self,
        purpose: str,
        resource: str,
        subject: str,
        url: str,
        method: str,
        params: dict[str, str],
        call: Call | None = None,
    ) -> None:
        self.postman.tell(self.webhook(purpose, resource, subject, url, method, params, call))

    async def ask(self, purpose: str, url: str, method: str, params: dict[str, str], call: Call) -> Answer:
        return await self.postman.ask(self.webhook(purpose, "Calls", call.sid, url, method, params, call))

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()

    async def clear(self) -> None:
        await self.stop()
        self.handsets.clear()
        for records in (self.numbers, self.calls, self.messages, self.recordings, self.transcriptions):
            records.clear()
        self.opted_out.clear()
        self.account = new_account(self.settings)


def new_account(settings: Settings) -> Account:
    return Account(settings.auth_token, settings.secondary_token, settings.calls_per_second)


def judge(journal: Journal, webhook: Webhook, answer: Answer) -> None:
    """Records as a violation what Twilio's debugger would show as the customer's error."""
    facts: dict[str, Any] = {"url": answer.url or webhook.url, "purpose": webhook.purpose, "subject": webhook.subject}
    if answer.bad_signature or answer.error == "dropped":
        return
    if answer.error in ("refused", "reset"):
        journal.violation(error_code(answer), f"webhook failed: {answer.error}", of="unreachable", **facts)
    elif answer.error is not None:
        journal.violation(error_code(answer), f"webhook failed: {answer.error}", **facts)
    elif not answer.ok:
        journal.violation(11200, f"webhook answered {answer.status}", status=answer.status, **facts)
    elif answer.status == 200 and not answer.content_type and not webhook.expects_answer:
        journal.violation(12300, "webhook answered 200 without a content type", **facts)


def error_code(answer: Answer) -> int:
    """Twilio's error for a webhook that brought no document."""
    return {"refused": 11205, "dropped": 11205, "redirects": 11215, "timeout": 11200}.get(answer.error or "", 11200)
