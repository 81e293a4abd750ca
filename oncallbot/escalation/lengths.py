"""How is a length of time written? As the schedule files write it: `30s`, `5m`, `1h30m`.

It must not read such text: `schedule_files` does.
"""

from __future__ import annotations

from datetime import timedelta


def length_text(length: timedelta) -> str:
    """`1h30m` for ninety minutes; whole seconds, `0s` for nothing."""
    seconds = int(length.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
