"""What Twilio refuses, the emulator refuses: same code, same HTTP status, same envelope."""

from typing import Any

import pytest

from oncallbot.emulators.twilio.errors import WORDS

from .conftest import ANA, BEN, HOTLINE, Product, Sim

OTHER = "+493023125998"
VOICELESS = "+493023125997"
LANDLINE = "+493023125050"
GONE = "+493023125051"
STOPPED = "+493023125052"
PAGE: dict[str, Any] = {"To": ANA, "From": HOTLINE, "Url": "http://127.0.0.1:9/page"}
TEXT: dict[str, Any] = {"To": ANA, "From": HOTLINE, "Body": "hello"}
CALLS, MESSAGES = "/Calls.json", "/Messages.json"
NO_CALL, NO_MESSAGE = "/Calls/CA0.json", "/Messages/SM0.json"


def without(form: dict[str, Any], *names: str, **others: Any) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name not in names} | others


# (code, HTTP status, method, path, form)
REFUSED: list[tuple[int, int, str, str, dict[str, Any]]] = [
    (21201, 400, "POST", CALLS, without(PAGE, "To")),
    (21213, 400, "POST", CALLS, without(PAGE, "From")),
    (21205, 400, "POST", CALLS, without(PAGE, "Url")),
    (21205, 400, "POST", CALLS, without(PAGE, Url="not a url")),
    (21205, 400, "POST", CALLS, without(PAGE, Url="ftp://example.com/x")),
    (21205, 400, "POST", CALLS, without(PAGE, "Url", Twiml="x" * 4001)),
    (21205, 400, "POST", CALLS, without(PAGE, FallbackUrl="/relative")),
    (21211, 400, "POST", CALLS, without(PAGE, To="493023125001")),
    (21211, 400, "POST", CALLS, without(PAGE, To="+49 30 23125 001")),
    (21211, 400, "POST", CALLS, without(PAGE, To="anonymous")),
    (21212, 400, "POST", CALLS, without(PAGE, From="hotline")),
    (21210, 400, "POST", CALLS, without(PAGE, From="+493023125995")),
    (21210, 400, "POST", CALLS, without(PAGE, From=VOICELESS)),
    (21215, 400, "POST", CALLS, without(PAGE, To="+882123456789")),
    (21217, 400, "POST", CALLS, without(PAGE, To=GONE)),
    (21266, 400, "POST", CALLS, without(PAGE, To=HOTLINE)),
    (21208, 400, "POST", CALLS, without(PAGE, Timeout="0")),
    (21208, 400, "POST", CALLS, without(PAGE, Timeout="25s")),
    (21209, 400, "POST", CALLS, without(PAGE, Method="PUT")),
    (21209, 400, "POST", CALLS, without(PAGE, StatusCallbackMethod="post it")),
    (21609, 400, "POST", CALLS, without(PAGE, StatusCallback="nowhere")),
    (21626, 400, "POST", CALLS, without(PAGE, StatusCallbackEvent=["ringing", "in-progress"])),
    (21206, 400, "POST", CALLS, without(PAGE, SendDigits="four")),
    (21218, 400, "POST", CALLS, without(PAGE, ApplicationSid="AP0")),
    (20001, 400, "POST", CALLS, without(PAGE, IdempotencyKey="1")),
    (20001, 400, "POST", CALLS, without(PAGE, "Url", url="http://127.0.0.1:9/page")),
    (21604, 400, "POST", MESSAGES, without(TEXT, "To")),
    (21603, 400, "POST", MESSAGES, without(TEXT, "From")),
    (21602, 400, "POST", MESSAGES, without(TEXT, "Body")),
    (21602, 400, "POST", MESSAGES, without(TEXT, Body="")),
    (21617, 400, "POST", MESSAGES, without(TEXT, Body="x" * 1601)),
    (21211, 400, "POST", MESSAGES, without(TEXT, To="+0123456789")),
    (21212, 400, "POST", MESSAGES, without(TEXT, From="a sender far too long")),
    (21606, 400, "POST", MESSAGES, without(TEXT, From="+493023125995")),
    (21606, 400, "POST", MESSAGES, without(TEXT, From=OTHER)),
    (21266, 400, "POST", MESSAGES, without(TEXT, To=HOTLINE)),
    (21408, 403, "POST", MESSAGES, without(TEXT, To="+882123456789")),
    (21610, 400, "POST", MESSAGES, without(TEXT, To=STOPPED)),
    (21614, 400, "POST", MESSAGES, without(TEXT, To=LANDLINE)),
    (21620, 400, "POST", MESSAGES, without(TEXT, MediaUrl="picture.jpg")),
    (21623, 400, "POST", MESSAGES, without(TEXT, MediaUrl=["http://example.com/a.jpg"] * 11)),
    (21624, 400, "POST", MESSAGES, without(TEXT, ValidityPeriod="36001")),
    (21624, 400, "POST", MESSAGES, without(TEXT, ValidityPeriod="0")),
    (21609, 400, "POST", MESSAGES, without(TEXT, StatusCallback="http://")),
    (21703, 400, "POST", MESSAGES, without(TEXT, "From", MessagingServiceSid="MG0")),
    (20001, 400, "POST", MESSAGES, without(TEXT, StatusCallbackMethod="POST")),
    (20404, 404, "GET", NO_CALL, {}),
    (20404, 404, "POST", NO_CALL, {"Status": "completed"}),
    (20404, 404, "GET", NO_MESSAGE, {}),
    (20404, 404, "GET", "/Recordings/RE0.json", {}),
    (20404, 404, "GET", "/Recordings/RE0.wav", {}),
    (20404, 404, "GET", "/Calls/CA0/Recordings.json", {}),
    (20404, 404, "DELETE", "/Recordings/RE0.json", {}),
    (20404, 404, "GET", "/Transcriptions/TR0.json", {}),
    (20404, 404, "POST", "/IncomingPhoneNumbers/PN0.json", {"VoiceUrl": "http://127.0.0.1:9/"}),
    (20404, 404, "GET", "/Faxes.json", {}),
    (20004, 405, "PUT", CALLS, {}),
    (20007, 400, "GET", CALLS, {"PageSize": "1001"}),
    (20001, 400, "GET", CALLS, {"Direction": "inbound"}),
    (20001, 400, "GET", MESSAGES, {"DateSent>": "yesterday"}),
]


