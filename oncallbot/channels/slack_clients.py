"""Which Slack client does this thread use? One each, with the channel names that they have learnt in common.

It must not be asked for a client before the first send: making one opens nothing, but costs time.
"""

from __future__ import annotations

import threading
from datetime import timedelta

from oncallbot.chat.channel_names import ChannelNames
from oncallbot.chat.client import Credentials, Slack


class SlackClients:
    """One `Slack` per thread that asks; each request may take `timeout` for connecting and again for the answer."""

    def __init__(self, credentials: Credentials, timeout: timedelta = timedelta(seconds=6)) -> None:
        self._credentials = credentials
        self._timeout = timeout
        self._names = ChannelNames()
        self._own = threading.local()

    def mine(self) -> Slack:
        """This thread's."""
        known: Slack | None = getattr(self._own, "slack", None)
        if known is None:
            known = self._own.slack = Slack(self._credentials, self._timeout, self._names)
        return known
