"""Somebody has it, and it passes between people: snooze, hand over, help, take over, close by hand, split."""

from dataclasses import replace

import pytest

from oncallbot.escalation.deadlines import wake_at
from oncallbot.escalation.decide import decide_opening
from oncallbot.escalation.effects import TellCustomer, TellResponder, TimelineKind
from oncallbot.escalation.events import HandedOver, Reaction, SplitOff
from oncallbot.escalation.issue import DeadlineKind, Promised, Road, Stage
from tests.escalation.night import (
    ANA,
    BEN,
    CEM,
    DORA,
    SATURDAY_NIGHT,
    Night,
    erik_reports,
    level,
    lines,
    minutes,
    pages,
    policy,
    responder,
    stranger_calls,
)


def held_by_ana(**fields) -> Night:
    night = Night(**fields)
    night.opens()
    night.acknowledges("ana")
    return night


def offered_to_ben(**fields) -> Night:
    """Ana has it, and has asked Ben to take it."""
    night = held_by_ana(**fields)
    night.hands_over("ana", "ben")
    return night


def helped_by_ben(**fields) -> Night:
    """Ana has it, and has asked Ben to help."""
    night = held_by_ana(**fields)
    night.adds("ana", "ben")
    return night


def told(night: Night) -> list[tuple[str, str, str | None]]:
    """Who is told what by the last decision, about whom."""
    return [(one.responder, one.news, one.by) for one in night.last.effects if isinstance(one, TellResponder)]


# Snooze.


def test_while_it_is_snoozed_the_holder_is_not_reminded_and_afterwards_is():
    night = held_by_ana()
    assert night.snoozes("ana", minutes(290)) == "snoozed"
    assert night.wait(minutes(289.9)) == []
    assert night.wait(minutes(0.1)) == ["ana slack", "ana sms"]
    assert night.timeline(TimelineKind.SNOOZED) == ["Ana is not reminded for 4h50m"]


def test_a_snoozed_issue_that_is_let_lie_goes_to_others_like_any_other():
    night = held_by_ana()
    night.snoozes("ana", minutes(290))
    night.wait(minutes(294.9))
    assert "ana let_lie" in night.wait(minutes(0.1))
    assert night.status == "triggered"


def test_snoozing_ends_a_reminder_that_is_under_way():
    night = held_by_ana()
    night.wait(minutes(30.5))
    night.snoozes("ana", minutes(60))
    assert night.wait(minutes(59.9)) == []
    assert night.status == "acknowledged"


@pytest.mark.parametrize("who", ["ana", "dora"])
def test_a_note_does_not_end_a_snooze(who):
    night = held_by_ana()
    night.snoozes("ana", minutes(290))
    night.notes(who)
    assert night.due(DeadlineKind.FORGOTTEN) == minutes(290)


def test_snoozing_again_counts_from_the_new_time():
    night = held_by_ana()
    night.snoozes("ana", minutes(290))
    night.snoozes("ana", minutes(10))
    assert night.due(DeadlineKind.FORGOTTEN) == minutes(10)


def test_a_snooze_ends_with_its_holder():
    night = held_by_ana()
    night.snoozes("ana", minutes(290))
    night.takes_over("ben")
    assert night.due(DeadlineKind.FORGOTTEN) == minutes(30)


def test_a_customer_who_calls_rings_the_holder_however_long_it_is_snoozed():
    night = held_by_ana()
    night.snoozes("ana", minutes(290))
    assert night.joins(road=Road.CALL) == ["ana note", "ana voice"]


def test_a_snooze_leaves_those_who_were_asked_alone():
    night = offered_to_ben()
    night.snoozes("ana", minutes(290))
    assert pages(night.wait(minutes(3))) == ["ben voice", "ben voice"]


# Hand over.


def test_handing_over_asks_and_the_holder_stays():
    night = held_by_ana()
    assert night.hands_over("ana", "ben") == ["ben slack", "ben sms"]
    assert (night.outcome, night.status, night.issue.holder) == ("offered", "acknowledged", "ana")
    assert night.timeline(TimelineKind.HANDED_OVER) == ["Ana asks Ben to take it"]
    assert night.timeline(TimelineKind.PAGED)[-1] == "Ben is paged: Ana hands it over"


def test_once_the_other_acknowledges_it_is_theirs_and_holder_and_customer_hear_it():
    night = offered_to_ben()
    night.wait(minutes(2))
    assert night.acknowledges("ben") == "acknowledged"
    assert (night.issue.holder, night.issue.acknowledged_at) == ("ben", night.now)
    assert told(night) == [("ana", "taken", "ben")]
    assert [one.by for one in night.last.effects if isinstance(one, TellCustomer)] == ["ben"]
    assert pages(night.wait(minutes(29))) == []


def test_who_is_asked_and_refuses_leaves_it_with_the_holder_who_is_told():
    night = offered_to_ben()
    assert night.passes("ben") == "passed_on"
    assert (night.status, night.issue.holder) == ("acknowledged", "ana")
    assert night.last.outcome.acknowledged_by == "ana"
    assert told(night) == [("ana", "note", "ben")]
    assert pages(night.wait(minutes(29))) == []


