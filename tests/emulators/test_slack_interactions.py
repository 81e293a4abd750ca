"""Commands, clicks, shortcuts and modals: what the app is told, and what its answer shows to whom."""

import json
import threading
from typing import Any

import pytest

from .conftest import Product, Said
from .workspace import (
    ANA,
    BEN,
    BUTTON,
    ERIK,
    FOREIGN_TEAM,
    GUEST,
    HELP,
    ON_CALL,
    SECRET,
    SHARED,
    Slack,
    actions,
    field,
    modal,
    payload,
    section,
)


def opened(slack: Slack, view: dict[str, Any], user: str = ANA) -> None:
    """The user sees this modal, opened by the answer to a command; then the app falls silent."""
    slack.opens(view)
    slack.act(user, "command", text="/oncall", channel=ON_CALL)
    slack.answers((200, "", ""))


# Commands


def test_a_command_is_told_as_a_form_with_all_of_slacks_fields(slack: Slack) -> None:
    slack.act(ANA, "command", text="/oncall  who  primary", channel=ON_CALL)
    told = slack.heard("command")[0]
    assert (told["command"], told["text"], told["user_id"]) == ("/oncall", "who  primary", ANA)
    assert (told["team_id"], told["channel_id"], told["channel_name"]) == ("T0EXAMPLE1", ON_CALL, "oncall")
    assert told["response_url"].startswith(str(slack.http.base_url))
    assert told["trigger_id"].count(".") == 2


def test_the_answer_to_a_command_is_seen_by_the_asker_alone(slack: Slack) -> None:
    slack.answers((200, "text/plain", "Ana is on call"))
    said = slack.act(ANA, "command", text="/oncall", channel=HELP)
    assert said["shown"][0]["text"] == "Ana is on call"
    assert slack.wait("ephemeral", user=ANA, via="command", contains="Ana is on call")
    assert slack.user(BEN)["ephemerals"] == []


def test_an_answer_may_be_for_the_channel_or_carry_blocks(slack: Slack) -> None:
    slack.says({"response_type": "in_channel", "text": "Ana has it"})
    slack.act(ANA, "command", text="/oncall", channel=HELP)
    assert slack.messages(HELP)[0]["text"] == "Ana has it"
    slack.says({"text": "x", "blocks": [section("hello"), actions()]})
    slack.act(ANA, "command", text="/oncall", channel=HELP)
    assert slack.wait("ephemeral", user=ANA, contains="hello", button="Take")


def test_wrong_blocks_in_an_answer_are_shown_to_nobody(slack: Slack) -> None:
    slack.says({"text": "x", "blocks": [section("x" * 3001)]})
    said = slack.act(ANA, "command", text="/oncall", channel=HELP)
    assert said["error"] == "invalid_blocks"
    assert "invalid_blocks" in slack.wait("ephemeral", user=ANA, via="error")["text"]
    assert slack.codes() == ["invalid_blocks"]


def test_after_three_seconds_a_command_has_failed_and_is_not_told_again(slack: Slack) -> None:
    slack.settings(response_seconds=0.1)
    given_up = threading.Event()

    def answer(_: Said) -> Any:
        given_up.wait(30)
        return 200, "text/plain", "too late"

    slack.answers(answer)
    assert slack.act(ANA, "command", text="/oncall", channel=HELP)["error"] == "operation_timeout"
    given_up.set()
    assert slack.wait("ephemeral", user=ANA, via="error", contains="operation_timeout")
    assert (slack.codes(), len(slack.sim.get("/slack/deliveries?kind=command"))) == (["operation_timeout"], 1)


def test_an_error_of_the_app_is_told_to_the_user(slack: Slack) -> None:
    slack.answers((500, "text/plain", "oh"))
    assert slack.act(ANA, "command", text="/oncall", channel=HELP)["error"] == "dispatch_failed"
    assert slack.codes() == ["http_error"]


def test_a_command_need_not_wait_for_its_answer(slack: Slack) -> None:
    slack.answers((200, "text/plain", "Ana"))
    assert slack.act(ANA, "command", text="/oncall", channel=HELP, wait=False) == {"started": True}
    assert slack.wait("ephemeral", user=ANA, contains="Ana")
    assert slack.refused(ANA, "click", channel=HELP, ts="1.0", text="Take", wait=False)


