"""A text is a command only when it can be nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.escalation.events import Answer
from oncallbot.wording.replies import CarrierKind, CarrierWord, Reply, mentioned_reference, parse_reply

A, P, R = Answer.ACKNOWLEDGE, Answer.PASS, Answer.RESOLVE


@pytest.mark.parametrize(
    ("text", "answer", "number"),
    [
        ("4", A, None),
        ("5", P, None),
        ("6", R, None),
        (" 4\n", A, None),
        ("4.", A, None),
        ("4 !", A, None),
        ("4 1042", A, 1042),
        ("4  1042.", A, 1042),
        ("4, 1042", A, 1042),
        ("4 AH-1042", A, 1042),
        ("4 ah1042", A, 1042),
        ("4 AH 1042", A, 1042),
        ("4 #1042", A, 1042),
        ("4 AH-5", A, 5),
        ("4 10", A, 10),
        ("ack", A, None),
        ("ACK", A, None),
        ("Ack 1042", A, 1042),
        ("ack 5", A, 5),
        ("acknowledge", A, None),
        ("Acknowledged!", A, None),
        ("pass", P, None),
        ("Pass on 1042", P, 1042),
        ("5 1042", P, 1042),
        ("resolve 1042", R, 1042),
        ("RESOLVED", R, None),
        ("resolved: AH-1042", R, 1042),
        ("４ １０４２", A, 1042),
        ("4\ufe0f\u20e3", A, None),
        ("\u200e4\u200f", A, None),
    ],
)
def test_a_command_is_understood_in_any_spelling(text, answer, number) -> None:
    assert parse_reply(text) == Reply(answer, number)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "?", "44", "4 5", "4 5 6", "4.5", "45", "4x", "x4", "7", "0", "4 1042 1043", "1042", "1042 4",
        "4 thanks", "4 please", "ok", "yes I have it", "acks", "packed", "pass the salt", "resolve it", "not resolved",
        "no 4",
        "4-1042", "4 AH-", "4 -1042", "4 10.42", "4 1042abc", "note", "note 1042", "note: hello", "notes 1042 hello",
        "4 12345678901", "ack/pass", "Our server is down", "stop it please", "please stop", "help me",
    ],
)  # fmt: skip
def test_what_is_ambiguous_is_no_command(text) -> None:
    assert parse_reply(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("note 1042 Rebooted the server", "Rebooted the server"),
        ("NOTE AH-1042: Rebooted.", "Rebooted."),
        ("Note: 1042, 4 of 5 done", "4 of 5 done"),
        ("note 1042 line\nline", "line line"),
    ],
)
def test_a_note_keeps_its_words(text, words) -> None:
    assert parse_reply(text) == Reply(Answer.NOTE, 1042, words)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (CarrierKind.OUT, "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT"),
        (CarrierKind.IN, "START YES UNSTOP"),
        (CarrierKind.HELP, "HELP INFO"),
    ],
)
def test_carrier_words_are_never_ours(kind, words) -> None:
    for word in words.split():
        for spelling in (word, word.lower(), f" {word.title()} ", f"{word}."):
            assert parse_reply(spelling) == CarrierWord(kind)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("AH-1042 is still broken", 1042),
        ("about ah 1042: worse", 1042),
        ("(AH1042)", 1042),
        ("AH-7 again", 7),
        ("AH-1042 AH-1042", 1042),
        ("1042 is still broken", 1042),
        ("#1042, still", 1042),
        ("1042", 1042),
        ("AH-1042 or AH-1043", None),
        ("104 broken", None),
        ("still 1042", None),
        ("1042nd", None),
        ("10:42 it broke", None),
        ("030231251000 call me", None),
        ("blah-1042", None),
        ("", None),
    ],
)
def test_a_customers_text_names_an_issue_only_plainly(text, number) -> None:
    assert mentioned_reference(text) == number


@given(st.text(max_size=200))
def test_no_text_breaks_the_parser(text) -> None:
    parse_reply(text)
    mentioned_reference(text)


def test_a_very_long_text_is_read_quickly_and_means_nothing() -> None:
    assert parse_reply("4 " * 100_000) is None
    assert mentioned_reference("AH-" * 100_000) is None
