"""What do we know about one customer's problem? The issue, its pages and its deadlines, as a value.

It must not decide anything: `decide` makes the next value from this one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from oncallbot.escalation.rules import Policy, Tier
from oncallbot.oncall.people import Method


class Status(StrEnum):
    """triggered → acknowledged → resolved → closed; `held` waits for office hours."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    HELD = "held"
    CLOSED = "closed"


class Stage(StrEnum):
    """What a triggered issue's level deadline is about to end."""

    WAITING = "waiting"  # an unknown caller is still talking; nobody is paged yet
    LAST_HOLDER = "last_holder"  # re-triggered: the last holder has one level timeout
    LEVEL = "level"
    LAST_RESORT = "last_resort"  # the loop has ended in silence; the next one starts at the deadline
    EXHAUSTED = "exhausted"  # `loops: N` are over; a loud alarm every hour


class Road(StrEnum):
    """How a report reached us."""

    CALL = "call"
    TEXT = "text"
    WEBHOOK = "webhook"
    FORM = "form"
    SLACK = "slack"
    COMMAND = "command"


class DeadlineKind(StrEnum):
    """Why an issue's alarm will ring. The subject is named behind each."""

    FIRST_PAGE = "first_page"  # an unknown caller's page goes out at the latest now
    RULE = "rule"  # subject: the responder whose next notification rule it is
    LEVEL = "level"  # the stage ends
    FORGOTTEN = "forgotten"  # the holder has been silent for acknowledge_timeout
    LET_LIE = "let_lie"  # the holder did not answer the reminder either
    PROMISE_WARNING = "promise_warning"
    PROMISE = "promise"
    OPENING = "opening"  # held or resolved: the day team is told


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """One thing that will be due on an issue at a UTC instant."""

    at: datetime
    kind: DeadlineKind
    subject: str = ""


class AttemptStatus(StrEnum):
    """A notification's delivery status. Moves forward only; `delivered`, `failed`, `withdrawn` are final."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One notification of a page, as far as deciding needs it.

    `rule` is the index of the notification rule, `round` the page's when it was ordered.
    """

    id: str
    method: Method
    rule: int
    round: int
    status: AttemptStatus = AttemptStatus.QUEUED

    @property
    def left_us(self) -> bool:
        """Has, or may have, reached the responder's device?"""
        return self.status in (AttemptStatus.SENT, AttemptStatus.DELIVERED)

    @property
    def is_pending(self) -> bool:
        """May a sender still send it?"""
        return self.status in (AttemptStatus.QUEUED, AttemptStatus.SENDING, AttemptStatus.UNKNOWN)


class PageState(StrEnum):
    """Is the demand on this responder still standing?"""

    RUNNING = "running"
    PASSED = "passed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Page:
    """Our demand on one responder to take one issue. Paged again, its rules restart in the next `round`.

    `level` is the step that (last) started it: 0 the last holder's, one behind the last level the last resort's, -1 and
    -2 while somebody else holds it (handed over, asked to help).
    `rules_due` are indices of the rules still to come; `was_told` is True once a notification has left us.
    """

    responder: str
    state: PageState
    started_at: datetime
    loop: int
    level: int
    round: int = 1
    attempts: tuple[Attempt, ...] = ()
    rules_due: tuple[int, ...] = ()
    was_told: bool = False


class Promised(StrEnum):
    """What became of the promise. PENDING runs; NONE: nothing is promised."""

    NONE = "none"
    PENDING = "pending"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Issue:
    """One customer's after-hours problem. Reference AH-<number>. All instants UTC.

    `contact` is where the reporter can be told things (E.164 or e-mail; "" when nowhere); `caller` is as received;
    `policy` and `tier` are copies from when it opened; `level` and `loop` count from 1, level 0 is before the first;
    `notifications_made` numbers the attempts, so that their ids never repeat.
    """

    number: int
    status: Status
    hotline: str
    customer: str | None
    contact: str
    caller: str
    road: Road
    summary: str
    opened_at: datetime
    policy: Policy
    tier: Tier
    urgent: bool = True
    language: str = "en"
    dedup_key: str | None = None
    stage: Stage = Stage.WAITING
    level: int = 0
    loop: int = 0
    pages: tuple[Page, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    holder: str | None = None
    acknowledged_at: datetime | None = None
    promise_at: datetime | None = None
    promised: Promised = Promised.NONE
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    notifications_made: int = 0

    @property
    def reference(self) -> str:
        """AH-1042."""
        return f"AH-{self.number}"

    def page_of(self, responder: str) -> Page | None:
        """The one page of this responder, whatever its state."""
        return next((page for page in self.pages if page.responder == responder), None)

    def with_page(self, page: Page) -> Issue:
        """The same issue with `page` in the place of that responder's earlier one, or at the end."""
        if self.page_of(page.responder) is None:
            return replace(self, pages=(*self.pages, page))
        kept = tuple(page if one.responder == page.responder else one for one in self.pages)
        return replace(self, pages=kept)
