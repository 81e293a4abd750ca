"""Posting, changing and deleting at the emulated Slack, and what everybody then sees."""

from .workspace import ANA, BEN, ELSEWHERE, ERIK, ON_CALL, ROBOT, SECRET, SHARED, Slack, actions, section


def test_a_post_is_there_for_all_with_its_buttons(slack: Slack) -> None:
    said = slack.post(text="AH-1 waits", blocks=[section("*AH-1*"), actions()])
    found = slack.wait("message", channel="oncall", contains="AH-1", button="Take")
    assert (found["ts"], found["bot_id"]) == (said["ts"], slack.sim.settings.slack_bot_id)
    assert said["message"]["blocks"][1]["elements"][0]["action_id"] == "acknowledge"


def test_timestamps_are_unique_and_grow(slack: Slack) -> None:
    stamps = [slack.post()["ts"] for _ in range(5)]
    assert stamps == sorted(set(stamps))


def test_replies_belong_to_the_thread_of_what_they_answer(slack: Slack) -> None:
    root = slack.post()["ts"]
    reply = slack.post(text="first", thread_ts=root)["ts"]
    slack.post(text="second", thread_ts=reply)
    thread = slack.api("conversations.replies", channel=ON_CALL, ts=root)["messages"]
    assert [each["text"] for each in thread] == ["card", "first", "second"]
    assert (thread[0]["reply_count"], thread[1]["parent_user_id"]) == (2, slack.sim.settings.slack_bot_user_id)
    assert [each["text"] for each in slack.messages(ON_CALL)[0]["thread"]] == ["first", "second"]
    assert [each["ts"] for each in slack.api("conversations.history", channel=ON_CALL)["messages"]] == [root]
    assert slack.error("chat.postMessage", channel=ON_CALL, text="x", thread_ts="1.0") == "cannot_reply_to_message"
    assert slack.error("conversations.replies", channel=ON_CALL, ts="1.0") == "thread_not_found"


def test_history_comes_newest_first_between_two_instants(slack: Slack) -> None:
    stamps = [slack.post(text=str(n))["ts"] for n in range(4)]
    asked = {"channel": ON_CALL, "oldest": stamps[0], "latest": stamps[3]}
    assert [each["text"] for each in slack.api("conversations.history", **asked)["messages"]] == ["2", "1"]
    assert len(slack.api("conversations.history", inclusive="true", **asked)["messages"]) == 4


def test_a_post_to_a_person_opens_the_direct_messages(slack: Slack) -> None:
    said = slack.post(ANA, "AH-1 waits")
    assert said["channel"].startswith("D")
    assert slack.user(ANA)["direct"][0]["text"] == "AH-1 waits"
    assert slack.wait("message", direct=ANA, contains="AH-1")
    assert slack.user(BEN)["direct"] == []
    for nobody in (ROBOT, ERIK, "U0NOBODY01"):
        assert slack.error("chat.postMessage", channel=nobody, text="x") == "channel_not_found"


def test_an_update_keeps_the_earlier_versions_and_blocks_that_it_does_not_mention(slack: Slack) -> None:
    ts = slack.post(blocks=[section("old"), actions()])["ts"]
    slack.api("chat.update", channel=ON_CALL, ts=ts, text="Ana has it")
    assert slack.wait("message", ts=ts, contains="old", button="Take", version=2)["text"] == "Ana has it"
    slack.api("chat.update", channel=ON_CALL, ts=ts, text="solved", blocks=[])
    found = slack.wait("message", ts=ts, no_button="Take", version=3, buttons=0)
    assert [each["text"] for each in found["versions"]] == ["card", "Ana has it"]
    assert found["edited"]["user"] == slack.sim.settings.slack_bot_user_id


def test_only_own_messages_that_are_there_can_be_changed(slack: Slack) -> None:
    ts = slack.act(ANA, "post", channel=ON_CALL, text="mine")["ts"]
    assert slack.error("chat.update", channel=ON_CALL, ts=ts, text="yours") == "cant_update_message"
    assert slack.error("chat.delete", channel=ON_CALL, ts=ts) == "cant_delete_message"
    own = slack.post()["ts"]
    slack.api("chat.delete", channel=ON_CALL, ts=own)
    assert slack.error("chat.update", channel=ON_CALL, ts=own, text="x") == "message_not_found"
    assert [each["text"] for each in slack.messages(ON_CALL)] == ["mine"]


