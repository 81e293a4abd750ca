"""What do we ask of a workspace? The tables of methods, events, commands, shortcuts and scopes, and the app manifest.

It must not ask for more than the tables say, nor the code use what is not in them: tests hold both to Slack's own list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

PATH = "/slack/events"
SIGNED_IN_PATH = "/sign-in/slack/callback"  # of the redirect URI of Sign in with Slack
SIGN_IN_SCOPES = ("openid", "profile", "email")  # the user's, asked for when a manager signs in

HOME_OPENED = "app_home_opened"

# Every method that `client` calls, with the scopes that we need for it.
METHODS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "auth.test": (),
        "chat.postEphemeral": ("chat:write",),
        "chat.postMessage": ("chat:write",),
        "chat.update": ("chat:write",),
        "conversations.history": ("channels:history", "groups:history", "im:history"),
        "conversations.info": ("channels:read", "groups:read"),
        "conversations.list": ("channels:read", "groups:read"),
        "conversations.open": ("im:write",),
        "conversations.replies": ("channels:history", "groups:history", "im:history"),
        "conversations.setTopic": ("channels:write.topic", "groups:write.topic"),
        "usergroups.list": ("usergroups:read",),
        "usergroups.users.list": ("usergroups:read",),
        "usergroups.users.update": ("usergroups:write",),
        "users.info": ("users:read",),
        "users.lookupByEmail": ("users:read.email",),
        "views.open": (),
        "views.publish": (),
        "views.update": (),
    }
)

# Hotline channels may be public or private.
EVENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        HOME_OPENED: (),
        "message.channels": ("channels:history",),
        "message.groups": ("groups:history",),
    }
)

_DESCRIPTION = "After-hours on-call: pages, acknowledgements and schedules"
_WITH_COMMANDS = "commands"  # for slash commands and shortcuts alike
_COMPANIONS: Mapping[str, str] = MappingProxyType({"users:read.email": "users:read"})  # Slack grants it only together


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command."""

    command: str
    description: str
    usage_hint: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message shortcut."""

    callback_id: str
    name: str
    description: str


ONCALL = Command(
    "/oncall",
    "Who is on call; page, acknowledge and resolve issues; change schedules",
    "[who | page | issues | cover me | rotation | help]",
)
PAGE_ON_CALL = Shortcut("page_on_call", "Page on-call about this", "Pages whoever is on call with this message")

COMMANDS = (ONCALL,)
SHORTCUTS = (PAGE_ON_CALL,)


def scopes() -> tuple[str, ...]:
    """Every bot scope that the tables need, in order."""
    needed = {scope for table in (METHODS, EVENTS) for listed in table.values() for scope in listed}
    needed |= {_WITH_COMMANDS}
    return tuple(sorted(needed | {_COMPANIONS[scope] for scope in needed if scope in _COMPANIONS}))


def manifest(url: str, name: str = "oncallbot") -> dict[str, Any]:
    """The app manifest (schema 2) for an installation that the world reaches at `url`. HTTP only: no Socket Mode."""
    request_url = url.rstrip("/") + PATH
    return {
        "_metadata": {"major_version": 2},
        "display_information": {"name": name, "description": _DESCRIPTION},
        "features": {
            "app_home": {
                "home_tab_enabled": HOME_OPENED in EVENTS,
                # Without this tab direct messages are refused; nobody listens to what is written there.
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": "message.im" not in EVENTS,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [
                {
                    "command": one.command,
                    "url": request_url,
                    "description": one.description,
                    "usage_hint": one.usage_hint,
                    "should_escape": True,  # people and channels come with their ids
                }
                for one in COMMANDS
            ],
            "shortcuts": [
                {"type": "message", "callback_id": one.callback_id, "name": one.name, "description": one.description}
                for one in SHORTCUTS
            ],
        },
        "oauth_config": _oauth_config(url),
        "settings": {
            "event_subscriptions": {"request_url": request_url, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def _oauth_config(url: str) -> dict[str, Any]:
    """Where a manager comes back to, and what we may do: the app itself, and in the name of whoever signs in."""
    return {
        "redirect_urls": [url.rstrip("/") + SIGNED_IN_PATH],
        "scopes": {"user": list(SIGN_IN_SCOPES), "bot": list(scopes())},
    }
