"""Exactly one person has it, everybody else learns so, and nothing rings any more."""

from dataclasses import replace
from datetime import datetime

import pytest

from oncallbot.escalation.deadlines import wake_at
from oncallbot.escalation.effects import EndCall, TellCustomer, TellResponder, TimelineKind, Withdraw
from oncallbot.escalation.events import DeliveryReported
from oncallbot.escalation.issue import AttemptStatus, DeadlineKind
from tests.escalation.night import ANA, BEN, CEM, DORA, Night, erik_reports, level, minutes, pages, policy

EVERYONE = {"policy": policy(level("everyone primary"), level("responder dora"))}


def paged_everyone(**fields) -> Night:
    night = Night(**{**EVERYONE, **fields})
    night.opens()
    return night


def test_the_first_to_acknowledge_has_it_and_everyone_else_who_was_paged_is_told_once():
    night = paged_everyone()
    night.acknowledges("ben")
    assert night.issue.holder == "ben"
    told = [one.responder for one in night.effects if isinstance(one, TellResponder)]
    assert told == ["ana", "cem"]
    assert pages(night.wait(minutes(29))) == []


def test_whoever_comes_second_hears_who_has_it_and_since_when():
    night = paged_everyone()
    night.acknowledges("ben")
    since = night.now
    night.wait(minutes(2))
    assert night.acknowledges("ana") == "already_taken"
    assert (night.last.outcome.acknowledged_by, night.last.outcome.acknowledged_at) == ("ben", since)
    assert night.timeline(TimelineKind.ANSWERED_LATE) == ["Ana answered late (acknowledge, by key): already taken"]


def test_whoever_acknowledges_twice_hears_that_it_is_theirs():
    night = paged_everyone()
    night.acknowledges("ben")
    assert night.acknowledges("ben") == "already_yours"


def test_any_responder_may_acknowledge_paged_or_not():
    night = Night()
    night.opens()
    assert night.acknowledges("cem") == "acknowledged"


def test_everything_pending_is_withdrawn_and_ringing_calls_are_ended():
    night = paged_everyone(sends=False)
    for responder in ("ana", "ben", "cem"):
        night.delivery(responder, "slack", "sent")
    night.wait(minutes(1))
    night.delivery("cem", "voice", "sent")
    night.acknowledges("ana")
    withdrawn = next(one for one in night.last.effects if isinstance(one, Withdraw))
    pending = [night.attempt(who, "sms").id for who in ("ana", "ben", "cem")]
    calls = [night.attempt(who, "voice").id for who in ("ana", "ben", "cem")]
    assert set(withdrawn.attempts) == {*pending, *calls}
    assert wake_at(night.issue) == night.now + minutes(30)


def test_the_customer_is_told_once_who_has_it_and_by_when_they_call():
    night = paged_everyone()
    for who in ("ben", "ana", "ben"):
        night.acknowledges(who)
    told = [one for one in night.effects if isinstance(one, TellCustomer)][1:]
    assert [(one.told, one.by, one.at) for one in told] == [("acknowledged", "ben", night.now + minutes(20))]


def test_somebody_whom_nothing_has_reached_is_told_nothing():
    night = paged_everyone(sends=False)
    night.delivery("cem", "sms", "delivered")
    night.acknowledges("ben")
    assert [one.responder for one in night.effects if isinstance(one, TellResponder)] == ["cem"]


@pytest.mark.parametrize("status", list(AttemptStatus))
def test_no_receipt_ever_acknowledges(status):
    night = Night(sends=False)
    night.opens()
    night.happens(DeliveryReported("1042-2", status))
    assert night.status == "triggered"


@pytest.mark.parametrize(("answer", "kind"), [("acknowledges", "already_resolved"), ("passes", "already_resolved")])
def test_a_late_answer_to_a_resolved_issue_hears_so(answer, kind):
    night = paged_everyone()
    night.resolves("ben")
    assert getattr(night, answer)("ana") == kind


@pytest.mark.parametrize("answer", ["acknowledges", "passes", "resolves"])
def test_a_late_answer_to_a_closed_issue_hears_so(answer):
    night = paged_everyone()
    night.dismisses("dora")
    assert getattr(night, answer)("ana") == "already_closed"


# What crossed.


def crossed(method: str, *, told_before: bool, status: str = "sent") -> tuple[Night, list[str]]:
    """Ana's notification by that method left in the instant in which Ben acknowledged."""
    night = paged_everyone(sends=False, people=(replace(ANA, notify=ANA.notify), BEN, CEM, DORA))
    if told_before:
        night.delivery("ana", "slack", "sent")
    night.wait(minutes(1))
    night.acknowledges("ben")
    return night, night.delivery("ana", method, status, provider_id="CA1")


def test_a_crossed_text_is_recorded_and_followed_by_who_has_it():
    night, said = crossed("sms", told_before=True)
    assert said == ["ana taken"]
    assert night.timeline(TimelineKind.CROSSED) == ["Ana by sms: it left in the instant of the answer"]


