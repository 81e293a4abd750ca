"""What does Slack answer to views.*, and what then stands on the user's screen?

Must not submit or close anything for the user: `interactions` does.
"""

import secrets
import time
from typing import Any

from oncallbot.emulators.slack import render
from oncallbot.emulators.slack.arguments import Arguments
from oncallbot.emulators.slack.blocks import check_view, is_too_large
from oncallbot.emulators.slack.errors import Refused
from oncallbot.emulators.slack.posting import BROADCASTS, complete
from oncallbot.emulators.slack.records import Json, Trigger, View
from oncallbot.emulators.slack.service import Slack
from oncallbot.emulators.slack.workspace import Workspace

MOST_VIEWS = 3


def read_view(slack: Slack, view: Any, kind: str) -> Json:
    """A definition that Slack would take, as a modal or a home tab."""
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", "must be an object [json-pointer:/view]")
    if is_too_large(view):
        raise Refused("view_too_large")
    wrong = check_view(view)
    if not wrong and view["type"] != kind:
        wrong = [f"must be a {kind} view, not {view['type']} [json-pointer:/view/type]"]
    if wrong:
        raise Refused("invalid_arguments", *wrong)
    if slack.official and (complaint := slack.official.complaint("ModalView" if kind == "modal" else "HomeView", view)):
        slack.workspace.violation("schema", f"view: {complaint}")
    said = " ".join(render.words(view["blocks"]))
    if shouts := [word for word in BROADCASTS if word in said]:
        slack.workspace.violation("broadcast", f"view: {', '.join(shouts)} in {said[:200]!r}")
    return view | {"blocks": complete(view["blocks"])}


def exchange(workspace: Workspace, args: Arguments) -> Trigger:
    """A trigger opens one view, within three seconds after the act that made it."""
    given = args.text("trigger_id")
    if not given:
        raise Refused("invalid_arguments", "missing required field: trigger_id")
    trigger = workspace.triggers.get(given)
    if trigger is None:
        raise Refused("invalid_trigger_id", about=given)
    if trigger.is_exchanged:
        raise Refused("exchanged_trigger_id")
    age = time.monotonic() - trigger.made_at
    if age > workspace.app.trigger_seconds:
        raise Refused("expired_trigger_id", about=f"{age:.1f} s old")
    trigger.is_exchanged = True
    return trigger


def make(workspace: Workspace, user: str, definition: Json, above: View | None = None) -> View:
    """`above`: the view that it is pushed on."""
    if (external := definition.get("external_id")) and workspace.find_view(external_id=external):
        raise Refused("duplicate_external_id", about=external)
    id = workspace.new_id("V")
    root, previous = (above.root_view_id, above.id) if above else (id, None)
    return View(id, user, definition, _hash(), root, previous, workspace.app.team_id)


def _hash() -> str:
    return f"{int(time.time())}.{secrets.token_hex(4)}"


def change(workspace: Workspace, view: View, definition: Json) -> None:
    view.definition, view.hash, view.errors = definition, _hash(), {}
    view.versions += 1
    note(workspace, view, "updated")


def note(workspace: Workspace, view: View, change: str) -> None:
    kind = "slack_home" if view.definition["type"] == "home" else "slack_modal"
    workspace.journal.note(kind, user=view.user, view=view.id, change=change)


def open_view(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    definition = read_view(slack, args.structured("view", "invalid_arguments"), "modal")
    trigger = exchange(workspace, args)
    view = make(workspace, trigger.user, definition)
    workspace.modals[trigger.user] = [view]
    note(workspace, view, "opened")
    return {"view": render.view(workspace, view)}


def push_view(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    definition = read_view(slack, args.structured("view", "invalid_arguments"), "modal")
    trigger = exchange(workspace, args)
    stack = workspace.modals.get(trigger.user, [])
    if not stack or trigger.view_id not in {view.id for view in stack}:
        raise Refused("not_found", about="the trigger does not come from an open modal")
    return {"view": render.view(workspace, push(workspace, stack, definition))}


def push(workspace: Workspace, stack: list[View], definition: Json) -> View:
    if len(stack) >= MOST_VIEWS:
        raise Refused("push_limit_reached")
    view = make(workspace, stack[-1].user, definition, stack[-1])
    stack.append(view)
    note(workspace, view, "pushed")
    return view


def update_view(slack: Slack, args: Arguments) -> Json:
    workspace = slack.workspace
    if not args.has("view_id") and not args.has("external_id"):
        raise Refused("invalid_arguments", "missing required field: view_id")
    view = workspace.find_view(args.text("view_id"), args.text("external_id"))
    if view is None or view.definition["type"] != "modal":
        raise Refused("not_found", about=args.text("view_id") or args.text("external_id"))
    if args.has("hash") and args.text("hash") != view.hash:
        raise Refused("hash_conflict")
    change(workspace, view, read_view(slack, args.structured("view", "invalid_arguments"), "modal"))
    return {"view": render.view(workspace, view)}


def publish(slack: Slack, args: Arguments) -> Json:
    workspace, user = slack.workspace, args.text("user_id")
    if user not in workspace.users:
        raise Refused("invalid_arguments", about=f"no user {user}")
    definition = read_view(slack, args.structured("view", "invalid_arguments"), "home")
    home = workspace.homes.get(user)
    if args.has("hash") and (home is None or args.text("hash") != home.hash):
        raise Refused("hash_conflict")
    if home is None:
        home = make(workspace, user, definition)
        workspace.homes[user] = home
        note(workspace, home, "published")
    else:
        change(workspace, home, definition)
    return {"view": render.view(workspace, home)}


HANDLERS = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish,
}
