"""What is answered? The closed list of outcomes that every road renders in its own words.

It must not hold a sentence: those are in `wording`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The first ten are the promised outcomes of acting commands; the rest answer reports and inner events."""

    ACKNOWLEDGED = "acknowledged"
    ALREADY_YOURS = "already_yours"
    ALREADY_TAKEN = "already_taken"
    PASSED_ON = "passed_on"
    RESOLVED = "resolved"
    ALREADY_RESOLVED = "already_resolved"
    ALREADY_CLOSED = "already_closed"
    NOTHING_TO_PASS = "nothing_to_pass"
    NOTED = "noted"
    UNKNOWN_ISSUE = "unknown_issue"
    UNKNOWN_RESPONDER = "unknown_responder"

    WHICH_ONE = "which_one"  # a bare key with several open pages: `choices` lists them
    NOTHING_OPEN = "nothing_open"  # a bare key and no page it could mean
    OPENED = "opened"  # a report opened an issue
    JOINED = "joined"  # a report joined one
    ESCALATED = "escalated"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"
    OFFERED = "offered"  # handed over, and the other person has not answered yet
    ADDED = "added"
    CLOSED = "closed"
    SPLIT = "split"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    RESOLVE_FIRST = "resolve_first"
    TIME_IS_PAST = "time_is_past"
    NOTHING_TO_SPLIT = "nothing_to_split"
    NOT_A_MANAGER = "not_a_manager"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    NOTHING = "nothing"  # the event changed nothing that anybody is told


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer. `number` is the issue's (AH-<number>); `acknowledged_by` is a responder's id.

    `status` is the issue's after the event; `reached_nobody` is True when nobody could be paged just now;
    `promise_at` is when somebody will have acknowledged (or, held, will have been in touch), if that is promised.
    """

    kind: Kind
    number: int | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    status: str | None = None
    promise_at: datetime | None = None
    reached_nobody: bool = False
    choices: tuple[int, ...] = ()


NOTHING = Outcome(Kind.NOTHING)