def test_the_app_posts_only_where_it_is(slack: Slack) -> None:
    assert slack.error("chat.postMessage", channel=ELSEWHERE, text="x") == "not_in_channel"
    assert slack.error("chat.postMessage", channel=SECRET, text="x") == "channel_not_found"
    slack.sim.put(f"/slack/channels/{ON_CALL}", is_archived=True)
    assert slack.error("chat.postMessage", channel=ON_CALL, text="x") == "is_archived"
    assert slack.codes() == []


def test_with_the_scope_for_it_the_app_posts_in_every_public_channel(slack: Slack) -> None:
    slack.settings(scopes=["chat:write", "chat:write.public"])
    slack.post(ELSEWHERE)


def test_a_message_needs_words_and_not_too_many(slack: Slack) -> None:
    assert slack.error("chat.postMessage", channel=ON_CALL, text=" ") == "no_text"
    assert slack.error("chat.postMessage", channel=ON_CALL, text="x" * 40_001) == "msg_too_long"
    ts = slack.post(text="x" * 40_000)["ts"]
    assert slack.error("chat.update", channel=ON_CALL, ts=ts, text="x" * 4_001) == "msg_too_long"
    slack.api("chat.update", channel=ON_CALL, ts=ts, text="x" * 4_000)


def test_blocks_without_text_are_taken_and_written_down(slack: Slack) -> None:
    slack.api("chat.postMessage", channel=ON_CALL, blocks=[section()])
    assert slack.codes() == ["no_fallback_text"]


def test_shouting_at_everyone_is_written_down_and_escaped_shouting_is_not(slack: Slack) -> None:
    slack.post(text="&lt;!channel&gt; says the customer")
    assert slack.codes() == []
    slack.post(text="hello <!here>")
    slack.post(blocks=[section("<!channel|channel>")])
    slack.api("chat.postEphemeral", channel=ON_CALL, user=ANA, text="<!everyone>")
    assert slack.codes("conduct") == ["broadcast"] * 3


def test_an_ephemeral_is_seen_by_one_member_only(slack: Slack) -> None:
    slack.api("chat.postEphemeral", channel=ON_CALL, user=ANA, text="Ben has it")
    assert slack.wait("ephemeral", user=ANA, channel=ON_CALL, contains="Ben has it")["via"] == "postEphemeral"
    assert slack.user(BEN)["ephemerals"] == []
    assert slack.messages(ON_CALL) == []
    assert slack.error("chat.postEphemeral", channel=ON_CALL, user=ERIK, text="x") == "user_not_in_channel"
    slack.api("chat.postEphemeral", channel=SHARED, user=ERIK, text="we are on it")


def test_a_permalink_names_channel_message_and_thread(slack: Slack) -> None:
    root = slack.post()["ts"]
    reply = slack.post(thread_ts=root)["ts"]
    link = slack.api("chat.getPermalink", channel=ON_CALL, message_ts=root)["permalink"]
    assert link.endswith(f"/archives/{ON_CALL}/p{root.replace('.', '')}")
    in_thread = slack.api("chat.getPermalink", channel=ON_CALL, message_ts=reply)["permalink"]
    assert f"thread_ts={root}" in in_thread
    assert slack.error("chat.getPermalink", channel=ON_CALL, message_ts="1.0") == "message_not_found"


def test_a_reaction_and_a_pin_are_set_once(slack: Slack) -> None:
    ts = slack.post()["ts"]
    slack.api("reactions.add", channel=ON_CALL, timestamp=ts, name="eyes")
    slack.api("pins.add", channel=ON_CALL, timestamp=ts)
    assert slack.messages(ON_CALL)[0]["reactions"][0]["name"] == "eyes"
    assert slack.error("reactions.add", channel=ON_CALL, timestamp=ts, name="eyes") == "already_reacted"
    assert slack.error("pins.add", channel=ON_CALL, timestamp=ts) == "already_pinned"


def test_metadata_needs_its_two_fields(slack: Slack) -> None:
    slack.post(metadata={"event_type": "card", "event_payload": {"issue": 1}})
    assert slack.messages(ON_CALL)[0]["metadata"]["event_payload"] == {"issue": 1}
    wrong = {"channel": ON_CALL, "text": "x", "metadata": {"issue": 1}}
    assert slack.error("chat.postMessage", **wrong) == "invalid_metadata_format"


def test_a_reset_leaves_an_empty_workspace(slack: Slack) -> None:
    slack.post()
    slack.settings(token="other")
    slack.sim.post("/reset")
    assert [user["id"] for user in slack.sim.get("/slack/users")] == [slack.sim.settings.slack_bot_user_id]
    assert slack.sim.get("/slack/channels") == []
    assert slack.sim.get("/slack/settings")["token"] == slack.sim.settings.slack_token
