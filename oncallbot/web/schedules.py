"""Who is on call in this month? A picture of each schedule, with its gaps, and the same as a table.

It must not change a schedule, nor compute again what was worked.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from oncallbot.engine import known_shifts
from oncallbot.oncall.coverage import gaps
from oncallbot.oncall.schedule import participants
from oncallbot.web import routes
from oncallbot.web.month import Month, Wall
from oncallbot.web.pages import PageRefused, Pages, SignedIn

PAGE = "/schedules"


def create(pages: Pages) -> APIRouter:
    """The route /schedules."""
    router = routes.router()

    @router.get(PAGE)
    def show(month: str = "", reader: SignedIn = Depends(pages.signed_in)) -> Response:
        door, tz = pages.doors.door, reader.manager.timezone
        now = door.clock.now()
        running = Month.of(now, tz)
        wanted = Month.read(month) if month else running
        if wanted is None:
            raise PageRefused(400, "There is no such month", "Write it like 2026-12.")
        wall, (start, end) = Wall(wanted, tz, now), wanted.span(tz)
        pictures = []
        with door.database.read() as connection:
            rules, reaches = door.rules.of(connection), known_shifts.reaches(connection)
            for name, schedule in rules.schedules.items():
                shifts = known_shifts.between(connection, rules, name, start, end, reaches.get(name))
                empty = gaps(schedule, rules.absences, max(start, now), end) if end > now else ()
                pictures.append(wall.drawn(name, shifts, empty, participants(schedule, max(start, now)), rules))
        return pages.page(
            "schedules.html",
            reader,
            here=PAGE,
            month=wanted,
            is_running=wanted == running,
            before=wanted.beside(-1),
            after=wanted.beside(1),
            days=wall.days(),
            pictures=pictures,
        )

    return router
