"""A preview in Slack, as its asker sees it: what it says, and its buttons."""

from dataclasses import dataclass
from typing import Any

from tests.slack_stage import Chat


@dataclass
class Preview:
    """The newest words that only `user` sees, when this was made."""

    chat: Chat
    user: str
    ts: str

    @property
    def now(self) -> Any:
        every = self.chat.sim.get(f"/slack/users/{self.user}")["ephemerals"]
        return next(one for one in every if one["ts"] == self.ts)

    @property
    def words(self) -> str:
        return "\n".join(self.now["words"])

    @property
    def buttons(self) -> list[str]:
        return [one["text"] for one in self.now["buttons"]]

    def clicks(self, button: str) -> str:
        """What it says afterwards."""
        self.chat.does(self.user, "click", channel=self.now["channel"], ts=self.ts, text=button)
        self.chat.night.sends()
        return str(self.now["text"])


def shown(chat: Chat, user: str, text: str, channel: str = "dm") -> Preview:
    """The preview that the command is answered with."""
    chat.commands(user, text, channel)
    return Preview(chat, user, chat.sim.get(f"/slack/users/{user}")["ephemerals"][-1]["ts"])
