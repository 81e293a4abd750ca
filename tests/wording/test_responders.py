"""What responders, managers and the day team read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.escalation.effects import Alarm, News, TellDayTeam, TellManagers, TellResponder
from oncallbot.escalation.events import Answer
from oncallbot.escalation.issue import Road
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.wording.responders import alarm_text, day_team_text, news_text, outcome_text, page_text
from oncallbot.wording.text import is_gsm7, segments
from tests.wording.cast import ANA, DORA, HOSTILE, NIGHT, RULES, TAKEN, at, issue

LINK = "https://pager.example/answer/" + "s" * 43
KEYS = "Reply 4 ack, 5 pass, 6 resolve."
ANY = st.text(max_size=5_000) | st.sampled_from(HOSTILE)


def fits(text: str) -> bool:
    return is_gsm7(text) and segments(text) <= 2 and "\n" not in text


def test_a_page_has_the_promised_form() -> None:
    assert page_text(issue(), "Acme", "Example Support") == f"AH-1042 Acme: The server is down. {KEYS}"


def test_a_page_ends_with_its_link() -> None:
    assert page_text(issue(), "Acme", "Example Support", LINK) == f"AH-1042 Acme: The server is down. {KEYS} {LINK}"


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("Down.", "Down."),
        ("Down", "Down."),
        ("Down?", "Down?"),
        ("Down!", "Down!"),
        ("Down ...", "Down ..."),
        ("a,", "a."),
    ],
)
def test_a_page_has_no_double_full_stop(summary, said) -> None:
    assert page_text(issue(summary=summary), "Acme", "x") == f"AH-1042 Acme: {said} {KEYS}"


def test_a_page_without_words_yet_says_so() -> None:
    page = page_text(issue(summary=""), "Acme", "x")
    assert page == f"AH-1042 Acme: called the hotline, no message yet. {KEYS}"


@pytest.mark.parametrize("road", list(Road))
def test_a_page_without_words_says_how_it_came(road) -> None:
    assert "AH-1042 Acme: " in page_text(issue(summary="", road=road), "Acme", "x")


def test_an_unknown_caller_is_named_by_number_and_hotline() -> None:
    page = page_text(issue(customer=None), None, "Example Support")
    assert page.startswith("AH-1042 +493023125100 (Example Support): The server")


def test_a_withheld_caller_is_called_unknown() -> None:
    page = page_text(issue(customer=None, contact="", caller="anonymous"), None, "Example Support")
    assert page.startswith("AH-1042 unknown caller (Example Support): ")


def test_who_paged_by_a_command_is_named() -> None:
    page = page_text(issue(customer=None, road=Road.COMMAND, contact="", caller="Ana Ruiz, in Slack"), None, "Support")
    assert page.startswith("AH-1042 Ana Ruiz, in Slack (Support): ")


def test_a_long_report_gives_way_and_keys_and_link_stay() -> None:
    page = page_text(issue(summary="word " * 500), "Acme", "x", LINK)
    assert page.endswith(f"... {KEYS} {LINK}")
    assert segments(page) == 2


@pytest.mark.parametrize("summary", ["🚨🔥", "Сервер не работает", "\u4f60\u597d"])
def test_words_that_a_text_cannot_carry_are_not_passed_over_in_silence(summary) -> None:
    page = page_text(issue(summary=summary), "Acme", "x")
    assert page == f"AH-1042 Acme: (words that a text cannot carry). {KEYS}"


def test_an_emoji_between_words_leaves_no_hole() -> None:
    assert "fire now." in page_text(issue(summary="fire 🔥 now"), "Acme", "x")


def test_a_link_that_leaves_no_room_for_words_is_left_out() -> None:
    page = page_text(issue(), "Acme", "x", "https://pager.example/" + "s" * 300)
    assert page == f"AH-1042 Acme: The server is down. {KEYS}"


@given(ANY, ANY, ANY, st.sampled_from([None, LINK]))
def test_no_words_or_name_break_a_page(summary, name, hotline, link) -> None:
    page = page_text(issue(summary=summary), name, hotline, link)
    assert fits(page)
    assert page.startswith("AH-1042 ")
    assert KEYS in page
    assert page.endswith(link or KEYS)


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (Outcome(Kind.ACKNOWLEDGED, 1042, "ana", NIGHT), "AH-1042 is yours."),
        (Outcome(Kind.ALREADY_YOURS, 1042, "ana", NIGHT), "AH-1042 is yours."),
        (Outcome(Kind.ALREADY_TAKEN, 1042, "ben", NIGHT), "Ben has AH-1042 since 03:14."),
        (Outcome(Kind.ALREADY_TAKEN, 1042, "ben", at("23:10", 20)), "Ben has AH-1042 since Fri 23:10."),
        (Outcome(Kind.ALREADY_TAKEN, 1042, "gone", NIGHT), "gone has AH-1042 since 03:14."),
        (Outcome(Kind.ALREADY_TAKEN, 1042), "Somebody has AH-1042."),
        (Outcome(Kind.PASSED_ON, 1042), "AH-1042 is passed on."),
        (Outcome(Kind.RESOLVED, 1042), "AH-1042 is resolved."),
        (Outcome(Kind.ALREADY_RESOLVED, 1042), "AH-1042 is already resolved."),
        (Outcome(Kind.ALREADY_CLOSED, 1042), "AH-1042 is already closed."),
        (Outcome(Kind.NOTHING_TO_PASS, 1042), "AH-1042: nothing to pass on."),
        (Outcome(Kind.NOTED, 1042), "AH-1042: noted."),
        (Outcome(Kind.PASSED_ON, 1042, "ben", NIGHT), "AH-1042 stays with Ben."),
        (Outcome(Kind.SNOOZED, 1042), "AH-1042: no reminder until then."),
        (Outcome(Kind.OFFERED, 1042), "AH-1042: asked. It is yours until they take it."),
        (
            Outcome(Kind.OFFERED, 1042, reached_nobody=True),
            "AH-1042: there is no way to reach them. It is still yours.",
        ),
        (Outcome(Kind.ADDED, 1042), "AH-1042: they are paged too."),
        (Outcome(Kind.ADDED, 1042, reached_nobody=True), "AH-1042: there is no way to reach them."),
        (Outcome(Kind.CLOSED, 1042), "AH-1042 is closed."),
        (Outcome(Kind.SPLIT, 1042, choices=(1043,)), "AH-1042: its newest report is AH-1043 now."),
        (Outcome(Kind.NOT_ACKNOWLEDGED, 1042), "AH-1042: nobody has it yet. Take it first."),
        (Outcome(Kind.RESOLVE_FIRST, 1042), "AH-1042 is not resolved yet. Resolve it first."),
        (Outcome(Kind.TIME_IS_PAST, 1042), "That time is past."),
        (Outcome(Kind.NOTHING_TO_SPLIT, 1042), "AH-1042: nothing to split, all its words belong together."),
        (Outcome(Kind.UNKNOWN_RESPONDER), "There is no such responder."),
        (Outcome(Kind.UNKNOWN_ISSUE, 9), "There is no AH-9."),
        (Outcome(Kind.UNKNOWN_ISSUE), "There is no such issue."),
        (Outcome(Kind.WHICH_ONE, choices=(1042, 1043)), "Which? 4 1042 or 4 1043"),
    ],
)
def test_each_outcome_has_its_sentence(outcome, text) -> None:
    assert outcome_text(outcome, RULES, ANA, NIGHT) == text


@pytest.mark.parametrize("kind", list(Kind))
def test_every_outcome_is_answered_on_one_line(kind) -> None:
    for number in (1042, None):
        text = outcome_text(Outcome(kind, number, "ben", NIGHT, choices=tuple(range(1, 99))), RULES, ANA, NIGHT)
        assert fits(text)
        assert text


def test_times_are_the_readers() -> None:
    taken = Outcome(Kind.ALREADY_TAKEN, 1042, "ben", NIGHT)
    assert outcome_text(taken, RULES, DORA, NIGHT) == "Ben has AH-1042 since 21:14."


def test_the_question_which_one_repeats_the_key_that_was_meant() -> None:
    which = Outcome(Kind.WHICH_ONE, choices=(1042, 1043))
    assert outcome_text(which, RULES, ANA, NIGHT, Answer.RESOLVE) == "Which? 6 1042 or 6 1043"


@pytest.mark.parametrize("kind", [Kind.NOTHING, Kind.NOTHING_OPEN])
def test_anything_else_gets_one_line_of_help(kind) -> None:
    text = outcome_text(Outcome(kind), RULES, ANA, NIGHT)
    assert "Reply 4 ack, 5 pass, 6 resolve" in text


@pytest.mark.parametrize(
    ("tell", "text"),
    [
        (TellResponder("ana", News.TAKEN, "ben", NIGHT), "Ben has AH-1042 since 03:14."),
        (TellResponder("ana", News.RESOLVED, "ben", NIGHT), "Ben resolved AH-1042."),
        (TellResponder("ana", News.CLOSED, "dora"), "AH-1042 is closed: nothing to do."),
        (TellResponder("ana", News.NOTE, words="it is worse"), "AH-1042 Acme: it is worse."),
        (TellResponder("ana", News.NOTE), "AH-1042 Acme: was in touch again."),
        (TellResponder("ana", News.NOTE, "ben", words="Ben is there to help"), "AH-1042: Ben is there to help."),
        (
            TellResponder("ana", News.LET_LIE),
            "AH-1042: no word from you, so others are paged now. Reply 4 1042 to keep it.",
        ),
    ],
)
def test_each_news_has_its_sentence(tell, text) -> None:
    assert news_text(tell, TAKEN, RULES, ANA, NIGHT) == text


@given(ANY)
def test_no_words_break_news_alarms_or_the_day_team(words) -> None:
    hostile = issue(summary=words, customer=None, contact=words)
    for news in News:
        assert fits(news_text(TellResponder("ana", news, "ben", NIGHT, words), hostile, RULES, ANA, NIGHT))
    for alarm in Alarm:
        assert fits(alarm_text(TellManagers(alarm, words), hostile))
    assert fits(day_team_text(TellDayTeam(words), hostile, words))


def test_an_alarm_says_what_where_and_why() -> None:
    tell = TellManagers(Alarm.NO_ONE_ANSWERED, "Nobody has answered in loop 1")
    assert alarm_text(tell, issue()) == (
        "ALARM AH-1042: NOBODY HAS ANSWERED, a customer is waiting. Nobody has answered in loop 1."
    )
    assert alarm_text(TellManagers(Alarm.SET_UP, "")).startswith("ALARM: the set-up")


def test_the_day_team_reads_why_and_what() -> None:
    text = day_team_text(TellDayTeam("Held, and waiting for you"), issue(), "Acme")
    assert text == "AH-1042 Acme: Held, and waiting for you. The server is down"


def test_a_hostile_name_of_a_responder_stays_within_the_text() -> None:
    rules = replace(RULES, responders={"ben": replace(RULES.responders["ben"], name="🚨" * 300 + "n" * 300)})
    assert fits(outcome_text(Outcome(Kind.ALREADY_TAKEN, 1042, "ben", NIGHT), rules, ANA, NIGHT))
