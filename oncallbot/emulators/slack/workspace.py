"""What exists at the emulated Slack: the app, the people, the conversations, and what is on each screen?

Must not refuse requests (the desks do) and must not send anything to the product (`couriers` do).
"""

import random
import secrets
import time
from dataclasses import dataclass, field

from oncallbot.emulators.journal import Journal
from oncallbot.emulators.settings import Settings
from oncallbot.emulators.slack.methods import DEFAULT_SCOPES
from oncallbot.emulators.slack.rates import Meter
from oncallbot.emulators.slack.records import (
    Channel,
    Ephemeral,
    Message,
    ResponseUrl,
    Sent,
    Trigger,
    User,
    UserGroup,
    View,
)


@dataclass(slots=True)
class App:
    """The one installed app, and what its owner or an administrator may change while everything runs.

    `events`: the subscribed ones (`message.channels`, `app_mention` …); None is all of them.
    """

    request_url: str
    signing_secret: str
    token: str
    team_id: str
    bot_id: str
    bot_user_id: str
    client_id: str
    client_secret: str
    app_id: str = "A0EMULATED"
    app_name: str = "oncall"
    team_name: str = "Example"
    team_domain: str = "example"
    scopes: list[str] = field(default_factory=lambda: list(DEFAULT_SCOPES))
    events: list[str] | None = None
    is_paid: bool = True
    may_edit_groups: bool = True
    is_inactive: bool = False
    trigger_seconds: float = 3.0
    response_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    clock_skew: float = 0.0

    def subscribes(self, *names: str) -> bool:
        return self.events is None or any(name in self.events for name in names)


@dataclass(slots=True)
class Workspace:
    """All records. Ids and timestamps are made here, so that they are unique."""

    settings: Settings
    journal: Journal
    app: App
    base_url: str = ""
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)
    _last_micros: int = 0

    def __post_init__(self) -> None:
        app = self.app
        self.users[app.bot_user_id] = User(
            app.bot_user_id, app.team_id, name=app.app_name, real_name=app.app_name, is_bot=True
        )

    def new_ts(self) -> str:
        """Now, as Slack names a message: unique and growing."""
        self._last_micros = max(int(time.time() * 1_000_000), self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        return letter + "0" + "".join(random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=9))

    def new_trigger(self, user: str, view_id: str | None = None) -> Trigger:
        number = random.randrange(10**12, 10**13)
        trigger = Trigger(f"{number}.{number // 7}.{secrets.token_hex(16)}", user, time.monotonic(), view_id)
        self.triggers[trigger.id] = trigger
        return trigger

    def new_response_url(
        self,
        kind: str,
        user: str,
        channel: str,
        ts: str | None = None,
        thread_ts: str | None = None,
        is_ephemeral: bool = False,
    ) -> str:
        """An absolute URL; `kind` is commands, actions or app."""
        path = f"/hooks/{kind}/{self.app.team_id}/{random.randrange(10**12, 10**13)}/{secrets.token_urlsafe(18)}"
        self.response_urls[path] = ResponseUrl(path, user, channel, time.monotonic(), ts, thread_ts, is_ephemeral)
        return self.base_url + path

    def channel_named(self, name: str) -> Channel | None:
        """By id or by name, with or without #."""
        found = self.channels.get(name)
        bare = name.removeprefix("#")
        return found or next((each for each in self.channels.values() if bare and each.name == bare), None)

    def direct(self, users: list[str]) -> Channel:
        """The conversation of the bot with these users, opened if there is none yet."""
        members = {self.app.bot_user_id, *users}
        kind = "im" if len(users) == 1 else "mpim"
        for channel in self.channels.values():
            if channel.kind == kind and set(channel.members) == members:
                return channel
        made = Channel(self.new_id("D" if kind == "im" else "G"), "im" if kind == "im" else "mpim")
        made.members, made.creator = sorted(members), self.app.bot_user_id
        self.channels[made.id] = made
        return made

    def bot_is_in(self, channel: Channel) -> bool:
        return self.app.bot_user_id in channel.members

    def find_message(self, channel: Channel, ts: str) -> Message | None:
        found = channel.messages.get(ts)
        return found if found and not found.is_deleted else None

    def find_view(self, view_id: str = "", external_id: str = "") -> View | None:
        """An open modal or a home tab, by Slack's id or by the app's own."""
        views = [view for stack in self.modals.values() for view in stack] + list(self.homes.values())
        for view in views:
            if view.id == view_id or (external_id and view.definition.get("external_id") == external_id):
                return view
        return None

    def show(self, ephemeral: Ephemeral) -> Ephemeral:
        self.ephemerals.append(ephemeral)
        self.journal.note("slack_ephemeral", user=ephemeral.user, channel=ephemeral.channel, text=ephemeral.text)
        return ephemeral

    def tell(self, user: str, channel: str, text: str) -> None:
        """Slack's own words to one user, such as that a command has failed."""
        self.show(Ephemeral(self.new_ts(), channel, user, text, via="error"))

    def violation(self, code: str, text: str, of: str = "conduct", **facts: object) -> None:
        self.journal.violation(code, text, of=of, vendor="slack", **facts)


def new_app(settings: Settings) -> App:
    return App(
        request_url=settings.slack_request_url,
        signing_secret=settings.slack_signing_secret,
        token=settings.slack_token,
        team_id=settings.slack_team_id,
        bot_id=settings.slack_bot_id,
        bot_user_id=settings.slack_bot_user_id,
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret,
    )
