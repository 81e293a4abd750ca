"""What the app hears of what happens at the emulated Slack, signed, and how often."""

import json
import time
from collections.abc import Iterator

import pytest
from slack_sdk.signature import SignatureVerifier

from oncallbot.emulators.server import running
from oncallbot.emulators.settings import Settings
from oncallbot.emulators.slack.signer import signature

from .conftest import Product, Said, Sim
from .workspace import (
    ANA,
    BEN,
    ERIK,
    FOREIGN_TEAM,
    GUEST,
    HELP,
    ON_CALL,
    ROBOT,
    SECRET,
    SHARED,
    Slack,
    modal,
    section,
)


@pytest.fixture
def hasty(product: Product) -> Iterator[Slack]:
    """A world of its own in which a minute is 60 ms."""
    with running(Settings(time_scale=0.001)) as started:
        sim = Sim(started)
        yield Slack(sim, product)
        sim.http.close()


def over(slack: Slack) -> None:
    """No event is under way or will be tried again."""
    slack.sim.wait("quiet")
    assert slack.sim.get("/slack")["events_waiting"] == 0


def test_the_published_example_has_the_published_signature() -> None:
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == expected


def test_slacks_own_verifier_accepts_every_kind_of_request(slack: Slack, product: Product) -> None:
    ts = slack.act(ANA, "post", channel=ON_CALL, text="grüße & <@U0ANA00001>")["ts"]
    slack.act(ANA, "command", text="/oncall who", channel=ON_CALL)
    slack.act(ANA, "shortcut", callback_id="page_on_call", channel=ON_CALL, ts=ts)
    slack.act(ANA, "shortcut", callback_id="page")
    slack.sim.wait("quiet")
    verifier = SignatureVerifier(slack.sim.settings.slack_signing_secret)
    assert len(product.heard) == 4
    assert all(verifier.is_valid_request(said.body, said.headers) for said in product.heard)
    assert {said.headers["Content-Type"] for said in product.heard} == {
        "application/json",
        "application/x-www-form-urlencoded",
    }


def test_a_changed_secret_signs_from_then_on(slack: Slack, product: Product) -> None:
    slack.settings(signing_secret="rotated")
    slack.act(ANA, "open_home")
    slack.sim.wait("quiet")
    assert SignatureVerifier("rotated").is_valid_request(product.heard[0].body, product.heard[0].headers)


def test_a_bad_signature_can_be_ordered_and_its_refusal_is_no_violation(slack: Slack, product: Product) -> None:
    slack.answers((401, "", ""))
    slack.sim.post("/faults", kind="bad_signature", match={"vendor": "slack"})
    slack.act(ANA, "command", text="/oncall", channel=ON_CALL)
    verifier = SignatureVerifier(slack.sim.settings.slack_signing_secret)
    assert not verifier.is_valid_request(product.heard[0].body, product.heard[0].headers)
    assert slack.codes() == []


def test_a_request_url_proves_itself_by_the_challenge(slack: Slack) -> None:
    slack.answers(lambda said: (200, "text/plain", json.loads(said.body)["challenge"]))
    assert slack.sim.post("/slack/verify_url") == {"status": 200, "verified": True}
    slack.answers((200, "", "hello"))
    assert not slack.sim.post("/slack/verify_url")["verified"]


def test_a_post_is_told_with_its_channel_author_and_event_id(slack: Slack) -> None:
    said = slack.act(ANA, "post", channel=HELP, text="help!")
    event = slack.events()[0]
    told = slack.heard("event_callback")[0]
    assert (told["event_id"], told["team_id"]) == (said["event_id"], slack.sim.settings.slack_team_id)
    assert told["authorizations"][0]["user_id"] == slack.sim.settings.slack_bot_user_id
    assert (event["text"], event["user"], event["channel"], event["ts"]) == ("help!", ANA, HELP, said["ts"])
    assert (event["channel_type"], "thread_ts" in event, "bot_id" in event) == ("channel", False, False)


def test_a_reply_names_its_thread(slack: Slack) -> None:
    root = slack.act(ANA, "post", channel=HELP, text="help!")["ts"]
    slack.act(BEN, "post", channel=HELP, text="me too", thread_ts=root)
    event = slack.events()[1]
    assert (event["thread_ts"], event["parent_user_id"]) == (root, ANA)


def test_events_about_one_channel_arrive_in_order(slack: Slack) -> None:
    for number in range(8):
        slack.act(ANA, "post", channel=HELP, text=str(number))
    assert [event["text"] for event in slack.events()] == [str(number) for number in range(8)]


def test_an_edit_is_told_with_both_versions(slack: Slack) -> None:
    ts = slack.act(ANA, "post", channel=HELP, text="hlep")["ts"]
    slack.act(ANA, "edit", channel=HELP, ts=ts, text="help")
    changed = slack.events()[1]
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "help")
    assert (changed["previous_message"]["text"], changed["message"]["edited"]["user"]) == ("hlep", ANA)
    assert slack.refused(BEN, "edit", channel=HELP, ts=ts, text="no") == f"{ts} is not {BEN}'s message"


