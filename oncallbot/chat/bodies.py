"""Who did this in Slack, and have we had it before? Read from the body of any signed request.

It must not decide what anybody may do: that is our own table of (team id, user id).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in Slack. `team_id` is the person's own workspace, "" when Slack does not say: then nobody of ours."""

    team_id: str
    user_id: str


def actor(body: Mapping[str, Any]) -> Actor | None:
    """Who is behind an event, a command, a click, a shortcut or a submission; None where no person is (bots).

    In a shared channel `team` and `team_id` may be ours while the person is not: the person's own team counts.
    """
    event = _mapping(body.get("event"))
    if body.get("type") == "event_callback" or event:
        return _actor_of_event(body, event)
    user = body.get("user")
    if isinstance(user, Mapping):  # interactivity
        team = _word(_mapping(body.get("team")), "id")
        return _actor(
            _workspace(_word(user, "team_id"), _mapping(body.get("enterprise")), team) or team, _word(user, "id")
        )
    return _actor(_word(body, "team_id"), _word(body, "user_id"))  # commands


def _actor_of_event(body: Mapping[str, Any], event: Mapping[str, Any]) -> Actor | None:
    if event.get("bot_id"):
        return None
    own_team = _word(event, "user_team") or _word(event, "team") or _word(event, "source_team")
    if not own_team and not body.get("is_ext_shared_channel"):
        own_team = _word(body, "team_id")
    own_team = _workspace(own_team, {"id": body.get("enterprise_id")}, _word(body, "team_id"))
    return _actor(own_team, _word(event, "user"))


def _workspace(team_id: str, enterprise: Mapping[str, Any], team_here: str) -> str:
    """Slack may name a person's organisation (E…): our own stands for the workspace that we are installed in."""
    is_our_organisation = team_id.startswith("E") and team_id == enterprise.get("id")
    return team_here if is_our_organisation else team_id


def delivery_key(body: Mapping[str, Any]) -> str:
    """The same for a repeat, whether Slack's retry or somebody's replay, and for nothing else.

    A form that is sent again with other answers is another submission, although view and hash are the same.
    """
    match body.get("type"):
        case "event_callback":
            return _key("event", _word(body, "event_id") or _digest(body.get("event")))
        case "block_actions":
            return _key("action", *_places(body), _word(_mapping(body.get("user")), "id"), _acts(body))
        case "view_submission" | "view_closed" as kind:
            view = _mapping(body.get("view"))
            return _key(kind, _word(view, "id"), _word(view, "hash"), _digest(_mapping(view.get("state"))))
        case "message_action" | "shortcut":
            return _key("shortcut", _word(body, "trigger_id") or _digest(body))
        case _ if body.get("command"):
            return _key("command", _word(body, "trigger_id") or _digest(body))
        case _:
            return _key("body", _digest(body))


def acted_at(body: Mapping[str, Any]) -> float:
    """When it was clicked or written, in seconds of Slack's clock; 0 where it does not say."""
    listed = body.get("actions")
    said = _word(_mapping(listed[0]), "action_ts") if isinstance(listed, list) and listed else ""
    return float(said) if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", said, re.ASCII) else 0.0


def _places(body: Mapping[str, Any]) -> tuple[str, str]:
    """The message or the view that was clicked on."""
    container = _mapping(body.get("container"))
    message = _word(_mapping(body.get("message")), "ts") or _word(container, "message_ts")
    view = _word(_mapping(body.get("view")), "id") or _word(container, "view_id")
    return _word(container, "channel_id") or _word(_mapping(body.get("channel")), "id"), message or view


def _acts(body: Mapping[str, Any]) -> str:
    """What was clicked, and when."""
    listed = body.get("actions")
    acts = [_mapping(act) for act in listed] if isinstance(listed, list) else []
    return "+".join(f"{_word(act, 'action_ts')}/{_word(act, 'action_id')}" for act in acts) or _digest(body)


def _key(kind: str, *parts: str) -> str:
    """At most 200 characters, so that any table can hold it."""
    key = ":".join((kind, *parts))
    return key if len(key) <= 200 else f"{kind}:{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()}"


def _digest(what: object) -> str:
    written = json.dumps(what, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _actor(team_id: str, user_id: str) -> Actor | None:
    return Actor(team_id, user_id) if user_id else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _word(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
