"""A loop that ends in silence: last resort, everybody again, alarms, and never an end by itself."""

from dataclasses import replace

from oncallbot.escalation.effects import TimelineKind
from oncallbot.escalation.issue import DeadlineKind
from tests.escalation.night import (
    DORA,
    MINUTE,
    TWO_LEVELS,
    Night,
    level,
    minutes,
    of_customer,
    pages,
    policy,
    weekly,
)

ONE_LOOP = replace(TWO_LEVELS, loops=1)


def silent_until(count: float, **fields) -> tuple[Night, list[str]]:
    """Nobody answers for so many minutes; the lines of the last minute."""
    night = Night(**fields)
    night.opens()
    night.wait(minutes(count) - MINUTE)
    return night, night.wait(MINUTE)


def test_a_silent_loop_pages_the_last_resort_and_everyone_paged_so_far():
    night, said = silent_until(10)
    assert pages(said) == ["dora sms", "ana slack", "ana sms", "ben slack", "ben sms"]
    assert night.timeline(TimelineKind.LOOP_ENDED) == ["Loop 1 ended in silence"]
    assert night.timeline(TimelineKind.LAST_RESORT) == ["Last resort: Dora, Ana, Ben"]


def test_a_silent_loop_alarms_the_managers_and_tells_the_customer_that_we_are_still_trying():
    _, said = silent_until(10)
    assert "managers no_one_answered" in said
    assert of_customer(said) == ["customer still_trying"]


def test_after_repeat_after_the_next_loop_starts_at_level_one():
    night, said = silent_until(15, policy=replace(TWO_LEVELS, repeat_after=minutes(5)))
    assert (night.issue.loop, night.issue.level) == (2, 1)
    assert pages(said) == ["ana slack", "ana sms"]
    assert night.timeline(TimelineKind.LEVEL_STARTED)[-1] == "Level 1 of 2, loop 2: Ana, for 5m"


def test_repeat_after_is_the_policys():
    night, _ = silent_until(11, policy=replace(TWO_LEVELS, repeat_after=minutes(1)))
    assert night.issue.loop == 2


def test_it_never_stops_by_itself():
    night = Night()
    night.opens()
    for _ in range(20):
        assert sum(len(pages(night.next_alarm())) for _ in range(20)) > 0
    assert night.status == "triggered"


def test_it_never_stops_when_nobody_can_be_paged_either():
    night = Night(schedule=weekly("", ""), people=())
    night.opens()
    assert sum(line == "managers nobody_reached" for _ in range(20) for line in night.next_alarm()) >= 18


def test_a_customer_whom_nobody_answers_hears_still_trying_in_each_loop_also_when_only_the_last_resort_is_paged():
    night = Night(schedule=weekly("", ""))
    assert of_customer(night.opens()) == ["customer received"]
    assert of_customer(night.wait(minutes(11))) == ["customer still_trying"] * 2


def test_a_coverage_gap_alarms_once_and_not_in_every_loop():
    night = Night(schedule=weekly("", ""))
    assert night.opens().count("managers coverage_gap") == 1
    assert night.wait(minutes(60)).count("managers coverage_gap") == 0


def test_a_policy_with_a_number_of_loops_ends_triggered_with_a_loud_alarm_every_hour():
    night, said = silent_until(10, policy=ONE_LOOP)
    assert "managers no_one_answered" in said
    assert "dora sms" in said
    assert night.wait(minutes(59)).count("managers exhausted") == 0
    assert [night.wait(minutes(60)).count("managers exhausted") for _ in range(20)] == [1] * 20
    assert night.status == "triggered"


def test_a_number_of_loops_counts_loops():
    night = Night(policy=replace(TWO_LEVELS, loops=2))
    night.opens()
    assert night.wait(minutes(25)).count("managers no_one_answered") == 2
    assert night.due(DeadlineKind.LEVEL) == minutes(60)


def test_after_the_last_loop_it_can_still_be_acknowledged():
    night, _ = silent_until(200, policy=ONE_LOOP)
    assert night.acknowledges("dora") == "acknowledged"


def test_whoever_passed_is_not_paged_by_the_last_resort_either():
    night = Night(policy=policy(level("schedule primary"), level("responder dora")))
    night.opens()
    night.wait(minutes(5))
    night.passes("dora")
    assert {line.split()[0] for line in pages(night.wait(minutes(4)))} == {"ana"}


def test_when_everybody_has_passed_the_next_loop_asks_them_all_again():
    night = Night(people=(DORA,), schedule=weekly("dora"))
    night.opens()
    night.passes("dora")
    assert night.timeline(TimelineKind.LAST_RESORT) == ["There is nobody left to page: no last resort"]
    assert pages(night.wait(minutes(5))) == ["dora sms"]


def test_a_last_resort_that_fails_on_all_phones_waits_for_the_next_loop():
    night, _ = silent_until(10)
    for responder in ("dora", "ana", "ben"):
        for method in ("sms", "voice", "voice"):
            night.delivery(responder, method, "failed")
    assert night.due(DeadlineKind.LEVEL) == minutes(5)
