"""What may happen to a request between the product and the vendor."""

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from .conftest import ANA, HOTLINE, Sim

TEXT = {"To": ANA, "From": HOTLINE, "Body": "hello"}


def in_background(send: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(send())
        except httpx.HTTPError as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def texting(sim: Sim, timeout: float = 10) -> tuple[threading.Thread, list[Any]]:
    """Sends a text from a client of its own, as the product does."""
    url = f"{sim.http.base_url}{sim.base}/Messages.json"

    def send() -> httpx.Response:
        with httpx.Client(trust_env=False, verify=False) as client:
            return client.post(url, data=TEXT, auth=sim.auth, timeout=timeout)

    return in_background(send)


@pytest.mark.parametrize(("kind", "status", "code"), [("http_429", 429, 20429), ("http_500", 500, 20500)])
def test_a_request_is_refused_so_many_times_and_then_taken(sim: Sim, kind: str, status: int, code: int) -> None:
    sim.post("/faults", kind=kind, count=2)
    for _ in range(2):
        refused = sim.rest("POST", "/Messages.json", **TEXT)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert sim.text()["status"] == "queued"
    assert sim.get("/faults")[0]["fired"] == 2
    assert [entry["status"] for entry in sim.get("/requests")] == [status, status, 201]
    assert len(sim.get("/state")["messages"]) == 1
    assert sim.violations() == []


def test_a_fault_may_choose_its_victims(sim: Sim) -> None:
    sim.post("/faults", kind="http_500", match={"resource": "calls", "to": ANA, "method": "POST"})
    sim.text()
    assert sim.rest("GET", "/Calls.json").status_code == 200
    assert sim.rest("POST", "/Calls.json", To=ANA, From=HOTLINE, Twiml="<Response/>").status_code == 500


def test_a_fault_may_answer_with_any_error(sim: Sim) -> None:
    sim.post("/faults", kind="http_500", status=400, code=21610)
    refused = sim.rest("POST", "/Messages.json", **TEXT)
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)


def test_a_request_held_before_it_is_accepted_does_nothing_until_released(sim: Sim) -> None:
    fault = sim.post("/faults", kind="hold_before_accept")
    thread, outcome = texting(sim)
    sim.wait("fault", id=fault["id"], holding=1)
    assert sim.get("/state")["messages"] == []
    sim.post(f"/faults/{fault['id']}/release")
    thread.join()
    assert outcome[0].status_code == 201


def test_nothing_is_created_when_the_client_dies_while_held_before_acceptance(sim: Sim) -> None:
    fault = sim.post("/faults", kind="hold_before_accept")
    thread, outcome = texting(sim, timeout=0.2)
    sim.wait("fault", id=fault["id"], holding=1)
    thread.join()
    assert isinstance(outcome[0], httpx.ReadTimeout)
    sim.wait("fault", id=fault["id"], holding=0, fired=1)
    sim.post(f"/faults/{fault['id']}/release")
    sim.wait("request", method="POST", status="")
    assert sim.get("/state")["messages"] == []


def test_a_request_held_after_acceptance_already_exists(sim: Sim) -> None:
    fault = sim.post("/faults", kind="hold_after_accept")
    thread, outcome = texting(sim)
    sim.wait("text", number=ANA, contains="hello")
    assert outcome == []
    sim.post(f"/faults/{fault['id']}/release")
    thread.join()
    assert outcome[0].status_code == 201


def test_an_accepted_request_may_never_be_answered(sim: Sim) -> None:
    sim.post("/faults", kind="accept_and_timeout", seconds=0.05)
    thread, outcome = texting(sim)
    thread.join()
    assert isinstance(outcome[0], httpx.RemoteProtocolError | httpx.ReadError)
    sim.wait("text", number=ANA, contains="hello")
    assert sim.get("/requests")[0]["status"] is None


def test_while_the_vendor_is_down_everything_is_503_until_it_is_up_again(sim: Sim) -> None:
    sim.post("/faults", kind="down")
    assert [sim.rest("GET", "/Calls.json").status_code for _ in range(3)] == [503] * 3
    sim.http.delete("/sim/faults")
    assert sim.rest("GET", "/Calls.json").status_code == 200


def test_a_vendor_may_be_down_so_far_that_connections_break(sim: Sim) -> None:
    sim.post("/faults", kind="down", status=0)
    thread, outcome = texting(sim)
    thread.join()
    assert isinstance(outcome[0], httpx.RemoteProtocolError | httpx.ReadError)


def test_every_request_is_written_down(sim: Sim) -> None:
    sim.text(Body="grüße", StatusCallback="http://127.0.0.1:9/s")
    entry = sim.get("/requests")[0]
    assert (entry["method"], entry["path"], entry["status"]) == ("POST", sim.base + "/Messages.json", 201)
    assert entry["params"]["Body"] == "grüße"
    assert entry["at"] > 1_700_000_000


def test_an_unknown_fault_is_refused(sim: Sim) -> None:
    assert sim.http.post("/sim/faults", json={"kind": "earthquake"}).status_code == 422
