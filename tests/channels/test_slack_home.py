"""The home tab: one's own shifts, issues, contact methods with their proof, and what managers need."""

import pytest

from tests.slack_stage import ANA, CEM, DORA, ERIK, FAY, ONCALL, Chat


def opens(chat: Chat, user: str):
    """The tab, once it was brought up to date."""
    chat.heard(chat.does(user, "open_home"))
    chat.night.sends()
    return home(chat, user)


def home(chat: Chat, user: str):
    return chat.sim.get(f"/slack/users/{user}")["home"]


def said(chat: Chat, user: str) -> str:
    return "\n".join(home(chat, user)["words"])


def clicks(chat: Chat, user: str, button: str) -> None:
    chat.does(user, "click", home=True, text=button)
    chat.night.sends()


def test_a_responder_sees_shifts_issues_who_is_on_call_and_contact_methods(chat_night):
    chat_night.night.opens("the plant stands still")
    shown = opens(chat_night, ANA)
    words = said(chat_night, ANA)
    assert [one["text"] for one in shown["buttons"]] == ["Cover me", "Test me now"]
    assert "You are on call in primary" in words
    assert "the plant stands still" in words
    assert "primary: Ana until" in words
    assert "Call: NOT PROVED YET" in words
    assert "+49" not in words


def test_managers_see_gaps_promises_and_their_pages(chat_night):
    opens(chat_night, DORA)
    words = said(chat_night, DORA)
    assert "No coverage gap in the next 30 days." in words
    assert "No promise is at risk." in words
    assert "/schedules" in words
    assert [one["text"] for one in home(chat_night, DORA)["buttons"]] == ["Test me now"]  # no shift, nothing to cover
    opens(chat_night, ANA)
    assert "/schedules" not in said(chat_night, ANA)


@pytest.mark.parametrize("user", [FAY, ERIK])
def test_whoever_is_no_responder_sees_no_names_and_no_buttons(chat_night, user):
    shown = opens(chat_night, user)
    assert shown["buttons"] == []
    assert "You are not a responder yet" in said(chat_night, user)
    assert "Ana" not in said(chat_night, user)


def test_opening_it_waits_for_nothing_at_slack(chat_night):
    before = len(chat_night.calls("views.publish"))
    chat_night.heard(chat_night.does(ANA, "open_home"))
    assert len(chat_night.calls("views.publish")) == before
    chat_night.night.sends()
    assert len(chat_night.calls("views.publish")) == before + 1


def test_cover_me_asks_the_others_and_answers_by_direct_message(chat_night):
    opens(chat_night, ANA)
    clicks(chat_night, ANA, "Cover me")
    direct = [one["text"] for one in chat_night.sim.get(f"/slack/users/{ANA}")["direct"]]
    assert any(one.startswith("Ben and Cem are asked to cover primary now") for one in direct)
    assert any("Who covers primary" in one["text"] for one in chat_night.messages(ONCALL))


def test_whoever_could_take_a_shift_sees_who_asks(chat_night):
    chat_night.commands(ANA, "cover me")
    opens(chat_night, CEM)
    assert "Who asks for cover" in said(chat_night, CEM)
    assert "Ana: primary" in said(chat_night, CEM)
    opens(chat_night, ANA)
    assert "Who asks for cover" not in said(chat_night, ANA)


class TestTestMeNow:
    def test_one_test_goes_by_each_road_and_says_that_it_is_one(self, chat_night):
        opens(chat_night, CEM)
        clicks(chat_night, CEM, "Test me now")
        texts = [one["Body"] for one in chat_night.sim.posted("Messages")]
        assert texts == ["This is a test of your pager, nothing has happened. Reply 4."]
        assert len(chat_night.sim.posted("Calls")) == 1
        direct = [one["text"] for one in chat_night.sim.get(f"/slack/users/{CEM}")["direct"]]
        assert "This is a test of your pager, nothing has happened." in direct
        assert any(one.startswith("Tests are on their way by Slack, text, call") for one in direct)

    def test_what_has_arrived_is_shown_with_its_date(self, chat_night):
        opens(chat_night, CEM)
        clicks(chat_night, CEM, "Test me now")
        opens(chat_night, CEM)
        assert "Slack: last posted Sat 26 Dec 03:10" in said(chat_night, CEM)

    def test_whoever_has_a_page_is_not_tested(self, chat_night):
        chat_night.night.opens("the plant stands still")
        opens(chat_night, ANA)
        before = len(chat_night.sim.posted("Calls"))
        clicks(chat_night, ANA, "Test me now")
        assert len(chat_night.sim.posted("Calls")) == before
        direct = [one["text"] for one in chat_night.sim.get(f"/slack/users/{ANA}")["direct"]]
        assert any(one.startswith("You have a page to answer") for one in direct)

    def test_a_second_click_right_away_sends_nothing_more(self, chat_night):
        opens(chat_night, CEM)
        clicks(chat_night, CEM, "Test me now")
        clicks(chat_night, CEM, "Test me now")
        assert len(chat_night.sim.posted("Calls")) == 1
