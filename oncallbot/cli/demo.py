"""What does it look like? The product beside emulated telephones, as real processes, to play with or as one night.

It must not speed anything up, touch the caller's database or environment, or leave a process or file behind.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from types import FrameType
from typing import IO, Any

import httpx

import oncallbot
from oncallbot.cli import demo_night
from oncallbot.cli.demo_night import Stage, Unexpected

HOTLINE = "+493023125999"
_OURS = ("DATABASE_URL", "PORT", "PUBLIC_URL", "SECRET_KEY")
_OUR_PREFIXES = ("ONCALLBOT_", "SLACK_", "TWILIO_")
_STARTS_WITHIN = 20  # seconds
_ENDS_WITHIN = 6
_LINES_SHOWN = 15
_TRIES = 3

HELP = """
The night is yours. Everybody has a telephone, and you play them all ({emulator}/sim/docs):

  Erik of Acme calls      curl {emulator}/sim/handsets/+493023125100/call --json '{{"to": "{hotline}"}}'
  he hears and speaks     curl {emulator}/sim/handsets/+493023125100
                          curl {emulator}/sim/handsets/+493023125100/speak --json '{{"text": "Nobody can order"}}'
                          curl {emulator}/sim/handsets/+493023125100/press --json '{{"digits": "#"}}'
  Ana is on call          curl -X POST {emulator}/sim/handsets/+493023125001/answer
  4 s later it is Ben     curl -X POST {emulator}/sim/handsets/+493023125002/answer
  4 takes it              curl {emulator}/sim/handsets/+493023125002/press --json '{{"digits": "4"}}'
  or by text              curl {emulator}/sim/handsets/+493023125002/text --json '{{"to": "{hotline}", "body": "4"}}'

What the product knows    . {environment}
                          {command} issues --all      and      {command} issue AH-1001
Its health and its log    {product}/health/paging      {log}

Ctrl-C ends it and leaves nothing behind.
"""


class Stopped(BaseException):
    """Somebody asked us to stop: Ctrl-C, SIGTERM, or the terminal was closed."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def demo(port: int, host: str, headless: bool) -> int:
    """Play one night and judge it (`headless`), or start everything and wait for Ctrl-C. The exit code.

    Headless: 0 only when the product's own record shows the expected night.
    """
    try:
        with _signals() as signals, _folder() as folder:
            return _run(_House(folder, signals), port, host, headless)
    except Stopped as stopped:
        print("\nStopped.", flush=True)
        return 128 + stopped.number if headless else 0
    except Unexpected as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1


def _run(house: _House, port: int, host: str, headless: bool) -> int:
    with house:
        stage = house.start(None if headless else port, "127.0.0.1" if headless else host)
        if headless:
            return demo_night.play(stage)
        print(f"Listening on {stage.product}/")
        command = f"{Path(sys.executable).parent / 'oncallbot'}"
        text = HELP.format(
            emulator=stage.emulator,
            product=stage.product,
            hotline=HOTLINE,
            environment=house.write_environment(),
            command=command,
            log=house.log,
        )
        print(text, flush=True)
        house.wait()
        return 1


