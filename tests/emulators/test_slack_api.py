"""Slack's Web API: who may ask, with which arguments, how fast, and what each refusal is called."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from oncallbot.emulators.slack import api
from oncallbot.emulators.slack.errors import COMMON
from oncallbot.emulators.slack.methods import METHODS
from oncallbot.emulators.slack.rates import Meter

from .workspace import ANA, BUTTON, ELSEWHERE, ERIK, HELP, ON_CALL, ROBOT, SECRET, Slack, actions, modal, section


@pytest.fixture(scope="session")
def official(shared_data: Path) -> Any:
    return json.loads((shared_data / "slack" / "slack_methods.json").read_text())


def test_every_method_of_the_table_is_answered() -> None:
    assert set(METHODS) == set(api.HANDLERS)


@pytest.mark.parametrize("name", METHODS)
def test_arguments_scopes_and_rates_are_those_of_slacks_own_list(official: Any, name: str) -> None:
    method, listed = METHODS[name], official[name]
    assert method.arguments == set(listed["args"]["properties"]) - {"token"}
    assert set(method.required) == set(listed["args"].get("required") or []) - {"token"}
    assert set(method.scopes) == set(listed["scope"].get("bot", []))
    assert method.tier == listed["rate_limits"]
    assert method.json == bool(listed.get("json_input_supported"))


def test_errors_are_those_of_slacks_own_list(official: Any) -> None:
    listed = {error for method in official.values() for error in method.get("errors", {})}
    folder = Path(api.__file__).parent
    desks = ("chat", "conversations", "people", "modals")
    raised = {
        part.partition('"')[0] for desk in desks for part in (folder / f"{desk}.py").read_text().split('Refused("')[1:]
    }
    assert raised - listed - COMMON == set()


def test_slacks_own_client_is_understood_in_every_method(slack: Slack) -> None:
    client = WebClient(slack.sim.settings.slack_token, base_url=f"{slack.http.base_url}/api/")
    posted = client.chat_postMessage(channel=ON_CALL, text="card", blocks=[section(), actions()])
    ts = str(posted["ts"])
    client.chat_update(channel=ON_CALL, ts=ts, text="new", blocks=[])
    client.chat_postEphemeral(channel=ON_CALL, user=ANA, text="psst")
    client.chat_getPermalink(channel=ON_CALL, message_ts=ts)
    client.reactions_add(channel=ON_CALL, timestamp=ts, name="eyes")
    client.pins_add(channel=ON_CALL, timestamp=ts)
    direct = client.conversations_open(users=[ANA])["channel"]["id"]
    client.conversations_info(channel=direct)
    client.conversations_list(types="public_channel,private_channel", exclude_archived=True)
    client.conversations_members(channel=ON_CALL)
    client.conversations_setTopic(channel=ON_CALL, topic="Ana is on call")
    client.conversations_history(channel=ON_CALL, limit=1)
    client.conversations_replies(channel=ON_CALL, ts=ts)
    group = client.usergroups_create(name="On call", handle="oncall")["usergroup"]["id"]
    client.usergroups_users_update(usergroup=group, users=[ANA])
    client.usergroups_users_list(usergroup=group)
    client.usergroups_update(usergroup=group, description="who is on call")
    client.usergroups_list(include_users=True)
    client.users_info(user=ANA)
    client.users_list()
    client.users_lookupByEmail(email="ana@example.com")
    client.views_publish(user_id=ANA, view={"type": "home", "blocks": [section()]})
    client.team_info()
    client.bots_info(bot=client.auth_test()["bot_id"])
    client.chat_delete(channel=ON_CALL, ts=ts)
    assert slack.codes() == []


def test_every_answer_has_a_date_and_the_tokens_scopes(slack: Slack) -> None:
    headers = slack.ask("auth.test").headers
    assert headers["date"].endswith("GMT")
    assert "chat:write" in headers["x-oauth-scopes"].split(",")


def test_auth_test_tells_who_the_token_is(slack: Slack) -> None:
    settings, said = slack.sim.settings, slack.api("auth.test")
    assert (said["team_id"], said["user_id"], said["bot_id"]) == (
        settings.slack_team_id,
        settings.slack_bot_user_id,
        settings.slack_bot_id,
    )


def test_without_a_good_token_there_is_no_answer(slack: Slack) -> None:
    assert slack.ask("auth.test", token="xoxb-wrong").json() == {"ok": False, "error": "invalid_auth"}
    assert slack.http.post("/api/auth.test").json() == {"ok": False, "error": "not_authed"}
    slack.settings(is_inactive=True)
    assert slack.error("auth.test") == "account_inactive"


def test_a_token_may_stand_in_a_form_but_not_in_json(slack: Slack) -> None:
    token = {"token": slack.sim.settings.slack_token}
    assert slack.http.post("/api/auth.test", data=token).json()["ok"]
    assert slack.http.post("/api/auth.test", json=token).json()["error"] == "not_authed"


def test_a_missing_scope_is_named(slack: Slack) -> None:
    slack.settings(scopes=["channels:read"])
    said = slack.form("chat.postMessage", channel=ON_CALL, text="x")
    assert (said["error"], said["needed"], said["provided"]) == ("missing_scope", "chat:write", "channels:read")
    assert slack.error("conversations.open", users=ANA) == "missing_scope"


def test_a_private_channel_needs_the_scope_for_private_ones(slack: Slack) -> None:
    slack.sim.put(f"/slack/channels/{SECRET}", bot=True)
    slack.settings(scopes=["channels:read"])
    assert slack.form("conversations.info", channel=SECRET)["needed"] == "groups:read"


def test_an_unknown_method_is_refused(slack: Slack) -> None:
    assert slack.error("chat.shout") == "unknown_method"
    assert slack.codes() == ["unknown_method"]


def test_a_missing_argument_is_named(slack: Slack) -> None:
    said = slack.form("chat.update", text="x")
    assert said["error"] == "invalid_arguments"
    assert said["errors"] == ["missing required field: channel", "missing required field: ts"]


def test_an_unknown_argument_is_overlooked_and_written_down(slack: Slack) -> None:
    slack.post(colour="red")
    assert slack.codes() == ["unknown_arguments"]


def test_a_method_that_takes_no_json_does_not_see_it(slack: Slack) -> None:
    assert slack.ask("users.info", user=ANA).json()["error"] == "invalid_arguments"
    assert slack.api("users.info", user=ANA)["user"]["profile"]["email"] == "ana@example.com"


def test_broken_json_is_refused(slack: Slack) -> None:
    headers = {"Authorization": f"Bearer {slack.sim.settings.slack_token}", "Content-Type": "application/json"}
    answers = [slack.http.post("/api/auth.test", content=said, headers=headers).json() for said in ("{", "[]")]
    assert [each["error"] for each in answers] == ["invalid_json", "json_not_object"]


def test_posts_are_one_a_second_and_channel_after_a_burst(slack: Slack) -> None:
    slack.settings(rate_limits={"burst": 2, "posts_a_second": 0.1})
    for _ in range(2):
        slack.post()
    slow = slack.ask("chat.postMessage", channel=ON_CALL, text="too fast")
    assert (slow.status_code, slow.json()["error"]) == (429, "ratelimited")
    assert 0 < int(slow.headers["retry-after"]) <= 10
    slack.post(HELP)
    assert slack.sim.get("/slack/rates")["chat.postMessage"] == {"asked": 4, "limited": 1}
    assert (slack.codes("conduct"), slack.codes("rate")) == ([], ["ratelimited"])


def test_a_tier_may_be_made_narrow_or_limits_switched_off(slack: Slack) -> None:
    slack.settings(rate_limits={"a_minute": {"t3": 1}})
    ts = slack.post()["ts"]
    slack.api("chat.update", channel=ON_CALL, ts=ts, text="new")
    assert int(slack.ask("chat.update", channel=ON_CALL, ts=ts, text="newer").headers["retry-after"]) > 50
    slack.settings(rate_limits={"on": False})
    slack.api("chat.update", channel=ON_CALL, ts=ts, text="newest")


@pytest.mark.parametrize(
    ("method", "at_once", "seconds"),
    [("chat.postMessage", 10, 1), ("chat.update", 50, 2), ("conversations.setTopic", 20, 3)],
)
def test_by_default_limits_are_slacks_with_a_burst(method: str, at_once: int, seconds: int) -> None:
    meter, tier = Meter(), METHODS[method].tier
    assert [meter.wait(method, tier, ON_CALL, 0.0) for _ in range(at_once + 1)] == [0] * at_once + [seconds]
    assert meter.wait(method, tier, ON_CALL, float(seconds)) == 0
    assert meter.wait(method, tier, ON_CALL, float(seconds)) > 0


def test_faults_choose_a_vendor_and_a_method(slack: Slack) -> None:
    fault = {"kind": "http_429", "seconds": 7, "match": {"vendor": "slack", "method": "chat.postMessage"}}
    slack.sim.post("/faults", **fault)
    slack.api("auth.test")
    assert slack.sim.rest("GET", "/Calls.json").status_code == 200
    refused = slack.ask("chat.postMessage", channel=ON_CALL, text="x")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    slack.post()
    assert slack.codes() == []


def test_a_fault_may_answer_with_any_error_of_slacks(slack: Slack) -> None:
    slack.sim.post("/faults", kind="http_500", error="fatal_error", match={"vendor": "slack"})
    assert slack.ask("auth.test").json() == {"ok": False, "error": "fatal_error"}


def test_slack_may_be_down_while_twilio_is_up(slack: Slack) -> None:
    slack.sim.post("/faults", kind="down", match={"vendor": "slack"})
    assert slack.ask("auth.test").status_code == 503
    assert slack.sim.rest("GET", "/Calls.json").status_code == 200


def test_a_held_post_is_there_after_acceptance_only(slack: Slack) -> None:
    slack.sim.post("/faults", kind="accept_and_timeout", seconds=0.01, match={"method": "chat.postMessage"})
    client = WebClient(slack.sim.settings.slack_token, base_url=f"{slack.http.base_url}/api/", retry_handlers=[])
    with pytest.raises(Exception, match=r"(?i)closed|reset|remote"):
        client.chat_postMessage(channel=ON_CALL, text="lost answer")
    assert slack.wait("message", channel=ON_CALL, contains="lost answer")


def test_every_call_is_written_down_with_its_arguments_and_error(slack: Slack) -> None:
    slack.ask("chat.postMessage", channel="C0NOWHERE1", text="x", blocks=[section()])
    entry = slack.sim.get("/slack/calls?method=chat.postMessage")[0]
    assert (entry["code"], entry["params"]["channel"]) == ("channel_not_found", "C0NOWHERE1")
    assert json.loads(entry["params"]["blocks"]) == [section()]


def test_people_are_found_by_id_and_by_email(slack: Slack) -> None:
    assert slack.api("users.lookupByEmail", email="Ana@Example.com")["user"]["id"] == ANA
    assert slack.api("users.info", user=ERIK)["user"]["is_stranger"]
    assert slack.error("users.lookupByEmail", email="nobody@example.com") == "users_not_found"
    assert slack.error("users.info", user="U0NOBODY01") == "user_not_found"
    assert ERIK not in [user["id"] for user in slack.api("users.list")["members"]]


def test_lists_come_in_pages(slack: Slack) -> None:
    first = slack.api("users.list", limit=2)
    second = slack.api("users.list", limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert len(first["members"]) == 2
    assert not {u["id"] for u in first["members"]} & {u["id"] for u in second["members"]}
    assert slack.error("users.list", cursor="!") == "invalid_cursor"


def test_email_addresses_need_their_own_scope(slack: Slack) -> None:
    slack.settings(scopes=["users:read"])
    assert "email" not in slack.api("users.info", user=ANA)["user"]["profile"]


def test_slacks_client_raises_what_we_refuse(slack: Slack) -> None:
    client = WebClient(slack.sim.settings.slack_token, base_url=f"{slack.http.base_url}/api/")
    with pytest.raises(SlackApiError, match="users_not_found"):
        client.users_lookupByEmail(email="nobody@example.com")


@pytest.mark.parametrize("users", [ROBOT, ERIK, "U0NOBODY01", "U0GUEST004"])
def test_a_user_group_takes_neither_bots_nor_guests_nor_strangers(slack: Slack, users: str) -> None:
    slack.sim.put("/slack/usergroups/S0ONCALL01", handle="oncall", users=[ANA])
    assert slack.error("usergroups.users.update", usergroup="S0ONCALL01", users=[ANA, users]) == "invalid_users"
    assert slack.api("usergroups.users.list", usergroup="S0ONCALL01")["users"] == [ANA]


def test_a_user_group_is_replaced_and_never_empty(slack: Slack) -> None:
    slack.sim.put("/slack/usergroups/S0ONCALL01", users=["U0BEN00002"])
    slack.api("usergroups.users.update", usergroup="S0ONCALL01", users=ANA)
    assert slack.wait("usergroup", id="S0ONCALL01", users=ANA, updates=1)
    assert slack.error("usergroups.users.update", usergroup="S0ONCALL01", users="") == "no_users_provided"
    assert slack.error("usergroups.users.update", usergroup="S0NOTHING1", users=ANA) == "no_such_subteam"


def test_user_groups_need_a_paid_plan_and_sometimes_an_administrator(slack: Slack) -> None:
    slack.sim.put("/slack/usergroups/S0ONCALL01")
    slack.settings(is_paid=False)
    assert slack.error("usergroups.users.update", usergroup="S0ONCALL01", users=ANA) == "plan_upgrade_required"
    slack.settings(is_paid=True, may_edit_groups=False)
    assert slack.error("usergroups.users.update", usergroup="S0ONCALL01", users=ANA) == "permission_denied"
    assert slack.codes() == []


def test_a_topic_has_at_most_250_characters_and_may_be_empty(slack: Slack) -> None:
    slack.api("conversations.setTopic", channel=ON_CALL, topic="x" * 250)
    assert slack.error("conversations.setTopic", channel=ON_CALL, topic="x" * 251) == "too_long"
    slack.api("conversations.setTopic", channel=ON_CALL, topic="")
    assert slack.wait("channel", channel="oncall", topic="")
    assert slack.error("conversations.setTopic", channel=ELSEWHERE, topic="x") == "not_in_channel"


def test_direct_messages_are_opened_once(slack: Slack) -> None:
    first = slack.api("conversations.open", users=ANA)
    second = slack.api("conversations.open", users=ANA)
    assert first["channel"] == second["channel"]
    assert second["already_open"]
    assert slack.error("conversations.open", users="") == "users_list_not_supplied"
    assert slack.error("conversations.open", users="U0NOBODY01") == "user_not_found"
    assert slack.error("conversations.open", users=ERIK) == "user_not_visible"
    assert slack.error("conversations.open", users=",".join([ANA] * 9)) == "too_many_users"


def test_channels_are_listed_by_type_as_far_as_the_app_sees_them(slack: Slack) -> None:
    slack.sim.put(f"/slack/channels/{ELSEWHERE}", is_archived=True)
    seen = [each["id"] for each in slack.api("conversations.list", types="public_channel,private_channel")["channels"]]
    assert ON_CALL in seen
    assert ELSEWHERE in seen
    assert SECRET not in seen
    less = slack.api("conversations.list", exclude_archived="true")["channels"]
    assert ELSEWHERE not in [each["id"] for each in less]
    assert slack.error("conversations.list", types="planets") == "invalid_types"


def test_views_and_buttons_are_checked_before_a_trigger_is_spent(slack: Slack) -> None:
    slack.act(ANA, "command", text="/oncall", channel=ON_CALL)
    trigger = slack.heard("command")[0]["trigger_id"]
    broken = modal(actions(BUTTON | {"style": "loud"}))
    assert slack.error("views.open", trigger_id=trigger, view=broken) == "invalid_arguments"
    slack.api("views.open", trigger_id=trigger, view=modal())
