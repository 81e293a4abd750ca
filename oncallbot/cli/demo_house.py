"""What is in the demo's house? The emulators with the page, and the product: arranged, and brought back for each night.

It must not play: whoever is at the page does, or `demo_night`.
"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Any

import httpx

from oncallbot.cli import demo_cast
from oncallbot.cli.children import OUR_PREFIXES, OURS, STARTS_WITHIN, Children, Signals, Unexpected
from oncallbot.cli.demo_cast import HOTLINE, Pace
from oncallbot.cli.demo_night import Stage

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_HERE = "127.0.0.1"


class House(Children):
    """The emulators' and the product's processes."""

    def __init__(self, folder: Path, signals: Signals, pace: Pace) -> None:
        super().__init__(folder, signals)
        self.pace = pace
        self._database = folder / "oncallbot.db"
        self._fresh = folder / "fresh.db"  # before the first night: only the roster is in it

    def open(self, port: int, host: str) -> Stage:
        """Start everything for a first night. The emulators, and with them the page, listen at `host` and `port`."""
        reach = ["--host", host, *([] if host in _LOOPBACK else ["--open"])]
        self._emulator = self.emulator(*reach, "--speech-rate", str(self.pace.sentence), port=port)
        with self._control() as http:
            account, app = _asked(http.get("/sim/account")), _asked(http.get("/sim/slack/settings"))
        self.environment |= {
            "TWILIO_ACCOUNT_SID": account["account_sid"],
            "TWILIO_AUTH_TOKEN": account["auth_token"],
            "TWILIO_API_URL": self._emulator,
            "SLACK_BOT_TOKEN": app["token"],
            "SLACK_SIGNING_SECRET": app["signing_secret"],
            "SLACK_TEAM_ID": app["team_id"],
            "SLACK_BOT_ID": app["bot_id"],
            "SLACK_BOT_USER_ID": app["bot_user_id"],
            "SLACK_API_URL": f"{self._emulator}/api/",
            "SLACK_CLIENT_ID": app["client_id"],
            "SLACK_CLIENT_SECRET": app["client_secret"],
            "ONCALLBOT_OIDC_ISSUER": self._emulator,
            "PUBLIC_URL": f"http://{_HERE}",  # until the product has a port
        }
        roster = self.folder / "roster.yaml"
        roster.write_text(demo_cast.roster(self.pace), "utf-8")
        self.command("apply", str(roster))
        shutil.copy(self._database, self._fresh)
        self.serve(None, _HERE)
        self._arrange()
        return Stage(self._emulator, self.environment["PUBLIC_URL"], HOTLINE, self.command)

    def kill_product(self) -> None:
        """SIGKILL."""
        self.kill("product")

    def start_product(self) -> None:
        """The product again, as its supervisor would: on the same database and address."""
        self.serve(int(self.environment["PORT"]), _HERE)

    def begin_anew(self) -> None:
        """Another night: nothing of the last one is left, neither with the product nor with the vendors."""
        self.kill_product()
        with self._control() as http:
            _asked(http.post("/sim/reset"))
        for old in self.folder.glob(f"{self._database.name}-*"):
            old.unlink()
        shutil.copy(self._fresh, self._database)
        self._arrange()
        self.start_product()

    def write_environment(self) -> Path:
        """A file that gives a shell the product's environment: the command line must reach by the same roads."""
        path = self.folder / "environment"
        ours = sorted(name for name in self.environment if name in OURS or name.startswith(OUR_PREFIXES))
        path.touch(0o600)
        path.write_text("".join(f"export {name}={shlex.quote(self.environment[name])}\n" for name in ours), "utf-8")
        return path

    def _control(self) -> httpx.Client:
        return httpx.Client(base_url=self._emulator, timeout=STARTS_WITHIN, trust_env=False)

    def _arrange(self) -> None:
        """The hotline's number and the Slack workspace, both pointing at the product."""
        public = self.environment["PUBLIC_URL"]
        number = {
            "voice_url": f"{public}/twilio/voice",
            "sms_url": f"{public}/twilio/sms",
            "status_callback": f"{public}/twilio/hotline/ended",
        }
        with self._control() as http:
            _asked(http.put(f"/sim/numbers/{HOTLINE}", json=number))
            _asked(http.put("/sim/slack", json=demo_cast.slack(f"{public}/slack/events")))


def _asked(response: httpx.Response) -> dict[str, Any]:
    if response.status_code != httpx.codes.OK:
        raise Unexpected(f"{response.request.method} {response.url} answered {response.status_code}: {response.text}")
    answer: dict[str, Any] = response.json()
    return answer
