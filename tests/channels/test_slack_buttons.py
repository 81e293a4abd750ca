"""A click on a card: one event, one private answer, and the card shows the truth to everybody."""

import pytest

from oncallbot.escalation.issue import Status
from tests.slack_stage import ANA, BEN, CEM, DORA, ERIK, FAY, ONCALL, Chat


@pytest.fixture
def paged(chat_night: Chat) -> int:
    """An issue that pages Ana, its cards posted."""
    number = chat_night.night.opens("the plant stands still")
    chat_night.night.sends()
    return number


def test_the_card_stands_in_the_channel_and_in_the_direct_messages_of_whoever_is_paged(chat_night, paged):
    assert chat_night.header() == f"AH-{paged} · Acme GmbH (gold) · waiting for Ana"
    assert chat_night.header(ANA) == chat_night.header()
    assert chat_night.buttons(ANA) == ["Acknowledge", "Pass on", "Escalate now", "More…"]
    assert chat_night.sim.get(f"/slack/users/{BEN}")["direct"] == []


def test_acknowledging_needs_no_form_and_is_answered_in_private(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge", ANA)
    assert chat_night.night.issue(paged).holder == "ana"
    assert chat_night.whispers(ANA) == [f"AH-{paged} is yours."]
    assert chat_night.modal(ANA) is None


def test_every_card_shows_the_new_state_in_place(chat_night, paged):
    before = chat_night.card()["ts"]
    chat_night.clicks(ANA, "Acknowledge")
    assert "Ana has it since" in chat_night.header()
    assert "Ana has it since" in chat_night.header(ANA)
    assert chat_night.card()["ts"] == before
    assert chat_night.buttons() == ["Resolve", "Hand over", "Note", "More…"]
    assert any("Ana acknowledged, by slack" in line for line in chat_night.thread(ONCALL, before))


def test_a_late_click_is_told_in_private_who_has_it_in_the_clickers_own_zone(chat_night, paged):
    card = chat_night.card()
    chat_night.night.answers("ana", issue=paged)
    answered = chat_night.does(CEM, "click", channel=ONCALL, ts=card["ts"], text="Acknowledge")
    assert answered["status"] == 200
    chat_night.night.sends()
    assert chat_night.whispers(CEM) == [f"Ana has AH-{paged} since 03:10."]
    assert chat_night.night.issue(paged).holder == "ana"


def test_a_second_click_of_the_holder_is_no_error(chat_night, paged):
    card = chat_night.card()
    for _ in range(2):
        chat_night.does(ANA, "click", channel=ONCALL, ts=card["ts"], text="Acknowledge")
    chat_night.night.sends()
    assert chat_night.whispers(ANA) == [f"AH-{paged} is yours."] * 2


def test_whoever_is_known_by_email_address_may_act_once_it_was_looked_up(chat_night, paged):
    chat_night.clicks(BEN, "Acknowledge")
    assert chat_night.night.issue(paged).holder == "ben"


@pytest.mark.parametrize(("user", "words"), [(FAY, "Only responders"), (ERIK, "Only the on-call team")])
def test_nobody_else_can_acknowledge_and_they_are_told_politely(chat_night, paged, user, words):
    chat_night.sim.put(f"/slack/channels/{ONCALL}", members=[ANA, FAY, ERIK], is_ext_shared=True)
    chat_night.clicks(user, "Acknowledge")
    assert chat_night.night.issue(paged).status is Status.TRIGGERED
    (said,) = chat_night.whispers(user)
    assert said.startswith(words)


def test_a_click_that_is_replayed_acts_once_and_answers_once(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge")
    assert chat_night.sim.post("/slack/replay", kind="block_actions")["status"] == 200
    chat_night.night.sends()
    assert chat_night.whispers(ANA) == [f"AH-{paged} is yours."]
    assert chat_night.night.kinds(paged).count("acknowledged") == 1


def test_passing_on_pages_the_next_one(chat_night, paged):
    chat_night.clicks(ANA, "Pass on", ANA)
    assert chat_night.whispers(ANA) == [f"AH-{paged} is passed on."]
    assert "waiting for Ben" in chat_night.header()


def test_escalating_asks_first_and_pages_the_next_level(chat_night, paged):
    (button,) = [one for block in chat_night.card()["blocks"] for one in block.get("elements", ()) if "confirm" in one]
    assert button["action_id"] == "escalate_now"
    chat_night.clicks(CEM, "Escalate now")
    assert chat_night.night.issue(paged).level == 2


def test_resolving_asks_for_one_line_which_the_customer_reads(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge")
    chat_night.clicks(ANA, "Resolve")
    assert chat_night.modal(ANA)["callback_id"] == "resolve"
    assert chat_night.night.issue(paged).status is Status.ACKNOWLEDGED
    chat_night.submits(ANA, words="restarted the pump")
    assert chat_night.night.issue(paged).status is Status.RESOLVED
    assert chat_night.modal(ANA) is None
    assert any("restarted the pump" in row.words for row in chat_night.night.rows(paged, purpose="customer_told"))
    assert chat_night.buttons() == []


def test_resolving_what_is_resolved_opens_no_form(chat_night, paged):
    card = chat_night.card()["ts"]
    chat_night.clicks(ANA, "Acknowledge")
    shown = chat_night.card()
    chat_night.night.answers("ana", "resolve", issue=paged)
    chat_night.does(CEM, "click", channel=ONCALL, ts=shown["ts"], text="Resolve")
    chat_night.night.sends()
    assert chat_night.modal(CEM) is None
    assert chat_night.whispers(CEM) == [f"AH-{paged} is already resolved."]
    assert card == shown["ts"]


def test_handing_over_asks_whom_and_refuses_who_is_no_responder(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge")
    chat_night.clicks(ANA, "Hand over")
    refused = chat_night.submits(ANA, person=FAY)
    assert "not a responder" in refused["errors"]["person"]
    chat_night.submits(ANA, person=BEN)
    assert "Ben is asked to take it" in chat_night.header()
    assert chat_night.night.issue(paged).holder == "ana"


def test_who_does_not_hold_it_cannot_hand_it_over(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge")
    chat_night.clicks(CEM, "Hand over")
    assert chat_night.modal(CEM) is None
    assert chat_night.whispers(CEM) == [f"Ana has AH-{paged} since 03:10."]


def test_a_note_goes_on_the_timeline(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge")
    chat_night.clicks(CEM, "Note")
    chat_night.submits(CEM, words="the fuse was loose")
    assert "Cem: the fuse was loose" in chat_night.night.texts(paged, "note")


def test_an_expired_trigger_loses_nothing_and_names_the_command(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge")
    chat_night.sim.put("/slack/settings", trigger_seconds=0)
    answered = chat_night.clicks(ANA, "Resolve")
    assert answered["status"] == 200
    assert f"Write /oncall resolve AH-{paged}" in chat_night.whispers(ANA)[-1]
    assert chat_night.night.issue(paged).status is Status.ACKNOWLEDGED
    chat_night.forgives("expired_trigger_id")


def test_a_form_that_comes_twice_acts_once(chat_night, paged):
    chat_night.clicks(ANA, "Acknowledge")
    chat_night.clicks(CEM, "Note")
    chat_night.submits(CEM, words="the fuse was loose")
    chat_night.sim.post("/slack/replay", kind="view_submission")
    assert chat_night.night.texts(paged, "note").count("Cem: the fuse was loose") == 1


@pytest.mark.parametrize(
    ("action_id", "value"),
    [("ack", "{ref}"), ("acknowledge:v1", "{number}"), ("Acknowledge", '{{"issue": {number}}}'), ("acknowledge", "x")],
)
def test_buttons_of_older_cards_go_on_working(chat_night, paged, action_id, value):
    said = value.format(ref=f"AH-{paged}", number=paged)
    channel, ts = old_card(chat_night, paged, action_id, said)
    chat_night.does(ANA, "click", channel=channel, ts=ts, action_id=action_id)
    assert chat_night.night.issue(paged).holder == "ana"


def test_a_button_that_nobody_knows_any_more_is_answered_in_private(chat_night, paged):
    channel, ts = old_card(chat_night, paged, "summon_wizard", f"AH-{paged}")
    answered = chat_night.does(ANA, "click", channel=channel, ts=ts, action_id="summon_wizard")
    chat_night.night.sends()
    assert answered["status"] == 200
    assert "older release" in chat_night.whispers(ANA)[-1]
    assert chat_night.night.issue(paged).status is Status.TRIGGERED


def old_card(chat_night: Chat, number: int, action_id: str, value: str) -> tuple[str, str]:
    """The issue's card as a release of long ago might have left it."""
    card = chat_night.card()
    button = {"type": "button", "action_id": action_id, "value": value, "text": {"type": "plain_text", "text": "I do"}}
    chat_night.client.update(card["channel"], card["ts"], "old", [{"type": "actions", "elements": [button]}])
    return card["channel"], card["ts"]


def test_only_a_manager_dismisses(chat_night, paged):
    channel, ts = old_card(chat_night, paged, "dismiss", f"AH-{paged}")
    for user, status in ((CEM, Status.TRIGGERED), (DORA, Status.CLOSED)):
        chat_night.does(user, "click", channel=channel, ts=ts, action_id="dismiss")
        assert chat_night.night.issue(paged).status is status
