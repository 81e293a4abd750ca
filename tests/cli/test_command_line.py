"""What holds for every command: exit codes, one line per problem, no traceback, and a quick start."""

import json
import os
import subprocess
import sys

import psycopg
import pytest

from oncallbot.cli import checking
from oncallbot.cli.__main__ import commands
from tests.cli.cast import written
from tests.cli.conftest import Command

HEAVY = ("sqlalchemy", "twilio", "fastapi", "slack_bolt", "oncallbot.engine", "oncallbot.storage")
COMPILED = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
"""Where compiled modules are kept, or that none is: a process with no other variable leaves none in the checkout."""
LOADED = f"import sys; print([one for one in {HEAVY!r} if one in sys.modules])"


def python(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)


def oncallbot(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "oncallbot.cli", *words]
    return subprocess.run(line, capture_output=True, text=True, check=False, env=COMPILED | environ)


def test_help_and_check_do_not_load_a_database_or_a_vendor(tmp_path):
    start = f"from oncallbot.cli.__main__ import run; import sys; code = run(sys.argv[1:]); {LOADED}; sys.exit(code)"
    for words in (("--help",), ("check", str(written(tmp_path / "schedules")))):
        done = python(start, *words)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "[]"), done.stderr


def test_every_command_explains_itself(command: Command):
    names = [one.name or one.callback.__name__ for one in commands.registered_commands if one.callback]
    assert {"check", "plan", "apply", "who", "shifts", "page", "issues", "issue", "pass"} <= set(names)
    for name in names:
        done = command(name, "--help")
        assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("words", [("wo",), ("who", "--att", "x"), ("webhook",), ("issue",), ("acknowledge", "1042")])
def test_wrong_usage_is_one_line_that_points_to_help(command: Command, words):
    done = command(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "--help" in done.err


def test_without_a_command_there_is_help(command: Command):
    done = command()
    assert done.code == 2
    assert "acknowledge" in done.out


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://localhost/oncallbot", "DATABASE_URL: is no address of a database file or server"),
        ("postgresql://oncallbot@127.0.0.1:1/oncallbot", "the database is not available: "),
        ("sqlite:///nowhere/oncallbot.db", "the database is not available: "),
        ("sqlite:///notes.txt", "DATABASE_URL: file is not a database; "),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line(command: Command, tmp_path, monkeypatch, url, said):
    (tmp_path / "notes.txt").write_text("these are notes, and no database\n" * 100)
    monkeypatch.setenv("DATABASE_URL", url)
    done = command("who")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(said)
    assert done.err.count("\n") == 1


def test_missing_rights_are_one_line(command: Command, postgresql_url, monkeypatch):
    url = postgresql_url()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        monkeypatch.setenv("DATABASE_URL", url.replace("postgres@", "guest@"))
        done = command("db", "upgrade")
        connection.execute("DROP ROLE guest")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("DATABASE_URL: permission denied for schema public; ")


def test_all_settings_that_are_wrong_are_told_at_once(command: Command, monkeypatch):
    monkeypatch.setenv("PORT", "http")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC1")
    done = command("issues", "--json")
    assert (done.code, done.out) == (1, "")
    assert {"PORT", "TWILIO_AUTH_TOKEN"} <= {line.split(":")[0] for line in done.err.splitlines()}


def test_reading_needs_no_secret_key(command: Command, on_sqlite):
    assert command("who", "--json").code == 0


def test_stopping_a_command_is_calm(command: Command, monkeypatch):
    def stopped(*_words, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "check", stopped)
    done = command("check")
    assert (done.code, done.out, done.err) == (130, "", "Stopped.\n")


def test_a_process_answers_with_its_exit_code(tmp_path):
    done = oncallbot("check", str(written(tmp_path / "schedules", "responders: 5")))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert oncallbot("check", "--lines").returncode == 2


def test_a_page_and_its_answer_from_processes(on_sqlite):
    environ = {"DATABASE_URL": f"sqlite:///{on_sqlite}", "PYTHONIOENCODING": "ascii"}
    reference = oncallbot("page", "Müller's plant stands still", **environ).stdout.strip()
    assert oncallbot("acknowledge", reference, "--as", "cem", **environ).returncode == 0
    shown = oncallbot("issue", reference, "--json", **environ)
    assert (shown.returncode, shown.stderr) == (0, "")
    found = json.loads(shown.stdout)
    assert (found["status"], found["summary"]) == ("acknowledged", "Müller's plant stands still")


def test_a_reader_who_leaves_early_is_no_error(on_sqlite):
    environ = COMPILED | {"DATABASE_URL": f"sqlite:///{on_sqlite}"}
    line = [sys.executable, "-m", "oncallbot.cli", "shifts", "--to", "2060-01-01"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"SCHEDULE")
        process.stdout.close()
        assert process.stderr.read() == b""