class _Signals:
    """Turns signals into `Stopped`, but never while a process is being started or ended."""

    def __init__(self) -> None:
        self._is_held = False
        self._is_over = False
        self._pending: int | None = None

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        if self._is_over:
            return
        if self._is_held:
            self._pending = number
        else:
            raise Stopped(number)

    def end(self) -> None:
        """From now on we are stopping anyway: a second Ctrl-C must not leave anything behind."""
        self._is_over = True

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is done in here is done whole; the signal comes afterwards."""
        outer, self._is_held = self._is_held, True
        try:
            yield
        finally:
            self._is_held = outer
        if self._pending is not None and not outer:
            number, self._pending = self._pending, None
            raise Stopped(number)


@contextmanager
def _signals() -> Iterator[_Signals]:
    signals = _Signals()
    before = {one: signal.signal(one, signals) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield signals
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of our own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="oncallbot-demo-", ignore_cleanup_errors=True) as name:
        yield Path(name)


class _House:
    """The emulator's and the product's processes. Leaving it ends them, by their ids, whatever happened."""

    def __init__(self, folder: Path, signals: _Signals) -> None:
        self.log = folder / "log"
        self.environment = _clean_environment() | {
            "DATABASE_URL": f"sqlite:///{folder / 'oncallbot.db'}",
            "SECRET_KEY": os.urandom(24).hex(),
            "ONCALLBOT_ALLOW_EMULATORS": "1",
        }
        self._folder = folder
        self._signals = signals
        self._children: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> _House:
        return self

    def __exit__(self, *_: object) -> None:
        self._signals.end()
        for child in self._children.values():
            child.terminate()
        for child in self._children.values():
            _end(child)

    def start(self, port: int | None, host: str) -> Stage:
        """Start everything: emulator, product, its roster, its number. `port` None picks a free one."""
        emulator = self._spawn("emulator", "-m", "oncallbot.emulators", "--port", "0")
        with httpx.Client(base_url=emulator, timeout=_STARTS_WITHIN, trust_env=False) as http:
            account = _asked(http.get("/sim/account"))
            self.environment |= {
                "TWILIO_ACCOUNT_SID": account["account_sid"],
                "TWILIO_AUTH_TOKEN": account["auth_token"],
                "TWILIO_API_URL": emulator,
            }
            product = self._serve(port, host)
            roster = self._folder / "roster.yaml"
            roster.write_text(resources.files("oncallbot.cli").joinpath("demo_roster.yaml").read_text("utf-8"), "utf-8")
            self.command("apply", str(roster))
            public = self.environment["PUBLIC_URL"]
            number = {
                "voice_url": f"{public}/twilio/voice",
                "sms_url": f"{public}/twilio/sms",
                "status_callback": f"{public}/twilio/hotline/ended",
            }
            _asked(http.put(f"/sim/numbers/{HOTLINE}", json=number))
        return Stage(emulator, product, HOTLINE, self.command)

    def command(self, *arguments: str) -> str:
        """What a command of the product prints. Unexpected, with its complaint, when it fails."""
        with self._signals.held():
            process = self._children["command"] = self._popen("-m", "oncallbot.cli", *arguments, errors=subprocess.PIPE)
        try:
            said, complaint = process.communicate(timeout=_STARTS_WITHIN)
        except subprocess.TimeoutExpired as late:
            raise Unexpected(f"`oncallbot {' '.join(arguments)}` took over {_STARTS_WITHIN} s") from late
        del self._children["command"]
        if process.returncode:
            raise Unexpected(f"`oncallbot {' '.join(arguments)}` failed ({process.returncode}): {complaint.strip()}")
        return said

    def write_environment(self) -> Path:
        """A file that gives a shell the product's environment: the command line must reach by the same roads."""
        path = self._folder / "environment"
        ours = sorted(name for name in self.environment if name in _OURS or name.startswith(_OUR_PREFIXES))
        path.touch(0o600)
        path.write_text("".join(f"export {name}={shlex.quote(self.environment[name])}\n" for name in ours), "utf-8")
        return path

    def wait(self) -> None:
        """Until a signal comes. A process that ends by itself is Unexpected."""
        while True:
            for name, child in self._children.items():
                try:
                    child.wait(0.5)
                except subprocess.TimeoutExpired:
                    continue
                raise Unexpected(self._ended(name, child))

    def _serve(self, port: int | None, host: str) -> str:
        """The product's address. A free port that somebody else took meanwhile is tried again with another."""
        for left in reversed(range(_TRIES)):
            chosen = _free_port() if port is None else port
            near = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host
            self.environment |= {"PORT": str(chosen), "PUBLIC_URL": f"http://{_in_url(near)}:{chosen}"}
            try:
                return self._spawn("product", "-m", "oncallbot.cli", "serve", "--host", host)
            except Unexpected:
                if port is not None or not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _spawn(self, name: str, *line: str) -> str:
        """Start a process and return the address that it prints when it is ready."""
        with self._signals.held(), self.log.open("a") as log:
            child = self._children[name] = self._popen(*line, errors=log)
        said = _first_line(child.stdout)
        if not said.startswith("Listening on "):
            raise Unexpected(self._ended(name, child))
        return said.removeprefix("Listening on ").rstrip("/")

    def _popen(self, *line: str, errors: IO[str] | int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *line],
            cwd=self._folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # Ctrl-C in the terminal is for us: we end them
        )

    def _ended(self, name: str, child: subprocess.Popen[str]) -> str:
        _end(child)
        lines = self.log.read_text("utf-8", "replace").splitlines()[-_LINES_SHOWN:]
        return "\n".join((f"the {name} ended with exit code {child.returncode}", *lines))


def _clean_environment() -> dict[str, str]:
    """The caller's, less everything that would make it somebody's real product, and without a proxy to ourselves."""
    kept = {
        name: value for name, value in os.environ.items() if name not in _OURS and not name.startswith(_OUR_PREFIXES)
    }
    paths = (str(Path(oncallbot.__path__[0]).parent), kept.get("PYTHONPATH", ""))
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "NO_PROXY": "*", "no_proxy": "*"}


def _end(child: subprocess.Popen[str]) -> None:
    """Ask it to stop; after a while, make it."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _first_line(output: IO[str] | None) -> str:
    return output.readline().strip() if output is not None else ""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _asked(response: httpx.Response) -> dict[str, Any]:
    if response.status_code != httpx.codes.OK:
        raise Unexpected(f"{response.request.method} {response.url} answered {response.status_code}: {response.text}")
    answer: dict[str, Any] = response.json()
    return answer
