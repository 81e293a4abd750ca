"""In office hours: through to the office, and nobody turned away when it does not answer."""

import pytest

from tests.journeys.night import Night

pytestmark = pytest.mark.journey


def test_a_call_that_the_office_answers_is_no_issue(street):
    night: Night = street("office")
    night.office.will("answer")
    night.erik.calls()
    night.sim.wait("handset", number=night.erik.number, bridged="true")
    night.office.speaks("Good morning")
    night.erik.hears("Good morning")
    night.erik.hangs_up()
    night.erik.is_free(calls=1)
    night.house.until_quiet()
    assert night.references == []
    assert night.ana.rang == 0


@pytest.mark.parametrize("office", ["ring_out", "busy", "unreachable"])
def test_a_caller_whom_the_office_does_not_answer_leaves_a_message_and_is_paged_for(street, office):
    night: Night = street("office")
    night.office.will(office)
    night.erik.will("manual", speech=[{"text": "Is anybody there?", "seconds": 4}])
    night.erik.calls()
    night.erik.hears("nobody could take your call")
    night.ana.is_rung()
    issue = night.until(lambda one: one.summary == "Is anybody there?")
    assert issue.status == "triggered"
    assert any("the office did not answer" in text for text in issue.said("opened"))
    night.erik.reads(f"we have your report {issue.reference}")


def test_a_caller_who_hangs_up_while_the_office_rings_is_not_forgotten(street):
    night: Night = street("office")
    night.erik.calls()
    night.office.is_rung()
    night.erik.hangs_up()
    night.ana.is_rung()
    assert night.issue().status == "triggered"


def test_a_tier_may_hold_what_the_office_did_not_answer(street):
    night: Night = street("office that holds")
    night.office.will("busy")
    night.erik.will("manual", speech=["Not so urgent"])
    night.erik.calls()
    issue = night.until(lambda one: one.status == "held")
    night.dora.reads(issue.reference)
    night.erik.hears("Your issue has the number")
    night.house.until_quiet()
    assert (night.ana.rang, night.ana.inbox) == (0, [])


def test_a_text_in_office_hours_is_with_the_day_team(street):
    night: Night = street("office")
    night.erik.texts("A question")
    issue = night.until(lambda one: one.status == "held")
    night.erik.reads(issue.reference)
    night.dora.reads(issue.reference)
    assert night.ana.inbox == []


def test_a_tier_may_wait_for_the_morning_and_a_responder_may_still_take_it(street):
    night: Night = street("held at night")
    night.erik.texts("When do you open?")
    issue = night.until(lambda one: one.status == "held")
    night.erik.reads(f"we have your report {issue.reference}. We are closed now")
    assert night.ana.inbox == []
    night.ana.texts(f"4 {issue.reference}")
    night.acknowledged(night.ana)
    night.erik.reads(f"Ana has your issue {issue.reference}")
