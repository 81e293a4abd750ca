"""What comes from outside is checked, and acts once however often it comes."""

import httpx
import pytest

from tests.journeys.night import Night

pytestmark = pytest.mark.journey


@pytest.fixture
def http():
    with httpx.Client(trust_env=False, verify=False) as client:
        yield client


def test_a_wrong_signature_is_403_and_without_effect(street, http):
    night: Night = street("patient")
    form = {"CallSid": "CA" + "1" * 32, "From": night.erik.number, "To": night.erik.hotline, "CallStatus": "ringing"}
    text = form | {"MessageSid": "SM" + "1" * 32, "Body": "help me"}
    front = night.house.url(night.house.front)
    for path, sent in (("/twilio/voice", form), ("/twilio/sms", text), ("/twilio/page/1-1/key?issue=1&step=1", form)):
        for headers in ({}, {"X-Twilio-Signature": "bm90IHRoaXMgb25lIGVpdGhlciE="}):
            assert http.post(front + path, data=sent, headers=headers).status_code == 403
    assert night.references == []


def test_a_forged_call_is_refused_and_the_next_honest_one_is_heard(street):
    night: Night = street("patient")
    fault = night.fault("bad_signature", match={"purpose": "voice"})
    night.erik.calls()
    night.erik.is_free(calls=1)
    assert fault.fired == 1
    assert night.references == []
    night.erik.calls()
    night.ana.is_rung()


def test_a_call_that_is_told_again_gets_the_same_words_and_no_second_issue(street, http):
    night: Night = street("patient")
    sid = night.erik.calls()
    night.ana.is_rung()
    first = night.sim.wait("webhook", purpose="voice", subject=sid)
    again = replay(http, first)
    assert (again.status_code, again.text) == (200, first["body"])
    assert again.headers["content-type"].startswith("text/xml")
    assert len(night.references) == 1


def test_a_text_that_is_told_again_gets_the_same_words_and_no_second_issue(street, http):
    night: Night = street("patient")
    sid = night.erik.texts("Nobody can log in")
    night.ana.is_rung()
    first = night.sim.wait("webhook", purpose="sms", subject=sid)
    assert "we have your report" in first["body"]
    night.ana.texts("4")
    issue = night.acknowledged(night.ana)
    assert replay(http, first).text == first["body"]
    after = night.issue()
    assert (night.references, after.kinds) == ([issue.reference], after.kinds)
    assert after.kinds.count("reported") == 1


def test_a_key_that_is_told_again_gets_the_same_words_and_acts_once(street, http):
    night: Night = street("patient")
    night.ana.will("answer", keys=["4"])
    night.page()
    night.acknowledged(night.ana)
    first = night.sim.wait("webhook", purpose="action", To=night.ana.number)
    again = replay(http, first)
    assert "is yours" in again.text
    assert again.text == first["body"]
    assert night.issue().kinds.count("acknowledged") == 1


def replay(http: httpx.Client, webhook) -> httpx.Response:
    """The very request, as anybody who has seen it could send it."""
    return http.post(webhook["url"], data=webhook["params"], headers=webhook["headers"])
