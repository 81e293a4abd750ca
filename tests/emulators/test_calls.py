"""How calls live: placed by REST, dialled by a handset, screened, bridged, recorded."""

from typing import Any

from .conftest import ANA, BEN, ERIK, HOTLINE, Product, Sim

EVENTS = ["initiated", "ringing", "answered", "completed"]


def say(*sentences: str) -> str:
    return "<Response>" + "".join(f"<Say>{sentence}</Say>" for sentence in sentences) + "</Response>"


def statuses(product: Product, path: str) -> list[str]:
    return [said.params["CallStatus"] for said in product.at(path)]


def test_an_answered_call_goes_from_queued_to_completed(sim: Sim, product: Product) -> None:
    product.answers["/page"] = say("Acme is down.")
    made = sim.call(Url=product.url + "/page", StatusCallback=product.url + "/status", StatusCallbackEvent=EVENTS)
    assert made["status"] == "queued"
    sim.wait("handset", number=ANA, state="ringing")
    sim.play(ANA, "answer")
    ended = sim.wait("call", sid=made["sid"], status="completed")
    assert ended["duration"] == "1"
    sim.wait("quiet")
    assert statuses(product, "/status") == ["initiated", "ringing", "in-progress", "completed"]
    assert [said.params["SequenceNumber"] for said in product.at("/status")] == ["0", "1", "2", "3"]
    assert sim.handset(ANA)["calls"][0]["heard"] == ["Acme is down."]
    assert sim.violations() == []


def test_a_key_pressed_in_a_gather_is_posted_to_its_action(sim: Sim, product: Product) -> None:
    product.answers["/page"] = (
        '<Response><Gather numDigits="1" action="/key?n=1"><Say>Press 4.</Say></Gather></Response>'
    )
    product.answers["/key"] = say("It is yours.")
    sim.put(f"/handsets/{ANA}", behaviour="answer", keys=[{"after": 0.1, "digits": "4"}])
    sim.call(Url=product.url + "/page")
    sim.wait("handset", number=ANA, calls=1, heard="It is yours.")
    assert product.at("/key")[0].posted["Digits"] == "4"
    assert product.at("/key")[0].target == "/key?n=1"


def test_a_caller_is_answered_by_the_voice_url(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = say("Welcome.")
    sid = sim.play(ERIK, "call", to=HOTLINE)["call_sid"]
    sim.wait("call", sid=sid, status="completed")
    sim.wait("quiet")
    asked: dict[str, Any] = product.at("/voice")[0].posted
    assert (asked["From"], asked["To"], asked["CallStatus"], asked["Direction"]) == (
        ERIK,
        HOTLINE,
        "ringing",
        "inbound",
    )
    assert statuses(product, "/ended") == ["completed"]


SCREEN = '<Response><Gather numDigits="1" action="/accept" timeout="5"><Say>Erik. Press 4.</Say></Gather><Hangup/></Response>'
DIAL = (
    f'<Response><Dial action="/dialled" timeout="5" answerOnBridge="true" callerId="{HOTLINE}">'
    f'<Number url="/screen">{ANA}</Number></Dial></Response>'
)


def test_a_screened_call_is_bridged_once_the_document_ends(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": DIAL, "/screen": SCREEN, "/accept": "<Response/>", "/dialled": say("Goodbye.")}
    sim.put(f"/handsets/{ANA}", behaviour="answer", keys=["4"])
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, bridged="true")
    sim.play(ANA, "speak", text="Ana here.", seconds=2)
    sim.wait("handset", number=ERIK, heard="Ana here.")
    sim.play(ANA, "hang_up")
    sim.wait("handset", number=ERIK, heard="Goodbye.", calls=1)
    action = product.at("/dialled")[0].posted
    assert (action["DialCallStatus"], action["DialBridged"]) == ("completed", "true")
    assert sim.violations() == []


def test_a_mailbox_that_picks_up_is_completed_but_not_bridged(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": DIAL, "/screen": SCREEN, "/dialled": say("Nobody.")}
    sim.put(f"/handsets/{ANA}", behaviour="mailbox")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, heard="Nobody.", calls=1)
    action = product.at("/dialled")[0].posted
    assert (action["DialCallStatus"], action["DialBridged"]) == ("completed", "false")


def test_an_empty_recording_calls_no_action_and_the_next_verb_runs(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = '<Response><Record action="/saved" timeout="2"/><Say>Nothing heard.</Say></Response>'
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, heard="Nothing heard.", calls=1)
    assert product.at("/saved") == []


def test_hanging_up_during_a_recording_calls_the_action_with_hangup(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = (
        '<Response><Record action="/saved" timeout="8" recordingStatusCallback="/kept"/></Response>'
    )
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, waiting_for="record")
    sim.play(ERIK, "speak", text="The shop is down.", seconds=4)
    sim.play(ERIK, "hang_up")
    sim.wait("call", status="completed")
    sim.wait("quiet")
    action, kept = product.at("/saved")[0].posted, product.at("/kept")[0].posted
    assert (action["Digits"], action["CallStatus"], action["RecordingDuration"]) == ("hangup", "completed", "4")
    assert kept["RecordingSid"] == action["RecordingSid"]
    assert BEN not in sim.get("/state")["handsets"]
