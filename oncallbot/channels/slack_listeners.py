"""What of Slack's requests is a responder's? Commands, buttons and forms, registered on the one Bolt app.

It must not acknowledge anything before it is committed: what fails is a 500, and events come again.
"""

from __future__ import annotations

from oncallbot.channels import (
    slack_buttons,
    slack_changes,
    slack_commands,
    slack_home,
    slack_modals,
    slack_rotations,
)
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.chat.app import App
from oncallbot.engine.feeding import Feeding
from oncallbot.engine.slack_names import Workspace


def register(app: App, workspace: Workspace, clients: SlackClients, feeding: Feeding) -> None:
    """Everything that responders do in Slack; `clients` open forms, `feeding` makes addresses of calendars."""
    slack_commands.register(app, workspace, clients, feeding)
    slack_changes.register(app, workspace)
    slack_rotations.register(app, workspace, clients)
    slack_home.register(app, workspace)
    slack_buttons.register(app, workspace, clients)  # the last of those with buttons: it takes every one that is left
    slack_modals.register(app, workspace)
