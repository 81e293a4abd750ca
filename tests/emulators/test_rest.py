"""The REST interface looks like the official one, to a reader and to Twilio's own client."""

import io
import json
import wave
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from tests.needs import find_shared_data

from .conftest import ANA, BEN, ERIK, HOTLINE, Product, Sim

SCHEMAS = {
    "": "api.v2010.account",
    "/Calls": "api.v2010.account.call",
    "/Messages": "api.v2010.account.message",
    "/Recordings": "api.v2010.account.recording",
    "/Transcriptions": "api.v2010.account.transcription",
    "/IncomingPhoneNumbers": "api.v2010.account.incoming_phone_number",
}


@pytest.fixture(scope="module")
def official() -> Any:
    return json.loads((find_shared_data() / "twilio" / "twilio_api_v2010.json").read_text(encoding="utf-8"))


@pytest.fixture
def client(sim: Sim) -> Client:
    client = Client(sim.settings.account_sid, sim.settings.auth_token)
    client.api.base_url = str(sim.http.base_url).rstrip("/")
    return client


def played(sim: Sim, product: Product) -> None:
    """One call that leaves a recording and a transcription, and one text."""
    product.answers["/voice"] = "<Response><Record timeout='1' action='/saved' transcribe='true'/></Response>"
    product.answers["/saved"] = "<Response/>"
    sim.put(f"/handsets/{ERIK}", speech=[{"text": "It is down.", "seconds": 3}])
    sim.play(ERIK, "call", to=HOTLINE)
    sim.text()
    sim.wait("message", status="delivered")
    sim.wait("call", status="completed")
    sim.wait("transcription", status="completed")


def first_of(sim: Sim, path: str) -> Any:
    if not path:
        return sim.rest("GET", ".json").json()
    if path == "/Transcriptions":
        state = sim.get("/state")["transcriptions"]
        return sim.rest("GET", f"/Transcriptions/{state[0]['sid']}.json").json()
    listed = sim.rest("GET", f"{path}.json").json()
    return next(value for value in listed.values() if isinstance(value, list))[0]


@pytest.mark.parametrize("path", SCHEMAS)
def test_resources_have_the_official_fields(sim: Sim, product: Product, official: Any, path: str) -> None:
    played(sim, product)
    properties = official["components"]["schemas"][SCHEMAS[path]]["properties"]
    shown = first_of(sim, path)
    assert set(shown) == set(properties)
    types = {"string": str, "integer": int, "boolean": bool, "object": dict}
    for name, rule in properties.items():
        if shown[name] is not None and rule.get("type") in types:
            assert isinstance(shown[name], types[rule["type"]]), name