def test_strangers_have_no_commands_and_guests_have(slack: Slack) -> None:
    assert "another workspace" in slack.refused(ERIK, "command", text="/oncall", channel=SHARED)
    assert slack.act(GUEST, "command", text="/oncall", channel=HELP)["status"] == 204


# Response URLs


def url_of(slack: Slack) -> str:
    return str(slack.act(ANA, "command", text="/oncall", channel=HELP)["response_url"])


def test_a_response_url_answers_five_times(slack: Slack) -> None:
    url = url_of(slack)
    for number in range(5):
        assert slack.http.post(url, json={"text": str(number)}).text == "ok"
    assert slack.http.post(url, json={"text": "6"}).json()["error"] == "used_url"
    assert slack.wait("ephemeral", user=ANA, via="response_url", count=5)


def test_a_response_url_answers_for_half_an_hour_and_nobody_guesses_one(slack: Slack) -> None:
    slack.settings(response_url_seconds=0)
    assert slack.http.post(url_of(slack), json={"text": "x"}).json()["error"] == "expired_url"
    assert slack.http.post("/hooks/commands/T/1/x", json={"text": "x"}).status_code == 404


def test_the_answer_to_a_click_may_replace_or_delete_what_was_clicked(slack: Slack) -> None:
    ts = slack.post(blocks=[actions()])["ts"]
    slack.act(ANA, "click", channel=ON_CALL, ts=ts, text="Take")
    url = slack.heard("block_actions")[0]["response_url"]
    slack.http.post(url, json={"replace_original": True, "text": "taken"})
    assert slack.wait("message", ts=ts, contains="taken", buttons=0)
    slack.http.post(url, json={"delete_original": True})
    assert slack.messages(ON_CALL) == []


# Clicks


def test_a_click_is_told_with_message_channel_user_and_trigger(slack: Slack) -> None:
    ts = slack.post(blocks=[section(), actions()])["ts"]
    slack.act(ANA, "click", channel=ON_CALL, ts=ts, text="Take")
    told = slack.heard("block_actions")[0]
    action = told["actions"][0]
    assert (action["action_id"], action["value"], action["block_id"]) == ("acknowledge", "AH-1", "row")
    assert float(action["action_ts"]) > float(ts)
    assert (told["user"]["id"], told["user"]["team_id"], told["team"]["id"]) == (ANA, "T0EXAMPLE1", "T0EXAMPLE1")
    assert (told["channel"]["id"], told["message"]["ts"], told["container"]["message_ts"]) == (ON_CALL, ts, ts)
    assert told["container"]["is_ephemeral"] is False
    assert slack.api("views.open", trigger_id=told["trigger_id"], view=modal())


def test_what_is_not_on_the_message_cannot_be_clicked(slack: Slack) -> None:
    ts = slack.post(blocks=[actions()])["ts"]
    assert "there is ['Take (acknowledge)']" in slack.refused(ANA, "click", channel=ON_CALL, ts=ts, text="Resolve")
    slack.api("chat.update", channel=ON_CALL, ts=ts, text="taken", blocks=[])
    assert "there is []" in slack.refused(ANA, "click", channel=ON_CALL, ts=ts, text="Take")
    assert (
        slack.refused(ANA, "click", channel=ON_CALL, ts="1.0", text="Take") == f"there is no message 1.0 in {ON_CALL}"
    )
    assert slack.heard("block_actions") == []


def test_each_click_has_its_own_trigger_and_timestamp(slack: Slack) -> None:
    ts = slack.post(blocks=[actions()])["ts"]
    for user in (ANA, BEN, ANA):
        slack.act(user, "click", channel=ON_CALL, ts=ts, action_id="acknowledge")
    told = slack.heard("block_actions")
    assert len({each["trigger_id"] for each in told}) == 3
    assert len({each["actions"][0]["action_ts"] for each in told}) == 3


def test_a_stranger_can_click_in_a_shared_channel_and_comes_with_their_own_team(slack: Slack) -> None:
    ts = slack.post(SHARED, blocks=[actions()])["ts"]
    slack.act(ERIK, "click", channel=SHARED, ts=ts, text="Take")
    told = slack.heard("block_actions")[0]
    assert (told["user"]["team_id"], told["team"]["id"]) == (FOREIGN_TEAM, "T0EXAMPLE1")
    card = slack.post(ON_CALL, blocks=[actions()])["ts"]
    assert slack.refused(ERIK, "click", channel=ON_CALL, ts=card, text="Take") == f"{ERIK} does not see {ON_CALL}"