@pytest.fixture
def strict(sim: Sim, product: Product) -> Sim:
    """A network in which every kind of unreachable number lives."""
    sim.put(f"/numbers/{OTHER}", capabilities={"sms": False})
    sim.put(f"/numbers/{VOICELESS}", capabilities={"voice": False})
    sim.put("/account", no_calls_to=["+882"], no_texts_to=["+882"])
    sim.put(f"/handsets/{LANDLINE}", behaviour="landline")
    sim.put(f"/handsets/{GONE}", unroutable=True)
    product.answers["/sms"] = (204, "", "")
    sim.play(STOPPED, "text", to=HOTLINE, body="Stop")
    return sim


@pytest.mark.parametrize(
    ("code", "status", "method", "path", "form"),
    REFUSED,
    ids=[f"{row[0]}-{index}" for index, row in enumerate(REFUSED)],
)
def test_a_wrong_request_gets_twilios_own_error(
    strict: Sim, code: int, status: int, method: str, path: str, form: dict[str, Any]
) -> None:
    response = strict.rest(method, path, **form)
    assert response.json()["code"] == code, response.text
    assert response.status_code == status
    assert response.json().keys() == {"code", "message", "more_info", "status"}
    assert strict.get("/state")["calls"] == []


def test_the_table_covers_at_least_thirty_wrong_requests() -> None:
    assert len(REFUSED) >= 30
    assert {case[0] for case in REFUSED} <= WORDS.keys()


@pytest.mark.parametrize("password", ["", "wrong"])
def test_wrong_credentials_are_20003(sim: Sim, password: str) -> None:
    response = sim.rest("GET", CALLS, auth=(sim.settings.account_sid, password))
    assert (response.status_code, response.json()["code"]) == (401, 20003)


@pytest.mark.parametrize("kind", ["primary", "secondary", "key"])
def test_both_tokens_and_an_api_key_open_the_account(sim: Sim, kind: str) -> None:
    own = sim.settings
    auth = {
        "primary": (own.account_sid, own.auth_token),
        "secondary": (own.account_sid, own.secondary_token),
        "key": (own.api_key_sid, own.api_key_secret),
    }[kind]
    assert sim.rest("GET", CALLS, auth=auth).status_code == 200


def test_a_call_that_is_over_cannot_be_changed(sim: Sim, product: Product) -> None:
    sim.put(f"/handsets/{ANA}", behaviour="decline")
    sid = sim.call(Twiml="<Response/>")["sid"]
    sim.wait("call", sid=sid, status="busy")
    response = sim.rest("POST", f"/Calls/{sid}.json", Status="canceled")
    assert (response.status_code, response.json()["code"]) == (400, 21220)


def test_an_answered_call_cannot_be_canceled_only_completed(sim: Sim) -> None:
    sim.put(f"/handsets/{ANA}", behaviour="answer")
    sid = sim.call(Twiml="<Response><Pause length='600'/></Response>")["sid"]
    sim.wait("call", sid=sid, status="in-progress")
    assert sim.rest("POST", f"/Calls/{sid}.json", Status="canceled").json()["code"] == 21220
    assert sim.rest("POST", f"/Calls/{sid}.json", Status="completed").status_code == 200
    sim.wait("call", sid=sid, status="completed")


def test_redacting_takes_an_empty_body_only(sim: Sim) -> None:
    sid = sim.text(BEN)["sid"]
    sim.wait("message", sid=sid, status="delivered")
    assert sim.rest("POST", f"/Messages/{sid}.json", Body="other").json()["code"] == 20001
    assert sim.rest("POST", f"/Messages/{sid}.json", Body="").json()["body"] == ""


def test_wrong_numbers_settings_are_refused(sim: Sim) -> None:
    sid = sim.get("/numbers")[0]["sid"]
    assert sim.rest("POST", f"/IncomingPhoneNumbers/{sid}.json", VoiceUrl="nowhere").json()["code"] == 21402
    assert sim.rest("POST", f"/IncomingPhoneNumbers/{sid}.json", VoiceMethod="PUT").json()["code"] == 21403


def test_a_wrong_request_is_a_violation_but_an_opted_out_recipient_is_not(strict: Sim) -> None:
    strict.rest("POST", MESSAGES, **(TEXT | {"To": STOPPED}))
    assert strict.violations() == []
    strict.rest("POST", MESSAGES, **(TEXT | {"Subject": "x"}))
    assert strict.violations() == [20001]
    assert strict.get("/requests")[-1]["violation"]
