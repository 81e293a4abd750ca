"""One responder's page: the notification rules in turn, what counts as failed, and what receipts may do."""

from dataclasses import replace
from typing import Any

import pytest

from oncallbot.escalation.effects import SendPage, TimelineKind
from oncallbot.escalation.events import DeliveryReported
from oncallbot.escalation.issue import AttemptStatus, DeadlineKind
from oncallbot.oncall.people import Method
from tests.escalation.night import ANA, BEN, CEM, DORA, TWO_LEVELS, Night, level, minutes, notify, pages

ONE_HOUR = replace(TWO_LEVELS, levels=(level("schedule primary", timeout=minutes(60)),))


def paged_alone(*rules: str, **fields: Any) -> Night:
    """Ana alone has an hour, with these notification rules."""
    ana = replace(ANA, email="ana@example.com", notify=notify(*rules) if rules else ANA.notify)
    return Night(**{"people": (ana, BEN, CEM, DORA), "policy": ONE_HOUR, **fields})


def times(night: Night) -> list[str]:
    """`+1m voice` for each notification of the next hour."""
    began, said = night.now, []
    while (due := night.due(DeadlineKind.RULE)) is not None:
        ordered = pages(night.wait(due))
        said += [f"+{(night.now - began) / minutes(1):g}m {line.split()[1]}" for line in ordered]
    return said


def test_by_default_slack_and_text_go_at_once_and_the_phone_rings_after_one_and_three_minutes():
    night = paged_alone()
    assert pages(night.opens()) == ["ana slack", "ana sms"]
    assert times(night) == ["+1m voice", "+3m voice"]


@pytest.mark.parametrize("status", ["sent", "delivered"])
def test_sent_and_delivered_are_silence(status):
    night = paged_alone()
    night.opens()
    assert night.delivery("ana", "sms", status) == []
    assert times(night) == ["+1m voice", "+3m voice"]
    assert night.status == "triggered"


def test_a_failed_notification_starts_the_next_rule_at_once():
    night = paged_alone("0m sms", "1m voice", "3m voice")
    night.opens()
    assert night.delivery("ana", "sms", "failed", error="busy") == ["ana voice"]
    assert times(night) == ["+3m voice"]
    assert night.timeline(TimelineKind.DELIVERY_FAILED) == ["Ana could not be reached by sms: busy"]


def test_a_failure_whose_next_rule_has_started_already_starts_nothing():
    night = paged_alone()
    night.opens()
    assert night.delivery("ana", "slack", "failed") == []
    night.wait(minutes(1))
    assert night.delivery("ana", "sms", "failed") == []


def test_a_rule_that_cannot_be_used_is_skipped_on_the_timeline_and_its_next_starts_at_once():
    night = paged_alone("0m slack", "5m sms", "6m voice", roads=frozenset({Method.SMS, Method.VOICE}))
    assert pages(night.opens()) == ["ana sms"]
    assert times(night) == ["+6m voice"]
    assert night.timeline(TimelineKind.RULE_SKIPPED) == ["slack is not connected: the next rule starts at once"]


def test_a_contact_method_that_the_responder_lacks_is_skipped_too():
    night = Night(people=(replace(ANA, slack=None), BEN, CEM, DORA))
    assert pages(night.opens()) == ["ana sms"]
    assert night.timeline(TimelineKind.RULE_SKIPPED) == ["slack is not known for Ana: the next rule starts at once"]


def test_a_failure_skips_over_rules_that_cannot_be_used():
    night = paged_alone("0m sms", "1m slack", "2m voice", roads=frozenset({Method.SMS, Method.VOICE}))
    night.opens()
    assert night.delivery("ana", "sms", "failed") == ["ana voice"]


def test_the_failure_of_an_earlier_round_starts_nothing_in_the_new_one():
    night = paged_alone("0m sms", "1m voice", policy=replace(TWO_LEVELS, levels=(level("responder ana"),) * 2))
    night.opens()
    first = night.attempt("ana", "sms").id
    night.wait(minutes(5))
    assert night.attempt("ana", "sms").id != first
    assert night.due(DeadlineKind.RULE) == minutes(1)


def test_a_notification_that_has_not_left_yet_serves_for_the_next_rule_by_that_method():
    night = paged_alone("0m sms", "1m sms", "2m voice", sends=False)
    night.opens()
    assert pages(night.wait(minutes(1.5))) == []
    night.delivery("ana", "sms", "sent")
    assert pages(night.wait(minutes(1))) == ["ana voice"]


def test_only_the_first_pages_are_marked_to_go_before_everything_else():
    night = paged_alone("0m sms", policy=replace(TWO_LEVELS, levels=(level("responder ana"),) * 2))
    night.opens()
    night.wait(minutes(5))
    sent = [one for one in night.effects if isinstance(one, SendPage) and one.responder == "ana"]
    assert [one.is_first for one in sent] == [True, False]


def test_rules_that_were_removed_meanwhile_are_left_out():
    night = paged_alone()
    night.opens()
    night.rules = paged_alone("0m sms").rules
    assert pages(night.wait(minutes(30))) == []


def test_a_page_of_somebody_removed_meanwhile_ends():
    night = paged_alone()
    night.opens()
    night.rules = paged_alone(people=(BEN, CEM, DORA)).rules
    assert pages(night.wait(minutes(1))) == ["dora sms"]


# Receipts: late, twice, out of order, or never.


def test_a_receipt_moves_forward_only():
    night = paged_alone(sends=False)
    night.opens()
    said = [night.delivery("ana", "sms", one) for one in ("sending", "unknown", "sent", "sending", "withdrawn", "sent")]
    assert said == [[]] * 6
    assert night.attempt("ana", "sms").status == "sent"
    assert night.timeline(TimelineKind.NOTIFIED) == ["Ana by sms"]


@pytest.mark.parametrize("last", ["delivered", "failed"])
def test_final_states_absorb(last):
    night = paged_alone()
    night.opens()
    night.delivery("ana", "sms", last)
    for later in ("queued", "sending", "unknown", "sent", "delivered", "failed"):
        assert night.delivery("ana", "sms", later) == []
    assert night.attempt("ana", "sms").status == last


def test_delivered_without_sent_before_it_counts_as_having_left_once():
    night = paged_alone(sends=False)
    night.opens()
    night.delivery("ana", "sms", "delivered")
    night.delivery("ana", "sms", "sent")
    assert night.timeline(TimelineKind.NOTIFIED) == ["Ana by sms"]


def test_a_failure_that_others_will_share_alarms_the_managers():
    night = paged_alone("0m sms", "1m voice")
    night.opens()
    said = night.delivery("ana", "sms", "failed", error="20003", is_set_up=True)
    assert said == ["managers set_up", "ana voice"]


def test_after_the_acknowledgement_a_failed_page_starts_nothing():
    night = paged_alone("0m sms", "1m voice")
    night.opens()
    sms = night.attempt("ana", "sms")
    night.acknowledges("ben")
    assert sms.status == "sent"
    assert pages(night.delivery("ana", "sms", "failed")) == []


def test_a_letter_that_could_not_be_delivered_is_on_the_timeline():
    night = paged_alone()
    night.opens()
    assert night.happens(DeliveryReported("letter", AttemptStatus.FAILED, error="30006")) == []
    assert night.timeline(TimelineKind.DELIVERY_FAILED) == ["Could not be delivered: 30006"]