def test_a_deletion_is_told(slack: Slack) -> None:
    ts = slack.act(ANA, "post", channel=HELP, text="oops")["ts"]
    slack.act(ANA, "delete", channel=HELP, ts=ts)
    assert slack.events()[1]["deleted_ts"] == ts


def test_the_app_hears_its_own_posts_and_those_of_other_bots_with_their_bot_id(slack: Slack) -> None:
    slack.post(HELP)
    slack.act(ROBOT, "post", channel=HELP, text="alarm")
    assert [event["bot_id"] for event in slack.events()] == [slack.sim.settings.slack_bot_id, "B0ROBOT005"]


def test_a_mention_is_told_besides(slack: Slack) -> None:
    bot = slack.sim.settings.slack_bot_user_id
    slack.act(ANA, "post", channel=HELP, text=f"<@{bot}> help")
    assert slack.events("app_mention")[0]["text"] == f"<@{bot}> help"
    assert len(slack.events("message")) == 1


def test_what_people_type_is_escaped_and_what_slack_stores_is_not(slack: Slack) -> None:
    slack.act(ANA, "post", channel=HELP, typed="a < b & <!channel>")
    slack.act(ANA, "post", channel=HELP, text="<!channel> <@U0BEN00002>")
    assert [event["text"] for event in slack.events()] == [
        "a &lt; b &amp; &lt;!channel&gt;",
        "<!channel> <@U0BEN00002>",
    ]


def test_direct_messages_are_told_as_such(slack: Slack) -> None:
    slack.act(ANA, "post", channel="dm", text="hello")
    assert slack.events()[0]["channel_type"] == "im"


def test_a_stranger_in_a_shared_channel_comes_with_their_own_team(slack: Slack) -> None:
    slack.act(ERIK, "post", channel=SHARED, text="it is broken")
    event = slack.events()[0]
    assert (event["user"], event["team"], event["user_team"]) == (ERIK, FOREIGN_TEAM, FOREIGN_TEAM)
    assert slack.heard("event_callback")[0]["is_ext_shared_channel"]


def test_the_app_does_not_hear_what_happens_where_it_is_not(slack: Slack) -> None:
    assert slack.act(BEN, "post", channel=SECRET, text="psst")["event_id"] is None
    assert slack.events() == []


def test_nobody_writes_where_they_are_not_a_member(slack: Slack) -> None:
    assert slack.refused(ANA, "post", channel=SECRET, text="x") == f"{ANA} does not see {SECRET}"
    assert slack.refused(GUEST, "post", channel=ON_CALL, text="x") == f"{GUEST} does not see {ON_CALL}"
    assert slack.refused("U0NOBODY01", "post", channel=HELP, text="x") == "there is no user U0NOBODY01"


def test_joining_reacting_and_opening_the_home_tab_are_told(slack: Slack) -> None:
    slack.settings(scopes=["channels:read", "reactions:read"])
    ts = slack.act(ANA, "post", channel=HELP, text="x")["ts"]
    slack.act(ERIK, "join", channel=SHARED)
    slack.act(ANA, "react", channel=HELP, ts=ts, name="eyes")
    slack.act(ANA, "open_home")
    slack.act(ERIK, "leave", channel=SHARED)
    assert slack.events("member_joined_channel")[0]["user"] == ERIK
    assert slack.events("reaction_added")[0]["reaction"] == "eyes"
    assert slack.events("app_home_opened")[0]["tab"] == "home"
    assert slack.events("member_left_channel")[0]["channel"] == SHARED
    assert slack.events("message") == []


def test_only_subscribed_events_are_told(slack: Slack) -> None:
    slack.settings(events=["app_home_opened"])
    assert slack.act(ANA, "post", channel=HELP, text="x")["events"] == []
    assert slack.act(ANA, "open_home")["event_id"]


def test_without_a_request_url_nothing_is_sent(slack: Slack, product: Product) -> None:
    slack.settings(request_url="")
    assert slack.act(ANA, "post", channel=HELP, text="x")["event_id"] is None
    assert "request URL" in slack.refused(ANA, "command", text="/oncall", channel=HELP)
    assert product.heard == []


def test_an_event_is_told_again_three_times_while_the_app_fails(hasty: Slack, product: Product) -> None:
    hasty.answers((500, "", ""))
    event_id = hasty.act(ANA, "post", channel=HELP, text="help!")["event_id"]
    hasty.wait("delivery", event_id=event_id, retry=3)
    over(hasty)
    tries = [
        (said.headers.get("X-Slack-Retry-Num"), said.headers.get("X-Slack-Retry-Reason")) for said in product.heard
    ]
    assert tries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert {told["event_id"] for told in hasty.heard()} == {event_id}
    at = [each["at"] for each in hasty.sim.get(f"/slack/deliveries?event_id={event_id}")]
    assert at[2] - at[1] > 0.06
    assert at[3] - at[2] > 0.3
    assert hasty.codes() == ["http_error"] * 4


