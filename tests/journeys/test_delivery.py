"""Whatever happens to a call or a text, the right people are still paged: failures at once, silence at the level's end.

The quick street's levels last 2 s, the others' 60 s: whoever is paged there sooner is paged because of the failure.
"""

from datetime import timedelta

import pytest

from tests.journeys.night import Night

pytestmark = pytest.mark.journey
LEVEL = timedelta(seconds=2)


@pytest.mark.parametrize(("behaviour", "reason"), [("busy", "busy"), ("unreachable", "failed"), ("decline", "busy")])
def test_a_phone_that_cannot_be_reached_moves_the_level_on_at_once(street, behaviour, reason):
    night: Night = street("calls only")
    night.ana.will(behaviour)
    night.page()
    night.ben.is_rung()
    issue = night.issue()
    assert issue.said("delivery_failed") == [f"Ana could not be reached by voice: {reason}"]
    assert issue.notified(night.ana.id)[0]["status"] == "failed"
    assert (issue.level, issue.status) == (2, "triggered")


@pytest.mark.parametrize("behaviour", ["ring_out", "mailbox", "screen"])
def test_a_robot_or_nobody_is_silence_and_the_level_keeps_its_time(street, behaviour):
    night: Night = street("quick")
    night.ana.will(behaviour)
    night.page()
    night.ben.is_rung()
    issue = night.issue()
    assert issue.acknowledged_by is None
    assert "delivery_failed" not in issue.kinds
    first, second = issue.times("level_started")
    assert second - first >= LEVEL
    if behaviour != "ring_out":
        night.ana.hears("Press 4")
    night.ben.texts("4")
    night.acknowledged(night.ben)


@pytest.mark.parametrize(
    ("behaviour", "how", "code"),
    [
        ("landline", {}, "21614"),
        ("manual", {"texts": "undelivered", "error_code": 30003}, "30003"),
        ("manual", {"texts": "undelivered", "error_code": 30005}, "30005"),
        ("manual", {"texts": "undelivered", "error_code": 30006}, "30006"),
        ("manual", {"texts": "failed", "error_code": 30008}, "30008"),
        ("manual", {"texts": "scheduled"}, "scheduled"),
    ],
)
def test_a_text_that_fails_starts_the_call_at_once(street, behaviour, how, code):
    night: Night = street("text, then call")
    night.ana.will(behaviour, **how)
    night.page()
    night.ana.is_rung()
    issue = night.issue()
    assert issue.notified(night.ana.id, "sms")[0]["status"] == "failed"
    assert code in issue.notified(night.ana.id, "sms")[0]["error"]
    assert (issue.level, night.ben.rang) == (1, 0)


def test_a_responder_who_opted_out_is_called_at_once(street):
    night: Night = street("text, then call")
    night.ana.texts("STOP")
    night.ana.reads("unsubscribed")
    night.page()
    night.ana.is_rung()
    assert "21610" in night.issue().notified(night.ana.id, "sms")[0]["error"]


def test_a_carrier_that_never_says_delivered_is_silence(street):
    night: Night = street("quick")
    night.ana.will("ring_out", texts="carrier_silent")
    night.page()
    night.ben.is_rung()
    issue = night.until(lambda one: one.notified(night.ana.id, "sms")[0]["status"] == "sent")
    assert "delivery_failed" not in issue.kinds


def test_a_page_whose_texts_all_fail_moves_on_at_once(street):
    night: Night = street("texts only")
    night.ana.will("landline")
    night.page()
    night.ben.reads("Reply 4 ack")
    assert night.issue().level == 2
