"""Twilio's door: only what Twilio signed has an effect, and a database that is away is said at once."""

import logging

import pytest
from fastapi.testclient import TestClient

from oncallbot.channels.link import Links
from oncallbot.emulators.twilio.signer import signature
from oncallbot.engine.handle import Door
from oncallbot.engine.measures import Measures
from oncallbot.engine.running_rules import RunningRules
from oncallbot.storage import issues
from oncallbot.storage.database import Database
from oncallbot.web import app as web
from tests.engine.outside import Twilio
from tests.engine.stage import BETA, HOTLINE, SECRET, Night

FORM = {"CallSid": "CA1", "From": BETA, "To": HOTLINE, "CallStatus": "ringing"}
PATHS = (
    "/twilio/voice",
    "/twilio/sms",
    "/twilio/page/1001-1",
    "/twilio/page/1001-1/key",
    "/twilio/call-status/1001-1",
    "/twilio/text-status/1001-1",
    "/twilio/hotline/message",
    "/twilio/hotline/recording",
    "/twilio/hotline/transcript",
    "/twilio/hotline/number",
    "/twilio/hotline/office-leg",
    "/twilio/hotline/office-ended",
    "/twilio/hotline/ended",
)


def nothing_happened(night) -> bool:
    with night.database.read() as connection:
        return issues.open_ones(connection) == []


class TestSignature:
    def test_without_one_every_door_refuses(self, twilio):
        assert {twilio.posts(path, signed="", **FORM).status_code for path in PATHS} == {403}

    @pytest.mark.parametrize("signed", ["", "AAAA", "x" * 5000, "ü", "\x7f"])
    def test_a_bad_one_is_refused_without_effect(self, night, twilio, signed):
        header = {"X-Twilio-Signature": signed.encode()}
        assert twilio.client.post("/twilio/voice", data=FORM, headers=header).status_code == 403
        assert nothing_happened(night)

    def test_another_accounts_token_is_refused(self, night, twilio):
        assert twilio.posts("/twilio/voice", token="another", **FORM).status_code == 403
        assert nothing_happened(night)

    def test_the_secondary_token_is_accepted_too(self, twilio):
        assert twilio.posts("/twilio/voice", token="secondary-token", **FORM).status_code == 200

    def test_a_form_that_was_changed_on_the_way_is_refused(self, night, twilio):
        signed = signature("primary-token", "https://pager.example/twilio/voice", FORM)
        assert twilio.posts("/twilio/voice", signed=signed, **{**FORM, "From": HOTLINE}).status_code == 403

    def test_forwarded_headers_are_not_believed(self, night, twilio):
        signed = signature("primary-token", "https://evil.example/twilio/voice", FORM)
        headers = {"X-Twilio-Signature": signed, "X-Forwarded-Host": "evil.example", "Host": "evil.example"}
        assert twilio.client.post("/twilio/voice", data=FORM, headers=headers).status_code == 403

    def test_blank_parameters_are_part_of_what_is_signed(self, twilio):
        assert twilio.posts("/twilio/voice", CallerName="", Digits="", **FORM).status_code == 200

    def test_the_query_is_part_of_what_is_signed(self, night, twilio):
        number = night.opens()
        path = f"/twilio/page/{number}-1/key?issue={number}&step=1&said=1&answered=0"
        assert twilio.posts(path, CallSid="CA1", Digits="4").status_code == 200
        assert night.issue(number).holder == "ana"

    def test_parameters_of_next_year_are_no_problem(self, twilio):
        assert (
            twilio.posts("/twilio/voice", StirVerstat="TN-Validation-Passed-A", NewThing="1", **FORM).status_code == 200
        )

    def test_a_json_body_is_refused(self, twilio):
        response = twilio.client.post("/twilio/voice", json=FORM, headers={"X-Twilio-Signature": "AAAA"})
        assert response.status_code == 403

    def test_a_get_is_not_served(self, twilio):
        assert twilio.client.get("/twilio/voice").status_code == 405

    def test_a_body_without_end_is_not_read(self, twilio):
        response = twilio.client.post("/twilio/voice", content=b"a=" + b"b" * 2_000_000)
        assert response.status_code == 413


class TestTwilioOff:
    def test_every_door_says_503(self, night):
        doors = web.Doors(night.door, night.measures, night.public_url, (), "test", Links(SECRET, night.public_url))
        client = TestClient(web.create(doors))
        assert {client.post(path, data=FORM).status_code for path in PATHS} == {503}


class TestDatabaseAway:
    @pytest.fixture
    def away(self, tmp_path, clock):
        database = Database.open(f"sqlite:///{tmp_path / 'gone' / 'oncallbot.db'}")
        night = Night.__new__(Night)
        night.door, night.public_url = (
            Door(database, clock, RunningRules(frozenset()), lambda: None),
            "https://p.example",
        )
        night.measures = Measures()
        doors = web.Doors(night.door, night.measures, night.public_url, ("t",), "test", Links(SECRET, night.public_url))
        return Twilio(night, web.create(doors), "t")

    def test_twilio_is_told_to_come_again(self, away):
        assert away.posts("/twilio/voice", **FORM).status_code == 503

    def test_a_source_is_told_to_come_again(self, away):
        response = away.client.post("/hooks/secret-token", json={"summary": "x"})
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")

    def test_the_token_is_not_logged(self, away, caplog):
        away.client.post("/hooks/secret-token", json={"summary": "x"})
        assert "secret-token" not in caplog.text

    def test_ready_and_paging_say_503(self, away):
        assert [away.client.get(f"/health/{one}").status_code for one in ("live", "ready", "paging")] == [200, 503, 503]

    def test_metrics_still_answer(self, away):
        assert away.client.get("/metrics").status_code == 200


def test_no_phone_number_and_no_word_of_the_customer_is_logged_above_debug(night, twilio, caplog):
    with caplog.at_level(logging.INFO):
        twilio.calls(from_=BETA)
        twilio.texts("the pump has stopped", from_="+493023125700")
        twilio.texts("4", sid="SM2", from_="+493023125001")
        twilio.posts("/twilio/text-status/1001-1", MessageSid="SM9", MessageStatus="failed", ErrorCode="30003")
        night.alarms.ring()
        night.sends()
    assert "decided" in caplog.text
    assert "+49" not in caplog.text
    assert "pump" not in caplog.text
