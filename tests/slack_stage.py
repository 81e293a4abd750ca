"""A night in Slack: the product's own Bolt app and sender, and an emulated workspace at the HTTP seam, both ways.

People of ours: Ana, Cem and Dora by their ids, Ben by his e-mail address. Fay works here and is no responder; Erik of
Acme comes from another workspace, into a channel that is shared with his.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oncallbot.channels import slack_listeners
from oncallbot.channels.link import Links
from oncallbot.channels.slack import SlackSender
from oncallbot.channels.slack_clients import SlackClients
from oncallbot.channels.slack_directory import SlackDirectory
from oncallbot.chat import app as chat
from oncallbot.chat.client import Credentials, Slack
from oncallbot.engine.change import Changed, Edit, change
from oncallbot.engine.feeding import Feeding
from oncallbot.engine.slack_names import Lookup, Workspace
from oncallbot.escalation.issue import Issue
from oncallbot.intake import slack_channel, slack_shortcut
from oncallbot.oncall.people import Method
from oncallbot.storage import issues
from oncallbot.storage.database import Database
from oncallbot.web import app as web
from tests.engine.outside import Front, Sim, senders
from tests.engine.stage import ROSTER, SECRET, HandClock, Night, prepared, roster

ANA, BEN, CEM, DORA = "U0ANA00001", "U0BEN00001", "U0CEM00001", "U0DORA0001"
FAY, ERIK = "U0FAY00001", "U0ERIK0001"
ACME_TEAM = "T0ACME0001"
ONCALL, HELP, SHARED, DAY = "C0ONCALL01", "C0HELP0001", "C0ACME0001", "C0DAYTEAM1"
# Slack's own three seconds are for whole processes (tests/journeys): here emulator and product share one interpreter.
PATIENT = {"response_seconds": 30, "trigger_seconds": 30}
PEOPLE = {ANA: "Ana Ruiz", BEN: "Ben Okafor", CEM: "Cem Aydin", DORA: "Dora Lind", FAY: "Fay Moss"}

SLACK_ROSTER = (
    ROSTER.replace(
        "    notify: [{after: 0s, by: sms}, {after: 1m, by: voice}, {after: 3m, by: voice}]",
        f"    slack: {ANA}\n    timezone: Europe/Madrid\n"
        "    notify: [{after: 0s, by: slack}, {after: 0s, by: sms}]",
    )
    .replace("ben: {name: Ben Okafor,", "ben: {name: Ben Okafor, slack: ben@example.com,")
    .replace("cem: {name: Cem Aydin,", f"cem: {{name: Cem Aydin, slack: {CEM},")
    .replace("dora: {name: Dora Lind,", f"dora: {{name: Dora Lind, slack: {DORA},")
    .replace(
        "    email_domains: [acme.example]\n", "    email_domains: [acme.example]\n    slack_channels: [acme-help]\n"
    )
    .replace(
        "    office_hours: berlin\n",
        f"    slack_channels: [{HELP}]\n    on_call_channel: {ONCALL}\n    day_team: {{channel: {DAY}}}\n"
        "    office_hours: berlin\n",
    )
)


@dataclass
class Chat:
    """The night, with short verbs for what people do and see in Slack."""

    night: Night
    sim: Sim
    lookup: Lookup
    client: Slack

    # What people do

    def does(self, user: str, verb: str, **how: Any) -> Any:
        return self.sim.post(f"/slack/users/{user}/{verb}", **how)

    def posts(self, user: str, text: str, channel: str = HELP, **more: Any) -> str:
        """A post, once the product has answered for it; its ts."""
        made = self.does(user, "post", channel=channel, text=text, **more)
        self.heard(made)
        return str(made["ts"])

    def heard(self, made: Any) -> None:
        """The product has been told, and has agreed."""
        if made.get("event_id"):
            self.sim.wait("slack_delivery", purpose="event", event_id=made["event_id"], status="200")

    def commands(self, user: str, text: str, channel: str = "dm") -> str:
        """What the command is answered, as the asker alone sees it."""
        answered = self.does(user, "command", text=text, channel=channel)
        assert answered["status"] == 200, answered
        assert answered["error"] is None, answered
        return "\n".join(one["text"] for one in answered["shown"])

    def clicks(self, user: str, button: str, channel: str = ONCALL, ts: str | None = None, **more: Any) -> Any:
        """A click on the newest card there, then everything that is due leaves."""
        shown = self.card(channel) if ts is None else {"ts": ts, "channel": channel}
        answered = self.does(user, "click", channel=shown["channel"], ts=shown["ts"], text=button, **more)
        self.night.sends()
        return answered

    def submits(self, user: str, **values: Any) -> Any:
        answered = self.does(user, "submit", values=values)
        self.night.sends()
        return answered

    # What people see

    def messages(self, channel: str) -> list[Any]:
        return list(self.sim.get(f"/slack/channels/{channel}/messages"))

    def card(self, channel: str = ONCALL) -> Any:
        """The newest message with a header there: `direct/<user>` for somebody's direct messages."""
        if channel in PEOPLE:
            found = self.sim.get(f"/slack/users/{channel}")["direct"]
        else:
            found = self.messages(channel)
        cards = [one for one in found if any(block["type"] == "header" for block in one.get("blocks") or ())]
        assert cards, f"no card in {channel}: {found}"
        return cards[-1]

    def header(self, channel: str = ONCALL) -> str:
        return str(next(one["text"]["text"] for one in self.card(channel)["blocks"] if one["type"] == "header"))

    def buttons(self, channel: str = ONCALL) -> list[str]:
        return [one["text"] for one in self.card(channel)["buttons"]]

    def thread(self, channel: str, ts: str) -> list[str]:
        return [one["text"] for root in self.messages(channel) if root["ts"] == ts for one in root["thread"]]

    def whispers(self, user: str) -> list[str]:
        """What only this person has been told, oldest first."""
        return [one["text"] for one in self.sim.get(f"/slack/users/{user}")["ephemerals"]]

    def modal(self, user: str) -> Any:
        return self.sim.get(f"/slack/users/{user}")["modal"]

    def calls(self, method: str) -> list[Any]:
        return list(self.sim.get(f"/slack/calls?method={method}"))

    def forgives(self, code: str) -> None:
        """This is what the test is about: Slack's complaints are of this one kind, and are forgotten."""
        codes = {one["code"] for one in self.complaints()}
        assert codes == {code}
        self.sim.http.delete("/violations")

    def complaints(self) -> list[Any]:
        return [one for one in self.sim.get("/violations?kind=conduct") if one.get("vendor") == "slack"]

    # What is stored

    def issues(self) -> list[Issue]:
        with self.night.database.read() as connection:
            return issues.all_ones(connection, 50)

    def issue(self) -> Issue:
        """The only one."""
        (found,) = self.issues()
        return found


