"""A whole conversation with the emulated Slack, which refuses what Slack would and writes down every violation."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncallbot.chat.app import Ack, App, create, dispatch
from oncallbot.chat.blocks import Button, Choice, Input, Option, TextInput, modal
from oncallbot.chat.bodies import Actor, actor, delivery_key
from oncallbot.chat.card import Card, to_card
from oncallbot.chat.client import Credentials, Slack
from oncallbot.chat.manifest import EVENTS, scopes
from oncallbot.emulators import Settings
from oncallbot.emulators.server import running
from oncallbot.errors import Misconfigured, OutcomeUnknown, RateLimited, Refused, Unavailable
from tests.chat.slack_requests import ACME_TEAM
from tests.chat.vendor import ANA, ERIK, ONCALL, TEAM

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CARD = Card(
    "AH-1042 · Acme (gold) · waiting for Ana",
    ("Phone call at 03:09", "Level 2 of 3 · Ben next at 03:14"),
    "it is <!channel> down & out " * 200,
    "promise 03:25",
    (Button("acknowledge", "Acknowledge", "AH-1042", "primary"), Button("pass", "Pass on", "AH-1042")),
)


class Beside:
    """The emulator's control interface, and our side of it."""

    def __init__(self, url: str, settings: Settings) -> None:
        self.control = httpx.Client(base_url=f"{url}/sim", timeout=20)
        self.credentials = Credentials(settings.slack_token, f"{url}/api/")
        self.slack = Slack(self.credentials)
        self.app = create(
            signing_secret=settings.slack_signing_secret,
            token=settings.slack_token,
            team_id=settings.slack_team_id,
            bot_id=settings.slack_bot_id,
            bot_user_id=settings.slack_bot_user_id,
            api_url=f"{url}/api/",
        )

    def put(self, path: str, **wish: Any) -> None:
        self.control.put(path, json=wish).raise_for_status()

    def plays(self, user: str, verb: str, **how: Any) -> dict[str, Any]:
        done: dict[str, Any] = self.control.post(f"/slack/users/{user}/{verb}", json=how).raise_for_status().json()
        return done

    def fails(self, kind: str, **how: Any) -> None:
        self.control.post("/faults", json={"kind": kind, "match": {"vendor": "slack"}, **how}).raise_for_status()

    def messages(self, channel: str = ONCALL) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = self.control.get(f"/slack/channels/{channel}/messages").json()
        return shown

    def whispers(self, user: str) -> list[str]:
        return [one["text"] for one in self.control.get(f"/slack/users/{user}").json()["ephemerals"]]

    def violations(self) -> list[Any]:
        found: list[Any] = self.control.get("/violations").json()
        return found


