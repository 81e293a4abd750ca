"""We were down: one ring does one step with today's truth, and a backlog is never replayed."""

from dataclasses import replace

from oncallbot.escalation.deadlines import wake_at
from oncallbot.escalation.issue import DeadlineKind
from tests.escalation.night import (
    MONDAY_OPENING,
    TWO_LEVELS,
    Night,
    erik_reports,
    level,
    minutes,
    of_customer,
    pages,
    policy,
    stranger_calls,
)

HOURS = minutes(6 * 60)
LONG = {"policy": replace(TWO_LEVELS, levels=(level("schedule primary", timeout=minutes(600)),))}


def paged(**fields) -> Night:
    night = Night(**fields)
    night.opens()
    return night


def test_of_missed_notification_rules_one_per_method_is_sent():
    assert pages(paged(**LONG).sleep(HOURS)) == ["ana voice"]


def test_one_ring_takes_one_level_step_timed_from_now():
    night = paged()
    assert pages(night.sleep(HOURS))[-2:] == ["ben slack", "ben sms"]
    assert (night.issue.level, night.issue.loop) == (2, 1)
    assert night.due(DeadlineKind.LEVEL) == minutes(5)


def test_one_ring_ends_at_most_one_loop():
    night = paged(policy=policy(level("schedule primary")))
    night.sleep(HOURS)
    assert night.issue.loop == 1
    night.sleep(HOURS)
    assert night.issue.loop == 2


def test_a_rule_whose_failure_ends_the_level_and_the_levels_own_end_are_one_step():
    night = paged()
    for method in ("slack", "sms"):
        night.delivery("ana", method, "failed")
    night.delivery("ana", "voice", "failed")
    people = Night(people=(night.rules.responders["ben"], night.rules.responders["dora"])).rules
    night.rules = people
    night.sleep(HOURS)
    assert night.issue.level <= 2
    assert night.issue.loop == 1


def test_a_broken_promise_replaces_its_missed_warning():
    said = paged().sleep(HOURS)
    assert "managers promise_at_risk" not in said
    assert said.count("managers promise_missed") == 1
    assert of_customer(said).count("customer promise_missed") == 1


def test_a_forgotten_issue_is_reminded_first_however_late_it_is():
    night = paged()
    night.acknowledges("ana")
    assert night.sleep(HOURS) == ["ana slack", "ana sms"]
    assert night.status == "acknowledged"
    assert night.due(DeadlineKind.LET_LIE) == minutes(5)


def test_a_held_issue_is_shown_once_for_all_openings_missed():
    night = Night()
    night.opens(erik_reports(urgent=False))
    assert night.sleep(minutes(5 * 24 * 60)).count("day team") == 1
    assert night.now < (wake_at(night.issue) or night.now)
    assert night.due(DeadlineKind.OPENING) is not None
    assert night.now + (night.due(DeadlineKind.OPENING) or HOURS) > MONDAY_OPENING


def test_a_strangers_first_page_goes_out_late_rather_than_never():
    night = Night()
    night.opens(stranger_calls())
    assert pages(night.sleep(HOURS)) == ["ana slack", "ana sms"]


def test_a_ring_before_its_time_does_nothing():
    night = paged()
    before = night.issue
    assert night.rings() == []
    assert night.issue == before
