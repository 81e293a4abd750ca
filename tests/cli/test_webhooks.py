"""Webhook tokens: shown once, revoked for good."""

import os
from hashlib import sha256
from urllib.parse import urlsplit

from sqlalchemy import select

from oncallbot.app import open_desk, read_settings
from oncallbot.storage import webhooks
from oncallbot.storage.tables import webhooks as table
from tests.cli.conftest import Command


def known(token: str) -> bool:
    with open_desk(read_settings(os.environ, needs_secret=False)) as desk, desk.database.read() as connection:
        return webhooks.by_token(connection, token) is not None


def test_a_webhooks_url_is_printed_once_and_only_its_hash_is_kept(command: Command, with_team, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://oncall.example.com")
    done = command("webhook", "add", "pumps", "--hotline", "main", "--customer", "acme")
    assert (done.code, done.err) == (0, "")
    url = urlsplit(done.out.strip())
    assert (url.netloc, url.path.rpartition("/")[0]) == ("oncall.example.com", "/hooks")
    token = url.path.rpartition("/")[2]
    assert known(token)
    with open_desk(read_settings(os.environ, needs_secret=False)) as desk, desk.database.read() as connection:
        assert connection.execute(select(table.c.token_hash)).scalars().all() == [sha256(token.encode()).hexdigest()]


def test_webhooks_are_listed_without_their_tokens(command: Command, on_sqlite):
    token = command("webhook", "add", "pumps", "--hotline", "main", "--json").answer["url"].rpartition("/")[2]
    done = command("webhook", "list", "--json")
    assert [(one["name"], one["hotline"], one["customer"], one["revoked_at"]) for one in done.answer] == [
        ("pumps", "main", None, None)
    ]
    assert token not in done.out
    assert "pumps" in command("webhook", "list").out


def test_a_revoked_token_is_unknown_and_its_name_is_not_used_again(command: Command, with_team):
    token = command("webhook", "add", "pumps", "--hotline", "main", "--json").answer["url"].rpartition("/")[2]
    assert command("webhook", "revoke", "pumps").code == 0
    assert not known(token)
    assert command("webhook", "list", "--json").answer[0]["revoked_at"] is not None
    assert command("webhook", "revoke", "pumps").code == 1
    done = command("webhook", "add", "pumps", "--hotline", "main")
    assert (done.code, done.err) == (1, "webhook pumps: that name was used before; choose a name that was never used\n")


def test_a_webhook_needs_a_hotline_and_a_customer_that_exist(command: Command, on_sqlite):
    assert command("webhook", "add", "pumps").code == 2
    for words in (("--hotline", "mian"), ("--hotline", "main", "--customer", "akme")):
        done = command("webhook", "add", "pumps", *words)
        assert (done.code, done.out) == (1, "")
        assert "did you mean" in done.err
    assert command("webhook", "list", "--json").answer == []


def test_a_name_is_one_that_commands_can_say(command: Command, on_sqlite):
    assert command("webhook", "add", "left pump", "--hotline", "main").code == 2


def test_an_unknown_webhook_cannot_be_revoked(command: Command, on_sqlite):
    command("webhook", "add", "pumps", "--hotline", "main")
    done = command("webhook", "revoke", "pump")
    assert (done.code, done.err) == (1, "webhook pump: there is no such webhook; did you mean pumps?\n")