@contextmanager
def served(app: App) -> Iterator[str]:
    """`dispatch` behind a bare HTTP server, a thread a request."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = dispatch(app, body, dict(self.headers.items()))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/slack/events"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def beside(shared_data: Path) -> Iterator[Beside]:
    """Slack with exactly the scopes and events of our manifest, and its own files for a second opinion."""
    settings = Settings(slack_data=str(shared_data / "slack"), slack_team_id=TEAM)
    with running(settings) as emulator:
        one = Beside(emulator.url, settings)
        with served(one.app) as url, one.control:
            one.put("/slack/settings", request_url=url, scopes=list(scopes()), events=list(EVENTS))
            one.put(f"/slack/users/{ANA}", name="ana", email="ana@example.com")
            one.put(f"/slack/users/{ERIK}", name="erik", team_id=ACME_TEAM)
            one.put(f"/slack/channels/{ONCALL}", name="on-call", members=[ANA])
            one.put("/slack/channels/G0ACME0001", name="acme", is_private=True, is_ext_shared=True, members=[ANA, ERIK])
            yield one


def test_a_card_lives_in_its_channel_and_in_direct_messages_and_is_found_again(beside) -> None:
    slack, made = beside.slack, to_card(CARD)
    card = slack.post("#on-call", made.text, made.blocks, mark="n-1")
    copy = slack.post(ANA, made.text, made.blocks, mark="n-2")
    slack.post(card.channel, "Ana was paged", thread_ts=card.ts, mark="n-3")
    done = to_card(Card("AH-1042 · Acme (gold) · resolved by Ana"))
    slack.update(copy.channel, copy.ts, done.text, done.blocks, mark="n-2")
    assert slack.find_post(ONCALL, "n-1", LONG_AGO) == card.ts
    assert slack.find_post(ANA, "n-2", LONG_AGO) == copy.ts
    assert slack.find_post(ONCALL, "n-3", LONG_AGO, thread_ts=card.ts) is not None
    assert slack.find_post(ONCALL, "n-4", LONG_AGO) is None
    assert [one["text"] for one in beside.messages()[0]["buttons"]] == ["Acknowledge", "Pass on"]
    assert beside.messages(copy.channel)[0]["buttons"] == []
    assert beside.violations() == []


def test_private_words_are_for_their_reader(beside) -> None:
    beside.slack.whisper(ONCALL, ANA, "Ben has it since 03:14")
    assert beside.whispers(ANA) == ["Ben has it since 03:14"]
    with pytest.raises(Refused):
        beside.slack.whisper(ONCALL, ERIK, "Ben has it since 03:14")
    assert beside.slack.user_id_of_email("ana@example.com") == ANA
    assert beside.slack.user_id_of_email("nobody@example.com") is None


def test_who_we_are_is_known_with_exactly_the_scopes_of_the_manifest(beside) -> None:
    found = beside.slack.auth_test()
    assert (found.team_id, found.scopes) == (TEAM, set(scopes()))
    assert found.vendor_time is not None
    beside.put("/slack/settings", is_inactive=True)
    with pytest.raises(Misconfigured):
        beside.slack.auth_test()


def test_a_channel_without_the_bot_asks_for_an_invitation(beside) -> None:
    beside.put("/slack/channels/C0DAYTEAM1", name="day", members=[ANA], bot=False)
    with pytest.raises(Misconfigured) as caught:
        beside.slack.post("#day", "good morning")
    assert caught.value.code == "not_in_channel"


def test_a_click_is_heard_with_its_person_and_answered_privately(beside) -> None:
    heard: list[tuple[Actor | None, str]] = []

    @beside.app.action("acknowledge")
    def acknowledge(ack: Ack, body: dict[str, Any]) -> None:
        heard.append((actor(body), delivery_key(body)))
        beside.slack.respond(body["response_url"], "Ben has it since 03:14")
        ack()

    made = to_card(CARD)
    posted = beside.slack.post("G0ACME0001", made.text, made.blocks)
    for person in (ANA, ERIK):
        assert beside.plays(person, "click", channel="G0ACME0001", ts=posted.ts, text="Acknowledge")["status"] == 200
        assert beside.whispers(person) == ["Ben has it since 03:14"]
    beside.control.post("/slack/replay", json={"kind": "block_actions"}).raise_for_status()
    people, keys = zip(*heard, strict=True)
    assert people == (Actor(TEAM, ANA), Actor(ACME_TEAM, ERIK), Actor(ACME_TEAM, ERIK))
    assert len(set(keys)) == 2  # the replay is the second click again
    assert beside.violations() == []


def test_a_modal_is_opened_filled_later_and_sent(beside) -> None:
    notes: list[str] = []
    question = Input("note", "What was done?", TextInput("note", multiline=True))
    choice = Input("who", "Hand over to", Choice("who", (Option("Ben", "ben"), Option("Cem", "cem"))), optional=True)

    @beside.app.command("/oncall")
    def ask(ack: Ack, body: dict[str, Any]) -> None:
        view = beside.slack.open_view(body["trigger_id"], modal("resolve", "Resolve AH-1042", [question], "Resolve"))
        beside.slack.update_view(view, modal("resolve", "Resolve AH-1042", [question, choice], "Resolve", "AH-1042"))
        ack()

    @beside.app.view("resolve")
    def take(ack: Ack, view: dict[str, Any]) -> None:
        notes.append(view["state"]["values"]["note"]["note"]["value"])
        ack()

    beside.plays(ANA, "command", text="/oncall resolve 1042", channel=ONCALL)
    assert beside.plays(ANA, "submit", values={"note": "rebooted"})["status"] == 200
    assert notes == ["rebooted"]
    assert beside.violations() == []


def test_a_trigger_that_was_used_is_told_by_its_code(beside) -> None:
    triggers: list[str] = []

    @beside.app.command("/oncall")
    def keep(ack: Ack, body: dict[str, Any]) -> None:
        triggers.append(body["trigger_id"])
        beside.slack.open_view(triggers[0], modal("a", "A", []))
        ack()

    beside.plays(ANA, "command", text="/oncall", channel=ONCALL)
    with pytest.raises(Refused) as caught:
        beside.slack.open_view(triggers[0], modal("a", "A", []))
    assert caught.value.code == "exchanged_trigger_id"


def test_a_post_in_a_private_shared_hotline_channel_is_heard_with_the_customers_team(beside) -> None:
    heard = threading.Event()
    people: list[Actor | None] = []

    @beside.app.event("message")
    def listen(body: dict[str, Any]) -> None:
        people.append(actor(body))
        heard.set()

    beside.plays(ERIK, "post", channel="G0ACME0001", text="it is down <!channel>")
    assert heard.wait(10)
    assert people == [Actor(ACME_TEAM, ERIK)]


def test_an_event_whose_listener_failed_is_sent_again_with_the_same_key(beside) -> None:
    keys: list[str] = []
    came_again = threading.Event()

    @beside.app.event("message")
    def fail_once(body: dict[str, Any]) -> None:
        keys.append(delivery_key(body))
        if len(keys) == 1:
            raise RuntimeError("the database is away")
        came_again.set()

    beside.plays(ANA, "post", channel=ONCALL, text="help")
    assert came_again.wait(20)
    assert keys[0] == keys[1]


def test_slacks_bad_nights_become_our_errors_and_a_timed_out_post_is_found(beside) -> None:
    slack, impatient = beside.slack, Slack(beside.credentials, timeout=timedelta(milliseconds=300))
    beside.fails("http_429", seconds=7)
    with pytest.raises(RateLimited) as limited:
        slack.post(ONCALL, "x")
    assert limited.value.retry_after == timedelta(seconds=7)
    beside.fails("http_500")
    with pytest.raises(OutcomeUnknown):
        slack.post(ONCALL, "x")
    beside.fails("accept_and_timeout", seconds=20)
    with pytest.raises(OutcomeUnknown):
        impatient.post(ONCALL, "x", mark="n-9")
    asked = {"for": "slack_message", "channel": ONCALL, "contains": "x"}
    beside.control.get("/wait", params=asked).raise_for_status()  # Slack may be slower than our patience
    assert slack.find_post(ONCALL, "n-9", LONG_AGO) is not None
    beside.fails("down")
    with pytest.raises((OutcomeUnknown, Unavailable)):
        slack.post(ONCALL, "x")
