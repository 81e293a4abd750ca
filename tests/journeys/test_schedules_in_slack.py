"""A rotation's life with whole processes: made in chat, paged by, covered, swapped, and handed over at its instant."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.engine.stage import ROSTER
from tests.journeys.conftest import DATABASES, fresh_database
from tests.journeys.house import Sim, carried_out
from tests.journeys.processes import Program, clean_environment, free_port

pytestmark = pytest.mark.journey

ANA, BEN, DORA, ONCALL = "U0ANA00001", "U0BEN00001", "U0DORA0001", "C0ONCALL01"
PEOPLE = {ANA: "Ana Ruiz", BEN: "Ben Okafor", DORA: "Dora Lind"}
FILE = (
    ROSTER.replace(
        "    notify: [{after: 0s, by: sms}, {after: 1m, by: voice}, {after: 3m, by: voice}]",
        f"    slack: {ANA}\n    notify: [{{after: 0s, by: slack}}]",
    )
    .replace("phone: +49 30 23125 002, notify: [{after: 0s, by: voice}]", f"slack: {BEN}")
    .replace("name: Dora Lind,", f"name: Dora Lind, slack: {DORA},")
    .replace("    office_hours: berlin\n", f"    on_call_channel: {ONCALL}\n    office_hours: berlin\n")
)
SERVE = ["-m", "oncallbot.cli", "serve", "--host", "127.0.0.1"]


@dataclass
class Evening:
    """The product, Slack's emulator, and what people do there."""

    product: Program
    environment: dict[str, str]
    folder: Path
    sim: Sim

    def command(self, *words: str) -> str:
        done = carried_out(self.environment, *words)
        assert done.code == 0, done.complaint + done.said
        return done.said

    def types(self, user: str, text: str) -> str:
        """What `/oncall …` is answered."""
        answered = self.sim.post(f"/slack/users/{user}/command", text=text)
        assert answered["error"] is None, answered
        return "\n".join(one["text"] for one in answered["shown"])

    def clicks(self, user: str, button: str, shown: Any) -> None:
        self.sim.post(f"/slack/users/{user}/click", channel=shown["channel"], ts=shown["ts"], text=button)

    def confirms(self, user: str, text: str) -> None:
        """Types an order, and confirms its preview."""
        self.types(user, text)
        self.clicks(user, "Confirm", self.sim.wait("slack_ephemeral", user=user, button="Confirm"))
        self.sim.wait("slack_ephemeral", user=user, contains="Done.")

    def is_told(self, user: str, words: str, **more: Any) -> Any:
        return self.sim.wait("slack_message", 20, direct=user, contains=words, **more)

    def page_rings(self, user: str, words: str) -> None:
        """A page goes to exactly this person, who takes it."""
        reference = json.loads(self.command("page", words, "--customer", "acme", "--json"))["reference"]
        first = PEOPLE[user].split()[0]
        self.is_told(user, f"{reference} · Acme GmbH (gold) · waiting for {first}")
        # Beside the answer stands what else this person is told in that moment.
        assert f"{reference} is resolved." in self.types(user, f"resolve {reference}").splitlines()

    def restarts(self, offset: str) -> None:
        """The same product, some time later."""
        assert self.product.stop() == 0
        self.environment["ONCALLBOT_CLOCK_OFFSET"] = offset
        self.product = Program("product", SERVE, self.environment, self.folder, forks=True).until_ready()


@pytest.fixture(params=DATABASES)
def evening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Evening]:
    line = ["-m", "oncallbot.emulators"]
    emulator = Program("emulator", line, clean_environment(), tmp_path, forks=True).until_ready()
    sim, port = Sim(emulator.url), str(free_port())
    shown = sim.get("/slack/settings")
    sim.put(
        "/slack",
        settings={"request_url": f"http://127.0.0.1:{port}/slack/events", "rate_limits": {"on": False}},
        users={user: {"real_name": name} for user, name in PEOPLE.items()},
        channels={ONCALL: {"name": "on-call", "members": list(PEOPLE)}},
    )
    environment = clean_environment() | {
        "DATABASE_URL": fresh_database(request, request.param, tmp_path),
        "SECRET_KEY": "a secret key for journeys only",
        "PORT": port,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ONCALLBOT_ALLOW_EMULATORS": "1",
        "SLACK_API_URL": f"{emulator.url}/api/",
        "SLACK_BOT_TOKEN": shown["token"],
        "SLACK_SIGNING_SECRET": shown["signing_secret"],
        "SLACK_TEAM_ID": shown["team_id"],
        "SLACK_BOT_ID": shown["bot_id"],
        "SLACK_BOT_USER_ID": shown["bot_user_id"],
    }
    assert carried_out(environment, "db", "upgrade").code == 0
    made = Evening(
        Program("product", SERVE, environment, tmp_path, forks=True).until_ready(), environment, tmp_path, sim
    )
    (tmp_path / "roster.yaml").write_text(FILE)
    made.command("apply", str(tmp_path / "roster.yaml"))
    yield made
    assert [one for one in sim.get("/violations?kind=conduct") if one.get("vendor") == "slack"] == []
    assert made.product.stop() == 0
    assert emulator.stop() == 0
    sim.http.close()


def test_a_rotation_is_made_in_chat_paged_by_covered_swapped_and_handed_over(evening: Evening):
    handoff = datetime.now(UTC) + timedelta(minutes=30)  # the next one, whatever the hour
    hourly = f"every 1 hour at 00:{handoff:%M} @ana @ben in UTC"  # where no hour is left out or comes twice
    evening.confirms(DORA, f"rotation create nights {hourly} because of the move")
    pages_by_it(evening)
    evening.page_rings(ANA, "the pump is hot")

    evening.types(ANA, "cover me because of a concert")
    evening.clicks(BEN, "I take it", evening.is_told(BEN, "Who covers nights", button="I take it"))
    evening.is_told(ANA, "No longer in nights")
    evening.page_rings(BEN, "the pump is cold")

    choices = [one for one in evening.types(ANA, "swap with @ben").splitlines() if one.endswith("in nights")]
    said = evening.types(ANA, choices[1].removeprefix("/oncall "))  # for Ben's next: his present one is hers
    assert said.startswith("Ben is asked to swap"), said + str(choices[:3])
    evening.clicks(BEN, "Accept", evening.is_told(BEN, "Ana asks you to swap", button="Accept"))
    evening.is_told(ANA, "Ben has accepted the swap")

    evening.restarts("+45m")
    evening.sim.wait("slack_message", 20, channel=ONCALL, contains="Handoff in nights: Ana is on call now.")
    evening.sim.wait("slack_channel", 20, channel=ONCALL, topic="On call: Ana")
    evening.page_rings(ANA, "the pump is hot again")


def pages_by_it(evening: Evening) -> None:
    """The policy pages what chat has made: files say so, and take over what they had not."""
    file = evening.folder / "roster.yaml"
    evening.command("export", str(file))
    said = file.read_text()
    assert "nights:" in said
    file.write_text(said.replace("{schedule: primary}", "{schedule: nights}").replace("next: primary", "next: nights"))
    evening.command("apply", str(file))
