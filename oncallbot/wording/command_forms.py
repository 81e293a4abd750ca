"""Which commands of `/oncall` are there, by which words, and how is each written?

It must not read anybody's text: `commands` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oncallbot.escalation.events import Answer

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
    """How commands are written: all of them, or `topic`, a key of `FORMS`."""

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
)


@dataclass(frozen=True, slots=True)
class Form:
    """How a command is written: its grammar, an example with gaps, what it does, and its other names."""

    grammar: str
    example: str
    says: str
    aliases: tuple[str, ...] = ()


FORMS = {
    "who": Form(
        "who [schedule] [at <time>]",
        "who {schedule} at Sat 20:00",
        "who is on call, until when, and who is next",
        ("whos", "who's", "who is", "on call", "oncall", "on-call"),
    ),
    "me": Form("me", "me", "your shifts and your issues", ("my shifts", "mine")),
    "shifts": Form(
        "shifts [schedule] [for 2 weeks]", "shifts {schedule} for 2 weeks", "the coming shifts", ("shift", "schedule")
    ),
    "why": Form("why <schedule> [at <time>]", "why {schedule}", "why this person is on call"),
    "page": Form("page <what> [for <customer>]", "page the server is down", "pages whoever is on call, at any hour"),
    "issues": Form("issues", "issues", "the open issues", ("list", "open issues")),
    "issue": Form("issue 1042", "issue {issue}", "one issue and what has happened", ("show", "timeline", "status")),
    "acknowledge": Form(
        "acknowledge 1042", "acknowledge {issue}", "you have it", ("ack", "acknowledged", "acked", "4")
    ),
    "pass": Form("pass 1042", "pass {issue}", "not you: others are paged at once", ("pass on", "5")),
    "resolve": Form(
        "resolve 1042 [what you did]",
        "resolve {issue} restarted the server",
        "it is fixed; the customer reads what you did",
        ("resolved", "fixed", "6"),
    ),
    "note": Form("note 1042 <words>", "note {issue} looking at the logs", "a line on the timeline", ("comment",)),
    "snooze": Form(
        "snooze 1042 until <time> | for 2 hours", "snooze {issue} for 2 hours", "you are not reminded before then"
    ),
    "hand over": Form(
        "hand over 1042 to @who",
        "hand over {issue} to @{responder}",
        "asks somebody to take it; it stays yours until they do",
        ("handover", "hand-over", "hand"),
    ),
    "hand back": Form(
        "hand back 1042",
        "hand back {issue}",
        "you cannot go on with it: others are paged",
        ("handback", "hand-back", "unacknowledge"),
    ),
    "add responder": Form(
        "add responder @who to 1042",
        "add responder @{responder} to {issue}",
        "pages one more person",
        ("add", "add-responder"),
    ),
    "take over": Form(
        "take over 1042", "take over {issue}", "you take it from whoever has it", ("takeover", "take-over")
    ),
    "escalate now": Form(
        "escalate now 1042", "escalate now {issue}", "pages the next level at once", ("escalate", "escalate-now")
    ),
    "split": Form("split 1042", "split {issue}", "makes its newest report an issue of its own", ("split off",)),
    "dismiss": Form("dismiss 1042", "dismiss {issue}", "it was no issue (managers only)"),
    "close": Form("close 1042", "close {issue}", "closes what is resolved or held", ("closed",)),
    "help": Form("help [command]", "help snooze", "this list", ("?", "commands", "usage")),
}

VERBS = {alias: verb for verb, form in FORMS.items() for alias in (verb, *form.aliases)}
