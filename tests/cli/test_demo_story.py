"""What the strip of the demo's page makes of `issue --json`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oncallbot.cli.demo_story import story

NOW = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)
NAMES = {"ana": "Ana", "ben": "Ben"}


def told(record: dict[str, Any] | None) -> dict[str, Any]:
    return story(record, 2, 25.0, NAMES, NOW)


def issue(*kinds: str, **facts: Any) -> dict[str, Any]:
    """As `issue --json` says it, one line of the timeline for each kind."""
    timeline = [{"kind": kind, "text": f"text of {kind}"} for kind in kinds]
    usual = {"reference": "AH-1001", "status": "triggered", "level": 1, "loop": 1, "acknowledged_by": None}
    wake_at = (NOW + timedelta(seconds=4)).isoformat()
    return usual | {"wake_at": wake_at, "timeline": timeline} | facts


def test_before_the_first_issue_all_is_quiet():
    assert told(None)["words"] == "All quiet"


def test_a_level_is_told_with_the_seconds_that_it_has_left():
    shown = told(issue("reported", "level_started", "paged"))
    assert (shown["words"], shown["seconds"], shown["of"]) == ("AH-1001: level 1 of 2", 4.0, 25.0)


def test_an_alarm_that_is_overdue_leaves_no_seconds():
    late = issue("level_started", wake_at=(NOW - timedelta(seconds=9)).isoformat())
    assert told(late)["seconds"] == 0.0


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (issue("reported", level=None, loop=None), "the caller is speaking"),
        (issue("level_started", "loop_ended", "last_resort"), "loop 1 ended in silence, the next one comes"),
        (issue("loop_ended", "level_started", loop=2), "level 1 of 2, loop 2"),
        (issue("acknowledged", "reopened"), "whoever had it is asked again"),
        (issue("acknowledged", status="acknowledged", acknowledged_by="ben"), "Ben has it"),
        (issue("resolved", status="resolved", acknowledged_by="ana"), "resolved by Ana"),
        (issue("closed", status="closed"), "closed"),
        (issue("held", status="held", level=None), "held"),
    ],
)
def test_every_state_has_its_words(record, words):
    assert told(record)["words"] == f"AH-1001: {words}"


def test_below_stands_the_newest_line_that_says_more_than_that_something_left():
    assert told(issue("reported", "paged", "notified"))["detail"] == "text of paged"
