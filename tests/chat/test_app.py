"""What Slack's requests get for an answer, without any call to Slack."""

from __future__ import annotations

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from oncallbot.chat.app import Ack, Answer, App, create, dispatch
from tests.chat.slack_requests import (
    as_form,
    click_body,
    command_body,
    event_body,
    shortcut_body,
    signed,
    submission_body,
)

SETTINGS = {
    "signing_secret": "8f742231b10e8888abcd99yyyzzz85a5",
    "token": "xoxb-1-2-abc",
    "team_id": "T0TEAM0001",
    "bot_id": "B0BOT00001",
    "bot_user_id": "U0BOT00001",
    "api_url": "http://slack.invalid/api/",
}


@pytest.fixture
def app(monkeypatch) -> App:
    """The app, on a machine that cannot reach anything at all."""

    def unreachable(*_: object) -> None:
        raise AssertionError("the app called somebody")

    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
    monkeypatch.setattr(socket.socket, "connect", unreachable)
    return create(**SETTINGS)


def send(app: App, body: dict[str, Any], **signing: Any) -> Answer:
    if body.get("type") in ("event_callback", "url_verification"):
        written = json.dumps(body)
        return dispatch(app, written.encode(), signed(written, form=False, **signing))
    written = as_form(body)
    return dispatch(app, written.encode(), signed(written, **signing))


def heard(app: App) -> list[dict[str, Any]]:
    """Everything that reaches a listener of /oncall."""
    bodies: list[dict[str, Any]] = []

    @app.command("/oncall")
    def listen(ack: Ack, body: dict[str, Any]) -> None:
        bodies.append(body)
        ack(text="Ana is on call", response_type="ephemeral")

    return bodies


def test_slack_verifies_our_address_and_gets_its_challenge_back(app) -> None:
    answer = send(app, {"type": "url_verification", "challenge": "abc"})
    assert answer.status == 200
    assert json.loads(answer.body) == {"challenge": "abc"}


def test_a_command_is_answered_in_the_body_without_a_call_to_slack(app) -> None:
    bodies = heard(app)
    answer = send(app, command_body("who"))
    assert (answer.status, json.loads(answer.body)["text"]) == (200, "Ana is on call")
    assert answer.headers["content-type"].startswith("application/json")
    assert bodies[0]["text"] == "who"


@pytest.mark.parametrize(
    "change",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Request-Timestamp": "٣"},
        {"X-Slack-Request-Timestamp": ""},
    ],
)
def test_a_wrong_signature_is_refused_without_effect(app, change) -> None:
    bodies = heard(app)
    body = as_form(command_body())
    assert dispatch(app, body.encode(), signed(body) | change).status == 401
    assert bodies == []


def test_a_request_without_any_header_is_refused(app) -> None:
    assert dispatch(app, b"", {}).status == 401
    assert dispatch(app, b"\xff\xfe", {}).status == 401


def test_another_secret_or_another_body_is_refused(app) -> None:
    bodies = heard(app)
    assert send(app, command_body(), secret="guessed").status == 401
    good = as_form(command_body())
    assert dispatch(app, as_form(command_body("page x")).encode(), signed(good)).status == 401
    assert bodies == []


def test_a_signature_older_than_five_minutes_is_refused(app) -> None:
    bodies = heard(app)
    assert send(app, command_body(), age=301).status == 401
    assert send(app, command_body(), age=-310).status == 401
    assert bodies == []
    assert send(app, command_body(), age=240).status == 200


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "7", "[" * 100_000, '{"type": "view_submission", "view": {}}'])
def test_what_is_no_request_is_never_our_failure(app, body) -> None:
    answer = dispatch(app, body.encode(), signed(body, form=False))
    assert answer.status in (400, 404)


