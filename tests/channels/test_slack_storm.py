"""Many clicks at one instant, and requests that are told again: one act, and everybody is answered."""

from functools import partial

import pytest

from oncallbot.escalation.issue import Status
from tests.engine.stage import at_once, both
from tests.slack_stage import ANA, BEN, CEM, DAY, FAY, ONCALL, Chat

EACH = 10
HOLDERS = {ANA: "ana", BEN: "ben", CEM: "cem"}


@pytest.fixture
def paged(chat_night: Chat) -> int:
    """An issue that pages Ana, its cards posted."""
    number = chat_night.night.opens("the plant stands still")
    chat_night.night.sends()
    return number


def repeats(chat_night: Chat, kind: str) -> list[int]:
    """What Slack is answered when it tells its last request of this kind five times more, at one instant."""
    again = partial(chat_night.sim.post, "/slack/replay", kind=kind)
    said = [one["status"] for one in at_once(*[again] * 5)]
    chat_night.night.sends()
    return said


@both
def test_of_thirty_clicks_at_one_instant_one_takes_it_and_all_are_answered(chat_night, paged):
    ts = chat_night.card()["ts"]
    click = {
        user: partial(chat_night.does, user, "click", channel=ONCALL, ts=ts, text="Acknowledge") for user in HOLDERS
    }
    answered = at_once(*[one for one in click.values() for _ in range(EACH)])
    assert [one["status"] for one in answered] == [200] * len(answered)
    assert chat_night.night.kinds(paged).count("acknowledged") == 1
    holder = chat_night.night.issue(paged).holder
    chat_night.night.sends()
    for user, name in HOLDERS.items():
        said = chat_night.whispers(user)
        assert len(said) == EACH
        assert all(("is yours" in one) == (name == holder) for one in said)
    assert chat_night.header().count("has it since") == 1


def test_a_click_that_is_told_again_acts_once(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge")
    assert repeats(chat_night, "block_actions") == [200] * 5
    assert chat_night.night.kinds(paged).count("acknowledged") == 1
    assert chat_night.whispers(ANA) == [f"AH-{paged} is yours."]


def test_a_shortcut_that_is_told_again_pages_once(chat_night):
    ts = chat_night.posts(FAY, "the lift is stuck", DAY)
    chat_night.does(CEM, "shortcut", channel=DAY, ts=ts)
    assert repeats(chat_night, "message_action") == [200] * 5
    assert len(chat_night.issues()) == 1
    assert chat_night.night.kinds(chat_night.issue().number).count("reported") == 1
    assert len(chat_night.whispers(CEM)) == 1


def test_a_command_that_is_told_again_acts_once(chat_night, paged):
    chat_night.commands(ANA, f"ack {paged}")
    chat_night.commands(ANA, f"note {paged} on it")
    assert repeats(chat_night, "command") == [200] * 5
    assert chat_night.night.texts(paged, "note").count("Ana: on it") == 1


def test_a_form_that_is_told_again_acts_once(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge")
    chat_night.clicks(ANA, "Resolve")
    chat_night.submits(ANA, words="restarted the pump")
    assert repeats(chat_night, "view_submission") == [200] * 5
    assert chat_night.night.issue(paged).status is Status.RESOLVED
    assert chat_night.night.kinds(paged).count("resolved") == 1
    told = [one.words for one in chat_night.night.rows(paged, purpose="customer_told")]
    assert sum("restarted the pump" in words for words in told) == 1
    assert chat_night.whispers(ANA)[1:] == [f"AH-{paged} is resolved."]
