"""How do people, channels, user groups and the app's settings come to be at Slack?

Must not act for anybody: nobody is told of an arrangement.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from fastapi import HTTPException

from oncallbot.emulators.journal import Record
from oncallbot.emulators.slack import render
from oncallbot.emulators.slack.rates import Limits
from oncallbot.emulators.slack.records import Channel, User, UserGroup
from oncallbot.emulators.slack.workspace import App, Workspace

Wish = Mapping[str, Any]
KINDS = ("channel", "group", "im", "mpim")
USER_FIELDS = frozenset(each.name for each in fields(User)) - {"id"}
APP_FIELDS = frozenset(each.name for each in fields(App))
LIMIT_FIELDS = frozenset(each.name for each in fields(Limits))
GROUP_FIELDS = frozenset({"name", "handle", "description", "users", "channels", "is_disabled"})
CHANNEL_FIELDS = frozenset({"name", "kind", "is_private", "topic", "members", "is_archived", "is_ext_shared", "bot"})


def known(wish: Wish, names: frozenset[str]) -> None:
    if unknown := set(wish) - names:
        raise HTTPException(422, f"unknown fields {sorted(unknown)}; known are {sorted(names)}")


def settings_shown(workspace: Workspace) -> Record:
    limits = workspace.meter.limits
    shown = {name: getattr(workspace.app, name) for name in sorted(APP_FIELDS)}
    return shown | {"rate_limits": {name: getattr(limits, name) for name in sorted(LIMIT_FIELDS)}}


def settings(workspace: Workspace, wish: Wish) -> Record:
    known(wish, APP_FIELDS | {"rate_limits"})
    known(wish.get("rate_limits", {}), LIMIT_FIELDS)
    bot = workspace.users.pop(workspace.app.bot_user_id)
    for name, value in wish.items():
        if name != "rate_limits":
            setattr(workspace.app, name, value)
    for channel in workspace.channels.values():
        channel.members = [workspace.app.bot_user_id if each == bot.id else each for each in channel.members]
    bot.id, bot.team_id = workspace.app.bot_user_id, workspace.app.team_id
    workspace.users[bot.id] = bot
    if "rate_limits" in wish:
        workspace.meter.set(Limits(**wish["rate_limits"]))
    return settings_shown(workspace)


def user(workspace: Workspace, user_id: str, wish: Wish) -> Record:
    known(wish, USER_FIELDS)
    made = workspace.users.setdefault(user_id, User(user_id, workspace.app.team_id, name=user_id.lower()))
    for name, value in wish.items():
        setattr(made, name, value)
    return render.user(workspace, made)


def group(workspace: Workspace, group_id: str, wish: Wish) -> Record:
    known(wish, GROUP_FIELDS)
    made = workspace.groups.setdefault(group_id, UserGroup(group_id, group_id.lower(), group_id.lower()))
    for name, value in wish.items():
        setattr(made, name, value)
    return render.group(workspace, made, True, True)


def channel(workspace: Workspace, channel_id: str, wish: Wish) -> Record:
    known(wish, CHANNEL_FIELDS)
    members, bot = [str(each) for each in wish.get("members", [])], workspace.app.bot_user_id
    if unknown := [each for each in members if each not in workspace.users]:
        raise HTTPException(422, f"no such users: {unknown}; PUT /sim/slack/users/{{id}} first")
    if wish.get("kind", "channel") not in KINDS:
        raise HTTPException(422, f"kind is one of {KINDS}")
    is_new = channel_id not in workspace.channels
    made = workspace.channels.setdefault(channel_id, Channel(channel_id, name=channel_id.lower()))
    for name in ("name", "kind", "topic", "is_archived", "is_ext_shared"):
        if name in wish:
            setattr(made, name, wish[name])
    if "is_private" in wish:
        made.kind = "group" if wish["is_private"] else "channel"
    if "members" in wish or is_new:
        had_bot = is_new or bot in made.members
        made.members = members + ([bot] if had_bot and bot not in members else [])
    if "bot" in wish:
        made.members = [each for each in made.members if each != bot] + ([bot] if wish["bot"] else [])
    return channel_shown(workspace, made)


def channel_shown(workspace: Workspace, found: Channel) -> Record:
    return render.channel(workspace, found) | {"members": found.members}


def everything(workspace: Workspace, wish: Wish) -> Record:
    """Settings, users, channels and user groups at once, each by its id."""
    known(wish, frozenset({"settings", "users", "channels", "usergroups"}))
    settings(workspace, wish.get("settings", {}))
    return {
        "users": [user(workspace, id, facts) for id, facts in wish.get("users", {}).items()],
        "channels": [channel(workspace, id, facts) for id, facts in wish.get("channels", {}).items()],
        "usergroups": [group(workspace, id, facts) for id, facts in wish.get("usergroups", {}).items()],
    }
