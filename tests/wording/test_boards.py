"""Phrases of the managers' pages."""

from datetime import timedelta

import pytest

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.wording.boards import full_names, how_long, lead, wake_up_words

RULES = Rules(
    responders={one: Responder(one, name, "UTC") for one, name in (("ana", "Ana Ruiz"), ("ben", "Ben Okafor"))}
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (4320, "1 h 12 min"),
        (172800, "2 days"),
    ],
)
def test_a_length_is_as_exact_as_one_wants_to_know(seconds, words):
    assert how_long(timedelta(seconds=seconds)) == words


def test_names_are_whole_and_who_was_removed_keeps_an_id():
    assert full_names((), RULES) == ""
    assert full_names(("ana",), RULES) == "Ana Ruiz"
    assert full_names(("ana", "ben", "cem"), RULES) == "Ana Ruiz, Ben Okafor and cem"


def test_who_was_woken_how_often():
    assert wake_up_words({}, RULES) == "Nobody was woken."
    assert wake_up_words({"ana": 3, "ben": 1}, RULES) == "Ana was woken 3 times, Ben once."
    assert wake_up_words({"ben": 2}, RULES) == "Ben was woken twice."


def test_the_first_sentence_says_what_needs_a_manager():
    assert lead(0, []) == "Nothing needs you now."
    assert lead(1, []) == "1 issue needs somebody."
    assert lead(2, ["primary"]) == "2 issues need somebody. Nobody is on call in primary."
