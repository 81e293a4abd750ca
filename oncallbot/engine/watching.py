"""Has anything changed that a page shows? One watcher for all browsers of a process, and only while somebody looks.

It must not say what has changed, nor to whom it may be shown: whoever is told asks again, with their own rights.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from oncallbot.engine.handle import Door
from oncallbot.errors import DatabaseUnavailable
from oncallbot.storage import changes

LOOKS_EVERY = 0.5  # seconds; one small query for a whole process
Told = Callable[[str | None], None]


class Watcher:
    """Tells its listeners each new stamp, and None when the process is about to end. Threads may share it.

    Listeners are called on the watcher's thread: they must not raise or block.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._lock = threading.RLock()  # `stop` may come from a signal that interrupts `listen` in the same thread
        self._listeners: list[Told] = []
        self._stop: threading.Event | None = None
        self._last: str | None = None
        self._is_over = False

    def stamp(self) -> str:
        """The present stamp. It changes each minute too: what a page says of now grows old by itself."""
        with self._door.database.read() as connection:
            return f"{changes.stamp(connection)}.{int(self._door.clock.now().timestamp()) // 60}"

    def listen(self, told: Told) -> None:
        """`told` is called with the present stamp, soon, and then with each new one."""
        with self._lock:
            if self._is_over:
                told(None)
                return
            self._listeners.append(told)
            self._last = None  # so that everybody is told again
            if self._stop is None:
                self._stop = threading.Event()
                threading.Thread(target=self._watch, args=(self._stop,), name="watcher", daemon=True).start()

    def leave(self, told: Told) -> None:
        """`told` is not called any more. The last one to leave ends the watching."""
        with self._lock:
            if told in self._listeners:
                self._listeners.remove(told)
            if not self._listeners and self._stop is not None:
                self._stop.set()
                self._stop = None

    def stop(self) -> None:
        """The process ends: every listener is told None."""
        with self._lock:
            self._is_over = True
            listeners, self._listeners = self._listeners, []
            if self._stop is not None:
                self._stop.set()
        for told in listeners:
            told(None)

    def _watch(self, stop: threading.Event) -> None:
        while not stop.wait(LOOKS_EVERY):
            try:
                now = self.stamp()
            except DatabaseUnavailable as error:
                self._door.database.outage.failed("watching for pages", error)
                continue
            self._door.database.outage.worked()
            with self._lock:
                listeners = list(self._listeners) if now != self._last else []
                self._last = now
            for told in listeners:
                told(now)