def test_an_offer_without_an_answer_ends_with_the_holders_own_reminder():
    night = offered_to_ben()
    assert pages(night.wait(minutes(29.9))) == ["ben voice", "ben voice"]
    assert night.wait(minutes(0.1)) == ["ana slack", "ana sms"]


def test_the_holders_own_four_or_note_keeps_the_question_open():
    night = offered_to_ben()
    night.acknowledges("ana")
    night.notes("ana")
    assert night.acknowledges("ben") == "acknowledged"


def test_of_two_who_are_asked_the_first_has_it_and_the_other_is_told():
    night = offered_to_ben()
    night.hands_over("ana", "cem")
    night.acknowledges("cem")
    assert told(night) == [("ana", "taken", "cem"), ("ben", "taken", "cem")]
    assert night.acknowledges("ben") == "already_taken"


def test_who_was_asked_and_whom_nothing_has_reached_is_told_nothing():
    night = offered_to_ben(sends=False)
    night.takes_over("cem")
    assert told(night) == [("ana", "taken", "cem")]
    assert night.attempt("ben", "sms").status == "withdrawn"


@pytest.mark.parametrize("asked", [offered_to_ben, helped_by_ben])
def test_resolving_ends_what_was_asked_and_says_so(asked):
    night = asked()
    night.resolves("ana")
    assert told(night) == [("ben", "resolved", "ana")]
    assert [page.state for page in night.issue.pages] == ["withdrawn", "withdrawn"]
    assert night.acknowledges("ben") == "already_resolved"


@pytest.mark.parametrize("asked", [offered_to_ben, helped_by_ben])
def test_dismissing_ends_what_was_asked_and_says_so(asked):
    night = asked()
    night.dismisses("dora")
    assert told(night) == [("ana", "closed", "dora"), ("ben", "closed", "dora")]


@pytest.mark.parametrize("asked", [offered_to_ben, helped_by_ben])
def test_an_issue_that_is_triggered_again_asks_nobody_any_more(asked):
    night = asked(policy=policy(level("responder cem")))
    night.passes("ana")
    assert {line.split()[0] for line in pages(lines(night.last.effects))} == {"cem"}
    assert {line.split()[0] for line in pages(night.wait(minutes(3)))} == {"cem"}
    assert night.passes("ben") == "nothing_to_pass"


def test_who_refused_is_paged_like_anybody_once_it_is_triggered_again():
    night = offered_to_ben()
    night.passes("ben")
    night.passes("ana")
    assert pages(lines(night.last.effects)) == ["ben slack", "ben sms"]


def test_a_failed_notification_of_an_offer_starts_its_next_rule_at_once():
    night = offered_to_ben()
    assert night.delivery("ben", "sms", "failed") == ["ben voice"]
    assert night.status == "acknowledged"


def test_asking_somebody_whom_nothing_can_reach_says_so():
    night = held_by_ana(people=(ANA, BEN, responder("cem", None), DORA))
    assert night.hands_over("ana", "cem") == []
    assert night.last.outcome.reached_nobody
    night.hands_over("ana", "ben")
    assert not night.last.outcome.reached_nobody


def test_somebody_asked_who_is_removed_meanwhile_is_paged_no_more():
    night = offered_to_ben()
    night.rules = Night(people=(ANA, CEM, DORA)).rules
    assert night.wait(minutes(29)) == []
    assert night.acknowledges("ben") == "unknown_responder"


# One more responder.


def test_an_added_responder_is_paged_beside_the_present_level():
    night = Night()
    night.opens()
    night.wait(minutes(0.5))
    assert night.adds("dora", "cem") == ["cem slack", "cem sms"]
    assert night.outcome == "added"
    assert night.timeline(TimelineKind.RESPONDER_ADDED) == ["Dora adds Cem"]
    assert night.acknowledges("cem") == "acknowledged"
    assert told(night) == [("ana", "taken", "cem")]


def test_a_level_waits_for_who_was_added_to_it_too():
    night = Night()
    night.opens()
    night.adds("ana", "cem")
    night.passes("ana")
    assert night.issue.level == 1
    night.passes("cem")
    assert night.issue.level == 2


def test_the_last_holders_time_waits_for_who_was_added_to_it_too():
    night = held_by_ana()
    night.resolves("ana")
    night.joins(road=Road.CALL)
    night.adds("dora", "cem")
    stages = [night.issue.stage for who in ("ana", "cem") if night.passes(who)]
    assert stages == [Stage.LAST_HOLDER, Stage.LEVEL]


def test_an_added_responder_is_paged_again_with_the_last_resort():
    night = Night()
    night.opens()
    night.adds("dora", "cem")
    assert {"cem sms", "dora sms"} <= set(night.wait(minutes(10)))


def test_adding_somebody_ends_the_waiting_for_an_unknown_callers_words():
    night = Night()
    night.opens(stranger_calls())
    assert pages(night.adds("dora", "cem")) == ["ana slack", "ana sms", "cem slack", "cem sms"]


