"""The emulated Slack as a process, with Slack's own files as a second opinion."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oncallbot.emulators.server import running
from oncallbot.emulators.settings import Settings

from .conftest import Product, Sim
from .test_process import start
from .workspace import ANA, ON_CALL, Slack, actions, field, modal, section


@pytest.fixture
def advised(shared_data: Path, product: Product) -> Iterator[Slack]:
    """With `--slack-data`."""
    with running(Settings(slack_data=str(shared_data / "slack"))) as started:
        yield Slack(Sim(started), product)


def test_slacks_own_files_have_nothing_against_what_we_take(advised: Slack) -> None:
    advised.post(blocks=[section(), actions()])
    advised.act(ANA, "command", text="/oncall", channel=ON_CALL)
    trigger = advised.heard("command")[0]["trigger_id"]
    advised.api("views.open", trigger_id=trigger, view=modal(field()))
    assert advised.codes() == []


def test_what_only_slacks_own_files_see_is_written_down_not_refused(advised: Slack) -> None:
    advised.post(blocks=[{"type": "rich_text", "elements": [], "mood": "sad"}])
    assert advised.codes() == ["schema"]


def test_a_folder_without_slacks_files_is_refused_at_the_start(tmp_path: Path) -> None:
    refused = start("--slack-data", str(tmp_path))
    _, error = refused.communicate(timeout=60)
    assert refused.returncode == 1
    assert "blockkit.schema.json" in error


def test_unknown_fields_and_verbs_are_refused_in_words(slack: Slack) -> None:
    for path, wish in (
        ("settings", {"url": "x"}),
        (f"users/{ANA}", {"mail": "x"}),
        ("channels/C1", {"members": ["U1"]}),
    ):
        assert slack.http.put(f"/sim/slack/{path}", json=wish).status_code == 422
    assert slack.http.post(f"/sim/slack/users/{ANA}/dance", json={}).status_code == 404
    assert slack.http.post(f"/sim/slack/users/{ANA}/post", json={"chanel": "x"}).status_code == 422
    assert slack.http.get("/sim/slack/users/U0NOBODY01").status_code == 404
    assert slack.http.get("/sim/slack/channels/C0NOWHERE1/messages").status_code == 404


def test_a_condition_that_does_not_come_true_shows_what_there_is_at_slack(slack: Slack) -> None:
    slack.post(text="AH-1 waits")
    asked: dict[str, Any] = {"for": "slack_message", "channel": ON_CALL, "contains": "AH-2", "timeout": 0.01}
    missed = slack.http.get("/sim/wait", params=asked)
    assert missed.status_code == 408
    assert missed.json()["there_is"]["slack"]["messages"][0]["text"] == "AH-1 waits"


def test_the_control_interface_describes_itself(slack: Slack) -> None:
    assert "/sim/slack/settings" in slack.http.get("/sim").text
    assert "/sim/slack/users/{user_id}/{verb}" in slack.http.get("/sim/openapi.json").json()["paths"]