def test_a_private_message_can_be_clicked_by_its_reader_only(slack: Slack) -> None:
    ts = slack.api("chat.postEphemeral", channel=ON_CALL, user=ANA, text="?", blocks=[actions()])["message_ts"]
    slack.act(ANA, "click", channel=ON_CALL, ts=ts, text="Take")
    told = slack.heard("block_actions")[0]
    assert (told["container"]["is_ephemeral"], "message" in told) == (True, False)
    assert slack.refused(BEN, "click", channel=ON_CALL, ts=ts, text="Take")


def test_a_click_that_the_app_fails_is_not_told_again(slack: Slack, product: Product) -> None:
    slack.answers((500, "", ""))
    ts = slack.post(blocks=[actions()])["ts"]
    slack.sim.wait("quiet")
    before = len(product.heard)
    slack.act(ANA, "click", channel=ON_CALL, ts=ts, text="Take")
    assert len([each for each in product.heard[before:] if "payload=" in each.body]) == 1
    assert slack.wait("ephemeral", user=ANA, via="error")


def test_what_is_chosen_in_a_menu_is_told(slack: Slack) -> None:
    options = [{"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("Ana", "Ben")]
    menu = {"type": "static_select", "action_id": "who", "options": options}
    ts = slack.post(blocks=[actions(menu)])["ts"]
    slack.act(ANA, "click", channel=ON_CALL, ts=ts, action_id="who", value="Ben")
    assert slack.heard("block_actions")[0]["actions"][0]["selected_option"]["value"] == "ben"
    assert "is not offered" in slack.refused(ANA, "click", channel=ON_CALL, ts=ts, action_id="who", value="Cem")


def test_a_question_that_dispatches_is_told_with_what_stands_in_the_form_so_far(slack: Slack) -> None:
    opened(slack, modal(field("every") | {"dispatch_action": True}, field("note")))
    slack.act(ANA, "click", action_id="every", value="2 weeks", values={"note": "summer"})
    told = slack.heard("block_actions")[0]
    assert told["actions"][0]["value"] == "2 weeks"
    written = told["view"]["state"]["values"]
    assert (written["every"]["every"]["value"], written["note"]["note"]["value"]) == ("2 weeks", "summer")


def test_buttons_of_the_home_tab_are_told_with_the_view(slack: Slack) -> None:
    slack.api("views.publish", user_id=ANA, view={"type": "home", "blocks": [actions()]})
    slack.act(ANA, "click", home=True, text="Take")
    told = slack.heard("block_actions")[0]
    assert (told["container"]["type"], told["view"]["type"]) == ("view", "home")
    assert slack.refused(BEN, "click", home=True, text="Take") == f"{BEN} has no home tab of the app"


# Shortcuts


def test_a_message_shortcut_is_told_with_the_message(slack: Slack) -> None:
    ts = slack.act(ANA, "post", channel=HELP, text="the door is open")["ts"]
    slack.act(BEN, "shortcut", callback_id="page_on_call", channel=HELP, ts=ts)
    told = slack.heard("message_action")[0]
    assert (told["callback_id"], told["message"]["text"], told["message"]["user"]) == (
        "page_on_call",
        "the door is open",
        ANA,
    )
    assert (told["channel"]["id"], told["message_ts"], told["user"]["id"]) == (HELP, ts, BEN)


def test_a_message_shortcut_works_where_the_app_is_not(slack: Slack) -> None:
    ts = slack.act(BEN, "post", channel=SECRET, text="psst")["ts"]
    slack.act(BEN, "shortcut", callback_id="page_on_call", channel=SECRET, ts=ts)
    assert slack.heard("message_action")[0]["channel"]["id"] == SECRET


def test_a_global_shortcut_has_no_channel(slack: Slack) -> None:
    slack.act(ANA, "shortcut", callback_id="page")
    told = slack.heard("shortcut")[0]
    assert (told["callback_id"], "channel" in told) == ("page", False)


# Triggers


def test_a_trigger_opens_one_modal(slack: Slack) -> None:
    slack.act(ANA, "shortcut", callback_id="page")
    trigger = slack.heard("shortcut")[0]["trigger_id"]
    view = slack.api("views.open", trigger_id=trigger, view=modal())["view"]
    assert slack.wait("modal", user=ANA, callback_id="form")["id"] == view["id"]
    assert slack.error("views.open", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    assert slack.codes() == ["exchanged_trigger_id"]


def test_a_trigger_dies_after_three_seconds(slack: Slack) -> None:
    slack.act(ANA, "shortcut", callback_id="page")
    slack.settings(trigger_seconds=0)
    assert slack.error("views.open", trigger_id=slack.heard("shortcut")[0]["trigger_id"], view=modal()) == (
        "expired_trigger_id"
    )
    assert slack.error("views.open", trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
    assert slack.codes() == ["expired_trigger_id", "invalid_trigger_id"]


# Modals


def test_a_submission_is_told_with_what_was_filled_in(slack: Slack) -> None:
    opened(slack, modal(field("note"), field("why") | {"optional": True}, private_metadata="AH-1"))
    said = slack.act(ANA, "submit", values={"note": "restarted"})
    view = slack.heard("view_submission")[0]["view"]
    assert view["state"]["values"]["note"]["note"] == {"type": "plain_text_input", "value": "restarted"}
    assert view["state"]["values"]["why"]["why"]["value"] is None
    assert (view["private_metadata"], view["callback_id"]) == ("AH-1", "form")
    assert said["response_action"] == "close"
    assert slack.wait("modal", user=ANA, open="false")


def test_every_kind_of_input_is_filled_in_its_own_way(slack: Slack) -> None:
    option = {"text": {"type": "plain_text", "text": "Gold"}, "value": "gold"}
    day = field("day", type="datepicker", initial_date="2026-12-24")
    person = field("who", type="users_select")
    people = field("whom", type="multi_users_select")
    tier = field("tier", type="static_select", options=[option])
    ticks = field("ticks", type="checkboxes", options=[option]) | {"optional": True}
    opened(slack, modal(day, person, people, tier, ticks))
    slack.act(ANA, "submit", values={"who": BEN, "whom": [ANA, BEN], "tier": "Gold", "ticks": ["gold"]})
    values = slack.heard("view_submission")[0]["view"]["state"]["values"]
    assert values["day"]["day"]["selected_date"] == "2026-12-24"
    assert values["who"]["who"]["selected_user"] == BEN
    assert values["whom"]["whom"]["selected_users"] == [ANA, BEN]
    assert values["tier"]["tier"]["selected_option"] == option
    assert values["ticks"]["ticks"]["selected_options"] == [option]


def test_slacks_client_does_not_submit_what_the_view_does_not_allow(slack: Slack) -> None:
    opened(slack, modal(field("note", max_length=5)))
    assert "is required" in slack.refused(ANA, "submit", values={})
    assert "0 to 5 characters" in slack.refused(ANA, "submit", values={"note": "too long"})
    assert "no such fields ['other']" in slack.refused(ANA, "submit", values={"other": "x"})
    assert "no open modal" in slack.refused(BEN, "submit", values={"note": "x"})
    assert slack.heard("view_submission") == []


def test_errors_stand_at_their_fields_and_the_modal_stays(slack: Slack) -> None:
    opened(slack, modal())
    slack.says({"response_action": "errors", "errors": {"note": "too vague"}})
    assert slack.act(ANA, "submit", values={"note": "x"})["errors"] == {"note": "too vague"}
    assert slack.user(ANA)["modal"]["errors"] == {"note": "too vague"}
    slack.says({"response_action": "errors", "errors": {"elsewhere": "x"}})
    assert slack.act(ANA, "submit", values={"note": "x"})["problem"]
    assert slack.codes() == ["invalid_response"]


def test_an_answer_may_replace_stack_or_clear_the_views(slack: Slack) -> None:
    opened(slack, modal())
    slack.says({"response_action": "update", "view": modal(callback_id="second")})
    slack.act(ANA, "submit", values={"note": "x"})
    assert slack.wait("modal", user=ANA, callback_id="second", version=2)
    slack.says({"response_action": "push", "view": modal(callback_id="third")})
    slack.act(ANA, "submit", values={"note": "x"})
    assert [each["callback_id"] for each in slack.user(ANA)["modals"]] == ["second", "third"]
    slack.says({"response_action": "clear"})
    assert slack.act(ANA, "submit", values={"note": "x"})["modal"] is None


@pytest.mark.parametrize("answer", [(500, "", ""), (200, "application/json", '{"response_action": "dance"}')])
def test_a_failed_submission_leaves_the_modal_open(slack: Slack, answer: Any) -> None:
    opened(slack, modal())
    slack.answers(answer)
    assert "trouble" in slack.act(ANA, "submit", values={"note": "x"})["problem"]
    assert slack.user(ANA)["modal"]["callback_id"] == "form"
    assert len(slack.codes()) == 1


def test_a_view_is_updated_as_long_as_its_hash_is_the_newest(slack: Slack) -> None:
    opened(slack, modal())
    old = slack.user(ANA)["modal"]
    slack.api("views.update", view_id=old["id"], hash=old["hash"], view=modal(section("loaded")))
    assert slack.wait("modal", user=ANA, contains="loaded")
    assert slack.error("views.update", view_id=old["id"], hash=old["hash"], view=modal()) == "hash_conflict"
    slack.act(ANA, "close")
    assert slack.error("views.update", view_id=old["id"], view=modal()) == "not_found"
    assert slack.codes() == []


def test_a_view_is_found_by_the_apps_own_id(slack: Slack) -> None:
    opened(slack, modal(external_id="note-AH-1"))
    slack.api("views.update", external_id="note-AH-1", view=modal(section("loaded")))
    assert slack.wait("modal", user=ANA, contains="loaded")


def test_at_most_three_views_lie_on_each_other(slack: Slack) -> None:
    opened(slack, modal(actions(), field()))
    for number in range(3):
        slack.act(ANA, "click", text="Take")
        trigger = slack.heard("block_actions")[-1]["trigger_id"]
        said = slack.form("views.push", trigger_id=trigger, view=modal(actions(), callback_id=f"push{number}"))
        assert said["ok"] is (number < 2)
    assert said["error"] == "push_limit_reached"
    slack.act(ANA, "close")
    assert slack.user(ANA)["modal"]["callback_id"] == "push0"


def test_closing_is_told_if_the_view_asked_for_it(slack: Slack) -> None:
    opened(slack, modal())
    slack.act(ANA, "close")
    assert slack.heard("view_closed") == []
    opened(slack, modal(notify_on_close=True))
    slack.act(ANA, "close", clear=True)
    told = slack.heard("view_closed")[0]
    assert (told["is_cleared"], told["view"]["callback_id"]) == (True, "form")


def test_an_external_menu_asks_the_app_for_its_options(slack: Slack) -> None:
    opened(slack, modal(field("customer", type="external_select", min_query_length=1)))
    options = [{"text": {"type": "plain_text", "text": "Acme"}, "value": "acme"}]
    slack.says({"options": options})
    assert slack.act(ANA, "suggest", action_id="customer", value="ac")["options"] == options
    told = slack.heard("block_suggestion")[0]
    assert (told["action_id"], told["value"]) == ("customer", "ac")
    slack.answers((200, "", ""))
    slack.act(ANA, "submit", values={"customer": options[0]})
    values = slack.heard("view_submission")[0]["view"]["state"]["values"]
    assert values["customer"]["customer"]["selected_option"] == options[0]


def test_a_modal_may_be_opened_while_the_command_is_being_answered(slack: Slack) -> None:
    def answer(said: Said) -> Any:
        slack.api("views.open", trigger_id=payload(said)["trigger_id"], view=modal())
        return 200, "application/json", json.dumps({"text": "see the modal"})

    slack.answers(answer)
    slack.act(ANA, "command", text="/oncall note", channel=HELP)
    assert slack.wait("modal", user=ANA)
    assert slack.wait("ephemeral", user=ANA, contains="see the modal")


def test_a_repeated_click_is_the_same_click(slack: Slack) -> None:
    ts = slack.post(blocks=[actions(BUTTON)])["ts"]
    slack.act(ANA, "click", channel=ON_CALL, ts=ts, text="Take")
    slack.sim.post("/slack/replay", kind="block_actions")
    first, second = slack.heard("block_actions")
    assert first == second
