"""An evening's set-up that is right: `serve` in this process, both vendors emulated, a fallback elsewhere.

Each test breaks one thing. The product and the emulators are started once; whatever a test breaks is mended after it.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from oncallbot import app
from oncallbot.cli.__main__ import run
from oncallbot.emulators.server import running
from oncallbot.emulators.settings import Settings as EmulatorSettings
from tests.cli.cast import written
from tests.cli.conftest import Done
from tests.engine.outside import Front, Sim

HOTLINE = "+493023125999"
DORA = "+493023125004"
ANA, BEN, CEM = "U0ANA00001", "U0BEN00001", "U0CEM00001"
ONCALL = "C0ONCALL01"
SLACK = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_TEAM_ID", "SLACK_BOT_ID", "SLACK_BOT_USER_ID")
TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
CONNECTED = (  # what `twilio connect` sets
    *("voice_url", "voice_method", "voice_fallback_url", "voice_fallback_method"),
    *("sms_url", "sms_method", "status_callback", "status_callback_method"),
)

ROSTER = f"""\
timezone: Europe/Berlin
responders:
  ana: {{name: Ana Ruiz, slack: {ANA}, phone: +49 30 23125 001}}
  ben: {{name: Ben Okafor, slack: ben@example.com, phone: +49 30 23125 002}}
  cem: {{name: Cem Aydin, slack: {CEM}, phone: +49 30 23125 003}}
  dora: {{name: Dora Lind, phone: +49 30 23125 004, manager: true}}
office_hours:
  berlin: {{open: {{mon-fri: 09:00-18:00}}}}
schedules:
  primary:
    must_cover: {{outside: berlin}}
    layers:
      - {{name: weekly, every: 1 week, first_handoff: 2026-01-05 09:00, participants: [ana, ben, cem]}}
policies:
  default:
    levels:
      - page: [{{schedule: primary}}]
        timeout: 5m
    last_resort: [{{responder: dora}}]
hotlines:
  main:
    name: Example Support
    numbers: [+49 30 23125 999]
    on_call_channel: {ONCALL}
    slack_channels: [help]
    office_hours: berlin
    fallback_number: +49 30 23125 004
    languages: [en, de]
"""


class Elsewhere:
    """Another machine: small documents by path, for GET only unless `takes_post`."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[int, str]] = {}
        self.takes_post = False
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]  # Twilio's GET says everything in the query
                status, text = elsewhere.documents.get(path, (404, "nothing here"))
                self.send_response(status if self.command == "GET" or elsewhere.takes_post else 405)
                self.send_header("Content-Type", "text/plain" if path.endswith(".txt") else "text/xml")
                if status in (301, 307):
                    self.send_header("Location", text)
                self.end_headers()
                self.wfile.write(text.encode())

            do_POST = do_GET  # noqa: N815

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        """By another name than the product's: the name tells machines apart."""
        return f"http://localhost:{self.server.server_port}"