def test_an_event_is_told_again_until_the_app_takes_it(hasty: Slack, product: Product) -> None:
    hasty.answers(lambda said: (200 if "X-Slack-Retry-Num" in said.headers else 503, "", ""))
    hasty.act(ANA, "post", channel=HELP, text="help!")
    hasty.wait("delivery", purpose="event", retry=1, status=200)
    over(hasty)
    assert len(product.heard) == 2


def test_a_late_answer_is_none_and_the_event_is_told_again(hasty: Slack, product: Product) -> None:
    def answer(said: object) -> object:
        if len(product.heard) == 1:
            time.sleep(1.5)
        return 200, "", ""

    hasty.settings(response_seconds=1)
    hasty.answers(answer)
    hasty.act(ANA, "post", channel=HELP, text="help!")
    hasty.wait("delivery", purpose="event", retry=1, status=200)
    assert product.heard[1].headers["X-Slack-Retry-Reason"] == "http_timeout"
    assert hasty.codes() == ["http_timeout"]


def test_an_app_may_refuse_to_be_told_again(hasty: Slack, product: Product) -> None:
    hasty.answers((500, "", "", {"X-Slack-No-Retry": "1"}))
    hasty.act(ANA, "post", channel=HELP, text="help!")
    hasty.wait("delivery", purpose="event", status=500)
    over(hasty)
    assert len(product.heard) == 1


def test_nobody_there_is_unreachable_not_misconduct(hasty: Slack) -> None:
    hasty.settings(request_url="http://127.0.0.1:9/slack/events")
    hasty.act(ANA, "post", channel=HELP, text="help!")
    hasty.sim.wait("violation", kind="unreachable", count=4)
    assert hasty.codes("conduct") == []


@pytest.mark.parametrize(("kind", "times"), [("duplicate_callback", 2), ("drop_callback", 0), ("delay_callback", 1)])
def test_events_can_be_doubled_lost_and_late(slack: Slack, kind: str, times: int) -> None:
    slack.sim.post("/faults", kind=kind, seconds=0.05, match={"vendor": "slack"})
    event_id = slack.act(ANA, "post", channel=HELP, text="help!")["event_id"]
    slack.sim.wait("fault", kind=kind, fired=1)
    assert len(slack.events()) == times
    assert {told["event_id"] for told in slack.heard()} == ({event_id} if times else set())
    assert slack.codes() == []


def test_a_fault_for_callbacks_in_general_does_not_meet_slacks_events(slack: Slack) -> None:
    slack.sim.post("/faults", kind="drop_callback")
    slack.act(ANA, "post", channel=HELP, text="help!")
    assert len(slack.events()) == 1


def test_a_replay_is_the_same_to_the_letter(slack: Slack, product: Product) -> None:
    slack.act(ANA, "post", channel=HELP, text="help!")
    slack.act(ANA, "command", text="/oncall who", channel=HELP)
    slack.sim.wait("quiet")
    slack.sim.post("/slack/replay", kind="event")
    slack.sim.post("/slack/replay", kind="command", user=ANA)
    first, second = product.heard[:2], product.heard[2:]
    for before, after in zip(sorted(first, key=len_of), sorted(second, key=len_of), strict=True):
        assert before.body == after.body
        assert before.headers["X-Slack-Signature"] == after.headers["X-Slack-Signature"]
        assert before.headers["X-Slack-Request-Timestamp"] == after.headers["X-Slack-Request-Timestamp"]
    assert slack.http.post("/sim/slack/replay", json={"kind": "view_closed"}).status_code == 404


def len_of(said: Said) -> int:
    return len(said.body)


def test_a_home_tab_is_published_and_told_when_it_is_opened(slack: Slack) -> None:
    home = {"type": "home", "blocks": [section("next shift: Sat")]}
    view = slack.api("views.publish", user_id=ANA, view=home)["view"]
    assert slack.wait("home", user=ANA, contains="next shift")["versions"] == 1
    slack.act(ANA, "open_home")
    assert slack.events("app_home_opened")[0]["view"]["id"] == view["id"]
    assert slack.error("views.publish", user_id=ANA, view=home, hash="0.old") == "hash_conflict"
    assert slack.error("views.publish", user_id=ANA, view=modal()) == "invalid_arguments"
    slack.api("views.publish", user_id=ANA, view=home, hash=view["hash"])
    assert slack.wait("home", user=ANA, version=2)["words"][-1] == "next shift: Sat"
