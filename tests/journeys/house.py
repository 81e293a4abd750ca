"""The product and the emulated world as processes, on one database: what every journey happens in."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx

from oncallbot import app
from oncallbot.cli.__main__ import run
from oncallbot.storage import issues, outbox, timeline
from oncallbot.storage.outbox import Notification
from tests.journeys import streets
from tests.journeys.processes import Program, clean_environment, free_port, wait_until

COMMAND = ["-m", "oncallbot.cli"]
QUICK_TELEPHONES = 0.05  # real seconds per second of ringing and listening: 25 s of ringing take 1.25 s


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    said: str
    complaint: str

    @property
    def answer(self) -> Any:
        """Its JSON document."""
        return json.loads(self.said)


class Sim:
    """The emulator's control interface as short verbs."""

    def __init__(self, url: str) -> None:
        # Nobody here speaks TLS, and reading the machine's certificates takes 20 ms of each client.
        self.http = httpx.Client(base_url=f"{url}/sim", timeout=60, trust_env=False, verify=False)

    def get(self, path: str) -> Any:
        return self._checked(self.http.get(path))

    def put(self, path: str, **wish: Any) -> Any:
        return self._checked(self.http.put(path, json=wish))

    def post(self, path: str, **wish: Any) -> Any:
        return self._checked(self.http.post(path, json=wish))

    def delete(self, path: str) -> Any:
        return self._checked(self.http.delete(path))

    def wait(self, kind: str, within: float = 10.0, /, **wanted: Any) -> Any:
        """What was found; fails with what there is instead."""
        asked: dict[str, Any] = {"for": kind, "timeout": within} | wanted
        return self._checked(self.http.get("/wait", params=asked))["found"]

    def has(self, kind: str, /, **wanted: Any) -> bool:
        """Is it so right now?"""
        asked: dict[str, Any] = {"for": kind, "timeout": 0} | wanted
        return self.http.get("/wait", params=asked).status_code == httpx.codes.OK

    def fault(self, kind: str, **wish: Any) -> "Fault":
        return Fault(self, self.post("/faults", kind=kind, **wish)["id"])

    @staticmethod
    def _checked(response: httpx.Response) -> Any:
        assert response.status_code == httpx.codes.OK, f"{response.url} answered {response.status_code} {response.text}"
        return response.json()


@dataclass(frozen=True)
class Fault:
    """One planned misfortune."""

    sim: Sim
    id: str

    @property
    def fired(self) -> int:
        return int(next(one["fired"] for one in self.sim.get("/faults") if one["id"] == self.id))

    def fires(self, times: int = 1, within: float = 10.0) -> None:
        self.sim.wait("fault", within, id=self.id, fired=times)

    def holds(self, within: float = 10.0) -> None:
        """A request is held right now."""
        self.sim.wait("fault", within, id=self.id, holding=1)

    def release(self) -> None:
        self.sim.post(f"/faults/{self.id}/release")

    def end(self) -> None:
        self.sim.delete(f"/faults/{self.id}")


def carried_out(environment: dict[str, str], *arguments: str) -> Done:
    """A command of the product in this process: the same code without the start of Python."""
    said, complaint = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment, clear=True),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complaint),
    ):
        code = run(arguments)
    return Done(code, said.getvalue(), complaint.getvalue())


