"""At the pace of real telephones: who speaks and hangs up when, and two customers for one responder's telephone."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.conftest import DATABASES, house_of
from tests.journeys.night import Night
from tests.journeys.processes import wait_until

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module", params=DATABASES)
def house(request, tmp_path_factory):
    with house_of(request, tmp_path_factory, request.param, {"calls only": 2, "patient": 7}, time_scale=1.0) as made:
        yield made


def test_the_waiting_page_is_offered_in_the_same_call(street):
    night: Night = street("calls only")
    night.erik.texts("Printer on fire")
    night.ana.is_rung()
    night.frida.texts("Door is locked")
    night.until(lambda one: "held_back" in one.kinds)
    first, second = night.references
    night.ana.will("manual", keys=["4", "4"])
    night.ana.answers()
    night.ana.hears("Acme: Printer on fire")
    night.ana.hears("Beta: Door is locked")
    for reference in (first, second):
        night.acknowledged(night.ana, reference=reference)
    night.ana.is_free(calls=1)
    night.house.until_quiet()
    assert night.ana.rang == len(night.requests("Calls", night.ana)) == 1
    night.erik.reads(f"Ana has your issue {first}")
    night.frida.reads(f"Ana has your issue {second}")


def test_the_waiting_page_rings_when_the_first_call_ended_without_it(street):
    night: Night = street("calls only")
    night.erik.texts("Printer on fire")
    night.ana.is_rung()
    night.frida.texts("Door is locked")
    night.until(lambda one: "held_back" in one.kinds)
    night.ana.hangs_up()
    second = night.references[-1]
    night.ana.is_rung(times=2)
    night.ana.will("manual", keys=["4"])
    night.ana.answers()
    night.ana.hears("Door is locked")
    night.acknowledged(night.ana, reference=second)


def test_an_unknown_caller_is_paged_for_once_the_message_is_there(street):
    night: Night = street("patient")
    night.stranger.calls()
    night.stranger.hears("we will page the person on call as soon as we know what happened")
    night.stranger.is_asked("record")
    assert "paged" not in night.issue().kinds
    night.stranger.speaks("This is Gerd, our shop is down")
    night.stranger.presses("#")
    night.ana.is_rung()
    issue = night.until(lambda one: one.summary == "This is Gerd, our shop is down")
    assert issue.customer is None
    night.stranger.hears("Your issue has the number")
    night.stranger.reads(f"we have your report {issue.reference}")


@pytest.mark.parametrize("moment", ["in the greeting", "at the tone", "after speaking"])
def test_a_known_caller_may_hang_up_anywhere_and_the_page_stands(street, moment):
    night: Night = street("patient")
    night.erik.calls()
    if moment == "in the greeting":
        night.erik.hears("We are closed now")
    else:
        night.erik.is_asked("record")
    if moment == "after speaking":
        night.erik.speaks("Nobody can order")
    night.erik.hangs_up()
    night.ana.is_rung()
    issue = night.until(lambda one: any("hung up" in text for text in one.said("reported")))
    assert issue.status == "triggered"
    if moment == "after speaking":
        night.until(lambda one: one.summary == "Nobody can order")
    night.ana.will("manual", keys=["4"])
    night.ana.answers()
    night.acknowledged(night.ana)
    night.erik.reads(f"Ana has your issue {issue.reference}")


def test_an_unknown_caller_who_leaves_within_three_seconds_is_turned_away(street):
    night: Night = street("patient")
    night.stranger.calls()
    night.stranger.is_asked("record")
    night.stranger.hangs_up()
    issue = night.until(lambda one: one.status == "closed")
    assert "turned_away" in issue.kinds
    assert (night.ana.rang, night.ana.inbox) == (0, [])


def test_an_unknown_caller_who_leaves_without_a_word_after_three_seconds_is_paged_for(street):
    night: Night = street("patient")
    night.stranger.calls()
    night.stranger.is_asked("record")
    opened_at = datetime.fromisoformat(night.issue().opened_at)
    wait_until(lambda: datetime.now(UTC) - opened_at > timedelta(seconds=3.2), 10, "three seconds to be over")
    assert "paged" not in night.issue().kinds
    night.stranger.hangs_up()
    night.ana.is_rung()
    assert night.issue().status == "triggered"


def test_a_wrong_key_is_said_to_be_one_and_the_page_is_said_again(street):
    night: Night = street("patient")
    night.ana.will("answer", keys=["9", "*", "4"])
    night.page()
    night.ana.hears("That key does nothing here")
    night.acknowledged(night.ana)
    assert sum("Checkout is down" in words for words in night.ana.heard) == 3
