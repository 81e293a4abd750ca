"""`feed`: one address per person and subject, until it is revoked."""

import pytest

from tests.cli.conftest import Command


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret of forty characters, not a word")


def test_an_address_is_made_once_and_is_another_after_revoking(command: Command, with_team):
    first = command("feed", "ana")
    assert (first.code, command("feed", "ana", "--json").answer["url"]) == (0, first.out.strip())
    assert command("feed", "ana", "--revoke", "--json").answer == {
        "kind": "responder",
        "subject": "ana",
        "responder": "ana",
        "url": None,
        "revoked": True,
    }
    assert command("feed", "ana", "--revoke").code == 1
    assert command("feed", "ana").out != first.out


def test_a_schedules_address_belongs_to_somebody(command: Command, on_sqlite):
    refused = command("feed", "primary")
    assert (refused.code, refused.err) == (2, "--as: a schedule's feed belongs to somebody; write --as RESPONDER\n")
    mine, theirs = (command("feed", "primary", "--as", one).out for one in ("ana", "ben"))
    assert mine != theirs


def test_an_unknown_name_is_answered_with_the_nearest(command: Command, on_sqlite):
    done = command("feed", "primry", "--as", "ana")
    assert (done.code, done.err) == (1, "primry: is no responder and no schedule; did you mean primary?\n")


def test_without_the_servers_key_no_address_is_made(command: Command, on_sqlite, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    done = command("feed", "ana")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("SECRET_KEY: ")