@dataclass
class House:
    """`serve` on SQLite; `web` (one or more) and `worker` on PostgreSQL. Its streets are applied once."""

    folder: Path
    database_url: str
    webs: int = 1
    time_scale: float = QUICK_TELEPHONES
    kinds: dict[int, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=clean_environment)
    programs: dict[str, Program] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    forks: bool = True  # else its processes start with Python, as they do in production
    was_killed: bool = False

    @property
    def is_postgresql(self) -> bool:
        return self.database_url.startswith("postgresql")

    @property
    def sender(self) -> str:
        """The process that sends."""
        return "worker" if self.is_postgresql else "serve"

    @property
    def front(self) -> str:
        """The process that Twilio reaches first."""
        return "web" if self.is_postgresql else "serve"

    @property
    def names(self) -> list[str]:
        webs = ["web", *(f"web{one}" for one in range(2, self.webs + 1))]
        return [*webs, "worker"] if self.is_postgresql else ["serve"]

    def open(self) -> "House":
        """Start everything, with the streets of `kinds`."""
        speed = ["--time-scale", str(self.time_scale), "--speech-rate", "0.002"]
        line = ["-m", "oncallbot.emulators", "--port", "0", *speed]
        emulator = self.programs["emulator"] = Program(
            "emulator", line, clean_environment(), self.folder, forks=self.forks
        )
        self.sim = Sim(emulator.until_ready().url)
        account = self.sim.get("/account")
        for name in self.names[: max(1, self.webs)]:
            self.ports[name] = free_port()
        self.environment |= {
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "a secret key for journeys only",
            "TWILIO_ACCOUNT_SID": account["account_sid"],
            "TWILIO_AUTH_TOKEN": account["auth_token"],
            "TWILIO_API_URL": emulator.url,
            "ONCALLBOT_ALLOW_EMULATORS": "1",
            "PUBLIC_URL": self.url(self.front),
        }
        self.environment |= self.variables
        if self.is_postgresql:
            assert self.command("db", "upgrade").code == 0
        (self.folder / "roster.yaml").write_text(streets.roster(self.kinds))
        applied = self.command("apply", str(self.folder / "roster.yaml"))
        assert applied.code == 0, applied.complaint
        for street in self.kinds:
            self.connect(street)
        self._reader = app.open_desk(app.read_settings(self.environment))
        self.start(*self.names)
        return self

    def url(self, name: str) -> str:
        """How the emulator reaches that process."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def connect(self, street: int, texts_at: str | None = None) -> None:
        """Point the number's webhooks at the product; texts at another process than calls, where named."""
        calls, texts = self.url(self.front), self.url(texts_at or self.front)
        self.sim.put(
            f"/numbers/{streets.phone(street, 'hotline')}",
            voice_url=f"{calls}/twilio/voice",
            sms_url=f"{texts}/twilio/sms",
            status_callback=f"{calls}/twilio/hotline/ended",
        )

    def start(self, *names: str) -> None:
        """Start these processes, and wait until each has said that it is ready."""
        for name in names:
            kind = name.rstrip("0123456789")
            environment = dict(self.environment)
            if name in self.ports:
                environment |= {"PORT": str(self.ports[name]), "PUBLIC_URL": self.url(name)}
            hosts = [] if kind == "worker" else ["--host", "127.0.0.1"]
            self.programs[name] = Program(name, [*COMMAND, kind, *hosts], environment, self.folder, forks=self.forks)
        for name in names:
            self.programs[name].until_ready()

    def kill(self, name: str) -> None:
        """kill -9."""
        self.was_killed = True
        self.programs.pop(name).kill()

    def restart(self, name: str) -> None:
        """kill -9, and start it again."""
        self.kill(name)
        self.start(name)

    def close(self) -> dict[str, int]:
        """Stop everything; each exit code."""
        self._reader.database.close()
        self.sim.http.close()
        for program in self.programs.values():
            program.ask_to_stop()
        codes = {name: program.stopped() for name, program in self.programs.items()}
        self.programs.clear()
        return codes

    def command(self, *arguments: str) -> Done:
        return carried_out(self.environment, *arguments)

    def shell(self, *arguments: str, **variables: str) -> Done:
        """A command of the product as a process of its own."""
        line = [sys.executable, *COMMAND, *arguments]
        environment = self.environment | variables
        done = subprocess.run(
            line, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def outbox_of(self, number: int) -> list[Notification]:
        """Everything that was to be sent for an issue, as the database has it."""
        with self._reader.database.read() as connection:
            return outbox.of_issue(connection, number)

    def references(self, hotline: str) -> list[str]:
        """The hotline's issues, the oldest first."""
        with self._reader.database.read() as connection:
            found = issues.all_ones(connection, 10_000)
        return [f"AH-{number}" for number in sorted(one.number for one in found if one.hotline == hotline)]

    def glance(self, number: int) -> dict[str, Any]:
        """What a journey may wait for, straight from the database: `issue --json` costs twenty times as much."""
        with self._reader.database.read() as connection:
            issue = issues.load(connection, number)
            lines = timeline.of(connection, number)
            sent = outbox.of_issue(connection, number)
        assert issue is not None
        return {
            "reference": issue.reference,
            "status": issue.status.value,
            "acknowledged_by": issue.holder,
            "summary": issue.summary,
            "level": issue.level,
            "loop": issue.loop,
            "timeline": [{"kind": one.kind.value, "text": one.text, "at": one.at.isoformat()} for one in lines],
            "notifications": [
                {"responder": one.responder, "method": one.method.value, "status": one.status.value}
                for one in sent
                if one.purpose == "page"
            ],
        }

    def is_quiet(self) -> bool:
        """Nothing waits to be sent, no call lives, no webhook is under way."""
        if not self.sim.has("quiet"):
            return False
        with httpx.Client(trust_env=False, verify=False) as http:
            metrics = http.get(f"{self.url(self.front)}/metrics").text
        pending = [line for line in metrics.splitlines() if line.startswith("oncallbot_notifications_pending{")]
        assert pending, "no process told how many notifications are pending"
        return all(line.endswith(" 0.0") for line in pending) and self.sim.has("quiet")  # still

    def until_quiet(self, within: float = 15.0) -> None:
        wait_until(self.is_quiet, within, "quiet: nothing to send, no call, no webhook")


@contextlib.contextmanager
def opened(make: Callable[[], House]) -> Iterator[House]:
    """A house that is closed whatever happens, its processes ended by their ids."""
    house = make()
    try:
        yield house.open()
        codes = house.close()
        assert set(codes.values()) == {0}, f"exit codes {codes}"
    finally:
        for program in house.programs.values():
            if program.is_running:
                program.kill()
