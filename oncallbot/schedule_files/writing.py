"""How do new texts get into their files? All of them or none, and never half of one.

It must not judge what they say, nor overwrite what somebody has written since it was read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from oncallbot.errors import ConfigurationError, Problem

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Step:
    """One file: what it held (None: it is new), and its new content, written beside it already."""

    path: Path
    before: bytes | None
    beside: Path


def write_all(before: Mapping[Path, str], after: Mapping[Path, str]) -> None:
    """Writes the texts. `before` are those that were read; the others are new files.

    ConfigurationError if a file cannot be written or has changed meanwhile; then all files are as they were.
    """
    steps: list[_Step] = []
    try:
        for path, text in after.items():
            steps.append(_beside(path, before.get(path), text))
        _put_in_place(steps)
    except OSError as error:
        wrong = f"cannot be written: {error.strerror or error}"
        place = Path(error.filename or "").as_posix() if error.filename else "export"
        raise ConfigurationError((Problem(place, wrong, "check the path and its permissions"),)) from error
    finally:
        for step in steps:
            step.beside.unlink(missing_ok=True)


def _beside(path: Path, read: str | None, text: str) -> _Step:
    """Writes the new content next to the file, with its encoding, line ends, owner and mode."""
    target = path.resolve()
    before = target.read_bytes() if target.exists() else None
    if (None if before is None else _as_read(before)) != read:
        raise ConfigurationError((Problem(path.as_posix(), "has changed meanwhile", "nothing was written: try again"),))
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    with beside.open("wb") as file:
        file.write(_as_written(text, before or b""))
        file.flush()
        os.fsync(file.fileno())
    if before is not None:
        was = target.stat()
        beside.chmod(was.st_mode & 0o7777)
        with suppress(PermissionError):
            os.chown(beside, was.st_uid, was.st_gid)
    return _Step(target, before, beside)


def _put_in_place(steps: list[_Step]) -> None:
    done: list[_Step] = []
    try:
        for step in steps:
            step.beside.replace(step.path)
            done.append(step)
    except OSError:
        for step in done:
            if step.before is None:
                step.path.unlink()
            else:
                step.path.write_bytes(step.before)
        raise


def _as_read(content: bytes) -> str:
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _as_written(text: str, before: bytes) -> bytes:
    if before.count(b"\r\n") == before.count(b"\n") > 0:
        text = text.replace("\n", "\r\n")
    return (_BOM if before.startswith(_BOM) else b"") + text.encode()
