"""How calls live: placed by REST, dialled by a handset, screened, bridged, recorded."""

from typing import Any

import pytest

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
    assert int(ended["duration"]) >= 1
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


SCREEN = "<Response><Gather numDigits='1' action='/accept'><Say>Erik. Press 4.</Say></Gather><Hangup/></Response>"
DIAL = (
    f'<Response><Dial action="/dialled" timeout="600" answerOnBridge="true" callerId="{HOTLINE}">'
    f'<Number url="/screen">{ANA}</Number></Dial></Response>'
)
SHORT_DIAL = DIAL.replace("600", "5")  # for those who wait until it has rung out


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
        '<Response><Record action="/saved" timeout="600" recordingStatusCallback="/kept"/></Response>'
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


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("decline", "busy"), ("busy", "busy"), ("ring_out", "no-answer"), ("unreachable", "failed")],
)
def test_a_call_that_nobody_answers_says_why(sim: Sim, product: Product, behaviour: str, status: str) -> None:
    sim.put(f"/handsets/{ANA}", behaviour=behaviour)
    sim.call(Twiml=say("Hello."), Timeout="3", StatusCallback=product.url + "/status", StatusCallbackEvent=EVENTS)
    assert sim.wait("call", status=status)["duration"] == "0"
    sim.wait("quiet")
    assert statuses(product, "/status")[-1] == status
    assert "in-progress" not in statuses(product, "/status")


def test_a_telephone_in_a_call_is_busy(sim: Sim) -> None:
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sim.call(Twiml="<Response><Pause length='600'/></Response>")
    sim.wait("call", status="in-progress")
    second = sim.call(Twiml="<Response/>")
    sim.wait("call", sid=second["sid"], status="busy")


def test_only_the_completed_event_is_told_by_default(sim: Sim, product: Product) -> None:
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sim.call(Twiml=say("Hello."), StatusCallback=product.url + "/status")
    ended = sim.wait("call", status="completed")
    sim.wait("quiet")
    assert statuses(product, "/status") == ["completed"]
    told = product.at("/status")[0].posted
    assert told["CallbackSource"] == "call-progress-events"
    assert told["CallDuration"] == ended["duration"]


def test_a_ringing_call_can_be_canceled(sim: Sim, product: Product) -> None:
    sid = sim.call(Twiml=say("Hello."), StatusCallback=product.url + "/status")["sid"]
    sim.wait("handset", number=ANA, state="ringing")
    assert sim.rest("POST", f"/Calls/{sid}.json", Status="canceled").json()["status"] == "canceled"
    sim.wait("handset", number=ANA, state="idle")
    sim.wait("quiet")
    assert statuses(product, "/status") == ["canceled"]


def test_more_than_one_call_a_second_is_queued_and_can_be_withdrawn(sim: Sim) -> None:
    sim.put("/account", calls_per_second=0.001)
    sim.call(Twiml=say("First."))
    queued = sim.call(BEN, Twiml=say("Second."))
    sim.wait("handset", number=ANA, state="ringing")
    assert sim.rest("GET", f"/Calls/{queued['sid']}.json").json()["status"] == "queued"
    assert sim.rest("POST", f"/Calls/{queued['sid']}.json", Status="canceled").json()["status"] == "canceled"


def test_a_live_connection_uses_two_of_the_concurrent_calls(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = DIAL
    sim.put("/account", concurrent_calls=2)
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    product.answers["/screen"] = "<Response/>"
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, bridged="true")
    third = sim.call(BEN, Twiml=say("Hello."))
    sim.wait("call", sid=third["sid"], status="failed")


def test_a_live_call_can_be_redirected(sim: Sim, product: Product) -> None:
    product.answers["/new"] = say("Ben has it.")
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sid = sim.call(Twiml="<Response><Gather timeout='600'/></Response>")["sid"]
    sim.wait("handset", number=ANA, waiting_for="gather")
    assert sim.rest("POST", f"/Calls/{sid}.json", Url=product.url + "/new").status_code == 200
    sim.wait("handset", number=ANA, calls=1, heard="Ben has it.")


