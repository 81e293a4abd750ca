"""What the client sends: every parameter that a page depends on."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from oncallbot.errors import Misconfigured, OutcomeUnknown, Refused, Unavailable
from oncallbot.telephony.client import Credentials, EndedCall, Telephone
from tests.telephony.vendor import ANA, CALL, HOTLINE, SID, TEXT, Vendor

URL = "https://pager.example/twilio/page/1?nonce=a#rc=2"
STATUS = "https://pager.example/twilio/status/1"
SINCE = datetime(2026, 11, 22, 2, 0, 0, 400_000, tzinfo=UTC)


def placed(telephone: Telephone) -> str:
    return telephone.place_call(ANA, HOTLINE, URL, STATUS)


def sent(telephone: Telephone) -> str:
    return telephone.send_text(ANA, HOTLINE, "AH-1042 Acme: down.", STATUS, timedelta(minutes=5))


def test_a_call_asks_our_url_what_to_say_and_never_carries_twiml(vendor, telephone) -> None:
    vendor.answers(201, {"sid": CALL, "status": "queued"})
    assert placed(telephone) == CALL
    [asked] = vendor.asked
    assert (asked.method, asked.path) == ("POST", f"/2010-04-01/Accounts/{SID}/Calls.json")
    assert asked.value("Url") == URL
    assert (asked.value("To"), asked.value("From"), asked.value("Timeout")) == (ANA, HOTLINE, "25")
    assert "Twiml" not in dict(asked.form)


def test_a_call_reports_each_step_of_its_progress(vendor, telephone) -> None:
    vendor.answers(201, {"sid": CALL})
    placed(telephone)
    [asked] = vendor.asked
    assert asked.value("StatusCallback") == STATUS
    assert [value for name, value in asked.form if name == "StatusCallbackEvent"] == [
        "initiated",
        "ringing",
        "answered",
        "completed",
    ]


def test_a_text_states_how_long_it_is_worth_sending(vendor, telephone) -> None:
    vendor.answers(201, {"sid": TEXT, "status": "queued"})
    assert sent(telephone) == TEXT
    [asked] = vendor.asked
    assert (asked.value("ValidityPeriod"), asked.value("StatusCallback")) == ("300", STATUS)


def test_an_api_key_signs_in_the_place_of_the_token_but_the_account_stays(vendor) -> None:
    keyed = Credentials(SID, "token", "SK1", "secret", vendor.url)
    vendor.answers(201, {"sid": TEXT})
    sent(Telephone(keyed))
    [asked] = vendor.asked
    assert asked.authorization == "Basic " + base64.b64encode(b"SK1:secret").decode()
    assert SID in asked.path


def test_region_and_edge_of_the_environment_do_not_rewrite_our_host(vendor, monkeypatch) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    vendor.answers(201, {"sid": TEXT})
    assert sent(Telephone(vendor.credentials)) == TEXT


def test_credentials_that_are_missing_are_a_configuration_error(monkeypatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "of somebody else")
    with pytest.raises(Misconfigured):
        Telephone(Credentials(SID, ""))


def test_credentials_never_show_their_secrets() -> None:
    assert "hush" not in repr(Credentials(SID, "hush", "SK1", "hush"))


def test_a_ringing_call_is_canceled_not_completed(vendor, telephone) -> None:
    vendor.answers(200, {"sid": CALL, "status": "canceled"})
    assert telephone.end_call(CALL) is EndedCall.CANCELED
    assert vendor.asked[0].form == [("Status", "canceled")]


def test_an_answered_call_is_left_alone(vendor, telephone) -> None:
    vendor.refuses(21220)
    vendor.answers(200, {"sid": CALL, "status": "in-progress"})
    assert telephone.end_call(CALL) is EndedCall.LEFT_ALONE
    assert [asked.method for asked in vendor.asked] == ["POST", "GET"]


def test_an_answered_call_is_hung_up_when_that_is_asked_for(vendor, telephone) -> None:
    vendor.refuses(21220)
    vendor.answers(200, {"sid": CALL, "status": "in-progress"})
    vendor.answers(200, {"sid": CALL, "status": "completed"})
    assert telephone.end_call(CALL, even_if_answered=True) is EndedCall.COMPLETED
    assert vendor.asked[-1].form == [("Status", "completed")]


@pytest.mark.parametrize("status", ["completed", "busy", "no-answer", "failed"])
def test_a_call_that_is_over_says_so(vendor, telephone, status) -> None:
    vendor.refuses(21220)
    vendor.answers(200, {"sid": CALL, "status": status})
    assert telephone.end_call(CALL) is EndedCall.ALREADY_OVER


def test_a_call_that_rings_on_is_never_said_to_be_canceled(vendor, telephone) -> None:
    vendor.refuses(21220)
    vendor.answers(200, {"sid": CALL, "status": "ringing"})
    with pytest.raises(Unavailable):
        telephone.end_call(CALL)


def test_ending_a_call_that_never_was_is_refused(vendor, telephone) -> None:
    vendor.refuses(20404, 404)
    with pytest.raises(Refused):
        telephone.end_call(CALL)


def listed_call(sid: str, created: str, **other: object) -> dict[str, object]:
    start = {"start_time": None, "from": HOTLINE, "to": ANA, "direction": "outbound-api"}
    return {"sid": sid, "status": "queued", "date_created": created} | start | other


def test_a_queued_call_is_found_though_it_has_not_started(vendor, telephone) -> None:
    new, old = "Sun, 22 Nov 2026 02:00:00 +0000", "Sun, 22 Nov 2026 01:59:59 +0000"
    vendor.answers(200, {"calls": [listed_call("CA2", new), listed_call("CA1", old)], "page": 0, "next_page_uri": None})
    [found] = telephone.find_call(ANA, HOTLINE, SINCE)
    assert (found.sid, found.status, found.from_, found.direction) == ("CA2", "queued", HOTLINE, "outbound-api")
    assert found.created_at == SINCE.replace(microsecond=0)
    query = vendor.asked[0].query
    assert (query["To"], query["From"]) == (ANA, HOTLINE)
    assert not any(name.startswith("StartTime") for name in query)


def test_calls_to_a_number_are_found_whoever_called(vendor, telephone) -> None:
    vendor.answers(200, {"calls": [], "page": 0})
    assert telephone.find_call(HOTLINE, None, SINCE) == ()
    assert "From" not in vendor.asked[0].query


def test_a_text_is_found_by_its_words_behind_a_trial_accounts_own(vendor, telephone) -> None:
    created = "Sun, 22 Nov 2026 02:00:01 +0000"
    same = {"date_created": created, "status": "sent", "from": HOTLINE, "to": ANA, "direction": "outbound-api"}
    bodies = ["Sent from your Twilio trial account - AH-1 Acme: down.", "AH-2 Acme: other."]
    vendor.answers(200, {"messages": [same | {"sid": f"SM{n}", "body": body} for n, body in enumerate(bodies)]})
    [found] = telephone.find_text(ANA, HOTLINE, "AH-1 Acme: down. ", SINCE)
    assert found.sid == "SM0"
    assert not any(name.startswith("DateSent") for name in vendor.asked[0].query)


def test_the_account_brings_its_status_and_the_vendors_clock(vendor, telephone) -> None:
    vendor.answers(200, {"sid": SID, "friendly_name": "Example", "status": "active"})
    account = telephone.account()
    assert account.is_active
    assert account.vendor_time == datetime(2026, 11, 22, 3, tzinfo=UTC)


def test_the_account_says_whether_our_token_is_the_one_that_signs(vendor, telephone) -> None:
    for told, known in (("token", True), ("another", False), (None, None)):
        vendor.answers(200, {"sid": SID, "status": "active", "auth_token": told, "type": "Trial"})
        account = telephone.account()
        assert (account.is_our_token_primary, account.is_trial) == (known, True)


def test_numbers_come_with_what_they_can_and_whom_they_ask(vendor, telephone) -> None:
    able = {"voice": True, "SMS": True, "mms": False}
    number = {"sid": "PN1", "phone_number": HOTLINE, "capabilities": able, "voice_url": URL, "trunk_sid": None}
    vendor.answers(200, {"incoming_phone_numbers": [number]})
    [owned] = telephone.owned_numbers()
    assert (owned.number, owned.has_voice, owned.has_sms) == (HOTLINE, True, True)
    assert (owned.voice_url, owned.sms_url, owned.trunk_sid, owned.calls_go_to) == (URL, "", "", "")


def test_what_takes_a_numbers_calls_instead_is_said(vendor, telephone) -> None:
    number = {"sid": "PN1", "phone_number": HOTLINE, "capabilities": {}, "voice_application_sid": "AP1"}
    vendor.answers(200, {"incoming_phone_numbers": [number]})
    assert telephone.owned_numbers()[0].calls_go_to == "a TwiML application takes its calls"


def test_only_the_fields_that_are_named_are_changed(vendor, telephone) -> None:
    vendor.answers(200, {"sid": "PN1", "phone_number": HOTLINE, "capabilities": {}, "voice_url": URL})
    changed = telephone.change_number("PN1", {"voice_url": URL, "voice_method": "POST"})
    [asked] = vendor.asked
    assert asked.path.endswith("/IncomingPhoneNumbers/PN1.json")
    assert dict(asked.form) == {"VoiceUrl": URL, "VoiceMethod": "POST"}
    assert changed.voice_url == URL


def test_a_made_call_without_a_sid_may_have_been_made(vendor, telephone) -> None:
    vendor.answers(201, {"status": "queued"})
    with pytest.raises(OutcomeUnknown):
        placed(telephone)


def test_an_old_idle_connection_is_not_trusted_with_a_page(vendor: Vendor, telephone, monkeypatch) -> None:
    for _ in range(2):
        vendor.answers(201, {"sid": CALL})
    placed(telephone)
    closed: list[bool] = []
    monkeypatch.setattr(telephone._wire.session, "close", lambda: closed.append(True))
    placed(telephone)
    assert not closed
    monkeypatch.setattr(telephone._wire, "_used_at", telephone._wire._used_at - 21)
    vendor.answers(201, {"sid": CALL})
    placed(telephone)
    assert closed == [True]
