"""Who asks the nursery? `Forked` is a process that it has forked, with as much of `subprocess.Popen` as journeys need.

One nursery per pytest worker, started by the first who asks. It must not outlive us: it ends when its socket closes.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any, ClassVar

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 1 << 20


class Asking:
    """The nursery as seen from here. For one thread: nothing else starts or ends processes."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        line = [sys.executable, "-m", "tests.journeys.nursery", str(theirs.fileno())]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            line, cwd=ROOT, env=environment, pass_fds=[theirs.fileno()], start_new_session=True
        )
        theirs.close()
        self._unread = b""
        self.codes: dict[int, int] = {}

    def fork(self, order: Mapping[str, Any], streams: list[int]) -> int:
        """The new process's id."""
        socket.send_fds(self._socket, [json.dumps(order).encode() + b"\n"], streams)
        while True:
            told = self._told(None)
            if told is not None and "born" in told:
                return int(told["born"])

    def signal(self, pid: int, number: int) -> None:
        """Nothing happens to one that has ended."""
        self._socket.sendall(json.dumps({"pid": pid, "signal": number}).encode() + b"\n")

    def code(self, pid: int, within: float) -> int | None:
        """The exit code (less than 0: the signal); None if it still runs then."""
        until = time.monotonic() + within
        while pid not in self.codes:
            if self._told(max(0.0, until - time.monotonic())) is None:
                return None
        return self.codes[pid]

    def close(self) -> None:
        self._socket.close()
        self._process.wait(10)

    def _told(self, within: float | None) -> dict[str, int] | None:
        """The next line; None if there is none within that time. An end is remembered."""
        while b"\n" not in self._unread:
            ready, _, _ = select.select([self._socket], [], [], within)
            if not ready:
                return None
            more = self._socket.recv(MOST_BYTES)
            if not more:
                raise AssertionError(f"the nursery has ended with exit code {self._process.wait(10)}")
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        told: dict[str, int] = json.loads(line)
        if "ended" in told:
            self.codes[told["ended"]] = told["code"]
        return told


@cache
def nursery() -> Asking:
    return Asking()


def close_nursery() -> None:
    """If there is one. Nobody can be forked afterwards."""
    if nursery.cache_info().currsize:
        nursery().close()
        nursery.cache_clear()


class Forked:
    """One process of `python -m MODULE …`."""

    stdin: ClassVar[None] = None

    def __init__(
        self, module: str, arguments: list[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        read, write = os.pipe()
        silence = os.open(os.devnull, os.O_RDONLY)
        complaints = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        order = {
            "module": module,
            "arguments": arguments,
            "environment": dict(environment),
            "folder": str(folder),
        }
        self.pid = nursery().fork(order, [silence, write, complaints])
        for descriptor in (silence, write, complaints):
            os.close(descriptor)
        self.stdout: IO[str] | None = os.fdopen(read, encoding="utf-8")

    @property
    def returncode(self) -> int | None:
        return nursery().codes.get(self.pid)

    def poll(self) -> int | None:
        return nursery().code(self.pid, 0)

    def wait(self, timeout: float) -> int:
        code = nursery().code(self.pid, timeout)
        if code is None:
            raise subprocess.TimeoutExpired(["forked", str(self.pid)], timeout)
        return code

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        nursery().signal(self.pid, number)
