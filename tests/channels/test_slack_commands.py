"""`/oncall …`: the answer is in the request's own answer, private, in the asker's zone, and no act happens twice."""

import pytest

from oncallbot.escalation.issue import Road, Status
from tests.engine.stage import NOON
from tests.slack_stage import ANA, BEN, CEM, DORA, FAY, HELP, ONCALL, SHARED, Chat


@pytest.fixture
def paged(chat_night: Chat) -> int:
    return chat_night.night.opens("the plant stands still")


class TestQuestions:
    def test_bare_it_says_who_is_on_call_and_what_is_open(self, chat_night, paged):
        said = chat_night.commands(ANA, "")
        assert "primary: Ana until Mon 09:00, then Ben" in said
        assert f"AH-{paged}" in said

    def test_a_colleague_who_is_no_responder_reads_who_is_on_call_but_no_issues(self, chat_night, paged):
        said = chat_night.commands(FAY, "")
        assert "primary: Ana" in said
        assert "AH-" not in said

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("who", "primary: Ana"),
            ("who primary at tomorrow 08:00", "primary at Sun 08:00: Ana"),
            ("me", "You are on call in primary"),
            ("shifts for 2 weeks", "primary: Ben"),
            ("why primary", "Why: layer weekly"),
            ("issues", "waiting for Ana"),
            ("issue", "the plant stands still"),
            ("help", "/oncall snooze"),
            ("help snooze", "For example"),
        ],
    )
    def test_every_question_is_answered(self, chat_night, paged, text, expected):
        assert expected in chat_night.commands(ANA, text)

    def test_one_issue_is_shown_with_its_timeline_and_without_phone_numbers(self, chat_night, paged):
        said = chat_night.commands(CEM, f"issue {paged}")
        assert "By webhook: the plant stands still" in said
        assert "+49" not in said

    def test_what_is_not_understood_is_answered_with_the_nearest_right_form(self, chat_night, paged):
        said = chat_night.commands(ANA, f"aknowledge {paged}")
        assert f"/oncall acknowledge {paged}" in said
        assert chat_night.night.issue(paged).status is Status.TRIGGERED


class TestActs:
    def test_acknowledging_and_resolving_by_command(self, chat_night, paged):
        assert chat_night.commands(ANA, f"acknowledge {paged}") == f"AH-{paged} is yours."
        assert chat_night.commands(ANA, f"resolve {paged} changed the fuse") == f"AH-{paged} is resolved."
        assert chat_night.night.issue(paged).status is Status.RESOLVED

    def test_without_a_number_the_only_page_is_meant(self, chat_night, paged):
        assert chat_night.commands(ANA, "ack") == f"AH-{paged} is yours."

    def test_with_several_it_asks_which(self, chat_night, paged):
        second = chat_night.night.opens("the lift too", customer="beta", contact="+493023125110")
        said = chat_night.commands(ANA, "take over")
        assert said == f"Which? /oncall take over {paged} or /oncall take over {second}"

    def test_whoever_comes_second_reads_who_has_it_in_their_own_zone(self, chat_night, paged):
        chat_night.commands(ANA, f"ack {paged}")
        assert chat_night.commands(CEM, f"ack {paged}") == f"Ana has AH-{paged} since 03:10."

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("note {0} looking at it", "note"),
            ("snooze {0} for 2 hours", "snoozed"),
            ("hand over {0} to @ben", "handed_over"),
            ("hand over {0} to <@U0BEN00001|ben>", "handed_over"),
            ("add responder <@U0CEM00001|cem> to {0}", "responder_added"),
            ("hand back {0}", "passed_on"),
        ],
    )
    def test_what_a_holder_can_do(self, chat_night, paged, text, kind):
        chat_night.commands(ANA, f"ack {paged}")
        chat_night.commands(ANA, text.format(paged))
        assert kind in chat_night.night.kinds(paged)

    def test_taking_over_escalating_and_splitting(self, chat_night, paged):
        assert chat_night.commands(CEM, f"escalate now {paged}") == f"AH-{paged}: the next level is paged."
        chat_night.commands(ANA, f"ack {paged}")
        assert chat_night.commands(CEM, f"take over {paged}") == f"AH-{paged} is yours."
        chat_night.night.reports("something else", reference=paged)
        assert "its newest report is" in chat_night.commands(CEM, f"split {paged}")
        assert len(chat_night.issues()) == 2

    def test_dismissing_is_for_managers(self, chat_night, paged):
        assert chat_night.commands(CEM, f"dismiss {paged}") == "Only a manager can do that."
        assert chat_night.commands(DORA, f"dismiss {paged}") == f"AH-{paged} is dismissed."

    def test_closing_what_is_resolved(self, chat_night, paged):
        chat_night.commands(ANA, f"resolve {paged}")
        assert chat_night.commands(ANA, f"close {paged}") == f"AH-{paged} is closed."

    @pytest.mark.parametrize("text", ["ack", "issues", "resolve 1001", "me", "note 1001 hello", "dismiss 1001"])
    def test_who_is_no_responder_is_refused_politely(self, chat_night, paged, text):
        assert chat_night.commands(FAY, text).startswith("Only responders can do that")
        assert chat_night.night.issue(paged).status is Status.TRIGGERED

    def test_a_command_that_is_replayed_gets_its_first_answer(self, chat_night, paged):
        chat_night.commands(ANA, f"ack {paged}")
        chat_night.commands(ANA, f"hand back {paged}")
        again = chat_night.sim.post("/slack/replay", kind="command", index=0)
        assert "is yours" in again["body"]
        assert chat_night.night.issue(paged).holder is None or chat_night.night.issue(paged).holder != "ana"


class TestPaging:
    def test_it_pages_at_once_at_any_hour(self, chat_night):
        chat_night.night.clock.sets(at=NOON)
        said = chat_night.commands(FAY, "page the lift is stuck")
        issue = chat_night.issue()
        assert (issue.road, issue.status, issue.summary) == (Road.COMMAND, Status.TRIGGERED, "the lift is stuck")
        assert said.startswith(f"AH-{issue.number} is open")

    def test_it_says_who_is_being_paged(self, chat_night):
        assert chat_night.commands(BEN, "page it is down for Acme GmbH").endswith("is open: Ana is being paged.")
        assert chat_night.issue().customer == "acme"

    @pytest.mark.parametrize(("channel", "customer"), [(HELP, None), (ONCALL, None), (SHARED, "acme")])
    def test_the_channel_says_for_whom(self, chat_night, channel, customer):
        chat_night.commands(ANA, "page it is down", channel)
        assert chat_night.issue().customer == customer

    def test_a_page_that_is_replayed_opens_one_issue(self, chat_night):
        chat_night.commands(ANA, "page it is down")
        chat_night.sim.post("/slack/replay", kind="command")
        assert len(chat_night.issues()) == 1

    def test_hostile_words_stay_words(self, chat_night):
        chat_night.commands(FAY, "page &lt;!channel&gt; &amp; <@U0BEN00001|ben> " + "x" * 5_000)
        chat_night.night.sends()
        assert chat_night.issue().summary.startswith("<!channel> & @Ben xxx")
        assert "<!channel>" not in chat_night.card()["text"]
