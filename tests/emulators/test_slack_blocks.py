"""Block Kit's limits: at the limit it is taken, one over it is refused with a pointer to the place."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.emulators.slack.blocks import check_blocks, check_view
from oncallbot.emulators.slack.posting import complete
from oncallbot.emulators.slack.render import labels, words

from .workspace import BUTTON, ON_CALL, Slack, actions, field, modal, section


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return actions(BUTTON | more)


def select(count: int = 1, text: str = "x", value: str = "v") -> dict[str, Any]:
    options = [{"text": plain(text), "value": f"{value}{n}"[-max(len(value), 4) :]} for n in range(count)]
    return {"type": "static_select", "action_id": "choose", "options": options}


def choose(**more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain("x"), "element": select(**more)}


def confirm(**more: str) -> dict[str, Any]:
    words = {"title": "t", "text": "t", "confirm": "t", "deny": "t"} | more
    return button(confirm={name: plain(text) for name, text in words.items()})


def many(count: int) -> list[dict[str, Any]]:
    return [BUTTON | {"action_id": f"a{n}"} for n in range(count)]


NAMES = "type text elements element accessory options label action_id block_id fields confirm value blocks".split()
# What is allowed, and the same with one too many.
MESSAGES: dict[str, tuple[list[Any], list[Any]]] = {
    "50 blocks": ([section()] * 50, [section()] * 51),
    "section 3000": ([section("x" * 3000)], [section("x" * 3001)]),
    "header 150": (
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "header", "text": plain("x" * 151)}],
    ),
    "header plain": ([{"type": "header", "text": plain("x")}], [{"type": "header", "text": mrkdwn("x")}]),
    "10 fields": (
        [{"type": "section", "fields": [mrkdwn("x")] * 10}],
        [{"type": "section", "fields": [mrkdwn("x")] * 11}],
    ),
    "button 75": ([button(text=plain("x" * 75))], [button(text=plain("x" * 76))]),
    "button plain": ([button()], [button(text=mrkdwn("x"))]),
    "value 2000": ([button(value="x" * 2000)], [button(value="x" * 2001)]),
    "action id 255": ([button(action_id="x" * 255)], [button(action_id="x" * 256)]),
    "action ids differ": ([actions(*many(2))], [actions(BUTTON, BUTTON)]),
    "block ids differ": ([section(), section()], [actions(), actions()]),
    "block id 255": ([section() | {"block_id": "x" * 255}], [section() | {"block_id": "x" * 256}]),
    "25 actions": ([actions(*many(25))], [actions(*many(26))]),
    "10 in context": (
        [{"type": "context", "elements": [mrkdwn("x")] * 10}],
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
    ),
    "style": ([button(style="danger")], [button(style="loud")]),
    "text not blank": ([section("x")], [section("")]),
    "confirm title 100": ([confirm(title="x" * 100)], [confirm(title="x" * 101)]),
    "confirm text 300": ([confirm(text="x" * 300)], [confirm(text="x" * 301)]),
    "confirm button 30": ([confirm(deny="x" * 30)], [confirm(deny="x" * 31)]),
    "100 options": ([actions(select(100))], [actions(select(101))]),
    "option text 75": ([actions(select(text="x" * 75))], [actions(select(text="x" * 76))]),
    "option value 75": ([actions(select(value="x" * 75))], [actions(select(value="x" * 76))]),
    "known blocks": ([{"type": "divider"}], [{"type": "banner"}]),
    "known fields": ([section()], [section() | {"colour": "red"}]),
    "input only in views": ([section()], [field()]),
}
VIEWS: dict[str, tuple[Any, Any]] = {
    "100 blocks": (modal(*[section()] * 100), modal(*[section()] * 101)),
    "title 24": (modal(title=plain("x" * 24)), modal(title=plain("x" * 25))),
    "submit 24": (modal(submit=plain("x" * 24)), modal(submit=plain("x" * 25))),
    "close 24": (modal(close=plain("x" * 24)), modal(close=plain("x" * 25))),
    "private metadata 3000": (modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001)),
    "callback id 255": (modal(callback_id="x" * 255), modal(callback_id="x" * 256)),
    "label 2000": (modal(field() | {"label": plain("x" * 2000)}), modal(field() | {"label": plain("x" * 2001)})),
    "hint 2000": (modal(field() | {"hint": plain("x" * 2000)}), modal(field() | {"hint": plain("x" * 2001)})),
    "placeholder 150": (modal(field(placeholder=plain("x" * 150))), modal(field(placeholder=plain("x" * 151)))),
    "known fields": (modal(), modal(colour="red")),
    "no buttons in inputs": (modal(), modal(field() | {"element": BUTTON})),
    "initial option is an option": (
        modal(choose() | {"element": select(2) | {"initial_option": select(2)["options"][1]}}),
        modal(choose() | {"element": select(2) | {"initial_option": {"text": plain("other"), "value": "o"}}}),
    ),
}


@pytest.mark.parametrize("limit", MESSAGES)
def test_a_message_is_taken_at_the_limit_and_refused_over_it(limit: str) -> None:
    allowed, over = MESSAGES[limit]
    assert check_blocks(allowed) == []
    assert check_blocks(over) != []


@pytest.mark.parametrize("limit", VIEWS)
def test_a_view_is_taken_at_the_limit_and_refused_over_it(limit: str) -> None:
    allowed, over = VIEWS[limit]
    assert check_view(allowed) == []
    assert check_view(over) != []


@pytest.fixture(scope="session")
def schema(shared_data: Path) -> Any:
    return json.loads((shared_data / "slack" / "blockkit.schema.json").read_text())


def official(schema: Any, definition: str, document: Any) -> bool:
    validator = jsonschema.Draft7Validator({**schema, "$ref": f"#/definitions/{definition}"})
    return validator.is_valid(document)


@pytest.mark.parametrize("limit", MESSAGES)
def test_slacks_own_schema_takes_what_we_take(schema: Any, limit: str) -> None:
    assert official(schema, "Blocks", MESSAGES[limit][0])


@pytest.mark.parametrize("limit", list(VIEWS))
def test_slacks_own_schema_takes_the_views_that_we_take(schema: Any, limit: str) -> None:
    assert official(schema, "ModalView", VIEWS[limit][0])


# What Slack's schema cannot say: that ids differ, and that no input stands in a message.
UNSAID = {"action ids differ", "block ids differ", "input only in views", "option value 75"}


@pytest.mark.parametrize("limit", sorted(set(MESSAGES) - UNSAID))
def test_slacks_own_schema_refuses_what_we_refuse(schema: Any, limit: str) -> None:
    assert not official(schema, "Blocks", MESSAGES[limit][1])


@pytest.mark.parametrize("limit", sorted(set(VIEWS) - {"initial option is an option"}))
def test_slacks_own_schema_refuses_the_views_that_we_refuse(schema: Any, limit: str) -> None:
    assert not official(schema, "ModalView", VIEWS[limit][1])


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | st.sampled_from(["", "x", "section", "plain_text", "button"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """A good document with one place overwritten."""
    if isinstance(whole, dict) and whole and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(whole)))
        return whole | {name: draw(damaged(whole[name]))}
    if isinstance(whole, list) and whole and draw(st.booleans()):
        place = draw(st.integers(0, len(whole) - 1))
        return [*whole[:place], draw(damaged(whole[place])), *whole[place + 1 :]]
    return draw(ODD)


GOOD = modal(section(), confirm(), choose(count=2), field(), {"type": "context", "elements": [mrkdwn("x")]})


@given(damaged(GOOD))
def test_whatever_is_sent_is_judged_and_what_is_taken_can_be_stored(view: Any) -> None:
    if not check_view(view):
        complete(view["blocks"])
        words(view["blocks"])
        labels(complete(view["blocks"]))
    blocks = view.get("blocks") if isinstance(view, dict) else view
    check_blocks(blocks)


def test_a_refusal_points_to_the_place(slack: Slack) -> None:
    said = slack.form("chat.postMessage", channel=ON_CALL, text="x", blocks=[section(), section("x" * 3001)])
    complaint = "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    assert (said["error"], said["errors"]) == ("invalid_blocks", [complaint])
    assert said["response_metadata"]["messages"] == [f"[ERROR] {complaint}"]
    assert slack.codes() == ["invalid_blocks"]
    assert slack.messages(ON_CALL) == []


def test_blocks_that_are_no_list_are_refused_by_another_name(slack: Slack) -> None:
    for blocks in ("{", '"text"', {"type": "section"}):
        assert slack.error("chat.postMessage", channel=ON_CALL, text="x", blocks=blocks) == "invalid_blocks_format"


def test_a_view_with_inputs_needs_a_submit_button() -> None:
    assert check_view(modal(submit=None)) == ["missing required field: submit [json-pointer:/view]"]
    assert check_view(modal(section(), submit=None)) == []
