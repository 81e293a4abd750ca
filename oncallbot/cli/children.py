"""Which processes has this command started? Starts the product and what stands beside it, and ends each by its id.

It must not touch the caller's database or environment, nor leave a process behind, even when it is killed itself.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Self

import oncallbot
from oncallbot.cli.leash import ENDS_WITHIN

OURS = ("DATABASE_URL", "PORT", "PUBLIC_URL", "SECRET_KEY")
OUR_PREFIXES = ("ONCALLBOT_", "SLACK_", "TWILIO_")
STARTS_WITHIN = 20  # seconds
_LINES_SHOWN = 15
_TRIES = 3


class Stopped(BaseException):
    """Somebody asked us to stop: Ctrl-C, SIGTERM, or the terminal was closed."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Unexpected(Exception):
    """What was started does not go as it should; the text says what was missed."""


class Signals:
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
def signals() -> Iterator[Signals]:
    """Signals are turned into `Stopped` until the block ends."""
    made = Signals()
    before = {one: signal.signal(one, made) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield made
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


class Children:
    """The processes of one command, in one folder and one environment. Leaving it ends them, whatever happened.

    When the command is killed, they end by themselves (`leash`).
    """

    def __init__(self, folder: Path, signals: Signals) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.environment = _clean_environment() | {
            "DATABASE_URL": f"sqlite:///{folder / 'oncallbot.db'}",
            "SECRET_KEY": os.urandom(24).hex(),
            "ONCALLBOT_ALLOW_EMULATORS": "1",
        }
        self._signals = signals
        self._children: dict[str, subprocess.Popen[str]] = {}
        self._leash, self._held = os.pipe()  # no child inherits the end that is held

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._signals.end()
        for child in self._children.values():
            child.terminate()
        for child in self._children.values():
            _end(child)
        for end in (self._leash, self._held):
            os.close(end)

    def emulator(self, *options: str, port: int = 0) -> str:
        """Start the emulated vendors; their address."""
        return self.spawn("emulator", "oncallbot.emulators", "--port", str(port), *options)

    def serve(self, port: int | None, host: str) -> str:
        """Start the product; its address. `port` None picks a free one, and another when somebody else took it."""
        for left in reversed(range(_TRIES)):
            chosen = _free_port() if port is None else port
            near = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host
            self.environment |= {"PORT": str(chosen), "PUBLIC_URL": f"http://{_in_url(near)}:{chosen}"}
            try:
                return self.spawn("product", "oncallbot.cli", "serve", "--host", host)
            except Unexpected:
                if port is not None or not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def spawn(self, name: str, *line: str) -> str:
        """Start a module with its arguments and return the address that it prints when it is ready."""
        leashed = ("-m", "oncallbot.cli.leash", *line)
        with self._signals.held(), self.log.open("a") as log:
            child = self._children[name] = self._popen(*leashed, stdin=self._leash, stderr=log)
        said = _first_line(child.stdout)
        if not said.startswith("Listening on "):
            raise Unexpected(self._ended(name, child))
        return said.removeprefix("Listening on ").rstrip("/")

    def command(self, *arguments: str) -> str:
        """What a command of the product prints. Unexpected, with its complaint, when it fails."""
        with self._signals.held():
            line = ("-m", "oncallbot.cli", *arguments)  # not on a leash: it ends by itself, and `bench` measures it
            process = self._children["command"] = self._popen(*line, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            said, complaint = process.communicate(timeout=STARTS_WITHIN)
        except subprocess.TimeoutExpired as late:
            raise Unexpected(f"`oncallbot {' '.join(arguments)}` took over {STARTS_WITHIN} s") from late
        del self._children["command"]
        if process.returncode:
            raise Unexpected(f"`oncallbot {' '.join(arguments)}` failed ({process.returncode}): {complaint.strip()}")
        return said

    def process(self, name: str) -> int:
        """The id of a process that was started."""
        return self._children[name].pid

    def end(self, name: str) -> None:
        """End one of them, before the others."""
        with self._signals.held():
            _end(self._children.pop(name))

    def kill(self, name: str) -> None:
        """SIGKILL: no handler runs, nothing is finished. Nothing happens when there is no such process any more."""
        with self._signals.held():
            child = self._children.pop(name, None)
            if child is not None:
                child.kill()
                _end(child)

    def has_ended(self, name: str) -> str | None:
        """How it ended, if it did so by itself since it was last asked, with the end of its log."""
        child = self._children.get(name)
        if child is None or child.poll() is None:
            return None
        del self._children[name]
        return self._ended(name, child)

    def _popen(self, *line: str, stdin: int, stderr: IO[str] | int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *line],
            cwd=self.folder,
            env=self.environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,  # Ctrl-C in the terminal is for us: we end them
        )

    def _ended(self, name: str, child: subprocess.Popen[str]) -> str:
        _end(child)
        lines = self.log.read_text("utf-8", "replace").splitlines()[-_LINES_SHOWN:]
        return "\n".join((f"the {name} ended with exit code {child.returncode}", *lines))


def _clean_environment() -> dict[str, str]:
    """The caller's, less everything that would make it somebody's real product, and without a proxy to ourselves."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith(OUR_PREFIXES)}
    paths = (str(Path(oncallbot.__path__[0]).parent), kept.get("PYTHONPATH", ""))
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "NO_PROXY": "*", "no_proxy": "*"}


def _end(child: subprocess.Popen[str]) -> None:
    """Ask it to stop; after a while, make it."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(ENDS_WITHIN)
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
