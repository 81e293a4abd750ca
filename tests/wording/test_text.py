"""Words from outside fit our lines, and the 7-bit alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.wording.text import ONE_TEXT, TWO_TEXTS, clean, cut, gsm7, is_gsm7, segments, sentence, septets
from tests.wording.cast import HOSTILE

ANY = st.text(max_size=400) | st.sampled_from(HOSTILE)


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("  The   server\r\nis\tdown ", "The server is down"),
        ("a\x00b\x1b[0m", "a b [0m"),
        ("right\u202eleft\ufeff\u200b", "rightleft"),
        ("ünïcode 🚨 stays", "ünïcode 🚨 stays"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_control_and_invisible_characters_go_and_blanks_collapse(raw, written) -> None:
    assert clean(raw, 100) == written


def test_what_is_too_long_ends_in_three_dots_within_the_limit() -> None:
    assert clean("abcdefghij", 10) == "abcdefghij"
    assert clean("abcdefghijk", 10) == "abcdefg..."
    assert clean("abc def ghijk", 10) == "abc def..."


@given(ANY, st.integers(0, 200))
def test_a_cleaned_text_is_one_line_within_its_limit(raw, limit) -> None:
    line = clean(raw, limit)
    assert len(line) <= limit
    assert line == clean(line, limit)
    assert not any(one < " " or "\x7f" <= one <= "\x9f" for one in line)


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("Käse, Größe, ÄÖÜ, señor, café, à", "Käse, Größe, ÄÖÜ, señor, café, à"),
        ("“Hi” ‘you’ „da“ «là»", '"Hi" \'you\' "da" "là"'),
        ("a – b — c − d", "a - b - c - d"),
        ("wait…", "wait..."),
        ("fire 🔥 now", "fire  now"),
        ("Łódź São ç ő č", "Lodz Sao c o c"),
        ("a\u00a0b", "a b"),
        ("ﬁre ½ ²", "fire 1/2 2"),
        ("сервер down", "? down"),
        ("5 € [ok]", "5 € [ok]"),
        ("u\u0308ber", "über"),
    ],
)
def test_accents_that_gsm_has_stay_and_others_become_plain(raw, written) -> None:
    assert gsm7(raw) == written


@given(ANY)
def test_every_text_becomes_gsm7_and_stays_so(raw) -> None:
    written = gsm7(raw)
    assert is_gsm7(written)
    assert gsm7(written) == written


def test_one_curly_quote_is_outside_the_alphabet() -> None:
    assert is_gsm7("it's")
    assert not is_gsm7("it’s")


def test_an_extended_character_takes_two() -> None:
    assert septets("a€") == 3
    assert septets("{}") == 4


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 152, 2)],
)
def test_segments_hold_160_or_153_each(text, count) -> None:
    assert segments(text) == count


def test_an_escape_is_never_parted_from_its_character() -> None:
    assert septets("€" * 153) == TWO_TEXTS
    assert segments("€" * 153) == 3


@given(ANY, st.integers(0, 200))
def test_a_cut_text_fits_its_room(raw, room) -> None:
    assert septets(cut(gsm7(raw), room)) <= room


def test_a_text_that_fits_is_not_cut() -> None:
    assert cut("a" * ONE_TEXT, ONE_TEXT) == "a" * ONE_TEXT
    assert cut("a" * 10, 9) == "aaaaaa..."
    assert cut("abcd", 3) == ""


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("down", "down."),
        ("down.", "down."),
        ("down?", "down?"),
        ("down!", "down!"),
        ("so,", "so."),
        ("", ""),
        ("a...", "a..."),
    ],
)
def test_a_sentence_has_exactly_one_stop(raw, written) -> None:
    assert sentence(raw) == written
