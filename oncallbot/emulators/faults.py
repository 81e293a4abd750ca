"""Which fault, if any, meets this request or webhook?

Must not carry a fault out: `gate` does so for requests, `postman` for webhooks.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oncallbot.emulators.journal import Journal, Record

REQUEST_KINDS = frozenset(
    {"http_429", "http_500", "hold_before_accept", "hold_after_accept", "accept_and_timeout", "down"}
)
WEBHOOK_KINDS = frozenset(
    {"duplicate_callback", "delay_callback", "hold_callback", "reorder_callbacks", "drop_callback", "bad_signature"}
)
# Without a `purpose` in the match these meet status callbacks only, never the fetching of TwiML.
# With `vendor: slack` in the match they meet events only.
CALLBACK_PURPOSES = frozenset({"status", "recording", "transcription"})


@dataclass(slots=True)
class Fault:
    """A planned misfortune; `count` None means until deleted."""

    id: str
    kind: str
    count: int | None
    match: dict[str, str]
    seconds: float | None
    status: int | None
    code: int | None
    error: str | None = None
    fired: int = 0
    holding: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def is_spent(self) -> bool:
        return self.count is not None and self.fired >= self.count

    def shown(self) -> Record:
        return {
            "id": self.id,
            "kind": self.kind,
            "count": self.count,
            "match": self.match,
            "seconds": self.seconds,
            "status": self.status,
            "code": self.code,
            "error": self.error,
            "fired": self.fired,
            "holding": self.holding,
            "released": self.released.is_set(),
        }


@dataclass(slots=True)
class Faults:
    """The faults that are planned, oldest first; the first that matches fires."""

    journal: Journal
    planned: list[Fault] = field(default_factory=list)

    def plan(self, wish: Mapping[str, Any]) -> Fault:
        kind = str(wish["kind"])
        if kind not in REQUEST_KINDS | WEBHOOK_KINDS:
            raise ValueError(f"unknown fault {kind!r}; one of {sorted(REQUEST_KINDS | WEBHOOK_KINDS)}")
        count = wish.get("count", None if kind == "down" else 1)
        fault = Fault(
            id=f"F{self.journal.next_id()}",
            kind=kind,
            count=None if count is None else int(count),
            match={str(k): str(v) for k, v in (wish.get("match") or {}).items()},
            seconds=None if wish.get("seconds") is None else float(wish["seconds"]),
            status=None if wish.get("status") is None else int(wish["status"]),
            code=None if wish.get("code") is None else int(wish["code"]),
            error=None if wish.get("error") is None else str(wish["error"]),
        )
        self.planned.append(fault)
        return fault

    def find(self, fault_id: str) -> Fault | None:
        return next((fault for fault in self.planned if fault.id == fault_id), None)

    def meets_request(self, method: str, path: str, params: Mapping[str, Any], vendor: str = "twilio") -> Fault | None:
        """At Slack, where every request is a POST, `method` is the method of the Web API."""
        facts = {"method": method, "path": path, "resource": resource_of(path), "to": str(params.get("To", ""))}
        facts |= {"vendor": vendor} | ({"method": resource_of(path)} if vendor == "slack" else {})
        return self._take(REQUEST_KINDS, facts, params)

    def meets_webhook(
        self, purpose: str, resource: str, url: str, params: Mapping[str, str], vendor: str = "twilio"
    ) -> Fault | None:
        facts = {"purpose": purpose, "path": url, "resource": resource, "to": params.get("To", ""), "vendor": vendor}
        return self._take(WEBHOOK_KINDS, facts, params)

    def _take(self, kinds: frozenset[str], facts: dict[str, str], params: Mapping[str, Any]) -> Fault | None:
        for fault in self.planned:
            if fault.kind in kinds and not fault.is_spent() and _matches(fault, facts, params):
                fault.fired += 1
                self.journal.note("fault", fault=fault.id, fault_kind=fault.kind, fired=fault.fired)
                return fault
        return None

    def clear(self) -> None:
        for fault in self.planned:
            fault.released.set()
        self.planned.clear()
        self.journal.touch()


def resource_of(path: str) -> str:
    """`Calls` of `/2010-04-01/Accounts/AC1/Calls/CA1.json`; for other vendors the last part of the path."""
    parts = [part.removesuffix(".json") for part in path.split("/") if part]
    if len(parts) >= 4 and parts[1] == "Accounts":
        return parts[3]
    return parts[-1] if parts else ""


def _matches(fault: Fault, facts: dict[str, str], params: Mapping[str, Any]) -> bool:
    """`path` matches as a part of it, everything else exactly (resource without regard to case)."""
    wanted = fault.match
    callbacks_only = fault.kind in WEBHOOK_KINDS - {"bad_signature"} and "purpose" not in wanted
    usual = {"event"} if wanted.get("vendor") == "slack" else CALLBACK_PURPOSES
    if callbacks_only and facts["purpose"] not in usual:
        return False
    for name, value in wanted.items():
        if name == "path":
            if value not in facts["path"]:
                return False
        elif name == "resource":
            if value.lower() != facts["resource"].lower():
                return False
        elif facts.get(name, str(params.get(name, ""))) != value:
            return False
    return True
