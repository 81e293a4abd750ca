"""How does a process of the product start without importing everything again? It is forked here, where all is imported.

Run as `python -m tests.journeys.nursery DESCRIPTOR`. It must not start a thread, nor keep a child that it cannot name.
What a start from nothing does is proved in `test_processes.py`, and wherever `Program` is not told otherwise.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from typing import Any

LINE = b"\n"
MOST_BYTES = 1 << 20
# What a process imports until it is ready. One that is missing here is imported by every child again, which only costs.
IMPORTED = (
    "oncallbot.app",
    "oncallbot.channels.slack",
    "oncallbot.channels.slack_directory",
    "oncallbot.channels.slack_listeners",
    "oncallbot.channels.sms",
    "oncallbot.channels.voice",
    "oncallbot.cli.__main__",
    "oncallbot.cli.serving",
    "oncallbot.emulators.__main__",
    "oncallbot.engine.alarms",
    "oncallbot.engine.outbox",
    "oncallbot.engine.worker",
    "oncallbot.intake.slack_channel",
    "oncallbot.intake.slack_shortcut",
    "oncallbot.web.app",
    "sqlalchemy.dialects.postgresql.psycopg",
    "uvicorn.lifespan.off",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)


class Nursery:
    """Forks, signals and buries children, as the other end of the socket asks."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked
        self._children: set[int] = set()
        self._died, died = socket.socketpair()
        for one in (self._died, died):
            one.setblocking(False)
        signal.set_wakeup_fd(died.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._sockets = (asked, self._died, died)

    def serve(self) -> dict[str, Any] | None:
        """In a child: whom to become. Here: None, once nobody can ask any more, and every child has been killed."""
        while True:
            ready, _, _ = select.select([self._asked, self._died], [], [])
            if self._died in ready:
                self._died.recv(MOST_BYTES)
                self._bury()
            if self._asked not in ready:
                continue
            orders, descriptors = self._heard()
            if not orders:
                self.end()
                return None
            for order in orders:
                if "signal" in order:
                    self._signal(order["pid"], order["signal"])
                elif self._forks(descriptors):
                    return order

    def end(self) -> None:
        """Kills every child."""
        for child in self._children:
            os.kill(child, signal.SIGKILL)

    def _heard(self) -> tuple[list[dict[str, Any]], list[int]]:
        """What is asked for; nothing once the other end is closed. The descriptors are those of the only new child."""
        text, descriptors = b"", []
        while not text.endswith(LINE):
            more, received, _, _ = socket.recv_fds(self._asked, MOST_BYTES, 3)
            descriptors += received
            if not more:
                return [], descriptors
            text += more
        return [json.loads(line) for line in text.splitlines()], descriptors

    def _signal(self, child: int, number: int) -> None:
        if child in self._children:  # one that is not yet buried: its number is no other's
            os.kill(child, number)

    def _forks(self, descriptors: list[int]) -> bool:
        """In the child: yes. Whoever asks for a child waits until it is born: one order has only one."""
        child = os.fork()
        if child == 0:
            self._leave(descriptors)
            return True
        for descriptor in descriptors:
            os.close(descriptor)
        self._children.add(child)
        self._tell({"born": child})
        return False

    def _bury(self) -> None:
        for child in tuple(self._children):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                self._children.discard(child)
                self._tell({"ended": child, "code": os.waitstatus_to_exitcode(status)})

    def _tell(self, what: dict[str, int]) -> None:
        self._asked.sendall(json.dumps(what).encode() + LINE)

    def _leave(self, descriptors: list[int]) -> None:
        """A child has a session, standard streams and signals of its own, and nothing of the nursery's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        for standard, given in enumerate(descriptors):
            os.dup2(given, standard)
            os.close(given)
        for one in self._sockets:
            one.close()


def become(module: str, arguments: list[str], environment: dict[str, str], folder: str) -> int:
    """What `python -m MODULE ARGUMENTS` does in that environment and folder."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.stdin = os.fdopen(0, closefd=False)  # the old ones remember what the nursery's were: files, perhaps
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    gc.enable()
    sys.argv = [module, *arguments]
    code: int | None = importlib.import_module(f"{module}.__main__").main()
    return code or 0


def main() -> int:
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()
    gc.disable()  # a child that shares its memory with the others leaves it as it is
    nursery = Nursery(socket.socket(fileno=int(sys.argv[1])))
    try:
        order = nursery.serve()
    except BaseException:
        nursery.end()  # whoever asks has lost sight of them
        raise
    return 0 if order is None else become(**order)


if __name__ == "__main__":
    sys.exit(main())
