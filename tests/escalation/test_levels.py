"""Whom does a level page, when does it end, and what if there is nobody?"""

from dataclasses import replace

import pytest

from oncallbot.escalation.effects import TellDayTeam, TimelineKind
from oncallbot.escalation.events import Reaction
from oncallbot.escalation.issue import DeadlineKind, Road
from oncallbot.oncall.people import Absence, Method
from oncallbot.oncall.windows import Outside
from tests.escalation.night import (
    ANA,
    BEN,
    BERLIN,
    CEM,
    DORA,
    FRIDAY_NOON,
    MONDAY_OPENING,
    SATURDAY_NIGHT,
    TWO_LEVELS,
    Night,
    erik_reports,
    level,
    minutes,
    notify,
    of_customer,
    pages,
    policy,
    responder,
    weekly,
)

SLACK_ONLY = frozenset({Method.SLACK})
AT_NIGHT = Outside(BERLIN)


def people(said: list[str]) -> list[str]:
    return list(dict.fromkeys(line.split()[0] for line in pages(said)))


@pytest.mark.parametrize(
    ("targets", "paged"),
    [
        (("schedule primary",), ["ana"]),
        (("next primary",), ["ben"]),
        (("everyone primary",), ["ana", "ben", "cem"]),
        (("responder dora",), ["dora"]),
        (("channel C0HELP", "responder dora"), ["dora"]),
        (("responder cem", "everyone primary"), ["cem", "ana", "ben"]),
    ],
)
def test_a_level_pages_all_its_targets_once_each(targets, paged):
    assert people(Night(policy=policy(level(*targets))).opens()) == paged


def test_the_second_level_is_paged_when_the_first_stays_silent():
    night = Night()
    night.opens()
    assert people(night.wait(minutes(4.99))) == ["ana"]
    assert people(night.wait(minutes(0.01))) == ["ben"]
    assert night.timeline(TimelineKind.LEVEL_STARTED)[-1] == "Level 2 of 2: Ben, for 5m"


def test_earlier_pages_keep_running_while_the_next_level_has_its_time():
    quick = policy(level("schedule primary", timeout=minutes(2)), level("next primary"))
    night = Night(policy=quick)
    night.opens()
    night.wait(minutes(2))
    assert pages(night.wait(minutes(1))) == ["ana voice", "ben voice"]


def test_whoever_is_on_call_is_asked_when_the_level_starts_not_when_the_issue_opens():
    night = Night(policy=policy(level("responder dora"), level("schedule primary")))
    night.opens()
    night.rules = replace(night.rules, absences=(Absence("ana", SATURDAY_NIGHT, MONDAY_OPENING),))
    assert people(night.wait(minutes(5)))[1:] == ["ben"]


def test_paged_again_in_a_later_level_the_rules_restart():
    night = Night(policy=policy(level("schedule primary"), level("responder ana")))
    night.opens()
    night.delivery("ana", "sms", "sent")
    night.delivery("ana", "slack", "sent")
    night.wait(minutes(4))
    night.delivery("ana", "voice", "sent")
    assert pages(night.wait(minutes(1))) == ["ana slack", "ana sms"]
    assert len([page for page in night.issue.pages if page.responder == "ana"]) == 1


def test_whoever_passed_is_skipped_until_the_next_loop():
    night = Night(policy=policy(level("schedule primary"), level("everyone primary")))
    night.opens()
    assert night.passes("ana") == "passed_on"
    assert people(night.wait(minutes(9.9))) == ["ben", "cem", "dora"]
    assert "ana" in people(night.wait(minutes(5)))


def test_a_level_ends_at_once_when_everybody_in_it_has_passed():
    night = Night()
    night.opens()
    night.passes("ana")
    assert night.issue.level == 2
    assert night.issue.page_of("ben") is not None


def test_a_level_ends_at_once_when_every_page_has_failed_on_all_its_phones():
    night = Night()
    night.opens()
    night.delivery("ana", "slack", "delivered")
    assert night.delivery("ana", "sms", "failed") == ["ana voice"]
    assert night.delivery("ana", "voice", "failed") == ["ana voice"]
    assert people(night.delivery("ana", "voice", "failed")) == ["ben"]


def test_a_level_goes_on_while_one_of_its_pages_may_still_be_answered():
    night = Night(policy=policy(level("everyone primary"), level("responder dora")))
    night.opens()
    night.passes("ana")
    night.passes("ben")
    assert night.issue.level == 1
    assert people(night.wait(minutes(5))) == ["cem", "dora"]


def test_a_responder_with_slack_alone_keeps_the_levels_time_and_is_never_reached_by_it():
    night = Night(roads=SLACK_ONLY)
    assert pages(night.opens()) == ["ana slack"]
    night.delivery("ana", "slack", "delivered")
    assert pages(night.wait(minutes(4.9))) == []
    assert pages(night.wait(minutes(0.1))) == ["ben slack"]


