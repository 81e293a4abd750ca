"""What can go wrong, as one tree. A class exists because some caller acts differently on it.

What a person may cause (a late key, an unknown reference) is an outcome, never an error.

OncallbotError
├── ConfigurationError      settings or schedule files are wrong: print every problem with its cure, exit 1
├── DatabaseError           the database said no
│   ├── DatabaseUnavailable     not reachable or busy: trying again helps; doors answer 503
│   └── SchemaOutdated          run `oncallbot db upgrade`: exit 1
└── VendorError             Twilio or Slack did not do what we asked
    ├── Refused                 this request will never succeed: the notification has failed
    │   └── Misconfigured       nor will others like it: fail it and raise an alarm
    ├── RateLimited             certainly not done: try again after `retry_after`
    ├── Unavailable             certainly not done (no connection, refused by an overloaded vendor): try again
    └── OutcomeUnknown          may have been done (timed out, broken reply): look it up, then send again
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


class OncallbotError(Exception):
    """The root of everything that we raise on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and what to do about it. Reads as one line."""

    place: str
    wrong: str
    cure: str

    def __str__(self) -> str:
        return f"{self.place}: {self.wrong}; {self.cure}" if self.cure else f"{self.place}: {self.wrong}"


class ConfigurationError(OncallbotError):
    """Settings or files are wrong; `problems` holds all of them, never only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class DatabaseError(OncallbotError):
    """The database said no."""


class DatabaseUnavailable(DatabaseError):
    """The database cannot be reached or stays busy. Trying again helps."""


class SchemaOutdated(DatabaseError):
    """The database has another schema than this release. `oncallbot db upgrade` helps."""


class VendorError(OncallbotError):
    """A vendor did not do what we asked. `code` is the vendor's own, "" when it gave none."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Refused(VendorError):
    """This request will never succeed. Trying again does not help."""


class Misconfigured(Refused):
    """Neither this request nor others like it will succeed until somebody mends the set-up."""


class RateLimited(VendorError):
    """Certainly not done; the vendor asks us to come again after `retry_after`."""

    def __init__(self, message: str, retry_after: timedelta, code: str = "") -> None:
        super().__init__(message, code)
        self.retry_after = retry_after


class Unavailable(VendorError):
    """Certainly not done: no connection, or the vendor is overloaded. Trying again helps."""


class OutcomeUnknown(VendorError):
    """May have been done: the request left, no usable answer came. Look it up before sending again."""
