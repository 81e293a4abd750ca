"""What does Slack send when a user gives a command, clicks, or chooses a shortcut, and what does the answer show?

Must not send what no client would: `screens` says what can be clicked.
"""

import json
import time
from urllib.parse import urlencode

from oncallbot.emulators.postman import Answer
from oncallbot.emulators.slack import render, responses
from oncallbot.emulators.slack.couriers import FORM
from oncallbot.emulators.slack.errors import Refused
from oncallbot.emulators.slack.records import Channel, Json, User
from oncallbot.emulators.slack.screens import (
    Impossible,
    Spot,
    action,
    message_seen,
    seen_channel,
    spot,
    written_so_far,
)
from oncallbot.emulators.slack.service import Slack
from oncallbot.emulators.slack.workspace import Workspace

TOKEN = "emulated-verification-token"


def base(workspace: Workspace, user: User, kind: str) -> Json:
    """What every interaction says. `team` is where the app is installed, the user's own team stands in `user`."""
    app = workspace.app
    return {
        "type": kind,
        "team": {"id": app.team_id, "domain": app.team_domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": app.app_id,
        "token": TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


async def deliver(slack: Slack, kind: str, user: User, payload: Json, params: dict[str, str]) -> Answer:
    if not slack.workspace.app.request_url:
        raise Impossible("the app has no request URL; PUT /sim/slack/settings")
    keep = {name: str(payload[name]) for name in ("trigger_id", "callback_id") if name in payload}
    return await slack.couriers.ask_payload(kind, user.id, payload, {"type": kind} | keep | params)


async def command(slack: Slack, user: User, name: str, channel_name: str, text: str) -> Json:
    """A slash command. The answer's body is shown to the user; without one in time the user reads why not."""
    workspace, app = slack.workspace, slack.workspace.app
    if not app.request_url:
        raise Impossible("the app has no request URL; PUT /sim/slack/settings")
    channel = workspace.direct([user.id]) if channel_name == "dm" else seen_channel(workspace, user, channel_name)
    if user.team_id != app.team_id:
        raise Impossible("commands of this app are not offered to people of another workspace")
    url = workspace.new_response_url("commands", user.id, channel.id)
    form = {
        "token": TOKEN,
        "team_id": app.team_id,
        "team_domain": app.team_domain,
        "channel_id": channel.id,
        "channel_name": {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text.strip(),
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": workspace.new_trigger(user.id).id,
    }
    params = {"type": "command", "command": name, "text": form["text"], "channel": channel.id}
    before = len(workspace.ephemerals)
    params["trigger_id"] = form["trigger_id"]
    answer = await slack.couriers.ask("command", user.id, urlencode(form).encode(), FORM, params)
    shown = show_answer(slack, user, channel, name, url, answer)
    return {"status": answer.status, "error": shown, **_seen(workspace, before), "response_url": url}


def show_answer(slack: Slack, user: User, channel: Channel, name: str, url: str, answer: Answer) -> str | None:
    """Shows a command's answer; Slack's word for what went wrong, if something did."""
    workspace = slack.workspace
    if not answer.ok:
        error = "operation_timeout" if answer.error == "timeout" else "dispatch_failed"
        workspace.tell(user.id, channel.id, f"{name} failed with the error “{error}”")
        return error
    body = answer.body.decode("utf-8", "replace").strip()
    if not body:
        return None
    try:
        said = json.loads(body) if answer.content_type.startswith("application/json") else {"text": body}
        if not isinstance(said, dict):
            raise Refused("invalid_payload")
        if said.get("text") or said.get("blocks") or said.get("attachments"):
            path = url.removeprefix(workspace.base_url)
            responses.apply(slack, workspace.response_urls[path], said, "command")
    except (ValueError, Refused) as error:
        words = error.error if isinstance(error, Refused) else "invalid_payload"
        about = error.about if isinstance(error, Refused) else str(error)
        workspace.violation(words, f"answer to {name}: {about}", method="command")
        workspace.tell(user.id, channel.id, f"{name} failed with the error “{words}”")
        return words
    return None


async def click(slack: Slack, user: User, wish: Json) -> Json:
    """A click on something that is there now; `value` is what to choose in a menu or to write, `values` what else
    stands in the view, by block id or action id."""
    found = spot(slack.workspace, user, wish)
    payload = _click_payload(slack.workspace, user, found, wish)
    before = len(slack.workspace.ephemerals)
    params = {"action_id": found.element["action_id"], "value": str(found.element.get("value", ""))}
    if found.channel:
        params |= {"channel": found.channel.id, "ts": str(wish["ts"])}
    answer = await deliver(slack, "block_actions", user, payload, params)
    if not answer.ok and found.channel:
        slack.workspace.tell(user.id, found.channel.id, "⚠ This app responded with an error")
    return {"status": answer.status, **_seen(slack.workspace, before), "trigger_id": payload["trigger_id"]}


def _click_payload(workspace: Workspace, user: User, found: Spot, wish: Json) -> Json:
    view_id = found.view.id if found.view else None
    payload = base(workspace, user, "block_actions") | {
        "trigger_id": workspace.new_trigger(user.id, view_id).id,
        "container": _container(found),
        "state": {"values": {}},
        "actions": [action(found.element, found.block, wish.get("value")) | {"action_ts": workspace.new_ts()}],
    }
    if found.view:
        written = dict(wish.get("values") or {})
        if found.element["type"] != "button":
            written[found.block["block_id"]] = wish.get("value")
        return payload | {"view": render.view(workspace, found.view, written_so_far(found.view, written))}
    channel, clicked = found.channel, found.message or found.ephemeral
    if channel is None or clicked is None:
        raise Impossible("the message's channel is gone")
    payload["channel"] = {"id": channel.id, "name": channel.name or "directmessage"}
    payload["response_url"] = workspace.new_response_url(
        "actions", user.id, channel.id, clicked.ts, clicked.thread_ts, found.ephemeral is not None
    )
    if found.message:
        payload["message"] = render.message(workspace, found.message, channel)
    return payload


def _container(found: Spot) -> Json:
    if found.view:
        return {"type": "view", "view_id": found.view.id}
    shown = found.message or found.ephemeral
    channel = found.channel
    if shown is None or channel is None:
        raise Impossible("nothing to click on")
    made: Json = {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": channel.id,
        "is_ephemeral": found.ephemeral is not None,
    }
    return made | ({"thread_ts": shown.thread_ts} if shown.thread_ts else {})


async def message_shortcut(slack: Slack, user: User, channel_name: str, ts: str, callback_id: str) -> Json:
    """Also on messages where the app's bot is not a member: shortcuts go with the user."""
    workspace = slack.workspace
    channel = seen_channel(workspace, user, channel_name)
    message = message_seen(workspace, channel, ts)
    if user.team_id != workspace.app.team_id:
        raise Impossible("shortcuts of this app are not offered to people of another workspace")
    payload = base(workspace, user, "message_action") | {
        "callback_id": callback_id,
        "trigger_id": workspace.new_trigger(user.id).id,
        "action_ts": f"{time.time():.6f}",
        "message_ts": ts,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "message": render.message(workspace, message, channel),
        "response_url": workspace.new_response_url("app", user.id, channel.id),
    }
    before = len(workspace.ephemerals)
    answer = await deliver(slack, "message_action", user, payload, {"channel": channel.id, "ts": ts})
    return {"status": answer.status, **_seen(workspace, before), "trigger_id": payload["trigger_id"]}


async def global_shortcut(slack: Slack, user: User, callback_id: str) -> Json:
    workspace = slack.workspace
    if user.team_id != workspace.app.team_id:
        raise Impossible("shortcuts of this app are not offered to people of another workspace")
    payload = base(workspace, user, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": workspace.new_trigger(user.id).id,
        "action_ts": f"{time.time():.6f}",
    }
    answer = await deliver(slack, "shortcut", user, payload, {})
    return {"status": answer.status, "trigger_id": payload["trigger_id"]}


def open_home(slack: Slack, user: User) -> str | None:
    """The id of the event."""
    workspace = slack.workspace
    home, channel = workspace.homes.get(user.id), workspace.direct([user.id])
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
    if home:
        event["view"] = render.view(workspace, home)
    return slack.couriers.event("app_home_opened", event | {"event_ts": workspace.new_ts()}, channel.id)


def _seen(workspace: Workspace, before: int) -> Json:
    """What became visible to somebody alone while the answer was under way."""
    return {"shown": [{"user": e.user, "text": e.text, "blocks": e.blocks} for e in workspace.ephemerals[before:]]}
