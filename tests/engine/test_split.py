"""A report that had joined wrongly becomes an issue of its own: everything of it in one commit, nothing twice."""

import pytest

from oncallbot.escalation.call import (
    CallArrived,
    CallFact,
    CallHungUp,
    CallStep,
    HotlineCall,
    MessageLeft,
    TranscriptArrived,
)
from oncallbot.escalation.events import ClosedByHand
from oncallbot.escalation.issue import Issue, Road, Status
from oncallbot.escalation.outcomes import Kind
from oncallbot.storage import reports
from oncallbot.storage.outbox import Purpose
from oncallbot.storage.reports import Report
from tests.engine.stage import ERIK, FRIDA, HOTLINE, NOON, Night, at_once, both, only_postgresql

WRONG = "the gate does not open either"


def two_reports(night: Night) -> int:
    """Erik called; Frida texted about something else, and was taken for the same trouble."""
    number = night.opens(road=Road.CALL)
    night.reports(WRONG, road=Road.TEXT, contact=FRIDA, caller=FRIDA)
    return number


def splits(night: Night, number: int, responder: str = "ana", **more) -> tuple[str, tuple[int, ...]]:
    outcome = night.door.split(responder, number, **more).outcome
    assert outcome is not None
    return str(outcome.kind), outcome.choices


def reports_of(night: Night, number: int) -> list[Report]:
    with night.database.read() as connection:
        return reports.of_issue(connection, number)


def split_off(night: Night, number: int) -> Issue:
    kind, (into,) = splits(night, number)
    assert kind == Kind.SPLIT
    return night.issue(into)


@both
def test_the_newest_report_opens_an_issue_of_its_own_and_the_old_one_says_which(night):
    number = two_reports(night)
    assert splits(night, number) == ("split", (number + 1,))
    new = night.issue(number + 1)
    assert (new.summary, new.contact, new.caller, new.road, new.customer) == (WRONG, FRIDA, FRIDA, Road.TEXT, "acme")
    assert [one.words for one in reports_of(night, number)] == ["the plant stands still"]
    assert [one.words for one in reports_of(night, number + 1)] == [WRONG]
    assert night.texts(number, "split") == [f"Ana split its newest report off: that is AH-{number + 1} now"]
    assert night.texts(number + 1, "split") == [f"Split off AH-{number}, which this report had wrongly joined"]


@both
def test_it_is_paged_for_and_its_reporter_told_its_number(night):
    number = two_reports(night)
    woken = night.woken
    new = split_off(night, number)
    assert (new.status, [row.responder for row in night.pages(new.number)]) == (Status.TRIGGERED, ["ana"])
    [told] = night.rows(new.number, purpose=Purpose.CUSTOMER_TOLD)
    assert told.address == FRIDA
    assert new.reference in told.words
    assert night.woken == woken + 1


@both
def test_an_issue_with_one_report_has_nothing_to_split(night):
    number = night.opens()
    assert splits(night, number) == ("nothing_to_split", ())
    assert night.kinds(number).count("split") == 0


@both
def test_of_two_at_once_one_splits_it_off_and_the_other_finds_nothing(night, second_process):
    number = two_reports(night)
    kinds = at_once(*[lambda door=one: splits(door, number)[0] for one in (night, second_process)] * 2)
    assert sorted(kinds) == ["nothing_to_split"] * 3 + ["split"]
    assert [len(reports_of(night, one)) for one in (number, number + 1)] == [1, 1]


@both
def test_a_report_that_comes_at_that_instant_is_not_lost_and_nobody_waits_for_ever(night, second_process):
    number = two_reports(night)
    both_done = at_once(
        lambda: splits(night, number)[0],
        lambda: second_process.reports("again", road=Road.TEXT, contact=FRIDA, caller=FRIDA).outcome.kind,
        lambda: second_process.answers("ben", issue=number).kind,
    )
    assert both_done == ["split", "joined", "acknowledged"]
    assert sum(len(reports_of(night, one)) for one in (number, number + 1)) == 3


@only_postgresql
def test_a_call_that_ends_at_that_instant_waits_its_turn(night, second_process):
    number = night.opens(road=Road.TEXT)
    calls_in(night, CallArrived())
    does = (lambda: splits(night, number)[0], lambda: calls_in(second_process, CallHungUp()))
    assert at_once(*does)[0] == "split"
    call = night.door.hotline_call("CA1")
    assert (call.issue, call.ended_at) == (number + 1, night.clock.now())