def test_a_responder_who_cannot_be_reached_at_all_ends_the_level_at_once():
    night = Night(people=(replace(ANA, slack=None, phone=None), BEN, CEM, DORA))
    assert people(night.opens()) == ["ben"]


# A level with nobody.


def test_a_level_with_nobody_is_skipped_at_once_with_a_gap_alarm():
    night = Night(schedule=weekly("", "ben"))
    said = night.opens()
    assert said[0] == "managers coverage_gap"
    assert people(said) == ["ben"]
    assert night.timeline(TimelineKind.LEVEL_SKIPPED) == ["Level 1 of 2 is skipped: nobody is on call in it"]
    assert night.timeline(TimelineKind.COVERAGE_GAP) == [
        "Nobody is on call in primary, which must be covered now (level 1)"
    ]


def test_a_level_that_is_empty_by_design_pages_the_day_team_without_a_gap_alarm():
    night = Night(FRIDAY_NOON, schedule=weekly("ana", "ben", windows=AT_NIGHT, must_cover=AT_NIGHT))
    said = night.opens(erik_reports(reaction=Reaction.PAGE))
    assert said[0] == "day team"
    assert "managers coverage_gap" not in said
    assert night.timeline(TimelineKind.LEVEL_SKIPPED) != []


def test_the_day_team_is_paged_too_when_the_office_opens_in_a_later_loop():
    night = Night(MONDAY_OPENING - minutes(7), schedule=weekly("ana", "ben", windows=AT_NIGHT, must_cover=AT_NIGHT))
    night.opens()
    assert "day team" not in night.wait(minutes(14.9))
    assert "day team" in night.wait(minutes(0.1))
    assert night.issue.loop == 2


def test_a_policy_that_reaches_nobody_pages_the_last_resort_at_once():
    night = Night(schedule=weekly("", ""))
    said = night.opens()
    assert people(said) == ["dora"]
    assert "managers nobody_reached" in said
    assert of_customer(said) == ["customer received"]


@pytest.mark.parametrize("schedule", [weekly("", ""), None])
def test_when_not_even_the_last_resort_can_be_reached_the_customer_hears_the_truth_once(schedule):
    night = Night(schedule=schedule, roads=frozenset())
    assert of_customer(night.opens()) == ["customer still_trying"]
    assert night.last.outcome.reached_nobody


def test_a_text_that_reaches_nobody_is_answered_so_in_its_reply():
    night = Night(roads=frozenset())
    assert of_customer(night.opens(erik_reports(road=Road.TEXT))) == []
    assert night.last.outcome.reached_nobody


def test_a_last_resort_that_is_reached_makes_received_the_only_word():
    unreachable = (replace(ANA, slack=None, phone=None), replace(BEN, slack=None, phone=None), CEM, DORA)
    night = Night(people=unreachable)
    assert of_customer(night.opens()) == ["customer received"]
    assert not night.last.outcome.reached_nobody


def test_nobody_is_recorded_as_paged_who_has_been_removed():
    night = Night(people=(ANA, BEN, CEM, DORA))
    night.opens()
    night.rules = Night(people=(BEN, CEM, DORA)).rules
    night.effects.clear()
    night.wait(minutes(12))
    assert not any(text.startswith("ana is paged") for text in night.timeline(TimelineKind.PAGED))


def test_escalate_now_pages_the_next_level_without_waiting():
    night = Night()
    night.opens()
    assert people(night.escalates("dora")) == ["ben"]
    assert night.due(DeadlineKind.LEVEL) == minutes(5)


def test_a_stranger_cannot_escalate():
    night = Night()
    night.opens()
    assert night.escalates("nobody") == []
    assert night.outcome == "unknown_responder"


def test_channels_alone_reach_nobody():
    night = Night(policy=policy(level("channel C0HELP")))
    assert people(night.opens()) == ["dora"]


def test_a_channel_is_said_to_be_skipped_while_slack_is_not_connected():
    night = Night(policy=policy(level("channel C0HELP", "responder ben")), roads=frozenset({Method.SMS}))
    night.opens()
    assert night.timeline(TimelineKind.RULE_SKIPPED)[0] == "slack is not connected: nothing is posted in C0HELP"


def test_a_day_team_line_names_the_schedule_that_is_empty_by_design():
    night = Night(FRIDAY_NOON, schedule=weekly("ana", windows=AT_NIGHT, must_cover=AT_NIGHT), policy=TWO_LEVELS)
    night.opens(erik_reports(reaction=Reaction.PAGE))
    told = [one.words for one in night.effects if isinstance(one, TellDayTeam)]
    assert told[0] == "primary is empty by design at this hour"


def test_a_responder_with_email_alone_waits_out_the_level():
    alone = responder("ana", None, email="ana@example.com", notify=notify("0m email"))
    night = Night(people=(alone, BEN, CEM, DORA))
    assert pages(night.opens()) == ["ana email"]
    assert pages(night.delivery("ana", "email", "delivered")) == []
    assert people(night.delivery("ana", "email", "failed")) == []
