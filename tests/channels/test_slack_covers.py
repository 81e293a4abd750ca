"""Cover me, in Slack: one message per place with its newest state, and the first to accept has it."""

from datetime import timedelta

import pytest

from oncallbot.oncall.schedule import responders_at
from tests.channels.test_slack_sender import slack_is, waits
from tests.engine.stage import MINUTE, NIGHT, at_once, both
from tests.slack_stage import ANA, BEN, CEM, DORA, ERIK, FAY, ONCALL, Chat

TOMORROW = NIGHT + 24 * 60 * MINUTE


def on_call(chat: Chat, at=TOMORROW) -> tuple[str, ...]:
    rules = chat.night.door.rules_now()
    return responders_at(rules.schedules["primary"], rules.absences, at)[0]


def post(chat: Chat, where: str):
    """The first message there, which is the request: a channel's, or in somebody's direct messages."""
    found = chat.messages(where) if where == ONCALL else chat.sim.get(f"/slack/users/{where}")["direct"]
    return next(one for one in found if "primary" in one["text"])


def buttons(chat: Chat, where: str) -> list[str]:
    return [one["text"] for one in post(chat, where)["buttons"]]


def clicks(chat: Chat, user: str, button: str, where: str) -> str:
    """What the click was answered in private."""
    shown = post(chat, where)
    chat.does(user, "click", channel=shown["channel"], ts=shown["ts"], text=button)
    chat.night.sends()
    return chat.whispers(user)[-1]


@pytest.fixture
def asked(chat_night: Chat) -> str:
    """Ana asks for the coming night; what she is answered."""
    said = chat_night.commands(ANA, "cover me tomorrow 03:00 to tomorrow 08:00 because of a concert")
    chat_night.night.sends()
    return said


def test_the_others_are_asked_in_the_channel_and_in_their_direct_messages(chat_night, asked):
    assert asked.startswith("Ben and Cem are asked to cover primary")
    assert "Who covers primary" in post(chat_night, ONCALL)["text"]
    assert buttons(chat_night, ONCALL) == ["I take it", "Withdraw"]
    assert buttons(chat_night, BEN) == buttons(chat_night, CEM) == ["I take it"]
    assert buttons(chat_night, ANA) == ["Withdraw"]


def test_whoever_takes_it_has_it_and_the_buttons_go_everywhere(chat_night, asked):
    assert clicks(chat_night, BEN, "I take it", BEN).startswith("It is yours: you cover primary")
    assert on_call(chat_night) == ("ben",)
    for where in (ONCALL, ANA, BEN, CEM):
        assert post(chat_night, where)["text"].startswith("Ben covers primary"), where
        assert buttons(chat_night, where) == [], where


def test_the_asker_is_told_by_direct_message(chat_night, asked):
    clicks(chat_night, CEM, "I take it", ONCALL)
    direct = [one["text"] for one in chat_night.sim.get(f"/slack/users/{ANA}")["direct"]]
    assert any(one.startswith("Cem changed who is on call") and "No longer in primary" in one for one in direct)


@both
def test_of_two_who_accept_in_the_same_moment_one_has_it_and_the_other_hears_who(chat_night, asked):
    channel, ben, cem = (post(chat_night, where) for where in (ONCALL, BEN, CEM))
    at_once(
        lambda: chat_night.does(BEN, "click", channel=ben["channel"], ts=ben["ts"], text="I take it"),
        lambda: chat_night.does(CEM, "click", channel=channel["channel"], ts=channel["ts"], text="I take it"),
    )
    assert cem
    chat_night.night.sends()
    said = [chat_night.whispers(BEN)[-1], chat_night.whispers(CEM)[-1]]
    assert sum(one.startswith("It is yours") for one in said) == 1
    assert sum("has it already" in one for one in said) == 1


def test_a_late_click_hears_who_has_it(chat_night, asked):
    old = post(chat_night, CEM)
    chat_night.night.door.clock.moves(MINUTE)
    shown = post(chat_night, BEN)
    chat_night.does(BEN, "click", channel=shown["channel"], ts=shown["ts"], text="I take it")
    chat_night.does(CEM, "click", channel=old["channel"], ts=old["ts"], text="I take it")
    chat_night.night.sends()
    assert chat_night.whispers(CEM)[-1].startswith("Ben has it already")


def test_the_asker_withdraws_and_nobody_else_can(chat_night, asked):
    assert clicks(chat_night, CEM, "Withdraw", ONCALL).startswith("Only whoever asked")
    assert clicks(chat_night, ANA, "Withdraw", ANA).startswith("Nobody is asked any more")
    assert post(chat_night, BEN)["text"].startswith("Ana does not ask any more")
    assert on_call(chat_night) == ("ana",)


def test_the_asker_cannot_take_it_back_by_taking_it(chat_night, asked):
    assert clicks(chat_night, ANA, "I take it", ONCALL).startswith("You are not asked")


@pytest.mark.parametrize(("user", "words"), [(FAY, "Only responders"), (ERIK, "Only the on-call team")])
def test_nobody_from_outside_takes_a_shift(chat_night, asked, user, words):
    chat_night.sim.put(f"/slack/channels/{ONCALL}", members=[ANA, FAY, ERIK], is_ext_shared=True)
    assert clicks(chat_night, user, "I take it", ONCALL).startswith(words)
    assert on_call(chat_night) == ("ana",)


def test_a_click_that_is_replayed_is_answered_once(chat_night, asked):
    clicks(chat_night, BEN, "I take it", BEN)
    chat_night.sim.post("/slack/replay", kind="block_actions")
    chat_night.night.sends()
    assert len(chat_night.whispers(BEN)) == 1


@pytest.mark.parametrize(
    ("user", "text", "expected"),
    [
        (DORA, "cover me", "You have no shift coming"),
        (BEN, "cover me tomorrow 08:00 to tomorrow 20:00", "you are not on call then"),
        (ANA, "cover me", "Ben and Cem are asked to cover primary now"),
    ],
)
def test_what_can_be_covered(chat_night, user, text, expected):
    assert expected in chat_night.commands(user, text)


def test_asking_twice_for_the_same_time_asks_nobody_twice(chat_night, asked):
    again = chat_night.commands(ANA, "cover me tomorrow 03:00 to tomorrow 08:00")
    assert "you have asked for this time already" in again


def test_a_post_whose_answer_never_came_is_found_and_not_repeated(chat_night):
    slack_is(chat_night, "accept_and_timeout", "chat.postMessage", count=1, seconds=0.1)
    chat_night.commands(ANA, "cover me")
    chat_night.night.sends()
    waits(chat_night, timedelta(seconds=6))
    found = [one for one in chat_night.messages(ONCALL) if "Who covers" in one["text"]]
    assert len(found) == 1
