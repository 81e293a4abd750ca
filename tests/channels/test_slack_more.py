"""`More…` on a card: each act that has no button of its own, from the form that it opens."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from oncallbot.escalation.issue import Road, Status
from tests.engine.stage import FRIDA, NIGHT
from tests.slack_stage import ANA, BEN, CEM, DORA, ERIK, FAY, ONCALL, Chat


@pytest.fixture
def paged(chat_night: Chat) -> int:
    """An issue that pages Ana, its cards posted."""
    number = chat_night.night.opens("the plant stands still")
    chat_night.night.sends()
    return number


@pytest.fixture
def held(chat_night: Chat, paged: int) -> int:
    """The same, once Ana has it."""
    chat_night.clicks(ANA, "Acknowledge", ANA)
    return paged


def offered(chat_night: Chat, user: str) -> list[str]:
    """What the form offers this user after a click on `More…`."""
    chat_night.clicks(user, "More…")
    shown = chat_night.modal(user)
    return [one["text"]["text"] for block in shown["blocks"] for one in block.get("elements", ())]


def does(chat_night: Chat, user: str, act: str) -> None:
    """`More…`, then this button of the form."""
    assert act in offered(chat_night, user)
    picks(chat_night, user, act)


def picks(chat_night: Chat, user: str, act: str) -> None:
    answered = chat_night.does(user, "click", text=act)
    assert answered["status"] == 200
    chat_night.night.sends()


def words(blocks: Iterable[dict[str, Any]]) -> list[str]:
    return [block["text"]["text"] for block in blocks if block["type"] == "section"]


def test_what_is_offered_depends_on_who_asks(chat_night, held):
    assert offered(chat_night, ANA) == ["Snooze", "Hand back", "Add responder"]
    assert offered(chat_night, CEM) == ["Take over", "Add responder"]
    assert offered(chat_night, DORA) == ["Take over", "Add responder", "Dismiss"]


def test_what_is_offered_depends_on_where_the_issue_stands(chat_night, paged):
    assert offered(chat_night, CEM) == ["Resolve", "Add responder", "Note"]
    old = chat_night.card()["ts"]
    chat_night.does(CEM, "click", channel=ONCALL, ts=old, text="More…")
    chat_night.night.answers("cem", "resolve", issue=paged)
    picks(chat_night, CEM, "Add responder")  # the form was opened before
    assert chat_night.whispers(CEM)[-1] == f"AH-{paged} is already resolved."


def test_the_form_says_where_the_issue_stands_to_its_reader(chat_night, held):
    offered(chat_night, CEM)
    shown = chat_night.modal(CEM)
    assert shown["title"]["text"] == f"More on AH-{held}"
    assert words(shown["blocks"]) == [f"AH-{held} · Acme GmbH (gold) · Ana has it since 03:10"]


def test_snooze(chat_night, held):
    does(chat_night, ANA, "Snooze")
    assert chat_night.modal(ANA)["callback_id"] == "snooze"
    chat_night.submits(ANA, until=int((NIGHT + timedelta(hours=2)).timestamp()))
    assert chat_night.night.kinds(held).count("snoozed") == 1
    assert chat_night.modal(ANA) is None


def test_hand_back(chat_night, held):
    does(chat_night, ANA, "Hand back")
    assert chat_night.night.issue(held).status is Status.TRIGGERED
    assert chat_night.whispers(ANA)[-1] == f"AH-{held} is passed on."


def test_add_responder(chat_night, held):
    does(chat_night, CEM, "Add responder")
    chat_night.submits(CEM, person=BEN)
    assert "Cem adds Ben" in chat_night.night.texts(held, "responder_added")


def test_take_over(chat_night, held):
    does(chat_night, CEM, "Take over")
    assert chat_night.night.issue(held).holder == "cem"
    assert chat_night.whispers(CEM) == [f"AH-{held} is yours."]
    assert words(chat_night.modal(CEM)["blocks"]) == [f"AH-{held} is yours."]


def test_split(chat_night):
    number = chat_night.night.opens(road=Road.CALL)
    chat_night.night.reports("the gate, too", road=Road.TEXT, contact=FRIDA, caller=FRIDA)
    chat_night.night.sends()
    does(chat_night, CEM, "Split")
    assert {one.number for one in chat_night.issues()} == {number, number + 1}


def test_dismiss(chat_night, paged):
    does(chat_night, DORA, "Dismiss")
    assert chat_night.night.issue(paged).status is Status.CLOSED


def test_resolve_and_note_before_anybody_has_it(chat_night, paged):
    does(chat_night, CEM, "Note")
    chat_night.submits(CEM, words="a test of theirs")
    assert "Cem: a test of theirs" in chat_night.night.texts(paged, "note")
    does(chat_night, CEM, "Resolve")
    chat_night.submits(CEM, words="it was a test")
    assert chat_night.night.issue(paged).status is Status.RESOLVED


def test_close(chat_night):
    number = chat_night.night.opens("can wait", urgent=False)
    chat_night.night.sends()
    assert chat_night.night.issue(number).status is Status.HELD
    does(chat_night, CEM, "Close")
    assert chat_night.night.issue(number).status is Status.CLOSED


def test_a_card_of_before_it_was_resolved_still_offers_to_close_it(chat_night, held):
    card = chat_night.card()
    chat_night.night.answers("ana", "resolve", issue=held)
    chat_night.does(CEM, "click", channel=card["channel"], ts=card["ts"], text="More…")
    picks(chat_night, CEM, "Close")
    assert chat_night.night.issue(held).status is Status.CLOSED
    assert chat_night.buttons() == []


def test_what_is_closed_opens_no_form(chat_night, paged):
    card = chat_night.card()
    chat_night.clicks(DORA, "More…")
    picks(chat_night, DORA, "Dismiss")
    chat_night.client.update(card["channel"], card["ts"], "old", card["blocks"])
    chat_night.clicks(CEM, "More…", ts=card["ts"])
    assert chat_night.modal(CEM) is None
    assert chat_night.whispers(CEM) == [f"AH-{paged} is already closed."]


def test_a_choice_that_cannot_be_opened_is_answered_with_the_commands(chat_night, held):
    chat_night.sim.put("/slack/settings", trigger_seconds=0)
    answered = chat_night.clicks(CEM, "More…")
    assert answered["status"] == 200
    (said,) = chat_night.whispers(CEM)
    assert said.startswith("The choice could not be opened, and nothing has changed.")
    assert said.endswith(f"Write /oncall take over AH-{held} or /oncall add responder @who to AH-{held}")
    chat_night.forgives("expired_trigger_id")


def test_a_form_that_cannot_take_the_choices_place_is_answered_with_the_command(chat_night, held):
    offered(chat_night, ANA)
    chat_night.sim.post("/faults", kind="down", match={"path": "/api/views.update"}, status=503)
    picks(chat_night, ANA, "Snooze")
    assert chat_night.whispers(ANA)[-1].endswith(f"Write /oncall snooze AH-{held} for 2 hours")
    assert chat_night.night.issue(held).holder == "ana"


@pytest.mark.parametrize(("user", "said"), [(FAY, "Only responders"), (ERIK, "Only the on-call team")])
def test_nobody_else_is_offered_anything(chat_night, paged, user, said):
    chat_night.sim.put(f"/slack/channels/{ONCALL}", members=[ANA, FAY, ERIK], is_ext_shared=True)
    chat_night.clicks(user, "More…")
    assert chat_night.modal(user) is None
    assert chat_night.whispers(user)[-1].startswith(said)


def test_an_act_that_is_replayed_from_the_form_happens_once(chat_night, held):
    does(chat_night, CEM, "Take over")
    assert chat_night.sim.post("/slack/replay", kind="block_actions")["status"] == 200
    chat_night.night.sends()
    assert chat_night.night.kinds(held).count("taken_over") == 1
    assert chat_night.whispers(CEM) == [f"AH-{held} is yours."]
