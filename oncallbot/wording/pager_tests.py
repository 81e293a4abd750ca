"""What does a test of somebody's pager say, and what is answered to it?

It must not sound like a page: it says first that nothing has happened.
"""

from __future__ import annotations

from collections.abc import Sequence

from oncallbot.oncall.people import Method

PAGE_FIRST = "You have a page to answer: answer that first. Nothing was sent."
JUST_TESTED = "Your pager was tested a moment ago. Nothing more was sent."
NO_ROAD = "There is no road to you: ask a manager to add your phone number or your Slack. Nothing was sent."
ARRIVED = "Your answer has arrived: texts reach you, and yours reach us."

SPOKEN = "This is a test of your pager. Nothing has happened. Press 4."
SPOKEN_THANKS = "Thank you. Your pager works. Goodbye."
SPOKEN_SILENCE = "No key was pressed. Goodbye."

NAMES = {Method.SLACK: "Slack", Method.SMS: "text", Method.VOICE: "call", Method.EMAIL: "e-mail"}


def test_text(method: Method) -> str:
    """The test itself; a call speaks it."""
    test = "This is a test of your pager, nothing has happened."
    return f"{test} Reply 4." if method is Method.SMS else test


def sent_text(methods: Sequence[Method]) -> str:
    """By which roads tests are on their way."""
    if not methods:
        return NO_ROAD
    return f"Tests are on their way by {', '.join(NAMES[one] for one in methods)}. Each says that it is a test."
