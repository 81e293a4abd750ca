"""A report opens an issue: is somebody paged now, or does it wait for the morning?"""

from dataclasses import replace

import pytest

from oncallbot.escalation.deadlines import wake_at
from oncallbot.escalation.effects import TellCustomer, TimelineKind
from oncallbot.escalation.events import Reaction
from oncallbot.escalation.issue import DeadlineKind, Road
from oncallbot.escalation.rules import AfterHours
from tests.escalation.night import (
    FRIDAY_NOON,
    GOLD,
    HOLDS_AT_NIGHT,
    HOTLINE,
    MINUTE,
    MONDAY_OPENING,
    SATURDAY_NIGHT,
    TWO_LEVELS,
    Night,
    erik_reports,
    level,
    minutes,
    pages,
    policy,
)

PAGES_UNANSWERED = replace(GOLD, office_unanswered=AfterHours.PAGE)


@pytest.mark.parametrize(
    ("at", "tier", "urgent", "reaction", "status"),
    [
        (SATURDAY_NIGHT, GOLD, True, Reaction.BY_HOURS, "triggered"),
        (SATURDAY_NIGHT, GOLD, False, Reaction.BY_HOURS, "held"),
        (SATURDAY_NIGHT, HOLDS_AT_NIGHT, True, Reaction.BY_HOURS, "held"),
        (SATURDAY_NIGHT, HOLDS_AT_NIGHT, True, Reaction.PAGE, "triggered"),
        (SATURDAY_NIGHT, GOLD, True, Reaction.HOLD, "held"),
        (FRIDAY_NOON, GOLD, True, Reaction.BY_HOURS, "held"),
        (FRIDAY_NOON, GOLD, True, Reaction.PAGE, "triggered"),
        (FRIDAY_NOON, GOLD, True, Reaction.OFFICE_UNANSWERED, "held"),
        (FRIDAY_NOON, PAGES_UNANSWERED, True, Reaction.OFFICE_UNANSWERED, "triggered"),
    ],
)
def test_office_hours_tier_urgency_and_the_door_choose_page_or_hold(at, tier, urgent, reaction, status):
    night = Night(at, gold=tier)
    night.opens(erik_reports(urgent=urgent, reaction=reaction))
    assert night.status == status
    assert bool(pages(said := night.opens(erik_reports(urgent=urgent, reaction=reaction)))) == (status == "triggered")
    assert ("day team" in said) == (status == "held" and at == FRIDAY_NOON)


def test_a_known_customer_is_paged_for_at_once_and_told_reference_and_promise():
    night = Night()
    assert night.opens() == ["ana slack", "ana sms", "customer received"]
    received = next(one for one in night.effects if isinstance(one, TellCustomer))
    assert received.at == night.now + minutes(15)
    assert night.timeline(TimelineKind.OPENED) == [
        "Opened, to be paged: the office is closed (tier gold); policy default"
    ]
    assert night.timeline(TimelineKind.PAGED) == ["Ana is paged: on call in primary (weekly, turn 0)"]


def test_a_text_is_answered_in_its_own_reply():
    night = Night()
    assert night.opens(erik_reports(road=Road.TEXT)) == ["ana slack", "ana sms"]
    assert night.timeline(TimelineKind.CUSTOMER_TOLD) == ["Received: answered in the reply to the text"]


def test_a_held_issue_waits_for_the_opening_with_its_own_promise():
    night = Night()
    assert night.opens(erik_reports(urgent=False)) == ["customer held"]
    assert wake_at(night.issue) == MONDAY_OPENING
    assert night.issue.promise_at == MONDAY_OPENING + minutes(120)


def test_a_held_issue_goes_to_the_day_team_at_every_opening_until_somebody_takes_it():
    night = Night()
    night.opens(erik_reports(urgent=False))
    days = [night.wait(minutes(24 * 60)).count("day team") for _ in range(5)]
    assert days == [0, 0, 1, 1, 1]
    night.acknowledges("cem")
    assert "day team" not in night.wait(minutes(20))
    assert night.due(DeadlineKind.OPENING) is None


def test_in_office_hours_the_day_team_has_it_at_once_and_again_at_the_next_opening():
    night = Night(FRIDAY_NOON)
    assert night.opens() == ["day team", "customer held"]
    assert night.now + (night.due(DeadlineKind.OPENING) or MINUTE) == MONDAY_OPENING


def test_a_hotline_that_never_opens_shows_its_held_issues_daily():
    never = replace(HOTLINE, office_hours=replace(HOTLINE.office_hours, open=()))
    night = Night(hotline=never)
    night.opens(erik_reports(urgent=False))
    assert night.wait(minutes(3 * 24 * 60)).count("day team") == 3


def test_policy_and_tier_are_copied_when_it_opens_but_people_are_asked_afresh():
    night = Night()
    night.opens()
    changed = Night(policy=policy(level("responder cem")), gold=HOLDS_AT_NIGHT)
    night.rules = replace(changed.rules, absences=())
    assert pages(night.wait(minutes(5)))[-2:] == ["ben slack", "ben sms"]
    assert night.issue.policy == TWO_LEVELS
    assert night.issue.tier == GOLD
