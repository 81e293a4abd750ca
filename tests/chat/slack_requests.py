"""Requests as Slack signs and sends them, and bodies as it writes them. The signer is our own, not the SDK's."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

from tests.chat.vendor import ANA, ERIK, ONCALL, TEAM, TS

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ACME_TEAM = "T0ACME0001"
TRIGGER = "123.456.abc"


def signed(body: str, form: bool = True, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - age)
    base = f"v0:{timestamp}:{body}".encode()
    return {
        "Content-Type": "application/x-www-form-urlencoded" if form else "application/json",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest(),
    }


def command_body(text: str = "", **more: str) -> dict[str, Any]:
    return {
        "command": "/oncall",
        "text": text,
        "team_id": TEAM,
        "user_id": ANA,
        "channel_id": ONCALL,
        "trigger_id": TRIGGER,
        "response_url": "https://hooks.slack.example/commands/1",
        **more,
    }


def event_body(event_id: str = "Ev0001", shared: bool = False, **event: Any) -> dict[str, Any]:
    said = {"type": "message", "user": ANA, "text": "help", "channel": ONCALL, "ts": TS, "team": TEAM} | event
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": event_id,
        "event_time": 1795316400,
        "is_ext_shared_channel": shared,
        "authorizations": [{"team_id": TEAM, "user_id": "U0BOT00001", "is_bot": True}],
        "event": said,
    }


def click_body(user: dict[str, str] | None = None, action_ts: str = "1795316460.5", **more: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": user or {"id": ANA, "team_id": TEAM},
        "team": {"id": TEAM, "domain": "example"},
        "trigger_id": TRIGGER,
        "container": {"type": "message", "message_ts": TS, "channel_id": ONCALL},
        "channel": {"id": ONCALL},
        "message": {"ts": TS},
        "actions": [{"type": "button", "action_id": "acknowledge", "value": "AH-1042", "action_ts": action_ts}],
        **more,
    }


def erik() -> dict[str, str]:
    return {"id": ERIK, "team_id": ACME_TEAM}


def shortcut_body(**more: Any) -> dict[str, Any]:
    return {
        "type": "message_action",
        "callback_id": "page_on_call",
        "trigger_id": TRIGGER,
        "action_ts": "1795316460.7",
        "user": {"id": ANA, "team_id": TEAM},
        "team": {"id": TEAM},
        "channel": {"id": ONCALL},
        "message": {"ts": TS, "text": "it is down"},
        **more,
    }


def submission_body(note: str = "rebooted", hash_: str = "1.a", **more: Any) -> dict[str, Any]:
    state = {"values": {"note": {"note": {"type": "plain_text_input", "value": note}}}}
    return {
        "type": "view_submission",
        "user": {"id": ANA, "team_id": TEAM},
        "team": {"id": TEAM},
        "view": {"id": "V1", "type": "modal", "hash": hash_, "callback_id": "resolve", "state": state},
        **more,
    }


def as_form(body: dict[str, Any]) -> str:
    """Commands are forms; interactivity is a form with a JSON payload."""
    return urlencode(body if "command" in body else {"payload": json.dumps(body)})
