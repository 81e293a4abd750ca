"""On what machine was it measured, and did it do anything else meanwhile?

It must not measure the product.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

IDLE_LOAD = 0.25  # processes that wanted to run, on average in the minute before, for each core


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load() -> float:
    """How many processes wanted to run, on average in the last minute."""
    return round(os.getloadavg()[0], 2)


def is_busy(load_before: float) -> bool:
    """Had the machine other work just before we began?"""
    return load_before > IDLE_LOAD * cores()


def is_anything_running() -> bool:
    """Does any thread but this one run, or want to, at this moment? False where the system does not tell."""
    try:
        running = Path("/proc/loadavg").read_text().split()[3]
    except (OSError, IndexError):
        return False
    return int(running.partition("/")[0]) > 1


def described() -> dict[str, str | int]:
    """What figures belong to, besides the database."""
    return {
        "cores": cores(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def resident_mb(process: int) -> float | None:
    """The memory that a process holds, shared libraries too; None where the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) / 1024 if found else None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