@dataclass
class Evening:
    """The set-up, with short verbs for looking at it."""

    vendors: Sim
    machine: Elsewhere
    public_url: str
    folder: Path
    template: Path
    environ: dict[str, str] = field(default_factory=dict)
    is_touched: bool = False
    connected: dict[str, Any] = field(default_factory=dict)
    document: str = ""

    @property
    def sim(self) -> Sim:
        """The vendors' side. Whoever looks may change it: it is furnished anew after the test."""
        self.is_touched = True
        return self.vendors

    @property
    def elsewhere(self) -> Elsewhere:
        """The machine that the fallback is on, likewise."""
        self.is_touched = True
        return self.machine

    def command(self, *words: str, without: tuple[str, ...] = (), **variables: str) -> Done:
        """A command in the servers' environment, less or more these variables."""
        out, err = StringIO(), StringIO()
        environ = {name: value for name, value in (self.environ | variables).items() if name not in without}
        with patch.dict(os.environ, environ), redirect_stdout(out), redirect_stderr(err):
            code = run(list(words))
        return Done(code, out.getvalue(), err.getvalue())

    def found(self, **how: Any) -> list[dict[str, Any]]:
        """All findings; the exit code says whether one of them is a failure."""
        done = self.command("doctor", "--json", **how)
        findings: list[dict[str, Any]] = done.answer
        assert done.code == int(any(one["ok"] is False for one in findings)), done
        return findings

    def failures(self, **how: Any) -> dict[tuple[str, str], str]:
        """Detail and cure of what fails, by check and subject."""
        failing = [one for one in self.found(**how) if one["ok"] is False]
        assert all(one["cure"] for one in failing)
        told: dict[tuple[str, str], str] = {}
        for one in failing:
            key = one["check"], one["subject"]
            told[key] = f"{told.get(key, '')}{one['detail']} → {one['cure']}\n"
        return told

    def with_rules(self, roster: str) -> dict[str, Any]:
        """The variable that names another database, in which these rules are applied; nothing runs on it."""
        url: dict[str, Any] = {"DATABASE_URL": f"sqlite:///{shutil.copy(self.template, self.folder / 'other.db')}"}
        done = self.command("apply", str(written(self.folder / "other", roster)), **url)
        assert done.code == 0, done.err
        return url

    def furnish(self) -> None:
        """The vendors' side, as the README says to set it up; from the second time on as it was the first time."""
        self.sim.put(f"/numbers/{HOTLINE}", **self.connected)
        people = {ANA: "ana", BEN: "ben", CEM: "cem"}
        for user, name in people.items():
            self.sim.put(f"/slack/users/{user}", name=name, email=f"{name}@example.com")
        self.sim.put(f"/slack/channels/{ONCALL}", name="on-call", members=list(people))
        self.sim.put("/slack/channels/C0HELP0001", name="help", members=list(people))
        self.sim.put("/slack/settings", rate_limits={"on": False})
        self.elsewhere.takes_post = False
        self.document = self.document or self.command("twilio", "fallback", "main").out
        self.elsewhere.documents = {"/fallback.xml": (200, self.document)}
        if not self.connected:
            done = self.command("twilio", "connect", "--fallback", f"{self.elsewhere.url}/fallback.xml")
            assert done.code == 0, done.err
            (number,) = self.sim.get("/numbers")
            self.connected = {name: value for name, value in number.items() if name in CONNECTED}


def environment(sim: Sim, public_url: str, database_url: str) -> dict[str, str]:
    """What every process of this evening is given."""
    settings = sim.settings
    return {
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a secret of forty characters, not a word",
        "PUBLIC_URL": public_url,
        "TWILIO_ACCOUNT_SID": settings.account_sid,
        "TWILIO_AUTH_TOKEN": settings.auth_token,
        "TWILIO_API_URL": sim.url,
        "SLACK_BOT_TOKEN": settings.slack_token,
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
        "SLACK_TEAM_ID": settings.slack_team_id,
        "SLACK_BOT_ID": settings.slack_bot_id,
        "SLACK_BOT_USER_ID": settings.slack_bot_user_id,
        "SLACK_API_URL": f"{sim.url}/api/",
        "ONCALLBOT_ALLOW_EMULATORS": "1",
    }


@contextmanager
def opened(folder: Path) -> Iterator[Evening]:
    """Everything runs for as long as the block lasts."""
    front, elsewhere = Front(), Elsewhere()
    front.start()
    with running(EmulatorSettings(time_scale=0.05)) as emulator:
        sim = Sim(emulator)
        made = Evening(sim, elsewhere, front.url, folder, folder / "template.db")
        made.environ = environment(sim, front.url, f"sqlite:///{folder / 'oncallbot.db'}")
        assert made.command("db", "upgrade", DATABASE_URL=f"sqlite:///{made.template}").code == 0  # copied: quicker
        applied = made.command("apply", str(written(folder / "schedules", ROSTER)))
        assert applied.code == 0, applied.err
        made.furnish()
        product = app.assemble(app.read_settings(made.environ), "serve")
        front.app = product.web
        product.start()
        try:
            sim.wait("request", path_contains="conversations.setTopic")  # its only act of its own: now it is silent
            yield made
        finally:
            front.app = None
            product.stop()
            sim.http.close()
    elsewhere.close()
    front.stop()


@pytest.fixture(scope="session")
def whole_evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    with opened(tmp_path_factory.mktemp("evening")) as made:
        yield made


@pytest.fixture
def evening(whole_evening: Evening, tmp_path: Path) -> Iterator[Evening]:
    """The set-up that is right; mended after the test."""
    whole_evening.folder = tmp_path
    whole_evening.is_touched = False
    yield whole_evening
    if whole_evening.is_touched:
        whole_evening.sim.post("/reset")
        whole_evening.furnish()
