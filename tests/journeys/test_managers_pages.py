"""A manager's evening with whole processes: in by Slack or by a link, and the page follows the night."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.engine.stage import ROSTER
from tests.journeys.conftest import fresh_database
from tests.journeys.house import carried_out
from tests.journeys.processes import Program, clean_environment, free_port

pytestmark = [pytest.mark.journey, pytest.mark.browser]
FILE = ROSTER.replace("name: Dora Lind,", "name: Dora Lind, slack: U0DORA0001,").replace(
    "name: Ana Ruiz\n", "name: Ana Ruiz\n    slack: U0ANA00001\n"
)
PATIENCE = 20_000  # milliseconds, on a busy machine
PEOPLE = {"U0DORA0001": {"real_name": "Dora Lind"}, "U0ANA00001": {"real_name": "Ana Ruiz"}}


@dataclass
class Evening:
    """The product with Slack's emulator, and its command line."""

    product: Program
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        done = carried_out(self.environment, *words)
        assert done.code == 0, done.complaint
        return done.said


@pytest.fixture(params=["sqlite", "postgresql"])
def evening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Evening]:
    line = ["-m", "oncallbot.emulators"]
    emulator = Program("emulator", line, clean_environment(), tmp_path, forks=True).until_ready()
    port = str(free_port())
    with httpx.Client(base_url=f"{emulator.url}/sim", trust_env=False, verify=False, timeout=30) as sim:
        shown = sim.get("/slack/settings").json()
        address = {"request_url": f"http://127.0.0.1:{port}/slack/events"}
        sim.put("/slack", json={"settings": address, "users": PEOPLE}).raise_for_status()
    environment = clean_environment() | {
        "DATABASE_URL": fresh_database(request, request.param, tmp_path),
        "SECRET_KEY": "a secret key for journeys only",
        "PORT": port,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ONCALLBOT_ALLOW_EMULATORS": "1",
        "ONCALLBOT_OIDC_ISSUER": emulator.url,
        "SLACK_API_URL": f"{emulator.url}/api/",
        "SLACK_CLIENT_ID": shown["client_id"],
        "SLACK_CLIENT_SECRET": shown["client_secret"],
        "SLACK_BOT_TOKEN": shown["token"],
        "SLACK_SIGNING_SECRET": shown["signing_secret"],
        "SLACK_TEAM_ID": shown["team_id"],
        "SLACK_BOT_ID": shown["bot_id"],
        "SLACK_BOT_USER_ID": shown["bot_user_id"],
    }
    line = ["-m", "oncallbot.cli", "serve", "--host", "127.0.0.1"]
    if request.param == "postgresql":
        assert carried_out(environment, "db", "upgrade").code == 0
    made = Evening(Program("product", line, environment, tmp_path, forks=True).until_ready(), environment)
    (tmp_path / "roster.yaml").write_text(FILE)
    made.command("apply", str(tmp_path / "roster.yaml"))
    yield made
    if made.product.is_running:
        assert made.product.stop() == 0
    assert emulator.stop() == 0


def test_a_manager_signs_in_with_slack_sees_the_night_live_and_the_server_stops_at_once(
    evening: Evening, browser_page: Page
):
    page, url = browser_page, evening.product.url
    page.goto(url)
    page.get_by_role("link", name="Sign in with Slack").click()
    page.get_by_role("button", name="Sign in as Ana Ruiz").click()
    expect(page.get_by_text("These pages are for managers")).to_be_visible()
    page.goto(f"{url}/sign-in/slack")
    page.get_by_role("button", name="Sign in as Dora Lind").click()
    expect(page.get_by_role("heading", name="Now", exact=True)).to_be_visible()
    reference = json.loads(evening.command("page", "The plant stands still", "--customer", "acme", "--json"))[
        "reference"
    ]
    issue = page.get_by_role("article", name=reference)
    expect(issue).to_contain_text("The plant stands still", timeout=PATIENCE)
    evening.command("acknowledge", reference, "--as", "ben")
    expect(issue).to_contain_text("Ben has it since", timeout=PATIENCE)
    evening.product.ask_to_stop()
    assert evening.product.stopped() == 0
    assert "Cancel" not in evening.product.complaints
    assert "Traceback" not in evening.product.complaints
    expect(page.get_by_text("This page is not live at the moment")).to_be_visible()


@pytest.mark.parametrize("evening", ["sqlite"], indirect=True)
def test_a_manager_without_slack_signs_in_by_the_link_that_the_command_prints(evening: Evening, browser_page: Page):
    browser_page.goto(evening.command("sign-in", "--as", "dora").strip())
    browser_page.get_by_role("button", name="Sign in").click()
    expect(browser_page.get_by_role("heading", name="Now", exact=True)).to_be_visible()
    expect(browser_page.get_by_text("primary")).to_be_visible()
