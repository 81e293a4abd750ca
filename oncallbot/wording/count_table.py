"""How are hours on call, pages and wake-ups written, in a table and as CSV? One line for each person.

It must not let a spreadsheet take a name for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import timedelta

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.counting import Share

HEADINGS = ("name", "weekday", "night", "weekend", "holiday", "total", "weighted", "difference", "pages", "wake-ups")
_COLUMNS = (
    "responder", "name", "weekday_hours", "night_hours", "weekend_hours", "holiday_hours", "total_hours",
    "weighted_hours", "weighted_difference", "pages", "wake_ups",
)  # fmt: skip
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ONE_HOUR = timedelta(hours=1)
Line = tuple[Share, int, int]
"""Hours, pages and wake-ups."""


def cells(line: Line, rules: Rules) -> tuple[str, ...]:
    """For people, below HEADINGS: hours to a tenth; `-` is somebody who does not take part."""
    share, pages, wake_ups = line
    hours = share.hours
    times = (hours.weekday, hours.night, hours.weekend, hours.holiday, hours.total, share.weighted)
    difference = "-" if share.difference is None else _tenths(share.difference, "+")
    return (_name(share, rules), *(_tenths(one) for one in times), difference, str(pages), str(wake_ups))


def csv_text(lines: Iterable[Line], rules: Rules) -> str:
    """For spreadsheets (RFC 4180): hours with two decimals. A text that could be a formula gets an apostrophe."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(_COLUMNS)
    for share, pages, wake_ups in lines:
        hours = share.hours
        times = (hours.weekday, hours.night, hours.weekend, hours.holiday, hours.total, share.weighted)
        difference = "" if share.difference is None else f"{share.difference / _ONE_HOUR:.2f}"
        names = (_guarded(share.responder), _guarded(_name(share, rules)))
        rows.writerow((*names, *(f"{one / _ONE_HOUR:.2f}" for one in times), difference, pages, wake_ups))
    return written.getvalue()


def _tenths(length: timedelta, sign: str = "") -> str:
    said = f"{length / _ONE_HOUR:{sign}.1f}".removesuffix(".0")
    return "0" if said in ("+0", "-0") else said


def _name(share: Share, rules: Rules) -> str:
    person = rules.responders.get(share.responder)
    return person.name if person else share.responder


def _guarded(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULAS) else text
