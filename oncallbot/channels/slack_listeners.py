"""What of Slack's requests is a responder's? Commands, buttons and forms, registered on the one Bolt app.

It must not acknowledge anything before it is committed: what fails is a 500, and events come again.
"""

from __future__ import annotations

from oncallbot.channels import slack_buttons, slack_commands, slack_modals
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.chat.app import App
from oncallbot.engine.slack_names import Workspace


def register(app: App, workspace: Workspace, clients: SlackClients) -> None:
    """Everything that responders do in Slack; `clients` open forms."""
    slack_commands.register(app, workspace)
    slack_buttons.register(app, workspace, clients)
    slack_modals.register(app, workspace)
