"""The promise: warned about once, kept or missed once, and never paused."""

from dataclasses import replace

import pytest

from oncallbot.escalation.effects import TellCustomer, TimelineKind, Told
from oncallbot.escalation.issue import DeadlineKind, Promised, Road
from tests.escalation.night import (
    GOLD,
    MONDAY_OPENING,
    SATURDAY_NIGHT,
    Night,
    erik_reports,
    minutes,
    of_customer,
    stranger_calls,
)

CLOCKS = (DeadlineKind.PROMISE_WARNING, DeadlineKind.PROMISE)


def promised(at=SATURDAY_NIGHT, urgent: bool = True, **fields) -> Night:
    night = Night(at, **fields)
    night.opens(erik_reports(urgent=urgent))
    return night


def test_the_clock_runs_from_the_first_contact():
    night = promised()
    assert night.issue.promise_at == night.now + minutes(15)
    assert night.last.outcome.promise_at == night.issue.promise_at


def test_at_four_fifths_the_managers_are_warned_once():
    night = promised()
    assert "managers promise_at_risk" not in night.wait(minutes(11.9))
    assert night.wait(minutes(0.1)).count("managers promise_at_risk") == 1
    assert "managers promise_at_risk" not in night.wait(minutes(600))


def test_a_missed_promise_is_one_apology_with_a_new_time_and_one_alarm():
    night = promised()
    night.wait(minutes(14.9))
    said = night.wait(minutes(0.1))
    assert (said.count("customer promise_missed"), said.count("managers promise_missed")) == (1, 1)
    told = next(one for one in night.effects if isinstance(one, TellCustomer) and one.told is Told.PROMISE_MISSED)
    assert told.at == night.now + minutes(15)
    assert night.issue.promised is Promised.MISSED


def test_after_the_apology_there_is_only_still_trying():
    night = promised()
    night.wait(minutes(15))
    assert set(of_customer(night.wait(minutes(300)))) == {"customer still_trying"}


@pytest.mark.parametrize("act", ["acknowledges", "resolves"])
def test_an_answer_in_time_keeps_it(act):
    night = promised()
    getattr(night, act)("ana")
    assert night.issue.promised is Promised.KEPT
    assert [night.due(kind) for kind in CLOCKS] == [None, None]
    assert night.timeline(TimelineKind.PROMISE) == ["Promise kept: somebody has answered in time"]


def test_an_answer_after_a_missed_promise_does_not_keep_it():
    night = promised()
    night.wait(minutes(16))
    night.acknowledges("ana")
    assert night.issue.promised is Promised.MISSED


def test_coming_back_does_not_start_the_clock_again():
    night = promised()
    night.acknowledges("ana")
    night.passes("ana")
    assert [night.due(kind) for kind in CLOCKS] == [None, None]
    assert night.last.outcome.promise_at is None


def test_a_held_issue_is_promised_for_after_the_opening():
    night = promised(urgent=False)
    night.wait(MONDAY_OPENING - night.now + minutes(95))
    assert night.issue.promised is Promised.PENDING
    assert night.wait(minutes(1)) == ["managers promise_at_risk"]
    said = night.wait(minutes(24))
    assert said == ["customer promise_missed", "managers promise_missed"]


def test_the_new_time_of_a_held_issue_is_as_long_as_its_own_promise():
    night = promised(urgent=False)
    night.wait(MONDAY_OPENING - night.now + minutes(120))
    told = [one for one in night.effects if isinstance(one, TellCustomer)][-1]
    assert told.at == night.now + minutes(120)


def test_without_a_promise_there_is_no_clock():
    night = promised(gold=replace(GOLD, promise=None))
    assert [night.due(kind) for kind in CLOCKS] == [None, None]
    assert night.issue.promised is Promised.NONE


def test_the_clock_runs_while_a_stranger_is_still_talking():
    night = Night(standard=GOLD)
    night.opens(stranger_calls())
    assert night.due(DeadlineKind.PROMISE) == minutes(15)


def test_turned_away_promises_nothing():
    night = Night(standard=GOLD)
    night.opens(stranger_calls())
    night.hangs_up(1)
    assert night.issue.promised is Promised.NONE


def test_a_call_does_not_start_a_missed_clock_again():
    night = promised()
    night.wait(minutes(16))
    night.resolves("ana")
    night.joins(road=Road.CALL)
    assert night.due(DeadlineKind.PROMISE) is None
