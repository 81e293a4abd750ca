"""Where does a command keep its files? In a folder of its own, gone afterwards, or swept by the next command like it.

It must not remove a folder whose command may still be alive.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def folder(purpose: str) -> Iterator[Path]:
    """A folder of our own, gone afterwards. Those that killed commands of this purpose have left go, too."""
    _sweep(purpose)
    with tempfile.TemporaryDirectory(prefix=f"oncallbot-{purpose}-{os.getpid()}-", ignore_cleanup_errors=True) as name:
        descriptor = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield Path(name)
        finally:
            os.close(descriptor)


def _sweep(purpose: str) -> None:
    for left in Path(tempfile.gettempdir()).glob(f"oncallbot-{purpose}-*-*"):
        owner = re.fullmatch(rf"oncallbot-{purpose}-(\d+)-\w+", left.name)
        if owner and not _is_running(int(owner[1])) and _is_nobodys(left):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


def _is_nobodys(left: Path) -> bool:
    """Ours, and nobody holds it: a process in another container may be alive although its number is unknown here."""
    try:
        descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(descriptor).st_uid == os.getuid()
    except OSError:
        return False
    finally:
        os.close(descriptor)
