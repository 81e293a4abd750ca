"""Receipts come twice, late, in the wrong order or never: nothing waits for them, and none is counted twice."""

import pytest

from tests.journeys.night import Night

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("kind", ["duplicate_callback", "delay_callback", "reorder_callbacks", "drop_callback"])
def test_the_night_goes_as_always_whatever_happens_to_the_receipts(street, kind):
    night: Night = street("quick")
    people = (night.ana, night.ben, night.erik)
    faults = [night.fault(kind, count=50, seconds=0.5, match={"to": phone.number}) for phone in people]
    night.ana.will("ring_out")
    night.ben.will("answer", keys=["4"])
    night.erik.will("manual", speech=["Nobody can order"])
    night.erik.calls()
    issue = night.acknowledged(night.ben)
    night.ben.hears("is yours")
    night.ana.reads(f"Ben has {issue.reference}")
    night.erik.reads(f"Ben has your issue {issue.reference}")
    assert all(fault.fired for fault in faults)
    assert (issue.level, issue.loop) == (2, 1)
    assert not {one["status"] for one in issue.notifications} & {"failed", "unknown"}
    assert [night.ana.rang, night.ben.rang] == [1, 1]


@pytest.mark.parametrize("kind", ["duplicate_callback", "reorder_callbacks"])
def test_a_failure_told_twice_moves_the_level_on_once(street, kind):
    night: Night = street("calls only")
    fault = night.fault(kind, count=50, match={"to": night.ana.number})
    night.ana.will("busy")
    night.page()
    night.ben.is_rung()
    night.sim.wait("webhook", purpose="status", To=night.ana.number, CallStatus="busy")
    issue = night.issue()
    assert fault.fired
    assert (issue.level, issue.loop) == (2, 1)
    assert issue.kinds.count("delivery_failed") == 1


def test_a_phone_whose_call_ended_unheard_of_can_still_be_texted_and_take_it(street):
    night: Night = street("quick")
    night.fault("drop_callback", count=50, match={"to": night.ana.number})
    night.ana.will("ring_out")
    night.ben.will("ring_out")
    night.page()
    night.ben.is_rung()
    night.ana.texts("4")
    issue = night.acknowledged(night.ana)
    night.ben.reads(f"Ana has {issue.reference}")
