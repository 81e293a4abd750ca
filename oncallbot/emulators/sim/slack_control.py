"""What is where at Slack now, and where do tests and people arrange it?

Must not act for a user: `slack_play` does.
"""

from typing import Any

from fastapi import APIRouter, Body, HTTPException

from oncallbot.emulators.journal import Record
from oncallbot.emulators.sim import slack_arrange
from oncallbot.emulators.slack import render
from oncallbot.emulators.slack.records import Channel, Ephemeral, Message, View
from oncallbot.emulators.slack.workspace import Workspace
from oncallbot.emulators.world import World


def router(world: World) -> APIRouter:
    made = APIRouter()
    _arrange(made, world)
    _lists(made, world)
    _conversations(made, world)
    _look(made, world)
    return made


def _arrange(made: APIRouter, world: World) -> None:
    @made.put("")
    async def put_everything(wish: dict[str, Any]) -> Record:
        """{settings, users: {id: …}, channels: {id: …}, usergroups: {id: …}}, each as below."""
        return slack_arrange.everything(world.slack.workspace, wish)

    @made.put("/settings")
    async def change_settings(wish: dict[str, Any]) -> Record:
        """request_url, signing_secret, token, scopes, team_id, bot_id, bot_user_id, rate_limits {on, burst, …} …"""
        return slack_arrange.settings(world.slack.workspace, wish)

    @made.put("/users/{user_id}")
    async def put_user(user_id: str, wish: dict[str, Any] = Body(default={})) -> Record:
        """name, real_name, email, tz, team_id (another than the workspace's: a stranger), is_restricted, is_bot …"""
        return slack_arrange.user(world.slack.workspace, user_id, wish)

    @made.put("/usergroups/{group_id}")
    async def put_group(group_id: str, wish: dict[str, Any] = Body(default={})) -> Record:
        """name, handle, description, users, channels, is_disabled."""
        return slack_arrange.group(world.slack.workspace, group_id, wish)

    @made.put("/channels/{channel_id}")
    async def put_channel(channel_id: str, wish: dict[str, Any] = Body(default={})) -> Record:
        """name, is_private (or kind), members, topic, is_ext_shared, is_archived; `bot: false` keeps the app out."""
        return slack_arrange.channel(world.slack.workspace, channel_id, wish)


def _lists(made: APIRouter, world: World) -> None:
    @made.get("")
    async def overview() -> Record:
        """How much there is; `events_waiting`: under way or before their next try."""
        slack = world.slack
        return {
            "team_id": slack.workspace.app.team_id,
            "users": len(slack.workspace.users),
            "channels": len(slack.workspace.channels),
            "messages": sum(len(each.shown) for each in slack.workspace.channels.values()),
            "under_way": slack.couriers.under_way,
            "events_waiting": slack.couriers.pending,
        }

    @made.get("/settings")
    async def show_settings() -> Record:
        return slack_arrange.settings_shown(world.slack.workspace)

    @made.get("/rates")
    async def show_rates() -> Record:
        """How often each method was called, and how often that was too often."""
        meter = world.slack.workspace.meter
        return {name: {"asked": count, "limited": meter.refused[name]} for name, count in sorted(meter.asked.items())}

    @made.get("/users")
    async def list_users() -> list[Record]:
        workspace = world.slack.workspace
        return [render.user(workspace, user) for user in workspace.users.values()]

    @made.get("/users/{user_id}")
    async def show_user(user_id: str) -> Record:
        return user_shown(world.slack.workspace, user_id)

    @made.get("/usergroups")
    async def list_groups() -> list[Record]:
        workspace = world.slack.workspace
        return [
            render.group(workspace, each, True, True) | {"updates": each.updates} for each in workspace.groups.values()
        ]


def _conversations(made: APIRouter, world: World) -> None:
    @made.get("/channels")
    async def list_channels() -> list[Record]:
        workspace = world.slack.workspace
        return [slack_arrange.channel_shown(workspace, each) for each in workspace.channels.values()]

    @made.get("/channels/{channel_id}")
    async def show_channel(channel_id: str) -> Record:
        workspace = world.slack.workspace
        return slack_arrange.channel_shown(workspace, _channel(workspace, channel_id))

    @made.get("/channels/{channel_id}/messages")
    async def list_messages(channel_id: str) -> list[Record]:
        """Oldest first, each in its newest version, with its thread and its earlier versions."""
        workspace = world.slack.workspace
        channel = _channel(workspace, channel_id)
        top = [each for each in channel.shown if not each.is_reply]
        return [
            message_shown(workspace, channel, each)
            | {"thread": [message_shown(workspace, channel, reply) for reply in channel.thread(each.ts)]}
            for each in top
        ]


def _channel(workspace: Workspace, channel_id: str) -> Channel:
    channel = workspace.channel_named(channel_id)
    if channel is None:
        raise HTTPException(404, f"no channel {channel_id}")
    return channel


def _look(made: APIRouter, world: World) -> None:
    @made.get("/deliveries")
    async def list_deliveries(kind: str | None = None, event_id: str | None = None) -> list[Record]:
        """Every request to the product: `purpose` (event, command, block_actions …), `params`, status, seconds."""
        return [
            entry.shown()
            for entry in world.journal.webhooks
            if entry.vendor == "slack"
            and kind in (None, entry.purpose)
            and event_id in (None, entry.params.get("event_id"))
        ]

    @made.get("/calls")
    async def list_calls(method: str | None = None) -> list[Record]:
        """Every call of the Web API by the product, with its arguments, status and error (`code`)."""
        prefix = "/api/" + (method or "")
        return [entry.shown() for entry in world.journal.requests if entry.path.startswith(prefix)]


def message_shown(workspace: Workspace, channel: Channel, message: Message) -> Record:
    """As Slack shows it, and `words`: all that can be read; `buttons`: all that can be clicked; `versions`."""
    return render.message(workspace, message, channel) | {
        "channel": channel.id,
        "words": [message.text, *render.words(message.blocks)],
        "buttons": render.labels(message.blocks),
        "versions": message.versions,
    }


def ephemeral_shown(each: Ephemeral) -> Record:
    shown = {
        name: getattr(each, name) for name in ("ts", "channel", "user", "text", "blocks", "thread_ts", "via", "at")
    }
    return shown | {"words": [each.text, *render.words(each.blocks)], "buttons": render.labels(each.blocks)}


def view_shown(workspace: Workspace, view: View) -> Record:
    title = (view.definition.get("title") or {}).get("text", "")
    return render.view(workspace, view) | {
        "words": [title, *render.words(view.blocks)],
        "buttons": render.labels(view.blocks),
        "errors": view.errors,
        "versions": view.versions,
        "user": view.user,
    }


def user_shown(workspace: Workspace, user_id: str) -> Record:
    """`ephemerals`, `modal` (the one on top), `modals`, `direct` (messages with the app), `home`."""
    user = workspace.users.get(user_id)
    if user is None:
        raise HTTPException(404, f"no user {user_id}")
    stack = workspace.modals.get(user_id, [])
    home = workspace.homes.get(user_id)
    direct = [
        message_shown(workspace, channel, message)
        for channel in workspace.channels.values()
        if channel.kind == "im" and user_id in channel.members
        for message in channel.shown
    ]
    return {
        "user": render.user(workspace, user),
        "ephemerals": [ephemeral_shown(e) for e in workspace.ephemerals if e.user == user_id and not e.is_deleted],
        "modal": view_shown(workspace, stack[-1]) if stack else None,
        "modals": [view_shown(workspace, view) for view in stack],
        "direct": direct,
        "home": view_shown(workspace, home) if home else None,
    }
