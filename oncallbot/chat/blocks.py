"""How does Slack want a message or a modal? Small records in, Block Kit JSON out, every limit kept by cutting.

It must not refuse anything for its length: a page that is cut is a page, a page that is refused is silence.
Limits: https://docs.slack.dev/reference/block-kit (checked 2026-11), the same as in the official schema.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from oncallbot.chat.texts import ELLIPSIS, Markdown, Words, plain, render

Json = dict[str, Any]

MOST_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
_MOST_BUTTONS = 25
_MOST_ITEMS = 10
_MOST_OPTIONS = 100
_WHILE_WRITING = ("on_enter_pressed", "on_character_entered")

HEADER = 150
SECTION = 3000
FIELD = 2000
BUTTON = 75
VALUE = 2000
OPTION = 75
ID = 255
PLACEHOLDER = 150
TEXT = 4000  # of `chat.update`; a post may have more, but the card is updated in place
PRIVATE_METADATA = 3000
TITLE = 24


@dataclass(frozen=True, slots=True)
class Confirm:
    """The question asked before a button acts."""

    title: str
    question: str
    yes: str
    no: str = "Cancel"


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `value` comes back with the click; a `url` opens as well, and must be clickable without effect."""

    action_id: str
    text: str
    value: str = ""
    style: Literal["primary", "danger"] | None = None
    confirm: Confirm | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """One large line."""

    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """Words, with a button at their side perhaps."""

    words: str | Words
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """Up to ten short texts in two columns."""

    items: tuple[str | Words, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Up to ten small grey texts."""

    items: tuple[str | Words, ...]


@dataclass(frozen=True, slots=True)
class Actions:
    """A row of up to 25 buttons with different action ids. Without any, no block is made."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line."""


@dataclass(frozen=True, slots=True)
class TextInput:
    """Written words. `initial` is shown as it is: nothing in it is parsed."""

    action_id: str
    initial: str = ""
    placeholder: str = ""
    multiline: bool = False
    longest: int = SECTION


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: what is read, and the value that comes back (75 characters at most, else it comes back cut)."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of up to 100 options; `initial` is a value."""

    action_id: str
    options: tuple[Option, ...]
    initial: str | None = None
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class PersonInput:
    """One member of the workspace; `initial` is a user id."""

    action_id: str
    initial: str | None = None
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class MomentInput:
    """An instant, chosen in the reader's own zone."""

    action_id: str
    initial: datetime | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """A labelled question of a modal. Its answer is at `state.values[block_id][element.action_id]`.

    One that `dispatches` tells us of each change as of a click, also while somebody writes.
    """

    block_id: str
    label: str
    element: TextInput | Choice | PersonInput | MomentInput
    optional: bool = False
    hint: str = ""
    dispatches: bool = False


Block = Header | Section | Fields | Context | Actions | Divider | Input


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be posted: the fallback (what notifications and screen readers say) and the blocks."""

    text: Markdown
    blocks: tuple[Json, ...] = ()


def message(text: str | Words, blocks: Sequence[Block] = ()) -> Message:
    """The message within every limit. Of too many blocks the middle is left out: header and buttons stay."""
    return Message(render(text, TEXT), _all(blocks, MOST_BLOCKS))


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    submit: str = "",
    private_metadata: str = "",
    close: str = "Cancel",
) -> Json:
    """A modal view; one without questions may leave `submit` out: it can only be closed then.

    `private_metadata` should hold ids, far below its limit.
    """
    if not submit and any(isinstance(block, Input) for block in blocks):
        submit = "OK"  # Slack refuses questions that cannot be sent
    view: Json = {
        "type": "modal",
        "callback_id": callback_id[:ID],
        "title": _plain(title, TITLE),
        "close": _plain(close, TITLE),
        "blocks": list(_all(blocks, MOST_VIEW_BLOCKS)),
        "private_metadata": private_metadata[:PRIVATE_METADATA],
    }
    if submit:
        view["submit"] = _plain(submit, TITLE)
    return view


def home(blocks: Sequence[Block]) -> Json:
    """A home tab's view."""
    return {"type": "home", "blocks": list(_all(blocks, MOST_VIEW_BLOCKS))}


def to_json(block: Block) -> Json:
    """One block as Slack wants it."""
    match block:
        case Header(text):
            return {"type": "header", "text": _plain(text, HEADER)}
        case Section(words, button):
            section: Json = {"type": "section", "text": _markdown(words, SECTION)}
            return section | ({"accessory": _button(button)} if button else {})
        case Fields(items):
            return {"type": "section", "fields": [_markdown(item, FIELD) for item in _most(items, _MOST_ITEMS)]}
        case Context(items):
            return {"type": "context", "elements": [_markdown(item, SECTION) for item in _most(items, _MOST_ITEMS)]}
        case Actions(buttons):
            first_of = {button.action_id: button for button in reversed(buttons)}  # Slack refuses two of one id
            shown = [button for button in buttons if first_of[button.action_id] is button]
            return {"type": "actions", "elements": [_button(button) for button in shown[:_MOST_BUTTONS]]}
        case Divider():
            return {"type": "divider"}
        case Input():
            return _input(block)


def _all(blocks: Sequence[Block], most: int) -> tuple[Json, ...]:
    shown = [block for block in blocks if not isinstance(block, Actions) or block.buttons]
    if len(shown) > most:
        shown = [*shown[: most - 2], Context((ELLIPSIS,)), shown[-1]]
    return tuple(to_json(block) for block in shown)


def _most(items: tuple[str | Words, ...], most: int) -> tuple[str | Words, ...]:
    """At least one, at most that many, the last one saying that there was more."""
    if len(items) > most:
        return (*items[: most - 1], ELLIPSIS)
    return items or ("",)


def _input(block: Input) -> Json:
    made: Json = {
        "type": "input",
        "block_id": block.block_id[:ID],
        "label": _plain(block.label, FIELD),
        "element": _element(block.element),
        "optional": block.optional,
    }
    if block.dispatches:
        made["dispatch_action"] = True
        if isinstance(block.element, TextInput):
            made["element"]["dispatch_action_config"] = {"trigger_actions_on": list(_WHILE_WRITING)}
    return made | ({"hint": _plain(block.hint, FIELD)} if block.hint else {})


def _element(element: TextInput | Choice | PersonInput | MomentInput) -> Json:
    made: Json = {"action_id": element.action_id[:ID]}
    match element:
        case TextInput():
            longest = min(max(element.longest, 1), SECTION)
            made |= {"type": "plain_text_input", "multiline": element.multiline, "max_length": longest}
            made |= {"initial_value": element.initial[:longest]} if element.initial else {}
        case Choice():
            options = [_option(option) for option in element.options[:_MOST_OPTIONS]] or [_option(Option("", "none"))]
            made |= {"type": "static_select", "options": options}
            first = [one for one in options if one["value"] == element.initial]
            made |= {"initial_option": first[0]} if first else {}
        case PersonInput():
            made |= {"type": "users_select"} | ({"initial_user": element.initial} if element.initial else {})
        case MomentInput():
            made |= {"type": "datetimepicker"}
            return made | ({"initial_date_time": int(element.initial.timestamp())} if element.initial else {})
    return made | ({"placeholder": _plain(element.placeholder, PLACEHOLDER)} if element.placeholder else {})


def _option(option: Option) -> Json:
    return {"text": _plain(option.text, OPTION), "value": option.value[:OPTION]}


def _button(button: Button) -> Json:
    made: Json = {"type": "button", "action_id": button.action_id[:ID], "text": _plain(button.text, BUTTON)}
    if button.value:
        made["value"] = button.value[:VALUE]
    if button.style:
        made["style"] = button.style
    if button.url:
        made["url"] = button.url
    if button.confirm:
        made["confirm"] = {
            "title": _plain(button.confirm.title, 100),
            "text": _plain(button.confirm.question, 300),
            "confirm": _plain(button.confirm.yes, 30),
            "deny": _plain(button.confirm.no, 30),
        }
    return made


def _plain(text: str, limit: int) -> Json:
    return {"type": "plain_text", "text": plain(" ".join(text.split()), limit)}


def _markdown(text: str | Words, limit: int) -> Json:
    """`verbatim`: else Slack would make links and mentions of what merely looks like one."""
    return {"type": "mrkdwn", "text": render(text, limit), "verbatim": True}
