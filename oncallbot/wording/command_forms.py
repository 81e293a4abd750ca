"""Which orders can a command of `/oncall` give? As values; those about schedules are in `schedule_forms`.

It must not read anybody's text, nor know how a command is written: `commands` and `command_list` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oncallbot.escalation.events import Answer
from oncallbot.wording.schedule_forms import ScheduleCommand

# Commands, as values. `number` is the issue's, None when it was left out: then the door asks which issues are meant.


@dataclass(frozen=True, slots=True)
class ShowOverview:
    """Who is on call, who is next, and the open issues."""


@dataclass(frozen=True, slots=True)
class ShowWho:
    """Who is on call in `schedule` (None: in each) at `at` (None: now)?"""

    schedule: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShowMe:
    """The asker's own shifts and issues."""


@dataclass(frozen=True, slots=True)
class ShowShifts:
    """The coming shifts of `schedule` (None: of each) until `until` (None: the usual time)."""

    schedule: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShowWhy:
    """Why is this person on call in `schedule` at `at` (None: now)?"""

    schedule: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageOnCall:
    """Page for these words, at any hour. `customer` and `hotline` where they were named."""

    words: str
    customer: str | None = None
    hotline: str | None = None


@dataclass(frozen=True, slots=True)
class ShowIssues:
    """The open issues."""


@dataclass(frozen=True, slots=True)
class ShowIssue:
    """One issue with its timeline."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerIssue:
    """Acknowledge, pass on, resolve or note; `words` with the last two."""

    answer: Answer
    number: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class SnoozeIssue:
    """Do not remind me before `until`."""

    number: int | None
    until: datetime


@dataclass(frozen=True, slots=True)
class HandOver:
    """Ask `to` (a responder's id) to take it."""

    number: int | None
    to: str


@dataclass(frozen=True, slots=True)
class HandBack:
    """I cannot go on with it: page again."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class AddResponder:
    """Page `responder` (an id) too."""

    number: int | None
    responder: str


@dataclass(frozen=True, slots=True)
class TakeOver:
    """I take it from whoever has it."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class EscalateNow:
    """Page the next level at once."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class SplitIssue:
    """Its newest report is an issue of its own."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class DismissIssue:
    """It was no issue."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class CloseIssue:
    """It is over: closed by hand."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """How commands are written: all of them, or `topic`, a key of `command_list.FORMS`."""

    topic: str | None = None


OfIssue = HandBack | TakeOver | EscalateNow | SplitIssue | DismissIssue | CloseIssue | ShowIssue
Command = (
    ShowOverview
    | ShowWho
    | ShowMe
    | ShowShifts
    | ShowWhy
    | PageOnCall
    | ShowIssues
    | AnswerIssue
    | SnoozeIssue
    | HandOver
    | AddResponder
    | ShowHelp
    | OfIssue
    | ScheduleCommand
)


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What was understood ("" when nothing), what was not ("" when something is missing), why, and forms that fit.

    Each of `nearest` is a whole command without `/oncall`, the likeliest first; never empty.
    """

    understood: str
    not_understood: str
    nearest: tuple[str, ...]
    reason: str = ""
