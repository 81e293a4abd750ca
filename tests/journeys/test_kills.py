"""kill -9 at the worst moments: a crash may repeat a notification, never lose one.

Whoever sends is killed: `serve` on SQLite, `worker` on PostgreSQL.
"""

import random
import threading

import pytest

from tests.journeys.conftest import DATABASES, house_of
from tests.journeys.night import Night

pytestmark = pytest.mark.journey
WITHOUT_THE_NET = 30.0  # seconds: half of the time after which a busy phone is tried again anyway
AGAIN_WITHIN = 15.0  # seconds from "ready": what is found dead does not wait out its claim of 30


@pytest.fixture(scope="module", params=DATABASES)
def house(request, tmp_path_factory):
    with house_of(request, tmp_path_factory, request.param, {"patient": 7, "quick": 3}) as made:
        yield made


def test_a_call_that_died_with_its_sender_is_asked_for_again_at_once(street):
    night: Night = street("patient")
    fault = night.fault("hold_before_accept", match={"resource": "Calls", "to": night.ana.number})
    night.page()
    fault.holds()
    night.house.restart(night.house.sender)
    night.sim.wait("request", AGAIN_WITHIN, path_contains="Calls", To=night.ana.number, status=201)
    assert len(night.requests("Calls", night.ana)) == 2
    night.ana.is_rung()
    assert night.ana.rang == 1


def test_a_text_that_died_with_its_sender_is_asked_for_again_at_once(street):
    night: Night = street("patient")
    fault = night.fault("hold_before_accept", match={"resource": "Messages", "to": night.ana.number})
    night.page()
    fault.holds()
    night.house.restart(night.house.sender)
    night.sim.wait("request", AGAIN_WITHIN, path_contains="Messages", To=night.ana.number, status=201)
    assert sum("Reply 4 ack" in text for text in night.ana.inbox) == 1


def test_a_report_that_was_committed_is_paged_for_after_a_kill_in_the_same_moment(street):
    night: Night = street("patient")
    sid = night.erik.texts("Nobody can log in")
    night.sim.wait("webhook", purpose="sms", subject=sid)
    night.house.restart(night.house.sender)
    night.ana.reads("Nobody can log in", within=AGAIN_WITHIN)
    night.ana.is_rung()


def test_the_next_level_starts_although_its_time_came_while_nobody_ran(street):
    night: Night = street("quick")
    night.ana.will("ring_out")
    night.page()
    night.ana.is_rung()
    night.house.kill(night.house.sender)
    night.ana.is_free(calls=1)
    night.house.start(night.house.sender)
    night.ben.is_rung()
    issue = night.issue()
    assert (issue.level, issue.loop) == (2, 1)
    first, second = issue.times("level_started")
    assert (second - first).total_seconds() >= 2


def test_the_customer_is_told_although_we_died_between_the_acknowledgement_and_the_text(street):
    night: Night = street("patient")
    night.erik.will("manual", speech=["Nobody can order"])
    night.erik.calls()
    night.erik.reads("we have your report")
    night.ana.is_rung()
    fault = night.fault("hold_before_accept", match={"resource": "Messages", "to": night.erik.number})
    night.ana.texts("4")
    issue = night.acknowledged(night.ana)
    fault.holds()
    night.house.restart(night.house.sender)
    night.erik.reads(f"Ana has your issue {issue.reference}", within=AGAIN_WITHIN)
    assert night.ben.inbox == []


def test_a_sender_that_is_asked_to_stop_while_a_send_is_held_ends_in_time_and_loses_nothing(street):
    night: Night = street("patient")
    fault = night.fault("hold_before_accept", match={"resource": "Calls", "to": night.ana.number})
    night.page()
    fault.holds()
    house = night.house
    assert house.programs.pop(house.sender).stop() == 0
    house.was_killed = True  # nobody listened for a while
    house.start(house.sender)
    night.ana.is_rung()


def test_a_phone_whose_call_ended_while_nobody_ran_rings_again_for_the_next_customer(street):
    night: Night = street("patient")
    house = night.house
    night.page("The first one")
    night.until(lambda one: "Ana by voice" in one.said("notified"))
    for name in house.names:
        house.kill(name)
    night.ana.is_free(calls=1)
    house.start(*house.names)
    second = night.page("The second one")
    night.until(lambda one: "Ana by voice" in one.said("notified"), WITHOUT_THE_NET, second)
    assert night.ana.rang == 2


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(30))
def test_after_a_kill_at_any_instant_somebody_has_it_and_everybody_was_told(house, seed):
    """From the report to after the acknowledgement. A call that died with us is silence: then the next level has it."""
    night = Night(house, next(street for street, kind in house.kinds.items() if kind == "quick"))
    chance = random.Random(seed)
    for phone in (night.ana, night.ben):
        phone.will("answer", after=chance.uniform(0, 20), keys=["4"], repeat=True)
    reference = night.page(f"Round {seed}")
    threading.Event().wait(chance.uniform(0, 3.5))
    house.restart(house.sender)
    issue = night.until(lambda one: one.acknowledged_by, 25, reference)
    night.ana.reads(f" (Example Support): Round {seed}.")
    if issue.acknowledged_by == night.ben.id:
        night.ana.reads(f"Ben has {reference} since")
    assert issue.kinds.count("acknowledged") == 1
    assert night.end() == []
