"""When must this issue be looked at again? The one place where an issue's `wake_at` is computed.

It must not read a clock, nor say what a deadline does when it is due (`decide.alarm`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from oncallbot.escalation.issue import Deadline, DeadlineKind, Issue


def wake_at(issue: Issue) -> datetime | None:
    """The earliest deadline; None only for a closed issue (the database's CHECK says the same)."""
    return min((deadline.at for deadline in issue.deadlines), default=None)


def overdue(issue: Issue, now: datetime) -> tuple[Deadline, ...]:
    """What is due at `now`, earliest first."""
    return tuple(sorted(deadline for deadline in issue.deadlines if deadline.at <= now))


def setting(issue: Issue, kind: DeadlineKind, at: datetime, subject: str = "") -> Issue:
    """The issue with that deadline at `at`, in the place of an earlier one of the same kind and subject."""
    kept = (one for one in issue.deadlines if (one.kind, one.subject) != (kind, subject))
    return replace(issue, deadlines=tuple(sorted((*kept, Deadline(at, kind, subject)))))


def clearing(issue: Issue, *kinds: DeadlineKind) -> Issue:
    """The issue without any deadline of these kinds."""
    return replace(issue, deadlines=tuple(one for one in issue.deadlines if one.kind not in kinds))


def dropping(issue: Issue, dropped: Iterable[Deadline]) -> Issue:
    """The issue without exactly these deadlines."""
    gone = set(dropped)
    return replace(issue, deadlines=tuple(one for one in issue.deadlines if one not in gone))


def deadline(issue: Issue, kind: DeadlineKind) -> datetime | None:
    """When that kind is next due; None when it is not set."""
    return min((one.at for one in issue.deadlines if one.kind == kind), default=None)
