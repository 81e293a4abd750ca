"""Whose turn is it? A lock that is given to waiting threads in the order in which they came.

SQLite's own is not fair: with 32 writers the unlucky wait for seconds. It must not serve across processes.
"""

from __future__ import annotations

import threading
from collections import deque


class FairLock:
    """First in, first out. Not reentrant: a thread that asks twice waits for itself until its time is over."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def acquire(self, timeout_seconds: float) -> bool:
        """True once it is ours; False when the time was over first."""
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout_seconds):
            return True
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
            return True  # our turn came in the same instant

    def release(self) -> None:
        """Hands it to whoever has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    @property
    def waiting(self) -> int:
        """How many threads wait at this moment."""
        return len(self._waiting)
