"""What time is it? The only module that reads a clock; everything else is handed `now`.

The answer is the wall clock at start plus the machine's boot-time clock, so that a stepped system clock neither
silences alarms nor lets them storm. It must not be asked by the two pure rooms.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", None)


def _since_boot() -> float:
    """Seconds since boot, sleep included where the machine counts it (Linux), never stepped."""
    return time.monotonic() if _SINCE_BOOT is None else time.clock_gettime(_SINCE_BOOT)


@dataclass(frozen=True, slots=True)
class Clock:
    """The process's own time. `offset` shifts it, for emulated nights only.

    `skew()` says how far the system's wall clock has moved away since start; over 2 s somebody should look.
    """

    offset: timedelta = timedelta()
    _wall_at_start: datetime = field(default_factory=lambda: datetime.now(UTC))
    _boot_at_start: float = field(default_factory=_since_boot)

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        return self._wall_at_start + timedelta(seconds=_since_boot() - self._boot_at_start) + self.offset

    def skew(self) -> timedelta:
        """System wall clock minus this clock (offset left out); positive when the system's was set forward."""
        return datetime.now(UTC) - (self.now() - self.offset)


def seconds_running() -> float:
    """Seconds on a clock that is never stepped: for measuring how long something took, not for saying when."""
    return _since_boot()
