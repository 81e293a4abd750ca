"""What responders hear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.escalation.issue import Status
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.wording.responders_spoken import (
    goodbye_spoken,
    nothing_to_answer_spoken,
    outcome_spoken,
    page_spoken,
    silence_spoken,
    wrong_key_spoken,
)
from tests.wording.cast import ANA, BEN, HOSTILE, NIGHT, RULES, TAKEN, issue

ANY = st.text(max_size=5_000) | st.sampled_from(HOSTILE)


def test_a_page_begins_with_the_name_and_the_reason() -> None:
    assert page_spoken(issue(), ANA, "Acme", "Example Support") == (
        "Ana, Example Support on call: Acme: The server is down. Issue one zero four two. "
        "Press 4 to take it, 5 to pass it on, 6 if it is resolved, star to hear it again."
    )


def test_one_call_that_offers_several_pages_counts_them() -> None:
    assert page_spoken(issue(), ANA, "Acme", "Example Support", 2, 3).startswith(
        "Ana, Example Support on call, 2 of 3: Acme:"
    )


def test_a_caller_without_words_yet_is_still_announced() -> None:
    assert "called the hotline, no message yet." in page_spoken(issue(summary=""), ANA, "Acme", "x")


@given(ANY, ANY)
def test_no_words_make_a_page_endless(summary, name) -> None:
    said = page_spoken(issue(summary=summary), ANA, name, name)
    assert len(said) < 1_000
    assert said.isprintable()
    assert said.endswith("star to hear it again.")


def test_whoever_is_second_hears_who_has_it() -> None:
    taken = Outcome(Kind.ALREADY_TAKEN, 1042, "ben", NIGHT)
    assert outcome_spoken(taken, RULES, ANA, NIGHT) == "Ben has it since 3:14 AM."


def test_whoever_takes_it_hears_that() -> None:
    taken = Outcome(Kind.ACKNOWLEDGED, 1042, "ana", NIGHT)
    assert outcome_spoken(taken, RULES, ANA, NIGHT) == "Issue one zero four two is yours."


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome(Kind.PASSED_ON, 1042, "ben", NIGHT), "Issue one zero four two stays with Ben."),
        (Outcome(Kind.OFFERED, 1042), "Issue one zero four two is yours until they take it."),
        (Outcome(Kind.OFFERED, 1042, reached_nobody=True), "There is no way to reach them."),
        (Outcome(Kind.SPLIT, 1042, choices=(1043,)), "The newest report is issue one zero four three now."),
        (Outcome(Kind.NOT_ACKNOWLEDGED, 1042), "Issue one zero four two has nobody yet, take it first."),
    ],
)
def test_what_passes_between_people_is_said_plainly(outcome, said) -> None:
    assert outcome_spoken(outcome, RULES, ANA, NIGHT) == said


@pytest.mark.parametrize("kind", list(Kind))
def test_every_outcome_can_be_spoken(kind) -> None:
    for number in (1042, None):
        said = outcome_spoken(Outcome(kind, number, "ben", NIGHT, choices=(1042, 1043)), RULES, ANA, NIGHT)
        assert said.endswith(".")


def test_a_page_answered_too_late_tells_that_moments_truth() -> None:
    said = nothing_to_answer_spoken(TAKEN, RULES, ANA, NIGHT)
    assert said == "Nothing to answer any more: Ben has it since 3:14 AM."
    assert nothing_to_answer_spoken(TAKEN, RULES, BEN, NIGHT) == "Issue one zero four two is yours already."


@pytest.mark.parametrize("status", list(Status))
def test_every_status_can_be_told_to_a_late_answer(status) -> None:
    assert nothing_to_answer_spoken(issue(status=status, holder="ben"), RULES, ANA, NIGHT).endswith(".")


def test_silence_takes_nothing_and_says_so() -> None:
    assert "nobody has taken it" in silence_spoken()
    assert "Press 4" in wrong_key_spoken()
    assert goodbye_spoken() == "Goodbye."
