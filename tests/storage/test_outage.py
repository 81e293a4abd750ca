"""What the log says while the database is away: enough to see it, and no flood."""

import logging

import pytest

from oncallbot.errors import DatabaseUnavailable
from oncallbot.storage.outage import Outage
from tests.storage.cast import NOW

GONE = DatabaseUnavailable("connection refused")


class Evening:
    """An outage that lasts as long as it is told to."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "oncallbot.storage.outage")
        self.seconds, self.caplog = NOW.timestamp(), caplog
        self.outage = Outage(lambda: self.seconds)

    def fails_for(self, seconds: int) -> list[str]:
        """Four times a second; what the log says meanwhile."""
        self.caplog.clear()
        for _ in range(seconds * 4):
            self.outage.failed("ring", GONE)
            self.seconds += 0.25
        return self.caplog.messages

    def works_after(self, seconds: int) -> list[str]:
        self.caplog.clear()
        self.seconds += seconds
        self.outage.worked()
        return self.caplog.messages


@pytest.fixture
def evening(caplog) -> Evening:
    return Evening(caplog)


def test_an_outage_is_said_once_and_then_once_a_minute_with_a_count(evening):
    assert evening.fails_for(59) == ["the database is away: ring waits: connection refused"]
    assert evening.fails_for(61) == ["the database is still away after 60 s, tries=241: connection refused"]


def test_its_end_is_said_once(evening):
    evening.fails_for(30)
    assert evening.works_after(10) == ["the database is back after 40 s, tries=120"]
    assert evening.works_after(10) == []


def test_what_works_by_chance_in_between_is_no_end(evening):
    evening.fails_for(30)
    assert evening.works_after(1) == []
    assert evening.fails_for(1) == []


def test_the_next_outage_is_said_again(evening):
    evening.fails_for(30)
    evening.works_after(10)
    assert len(evening.fails_for(1)) == 1
