"""How many hours was everybody on call, how often paged and how often woken? A page for some months, and its CSV.

It must not count what is not in the records.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from oncallbot.engine import counts
from oncallbot.engine.counts import Count
from oncallbot.escalation.rules import Rules
from oncallbot.web import routes
from oncallbot.web.month import Month
from oncallbot.web.pages import PageRefused, Pages, SignedIn
from oncallbot.wording import count_table

PAGE = "/counting"
_MONTHS_SHOWN = 12
_MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is counted: `[first, last]` in months on the reader's wall, and a schedule ("" is all of them)."""

    first: Month
    last: Month
    schedule: str

    @property
    def query(self) -> str:
        return urlencode({"first": str(self.first), "last": str(self.last), "schedule": self.schedule})


def create(pages: Pages) -> APIRouter:
    """The routes /counting and /counting.csv."""
    router = routes.router()

    @router.get(PAGE)
    def show(
        first: str = "", last: str = "", schedule: str = "", reader: SignedIn = Depends(pages.signed_in)
    ) -> Response:
        wanted, found, rules = _counted(pages, reader, first, last, schedule)
        most = max((abs(one.share.difference) for one in found if one.share.difference is not None), default=None)
        rows = [
            {
                "cells": count_table.cells((one.share, one.pages, one.wake_ups), rules),
                # percent of half the bar's place, and to which side
                "more": round(50 * (one.share.difference / most), 1) if most and one.share.difference else 0,
            }
            for one in found
        ]
        return pages.page("counting.html", reader, here=PAGE, wanted=wanted, rows=rows, schedules=list(rules.schedules))

    @router.get(f"{PAGE}.csv")
    def table(
        first: str = "", last: str = "", schedule: str = "", reader: SignedIn = Depends(pages.signed_in)
    ) -> Response:
        wanted, found, rules = _counted(pages, reader, first, last, schedule)
        text = count_table.csv_text(((one.share, one.pages, one.wake_ups) for one in found), rules)
        headers = {
            "Content-Disposition": f'attachment; filename="on-call-{wanted.first}-{wanted.last}.csv"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        # The mark tells Excel that this is UTF-8.
        return Response(f"\ufeff{text}", media_type="text/csv; charset=utf-8", headers=headers)

    return router


def _counted(
    pages: Pages, reader: SignedIn, first: str, last: str, schedule: str
) -> tuple[Wanted, tuple[Count, ...], Rules]:
    door, tz = pages.doors.door, reader.manager.timezone
    now = door.clock.now()
    with door.database.read() as connection:
        rules = door.rules.of(connection)
        wanted = _wanted(first, last, schedule, rules, Month.of(now, tz))
        start, end = wanted.first.span(tz)[0], wanted.last.span(tz)[1]
        return wanted, counts.counted(connection, rules, start, end, schedule or None, now), rules


def _wanted(first: str, last: str, schedule: str, rules: Rules, running: Month) -> Wanted:
    end = Month.read(last) if last else running
    start = Month.read(first) if first else (end or running).moved(1 - _MONTHS_SHOWN)
    if start is None or end is None:
        raise PageRefused(400, "There is no such month", "Write it like 2026-12.")
    if not start <= end <= start.moved(_MOST_MONTHS):
        raise PageRefused(
            400, "These months cannot be counted", "The last must not be before the first: ten years at most."
        )
    if schedule and schedule not in rules.schedules:
        raise PageRefused(404, "There is no such schedule", "Open the page again: the schedules have changed.")
    return Wanted(start, end, schedule)
