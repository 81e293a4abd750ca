"""Which id has this channel's name, or the member with this e-mail address? Asked of Slack, by the worker only.

It must not remember: `storage.slack_ids` does, for every process.
"""

from __future__ import annotations

from oncallbot.channels.slack_clients import SlackClients


class SlackDirectory:
    """`engine.slack_names.Directory` at Slack."""

    def __init__(self, clients: SlackClients) -> None:
        self._clients = clients

    def id_of(self, name: str) -> str | None:
        """The id, None when nobody and nothing has that name. Raises VendorError."""
        slack = self._clients.mine()
        return slack.user_id_of_email(name) if "@" in name else slack.channel_id_of_name(name)