@pytest.mark.parametrize(("resource", "module"), [("Calls", "rest_calls"), ("Messages", "rest_messages")])
def test_the_known_parameters_are_the_official_ones(official: Any, resource: str, module: str) -> None:
    desk = __import__(f"oncallbot.emulators.twilio.{module}", fromlist=["CREATE"])
    path = official["paths"][f"/2010-04-01/Accounts/{{AccountSid}}/{resource}.json"]
    form = path["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert set(desk.CREATE) == set(form["properties"])
    assert set(desk.FILTERS) == {one["name"] for one in path["get"]["parameters"] if one["in"] == "query"}


def test_dates_are_rfc_2822_in_utc_and_answers_carry_the_date(sim: Sim) -> None:
    response = sim.rest("POST", "/Messages.json", To=ANA, From=HOTLINE, Body="hello")
    created = parsedate_to_datetime(response.json()["date_created"])
    assert response.json()["date_created"].endswith("+0000")
    assert abs((parsedate_to_datetime(response.headers["Date"]) - created).total_seconds()) < 5


def test_lists_are_newest_first_and_paged(sim: Sim) -> None:
    sids = [sim.text(Body=str(number))["sid"] for number in range(5)]
    page = sim.rest("GET", "/Messages.json", PageSize="2").json()
    assert [message["sid"] for message in page["messages"]] == [sids[4], sids[3]]
    assert (page["page"], page["page_size"], page["start"], page["end"]) == (0, 2, 0, 1)
    assert page["previous_page_uri"] is None
    sim.text(Body="newer")
    following = sim.http.get(page["next_page_uri"], auth=sim.auth).json()
    assert [message["sid"] for message in following["messages"]] == [sids[2], sids[1]]
    last = sim.http.get(following["next_page_uri"], auth=sim.auth).json()
    assert [message["sid"] for message in last["messages"]] == [sids[0]]
    assert last["next_page_uri"] is None


def test_calls_are_found_by_party_status_parent_and_time(sim: Sim, product: Product) -> None:
    product.answers["/voice"] = f"<Response><Dial timeout='5'>{ANA}</Dial></Response>"
    sim.put(f"/handsets/{ANA}", behaviour="decline")
    sid = sim.play(ERIK, "call", to=HOTLINE)["call_sid"]
    sim.wait("call", sid=sid, status="completed")

    def found(**filters: str) -> list[str]:
        return [call["to"] for call in sim.rest("GET", "/Calls.json", **filters).json()["calls"]]

    started = sim.rest("GET", f"/Calls/{sid}.json").json()["start_time"]
    that_day = parsedate_to_datetime(started).date().isoformat()
    assert found(To=HOTLINE) == [HOTLINE]
    assert found(From=ERIK, Status="completed") == [HOTLINE]
    assert found(Status="busy") == [ANA]
    assert found(ParentCallSid=sid) == [ANA]
    assert found(**{"StartTime>": "2020-01-01", "To": HOTLINE}) == [HOTLINE]
    assert found(**{"StartTime<": "2020-01-01T00:00:00Z"}) == []
    assert found(StartTime=that_day, Status="completed") == [HOTLINE]


def test_recordings_are_fetched_as_audio_with_credentials_only(sim: Sim, product: Product) -> None:
    played(sim, product)
    recording = sim.rest("GET", "/Recordings.json").json()["recordings"][0]
    path = f"/Recordings/{recording['sid']}"
    with wave.open(io.BytesIO(sim.rest("GET", path + ".wav").content)) as audio:
        assert audio.getnframes() > 0
    assert sim.rest("GET", path + ".mp3").headers["content-type"] == "audio/mpeg"
    assert sim.http.get(sim.base + path + ".wav").status_code == 401
    of_call = sim.rest("GET", f"/Calls/{recording['call_sid']}/Recordings.json").json()["recordings"]
    assert [one["sid"] for one in of_call] == [recording["sid"]]
    assert sim.rest("DELETE", path + ".json").status_code == 204
    assert sim.rest("GET", path + ".json").status_code == 404


def test_twilios_own_client_places_calls_and_sends_texts(sim: Sim, client: Client) -> None:
    call = client.calls.create(
        to=ANA, from_=HOTLINE, twiml="<Response/>", timeout=25, status_callback_event=["ringing", "completed"]
    )
    sim.wait("handset", number=ANA, state="ringing")
    assert client.calls(call.sid).fetch().status == "ringing"
    assert client.calls(call.sid).update(status="canceled").status == "canceled"
    message = client.messages.create(to=BEN, from_=HOTLINE, body="hello", validity_period=300)
    sim.wait("message", sid=message.sid, status="delivered")
    assert client.messages(message.sid).fetch().date_sent is not None
    assert sim.violations() == []


def test_twilios_own_client_lists_over_several_pages(sim: Sim, client: Client) -> None:
    sids = [sim.text(Body=str(number))["sid"] for number in range(7)]
    sim.wait("quiet")
    since = datetime(2020, 1, 1, tzinfo=UTC)
    listed = client.messages.list(to=ANA, date_sent_after=since, page_size=3)
    assert [message.sid for message in listed] == sids[::-1]


def test_twilios_own_client_points_a_number_somewhere_else(sim: Sim, client: Client) -> None:
    number = client.incoming_phone_numbers.list(phone_number=HOTLINE)[0]
    number.update(voice_url="https://example.com/voice", voice_fallback_url="https://example.com/fallback")
    shown = client.incoming_phone_numbers(number.sid).fetch()
    assert (shown.voice_url, shown.voice_fallback_url) == ("https://example.com/voice", "https://example.com/fallback")


def test_a_standard_api_key_reads_numbers_but_not_the_account(sim: Sim) -> None:
    key = (sim.settings.api_key_sid, sim.settings.api_key_secret)
    assert sim.rest("GET", "/IncomingPhoneNumbers.json", auth=key).status_code == 200
    assert sim.rest("GET", ".json", auth=key).json()["code"] == 20003


def test_the_vendors_clock_can_be_wrong(sim: Sim) -> None:
    sim.put("/account", clock_skew=-3600)
    sim.put("/slack/settings", clock_skew=90)
    for off, answer in ((-3600, sim.rest("GET", ".json")), (90, sim.http.post("/api/auth.test"))):
        ahead = parsedate_to_datetime(answer.headers["Date"]) - datetime.now(UTC)
        assert abs(ahead.total_seconds() - off) < 30


def test_a_number_of_an_application_does_not_ask_its_own_urls(sim: Sim, product: Product) -> None:
    sim.put(f"/numbers/{HOTLINE}", voice_application_sid="AP" + "0" * 32)
    sim.play(ERIK, "call", to=HOTLINE)
    sim.wait("call", status="failed")
    assert sim.rest("GET", "/IncomingPhoneNumbers.json").json()["incoming_phone_numbers"][0]["voice_url"]
    assert "/voice" not in [said.path for said in product.heard]


def test_twilios_own_client_reads_the_errors(client: Client) -> None:
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(to="nobody", from_=HOTLINE, body="hello")
    assert (caught.value.code, caught.value.status) == (21211, 400)
