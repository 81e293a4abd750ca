"""Words for Slack are harmless, escaped exactly once, and cut without breaking anything."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.chat.texts import (
    Markdown,
    Words,
    bold,
    channel,
    escape,
    joined,
    link,
    moment,
    person,
    plain,
    quote,
    read,
    render,
    size,
    words,
)

EVIL = "<!channel> <@U0ANA00001> R&D <https://evil.example|click> &lt;!here&gt;"


def test_only_the_three_characters_are_escaped() -> None:
    assert escape("a & b < c > d \"e\" 'f' *g*") == "a &amp; b &lt; c &gt; d \"e\" 'f' *g*"


def test_text_that_is_ready_is_not_escaped_again() -> None:
    assert escape(escape("R&D")) == "R&amp;D"
    assert render(plain("R&D", 10), 10) == "R&amp;D"
    assert render(words(plain("R&D", 10), " & co"), 40) == "R&amp;D &amp; co"


def test_what_a_customer_typed_as_an_entity_stays_what_was_typed() -> None:
    assert read(escape("&lt;!channel&gt;")) == "&lt;!channel&gt;"


@pytest.mark.parametrize("make", [escape, bold, quote, lambda text: link("https://x.example", text)])
def test_no_words_of_a_customer_become_a_mention_or_a_link(make) -> None:
    made = make(EVIL)
    sent = render(made if isinstance(made, Words) else words(made), 3000)
    assert "<!" not in sent
    assert "<@" not in sent
    assert "<https://evil" not in sent


@pytest.mark.parametrize(
    ("made", "sent"),
    [
        (bold("R&D"), "*R&amp;D*"),
        (person("U0ANA00001"), "<@U0ANA00001>"),
        (person("!channel"), "!channel"),
        (person("U1> <!here"), "U1&gt; &lt;!here"),
        (channel("C0HELP0001"), "<#C0HELP0001>"),
        (link("https://x.example/a?b=1&c=2", "the | page"), "<https://x.example/a?b=1&amp;c=2|the page>"),
        (link("javascript:alert(1)", "page"), "page"),
        (link("https://x.example/|<!here>", "other page"), "other page"),
        (moment(datetime(2026, 11, 22, 3, 14, tzinfo=UTC), "03:14 UTC"), "<!date^1795317240^{time}|03:14 UTC>"),
    ],
)
def test_markup_comes_from_our_functions_only(made, sent) -> None:
    assert render(words(made), 3000) == sent


def test_a_quote_sets_every_line_apart() -> None:
    assert render(quote("it is\ndown > up"), 100) == "> it is\n> down &gt; up"


def test_lines_stand_below_each_other() -> None:
    assert render(joined(["a", words(bold("b")), "c"]), 100) == "a\n*b*\nc"


def test_nothing_is_said_as_a_dash_for_slack_refuses_empty_texts() -> None:
    assert plain("", 10) == plain("  \n ", 10) == render(quote(""), 10) == plain("\x00\u202e", 10) == "–"


def test_what_cannot_be_seen_is_left_out() -> None:
    assert plain("a\x00b\u202ec\ud800d\ne\tf", 20) == "abcd\ne\tf"


def test_a_long_text_is_cut_and_says_so() -> None:
    assert plain("x" * 5000, 3000) == "x" * 2999 + "…"
    assert plain("x" * 3000, 3000) == "x" * 3000


def test_an_escape_or_a_mention_is_never_cut_in_the_middle() -> None:
    assert plain("&" * 10, 12) == "&amp;&amp;…"
    assert render(words("abc ", person("U0ANA00001")), 10) == "abc…"
    assert render(words(bold("abcdef")), 6) == "*abc*…"
    assert render(Markdown("abc <@U0ANA00001> def"), 12) == "abc…"
    assert render(Markdown("ab&amp;cdefg"), 6) == "ab…"


def test_characters_that_count_twice_for_slack_count_twice() -> None:
    assert size(plain("😀" * 100, 151)) <= 151


@given(st.lists(st.text() | st.builds(bold, st.text()) | st.just(person("U0ANA00001"))), st.integers(1, 60))
def test_any_words_at_any_length_are_within_it_and_harmless(parts, limit) -> None:
    sent = render(Words(tuple(parts)), limit)
    assert 1 <= size(sent) <= limit
    assert re.sub(r"<@U0ANA00001>", "", sent).count("<") == 0
    assert re.fullmatch(r"([^&]|&(amp|lt|gt);)*", sent, re.DOTALL)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"])))
def test_what_was_escaped_is_read_back_as_it_was(text) -> None:
    assert read(escape(text)) == text


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("<@U0ANA00001|ana> R&amp;D is &lt;down&gt;", "@ana R&D is <down>"),
        ("<@U0ANA00001>", "@U0ANA00001"),
        ("in <#C0HELP0001|help>", "in #help"),
        ("<!channel> <!subteam^S1|@support> <!subteam^S2>", "@channel @support @S2"),
        ("<https://x.example/a?b=1&amp;c=2>", "https://x.example/a?b=1&c=2"),
        ("<https://x.example|x.example>", "x.example (https://x.example)"),
        ("<mailto:erik@acme.example|erik@acme.example>", "erik@acme.example"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_what_a_person_wrote_in_slack_is_read_in_plain_words(written, understood) -> None:
    assert read(written) == understood
