"""Does our clock agree with the vendors' and the database's?

It must not ask for the time: whoever was asked for something else has said it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from oncallbot.cli.doctor.findings import Check, Finding, fails, fine, not_known
from oncallbot.engine.health import SKEW_ALARM

LARGEST_SKEW = timedelta(seconds=60)
"""From a vendor's clock. Slack's signatures count for 5 minutes; a promise that is a minute off is no promise."""

_CURE = "set the clock: timedatectl set-ntp true"


def examine(now: datetime, vendors: Mapping[str, datetime | None], database: timedelta | None) -> Iterator[Finding]:
    """`now` is the machine's; `vendors` are their answers' `Date`, `database` how far its clock is ahead of ours."""
    asked = {name: at for name, at in vendors.items() if at is not None}
    for name, at in asked.items():
        yield _finding(name, at - now, LARGEST_SKEW)
    if database is not None:
        yield _finding("PostgreSQL", database, SKEW_ALARM)
    if not asked:
        detail = "no vendor has said what time it is"
        yield not_known(Check.CLOCK, "vendors", detail, "compare `date -u` with a clock that you trust")


def _finding(name: str, ahead: timedelta, most: timedelta) -> Finding:
    seconds = ahead.total_seconds()
    if abs(ahead) > most:
        detail = f"this machine's clock is {abs(seconds):.0f} s {'behind' if seconds > 0 else 'ahead of'} it"
        return fails(Check.CLOCK, name, detail, _CURE)
    return fine(Check.CLOCK, name, f"within {most.total_seconds():.0f} s of it")
