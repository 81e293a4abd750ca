"""Posts in hotline channels: after hours a report, in office hours a private pointer, and never a machine's."""

import pytest

from oncallbot.escalation.issue import Road, Status
from tests.engine.stage import NOON
from tests.slack_stage import ANA, BEN, CEM, DAY, ERIK, FAY, HELP, ONCALL, SHARED, Chat


def sent(chat_night: Chat, *args: str, **more: str) -> str:
    ts = chat_night.posts(*args, **more)
    chat_night.night.sends()
    return ts


class TestAfterHours:
    def test_a_post_opens_an_issue_and_its_thread_gets_the_reference(self, chat_night):
        ts = sent(chat_night, FAY, "the pump has stopped")
        issue = chat_night.issue()
        assert (issue.road, issue.status, issue.contact) == (Road.SLACK, Status.TRIGGERED, f"slack:{HELP}:{ts}")
        (told,) = chat_night.thread(HELP, ts)
        assert f"AH-{issue.number}" in told

    def test_a_customer_of_another_workspace_is_heard_in_the_shared_channel(self, chat_night):
        ts = sent(chat_night, ERIK, "die Pumpe steht", SHARED)
        assert chat_night.issue().customer == "acme"
        assert "Bereitschaft" in chat_night.thread(SHARED, ts)[0]

    def test_in_a_shared_channel_there_is_the_customers_view_only(self, chat_night):
        ts = sent(chat_night, ERIK, "it is down", SHARED)
        chat_night.night.answers("ana", issue=chat_night.issue().number)
        chat_night.night.sends()
        (root,) = [one for one in chat_night.messages(SHARED) if one["ts"] == ts]
        assert [one["buttons"] for one in root["thread"]] == [[], []]
        assert "Ana" in root["thread"][1]["text"]

    def test_replies_in_the_thread_join_and_reach_the_holder(self, chat_night):
        ts = sent(chat_night, ERIK, "it is down", SHARED)
        number = chat_night.issue().number
        chat_night.night.answers("ana", issue=number)
        sent(chat_night, ERIK, "it smokes", SHARED, thread_ts=ts)
        assert any("it smokes" in row.words for row in chat_night.night.rows(number, responder="ana"))
        assert len(chat_night.issues()) == 1

    def test_a_responders_reply_in_the_thread_is_a_note(self, chat_night):
        ts = sent(chat_night, ERIK, "it is down", SHARED)
        number = chat_night.issue().number
        sent(chat_night, CEM, "which one?", SHARED, thread_ts=ts)
        assert "Cem: which one?" in chat_night.night.texts(number, "note")

    def test_a_responders_reply_in_a_cards_thread_is_a_note(self, chat_night):
        number = chat_night.night.opens()
        chat_night.night.sends()
        card = chat_night.card()
        sent(chat_night, CEM, "the fuse", ONCALL, thread_ts=card["ts"])
        assert "Cem: the fuse" in chat_night.night.texts(number, "note")

    def test_anybody_elses_reply_in_a_cards_thread_is_nothing(self, chat_night):
        number = chat_night.night.opens()
        chat_night.night.sends()
        before = chat_night.night.kinds(number)
        sent(chat_night, FAY, "good luck", ONCALL, thread_ts=chat_night.card()["ts"])
        assert chat_night.night.kinds(number) == before

    def test_a_reply_under_what_is_no_report_opens_nothing_and_is_told_so(self, chat_night):
        chat_night.night.clock.sets(at=NOON)
        ts = sent(chat_night, FAY, "who has the keys?")
        chat_night.night.clock.sets(at=NOON.replace(hour=22))
        sent(chat_night, FAY, "anybody?", thread_ts=ts)
        assert chat_night.issues() == []
        assert chat_night.whispers(FAY)[-1].startswith("Nobody is told of replies")

    def test_a_reply_after_closing_opens_a_new_issue(self, chat_night):
        ts = sent(chat_night, FAY, "it is down")
        first = chat_night.issue().number
        chat_night.commands(ANA, f"resolve {first}")
        chat_night.commands(ANA, f"close {first}")
        sent(chat_night, FAY, "down again", thread_ts=ts)
        assert len(chat_night.issues()) == 2

    def test_what_joins_an_issue_of_another_road_gets_its_reference_in_the_thread(self, chat_night):
        number = chat_night.night.opens("it is down", road=Road.CALL)
        ts = sent(chat_night, ERIK, "it is down", SHARED)
        assert len(chat_night.issues()) == 1
        assert f"AH-{number}" in chat_night.thread(SHARED, ts)[0]
        sent(chat_night, ERIK, "it smokes", SHARED, thread_ts=ts)
        assert any("it smokes" in text for text in chat_night.night.texts(number, "reported"))

    def test_a_post_without_words_is_a_report(self, chat_night):
        sent(chat_night, FAY, "", subtype="file_share")
        assert chat_night.issue().summary == ""

    def test_hostile_words_reach_nobody_but_as_words(self, chat_night):
        sent(chat_night, FAY, "&lt;!channel&gt; <!here> <@U0BEN00001> &amp; " + "x" * 5_000)
        assert chat_night.issue().summary.startswith("<!channel> @here @U0BEN00001 & xxx")
        shown = " ".join([chat_night.card()["text"], str(chat_night.card()["blocks"])])
        assert "<!" not in shown
        assert "<@" not in shown

    def test_a_reporter_is_never_called_by_the_place_in_slack(self, chat_night):
        sent(chat_night, FAY, "it is down")
        assert chat_night.night.pages(chat_night.issue().number)[1].words.startswith("AH-1001 someone in Slack (")


