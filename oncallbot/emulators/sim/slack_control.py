"""How are Slack's users, channels and settings arranged, and what is where at Slack now?

Must not act for a user: `slack_play` does.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from fastapi import APIRouter, Body, HTTPException

from oncallbot.emulators.journal import Record
from oncallbot.emulators.slack import render
from oncallbot.emulators.slack.rates import Limits
from oncallbot.emulators.slack.records import Channel, Ephemeral, Message, User, UserGroup, View
from oncallbot.emulators.slack.workspace import App, Workspace
from oncallbot.emulators.world import World

Wish = Mapping[str, Any]
KINDS = ("channel", "group", "im", "mpim")
USER_FIELDS = frozenset(each.name for each in fields(User)) - {"id"}
APP_FIELDS = frozenset(each.name for each in fields(App))
GROUP_FIELDS = frozenset({"name", "handle", "description", "users", "channels", "is_disabled"})
CHANNEL_FIELDS = frozenset({"name", "kind", "is_private", "topic", "members", "is_archived", "is_ext_shared", "bot"})


def router(world: World) -> APIRouter:
    made = APIRouter()
    _settings(made, world)
    _people(made, world)
    _channels(made, world)
    _conversations(made, world)
    _look(made, world)
    return made


def known(wish: Wish, names: frozenset[str]) -> None:
    if unknown := set(wish) - names:
        raise HTTPException(422, f"unknown fields {sorted(unknown)}; known are {sorted(names)}")


def _settings(made: APIRouter, world: World) -> None:
    @made.get("/settings")
    async def show_settings() -> Record:
        workspace = world.slack.workspace
        shown = {name: getattr(workspace.app, name) for name in sorted(APP_FIELDS)}
        limits = workspace.meter.limits
        return shown | {"rate_limits": {each.name: getattr(limits, each.name) for each in fields(limits)}}

    @made.put("/settings")
    async def change_settings(wish: dict[str, Any]) -> Record:
        """request_url, signing_secret, token, scopes, team_id, bot_id, bot_user_id, rate_limits {on, burst, …} …"""
        known(wish, APP_FIELDS | {"rate_limits"})
        workspace = world.slack.workspace
        bot = workspace.users.pop(workspace.app.bot_user_id)
        for name, value in wish.items():
            if name != "rate_limits":
                setattr(workspace.app, name, value)
        bot.id, bot.team_id = workspace.app.bot_user_id, workspace.app.team_id
        workspace.users[bot.id] = bot
        if "rate_limits" in wish:
            known(wish["rate_limits"], frozenset(each.name for each in fields(Limits)))
            workspace.meter.set(Limits(**wish["rate_limits"]))
        return await show_settings()

    @made.get("/rates")
    async def show_rates() -> Record:
        """How often each method was called, and how often that was too often."""
        meter = world.slack.workspace.meter
        return {name: {"asked": count, "limited": meter.refused[name]} for name, count in sorted(meter.asked.items())}


def _people(made: APIRouter, world: World) -> None:
    @made.put("/users/{user_id}")
    async def put_user(user_id: str, wish: dict[str, Any] = Body(default={})) -> Record:
        """name, real_name, email, tz, team_id (another than the workspace's: a stranger), is_restricted, is_bot …"""
        known(wish, USER_FIELDS)
        workspace = world.slack.workspace
        user = workspace.users.setdefault(user_id, User(user_id, workspace.app.team_id, name=user_id.lower()))
        for name, value in wish.items():
            setattr(user, name, value)
        return render.user(workspace, user)

    @made.get("/users")
    async def list_users() -> list[Record]:
        workspace = world.slack.workspace
        return [render.user(workspace, user) for user in workspace.users.values()]

    @made.get("/users/{user_id}")
    async def show_user(user_id: str) -> Record:
        return user_shown(world.slack.workspace, user_id)

    @made.put("/usergroups/{group_id}")
    async def put_group(group_id: str, wish: dict[str, Any] = Body(default={})) -> Record:
        """name, handle, description, users, channels, is_disabled."""
        known(wish, GROUP_FIELDS)
        groups = world.slack.workspace.groups
        group = groups.setdefault(group_id, UserGroup(group_id, group_id.lower(), group_id.lower()))
        for name, value in wish.items():
            setattr(group, name, value)
        return render.group(world.slack.workspace, group, True, True)

    @made.get("/usergroups")
    async def list_groups() -> list[Record]:
        workspace = world.slack.workspace
        return [
            render.group(workspace, each, True, True) | {"updates": each.updates} for each in workspace.groups.values()
        ]


def _channels(made: APIRouter, world: World) -> None:
    @made.put("/channels/{channel_id}")
    async def put_channel(channel_id: str, wish: dict[str, Any] = Body(default={})) -> Record:
        """name, is_private (or kind), members, topic, is_ext_shared, is_archived; `bot: false` keeps the app out."""
        known(wish, CHANNEL_FIELDS)
        workspace = world.slack.workspace
        members, bot = [str(each) for each in wish.get("members", [])], workspace.app.bot_user_id
        if unknown := [each for each in members if each not in workspace.users]:
            raise HTTPException(422, f"no such users: {unknown}; PUT /sim/slack/users/{{id}} first")
        if wish.get("kind", "channel") not in KINDS:
            raise HTTPException(422, f"kind is one of {KINDS}")
        is_new = channel_id not in workspace.channels
        channel = workspace.channels.setdefault(channel_id, Channel(channel_id, name=channel_id.lower()))
        for name in ("name", "kind", "topic", "is_archived", "is_ext_shared"):
            if name in wish:
                setattr(channel, name, wish[name])
        if "is_private" in wish:
            channel.kind = "group" if wish["is_private"] else "channel"
        if "members" in wish or is_new:
            had_bot = is_new or bot in channel.members
            channel.members = members + ([bot] if had_bot and bot not in members else [])
        if "bot" in wish:
            channel.members = [each for each in channel.members if each != bot] + ([bot] if wish["bot"] else [])
        return render.channel(workspace, channel) | {"members": channel.members}


def _conversations(made: APIRouter, world: World) -> None:
    @made.get("/channels")
    async def list_channels() -> list[Record]:
        workspace = world.slack.workspace
        return [render.channel(workspace, each) | {"members": each.members} for each in workspace.channels.values()]

    @made.get("/channels/{channel_id}")
    async def show_channel(channel_id: str) -> Record:
        channel = _channel(world.slack.workspace, channel_id)
        return render.channel(world.slack.workspace, channel) | {"members": channel.members}

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
