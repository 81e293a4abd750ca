"""The home tab's own words: contact methods with their proof, and promises at risk."""

from dataclasses import replace
from datetime import timedelta

from oncallbot.escalation.issue import Promised
from oncallbot.oncall.people import Method
from oncallbot.wording import pager_tests
from oncallbot.wording.homes import contact_lines, promise_lines
from tests.wording.cast import ANA, BERLIN, NIGHT, RULES, issue

EVERY = frozenset(Method)


def test_each_contact_method_says_when_it_last_proved_itself():
    reader = replace(ANA, slack="U0ANA00001", phone="+493023125001")
    lines = contact_lines(reader, EVERY, {Method.SMS: NIGHT}, NIGHT)
    assert lines[0] == "Slack: NOT PROVED YET. Press Test me now"
    assert lines[1].startswith("Text: last delivered ")
    assert lines[2].startswith("Call: NOT PROVED YET")


def test_what_is_missing_or_not_connected_is_said():
    reader = replace(ANA, slack=None, phone="+493023125001")
    lines = contact_lines(reader, frozenset({Method.SMS}), {}, NIGHT)
    assert lines[0] == "Slack: none"
    assert lines[2] == "Call: not connected"


def test_a_promise_that_ends_soon_or_was_missed_is_at_risk():
    near = replace(issue(), promise_at=NIGHT + timedelta(minutes=5), promised=Promised.PENDING)
    far = replace(near, promise_at=NIGHT + timedelta(hours=1))
    kept = replace(near, promised=Promised.KEPT)
    assert len(promise_lines([near, far, kept], RULES, BERLIN, NIGHT)) == 1
    assert promise_lines([far, kept], RULES, BERLIN, NIGHT) == ("No promise is at risk.",)


def test_a_test_says_first_that_nothing_has_happened():
    for method in (Method.SLACK, Method.SMS, Method.VOICE):
        assert pager_tests.test_text(method).startswith("This is a test of your pager, nothing has happened.")
    assert pager_tests.sent_text(()).startswith("There is no road to you")