def test_who_is_asked_to_help_hears_who_has_it_and_the_holder_hears_that_they_are_there():
    night = held_by_ana()
    since = night.now
    night.wait(minutes(2))
    assert night.adds("dora", "ben") == ["ben slack", "ben sms"]
    assert night.acknowledges("ben") == "already_taken"
    assert (night.last.outcome.acknowledged_by, night.last.outcome.acknowledged_at) == ("ana", since)
    assert told(night) == [("ana", "note", "ben")]
    assert night.timeline(TimelineKind.RESPONDER_ADDED) == ["Dora adds Ben", "Ben is there to help"]
    assert night.timeline(TimelineKind.ANSWERED_LATE) == []
    assert pages(night.wait(minutes(29))) == []


def test_a_second_four_of_a_helper_is_an_answer_like_any_other():
    night = helped_by_ben()
    night.acknowledges("ben")
    assert night.acknowledges("ben") == "already_taken"
    assert told(night) == []


def test_who_cannot_help_leaves_it_with_the_holder_who_is_told():
    night = helped_by_ben()
    assert night.passes("ben") == "passed_on"
    assert [one.words for one in night.last.effects if isinstance(one, TellResponder)] == [
        "Ben cannot help: it is still yours"
    ]
    assert night.issue.holder == "ana"


def test_adding_who_is_asked_to_take_it_keeps_that_question_open():
    night = offered_to_ben()
    night.adds("dora", "ben")
    assert night.acknowledges("ben") == "acknowledged"
    assert night.issue.holder == "ben"


def test_the_holder_cannot_be_added():
    night = held_by_ana()
    assert night.adds("ana", "ana") == []
    assert night.outcome == "already_yours"
    night.adds("ben", "ana")
    assert (night.outcome, night.last.outcome.acknowledged_by) == ("already_taken", "ana")


# Take over.


def test_taking_over_replaces_the_holder_who_is_told_with_the_customer():
    night = held_by_ana()
    night.wait(minutes(7))
    assert night.takes_over("dora") == "acknowledged"
    assert (night.issue.holder, night.issue.acknowledged_at) == ("dora", night.now)
    assert lines(night.last.effects)[-2:] == ["ana taken", "customer acknowledged"]
    assert night.timeline(TimelineKind.TAKEN_OVER) == ["Dora took it over"]
    assert night.acknowledges("ana") == "already_taken"


def test_taking_over_ends_the_old_holders_reminder():
    night = held_by_ana()
    night.wait(minutes(31))
    night.takes_over("ben")
    assert night.wait(minutes(29.9)) == []
    assert night.wait(minutes(0.1)) == ["ben slack", "ben sms"]


def test_a_handed_over_issue_whose_new_holder_lets_it_lie_is_triggered_again():
    night = offered_to_ben()
    night.acknowledges("ben")
    assert "ben let_lie" in night.wait(minutes(35))
    assert night.status == "triggered"


# Close by hand.


def test_what_is_resolved_can_be_closed_by_hand_and_rings_no_more():
    night = held_by_ana()
    night.resolves("ana")
    assert night.closes("dora") == "closed"
    assert (wake_at(night.issue), night.issue.closed_at) == (None, night.now)
    assert night.timeline(TimelineKind.CLOSED) == ["Dora closed it by hand"]


def test_what_is_held_can_be_closed_by_hand_and_its_promise_is_kept():
    night = Night()
    night.opens(erik_reports(urgent=False))
    assert night.closes("cem") == "closed"
    assert night.issue.promised is Promised.KEPT


@pytest.mark.parametrize("acknowledges", [True, False])
def test_what_is_not_resolved_is_never_closed_past_its_responder(acknowledges):
    night = held_by_ana() if acknowledges else Night()
    if not acknowledges:
        night.opens()
    before = night.issue
    assert night.closes("dora") == "resolve_first"
    assert night.issue == before


# Split.


def test_a_split_is_on_the_timeline_and_changes_nothing_else():
    night = held_by_ana()
    before = night.issue
    assert night.happens(SplitOff("ben", 1043)) == []
    assert (night.issue, night.last.outcome.choices) == (before, (1043,))
    assert night.timeline(TimelineKind.SPLIT) == ["Ben split its newest report off: that is AH-1043 now"]


@pytest.mark.parametrize(("reaction", "customer_hears"), [(Reaction.PAGE, "received"), (Reaction.HOLD, "held")])
def test_what_was_split_off_says_so_and_the_customer_hears_its_number_by_a_text_of_its_own(reaction, customer_hears):
    report = replace(erik_reports(road=Road.TEXT), reaction=reaction, split_from=1042)
    night = Night()
    decision = decide_opening(1043, report, night.rules, SATURDAY_NIGHT)
    assert lines(decision.effects)[-1] == f"customer {customer_hears}"
    night.effects += decision.effects
    assert night.timeline(TimelineKind.SPLIT) == ["Split off AH-1042, which this report had wrongly joined"]


def test_only_the_holder_hands_over():
    night = held_by_ana()
    assert night.happens(HandedOver("ben", "cem")) == []
    assert (night.outcome, night.last.outcome.acknowledged_by) == ("already_taken", "ana")
