"""The one door for Slack: signed or nothing, in the thread pool, and never in the way of anything else."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest
from fastapi.testclient import TestClient

from oncallbot.chat import app as chat
from oncallbot.errors import DatabaseUnavailable
from oncallbot.web import app as web
from tests.chat.slack_requests import as_form, command_body, signed
from tests.engine.outside import Front
from tests.engine.stage import SECRET, Night
from tests.slack_stage import ANA, ONCALL, Chat


def posted(front: Front, body: str, headers: dict[str, str]) -> httpx.Response:
    with httpx.Client(base_url=front.url, trust_env=False, verify=False, timeout=30) as client:
        return client.post("/slack/events", content=body, headers=headers)


def test_with_slack_off_it_is_503(product):
    with TestClient(product) as client:
        assert client.post("/slack/events", content="{}").status_code == 503


def test_a_new_request_url_is_verified(chat_night: Chat):
    assert chat_night.sim.post("/slack/verify_url") == {"status": 200, "verified": True}


@pytest.mark.parametrize("spoiled", ["secret", "age", "none", "body"])
def test_a_bad_signature_is_refused_without_effect(chat_night: Chat, front: Front, spoiled: str):
    number = chat_night.night.opens()
    secret = chat_night.sim.settings.slack_signing_secret
    team = chat_night.sim.settings.slack_team_id
    body = as_form(command_body(f"ack {number}", user_id=ANA, team_id=team))
    headers = {
        "secret": signed(body, secret="another"),
        "age": signed(body, secret=secret, age=600),
        "none": {"Content-Type": "application/x-www-form-urlencoded"},
        "body": signed(body + "x", secret=secret),
    }[spoiled]
    assert posted(front, body, headers).status_code in (401, 403)
    assert chat_night.night.issue(number).holder is None


def test_what_is_larger_than_anything_of_slacks_is_refused(chat_night: Chat, front: Front):
    assert posted(front, "x" * (1024 * 1024 + 1), {}).status_code == 413


def test_commands_from_a_foreign_team_are_refused_politely(chat_night: Chat, front: Front):
    number = chat_night.night.opens()
    body = as_form(command_body(f"ack {number}", user_id=ANA, team_id="T0ACME0001"))
    answered = posted(front, body, signed(body, secret=chat_night.sim.settings.slack_signing_secret))
    assert answered.json()["text"].startswith("Only the on-call team")
    assert chat_night.night.issue(number).holder is None


def test_an_event_that_could_not_be_committed_is_500_and_comes_again(chat_night: Chat, monkeypatch):
    handle, failures = chat_night.night.door.handle, [DatabaseUnavailable("away")]

    def fails_once(*args, **more):
        if failures:
            raise failures.pop()
        return handle(*args, **more)

    monkeypatch.setattr(chat_night.night.door, "handle", fails_once)
    made = chat_night.does(ANA, "post", channel="C0HELP0001", text="it is down")
    chat_night.sim.wait("slack_delivery", purpose="event", event_id=made["event_id"], status="500")
    chat_night.sim.wait("slack_delivery", purpose="event", event_id=made["event_id"], status="200")
    assert len(chat_night.issues()) == 1
    chat_night.forgives("http_error")


def test_twenty_slow_commands_at_once_leave_health_checks_unharmed(night: Night, front: Front):
    bolt = chat.create(signing_secret=SECRET, token="xoxb-1", team_id="T1", bot_id="B1", bot_user_id="U1")
    inside, go_on = threading.Semaphore(0), threading.Event()

    @bolt.command("/oncall")
    def slow(ack: chat.Ack) -> None:
        inside.release()
        assert go_on.wait(100)
        ack("done")

    front.app = web.create(replace(doors(night), slack=bolt))
    body = as_form(command_body())
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(posted, front, body, signed(body, secret=SECRET)) for _ in range(20)]
        assert all(inside.acquire(timeout=20) for _ in range(20)), "they did not all run at once"
        try:  # all twenty still wait
            live = httpx.get(f"{front.url}/health/live", trust_env=False, verify=False, timeout=20)
        finally:
            go_on.set()
        assert {one.result(20).status_code for one in answers} == {200}
    front.app = None
    assert live.status_code == 200


def doors(night: Night) -> web.Doors:
    from oncallbot.channels.link import Links

    return web.Doors(night.door, night.measures, night.public_url, (), "test", Links(SECRET, night.public_url))


def test_starting_and_answering_need_no_call_to_slack(chat_night: Chat):
    chat_night.sim.fault("down", "slack", match={"path": "/api/"}, status=503)
    before = len(chat_night.sim.get("/slack/calls"))
    number = chat_night.night.opens()
    assert chat_night.commands(ANA, f"ack {number}") == f"AH-{number} is yours."
    assert len(chat_night.sim.get("/slack/calls")) == before
    assert ONCALL


def test_bolt_silences_none_of_our_own_log_lines(chat_night: Chat):
    assert logging.getLogger("oncallbot").level == logging.NOTSET
