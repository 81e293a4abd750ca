"""Which id has the channel of that name? Remembered for all threads of a process.

It must not forget what it knows because Slack is away: names are learned again only when one is unknown.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from oncallbot.clock import seconds_running

_ASK_AGAIN_SECONDS = 60.0  # Slack lists channels 20 times a minute at most


class ChannelNames:
    """Channel ids by name, without "#"."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: Mapping[str, str] = {}
        self._asked_at: float | None = None

    def id_of(self, name: str, ask: Callable[[], Mapping[str, str]]) -> str | None:
        """The id; `ask` lists all channels when the name is unknown, at most once a minute. Raises what it raises."""
        name = name.removeprefix("#").lower()
        known = self._ids.get(name)
        if known is not None:
            return known
        with self._lock:
            now = seconds_running()
            if name not in self._ids and (self._asked_at is None or now - self._asked_at >= _ASK_AGAIN_SECONDS):
                self._ids = ask()
                self._asked_at = now
            return self._ids.get(name)
