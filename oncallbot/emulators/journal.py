"""What has happened in the emulated world, and when does something new happen?

Must not decide anything: it only records, and wakes those who wait.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
Record = dict[str, Any]


@dataclass(slots=True)
class RequestEntry:
    """One request by the product to a vendor; `status` is None while it is held or when no answer was sent.

    `monotonic` is when it came, on the clock that every process of this machine shares and nobody steps.
    """

    id: int
    at: float
    monotonic: float
    method: str
    path: str
    params: list[tuple[str, str]]
    status: int | None = None
    code: int | str | None = None
    fault: str | None = None
    violation: str | None = None

    def shown(self) -> Record:
        record = asdict(self)
        record["params"] = multi(self.params)
        return record


@dataclass(slots=True)
class WebhookEntry:
    """One delivery attempt to the product; `status` is None when no answer came, and `error` says why."""

    id: int
    at: float
    vendor: str
    purpose: str
    resource: str
    subject: str
    method: str
    url: str
    params: dict[str, str]
    headers: dict[str, str]
    attempt: int
    status: int | None = None
    body: str = ""
    error: str | None = None
    seconds: float = 0.0
    done: bool = False
    fault: str | None = None

    def shown(self) -> Record:
        record = asdict(self)
        record["try"] = record.pop("attempt")
        return record


@dataclass(slots=True)
class Journal:
    """Everything that came in, went out, or went wrong, in the order in which it happened."""

    requests: list[RequestEntry] = field(default_factory=list)
    webhooks: list[WebhookEntry] = field(default_factory=list)
    violations: list[Record] = field(default_factory=list)
    events: list[Record] = field(default_factory=list)
    stopping: bool = False
    _next_id: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def next_id(self) -> int:
        self._next_id += 1
        return self._next_id

    @property
    def last_id(self) -> int:
        """Of the newest thing that was written down; a listener who goes on from there misses nothing."""
        return self._next_id

    def note(self, kind: str, **facts: Any) -> None:
        """Records an event for `/sim/events` and wakes everyone who waits for a condition."""
        self.events.append({"id": self.next_id(), "at": time.time(), "kind": kind, **facts})
        self.touch()

    def violation(self, code: int | str, text: str, of: str = "conduct", **facts: Any) -> None:
        """The product did what the vendor would refuse or log as an error; `unreachable` if nobody listened there."""
        self.violations.append({"at": time.time(), "kind": of, "code": code, "text": text, **facts})
        self.note("violation", code=code, text=text)

    def touch(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def stop(self) -> None:
        self.stopping = True
        self.touch()

    async def change(self, seconds: float) -> bool:
        """Whether something changed within so many real seconds."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def until(self, find: Callable[[], T | None], seconds: float) -> T | None:
        """The first thing found within so many real seconds, looked for at every change."""
        deadline = time.monotonic() + seconds
        while (found := find()) is None:
            left = deadline - time.monotonic()
            if left <= 0 or self.stopping:
                return None
            await self.change(left)
        return found

    def clear(self) -> None:
        for entries in (self.requests, self.webhooks, self.violations, self.events):
            entries.clear()
        self.touch()


def multi(pairs: list[tuple[str, str]]) -> Record:
    """Form pairs as JSON: a repeated name becomes a list."""
    shown: Record = {}
    for name, value in pairs:
        if name not in shown:
            shown[name] = value
        elif isinstance(shown[name], list):
            shown[name].append(value)
        else:
            shown[name] = [shown[name], value]
    return shown
