"""How does Slack show a user, a conversation, a message or a view?

Must not change anything.
"""

from typing import Any

from oncallbot.emulators.slack.elements import of_block
from oncallbot.emulators.slack.records import Channel, Json, Message, User, UserGroup, View
from oncallbot.emulators.slack.workspace import Workspace


def user(workspace: Workspace, found: User, with_email: bool = True) -> Json:
    first = found.real_name or found.name
    profile: Json = {
        "real_name": first,
        "real_name_normalized": first,
        "display_name": found.name,
        "display_name_normalized": found.name,
        "team": found.team_id,
    }
    if with_email and found.email:
        profile["email"] = found.email
    if found.id == workspace.app.bot_user_id:
        profile |= {"bot_id": workspace.app.bot_id, "api_app_id": workspace.app.app_id}
    shown: Json = {
        "id": found.id,
        "team_id": found.team_id,
        "name": found.name,
        "deleted": found.deleted,
        "real_name": first,
        "tz": found.tz,
        "profile": profile,
        "is_admin": found.is_admin,
        "is_owner": False,
        "is_restricted": found.is_restricted,
        "is_ultra_restricted": found.is_ultra_restricted,
        "is_bot": found.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }
    return shown | ({"is_stranger": True} if found.team_id != workspace.app.team_id else {})


def channel(workspace: Workspace, found: Channel) -> Json:
    shown: Json = {
        "id": found.id,
        "created": found.created,
        "is_channel": found.kind == "channel",
        "is_group": found.kind == "group",
        "is_im": found.kind == "im",
        "is_mpim": found.kind == "mpim",
        "is_private": found.kind != "channel",
        "is_archived": found.is_archived,
        "is_ext_shared": found.is_ext_shared,
        "is_shared": found.is_ext_shared,
        "is_org_shared": False,
        "is_general": False,
        "context_team_id": workspace.app.team_id,
        "updated": found.created * 1000,
    }
    if found.kind == "im":
        other = next((member for member in found.members if member != workspace.app.bot_user_id), "")
        return shown | {"user": other, "is_user_deleted": bool(other and workspace.users[other].deleted)}
    return shown | {
        "name": found.name,
        "name_normalized": found.name,
        "creator": found.creator,
        "is_member": workspace.bot_is_in(found),
        "topic": {"value": found.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def message(workspace: Workspace, found: Message, channel: Channel | None = None) -> Json:
    """As in history; with the channel, the first message of a thread says how long the thread is."""
    app = workspace.app
    shown: Json = {"type": "message", "user": found.user, "text": found.text, "ts": found.ts}
    shown["team"] = found.team or app.team_id
    if found.subtype:
        shown["subtype"] = found.subtype
    if found.bot_id:
        shown["bot_id"] = found.bot_id
        if found.bot_id == app.bot_id:
            shown["app_id"] = app.app_id
            shown["bot_profile"] = {
                "id": app.bot_id,
                "app_id": app.app_id,
                "name": app.app_name,
                "team_id": app.team_id,
                "deleted": False,
            }
    for name in ("blocks", "attachments", "edited", "metadata"):
        if getattr(found, name):
            shown[name] = getattr(found, name)
    if found.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in found.reactions.items()
        ]
    return shown | _thread(found, channel)


def _thread(found: Message, channel: Channel | None) -> Json:
    if found.is_reply and found.thread_ts:
        parent = channel.messages.get(found.thread_ts) if channel else None
        return {"thread_ts": found.thread_ts} | ({"parent_user_id": parent.user} if parent else {})
    replies = channel.thread(found.ts) if channel else []
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": found.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def view(workspace: Workspace, found: View, state: Json | None = None) -> Json:
    empty: dict[str, Any] = {
        "callback_id": "",
        "private_metadata": "",
        "external_id": "",
        "close": None,
        "submit": None,
        "title": {"type": "plain_text", "text": "View Title"},
        "notify_on_close": False,
        "clear_on_close": False,
    }
    return {
        **empty,
        **found.definition,
        "id": found.id,
        "team_id": workspace.app.team_id,
        "state": {"values": state or {}},
        "hash": found.hash,
        "root_view_id": found.root_view_id,
        "previous_view_id": found.previous_view_id,
        "app_id": workspace.app.app_id,
        "app_installed_team_id": workspace.app.team_id,
        "bot_id": workspace.app.bot_id,
    }


def group(workspace: Workspace, found: UserGroup, with_users: bool, with_count: bool) -> Json:
    shown: Json = {
        "id": found.id,
        "team_id": workspace.app.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": found.name,
        "description": found.description,
        "handle": found.handle,
        "is_external": False,
        "date_create": 1_700_000_000,
        "date_update": 1_700_000_000,
        "date_delete": 1_700_000_000 if found.is_disabled else 0,
        "auto_type": None,
        "prefs": {"channels": list(found.channels), "groups": []},
    }
    if with_users:
        shown["users"] = list(found.users)
    if with_count:
        shown["user_count"] = len(found.users)
    return shown


def words(blocks: list[Json]) -> list[str]:
    """Every text that a reader would see in these blocks, in order."""
    seen: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if isinstance(node.get("text"), str):
                seen.append(node["text"])
            for name, each in node.items():
                if name != "confirm":
                    walk(each)

    walk(blocks)
    return seen


def labels(blocks: list[Json]) -> list[Json]:
    """What can be clicked: type, text, action_id, value, style."""
    return [
        {
            "type": element["type"],
            "text": (element.get("text") or element.get("placeholder") or {}).get("text", ""),
            "action_id": element.get("action_id"),
            "block_id": block.get("block_id"),
            "value": element.get("value"),
            "style": element.get("style"),
        }
        for block in blocks
        for element in of_block(block)
    ]
