"""Whom can we page, by which contact methods, and when are they away?

It must not say who is on call: that is `schedule`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from oncallbot.oncall.wallclock import as_utc, zone


class Method(StrEnum):
    """A way to reach a responder."""

    SLACK = "slack"
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class NotificationRule:
    """After this delay, use this contact method."""

    after: timedelta
    by: Method

    def __post_init__(self) -> None:
        if self.after < timedelta():
            raise ValueError("a notification rule cannot come before its page: write a delay of 0s or more")


DEFAULT_NOTIFY = (
    NotificationRule(timedelta(), Method.SLACK),
    NotificationRule(timedelta(), Method.SMS),
    NotificationRule(timedelta(minutes=1), Method.VOICE),
    NotificationRule(timedelta(minutes=3), Method.VOICE),
)


DEFAULT_REMINDERS = (timedelta(days=1), timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Responder:
    """A person who can be on call; a manager may also edit. None means: has no such contact method.

    `reminders` are how long before a stint they are reminded; with `weekly` they get their next shifts on Mondays.
    """

    id: str
    name: str
    timezone: str
    slack: str | None = None
    phone: str | None = None
    email: str | None = None
    notify: tuple[NotificationRule, ...] = DEFAULT_NOTIFY
    manager: bool = False
    reminders: tuple[timedelta, ...] = DEFAULT_REMINDERS
    weekly: bool = False

    def __post_init__(self) -> None:
        if not self.id.strip() or not self.name.strip():
            raise ValueError("a responder needs an id and a name")
        zone(self.timezone)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    def address(self, method: Method) -> str | None:
        """Where that contact method reaches this person; SMS and voice share the phone."""
        match method:
            case Method.SLACK:
                return self.slack
            case Method.SMS | Method.VOICE:
                return self.phone
            case Method.EMAIL:
                return self.email
            case _:
                assert_never(method)


@dataclass(frozen=True, slots=True)
class Absence:
    """A responder is away in `[start, end)`, UTC."""

    responder: str
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", as_utc(self.start))
        object.__setattr__(self, "end", as_utc(self.end))
        if self.end <= self.start:
            raise ValueError(f"the absence of {self.responder} must end after it starts: swap or correct its times")
