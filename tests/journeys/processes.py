"""Whole processes, as a machine's supervisor runs them: started, stopped, killed by their ids, and none left over.

A house's are forked where everything is imported (`nursery.py`): starting Python a hundred times is no journey.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar, TypeVar

from tests.journeys import forking

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60.0
ENDS_WITHIN = 5.0  # seconds after SIGTERM: a promise to whoever runs it
OURS = ("DATABASE_URL", "PORT", "PUBLIC_URL", "SECRET_KEY")
OUR_PREFIXES = ("ONCALLBOT_", "SLACK_", "TWILIO_")
LOOKS_EVERY = 0.05
Found = TypeVar("Found")


class Program:
    """One process of `python …`. `said` is its first line, printed when it is ready. With `forks` it is not Python's
    start that is tried, only what the process then does.
    """

    living: ClassVar[set["Program"]] = set()

    def __init__(
        self,
        name: str,
        line: list[str],
        environment: Mapping[str, str],
        folder: Path,
        *,
        listens: bool = False,
        forks: bool = False,
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._process: subprocess.Popen[str] | forking.Forked
        if forks:
            _, module, *arguments = line  # python -m MODULE …
            self._process = forking.Forked(module, arguments, environment, folder, self.log)
        else:
            self._process = self._launched(line, environment, folder, listens)
        Program.living.add(self)
        self.said = ""

    def _launched(
        self, line: list[str], environment: Mapping[str, str], folder: Path, listens: bool
    ) -> subprocess.Popen[str]:
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, *line],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.PIPE if listens else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def until_ready(self) -> "Program":
        """Waits for its first line; fails with its log when it ends instead."""
        output = self._process.stdout
        assert output is not None
        ready, _, _ = select.select([output], [], [], READY_WITHIN)
        self.said = output.readline().strip() if ready else ""
        if not self.said:
            self.kill()
            raise AssertionError(f"{self.name} is not ready (exit code {self._process.returncode}):\n{self.complaints}")
        return self

    @property
    def url(self) -> str:
        return self.said.removeprefix("Listening on ").rstrip("/")

    @property
    def complaints(self) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-40:])

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def ask(self, line: str) -> str:
        """Hand it a line, and read the line that it answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def kill(self) -> None:
        """As the kernel does when memory is short: no handler runs."""
        self._process.kill()
        self._ended(READY_WITHIN)

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        self._process.send_signal(signal.SIGTERM)

    def stopped(self) -> int:
        """The exit code of one that was asked to stop: it must come within the promised time."""
        return self._ended(ENDS_WITHIN)

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self.ask_to_stop()
        return self.stopped()

    def wait(self) -> int:
        """The exit code of a process that ends by itself."""
        return self._ended(READY_WITHIN)

    def _ended(self, within: float) -> int:
        code = self._process.wait(within)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        Program.living.discard(self)
        return code

    @staticmethod
    def end_all() -> list[str]:
        """Kills whatever still runs, and ends the nursery; the names of those that did run."""
        left = list(Program.living)
        for program in left:
            program.kill()
        forking.close_nursery()
        return sorted(program.name for program in left)


def clean_environment() -> dict[str, str]:
    """This machine's, less everything of ours; and no proxy stands between processes of one machine."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith(OUR_PREFIXES)}
    return kept | {"PYTHONPATH": str(ROOT), "NO_PROXY": "*", "no_proxy": "*"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_until(look: Callable[[], Found], within: float = 10.0, what: str = "") -> Found:
    """What `look` finds, as soon as it finds something; looked for until `within` seconds are over."""
    until = time.monotonic() + within
    while not (found := look()):
        if time.monotonic() > until:
            raise AssertionError(f"waited {within:g} s in vain for {what or look}")
        time.sleep(LOOKS_EVERY)
    return found
