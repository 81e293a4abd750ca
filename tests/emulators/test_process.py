"""The emulators as a process, and what a person or a test can watch of them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .conftest import ANA, ERIK, HOTLINE, Sim

ROOT = Path(__file__).resolve().parents[2]


def start(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "oncallbot.emulators", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, env={**os.environ})


@pytest.fixture
def process() -> Iterator["subprocess.Popen[str]"]:
    started = start("--port", "0", "--auth-token", "secret")
    yield started
    started.kill()
    started.communicate()


def test_the_process_says_where_it_listens_and_exits_0_when_told_to_stop(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line.startswith("Listening on http://127.0.0.1:")
    url = line.removeprefix("Listening on ").rstrip("/")
    assert httpx.get(url + "/sim/account").json()["auth_token"] == "secret"
    with httpx.stream("GET", url + "/sim/events", timeout=30) as events:
        assert next(events.iter_lines()) == ": ready"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_it_stays_on_loopback() -> None:
    refused = start("--host", "0.0.0.0")
    _, error = refused.communicate(timeout=60)
    assert refused.returncode == 1
    assert "loopback" in error


def test_it_stands_outside_the_product() -> None:
    code = (
        "import sys, oncallbot.emulators.__main__; "
        "print([name for name in sys.modules if name.split('.')[0] in ('twilio', 'slack_sdk', 'slack_bolt') "
        "or name.startswith('oncallbot.') and not name.startswith('oncallbot.emulators')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_condition_that_does_not_come_true_is_408_with_what_there_is_instead(sim: Sim) -> None:
    missed = sim.http.get("/sim/wait", params={"for": "handset", "number": ANA, "state": "ringing", "timeout": 0.01})
    assert missed.status_code == 408
    assert missed.json()["there_is"]["handset"]["call"] is None


def test_a_plus_in_an_address_need_not_be_encoded(sim: Sim) -> None:
    assert sim.http.get(f"/sim/wait?for=handset&number={ANA}&state=idle").json()["found"]["number"] == ANA


def test_an_unknown_condition_is_refused(sim: Sim) -> None:
    assert sim.http.get("/sim/wait", params={"for": "luck"}).status_code == 422


def test_changes_are_streamed_as_events_from_any_point_on(sim: Sim) -> None:
    sim.text()
    sim.wait("text", number=ANA)
    with sim.http.stream("GET", "/sim/events") as response:
        lines = response.iter_lines()
        kinds = []
        while "text" not in kinds:
            line = next(lines)
            if line.startswith("data: "):
                kinds.append(json.loads(line.removeprefix("data: "))["kind"])
    assert kinds[0] != "text"
    last = sim.world.journal.events[-1]["id"]
    with sim.http.stream("GET", "/sim/events", headers={"Last-Event-ID": str(last)}) as response:
        lines = response.iter_lines()
        assert [next(lines), next(lines)] == [": ready", ""]
        sim.text(ERIK, Body="newer")
        assert next(lines) == f"id: {last + 2}"


def test_a_reset_forgets_everything_and_ends_what_is_under_way(sim: Sim) -> None:
    sim.call(Twiml="<Response/>")
    sim.wait("handset", number=ANA, state="ringing")
    sim.post("/faults", kind="down")
    sim.post("/reset")
    state = sim.get("/state")
    assert (state["numbers"], state["handsets"], state["calls"], state["faults"]) == ([], {}, [], [])
    assert sim.get("/requests") == []


def test_keys_that_nobody_listens_to_are_lost_and_the_answer_says_so(sim: Sim) -> None:
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sim.call(Twiml="<Response><Pause length='600'/></Response>")
    sim.wait("handset", number=ANA, state="in-call")
    assert sim.play(ANA, "press", digits="4")["listened_to"] is False


@pytest.mark.parametrize("verb", ["answer", "decline", "hang_up"])
def test_a_telephone_without_a_call_cannot_do_anything_with_it(sim: Sim, verb: str) -> None:
    assert sim.http.post(f"/sim/handsets/{ANA}/{verb}", json={}).status_code == 409


def test_a_misspelt_behaviour_is_refused_in_words(sim: Sim) -> None:
    wrong = sim.http.put(f"/sim/handsets/{ANA}", json={"behavior": "answer"})
    assert wrong.status_code == 422
    assert "behaviour" in wrong.json()["detail"]
    assert sim.http.put(f"/sim/numbers/{HOTLINE}", json={"voiceUrl": "x"}).status_code == 422
    assert sim.http.put("/sim/numbers/03023125", json={}).status_code == 422


def test_the_control_interface_describes_itself(sim: Sim) -> None:
    assert "/sim/handsets/{e164}" in sim.http.get("/sim").text
    assert "/sim/faults" in sim.http.get("/sim/openapi.json").json()["paths"]
