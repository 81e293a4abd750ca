"""What we ask of a workspace is what the code uses, by Slack's own lists: no more, no less, nothing misspelt."""

from __future__ import annotations

import ast
import inspect
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from oncallbot.chat import client
from oncallbot.chat.manifest import COMMANDS, EVENTS, METHODS, SHORTCUTS, manifest, scopes
from oncallbot.errors import OutcomeUnknown
from tests.chat.vendor import ANA, ONCALL, TS

URL = "https://oncall.example.com"

# https://docs.slack.dev/reference/events (checked 2026-11): the vendor's data has methods only.
OFFICIAL_EVENTS = {"app_home_opened": None, "message.channels": "channels:history", "message.groups": "groups:history"}


@pytest.fixture(scope="module")
def official(shared_data: Path) -> dict[str, Any]:
    methods: dict[str, Any] = json.loads((shared_data / "slack" / "slack_methods.json").read_text())
    return methods


@pytest.fixture(scope="module")
def schema(shared_data: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((shared_data / "slack" / "manifest.schema.2.0.0.json").read_text())
    return made


def called_methods() -> set[str]:
    """Every method of slack_sdk's WebClient that the source of `client` names, in Slack's spelling."""
    names = {
        node.attr
        for node in ast.walk(ast.parse(inspect.getsource(client)))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self._once", "self._repeatable")
    }
    return {name.replace("usergroups_users_", "usergroups.users.").replace("_", ".", 1) for name in names}


def test_the_manifest_keeps_to_slacks_own_schema(schema) -> None:
    jsonschema.validate(manifest(URL), schema)
    jsonschema.validate(manifest("http://127.0.0.1:8000", "the-other-name"), schema)


def test_everything_comes_to_one_address_over_http() -> None:
    made = manifest(f"{URL}/")
    addresses = {
        made["settings"]["event_subscriptions"]["request_url"],
        made["settings"]["interactivity"]["request_url"],
        *(one["url"] for one in made["features"]["slash_commands"]),
    }
    assert addresses == {f"{URL}/slack/events"}
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["interactivity"]["is_enabled"] is True


def test_the_tables_list_exactly_the_methods_that_the_client_calls() -> None:
    assert called_methods() == set(METHODS)


def test_every_method_exists_and_every_scope_of_it_is_one_that_slack_names(official) -> None:
    for method, needed in METHODS.items():
        allowed = official[method]["scope"].get("bot", [])
        assert set(needed) <= set(allowed), method
        assert bool(needed) == bool(allowed), method


def test_every_scope_of_a_method_or_event_is_in_the_manifest_and_no_other() -> None:
    asked = set(manifest(URL)["oauth_config"]["scopes"]["bot"])
    needed = {scope for table in (METHODS, EVENTS) for listed in table.values() for scope in listed}
    assert asked == needed | {"commands", "users:read"}


def test_every_scope_is_spelt_as_slack_spells_it(official) -> None:
    listed = [method["scope"] for method in official.values() if isinstance(method["scope"], dict)]
    known = {scope for one in listed for scope in one.get("bot", [])}
    assert set(scopes()) - {"commands"} <= known


def test_every_event_and_its_scope_is_one_that_slack_names() -> None:
    ours = {event: listed[0] if listed else None for event, listed in EVENTS.items()}
    assert {event: OFFICIAL_EVENTS[event] for event in EVENTS} == ours
    assert manifest(URL)["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS)


def test_hotline_channels_may_be_private() -> None:
    assert "message.groups" in EVENTS
    assert {"groups:history", "groups:read"} <= set(scopes())


def test_the_home_tab_is_on_and_direct_messages_are_possible() -> None:
    home = manifest(URL)["features"]["app_home"]
    assert home["home_tab_enabled"] is True
    assert "app_home_opened" in EVENTS
    assert home["messages_tab_enabled"] is True


def test_command_and_shortcut_have_their_promised_names() -> None:
    assert [one.command for one in COMMANDS] == ["/oncall"]
    assert [one.callback_id for one in SHORTCUTS] == ["page_on_call"]
    assert manifest(URL)["features"]["slash_commands"][0]["should_escape"] is True


def test_every_argument_that_the_client_sends_is_one_that_the_method_takes(official, vendor, slack) -> None:
    vendor.agrees(channels=[{"id": ONCALL, "name": "on-call"}], response_metadata={"next_cursor": "more"})
    for _ in range(20):
        vendor.agrees(
            channel={"id": ONCALL},
            view={"id": "V1", "hash": "1.a"},
            user={"id": ANA},
            channels=[],
            messages=[],
            usergroups=[],
        )
    everything: list[Any] = [
        lambda: slack.channel_id_of_name("on-call"),
        lambda: slack.post(ONCALL, "x", [{"type": "divider"}], TS, "n-7"),
        lambda: slack.update(ONCALL, TS, "x", [{"type": "divider"}], "n-7"),
        lambda: slack.whisper(ONCALL, ANA, "x", TS),
        lambda: slack.open_view("1.2", {"type": "modal"}),
        lambda: slack.update_view("V1", {"type": "modal"}, "1.a"),
        lambda: slack.find_post(ANA, "n-7", datetime(2026, 1, 1, tzinfo=UTC)),
        lambda: slack.find_post(ONCALL, "n-7", datetime(2026, 1, 1, tzinfo=UTC), TS),
        lambda: slack.user_id_of_email("ana@example.com"),
        lambda: slack.set_topic(ONCALL, "On call: Ana"),
        lambda: slack.user_group_id("@oncall"),
        lambda: slack.group_members("S1"),
        lambda: slack.set_group_members("S1", [ANA]),
        lambda: slack.publish_home(ANA, {"type": "home", "blocks": []}),
        lambda: slack.member(ANA),
        lambda: slack.channel(ONCALL),
        slack.auth_test,
    ]
    for ask in everything:
        try:
            ask()
        except OutcomeUnknown:
            assert ask in (everything[1], *everything[-3:])  # these answers need more than is scripted
    assert {asked.method for asked in vendor.asked} == set(METHODS)
    for asked in vendor.asked:
        takes = official[asked.method]["args"]
        assert set(asked.arguments) <= set(takes["properties"]), asked.method
        assert set(takes["required"]) - {"token"} <= set(asked.arguments), asked.method
        if asked.headers["Content-Type"].startswith("application/json") and asked.arguments:
            assert official[asked.method].get("json_input_supported"), asked.method


def test_managers_who_sign_in_come_back_to_us_and_are_asked_for_no_more_than_who_they_are() -> None:
    asked = manifest(f"{URL}/")["oauth_config"]
    assert asked["redirect_urls"] == [f"{URL}/sign-in/slack/callback"]
    assert asked["scopes"]["user"] == ["openid", "profile", "email"]
