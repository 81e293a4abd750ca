"""Acknowledged and forgotten, handed back, not fixed: an issue that needs somebody again."""

import pytest

from oncallbot.escalation.effects import TellResponder, TimelineKind
from oncallbot.escalation.issue import DeadlineKind, Road, Stage
from tests.escalation.night import (
    ANA,
    BEN,
    CEM,
    DORA,
    Night,
    erik_reports,
    level,
    lines,
    minutes,
    of_customer,
    pages,
    policy,
    responder,
)


def acknowledged(by: str = "ana", **fields) -> Night:
    night = Night(**fields)
    night.opens()
    night.acknowledges(by)
    return night


def resolved(by: str = "ana", **fields) -> Night:
    night = acknowledged(by, **fields)
    night.resolves(by)
    return night


def people(said: list[str]) -> list[str]:
    return list(dict.fromkeys(line.split()[0] for line in pages(said)))


# Acknowledged and forgotten.


def test_a_holder_who_lets_it_lie_is_reminded_after_acknowledge_timeout():
    night = acknowledged()
    assert night.wait(minutes(29.9)) == []
    assert night.wait(minutes(0.1)) == ["ana slack", "ana sms"]
    assert night.status == "acknowledged"


def test_acknowledge_timeout_is_the_policys():
    night = acknowledged(policy=policy(level("schedule primary"), acknowledge_timeout=minutes(7)))
    assert night.wait(minutes(7)) == ["ana slack", "ana sms"]


def test_the_reminder_rings_the_holder_and_nobody_else():
    night = acknowledged()
    assert pages(night.wait(minutes(34.9))) == ["ana slack", "ana sms", "ana voice", "ana voice"]
    assert night.status == "acknowledged"


def test_a_reminder_that_fails_on_all_phones_pages_nobody_else_before_its_time():
    night = acknowledged()
    night.wait(minutes(30))
    for method in ("sms", "voice", "voice"):
        assert people(night.delivery("ana", method, "failed")) in (["ana"], [])
    assert night.status == "acknowledged"


def test_five_minutes_after_the_reminder_it_is_triggered_again_at_level_one():
    night = acknowledged("ben")
    night.wait(minutes(34.9))
    said = night.wait(minutes(0.1))
    assert [line for line in said if "withdraw" not in line] == ["ben let_lie", "ana slack", "ana sms"]
    assert (night.status, night.issue.holder, night.issue.level) == ("triggered", None, 1)
    assert night.timeline(TimelineKind.REOPENED) == ["Ben let it lie"]


def test_four_keeps_it_and_ends_the_reminder():
    night = acknowledged()
    night.wait(minutes(30.5))
    assert night.acknowledges("ana") == "already_yours"
    assert night.wait(minutes(29.9)) == []
    assert night.wait(minutes(0.1)) == ["ana slack", "ana sms"]


def test_a_note_of_the_holder_keeps_it_and_ends_the_reminder():
    night = acknowledged()
    night.wait(minutes(30.5))
    night.notes("ana")
    assert night.wait(minutes(29.9)) == []


@pytest.mark.parametrize("road", [Road.TEXT, Road.CALL])
def test_the_customers_words_do_not_keep_a_silent_holder_from_being_reminded(road):
    night = acknowledged()
    night.wait(minutes(20))
    night.joins(road=road)
    assert night.due(DeadlineKind.FORGOTTEN) == minutes(10)


def test_a_holder_who_has_been_removed_does_not_keep_the_issue():
    night = acknowledged()
    night.rules = Night(people=(BEN, CEM, DORA)).rules
    assert people(night.wait(minutes(35))) == ["ben"]
    assert night.status == "triggered"


# Resolved, and then the customer calls.


def test_the_last_holder_is_asked_first_for_one_level_timeout_and_then_level_one():
    night = resolved("cem")
    assert pages(night.joins("", road=Road.CALL)) == ["cem slack", "cem sms"]
    assert night.issue.stage is Stage.LAST_HOLDER
    assert people(night.wait(minutes(4.9))) == ["cem"]
    assert people(night.wait(minutes(0.1))) == ["ana"]
    assert night.issue.level == 1


@pytest.mark.parametrize("ends", ["passes", "fails"])
def test_level_one_starts_at_once_when_the_last_holder_passes_or_cannot_be_reached(ends):
    night = resolved("cem")
    night.joins("", road=Road.CALL)
    if ends == "passes":
        night.passes("cem")
    else:
        for method in ("sms", "voice", "voice"):
            night.delivery("cem", method, "failed")
    assert (night.issue.stage, night.issue.level) == (Stage.LEVEL, 1)


def test_a_last_holder_who_has_been_removed_is_not_waited_for():
    night = resolved("cem")
    night.rules = Night(people=(ANA, BEN, DORA)).rules
    assert people(night.joins("", road=Road.CALL)) == ["ana"]


def test_a_last_holder_whom_nothing_can_reach_is_not_waited_for():
    night = resolved("cem")
    night.rules = Night(people=(ANA, BEN, responder("cem", None), DORA)).rules
    assert people(night.joins("", road=Road.CALL)) == ["ana"]


def test_an_issue_that_came_back_starts_at_loop_one_and_is_no_longer_shown_at_openings():
    night = resolved()
    night.joins("", road=Road.CALL)
    assert night.issue.loop == 1
    assert night.due(DeadlineKind.OPENING) is None


# Handed back.


def test_a_holder_who_hands_it_back_is_skipped_and_the_next_level_is_paged_at_once():
    night = acknowledged()
    assert night.passes("ana") == "passed_on"
    assert (night.status, night.issue.holder, night.issue.level) == ("triggered", None, 2)
    assert people(lines(night.last.effects)) == ["ben"]


def test_who_handed_it_back_is_asked_again_in_the_next_loop():
    night = acknowledged()
    night.passes("ana")
    assert people(night.wait(minutes(9.9))) == ["ben", "dora"]
    assert people(night.wait(minutes(0.1))) == ["ana"]


def test_who_took_it_without_a_page_and_hands_it_back_is_skipped_too():
    night = Night()
    night.opens(erik_reports(urgent=False))
    night.acknowledges("ana")
    night.passes("ana")
    assert night.issue.level == 2
    assert night.timeline(TimelineKind.LEVEL_SKIPPED) == ["Level 1 of 2 is skipped: everybody in it has passed"]


def test_a_customer_hears_still_trying_when_an_issue_that_came_back_reaches_nobody():
    night = acknowledged(policy=policy(level("schedule primary"), last_resort=()))
    night.passes("ana")
    assert of_customer(lines(night.last.effects)) == ["customer still_trying"]


def test_who_was_told_in_an_earlier_run_is_told_again_only_if_the_new_run_reached_them():
    night = Night(policy=policy(level("everyone primary")), sends=False)
    night.opens()
    for who in ("ana", "ben", "cem"):
        night.delivery(who, "sms", "sent")
    night.acknowledges("ana")
    night.passes("ana")
    night.delivery("cem", "sms", "sent")
    night.acknowledges("dora")
    assert [one.responder for one in night.last.effects if isinstance(one, TellResponder)] == ["ana", "cem"]


def test_a_source_that_reports_a_resolved_problem_again_triggers_it_again():
    night = resolved()
    night.joins(road=Road.WEBHOOK)
    assert night.status == "triggered"
