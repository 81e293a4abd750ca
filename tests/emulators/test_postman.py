"""How webhooks are delivered: tries, time, redirects, order, and the faults that may meet them."""

import threading
from typing import Any

import pytest

from .conftest import ANA, ERIK, HOTLINE, Product, Said, Sim

EVENTS = ["initiated", "ringing", "answered", "completed"]
DOWN = "http://127.0.0.1:9"


def answered_call(sim: Sim, product: Product, **form: Any) -> list[str]:
    """Plays a short call; the events in the order in which the product heard of them."""
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sim.call(Twiml="<Response/>", StatusCallback=product.url + "/status", StatusCallbackEvent=EVENTS, **form)
    sim.wait("call", status="completed")
    sim.wait("quiet")
    return [said.posted["CallStatus"] for said in product.at("/status")]


def flaky(first: Any, then: Any) -> Any:
    answers = [first]
    return lambda _: answers.pop() if answers else then


def test_a_connection_that_fails_is_tried_once_more_and_no_more(sim: Sim) -> None:
    sim.put(f"/numbers/{HOTLINE}", voice_url=DOWN + "/voice", status_callback="")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("call", status="failed")
    assert [(entry["try"], entry["error"]) for entry in sim.get("/webhooks")] == [(1, "refused"), (2, "refused")]


def test_a_fragment_asks_for_more_tries(sim: Sim) -> None:
    sim.put(f"/numbers/{HOTLINE}", voice_url=DOWN + "/voice#rc=3&rp=ct", status_callback="")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("call", status="failed")
    assert [entry["try"] for entry in sim.get("/webhooks")] == [1, 2, 3, 4]


@pytest.mark.parametrize(("fragment", "tries"), [("", 1), ("#rp=5xx", 2), ("#rc=2&rp=4xx", 1), ("#rp=all", 2)])
def test_server_errors_are_tried_again_only_if_asked(sim: Sim, product: Product, fragment: str, tries: int) -> None:
    product.answers["/voice"] = flaky((503, "text/plain", "later"), "<Response/>")
    sim.put(f"/numbers/{HOTLINE}", voice_url=product.url + "/voice" + fragment)
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("quiet")
    assert len(product.at("/voice")) == tries


