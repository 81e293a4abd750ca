"""A command's folder: there while the command lives, and gone afterwards, even if only the next one can see to it."""

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from oncallbot.cli.own_folder import folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


@pytest.fixture
def left(place: Path, dead: int) -> Path:
    """What a killed command has left."""
    made = place / f"oncallbot-demo-{dead}-abcd_123"
    made.mkdir()
    (made / "log").write_text("killed", "utf-8")
    return made


@pytest.fixture
def held(left: Path) -> Iterator[None]:
    """Somebody whose number is not known here still has it."""
    descriptor = os.open(left, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield
    os.close(descriptor)


def test_a_folder_is_gone_with_its_command(place: Path) -> None:
    with folder("demo") as own:
        (own / "log").touch()
    assert list(place.iterdir()) == []


def test_what_a_killed_command_has_left_is_swept_by_the_next_one_like_it(left: Path) -> None:
    with folder("bench"):
        assert left.exists()
    with folder("demo") as own:
        assert own.exists()
        assert not left.exists()


def test_the_folder_of_a_command_that_lives_stays(place: Path) -> None:
    with folder("demo") as first, folder("demo") as second:
        assert first.exists()
        assert second.exists()


@pytest.mark.usefixtures("held")
def test_a_folder_that_is_held_stays_even_if_its_number_is_nobodys(left: Path) -> None:
    with folder("demo"):
        assert left.exists()


def test_a_folder_without_a_number_and_a_link_stay(place: Path, dead: int) -> None:
    kept = place / "oncallbot-demo-abcd_123"
    kept.mkdir()
    (place / f"oncallbot-demo-{dead}-abcd_124").symlink_to(kept)
    with folder("demo"):
        pass
    assert len(list(place.iterdir())) == 2