def calls_in(night: Night, fact: CallFact) -> None:
    """Erik's one call goes on."""
    call = HotlineCall(
        sid="CA1",
        hotline="main",
        number=HOTLINE,
        caller=ERIK,
        contact=ERIK,
        customer="acme",
        is_known=True,
        language="en",
        step=CallStep.MESSAGE,
        started_at=night.clock.now(),
    )
    night.door.handle_call(call, fact, key=f"CA1/{type(fact).__name__}", render=lambda *_: "")


def test_the_reports_come_off_one_by_one_and_the_first_stays(night):
    number = two_reports(night)
    night.reports("and the lift", road=Road.TEXT, contact=FRIDA, caller=FRIDA)
    assert split_off(night, number).summary == "and the lift"
    assert split_off(night, number).summary == WRONG
    assert splits(night, number) == ("nothing_to_split", ())


def test_a_repeat_gets_the_first_answer_and_splits_nothing_more(night):
    number = two_reports(night)
    night.reports("and the lift", road=Road.TEXT, contact=FRIDA, caller=FRIDA)
    bodies = [
        night.door.split("ana", number, key="click/1", render=lambda outcome, *_: str(outcome.choices)).body
        for _ in range(2)
    ]
    assert bodies == [f"({number + 1},)"] * 2
    assert len(reports_of(night, number)) == 2


def test_what_raises_while_it_is_rendered_splits_nothing(night):
    number = two_reports(night)

    def breaks(*_):
        raise ValueError("no words for this")

    with pytest.raises(ValueError, match="no words"):
        night.door.split("ana", number, render=breaks)
    assert len(reports_of(night, number)) == 2
    assert "split" not in night.kinds(number)


def test_what_a_holder_has_stays_theirs_and_what_is_split_off_is_paged_for(night):
    number = two_reports(night)
    night.answers("ben", issue=number)
    new = split_off(night, number)
    assert (night.issue(number).holder, new.status) == ("ben", Status.TRIGGERED)


@pytest.mark.parametrize(("at", "status"), [(None, Status.TRIGGERED), (NOON, Status.HELD)])
def test_what_is_split_off_a_resolved_issue_goes_by_the_hour(night, at, status):
    number = two_reports(night)
    night.answers("ana", "resolve", issue=number)
    if at is not None:
        night.clock.sets(at=at)
    assert split_off(night, number).status is status


def test_a_closed_issue_can_be_split_too(night):
    number = two_reports(night)
    night.answers("ana", "resolve", issue=number)
    night.door.handle(ClosedByHand("dora"), issue=number)
    assert split_off(night, number).status is Status.TRIGGERED
    assert night.issue(number).status is Status.CLOSED


def test_the_next_report_of_that_contact_joins_what_was_split_off(night):
    number = two_reports(night)
    new = split_off(night, number)
    assert night.reports("still shut", road=Road.TEXT, contact=FRIDA, caller=FRIDA).outcome.number == new.number
    assert night.reports("still down", road=Road.CALL).outcome.number == number


def test_a_call_goes_with_its_report_and_so_does_what_it_still_brings(night):
    number = night.opens(road=Road.TEXT)
    calls_in(night, CallArrived())
    calls_in(night, MessageLeft("https://api.twilio.example/RE1", 9))
    new = split_off(night, number)
    assert new.summary == "Voice message: Message of 9 s"
    assert reports_of(night, new.number)[0].recording_url == "https://api.twilio.example/RE1"
    calls_in(night, TranscriptArrived("the gate is shut"))
    assert night.issue(new.number).summary == "the gate is shut"
    assert night.kinds(number).count("reported") == 3  # the text, the call, its recording


def test_nobody_unknown_splits(night):
    number = two_reports(night)
    assert splits(night, number, "nobody") == ("unknown_responder", ())
    assert len(reports_of(night, number)) == 2


def test_an_issue_that_is_not_there_cannot_be_split(night):
    assert splits(night, 9) == ("unknown_issue", ())


def test_what_came_by_a_hotline_that_is_gone_stays_where_it_is(night):
    number = two_reports(night)
    night.loses("hotline", "main")
    assert splits(night, number) == ("nothing_to_split", ())
