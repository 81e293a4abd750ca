"""The hotline conversation: what a caller hears, what the line does, and what the issue learns."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from oncallbot.escalation.call import (
    CallArrived,
    CallFact,
    CallHungUp,
    CallMove,
    CallStep,
    HotlineCall,
    MessageLeft,
    NumberKeyed,
    OfficeAnswered,
    OfficeDialEnded,
    TranscriptArrived,
    advance,
)
from oncallbot.escalation.events import CallerLeft, CustomerReported, Reaction, ReportContinued
from oncallbot.escalation.issue import Road
from oncallbot.escalation.rules import Rules
from tests.escalation.night import ERIK, FRIDAY_NOON, HOTLINE, SATURDAY_NIGHT, STRANGER, rules

WITH_OFFICE = rules(hotline=replace(HOTLINE, office_target="+493023125888"))
SECOND = timedelta(seconds=1)


class Conversation:
    """One call; facts come in, moves go out, and the issue is numbered by its first report, as the engine does."""

    def __init__(self, caller: str = ERIK, *, at: datetime = SATURDAY_NIGHT, rules: Rules = WITH_OFFICE) -> None:
        known = rules.customer_of_phone(caller)
        self.rules, self.now = rules, at
        self.call = HotlineCall(
            sid="CA1",
            hotline="main",
            number="+493023125999",
            caller=caller,
            contact=caller,
            customer=known.id if known else None,
            is_known=known is not None,
            language="en",
            step=CallStep.MESSAGE,
            started_at=at,
        )

    def hears(self, fact: CallFact, after: int = 0) -> CallMove:
        self.now += after * SECOND
        move = advance(self.call, fact, self.rules, self.now)
        reported = any(isinstance(event, CustomerReported) for event in move.events)
        self.call = replace(move.call, issue=1042) if reported else move.call
        return move


def in_words(move: CallMove) -> str:
    """`paging ask_message, record`"""
    return f"{' '.join(move.lines)}, {move.then}"


def learnt(move: CallMove) -> list[str]:
    return [_event(event) for event in move.events]


def _event(event: object) -> str:
    match event:
        case CustomerReported(reaction=reaction, still_talking=talking):
            return f"report {reaction}{' talking' if talking else ''}"
        case ReportContinued(words, kind, is_message):
            return f"{kind} {words!r}{' message' if is_message else ''}"
        case CallerLeft(after, _, said_nothing):
            return f"left after {after.seconds} s{' in silence' if said_nothing else ''}"
        case _:
            return repr(event)


@pytest.mark.parametrize(
    ("caller", "at", "said", "told"),
    [
        (ERIK, SATURDAY_NIGHT, "paging ask_message, record", ["report by_hours"]),
        (STRANGER, SATURDAY_NIGHT, "will_page ask_name_and_message, record", ["report by_hours talking"]),
        ("", SATURDAY_NIGHT, "will_page ask_number, gather_number", ["report by_hours talking"]),
        (ERIK, FRIDAY_NOON, "connecting, dial_office", []),
        (STRANGER, FRIDAY_NOON, "connecting, dial_office", []),
        ("", FRIDAY_NOON, "connecting, dial_office", []),
    ],
)
def test_the_first_words_and_what_is_known_before_them(caller, at, said, told):
    move = Conversation(caller, at=at).hears(CallArrived())
    assert (in_words(move), learnt(move)) == (said, told)


def test_the_issue_exists_with_the_first_webhook_after_hours():
    report = Conversation().hears(CallArrived()).events[0]
    assert isinstance(report, CustomerReported)
    assert (report.road, report.customer, report.contact, report.caller) == (Road.CALL, "acme", ERIK, ERIK)


def test_without_an_office_to_dial_office_hours_are_an_unanswered_office():
    move = Conversation(at=FRIDAY_NOON, rules=rules()).hears(CallArrived())
    assert in_words(move) == "unanswered ask_message, record"
    assert learnt(move) == [f"report {Reaction.OFFICE_UNANSWERED}"]


def test_a_message_is_saved_at_once_and_thanked_for():
    talk = Conversation()
    talk.hears(CallArrived())
    move = talk.hears(MessageLeft("https://recording", 42), after=50)
    assert in_words(move) == "thanks, hang_up"
    assert learnt(move) == ["recording 'Message of 42 s' message"]


@pytest.mark.parametrize("empty", [MessageLeft(None, 0), MessageLeft(None, 5), MessageLeft("https://recording", 0)])
def test_an_empty_recording_still_ends_with_words_and_a_page(empty):
    talk = Conversation(STRANGER)
    talk.hears(CallArrived())
    move = talk.hears(empty, after=10)
    assert in_words(move) == "nothing_heard thanks, hang_up"
    assert learnt(move) == ["recording '' message"]


@pytest.mark.parametrize(("keyed", "contact"), [("+493023125111", "+493023125111"), ("", "")])
def test_a_withheld_caller_may_key_a_number_and_is_never_refused(keyed, contact):
    talk = Conversation("")
    talk.hears(CallArrived())
    move = talk.hears(NumberKeyed(keyed), after=8)
    assert in_words(move) == "ask_name_and_message, record"
    assert learnt(move) == ([f"keyed {keyed!r}"] if keyed else [])
    assert talk.call.contact == contact


# Office hours.


def at_the_office(caller: str = ERIK) -> Conversation:
    talk = Conversation(caller, at=FRIDAY_NOON)
    talk.hears(CallArrived())
    return talk


def test_a_call_that_the_office_answers_is_no_issue():
    talk = at_the_office()
    moves = [talk.hears(OfficeAnswered(), 5), talk.hears(OfficeDialEnded(talked=True), 60), talk.hears(CallHungUp())]
    assert [learnt(move) for move in moves] == [[], [], []]
    assert (talk.call.heard, talk.call.issue) == ("office", None)


@pytest.mark.parametrize(("caller", "asks"), [(ERIK, "ask_message"), (STRANGER, "ask_name_and_message")])
def test_whoever_the_office_does_not_answer_may_leave_a_message(caller, asks):
    move = at_the_office(caller).hears(OfficeDialEnded(talked=False), 25)
    assert in_words(move) == f"unanswered {asks}, record"
    assert learnt(move) == ["report office_unanswered"]


def test_hanging_up_while_the_office_rings_is_an_unanswered_office():
    talk = at_the_office()
    assert learnt(talk.hears(CallHungUp(), 12)) == ["report office_unanswered"]


def test_hanging_up_on_the_office_is_no_issue():
    talk = at_the_office()
    talk.hears(OfficeAnswered(), 5)
    assert learnt(talk.hears(CallHungUp(), 30)) == []


def test_an_answer_that_never_bridged_is_an_unanswered_office():
    talk = at_the_office()
    talk.hears(OfficeAnswered(), 5)
    assert learnt(talk.hears(OfficeDialEnded(talked=False), 5)) == ["report office_unanswered"]
    assert learnt(talk.hears(CallHungUp(), 5)) == ["left after 15 s in silence"]


def test_the_end_of_the_office_leg_after_the_hang_up_opens_nothing_twice():
    talk = at_the_office()
    talk.hears(CallHungUp(), 12)
    assert learnt(talk.hears(OfficeDialEnded(talked=False))) == []


def test_an_office_that_picks_up_too_late_changes_nothing():
    talk = at_the_office()
    talk.hears(OfficeDialEnded(talked=False), 25)
    before = talk.call
    assert talk.hears(OfficeAnswered()).call == before


# Late, twice, or never.


def test_hanging_up_says_how_long_and_whether_anything_was_said():
    talk = Conversation(STRANGER)
    talk.hears(CallArrived())
    assert learnt(talk.hears(CallHungUp(), 2)) == ["left after 2 s in silence"]


def test_hanging_up_after_the_message_is_not_silence():
    talk = Conversation()
    talk.hears(CallArrived())
    talk.hears(MessageLeft("https://recording", 9), 12)
    assert learnt(talk.hears(CallHungUp(), 1)) == ["left after 13 s"]


def test_a_recording_that_comes_after_the_hang_up_is_kept():
    talk = Conversation()
    talk.hears(CallArrived())
    talk.hears(CallHungUp(), 20)
    assert learnt(talk.hears(MessageLeft("https://recording", 9), 2)) == ["recording 'Message of 9 s' message"]


def test_a_transcription_joins_whenever_it_comes_and_none_changes_nothing():
    talk = Conversation()
    talk.hears(CallArrived())
    talk.hears(MessageLeft("https://recording", 9), 12)
    talk.hears(CallHungUp())
    assert learnt(talk.hears(TranscriptArrived(""), 300)) == []
    assert learnt(talk.hears(TranscriptArrived("The lift is stuck"), 300)) == ["transcription 'The lift is stuck'"]


@pytest.mark.parametrize("fact", [MessageLeft("https://recording", 9), CallHungUp()])
def test_a_fact_that_comes_twice_is_learnt_once(fact):
    talk = Conversation()
    talk.hears(CallArrived())
    talk.hears(fact, 12)
    assert learnt(talk.hears(fact)) == []


def test_a_number_keyed_twice_is_learnt_once():
    talk = Conversation("")
    talk.hears(CallArrived())
    talk.hears(NumberKeyed("+493023125111"))
    assert learnt(talk.hears(NumberKeyed("+493023125111"))) == []


FACTS: tuple[CallFact, ...] = (
    OfficeAnswered(),
    OfficeDialEnded(talked=True),
    OfficeDialEnded(talked=False),
    NumberKeyed("+493023125111"),
    MessageLeft("https://recording", 9),
    MessageLeft(None, 0),
    TranscriptArrived("words"),
    CallHungUp(),
)


@pytest.mark.parametrize("caller", [ERIK, STRANGER, ""])
@pytest.mark.parametrize("at", [SATURDAY_NIGHT, FRIDAY_NOON])
def test_in_any_order_of_facts_one_issue_is_reported_at_most_once_and_nothing_raises(caller, at):
    for order in permutations(FACTS, 4):
        talk = Conversation(caller, at=at)
        told = [event for fact in (CallArrived(), *order) for event in talk.hears(fact, 3).events]
        assert sum(isinstance(event, CustomerReported) for event in told) <= 1
        assert sum(isinstance(event, CallerLeft) for event in told) <= 1


@pytest.mark.parametrize("caller", [ERIK, STRANGER, ""])
def test_every_way_through_a_night_call_ends_in_a_reported_issue(caller):
    for order in permutations(FACTS, 3):
        talk = Conversation(caller)
        for fact in (CallArrived(), *order):
            talk.hears(fact, 3)
        assert talk.call.issue == 1042
