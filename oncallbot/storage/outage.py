"""What does the log say while the database is away? A line when it goes, one a minute with a count, one at its end.

It must not hide an error that is not the database's, nor try anything again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from oncallbot.clock import seconds_running

EVERY = 60.0  # seconds between two lines of one outage
CALM = 5.0  # seconds without a failure: before that, what works by chance does not make it "back"

log = logging.getLogger(__name__)


class Outage:
    """One process's knowledge of whether its database is there. Many threads fail at once, several times a second."""

    def __init__(self, running: Callable[[], float] = seconds_running) -> None:
        self._running = running  # seconds that only grow
        self._lock = threading.Lock()
        self._began: float | None = None
        self._last_failure = 0.0
        self._last_line = 0.0
        self._count = 0

    def failed(self, what: str, error: Exception) -> None:
        """`what` could not be done, and will be tried again."""
        with self._lock:
            now = self._last_failure = self._running()
            self._count += 1
            if self._began is None:
                self._began = self._last_line = now
                log.warning("the database is away: %s waits: %s", what, error)
            elif now - self._last_line >= EVERY:
                self._last_line = now
                lasted = now - self._began
                log.warning("the database is still away after %.0f s, tries=%s: %s", lasted, self._count, error)

    def worked(self) -> None:
        """The database has just answered: said by whoever asks it every few seconds anyway."""
        with self._lock:
            now = self._running()
            if self._began is None or now - self._last_failure < CALM:
                return
            log.warning("the database is back after %.0f s, tries=%s", now - self._began, self._count)
            self._began, self._count = None, 0
