"""Where is whoever clicked answered, and in which words? Privately, in the same commit as the act.

It must not say anything where others read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oncallbot.chat.bodies import Actor, actor
from oncallbot.engine.handle import Aside
from oncallbot.engine.slack_names import SlackNames, Workspace
from oncallbot.engine.whispers import say_once, whisper
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.outcomes import Outcome
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.storage.outbox import Notification
from oncallbot.wording.responders import outcome_text
from oncallbot.wording.slack_private import FOREIGN, NOT_A_RESPONDER


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a click came from: the conversation, the person, and Slack's address for answers ("" when none)."""

    channel: str
    user: str
    response_url: str = ""

    def packed(self, issue: int) -> str:
        """As a form carries it, with its issue, until it comes back."""
        return json.dumps({"issue": issue, "channel": self.channel, "user": self.user, "url": self.response_url})


def origin_of(body: Mapping[str, Any]) -> Origin:
    """Of a click or a message shortcut; of a click in a form, where the click was that opened it."""
    if body.get("view") and (brought := unpacked(str(body["view"].get("private_metadata") or ""))) is not None:
        return brought[1]
    container = body.get("container") or {}
    channel = str(container.get("channel_id") or (body.get("channel") or {}).get("id") or "")
    who = actor(body)
    return Origin(channel, who.user_id if who else "", str(body.get("response_url") or ""))


def unpacked(metadata: str) -> tuple[int, Origin] | None:
    """The issue and the origin that a form brought back; None when that was no form of ours."""
    try:
        held = json.loads(metadata)
        return int(held["issue"]), Origin(str(held["channel"]), str(held["user"]), str(held["url"]))
    except (ValueError, TypeError, KeyError):
        return None


def refusal(names: SlackNames, who: Actor | None) -> str:
    """Why this person cannot act."""
    return NOT_A_RESPONDER if who is not None and who.team_id == names.team_id else FOREIGN


def say(workspace: Workspace, key: str, origin: Origin, words: str) -> None:
    """Answer without deciding anything, once for each delivery."""
    now = workspace.door.clock.now()
    said = whisper(words, now, origin.channel, origin.user, response_url=origin.response_url)
    say_once(workspace.door, key, said)


def outcome_aside(workspace: Workspace, responder: Responder, origin: Origin) -> Aside:
    """The private answer to an act."""

    def aside(outcome: Outcome, rules: Rules, _issue: Issue | None) -> Notification:
        now = workspace.door.clock.now()
        words = outcome_text(outcome, rules, responder, now)
        return whisper(words, now, origin.channel, origin.user, response_url=origin.response_url)

    return aside
