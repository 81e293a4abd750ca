"""The night itself, by every road in and every road back."""

import pytest

from tests.journeys.night import Night

pytestmark = pytest.mark.journey


def test_the_first_lets_it_ring_and_the_second_takes_it_by_key(street):
    night: Night = street("quick")
    night.ana.will("ring_out")
    night.ben.will("answer", keys=["4"])
    night.erik.will("manual", speech=["Nobody can order"])
    night.erik.calls()
    night.erik.hears("we are paging the person on call")
    night.ana.is_rung()
    night.erik.hears("Your issue has the number")
    issue = night.acknowledged(night.ben)
    night.ben.hears("is yours")
    night.ana.reads(f"Ben has {issue.reference} since")
    night.erik.reads(f"we have your report {issue.reference}")
    night.erik.reads(f"Ben has your issue {issue.reference} and will call you by")
    assert (issue.level, issue.loop, issue.customer) == (2, 1, f"acme{night.street}")
    levels = [line for line in issue.kinds if line == "level_started"]
    assert len(levels) == 2
    assert night.ben.rang == 1
