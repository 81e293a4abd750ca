"""A link signs one manager in; it is printed once, for somebody who exists."""

import os
from urllib.parse import urlsplit

from oncallbot.app import open_desk, read_settings
from oncallbot.engine.sign_in import SignIns
from tests.cli.conftest import Command


def signs_in(url: str) -> str | None:
    with open_desk(read_settings(os.environ, needs_secret=False)) as desk:
        found = SignIns(desk.door).link_is_for(urlsplit(url).path.rpartition("/")[2])
    return found.id if found else None


def test_a_manager_gets_a_link_below_our_own_address(command: Command, with_team, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://oncall.example.com")
    done = command("sign-in", "--as", "dora")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("https://oncall.example.com/sign-in/")
    assert signs_in(done.out.strip()) == "dora"


def test_for_programs_it_comes_with_the_time_it_ends(command: Command, on_sqlite):
    answer = command("sign-in", "--as", "dora", "--json").answer
    assert sorted(answer) == ["expires_at", "responder", "url"]
    assert signs_in(answer["url"]) == answer["responder"] == "dora"


def test_an_unknown_responder_is_told_the_nearest(command: Command, on_sqlite):
    done = command("sign-in", "--as", "dorra")
    assert (done.code, done.out) == (1, "")
    assert "did you mean dora?" in done.err


def test_who_is_no_manager_is_refused_with_the_cure(command: Command, on_sqlite):
    done = command("sign-in", "--as", "ana")
    assert (done.code, done.out) == (1, "")
    assert "manager: true" in done.err
