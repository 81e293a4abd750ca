"""How often did pages wake somebody? Those in the person's own night; pages close together wake once.

It must not ask who was on call: whoever is paged at night wakes up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from oncallbot.oncall.counting import NIGHT
from oncallbot.oncall.wallclock import to_local, zone

ONE_WAKE_UP = timedelta(minutes=30)  # pages that come so soon after each other wake a person once


def is_night(at: datetime, timezone: str) -> bool:
    """Does the wall there show 22:00 to 06:00?"""
    local = to_local(at, zone(timezone))
    minute = local.hour * 60 + local.minute
    return minute >= NIGHT[0] or minute < NIGHT[1]


def wake_ups(paged_at: Iterable[datetime], timezone: str) -> int:
    """How often pages at these instants wake a person who lives in this zone: those at night count, and those under
    30 minutes after the one before count with it."""
    found, last = 0, None
    for at in sorted(one for one in paged_at if is_night(one, timezone)):
        if last is None or at - last >= ONE_WAKE_UP:
            found += 1
        last = at
    return found
