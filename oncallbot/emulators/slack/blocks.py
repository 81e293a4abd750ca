"""Would Slack take these blocks?

Must not know what they are for: a list of complaints in Slack's words, empty if all is well. Our own reading of
https://docs.slack.dev/reference/block-kit (checked November 2026).
"""

import json
from collections import Counter
from typing import Any

from oncallbot.emulators.slack import elements
from oncallbot.emulators.slack.records import Blocks
from oncallbot.emulators.slack.shapes import Complaints, Node

MOST_IN_MESSAGE, MOST_IN_VIEW, MOST_VIEW_BYTES = 50, 100, 250_000
IN_MESSAGES = frozenset("actions context divider header image markdown rich_text section video table".split())
IN_VIEWS = frozenset("actions context divider header image input rich_text section video".split())
SURFACES = {"message": IN_MESSAGES, "modal": IN_VIEWS, "home": IN_VIEWS}


def check_blocks(blocks: Any, surface: str = "message", where: str = "/blocks") -> list[str]:
    """`surface`: message, modal or home."""
    found: Complaints = []
    node = Node(found, where, blocks)
    most = MOST_IN_MESSAGE if surface == "message" else MOST_IN_VIEW
    if not node.is_list(0, most):
        return found
    for index, block in enumerate(blocks):
        _check_block(Node(found, f"{where}/{index}", block), surface)
    _check_unique(found, blocks, where)
    return found


def _check_block(node: Node, surface: str) -> None:
    if not node.is_object():
        return
    kind = node.kind
    if kind not in SURFACES[surface]:
        node.complain(f"unsupported type: {kind}")
        return
    node.limit("block_id", 255)
    match kind:
        case "section":
            _section(node)
        case "header":
            node.known("type block_id text level".split())
            node.text("text", 150, plain=True)
        case "context":
            node.known("type block_id elements".split())
            for each in node.children("elements", 1, 10):
                elements.check_context(each)
        case "actions":
            node.known("type block_id elements".split())
            for each in node.children("elements", 1, 25):
                elements.check(each, elements.IN_ACTIONS)
        case "input":
            _input(node)
        case "image":
            node.limit("alt_text", 2000, required=True)
            node.limit("image_url", 3000)
            node.text("title", 2000, plain=True, required=False)
        case "markdown":
            node.limit("text", 12_000, required=True)
        case "divider":
            node.known("type block_id".split())
        case _:
            pass


def _section(node: Node) -> None:
    node.known("type block_id text fields accessory expand".split())
    if "text" not in node.value and "fields" not in node.value:
        node.complain("missing required field: text")
    node.text("text", 3000, required=False)
    if "fields" in node.value:
        for each in node.children("fields", 1, 10):
            each.is_text(2000)
    if "accessory" in node.value:
        elements.check(node.child("accessory"), elements.IN_SECTIONS)


def _input(node: Node) -> None:
    node.known("type block_id label element dispatch_action hint optional".split())
    node.text("label", 2000, plain=True)
    node.text("hint", 2000, plain=True, required=False)
    if "element" not in node.value:
        node.complain("missing required field: element")
    else:
        elements.check(node.child("element"), elements.IN_INPUTS)


def _check_unique(found: Complaints, blocks: Any, where: str) -> None:
    ids = Counter(str(block["block_id"]) for block in blocks if isinstance(block, dict) and block.get("block_id"))
    found.extend(f"`block_id` already exists: {id} [json-pointer:{where}]" for id, count in ids.items() if count > 1)
    for index, block in enumerate(blocks):
        actions = Counter(str(element["action_id"]) for element in elements.of_block(block) if element.get("action_id"))
        for id, count in actions.items():
            if count > 1:
                found.append(f"`action_id` already exists: {id} [json-pointer:{where}/{index}]")


def check_view(view: Any) -> list[str]:
    """A modal or a home tab."""
    found: Complaints = []
    node = Node(found, "/view", view)
    if not node.is_object():
        return found
    kind = node.kind
    if kind not in ("modal", "home"):
        node.complain(f"unsupported type: {kind}")
        return found
    common = ["type", "blocks", "private_metadata", "callback_id", "external_id"]
    modal = ["title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"]
    node.known(common + (modal if kind == "modal" else []))
    node.limit("private_metadata", 3000)
    node.limit("callback_id", 255)
    node.limit("external_id", 255)
    if kind == "modal":
        node.text("title", 24, plain=True)
        node.text("submit", 24, plain=True, required=False)
        node.text("close", 24, plain=True, required=False)
    blocks = view.get("blocks")
    if blocks is None:
        node.complain("missing required field: blocks")
        return found
    found.extend(check_blocks(blocks, kind, "/view/blocks"))
    has_input = isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if kind == "modal" and has_input and not view.get("submit"):
        node.complain("missing required field: submit")
    return found


def is_too_large(view: Any) -> bool:
    return len(json.dumps(view).encode()) > MOST_VIEW_BYTES


def buttons(blocks: Blocks) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(block, element) of everything in these blocks that can be clicked or chosen from."""
    return [(block, element) for block in blocks for element in elements.of_block(block)]
