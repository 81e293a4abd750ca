"""Which requests of the product reach a vendor, when, and does the answer come back?

Must not know what a request means: each vendor says how it words a refusal.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import parse_qsl

from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncallbot.emulators.faults import Fault, Faults
from oncallbot.emulators.journal import Journal, RequestEntry


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor's part of the address space, its words for 429, 500 and 503, and how many seconds its clock is off."""

    name: str
    prefix: str
    refuse: Callable[[Fault], Response]
    skew: Callable[[], float] = lambda: 0.0


class Gate:
    """ASGI middleware: writes down each vendor request and lets the planned faults happen to it."""

    def __init__(self, app: ASGIApp, journal: Journal, faults: Faults, vendors: tuple[Vendor, ...]) -> None:
        self.app, self.journal, self.faults, self.vendors = app, journal, faults, vendors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        vendor = next((vendor for vendor in self.vendors if path.startswith(vendor.prefix)), None)
        if scope["type"] != "http" or vendor is None:
            await self.app(scope, receive, send)
            return
        body = await _body(receive)
        entry = self._write_down(scope, path, body)
        fault = self.faults.meets_request(entry.method, path, dict(entry.params), vendor.name)
        entry.fault = fault.kind if fault else None
        self.journal.touch()
        state = scope.setdefault("state", {})
        visit = _Visit(self.app, scope, receive, _dated(send, vendor), body)
        await self._answer(visit, vendor, fault)
        entry.status, entry.code, entry.violation = visit.status, state.get("code"), state.get("violation")
        self.journal.note("request", method=entry.method, path=path, status=visit.status)

    def _write_down(self, scope: Scope, path: str, body: bytes) -> RequestEntry:
        pairs = parse_qsl(scope.get("query_string", b"").decode(), keep_blank_values=True)
        pairs += _posted(body)
        entry = RequestEntry(self.journal.next_id(), time.time(), time.monotonic(), scope["method"], path, pairs)
        self.journal.requests.append(entry)
        return entry

    async def _answer(self, visit: "_Visit", vendor: Vendor, fault: Fault | None) -> None:
        match fault:
            case None:
                await visit.serve()
            case Fault(kind="http_429" | "http_500" | "down"):
                if fault.kind == "down" and fault.status == 0:
                    await visit.break_off()
                else:
                    await visit.refuse(vendor.refuse(fault))
            case Fault(kind="hold_before_accept"):
                if await self._hold(fault, visit):
                    await visit.serve()
            case Fault(kind="hold_after_accept"):
                await visit.serve(keep=True)
                if await self._hold(fault, visit):
                    await visit.give()
            case _:
                await visit.serve(keep=True)
                await self._hold(fault, visit)
                await visit.break_off()

    async def _hold(self, fault: Fault, visit: "_Visit") -> bool:
        """Until released, or so many seconds; False if the client's connection has died by then."""
        waits = [asyncio.create_task(fault.released.wait()), asyncio.create_task(visit.gone())]
        fault.holding += 1
        self.journal.touch()
        seconds = fault.seconds if fault.seconds is not None or fault.kind.startswith("hold") else 30.0
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            fault.holding -= 1
            for wait in waits:
                wait.cancel()
            self.journal.touch()
        return not visit.is_gone


class _Visit:
    """One request, whose answer may be kept back."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, body: bytes) -> None:
        self.app, self.scope, self.receive, self.send, self.body = app, scope, receive, send, body
        self.kept: list[Message] = []
        self.status: int | None = None
        self.is_gone = False

    async def serve(self, keep: bool = False) -> None:
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": self.body, "more_body": False}
            return await self.receive()

        async def answer(message: Message) -> None:
            if keep:
                self.kept.append(message)
                return
            if message["type"] == "http.response.start":
                self.status = message["status"]
            await self.send(message)

        await self.app(self.scope, replay, answer)

    async def give(self) -> None:
        for message in self.kept:
            if message["type"] == "http.response.start":
                self.status = message["status"]
            await self.send(message)

    async def refuse(self, response: Response) -> None:
        self.status = response.status_code
        await response(self.scope, self.receive, self.send)

    async def gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True

    async def break_off(self) -> None:
        """Closes the connection without an answer. uvicorn has no public way: the transport is its cycle's."""
        transport = getattr(getattr(self.receive, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()
        if not self.is_gone:
            await self.gone()


def _posted(body: bytes) -> list[tuple[str, str]]:
    """What a form says, or a JSON object: one pair a member, structures as JSON."""
    text = body.decode("utf-8", "replace")
    if text.startswith("{"):
        try:
            said = json.loads(text)
            return [(name, each if isinstance(each, str) else json.dumps(each)) for name, each in said.items()]
        except ValueError:
            pass
    return parse_qsl(text, keep_blank_values=True)


def _dated(send: Send, vendor: Vendor) -> Send:
    """Every answer says what time it is at the vendor."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            date = formatdate(time.time() + vendor.skew(), usegmt=True)
            message = {**message, "headers": [*message.get("headers", ()), (b"date", date.encode())]}
        await send(message)

    return answer


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
