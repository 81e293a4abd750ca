"""Twilio refuses, hangs, breaks or goes away: each fault fires, and the right people are still paged."""

from itertools import pairwise

import pytest

from tests.journeys.night import Night

pytestmark = pytest.mark.journey


def calls_to(phone) -> dict[str, str]:
    return {"method": "POST", "resource": "Calls", "to": phone.number}


def test_too_many_requests_are_waited_out(street):
    night: Night = street("calls only")
    fault = night.fault("http_429", count=2, code=20429, seconds=1, match=calls_to(night.ana))
    night.page()
    night.ana.is_rung()
    assert fault.fired == 2
    asked = night.requests("Calls", night.ana)
    assert [one["status"] for one in asked] == [429, 429, 201]
    assert all(later["at"] - sooner["at"] >= 0.9 for sooner, later in pairwise(asked))
    assert night.ana.rang == 1


def test_an_error_of_theirs_is_looked_up_and_then_sent_again(street):
    night: Night = street("text, then call")
    match = {"method": "POST", "resource": "Messages", "to": night.ana.number}
    fault = night.fault("http_500", match=match)
    night.page()
    night.ana.reads("Checkout is down", within=15)
    assert fault.fired == 1
    night.until(lambda one: one.notified(night.ana.id, "sms")[0]["status"] == "delivered")
    assert len(night.ana.inbox) == 1


def test_while_one_request_hangs_the_others_go_on(street):
    night: Night = street("quick")
    fault = night.fault("hold_before_accept", match=calls_to(night.ana))
    night.page()
    fault.holds()
    night.ana.reads("Checkout is down")
    night.ben.is_rung()
    assert night.ana.rang == 0


@pytest.mark.parametrize("kind", ["hold_after_accept", "accept_and_timeout"])
def test_a_call_whose_acceptance_is_not_heard_of_is_not_made_twice(street, kind):
    night: Night = street("calls only")
    fault = night.fault(kind, match=calls_to(night.ana), seconds=1)
    night.ana.will("answer", keys=["4"])
    night.page()
    issue = night.acknowledged(night.ana)
    night.house.until_quiet()
    assert fault.fired == 1
    assert len(night.requests("Calls", night.ana)) == night.ana.rang == 1
    assert night.issue(issue.reference).notified(night.ana.id)[0]["status"] == "delivered"


@pytest.mark.parametrize("status", [503, 0])
def test_when_twilio_is_down_the_next_level_is_tried_and_the_first_when_it_is_back(street, status):
    night: Night = street("quick")
    fault = night.fault("down", count=None, status=status, match={"to": night.ana.number})
    night.ana.will("ring_out")
    night.page()
    night.ben.is_rung()
    assert fault.fired >= 2
    assert (night.ana.rang, night.ana.inbox) == (0, [])
    fault.end()
    night.faults.remove(fault)
    night.ana.reads("Checkout is down", within=15)
    night.ana.is_rung(within=15)


@pytest.mark.soak
def test_an_accepted_text_of_which_nothing_is_ever_heard_is_found_and_not_sent_again(street):
    night: Night = street("texts only")
    night.ana.will("manual", texts="carrier_silent")
    night.fault("drop_callback", count=5, match={"to": night.ana.number})
    fault = night.fault("accept_and_timeout", match={"method": "POST", "to": night.ana.number})
    night.page()
    night.until(lambda one: one.notified(night.ana.id, "sms")[0]["status"] == "sent", within=25)
    assert fault.fired == 1
    assert len(night.ana.inbox) == 1