def test_all_tries_carry_one_idempotency_token(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = (503, "text/plain", "later")
    sim.put(f"/numbers/{HOTLINE}", voice_url=product.url + "/voice#rc=2&rp=5xx")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("quiet")
    tokens = [said.headers["I-Twilio-Idempotency-Token"] for said in product.at("/voice")]
    assert len(tokens) == 3
    assert len(set(tokens)) == 1


def test_a_slow_answer_is_no_answer(sim: Sim, product: Product) -> None:
    released = threading.Event()

    def slow(_: Said) -> str:
        released.wait(10)
        return "<Response/>"

    product.answers["/voice"] = slow
    sim.put(f"/numbers/{HOTLINE}", voice_url=product.url + "/voice#rt=100&rc=0")
    sim.play(ERIK, "call", to=HOTLINE)
    failed = sim.wait("webhook", purpose="voice")
    released.set()
    assert failed["error"] == "timeout"
    assert sim.wait("violation", code=11200)["text"] == "webhook failed: timeout"


def test_all_tries_together_have_one_time_limit(sim: Sim, product: Product) -> None:
    released = threading.Event()

    def slow(_: Said) -> str:
        released.wait(10)
        return "<Response/>"

    product.answers["/voice"] = slow
    sim.put(f"/numbers/{HOTLINE}", voice_url=product.url + "/voice#rt=100&tt=150&rc=5&rp=rt")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("call", status="failed")
    released.set()
    tries = [entry for entry in sim.get("/webhooks") if entry["purpose"] == "voice"]
    assert len(tries) in (1, 2)  # of six; a third would begin after 200 ms, and on a slow machine even the second


def test_a_redirect_is_followed_without_the_posted_parameters(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": (302, "", "", {"Location": "/elsewhere"}), "/elsewhere": "<Response/>"}
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("quiet")
    moved = product.at("/elsewhere")[0]
    assert (moved.method, moved.posted) == ("GET", {})


def test_a_status_callback_answered_with_an_error_is_a_violation(sim: Sim, product: Product) -> None:
    product.answers["/status"] = (500, "text/plain", "no")
    answered_call(sim, product)
    assert sim.violations() == [11200] * 4


def test_200_without_a_content_type_is_a_violation(sim: Sim, product: Product) -> None:
    product.answers["/status"] = (200, "", "ok")
    answered_call(sim, product)
    assert sim.violations() == [12300] * 4


def test_a_webhook_to_nobody_is_told_apart_from_wrong_conduct(sim: Sim) -> None:
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sim.call(Twiml="<Response/>", StatusCallback=DOWN + "/status")
    sim.wait("violation", kind="unreachable", code=11205)
    assert sim.get("/violations?kind=conduct") == []


def test_a_duplicated_callback_comes_twice(sim: Sim, product: Product) -> None:
    fault = sim.post("/faults", kind="duplicate_callback", match={"CallStatus": "in-progress"})
    assert answered_call(sim, product) == ["initiated", "ringing", "in-progress", "in-progress", "completed"]
    assert [(shown["id"], shown["fired"]) for shown in sim.get("/faults")] == [(fault["id"], 1)]


def test_reordered_callbacks_change_places_but_keep_their_sequence_numbers(sim: Sim, product: Product) -> None:
    sim.post("/faults", kind="reorder_callbacks", seconds=30, match={"CallStatus": "ringing"})
    assert answered_call(sim, product) == ["initiated", "in-progress", "ringing", "completed"]
    assert [said.posted["SequenceNumber"] for said in product.at("/status")] == ["0", "2", "1", "3"]


def test_the_last_callback_is_kept_back_only_for_a_while(sim: Sim, product: Product) -> None:
    sim.post("/faults", kind="reorder_callbacks", seconds=0.05, match={"CallStatus": "completed"})
    assert answered_call(sim, product)[-1] == "completed"


def test_a_delayed_callback_is_overtaken_by_later_ones(sim: Sim, product: Product) -> None:
    sim.post("/faults", kind="delay_callback", seconds=1, match={"CallStatus": "initiated"})
    assert answered_call(sim, product) == ["ringing", "in-progress", "completed", "initiated"]


def test_a_held_callback_comes_once_it_is_released(sim: Sim, product: Product) -> None:
    held = sim.post("/faults", kind="hold_callback", match={"CallStatus": "initiated"})["id"]
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sim.call(Twiml="<Response/>", StatusCallback=product.url + "/status", StatusCallbackEvent=EVENTS)
    sim.wait("webhook", purpose="status", CallStatus="completed")
    sim.wait("fault", id=held, holding=1)
    sim.post(f"/faults/{held}/release")
    sim.wait("quiet")
    told = [said.posted["CallStatus"] for said in product.at("/status")]
    assert told == ["ringing", "in-progress", "completed", "initiated"]


def test_a_dropped_callback_never_comes(sim: Sim, product: Product) -> None:
    sim.post("/faults", kind="drop_callback", count=2, match={"resource": "Calls"})
    assert answered_call(sim, product) == ["in-progress", "completed"]
    assert sim.get("/faults")[0]["fired"] == 2
    assert sim.violations() == []


def test_a_dropped_request_for_twiml_goes_to_the_fallback(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": "<Response/>", "/fallback": "<Response><Say>Fallback.</Say></Response>"}
    sim.put(f"/numbers/{HOTLINE}", voice_fallback_url=product.url + "/fallback")
    sim.post("/faults", kind="drop_callback", match={"purpose": "voice"})
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Fallback.")
    assert product.at("/voice") == []


def test_a_duplicated_request_for_twiml_gets_the_second_answer(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = flaky(
        "<Response><Say>First.</Say></Response>", "<Response><Say>Second.</Say></Response>"
    )
    sim.post("/faults", kind="duplicate_callback", match={"purpose": "voice"})
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Second.")
    assert len(product.at("/voice")) == 2


def test_a_connection_that_breaks_before_the_answer_is_told_apart_from_silence(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = lambda _: None
    sim.play(ERIK, "call", to=HOTLINE)
    assert sim.wait("webhook", purpose="voice")["error"] == "reset"
    sim.wait("violation", kind="unreachable")


def test_an_answer_in_chunks_is_put_together(sim: Sim, product: Product) -> None:
    chunks = b"a\r\n<Response>\r\nb\r\n</Response>\r\n0\r\n\r\n"
    product.answers["/voice"] = (200, "text/xml", chunks, {"Transfer-Encoding": "chunked"})
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("call", status="completed")
    assert sim.get("/webhooks")[0]["body"] == "<Response></Response>"
