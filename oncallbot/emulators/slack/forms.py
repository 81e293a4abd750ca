"""What happens when a user submits or closes a modal, or types into one of its menus?

Must not decide what the app does then: it only shows what the app answers.
"""

import json
import re
from typing import Any

from oncallbot.emulators.postman import Answer
from oncallbot.emulators.slack import modals, render
from oncallbot.emulators.slack.elements import of_block
from oncallbot.emulators.slack.errors import Refused
from oncallbot.emulators.slack.interactions import base, deliver
from oncallbot.emulators.slack.records import Json, User, View
from oncallbot.emulators.slack.screens import Impossible, chosen, find, initial, top_view
from oncallbot.emulators.slack.service import Slack
from oncallbot.emulators.slack.workspace import Workspace

EMPTY: tuple[Any, ...] = (None, "", [])
TROUBLE = "We had some trouble connecting. Try again?"


def fill_in(view: View, values: Json) -> Json:
    """`state.values` of a view with these values, by block id or action id; untouched inputs keep their initial one.

    Refuses what Slack's client would not let pass: an unknown field, a required one left empty, a wrong length.
    """
    fields = [(block, element) for block in view.blocks for element in of_block(block) if element["type"] != "button"]
    names = {name for block, element in fields for name in (block["block_id"], element["action_id"])}
    if unknown := set(values) - names:
        raise Impossible(f"no such fields {sorted(unknown)}; there is {sorted(names)}")
    state: Json = {}
    for block, element in fields:
        given = values.get(block["block_id"], values.get(element["action_id"], initial(element)))
        if block["type"] == "input" and given in EMPTY and not block.get("optional"):
            raise Impossible(f"{block['label']['text']!r} ({block['block_id']}) is required")
        _check(block, element, given)
        held = {"type": element["type"]} | chosen(element, given)
        state.setdefault(block["block_id"], {})[element["action_id"]] = held
    return state


def _check(block: Json, element: Json, given: Any) -> None:
    if given in EMPTY or element["type"] not in ("plain_text_input", "number_input", "email_text_input"):
        return
    name, text = block.get("block_id"), str(given)
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length") or 0, element.get("max_length") or 3000
        if not least <= len(text) <= most:
            raise Impossible(f"{name} takes {least} to {most} characters, not {len(text)}")
    elif element["type"] == "number_input" and not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise Impossible(f"{name} takes a number, not {text!r}")
    elif element["type"] == "email_text_input" and "@" not in text:
        raise Impossible(f"{name} takes an e-mail address, not {text!r}")


async def submit(slack: Slack, user: User, values: Json) -> Json:
    """The answer's `response_action` is carried out: errors, update, push, clear; nothing closes the view."""
    workspace = slack.workspace
    view = top_view(workspace, user)
    if not view.definition.get("submit"):
        raise Impossible("the modal has no submit button")
    state = fill_in(view, values)
    payload = _payload(workspace, user, view, "view_submission", state) | {"response_urls": []}
    payload["trigger_id"] = workspace.new_trigger(user.id, view.id).id
    answer = await deliver(slack, "view_submission", user, payload, {"callback_id": view.callback_id, "view": view.id})
    return {"status": answer.status, **show(slack, user, view, answer)}


def show(slack: Slack, user: User, view: View, answer: Answer) -> Json:
    """What the user sees after an answer to a submission: `response_action`, `errors`, `problem`."""
    workspace = slack.workspace
    try:
        said = json.loads(answer.body) if answer.ok and answer.body.strip() else {}
        if not answer.ok or not isinstance(said, dict):
            raise ValueError
        action = said.get("response_action", "")
        _act(slack, user, view, action, said)
    except (ValueError, Refused) as error:
        # Slack says this and leaves the modal open.
        view.errors = {"": TROUBLE}
        if answer.ok:
            workspace.violation("invalid_response", f"view_submission: {error} {answer.body[:200]!r}")
        workspace.journal.touch()
        return {"response_action": None, "problem": TROUBLE}
    return {"response_action": action or "close", "errors": view.errors, "modal": _top(workspace, user)}


def _act(slack: Slack, user: User, view: View, action: str, said: Json) -> None:
    workspace = slack.workspace
    stack = workspace.modals.get(user.id, [])
    match action:
        case "":
            _drop(workspace, user, view)
        case "clear":
            workspace.modals.pop(user.id, None)
            modals.note(workspace, view, "cleared")
        case "errors":
            inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            errors = said.get("errors")
            if not isinstance(errors, dict) or not errors or set(errors) - inputs:
                raise ValueError(f"errors must name input blocks of the view: {errors}")
            view.errors = {str(name): str(text) for name, text in errors.items()}
            modals.note(workspace, view, "errors")
        case "update":
            modals.change(workspace, view, modals.read_view(slack, said.get("view"), "modal"))
        case "push":
            modals.push(workspace, stack, modals.read_view(slack, said.get("view"), "modal"))
        case _:
            raise ValueError(f"unknown response_action {action!r}")


def _drop(workspace: Workspace, user: User, view: View) -> None:
    stack = workspace.modals.get(user.id, [])
    if view in stack:
        stack.remove(view)
    if not stack:
        workspace.modals.pop(user.id, None)
    modals.note(workspace, view, "closed")


async def close(slack: Slack, user: User, clear: bool) -> Json:
    """`clear`: all views at once. The app hears of those that asked for it."""
    workspace = slack.workspace
    top_view(workspace, user)
    closing = list(reversed(workspace.modals[user.id])) if clear else [workspace.modals[user.id][-1]]
    statuses = []
    for view in closing:
        _drop(workspace, user, view)
        if view.definition.get("notify_on_close"):
            payload = _payload(workspace, user, view, "view_closed", {}) | {"is_cleared": clear}
            answer = await deliver(slack, "view_closed", user, payload, {"callback_id": view.callback_id})
            statuses.append(answer.status)
    return {"closed": [view.id for view in closing], "statuses": statuses}


async def suggest(slack: Slack, user: User, wish: Json) -> Json:
    """Types `value` into an external menu of the open modal; the app's options come back."""
    workspace = slack.workspace
    view = top_view(workspace, user)
    block, element = find(view.blocks, {name: wish[name] for name in ("action_id", "block_id") if name in wish})
    if "external" not in element["type"]:
        raise Impossible(f"{element['action_id']} does not ask the app for its options")
    payload = _payload(workspace, user, view, "block_suggestion", {}) | {
        "container": {"type": "view", "view_id": view.id},
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": str(wish.get("value", "")),
    }
    answer = await deliver(slack, "block_suggestion", user, payload, {"action_id": element["action_id"]})
    try:
        said = json.loads(answer.body or b"{}")
        return {"status": answer.status, "options": said.get("options"), "option_groups": said.get("option_groups")}
    except ValueError:
        workspace.violation("invalid_response", f"block_suggestion: {answer.body[:200]!r}")
        return {"status": answer.status, "options": None}


def _payload(workspace: Workspace, user: User, view: View, kind: str, state: Json) -> Json:
    return base(workspace, user, kind) | {"view": render.view(workspace, view, state)}


def _top(workspace: Workspace, user: User) -> str | None:
    stack = workspace.modals.get(user.id, [])
    return stack[-1].id if stack else None
