"""What leaves for Slack: the methods, their arguments, and words that are harmless."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from oncallbot.chat.blocks import Header, modal
from oncallbot.chat.card import Card, to_card
from oncallbot.chat.channel_names import ChannelNames
from oncallbot.chat.client import Channel, Credentials, Member, Posted, Slack
from oncallbot.chat.texts import person, words
from oncallbot.errors import Misconfigured, Refused
from tests.chat.vendor import ANA, ONCALL, TEAM, TOKEN, TS

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def marked(mark: str, at: datetime, event_type: str = "oncallbot") -> dict[str, object]:
    metadata = {"event_type": event_type, "event_payload": {"id": mark}}
    return {"ts": f"{at.timestamp():.6f}", "text": "a card", "metadata": metadata}


def test_a_post_says_where_it_is(vendor, slack) -> None:
    vendor.agrees(channel=ONCALL, ts=TS)
    assert slack.post(ONCALL, "AH-1042") == Posted(ONCALL, TS)
    assert vendor.last.method == "chat.postMessage"
    assert vendor.last.headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_post_carries_our_mark_and_unfurls_nothing(vendor, slack) -> None:
    vendor.agrees(channel=ONCALL, ts=TS)
    slack.post(ONCALL, "AH-1042", thread_ts="1.2", mark="n-7")
    sent = vendor.last.arguments
    assert sent["metadata"] == {"event_type": "oncallbot", "event_payload": {"id": "n-7"}}
    assert sent["thread_ts"] == "1.2"
    assert sent["unfurl_links"] is False
    assert sent["unfurl_media"] is False


def test_a_post_to_a_user_tells_the_id_of_the_direct_messages(vendor, slack) -> None:
    vendor.agrees(channel="D0ANA00001", ts=TS)
    assert slack.post(ANA, "AH-1042").channel == "D0ANA00001"
    assert vendor.last.arguments["channel"] == ANA


@pytest.mark.parametrize("name", ["on-call", "#on-call", "#On-Call"])
def test_a_name_is_looked_up_once_for_all_posts(vendor, slack, name) -> None:
    vendor.agrees(channels=[{"id": ONCALL, "name": "on-call"}], response_metadata={"next_cursor": ""})
    vendor.agrees(channel=ONCALL, ts=TS)
    vendor.agrees(channel=ONCALL, ts=TS)
    slack.post(name, "one")
    slack.post(name, "two")
    assert [one.method for one in vendor.asked] == ["conversations.list", "chat.postMessage", "chat.postMessage"]
    assert vendor.last.arguments["channel"] == ONCALL


def test_a_name_that_nobody_has_is_the_set_up_and_is_not_looked_up_again_at_once(vendor, slack) -> None:
    vendor.agrees(channels=[])
    for _ in range(2):
        with pytest.raises(Misconfigured) as caught:
            slack.post("#on-call", "AH-1042")
        assert caught.value.code == "channel_not_found"
    assert len(vendor.asked) == 1


def test_channels_are_listed_page_by_page_private_ones_too(vendor, slack) -> None:
    vendor.agrees(channels=[{"id": "C0A", "name": "a"}], response_metadata={"next_cursor": "bmV4dA=="})
    vendor.agrees(channels=[{"id": "G0B", "name": "b"}])
    assert slack.channel_id_of_name("#b") == "G0B"
    assert vendor.asked[0].arguments["types"] == "public_channel,private_channel"
    assert "cursor" not in vendor.asked[0].arguments
    assert vendor.asked[1].arguments["cursor"] == "bmV4dA=="


def test_names_may_be_shared_by_the_threads_of_a_process(vendor) -> None:
    names = ChannelNames()
    vendor.agrees(channels=[{"id": ONCALL, "name": "on-call"}])
    assert Slack(vendor.credentials, names=names).channel_id_of_name("on-call") == ONCALL
    assert Slack(vendor.credentials, names=names).channel_id_of_name("on-call") == ONCALL


@pytest.mark.parametrize("method", ["post", "update", "whisper", "respond"])
def test_plain_words_are_escaped_whatever_way_they_leave(vendor, slack, method) -> None:
    vendor.says("ok") if method == "respond" else vendor.agrees(channel=ONCALL, ts=TS)
    evil = "<!channel> <@U0ANA00001> R&D"
    ways = {
        "post": lambda: slack.post(ONCALL, evil),
        "update": lambda: slack.update(ONCALL, TS, evil),
        "whisper": lambda: slack.whisper(ONCALL, ANA, evil),
        "respond": lambda: slack.respond(f"{vendor.url}/response/1", evil),
    }
    ways[method]()
    assert vendor.last.arguments["text"] == "&lt;!channel&gt; &lt;@U0ANA00001&gt; R&amp;D"


def test_words_with_markup_and_ready_messages_are_not_escaped_twice(vendor, slack) -> None:
    vendor.agrees(channel=ONCALL, ts=TS)
    slack.post(ONCALL, words(person(ANA), " has R&D"))
    assert vendor.last.arguments["text"] == f"<@{ANA}> has R&amp;D"
    vendor.agrees(channel=ONCALL, ts=TS)
    ready = to_card(Card("AH-1042 · R&D"))
    slack.post(ONCALL, ready.text, ready.blocks)
    assert vendor.last.arguments["text"] == "AH-1042 · R&amp;D"
    assert vendor.last.arguments["blocks"][0]["text"]["text"] == "AH-1042 · R&amp;D"


def test_an_update_takes_links_and_mentions_from_nothing_but_our_markup(vendor, slack) -> None:
    vendor.agrees(channel=ONCALL, ts=TS)
    slack.update(ONCALL, TS, "resolved", (), mark="n-7")
    sent = vendor.last.arguments
    assert sent["parse"] == "none"  # Slack's default for updates is "client"
    assert sent["link_names"] is False
    assert sent["blocks"] == []  # buttons of the earlier state go
    assert sent["metadata"]["event_payload"] == {"id": "n-7"}


def test_an_update_keeps_to_the_4000_characters_that_slack_allows(vendor, slack) -> None:
    vendor.agrees(channel=ONCALL, ts=TS)
    slack.update(ONCALL, TS, "&" * 5000)
    sent = vendor.last.arguments["text"]
    assert len(sent) <= 4000
    assert sent.endswith("&amp;…")


def test_a_whisper_is_for_one_user(vendor, slack) -> None:
    vendor.agrees(message_ts=TS)
    slack.whisper(ONCALL, ANA, "Ben has it since 03:14", thread_ts="1.2")
    assert vendor.last.method == "chat.postEphemeral"
    assert (vendor.last.arguments["user"], vendor.last.arguments["thread_ts"]) == (ANA, "1.2")


def test_a_response_is_private_unless_it_replaces(vendor, slack) -> None:
    vendor.says("ok")
    slack.respond(f"{vendor.url}/response/1", "Ana has it")
    assert vendor.last.arguments == {"text": "Ana has it", "replace_original": False, "response_type": "ephemeral"}
    assert "Authorization" not in vendor.last.headers
    vendor.says({"ok": True})
    slack.respond(f"{vendor.url}/response/1", "Done", [{"type": "divider"}], replace=True)
    assert vendor.last.arguments["replace_original"] is True
    assert vendor.last.arguments["blocks"] == [{"type": "divider"}]


def test_a_modal_opens_and_is_filled_later(vendor, slack) -> None:
    vendor.agrees(view={"id": "V1", "hash": "1.a"})
    view = modal("resolve", "Resolve AH-1042", [Header("…")])
    assert slack.open_view("1.2.abc", view) == "V1"
    assert vendor.last.arguments == {"trigger_id": "1.2.abc", "view": view}
    vendor.agrees(view={"id": "V1", "hash": "1.b"})
    assert slack.update_view("V1", view) == "1.b"
    assert vendor.last.arguments == {"view_id": "V1", "view": view}
    vendor.agrees(view={"id": "V1", "hash": "1.c"})
    slack.update_view("V1", view, "1.b")
    assert vendor.last.arguments["hash"] == "1.b"


def test_a_post_is_found_again_by_its_mark(vendor, slack) -> None:
    other = {"ts": "1795316460.000100", "text": "words of a person"}
    vendor.agrees(messages=[other, marked("n-8", NIGHT), marked("n-7", NIGHT)])
    assert slack.find_post(ONCALL, "n-7", NIGHT) == f"{NIGHT.timestamp():.6f}"
    assert vendor.last.method == "conversations.history"
    assert vendor.last.arguments["include_all_metadata"] in ("1", "true")


def test_a_mark_of_another_app_is_not_ours(vendor, slack) -> None:
    vendor.agrees(messages=[marked("n-7", NIGHT, "somebody_else")])
    assert slack.find_post(ONCALL, "n-7", NIGHT) is None


def test_no_page_is_read_that_is_older_than_the_post_can_be(vendor, slack) -> None:
    vendor.agrees(messages=[marked("n-6", NIGHT)], response_metadata={"next_cursor": "more"})
    vendor.agrees(messages=[marked("n-5", NIGHT - timedelta(hours=1))], response_metadata={"next_cursor": "more"})
    assert slack.find_post(ONCALL, "n-7", NIGHT) is None
    assert len(vendor.asked) == 2


def test_a_post_is_found_although_our_clock_is_ahead_of_slacks(vendor, slack) -> None:
    vendor.agrees(messages=[marked("n-7", NIGHT)])
    assert slack.find_post(ONCALL, "n-7", NIGHT + timedelta(hours=9)) is not None


def test_a_post_in_a_thread_is_looked_for_in_the_thread(vendor, slack) -> None:
    vendor.agrees(messages=[marked("n-6", NIGHT)], response_metadata={"next_cursor": "more"})
    vendor.agrees(messages=[marked("n-7", NIGHT)])
    assert slack.find_post(ONCALL, "n-7", NIGHT, thread_ts="1.2") is not None
    assert [one.method for one in vendor.asked] == ["conversations.replies"] * 2
    assert vendor.last.arguments["ts"] == "1.2"


def test_a_post_to_a_user_is_looked_for_in_the_direct_messages(vendor, slack) -> None:
    vendor.agrees(channel={"id": "D0ANA00001"})
    vendor.agrees(messages=[])
    assert slack.find_post(ANA, "n-7", NIGHT) is None
    assert vendor.asked[0].arguments == {"users": ANA}
    assert vendor.last.arguments["channel"] == "D0ANA00001"


def test_an_address_finds_its_user_or_nobody(vendor, slack) -> None:
    vendor.agrees(user={"id": ANA})
    assert slack.user_id_of_email("ana@example.com") == ANA
    assert vendor.last.arguments == {"email": "ana@example.com"}
    vendor.refuses("users_not_found")
    assert slack.user_id_of_email("nobody@example.com") is None
    vendor.refuses("missing_scope")
    with pytest.raises(Misconfigured):
        slack.user_id_of_email("ana@example.com")


def test_who_we_are_comes_with_our_scopes_and_slacks_clock(vendor, slack) -> None:
    answer = {
        "ok": True,
        "team_id": TEAM,
        "user_id": "U0BOT00001",
        "bot_id": "B0BOT00001",
        "url": "https://x.slack.com/",
    }
    vendor.says(answer, X_OAuth_Scopes="chat:write, commands,im:write")
    found = slack.auth_test()
    assert (found.team_id, found.user_id, found.bot_id) == (TEAM, "U0BOT00001", "B0BOT00001")
    assert found.scopes == {"chat:write", "commands", "im:write"}
    assert found.vendor_time == NIGHT


def test_a_members_id_says_whose_it_is(vendor, slack) -> None:
    vendor.agrees(user={"id": ANA, "team_id": TEAM, "is_bot": False, "deleted": True})
    assert slack.member(ANA) == Member(TEAM, is_bot=False, has_left=True)
    vendor.refuses("user_not_found")
    assert slack.member("U0NOBODY01") is None


def test_a_channel_says_whether_the_bot_is_in_it(vendor, slack) -> None:
    vendor.agrees(channel={"id": ONCALL, "name": "on-call", "is_member": False, "is_archived": True})
    assert slack.channel(ONCALL) == Channel("on-call", has_bot=False, is_archived=True)
    vendor.refuses("channel_not_found")
    assert slack.channel("C0NOWHERE1") is None


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(vendor, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    vendor.agrees(channel=ONCALL, ts=TS)
    assert Slack(vendor.credentials).post(ONCALL, "AH-1042").ts == TS


@pytest.mark.parametrize("token", ["", "xoxb-1 2", "xoxb-1\n", "xoxb-ü"])
def test_a_token_that_cannot_be_one_is_the_set_up(token) -> None:
    with pytest.raises(Misconfigured):
        Slack(Credentials(token))


def test_the_token_is_in_no_text_of_ours() -> None:
    assert "secret" not in repr(Credentials("xoxb-secret"))


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id", "hash_conflict"])
def test_a_trigger_that_came_too_late_is_told_by_its_code(vendor, slack, code) -> None:
    vendor.refuses(code)
    with pytest.raises(Refused) as caught:
        slack.open_view("1.2.abc", modal("x", "x", []))
    assert type(caught.value) is Refused
    assert caught.value.code == code
