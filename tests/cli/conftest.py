"""The command line in this process, on a database of each kind that runs the team's rules (copied: that is quicker)."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from oncallbot.cli.__main__ import run
from tests.cli.cast import written
from tests.postgresql import PostgreSQL


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Command = Callable[..., Done]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Call it with the words of a command line. The folder is empty and its own; no vendor is connected."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str | Path) -> Done:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Done(code, said.out, said.err)

    return call


def applied(url: str, folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        assert run(["db", "upgrade"]) == 0
        assert run(["apply", str(written(folder))]) == 0


@pytest.fixture(scope="session")
def sqlite_team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("team")
    applied(f"sqlite:///{folder / 'oncallbot.db'}", folder / "schedules")
    return folder / "oncallbot.db"


@pytest.fixture(scope="session")
def postgresql_team(postgresql_server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = postgresql_server.fresh_database()
    applied(url, tmp_path_factory.mktemp("team") / "schedules")
    return url


@pytest.fixture
def on_sqlite(sqlite_team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A SQLite database with the team's rules is in the environment; for what cannot differ between the kinds."""
    path = tmp_path / "oncallbot.db"
    shutil.copy(sqlite_team, path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def with_team(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with the team's rules is in the environment."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('on_sqlite')}"
    fresh_database: Callable[..., str] = request.getfixturevalue("postgresql_url")
    url = fresh_database(template=request.getfixturevalue("postgresql_team"))
    monkeypatch.setenv("DATABASE_URL", url)
    return url


@pytest.fixture
def with_twilio(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts and calls are connected, so that pages are queued; nothing sends them here."""
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "not a token")
    monkeypatch.setenv("PUBLIC_URL", "https://oncall.example.com")
