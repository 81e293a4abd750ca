"""What is a user, a channel, a message, a view at the emulated Slack?

Must not decide anything: these only hold.
"""

import time
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Blocks = list[Json]
ChannelKind = Literal["channel", "group", "im", "mpim"]


@dataclass(slots=True)
class User:
    """A person or a bot. `is_restricted` is a guest; another `team_id` than the workspace's is a stranger's."""

    id: str
    team_id: str
    name: str = ""
    real_name: str = ""
    email: str = ""
    tz: str = "Europe/Berlin"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_admin: bool = False
    deleted: bool = False

    @property
    def is_guest(self) -> bool:
        return self.is_restricted or self.is_ultra_restricted


@dataclass(slots=True)
class Message:
    """The newest state of one message; `versions` holds the earlier ones, oldest first."""

    ts: str
    user: str
    text: str
    blocks: Blocks = field(default_factory=list)
    attachments: Blocks = field(default_factory=list)
    team: str = ""
    bot_id: str | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    versions: list[Json] = field(default_factory=list)
    is_deleted: bool = False
    is_pinned: bool = False

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(slots=True)
class Channel:
    """A conversation. The app sees it only while its bot user is among the members."""

    id: str
    kind: ChannelKind = "channel"
    name: str = ""
    topic: str = ""
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    is_ext_shared: bool = False
    creator: str = ""
    created: int = field(default_factory=lambda: int(time.time()))
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def shown(self) -> list[Message]:
        return [message for message in self.messages.values() if not message.is_deleted]

    def thread(self, ts: str) -> list[Message]:
        """The replies, without the first message."""
        return [message for message in self.shown if message.thread_ts == ts and message.ts != ts]


@dataclass(slots=True)
class Ephemeral:
    """What one user alone sees. `via`: postEphemeral, response_url, command, or error (Slack's own words)."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: Blocks = field(default_factory=list)
    thread_ts: str | None = None
    via: str = "postEphemeral"
    at: float = field(default_factory=time.time)
    is_deleted: bool = False


@dataclass(slots=True)
class View:
    """A modal on a user's screen, or a user's home tab."""

    id: str
    user: str
    definition: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    app_installed_team_id: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    versions: int = 1

    @property
    def callback_id(self) -> str:
        return str(self.definition.get("callback_id", ""))

    @property
    def blocks(self) -> Blocks:
        blocks: Blocks = self.definition.get("blocks", [])
        return blocks


@dataclass(slots=True)
class Trigger:
    """A permission to open one modal for one user, for three seconds."""

    id: str
    user: str
    made_at: float
    view_id: str | None = None
    is_exchanged: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """An address that answers one command, click or shortcut. `ts` is the message that it replaces."""

    path: str
    user: str
    channel: str
    made_at: float
    ts: str | None = None
    thread_ts: str | None = None
    is_ephemeral: bool = False
    used: int = 0


@dataclass(slots=True)
class UserGroup:
    id: str
    name: str
    handle: str
    description: str = ""
    users: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    is_disabled: bool = False
    updates: int = 0


@dataclass(slots=True)
class Sent:
    """One request to the product, kept so that it can be repeated to the letter."""

    kind: str
    user: str
    url: str
    body: bytes
    content_type: str
    params: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
