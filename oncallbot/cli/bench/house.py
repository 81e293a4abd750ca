"""Where is it measured? The product and emulated Twilio as processes, on a database of their own, with a webhook.

It must not keep a clock: who measures does.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx

from oncallbot.cli.bench import lent
from oncallbot.cli.bench.machine import resident_mb
from oncallbot.cli.bench.resolver import roster
from oncallbot.cli.children import Children, Signals, Unexpected

HOTLINE = "+493023125999"
_QUIET_WITHIN = 60.0  # seconds


class House(Children):
    """Use it in a `with`. A PostgreSQL that was lent is empty again afterwards."""

    def __init__(self, folder: Path, signals: Signals, database: str | None) -> None:
        super().__init__(folder, signals)
        self._database = database
        self.environment["ONCALLBOT_LOG"] = "WARNING"
        if database is not None:
            self.environment["DATABASE_URL"] = database

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        if self._database is not None:
            lent.empty(self._database)

    def open(self) -> None:
        """The emulators, the database with the roster, the webhook: everything but the product itself."""
        emulator = self.emulator()
        self.sim = httpx.Client(base_url=f"{emulator}/sim", timeout=2 * _QUIET_WITHIN, trust_env=False)
        account = self.asked("/account")
        self.environment |= {
            "TWILIO_ACCOUNT_SID": account["account_sid"],
            "TWILIO_AUTH_TOKEN": account["auth_token"],
            "TWILIO_API_URL": emulator,
            "PUBLIC_URL": "http://127.0.0.1",
        }
        if self.sim.put(f"/numbers/{HOTLINE}", json={}).status_code != httpx.codes.OK:
            raise Unexpected("the emulator does not take the hotline's number")
        if self._database is not None:
            self.command("db", "upgrade")
        self.command("apply", str(roster()))
        added = self.command("webhook", "add", "bench", "--hotline", "main", "--json")
        self._token = str(json.loads(added)["url"]).rpartition("/")[2]

    def start(self) -> float:
        """Start the product; how many seconds until it listened."""
        began = time.monotonic()
        self.product = self.serve(None, "127.0.0.1")
        return time.monotonic() - began

    @property
    def webhook(self) -> str:
        """Where to post reports."""
        return f"{self.product}/hooks/{self._token}"

    @property
    def memory(self) -> float | None:
        """What the product holds now, in MB."""
        return resident_mb(self.process("product"))

    def until_sent(self, reports: int) -> None:
        """Wait until the emulator has received so many texts, and nothing is under way any more."""
        self.asked("/wait", {"for": "request", "path_contains": "Messages", "method": "POST", "count": reports})
        self.asked("/wait", {"for": "quiet"})

    def texts(self) -> list[tuple[str, float]]:
        """The texts that the emulator has received: body, and when the request came (on this machine's clock)."""
        found = [one for one in self.asked("/requests") if one["path"].endswith("/Messages.json")]
        return [(str(one["params"]["Body"]), float(one["monotonic"])) for one in found if one["method"] == "POST"]

    def asked(self, path: str, wanted: dict[str, Any] | None = None) -> Any:
        """What the emulator's control interface answers."""
        waits = {"timeout": _QUIET_WITHIN} if wanted else {}
        response = self.sim.get(path, params=(wanted or {}) | waits)
        if response.status_code != httpx.codes.OK:
            raise Unexpected(f"{response.url} answered {response.status_code}: {response.text[:500]}")
        return response.json()


def measured_command(house: House, *words: str) -> float:
    """How many seconds a command of the product takes, from nothing to its end."""
    began = time.monotonic()
    house.command(*words)
    return time.monotonic() - began
