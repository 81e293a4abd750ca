"""Whatever the words, Block Kit's own schema and limits hold: cut, never refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oncallbot.chat.blocks import (
    Actions,
    Block,
    Button,
    Choice,
    Confirm,
    Context,
    Divider,
    Fields,
    Header,
    Input,
    MomentInput,
    Option,
    PersonInput,
    Section,
    TextInput,
    home,
    message,
    modal,
    to_json,
)
from oncallbot.chat.card import Card, to_card
from oncallbot.chat.texts import bold, quote, table, words

EVIL = "<!channel> <@U0ANA00001> R&D & " * 200
ACKNOWLEDGE = Button("acknowledge", "Acknowledge", "AH-1042", "primary")


@pytest.fixture(scope="module")
def kit(shared_data: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((shared_data / "slack" / "blockkit.schema.json").read_text())
    return schema


def check(kit: dict[str, Any], definition: str, made: Any) -> None:
    jsonschema.Draft7Validator({"$ref": f"#/definitions/{definition}", **kit}).validate(made)


def texts_of(made: Any) -> list[str]:
    """Every string that Slack reads as text."""
    if isinstance(made, dict):
        own = [made["text"]] if made.get("type") in ("mrkdwn", "plain_text") else []
        return own + [text for value in made.values() for text in texts_of(value)]
    if isinstance(made, list | tuple):
        return [text for value in made for text in texts_of(value)]
    return []


def all_blocks(text: str) -> list[Block]:
    button = Button(text, text, text, "danger", Confirm(text, text, text, text))
    return [
        Header(text),
        Section(text, button),
        Section(words(bold(text), quote(text).parts[0] if text.splitlines() else "")),
        Section(words(table((text, text)))),
        Fields((text,) * 12),
        Context((text,) * 12),
        Actions(tuple(Button(f"{number}{text}", text, text) for number in range(30))),
        Divider(),
    ]


def all_inputs(text: str) -> list[Block]:
    options = tuple(Option(text, f"{number}{text}") for number in range(120))
    return [
        Input("a", text, TextInput("a", text, text, multiline=True), optional=True, hint=text, dispatches=True),
        Input("b", text, Choice("b", options, placeholder=text)),
        Input("c", text, PersonInput("c", "U0ANA00001", text)),
        Input("d", text, MomentInput("d", datetime(2026, 11, 22, 3, 0, tzinfo=UTC))),
    ]


@pytest.mark.parametrize("text", ["AH-1042", EVIL, "&" * 5000, "😀" * 5000, "", "\n", "x" * 5000])
def test_every_block_keeps_to_slacks_schema_whatever_its_words(kit, text) -> None:
    for block in all_blocks(text) + all_inputs(text):
        check(kit, "KnownBlock", to_json(block))
    check(kit, "Blocks", list(message(text, all_blocks(text)).blocks))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(text=st.text(max_size=400))
def test_any_words_make_a_message_and_a_modal_that_slack_takes(kit, text) -> None:
    check(kit, "Blocks", list(message(text, all_blocks(text)).blocks))
    check(kit, "ModalView", modal(text, text, all_inputs(text), text, text))
    check(kit, "HomeView", home(all_blocks(text)))


def test_no_words_of_a_customer_are_markup_anywhere(kit) -> None:
    made = [to_json(block) for block in all_blocks(EVIL) + all_inputs(EVIL)]
    assert texts_of(made)
    for text in texts_of([*made, modal(EVIL, EVIL, all_inputs(EVIL), EVIL)]):
        assert "<" not in text
        assert "&amp;amp;" not in text


def test_what_merely_looks_like_a_mention_is_not_made_one_by_slack() -> None:
    assert to_json(Section("@channel #general www.example.com"))["text"]["verbatim"] is True


@pytest.mark.parametrize(("block", "length"), [(Header("x" * 999), 150), (Section("x" * 9999), 3000)])
def test_a_text_may_be_as_long_as_slack_allows(block, length) -> None:
    assert len(to_json(block)["text"]["text"]) == length


def test_a_button_has_75_characters_and_a_value_2000() -> None:
    made = to_json(Actions((Button("a" * 300, "x" * 100, "v" * 3000),)))["elements"][0]
    assert (len(made["text"]["text"]), len(made["value"]), len(made["action_id"])) == (75, 2000, 255)


def test_an_option_has_75_characters_and_so_has_its_value(kit) -> None:
    made = to_json(Input("b", "x", Choice("b", (Option("x" * 100, "v" * 100),), initial="v" * 75)))
    option = made["element"]["options"][0]
    assert (len(option["text"]["text"]), len(option["value"])) == (75, 75)
    assert made["element"]["initial_option"] == option


def test_a_question_that_dispatches_tells_of_each_letter() -> None:
    made = to_json(Input("b", "x", TextInput("b"), dispatches=True))
    assert made["dispatch_action"] is True
    assert "on_character_entered" in made["element"]["dispatch_action_config"]["trigger_actions_on"]


def test_a_table_cannot_be_ended_by_what_stands_in_it() -> None:
    assert to_json(Section(words(table(("a```b", "c")))))["text"]["text"] == "```\na'''b\nc\n```"


def test_a_choice_without_options_is_still_one_that_slack_takes(kit) -> None:
    check(kit, "KnownBlock", to_json(Input("b", "x", Choice("b", ()))))


def test_a_modal_has_24_characters_of_title_and_3000_of_metadata_and_100_blocks() -> None:
    made = modal("resolve", "t" * 99, [Divider()] * 150, "s" * 99, "m" * 4000, "c" * 99)
    assert [len(made[name]["text"]) for name in ("title", "submit", "close")] == [24, 24, 24]
    assert len(made["private_metadata"]) == 3000
    assert len(made["blocks"]) == 100


def test_a_modal_with_questions_can_always_be_sent() -> None:
    assert "submit" in modal("note", "Note", [Input("a", "Note", TextInput("a"))])
    assert "submit" not in modal("help", "Help", [Divider()])


def test_of_too_many_blocks_the_header_and_the_buttons_stay() -> None:
    blocks: list[Block] = [
        Header("AH-1042"),
        *[Section(f"line {number}") for number in range(80)],
        Actions((ACKNOWLEDGE,)),
    ]
    made = message("AH-1042", blocks).blocks
    assert len(made) == 50
    assert (made[0]["type"], made[-1]["type"]) == ("header", "actions")
    assert made[-2]["elements"][0]["text"] == "…"


def test_of_two_buttons_with_one_id_the_first_stays() -> None:
    made = to_json(Actions((ACKNOWLEDGE, Button("pass", "Pass on"), Button("acknowledge", "Take it"))))
    assert [one["text"]["text"] for one in made["elements"]] == ["Acknowledge", "Pass on"]


def test_a_row_without_buttons_is_left_out() -> None:
    assert message("x", [Header("x"), Actions(())]).blocks == (to_json(Header("x")),)


def test_a_message_always_has_a_text_of_at_most_4000_characters() -> None:
    assert message("", []).text == "–"
    assert len(message("&" * 5000, []).text) <= 4000


def test_a_card_shows_its_state_in_words_in_header_and_text(kit) -> None:
    made = to_card(
        Card(
            header="AH-1042 · Acme (gold) · waiting for Ana",
            lines=("Phone call, 03:09", words("Level 2 of 3 · ", bold("Ben"), " next at 03:14")),
            quote="the site is down\nplease call",
            footer="promise 03:25",
            buttons=(ACKNOWLEDGE, Button("pass", "Pass on", "AH-1042")),
        )
    )
    check(kit, "Blocks", list(made.blocks))
    assert made.text.startswith("AH-1042 · Acme (gold) · waiting for Ana\nPhone call, 03:09")
    assert [block["type"] for block in made.blocks] == ["header", "section", "section", "context", "actions"]
    assert made.blocks[2]["text"]["text"] == "> the site is down\n> please call"


def test_a_cards_fallback_says_what_it_is_told_to() -> None:
    assert to_card(Card("AH-1042", fallback="AH-1042 Acme: waiting for Ana")).text == "AH-1042 Acme: waiting for Ana"


def test_a_card_once_resolved_has_no_buttons() -> None:
    assert [block["type"] for block in to_card(Card("AH-1042 · resolved")).blocks] == ["header"]


def test_a_card_of_5000_evil_characters_comes_out_harmless(kit) -> None:
    made = to_card(Card(EVIL, (EVIL, EVIL), EVIL, EVIL, (ACKNOWLEDGE,)))
    check(kit, "Blocks", list(made.blocks))
    assert "<" not in made.text
    assert all("<" not in text for text in texts_of(made.blocks))
    assert made.blocks[-1]["elements"][0]["text"]["text"] == "Acknowledge"
