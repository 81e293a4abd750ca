"""The test of somebody's pager: it says what it is, is answered, and never stands in for a page."""

import xml.etree.ElementTree as ET

import pytest

from oncallbot.engine import pager_tests
from oncallbot.escalation.issue import Status
from oncallbot.storage import proofs
from oncallbot.storage.outbox import Purpose
from tests.engine.stage import ANA, CEM, MINUTE, Night, both


@pytest.fixture
def tests(night: Night):
    """Cem's tests, on their way."""
    assert pager_tests.test(night.door, "cem").startswith("Tests are on their way by text, call")
    return {one.method: one for one in night.claims() if one.purpose is Purpose.TEST}


def says(twiml: str) -> str:
    return " ".join(one.text or "" for one in ET.fromstring(twiml).iter() if one.tag in ("Say", "Message"))


def test_the_call_says_first_that_it_is_a_test_and_thanks_for_the_key(twilio, tests):
    page = f"/twilio/page/{tests['voice'].id}"
    spoken = twilio.posts(page, CallSid="CA7", CallStatus="in-progress").text
    assert says(spoken).startswith("This is a test of your pager. Nothing has happened. Press 4.")
    (gather,) = ET.fromstring(spoken).iter("Gather")
    key = gather.attrib["action"]
    assert says(twilio.posts(key, CallSid="CA7", Digits="4").text) == "Thank you. Your pager works. Goodbye."


def test_a_text_that_answers_it_is_told_that_it_has_arrived(twilio, tests):
    assert says(twilio.texts("4", from_=CEM)) == "Your answer has arrived: texts reach you, and yours reach us."


def test_a_text_without_a_test_is_told_that_nothing_is_open(twilio):
    assert says(twilio.texts("4", from_=CEM)).startswith("Nothing is open for you.")


def test_a_page_that_comes_after_the_test_is_what_4_means(night, twilio):
    pager_tests.test(night.door, "ana")
    number = night.opens("the plant stands still")
    assert says(twilio.texts("4", from_=ANA)) == f"AH-{number} is yours."
    assert night.issue(number).status is Status.ACKNOWLEDGED


def test_whoever_has_a_page_is_not_tested(night):
    night.opens("the plant stands still")
    assert pager_tests.test(night.door, "ana").startswith("You have a page to answer")
    assert ANA not in [one.address for one in night.claims() if one.purpose is Purpose.TEST]


@both
def test_what_arrived_is_the_proof_and_what_was_only_sent_is_none(night, twilio, tests):
    texted, rung = tests["sms"].id, tests["voice"].id
    night.clock.moves(MINUTE)
    for status in ("sent", "delivered"):
        twilio.posts(f"/twilio/text-status/{texted}", MessageSid="SM7", MessageStatus=status)
    twilio.posts(f"/twilio/call-status/{rung}", CallSid="CA7", CallStatus="ringing")
    with night.database.read() as connection:
        found = proofs.last_arrived(connection, "cem")
    assert set(found) == {"sms"}