@pytest.fixture(scope="session")
def sqlite_slack_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its rules are read and applied once: that takes longer than any of its tests' own work."""
    folder = tmp_path_factory.mktemp("slack")
    prepared(f"sqlite:///{folder / 'oncallbot.db'}", folder, SLACK_ROSTER)
    return folder / "oncallbot.db"


@pytest.fixture
def slack_night(database: Database, clock: HandClock, sqlite_slack_night: Path, tmp_path: Path) -> Night:
    """The night of the stage, where Slack is connected and everybody but one has it."""
    night = Night(database, clock, (Method.SLACK, Method.SMS, Method.VOICE))
    if database.is_postgresql:
        done = change(night.door, Edit(roster(tmp_path, SLACK_ROSTER), from_files=True), "test", 1)
        assert isinstance(done, Changed), done
    else:
        database.close()  # nobody has asked it anything
        shutil.copy(sqlite_slack_night, str(database.url.database))
    return night


@pytest.fixture
def chat_night(slack_night: Night, sim: Sim, front: Front) -> Iterator[Chat]:
    """Slack at the other end, both ways."""
    night, settings = slack_night, sim.settings
    night.public_url = front.url
    clients = SlackClients(Credentials(settings.slack_token, f"{sim.url}/api/"), timedelta(seconds=5))
    bolt = chat.create(
        signing_secret=settings.slack_signing_secret,
        token=settings.slack_token,
        team_id=settings.slack_team_id,
        bot_id=settings.slack_bot_id,
        bot_user_id=settings.slack_bot_user_id,
        api_url=f"{sim.url}/api/",
    )
    workspace = Workspace(night.door, settings.slack_team_id)
    slack_listeners.register(bolt, workspace, clients, Feeding(night.door, SECRET, front.url))
    slack_channel.register(bolt, workspace)
    slack_shortcut.register(bolt, workspace)
    tokens = (settings.auth_token,)
    links = Links(SECRET, front.url)
    front.app = web.create(web.Doors(night.door, night.measures, front.url, tokens, "test", links, bolt))
    night.senders = {**senders(sim, front.url), Method.SLACK: SlackSender(night.door, clients, front.url)}
    _furnish(sim, f"{front.url}/slack/events")
    made = Chat(night, sim, Lookup(night.door, SlackDirectory(clients)), clients.mine())
    made.lookup.look_up()
    yield made
    complaints = made.complaints()
    assert complaints == [], complaints


def _furnish(sim: Sim, request_url: str) -> None:
    """In one request: every test of Slack begins with it."""
    users: dict[str, Any] = {}
    for user, name in PEOPLE.items():
        first = name.split()[0].lower()
        users[user] = {"name": first, "real_name": name, "email": f"{first}@example.com"}
    users[ERIK] = {"name": "erik", "real_name": "Erik", "team_id": ACME_TEAM}
    channels: dict[str, Any] = {
        ONCALL: {"name": "on-call", "members": [*PEOPLE]},
        HELP: {"name": "help", "members": [*PEOPLE]},
        DAY: {"name": "day-team", "members": [*PEOPLE]},
        SHARED: {"name": "acme-help", "members": [*PEOPLE, ERIK], "is_ext_shared": True},
    }
    settings = {"request_url": request_url, "rate_limits": {"on": False}, **PATIENT}
    sim.put("/slack", settings=settings, users=users, channels=channels)