def test_machine_detection_is_told_with_the_first_request(sim: Sim, product: Product) -> None:
    product.answers["/page"] = say("Hello.")
    sim.put(f"/handsets/{ANA}", behaviour="mailbox")
    sim.call(Url=product.url + "/page", MachineDetection="Enable")
    sim.wait("quiet")
    assert product.at("/page")[0].posted["AnsweredBy"] == "machine_start"


def gathering(attributes: str) -> str:
    gather = f"<Gather action='/key' timeout='1' {attributes}><Say>Press.</Say></Gather>"
    return f"<Response>{gather}<Say>Silence.</Say></Response>"


def test_no_input_falls_through_a_gather_to_the_next_verb(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = gathering("")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Silence.")
    assert product.at("/key") == []


def test_an_empty_gather_calls_its_action_only_if_asked_to(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": gathering("actionOnEmptyResult='true'"), "/key": say("Nothing.")}
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Nothing.")
    assert product.at("/key")[0].posted["Digits"] == ""


def test_the_finishing_key_ends_a_gather_and_is_not_one_of_its_digits(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": gathering("finishOnKey='#'"), "/key": say("Thanks.")}
    sim.put(f"/handsets/{ERIK}", keys=["0301#"])
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Thanks.")
    assert product.at("/key")[0].posted["Digits"] == "0301"


def test_words_answer_a_gather_that_listens_to_speech(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": gathering("input='dtmf speech'"), "/key": say("Thanks.")}
    sim.put(f"/handsets/{ERIK}", speech=["The shop is down"])
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Thanks.")
    assert product.at("/key")[0].posted["SpeechResult"] == "The shop is down"


def test_hanging_up_in_a_gather_calls_no_action(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = "<Response><Gather action='/key' timeout='600' actionOnEmptyResult='true'/></Response>"
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, waiting_for="gather")
    sim.play(ERIK, "hang_up")
    sim.wait("call", status="completed")
    sim.wait("quiet")
    assert product.at("/key") == []
    assert statuses(product, "/ended") == ["completed"]


@pytest.mark.parametrize("shown", ["anonymous", "+266696687", ""])
def test_a_caller_may_withhold_the_number(sim: Sim, product: Product, shown: str) -> None:
    product.answers["/voice"] = say("Welcome.")
    sim.play(ERIK, "call", to=HOTLINE, from_=shown)
    sim.wait("quiet")
    assert product.at("/voice")[0].posted["From"] == shown
    assert sim.handset(ERIK)["calls"][0]["heard"] == ["Welcome."]


@pytest.mark.parametrize(("verb", "status"), [("<Reject/>", "no-answer"), ("<Reject reason='busy'/>", "busy")])
def test_a_rejected_call_is_never_answered(sim: Sim, product: Product, verb: str, status: str) -> None:
    product.answers["/voice"] = f"<Response>{verb}</Response>"
    sim.play(ERIK, "call", to=HOTLINE)
    assert sim.wait("call", status=status)["duration"] == "0"


def test_a_dial_that_answers_on_bridge_lets_the_caller_hear_ringing(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": DIAL, "/screen": "<Response/>", "/dialled": say("Over.")}
    sid = sim.play(ERIK, "call", to=HOTLINE)["call_sid"]
    sim.wait("handset", number=ANA, state="ringing")
    assert sim.handset(ERIK)["call"]["state"] == "dialling"
    assert sim.rest("GET", f"/Calls/{sid}.json").json()["status"] == "ringing"
    sim.play(ANA, "answer")
    sim.wait("call", sid=sid, status="in-progress")


@pytest.mark.parametrize(
    ("behaviour", "status"), [("decline", "busy"), ("ring_out", "no-answer"), ("unreachable", "failed")]
)
def test_the_dial_action_learns_why_nobody_was_connected(
    sim: Sim, product: Product, behaviour: str, status: str
) -> None:
    product.answers |= {"/voice": SHORT_DIAL, "/dialled": say("Nobody.")}
    sim.put(f"/handsets/{ANA}", behaviour=behaviour)
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Nobody.")
    action = product.at("/dialled")[0].posted
    assert (action["DialCallStatus"], action["DialBridged"]) == (status, "false")
    assert "DialCallDuration" not in action


def test_a_screening_robot_answers_and_presses_nothing(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": DIAL, "/screen": SCREEN, "/dialled": say("Nobody.")}
    sim.put(f"/handsets/{ANA}", behaviour="screen")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Nobody.")
    assert sim.handset(ANA)["calls"][0]["heard"] == ["Erik. Press 4."]
    assert product.at("/accept") == []


def test_a_caller_who_hangs_up_ends_the_leg_that_rings(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = DIAL
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ANA, state="ringing")
    sim.play(ERIK, "hang_up")
    sim.wait("call", to=ANA, status="canceled")
    sim.wait("quiet")
    action = product.at("/dialled")[0].posted
    assert (action["DialCallStatus"], action["DialBridged"], action["CallStatus"]) == ("canceled", "false", "completed")


def test_a_caller_who_hangs_up_while_connected_still_calls_the_action(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": DIAL, "/screen": "<Response/>"}
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, bridged="true")
    sim.play(ERIK, "hang_up")
    sim.wait("quiet")
    action = product.at("/dialled")[0].posted
    assert (action["DialCallStatus"], action["DialBridged"]) == ("completed", "true")


def test_of_several_numbers_the_first_to_pick_up_wins_a_mailbox_too(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = (
        f"<Response><Dial action='/dialled'><Number>{ANA}</Number><Number>{BEN}</Number></Dial></Response>"
    )
    product.answers["/dialled"] = say("Over.")
    sim.put(f"/handsets/{ANA}", behaviour="mailbox", hang_up_after=2)
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("call", to=BEN, status="canceled")
    sim.wait("handset", number=ERIK, calls=1, heard="Over.")
    assert product.at("/dialled")[0].posted["DialBridged"] == "true"


def test_each_dialled_leg_tells_its_own_events(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = (
        "<Response><Dial timeout='5'><Number statusCallback='/leg' statusCallbackEvent='initiated ringing answered "
        f"completed'>{ANA}</Number></Dial></Response>"
    )
    sim.put(f"/handsets/{ANA}", behaviour="answer", hang_up_after=1)
    sid = sim.play(ERIK, "call", to=HOTLINE)["call_sid"]
    sim.wait("call", sid=sid, status="completed")
    sim.wait("quiet")
    assert statuses(product, "/leg") == ["initiated", "ringing", "in-progress", "completed"]
    assert {said.posted["ParentCallSid"] for said in product.at("/leg")} == {sid}


@pytest.mark.parametrize(
    ("dial", "code"), [("<Dial>030 23125 001</Dial>", 13223), (f"<Dial callerId='+4930'>{ANA}</Dial>", 13214)]
)
def test_a_dial_with_a_wrong_number_fails(sim: Sim, product: Product, dial: str, code: int) -> None:
    product.answers["/voice"] = f"<Response>{dial}<Say>Next.</Say></Response>"
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Next.")
    assert sim.violations() == [code]


def test_a_key_ends_a_recording_and_the_action_learns_it(sim: Sim, product: Product) -> None:
    product.answers |= {
        "/voice": "<Response><Record action='/saved' timeout='600'/></Response>",
        "/saved": say("Thanks."),
    }
    sim.put(f"/handsets/{ERIK}", speech=[{"text": "The shop is down.", "seconds": 7}])
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, waiting_for="record")
    sim.play(ERIK, "press", digits="#")
    sim.wait("handset", number=ERIK, calls=1, heard="Thanks.")
    action = product.at("/saved")[0].posted
    assert (action["Digits"], action["RecordingDuration"]) == ("#", "7")
    assert sim.handset(ERIK)["calls"][0]["heard"][0] == "[beep]"


def test_a_recording_ends_at_its_longest(sim: Sim, product: Product) -> None:
    product.answers |= {"/voice": "<Response><Record action='/saved' maxLength='10'/></Response>", "/saved": say("Ok.")}
    sim.put(f"/handsets/{ERIK}", speech=[{"text": "on and on", "seconds": 500}])
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="Ok.")
    assert product.at("/saved")[0].posted["RecordingDuration"] == "10"


@pytest.mark.parametrize(("outcome", "text"), [("completed", "It is down."), ("failed", "")])
def test_a_transcription_comes_late_or_fails(sim: Sim, product: Product, outcome: str, text: str) -> None:
    product.answers["/voice"] = (
        "<Response><Record action='/saved' transcribe='true' transcribeCallback='/w'/></Response>"
    )
    sim.put(f"/handsets/{ERIK}", speech=[{"text": "It is down.", "seconds": 3, "transcription": outcome}])
    sim.play(ERIK, "call", to=HOTLINE)
    told = sim.wait("webhook", purpose="transcription")["params"]
    assert (told["TranscriptionStatus"], told["TranscriptionText"]) == (outcome, text)
    sid = told["TranscriptionSid"]
    assert sim.rest("GET", f"/Transcriptions/{sid}.json").json()["transcription_text"] == text


def test_an_absent_recording_is_told_to_those_who_ask(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = (
        "<Response><Record timeout='1' recordingStatusCallback='/kept' "
        "recordingStatusCallbackEvent='in-progress completed absent'/></Response>"
    )
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("call", status="completed")
    sim.wait("quiet")
    assert [said.posted["RecordingStatus"] for said in product.at("/kept")] == ["in-progress", "absent"]


FAILING: list[tuple[str, int, Any]] = [
    ("not found", 11200, (404, "text/plain", "no")),
    ("server error", 11200, (500, "text/plain", "no")),
    ("no XML", 12100, (200, "text/xml", "hello")),
    ("nothing", 12100, (200, "text/xml", "")),
    ("HTML", 12300, (200, "text/html", "<Response/>")),
    ("too long to say", 13520, (200, "text/xml", say("x" * 4097))),
    ("a redirect to itself", 11215, (302, "", "", {"Location": "/voice"})),
]


@pytest.mark.parametrize(("name", "code", "answer"), FAILING, ids=[row[0] for row in FAILING])
def test_a_failing_webhook_is_replaced_by_the_fallback(
    sim: Sim, product: Product, name: str, code: int, answer: Any
) -> None:
    product.answers |= {"/voice": answer, "/fallback": say("A human will answer.")}
    sim.put(f"/numbers/{HOTLINE}", voice_fallback_url=product.url + "/fallback")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="A human will answer.")
    told = product.at("/fallback")[0].posted
    assert (told["ErrorCode"], told["ErrorUrl"]) == (str(code), product.url + "/voice")
    assert code in sim.violations()


def test_without_a_fallback_the_caller_hears_an_application_error(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = (500, "text/plain", "no")
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("handset", number=ERIK, calls=1, heard="application error")


def test_a_document_that_redirects_to_itself_ends_when_the_caller_leaves(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = "<Response><Say>Wait.</Say><Redirect/><Redirect>/voice</Redirect></Response>"
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("webhook", purpose="voice", count=3)
    sim.play(ERIK, "hang_up")
    sim.wait("call", status="completed")


def test_cookies_live_as_long_as_the_call(sim: Sim, product: Product) -> None:
    first = (200, "text/xml", "<Response><Redirect>/next</Redirect></Response>", {"Set-Cookie": "step=1"})
    product.answers |= {"/voice": first, "/next": "<Response/>"}
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("quiet")
    assert product.at("/next")[0].headers["Cookie"] == "step=1"