def test_a_listener_that_fails_is_a_500_so_that_slack_sends_the_event_again(app, caplog) -> None:
    @app.event("message")
    def fail() -> None:
        raise RuntimeError("the database is away")

    assert send(app, event_body(text="Erik's own words")).status == 500
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "Erik" not in caplog.text.replace("event_body", "")


def test_an_acknowledgement_before_the_failure_does_not_hide_it(app) -> None:
    @app.command("/oncall")
    def fail(ack: Ack) -> None:
        ack("done")
        raise RuntimeError("it was not")

    answer = send(app, command_body())
    assert answer.status == 500
    assert "done" not in answer.body


def test_an_event_that_nobody_listens_to_is_taken_so_that_it_does_not_come_again(app) -> None:
    assert send(app, event_body(type="reaction_added")).status == 200


def test_a_command_or_click_that_nobody_listens_to_is_an_error_to_see(app) -> None:
    assert send(app, command_body()).status == 404
    assert send(app, click_body()).status == 404


def test_our_own_messages_are_not_heard(app) -> None:
    heard_texts: list[str] = []

    @app.event("message")
    def listen(event: dict[str, Any]) -> None:
        heard_texts.append(event["text"])

    assert send(app, event_body(user="U0BOT00001", text="of our user")).status == 200
    assert send(app, event_body(bot_id="B0BOT00001", text="of our bot")).status == 200
    assert send(app, event_body(text="of a person")).status == 200
    assert heard_texts == ["of a person"]


def test_bolt_drops_no_repeats_so_ours_are_seen_with_their_number(app) -> None:
    numbers: list[str | None] = []

    @app.event("message")
    def listen(request: Any) -> None:
        numbers.append(request.headers.get("x-slack-retry-num", [None])[0])

    body = json.dumps(event_body())
    headers = signed(body, form=False)
    dispatch(app, body.encode(), headers)
    dispatch(app, body.encode(), headers | {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})
    assert numbers == [None, "1"]


def test_a_header_that_nobody_signed_cannot_skip_a_listener(app) -> None:
    bodies = heard(app)
    body = as_form(command_body())
    dispatch(app, body.encode(), signed(body) | {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "x"})
    assert len(bodies) == 1


def test_every_kind_of_request_reaches_its_listener(app) -> None:
    kinds: list[str] = []

    def listen(ack: Ack, body: dict[str, Any]) -> None:
        kinds.append(body["type"])
        ack()

    app.action("acknowledge")(listen)
    app.shortcut("page_on_call")(listen)
    app.view("resolve")(listen)
    for body in (click_body(), shortcut_body(), submission_body()):
        assert send(app, body).status == 200
    assert kinds == ["block_actions", "message_action", "view_submission"]


def test_twenty_commands_run_at_once_each_in_the_thread_that_dispatches_it(app) -> None:
    """Twenty 2-second commands take 2 s only if all twenty are inside at the same time: here none leaves before."""
    everybody = threading.Barrier(20, timeout=20)
    threads: set[tuple[int, int]] = set()

    @app.command("/oncall")
    def wait_for_the_others(ack: Ack, body: dict[str, Any]) -> None:
        everybody.wait()
        threads.add((int(body["text"]), threading.get_ident()))
        ack()

    def one(number: int) -> tuple[int, int, int]:
        return send(app, command_body(str(number))).status, number, threading.get_ident()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one, range(20)))
    assert {status for status, *_ in answers} == {200}
    assert {(number, thread) for _, number, thread in answers} == threads


def test_other_settings_of_bolt_in_the_environment_change_nothing(app, monkeypatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "something-else")
    other = create(**SETTINGS)
    heard(other)
    assert send(other, command_body()).status == 200


def test_a_request_writes_no_word_of_its_body_into_the_log(app, caplog) -> None:
    heard(app)
    caplog.set_level("INFO")
    send(app, command_body("page Erik's words"))
    send(app, command_body("page Erik's words"), secret="guessed")
    send(app, event_body(text="Erik's words", type="unheard_of"))
    assert "Erik" not in caplog.text
