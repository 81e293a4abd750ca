"""The demo's stage: who is on the page, what its strip says, which orders it gives; and the files of the page."""

import time
from itertools import islice

import pytest

from .conftest import ERIK, HOTLINE, Product, Sim

CAST = {"hotline": {"name": "Example Support", "number": HOTLINE}}


@pytest.fixture
def stage(sim: Sim) -> Sim:
    sim.put("/stage", cast=CAST, carries_out=["kill"])
    return sim


def test_an_order_is_heard_by_whoever_waits_and_only_once(stage: Sim) -> None:
    order = stage.post("/kill")
    assert stage.wait("order", after=order["id"] - 1)["order"] == "kill"
    late = stage.http.get("/sim/wait", params={"for": "order", "after": order["id"], "timeout": 0})
    assert late.status_code == 408


def test_an_order_that_nobody_carries_out_is_refused(stage: Sim) -> None:
    refused = stage.http.post("/sim/another_night")
    assert refused.status_code == 409
    assert stage.http.put("/sim/stage", json={"carries_out": ["paint"]}).status_code == 422


def test_another_night_that_is_asked_for_twice_begins_once(stage: Sim) -> None:
    stage.put("/stage", cast=CAST, carries_out=["kill", "another_night"])
    order = stage.post("/another_night")
    assert stage.post("/another_night") == order
    stage.put("/stage", cast=CAST, carries_out=["kill", "another_night"])
    assert stage.post("/another_night")["id"] > order["id"]


def test_whoever_opens_the_page_late_finds_the_seconds_that_are_left(stage: Sim) -> None:
    stage.put("/story", words="AH-1001: level 1 of 2", seconds=30)
    stage.put("/product", state="killed", seconds=3)
    shown = stage.get("/stage")
    assert shown["story"]["words"] == "AH-1001: level 1 of 2"
    assert 20 < shown["story"]["seconds"] < 30
    assert shown["product"]["state"] == "killed"


def test_a_new_night_keeps_the_cast_and_forgets_the_story(stage: Sim) -> None:
    stage.put("/story", words="AH-1001: Ana has it")
    stage.post("/reset")
    assert stage.get("/stage")["cast"] == CAST
    before = stage.get("/stage")["night"]
    assert stage.put("/stage", cast=CAST)["story"] == {}
    assert stage.get("/stage")["night"] == before + 1


def test_a_breath_keeps_the_line_open_and_is_nothing_that_was_said(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = '<Response><Say>Talk</Say><Record timeout="20" action="/kept"/></Response>'
    product.answers["/kept"] = "<Response/>"
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, waiting_for="record")
    silence_would_end = time.monotonic() + 1.2 * sim.settings.real(20)
    while time.monotonic() < silence_would_end:
        sim.play(ERIK, "speak", text="", seconds=0)
    sim.play(ERIK, "speak", text="It is broken", seconds=4)
    sim.play(ERIK, "press", digits="#")
    talk = sim.wait("handset", number=ERIK, state="idle", calls=1)["calls"][0]["talk"]
    assert [one["text"] for one in talk] == ["Talk", "[beep]", "It is broken", "#"]
    assert [one["kind"] for one in talk] == ["heard", "heard", "said", "pressed"]


def test_the_page_is_made_of_files_of_our_own_only(sim: Sim) -> None:
    page = sim.http.get("/")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "http" not in page.text.replace("http-equiv", "")
    for name, kind in (("main.js", "text/javascript"), ("page.css", "text/css"), ("icon.svg", "image/svg+xml")):
        assert sim.http.get(f"/page/{name}").headers["content-type"].startswith(kind)


@pytest.mark.parametrize("name", ["..%2F__init__.py", "__init__.py", "nothing.js"])
def test_nothing_else_is_served(sim: Sim, name: str) -> None:
    assert sim.http.get(f"/page/{name}").status_code == 404


def test_a_fault_that_is_planned_or_called_off_is_told_to_every_page(sim: Sim) -> None:
    after = sim.get("/stage")["event"]
    fault = sim.post("/faults", kind="down", match={"vendor": "slack"})
    with sim.http.stream("GET", f"/sim/events?after={after}") as events:
        assert any(line == "event: faults" for line in islice(events.iter_lines(), 6))  # the 7th takes 15 seconds
    sim.http.delete(f"/sim/faults/{fault['id']}")
