"""Would Slack take this button, menu or input?

Must not look at blocks: `blocks` does.
"""

from collections.abc import Callable, Mapping
from typing import Any

from oncallbot.emulators.slack.shapes import Node

SELECTS = frozenset(
    {
        *("static_select", "external_select", "users_select", "conversations_select", "channels_select"),
        *("multi_static_select", "multi_external_select", "multi_users_select"),
        *("multi_conversations_select", "multi_channels_select"),
    }
)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOICES = frozenset({"checkboxes", "radio_buttons"})
INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"})
IN_ACTIONS = frozenset({"button", "overflow", "workflow_button"}) | SELECTS | PICKERS | CHOICES | {"rich_text_input"}
IN_SECTIONS = frozenset({"button", "overflow", "image", "workflow_button"}) | SELECTS | CHOICES | PICKERS
IN_INPUTS = INPUTS | SELECTS | PICKERS | CHOICES | {"file_input"}
STYLES = ("primary", "danger")


def of_block(block: Any) -> list[dict[str, Any]]:
    """The interactive elements of a block."""
    if not isinstance(block, dict):
        return []
    many = block.get("elements") if block.get("type") == "actions" else None
    one = {"section": block.get("accessory"), "input": block.get("element")}.get(str(block.get("type")))
    found = many if isinstance(many, list) else [one]
    return [each for each in found if isinstance(each, dict) and each.get("type") != "image"]


def check_context(node: Node) -> None:
    if node.value.get("type") == "image":
        _image(node)
    else:
        node.is_text(3000)


def check(node: Node, allowed: frozenset[str]) -> None:
    if not node.is_object():
        return
    kind = node.kind
    if kind not in allowed:
        node.complain(f"unsupported type: {kind}")
        return
    node.limit("action_id", 255)
    if kind != "image" and "action_id" in node.value and not node.value["action_id"]:
        node.child("action_id").complain("must be more than 0 characters")
    node.text("placeholder", 150, plain=True, required=False)
    _confirm(node)
    if kind in CHECKS:
        CHECKS[kind](node)
    elif kind in SELECTS:
        _select(node)


def _confirm(node: Node) -> None:
    if "confirm" not in node.value:
        return
    confirm = node.child("confirm")
    if confirm.is_object():
        confirm.known(("title", "text", "confirm", "deny", "style"))
        confirm.text("title", 100, plain=True)
        confirm.text("text", 300)
        confirm.text("confirm", 30, plain=True)
        confirm.text("deny", 30, plain=True)
        _style(confirm)


def _style(node: Node) -> None:
    if "style" in node.value and node.value["style"] not in STYLES:
        node.child("style").complain(f"must be one of {', '.join(STYLES)}")


def _button(node: Node) -> None:
    node.known(("type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label"))
    node.text("text", 75, plain=True)
    node.limit("value", 2000)
    node.limit("url", 3000)
    node.limit("accessibility_label", 75)
    _style(node)


def _image(node: Node) -> None:
    node.known(("type", "image_url", "alt_text", "slack_file"))
    node.limit("alt_text", 2000, required=True)
    if "slack_file" not in node.value:
        node.limit("image_url", 3000, required=True)


def _option(node: Node, plain: bool = True) -> None:
    node.known(("text", "value", "description", "url"))
    node.text("text", 75, plain=plain)
    node.text("description", 75, plain=plain, required=False)
    node.limit("value", 75, required=True)
    node.limit("url", 3000)


def _options(node: Node, name: str, least: int, most: int, plain: bool = True) -> None:
    for option in node.children(name, least, most):
        _option(option, plain)


def _select(node: Node) -> None:
    if not node.value["type"].endswith("static_select"):
        return
    if ("options" in node.value) == ("option_groups" in node.value):
        node.complain("must provide exactly one of options and option_groups")
    elif "options" in node.value:
        _options(node, "options", 1, 100)
        _initial(node)
    else:
        for group in node.children("option_groups", 1, 100):
            group.text("label", 75, plain=True)
            _options(group, "options", 1, 100)


def _initial(node: Node) -> None:
    initial = node.value.get("initial_option")
    many = node.value.get("initial_options", [])
    wanted = ([initial] if initial else []) + (many if isinstance(many, list) else [])
    if any(each not in node.value["options"] for each in wanted):
        node.complain("initial option must exactly match one of the options")


def _overflow(node: Node) -> None:
    _options(node, "options", 1, 5)


def _choices(node: Node) -> None:
    _options(node, "options", 1, 10, plain=False)
    if isinstance(node.value.get("options"), list):
        _initial(node)


def _plain_input(node: Node) -> None:
    node.known(
        "type action_id initial_value multiline min_length max_length dispatch_action_config focus_on_load "
        "placeholder".split()
    )
    for name in ("min_length", "max_length"):
        value = node.value.get(name)
        if value is not None and not (isinstance(value, int) and 0 <= value <= 3000):
            node.child(name).complain("must be a number from 0 to 3000")
    initial, most = node.value.get("initial_value"), node.value.get("max_length") or 3000
    if isinstance(initial, str) and len(initial) > most:
        node.child("initial_value").complain(f"must be less than {most + 1} characters")


def _number_input(node: Node) -> None:
    if "is_decimal_allowed" not in node.value:
        node.complain("missing required field: is_decimal_allowed")


CHECKS: Mapping[str, Callable[[Node], None]] = {
    "button": _button,
    "image": _image,
    "overflow": _overflow,
    "checkboxes": _choices,
    "radio_buttons": _choices,
    "plain_text_input": _plain_input,
    "number_input": _number_input,
}
