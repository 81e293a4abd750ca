"""The house with Slack: everybody has it, and every street has a channel for its cards and one for its customers."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys import streets
from tests.journeys.house import House, Sim
from tests.journeys.night import Night, Phone

SLACKS = ("ana", "ben", "cem", "dora")


def user_of(street: int, name: str) -> str:
    return f"U0{name.upper()}{street:04d}"


def channel_of(street: int, what: str) -> str:
    return f"C0{what.upper()}{street:04d}"


class SlackHouse(House):
    """`start` is where the processes learn of Slack: the first one of them, and every later one."""

    def start(self, *names: str) -> None:
        if "SLACK_BOT_TOKEN" not in self.environment:
            self._connect_slack()
        super().start(*names)

    def _connect_slack(self) -> None:
        shown = self.sim.get("/slack/settings")
        self.environment |= {
            "SLACK_BOT_TOKEN": shown["token"],
            "SLACK_SIGNING_SECRET": shown["signing_secret"],
            "SLACK_TEAM_ID": shown["team_id"],
            "SLACK_BOT_ID": shown["bot_id"],
            "SLACK_BOT_USER_ID": shown["bot_user_id"],
            "SLACK_API_URL": f"{self.environment['TWILIO_API_URL']}/api/",
        }
        # Nights are played many times as fast as they are: Slack's pace is proved in tests/channels.
        self.sim.put("/slack/settings", request_url=f"{self.url(self.front)}/slack/events", rate_limits={"on": False})
        file = json.loads(streets.roster(self.kinds))
        for street in self.kinds:
            for name in SLACKS:
                self._add_person(file, street, name)
            people = [user_of(street, name) for name in SLACKS]
            for what in ("oncall", "help"):
                self.sim.put(f"/slack/channels/{channel_of(street, what)}", name=f"{what}-{street}", members=people)
            hotline = file["hotlines"][f"main{street}"]
            hotline["on_call_channel"] = channel_of(street, "oncall")
            hotline["slack_channels"] = [f"help-{street}"]
            file["policies"][f"policy{street}"]["levels"][0]["page"].append({"responder": f"dora{street}"})
        (self.folder / "roster.yaml").write_text(json.dumps(file))
        applied = self.command("apply", str(self.folder / "roster.yaml"))
        assert applied.code == 0, applied.complaint

    def _add_person(self, file: dict[str, Any], street: int, name: str) -> None:
        user = user_of(street, name)
        self.sim.put(f"/slack/users/{user}", name=f"{name}{street}", email=f"{name}{street}@example.com")
        person = file["responders"][f"{name}{street}"]
        person["slack"] = user
        person["notify"] = [{"after": "0s", "by": "slack"}, *person["notify"]]


@dataclass(frozen=True)
class Colleague:
    """Somebody in Slack."""

    sim: Sim
    user: str
    oncall: str
    help: str

    def does(self, verb: str, **how: Any) -> Any:
        return self.sim.post(f"/slack/users/{self.user}/{verb}", **how)

    def sees_card(self, words: str, within: float = 15.0, **more: Any) -> Any:
        """The one card with these words in the on-call channel."""
        return self.sim.wait("slack_message", within, channel=self.oncall, contains=words, **more)

    def clicks(self, button: str, ts: str) -> Any:
        return self.does("click", channel=self.oncall, ts=ts, text=button)

    def reads_privately(self, words: str, within: float = 15.0) -> str:
        found = self.sim.wait("slack_ephemeral", within, user=self.user, contains=words)
        return str(found["text"])

    def cards(self) -> list[str]:
        """The headers in the on-call channel, oldest first."""
        shown = self.sim.get(f"/slack/channels/{self.oncall}/messages")
        blocks = [block for one in shown for block in one.get("blocks") or ()]
        return [str(block["text"]["text"]) for block in blocks if block["type"] == "header"]


def colleague(night: Night, phone: Phone) -> Colleague:
    name = phone.id.rstrip("0123456789")
    street = night.street
    return Colleague(night.sim, user_of(street, name), channel_of(street, "oncall"), channel_of(street, "help"))


def slack_house(folder: Path, url: str, kinds: dict[int, str], **options: Any) -> SlackHouse:
    return SlackHouse(folder, url, kinds=kinds, **options)
