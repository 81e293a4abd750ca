"""Callers whom we do not know: paged for when they have spoken, hung up, or after a minute."""

from dataclasses import replace

import pytest

from oncallbot.escalation.deadlines import wake_at
from oncallbot.escalation.effects import TimelineKind
from oncallbot.escalation.issue import Road
from tests.escalation.night import HOLDS_AT_NIGHT, Night, erik_reports, minutes, pages, stranger_calls

ANA_IS_PAGED = ["ana slack", "ana sms", "customer received"]


def on_the_line(caller: str = "+493023125700", **fields) -> Night:
    night = Night(**fields)
    assert night.opens(stranger_calls(caller)) == []
    return night


def test_nobody_is_paged_while_an_unknown_caller_is_still_talking():
    night = on_the_line()
    assert night.status == "triggered"
    assert night.wait(minutes(0.99)) == []


def test_an_unknown_caller_is_paged_for_after_sixty_seconds():
    assert on_the_line().wait(minutes(1)) == ANA_IS_PAGED


@pytest.mark.parametrize("seconds", [0, 42])
def test_an_unknown_caller_is_paged_for_when_the_message_is_over_even_an_empty_one(seconds):
    assert on_the_line().records(seconds) == ANA_IS_PAGED


def test_an_unknown_caller_who_hangs_up_is_paged_for_at_once():
    assert on_the_line().hangs_up(3) == ANA_IS_PAGED


def test_an_unknown_caller_who_leaves_within_three_seconds_is_turned_away_and_counted():
    night = on_the_line()
    assert night.hangs_up(2.9) == []
    assert (night.status, wake_at(night.issue)) == ("closed", None)
    assert night.timeline(TimelineKind.TURNED_AWAY) == ["An unknown caller left within 3 s: turned away, nobody paged"]


def test_whoever_said_something_within_three_seconds_is_not_turned_away():
    assert on_the_line().hangs_up(2, said_nothing=False) == ANA_IS_PAGED


def test_a_known_customers_page_stands_however_short_the_call():
    night = Night()
    night.opens(erik_reports("", road=Road.CALL))
    assert night.hangs_up(1, is_known=True) == []
    assert night.status == "triggered"
    assert pages(night.wait(minutes(1))) == ["ana voice"]


def test_hanging_up_after_the_message_pages_nobody_twice():
    night = on_the_line()
    night.records(9)
    assert night.hangs_up(20, said_nothing=False) == []
    assert night.wait(minutes(0.9)) == []


def test_another_report_of_the_same_caller_ends_the_waiting():
    assert on_the_line().happens(replace(stranger_calls(), still_talking=False)) == ANA_IS_PAGED


def test_a_redial_is_paged_for_at_once_so_that_the_first_calls_late_hang_up_cannot_close_it():
    night = on_the_line()
    assert night.happens(stranger_calls()) == ANA_IS_PAGED
    night.hangs_up(2)
    assert night.status == "triggered"


def test_a_withheld_caller_is_paged_for_like_any_stranger():
    night = on_the_line("")
    assert "a withheld number" in night.timeline(TimelineKind.REPORTED)[0]
    assert pages(night.wait(minutes(1))) == ["ana slack", "ana sms"]


def test_a_stranger_whose_tier_holds_waits_for_the_morning():
    night = Night(standard=replace(HOLDS_AT_NIGHT, id="standard"))
    assert night.opens(stranger_calls()) == ["customer held"]
    assert night.hangs_up(1) == []
    assert night.status == "held"


def test_somebody_may_acknowledge_while_the_caller_is_still_talking():
    night = on_the_line()
    assert night.acknowledges("ana") == "acknowledged"
    assert night.wait(minutes(5)) == []


def test_escalate_now_ends_the_waiting():
    assert on_the_line().escalates("ana") == ANA_IS_PAGED