class TestOfficeHours:
    def test_a_post_opens_nothing_and_points_privately_to_the_day_team(self, chat_night):
        chat_night.night.clock.sets(at=NOON)
        ts = sent(chat_night, FAY, "it is down")
        assert chat_night.issues() == []
        assert chat_night.thread(HELP, ts) == []
        (said,) = chat_night.whispers(FAY)
        assert "Example Support is open now" in said
        assert said.endswith(f"<#{DAY}>")

    def test_a_customer_reads_it_in_their_language_without_our_channels(self, chat_night):
        chat_night.night.clock.sets(at=NOON)
        sent(chat_night, ERIK, "es brennt", SHARED)
        (said,) = chat_night.whispers(ERIK)
        assert "Tagesteam" in said
        assert DAY not in said

    def test_replies_to_an_open_issue_join_all_the_same(self, chat_night):
        ts = sent(chat_night, FAY, "it is down")
        chat_night.night.clock.sets(at=NOON)
        sent(chat_night, FAY, "still down", thread_ts=ts)
        assert any("still down" in text for text in chat_night.night.texts(chat_night.issue().number, "reported"))


class TestWhatIsNoReport:
    def test_machines_posts(self, chat_night):
        sent(chat_night, FAY, "CPU at 100 %", bot_id="B0GRAFANA1")
        assert chat_night.issues() == []

    def test_our_own_posts(self, chat_night):
        chat_night.client.post(HELP, "hello")
        chat_night.sim.wait("slack_delivery", purpose="event", channel=HELP, status="200")
        assert chat_night.issues() == []

    def test_edits_and_deletions(self, chat_night):
        chat_night.night.clock.sets(at=NOON)
        ts = sent(chat_night, FAY, "it is down")
        chat_night.night.clock.sets(at=NOON.replace(hour=22))
        chat_night.heard(chat_night.does(FAY, "edit", channel=HELP, ts=ts, text="it is all down"))
        chat_night.does(FAY, "delete", channel=HELP, ts=ts)
        chat_night.sim.wait("slack_delivery", purpose="event", subtype="message_deleted", status="200")
        assert chat_night.issues() == []

    @pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "bot_message"])
    def test_what_slack_itself_writes(self, chat_night, subtype):
        sent(chat_night, FAY, "fay has joined", subtype=subtype)
        assert chat_night.issues() == []

    def test_posts_in_other_channels(self, chat_night):
        sent(chat_night, BEN, "it is down", DAY)
        assert chat_night.issues() == []


class TestReplays:
    def test_an_event_that_comes_again_is_one_report(self, chat_night):
        sent(chat_night, FAY, "it is down")
        assert chat_night.sim.post("/slack/replay", kind="event")["status"] == 200
        assert len(chat_night.issues()) == 1
        assert len(chat_night.night.texts(chat_night.issue().number, "reported")) == 1
