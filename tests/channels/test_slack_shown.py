"""User groups and topics follow who is on call: changed only where they differ, and never emptied."""

import json
from datetime import timedelta

import pytest

from oncallbot.engine.change import Edit, change
from oncallbot.engine.duties import Duties
from oncallbot.storage import rule_objects
from tests.channels.previewing import shown
from tests.engine.stage import NIGHT
from tests.slack_stage import ANA, BEN, CEM, DORA, FAY, ONCALL, Chat

HANDOFF = NIGHT + timedelta(days=2, hours=5, minutes=50)  # Monday, 09:00 in Berlin: Ana goes, Ben comes
GROUP = "S0ONCALL01"


@pytest.fixture
def duties(chat_night: Chat) -> Duties:
    """The worker's duties, with a user group that follows the schedule by its handle."""
    with chat_night.night.database.read() as connection:
        stored = {(one.kind, one.id): one.body for one in rule_objects.load_all(connection)}
    plan = json.dumps(json.loads(stored["schedule", "primary"]) | {"user_group": "@oncall"}, separators=(",", ":"))
    done = change(chat_night.night.door, Edit({("schedule", "primary"): plan}), "test", revision(chat_night))
    assert type(done).__name__ == "Changed", done
    chat_night.sim.put(f"/slack/usergroups/{GROUP}", name="On call", handle="oncall", users=[FAY])
    return Duties(chat_night.night.door)


def revision(chat: Chat) -> int:
    return chat.night.door.rules_now().revision


def rings(chat: Chat, duties: Duties) -> None:
    duties.ring()
    chat.night.sends()


def topic(chat: Chat) -> str:
    return str(chat.sim.get(f"/slack/channels/{ONCALL}")["topic"]["value"])


def group(chat: Chat):
    return next(one for one in chat.sim.get("/slack/usergroups") if one["id"] == GROUP)


def test_group_and_topic_say_who_is_on_call_now(chat_night, duties):
    rings(chat_night, duties)
    assert group(chat_night)["users"] == [ANA]
    assert topic(chat_night) == "On call: Ana"


def test_they_follow_at_the_handoff(chat_night, duties):
    rings(chat_night, duties)
    chat_night.night.clock.sets(at=HANDOFF)
    rings(chat_night, duties)
    assert group(chat_night)["users"] == [BEN]
    assert topic(chat_night) == "On call: Ben"


def test_they_follow_an_edit_at_once(chat_night, duties):
    rings(chat_night, duties)
    shown(chat_night, CEM, "take primary until tomorrow 08:00").clicks("Confirm")
    rings(chat_night, duties)
    assert group(chat_night)["users"] == [CEM]
    assert topic(chat_night) == "On call: Cem"


def test_what_is_shown_already_is_not_set_again(chat_night, duties):
    chat_night.sim.put(f"/slack/usergroups/{GROUP}", users=[ANA])
    chat_night.sim.put(f"/slack/channels/{ONCALL}", topic="On call: Ana")
    rings(chat_night, duties)
    assert group(chat_night)["updates"] == 0
    assert chat_night.calls("conversations.setTopic") == []


def test_with_nobody_on_call_the_last_members_stay_and_the_topic_says_so(chat_night, duties):
    rings(chat_night, duties)
    for person in ("ana", "ben", "cem"):
        shown(chat_night, DORA, f"absent @{person} today to tomorrow").clicks("Confirm")
    rings(chat_night, duties)
    assert group(chat_night)["users"] == [ANA]
    assert topic(chat_night).startswith("On call: nobody until")


def test_a_guest_or_bot_is_left_out(chat_night, duties):
    chat_night.sim.put(f"/slack/users/{ANA}", is_restricted=True)
    rings(chat_night, duties)
    assert group(chat_night)["users"] == [FAY]


def test_a_missing_scope_is_one_warning_each_and_nothing_else_suffers(chat_night, duties, caplog):
    scopes = chat_night.sim.get("/slack/settings")["scopes"]
    less = [one for one in scopes if not one.startswith("usergroups:") and one not in TOPIC_SCOPES]
    chat_night.sim.put("/slack/settings", scopes=less)
    rings(chat_night, duties)
    warnings = [one.message for one in caplog.records if one.levelname == "WARNING" and "missing_scope" in one.message]
    assert len(warnings) == 2
    assert group(chat_night)["users"] == [FAY]
    chat_night.night.opens("the plant stands still")
    chat_night.night.sends()
    assert "waiting for Ana" in chat_night.header()
    chat_night.forgives("missing_scope")


TOPIC_SCOPES = ("channels:manage", "groups:write", "channels:write.topic", "groups:write.topic")
