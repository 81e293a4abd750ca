"""What the vendors need to know of us, as the command line prints it."""

from tests.cli.conftest import Command


def test_the_slack_manifest_leads_every_request_to_one_address(command: Command):
    made = command("slack", "manifest", "--url", "https://oncall.example.com/").answer
    address = "https://oncall.example.com/slack/events"
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["settings"]["interactivity"]["request_url"] == address
    assert [one["url"] for one in made["features"]["slash_commands"]] == [address]


def test_the_manifest_takes_public_url_when_no_address_is_given(command: Command, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://pager.example.com")
    made = command("slack", "manifest").answer
    assert made["settings"]["interactivity"]["request_url"] == "https://pager.example.com/slack/events"


def test_an_address_that_is_none_is_wrong_usage(command: Command):
    done = command("slack", "manifest", "--url", "oncall.example.com")
    assert (done.code, done.out) == (2, "")
    assert "write it like https://" in done.err
