"""Who asks something in Slack, and where? What a command or a click about schedules brings with it.

It must not answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from oncallbot.channels.slack_answers import Origin
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.engine.feeding import Feeding
from oncallbot.engine.slack_names import Workspace
from oncallbot.oncall.people import Responder


@dataclass(frozen=True, slots=True)
class Asking:
    """One request of a responder: `key` is the same for its repeats, `trigger_id` opens one form within 3 s."""

    workspace: Workspace
    clients: SlackClients
    feeding: Feeding
    responder: Responder
    key: str
    origin: Origin
    trigger_id: str = ""