def test_a_crossed_call_is_ended_as_soon_as_its_id_is_known():
    night, said = crossed("voice", told_before=False)
    assert said == ["end call", "ana taken"]
    ended = night.last.effects[-2]
    assert isinstance(ended, EndCall)
    assert (ended.attempt, ended.provider_id) == (night.attempt("ana", "voice").id, "CA1")


def test_a_crossed_call_to_somebody_who_has_been_told_is_only_ended():
    _, said = crossed("voice", told_before=True)
    assert said == ["end call"]


@pytest.mark.parametrize("again", ["sent", "delivered", "failed"])
def test_what_has_crossed_crosses_once_however_often_it_is_reported(again):
    night, _ = crossed("sms", told_before=False)
    assert night.delivery("ana", "sms", again) == []
    assert len(night.timeline(TimelineKind.CROSSED)) == 1


def test_a_receipt_that_overtakes_the_send_is_a_crossing_too():
    night, said = crossed("sms", told_before=False, status="delivered")
    assert said == ["ana taken"]
    assert night.delivery("ana", "sms", "sent") == []


@pytest.mark.parametrize("status", ["failed", "queued", "sending", "unknown", "withdrawn"])
def test_what_was_withdrawn_and_never_left_stays_withdrawn(status):
    night, said = crossed("sms", told_before=False, status=status)
    assert said == []
    assert night.attempt("ana", "sms").status == "withdrawn"


def test_what_crossed_with_a_resolution_is_followed_by_it():
    night = paged_everyone(sends=False)
    night.resolves("ben")
    assert night.delivery("ana", "sms", "sent") == ["ana resolved"]


def test_what_crossed_with_passing_on_ends_and_says_nothing_while_nobody_has_it():
    night = paged_everyone(sends=False)
    night.wait(minutes(1))
    night.passes("ana")
    assert night.delivery("ana", "voice", "sent", provider_id="CA1") == ["end call"]


# Pass, resolve, note, dismiss.


def test_passing_on_withdraws_the_page_and_leaves_the_others():
    night = paged_everyone(sends=False)
    night.passes("ana")
    assert [page.state for page in night.issue.pages] == ["passed", "running", "running"]
    assert {line.split()[0] for line in pages(night.wait(minutes(3)))} == {"ben", "cem"}


def test_passing_without_a_page_or_twice_has_nothing_to_pass():
    night = paged_everyone()
    night.passes("ana")
    assert [night.passes("ana"), night.passes("dora")] == ["nothing_to_pass", "nothing_to_pass"]


def test_resolving_tells_everyone_who_was_paged_and_the_customer_with_the_line():
    night = paged_everyone()
    night.resolves("ben", "Restarted")
    assert [(one.responder, one.news) for one in night.last.effects if isinstance(one, TellResponder)] == [
        ("ana", "resolved"),
        ("cem", "resolved"),
    ]
    told = next(one for one in night.last.effects if isinstance(one, TellCustomer))
    assert (told.told, told.by, told.words) == ("resolved", "ben", "Restarted")
    assert (night.issue.holder, night.issue.resolved_at) == ("ben", night.now)


def test_resolving_what_another_holds_tells_the_holder_who_stays_the_last_holder():
    night = paged_everyone()
    night.acknowledges("ana")
    night.resolves("ben")
    told = [(one.responder, one.by) for one in night.last.effects if isinstance(one, TellResponder)]
    assert told == [("ana", "ben")]
    assert night.issue.holder == "ana"


def test_silence_after_resolving_stays_resolved_and_is_shown_at_each_opening():
    night = paged_everyone()
    night.resolves("ben")
    assert night.wait(minutes(5 * 24 * 60)).count("day team") == 3
    assert night.status == "resolved"


def test_a_note_is_on_the_timeline_and_changes_nothing_else():
    night = paged_everyone()
    before = night.issue
    assert night.notes("dora", "Looks like the database") == "noted"
    assert night.issue == before
    assert night.timeline(TimelineKind.NOTE) == ["Dora: Looks like the database"]


def test_only_a_manager_dismisses_and_everyone_paged_is_told():
    night = paged_everyone()
    assert night.dismisses("ana") == []
    assert night.outcome == "not_a_manager"
    assert night.dismisses("dora") == ["ana closed", "ben closed", "cem closed"]
    assert (night.status, wake_at(night.issue)) == ("closed", None)


def test_a_hotlines_own_manager_may_dismiss():
    hotline = replace(Night().rules.hotlines["main"], managers=("cem",))
    night = Night(hotline=hotline)
    night.opens()
    night.dismisses("cem")
    assert night.outcome == "dismissed"


def test_dismissing_what_somebody_holds_tells_the_holder():
    night = paged_everyone()
    night.acknowledges("ana")
    assert "ana closed" in night.dismisses("dora")


def test_acknowledging_a_held_issue_takes_it_from_the_day_team():
    night = Night()
    night.opens(erik_reports(urgent=False))
    assert night.acknowledges("cem") == "acknowledged"
    assert night.due(DeadlineKind.OPENING) is None
    assert isinstance(night.issue.acknowledged_at, datetime)
