"""Which calendar programs show whose shifts? The feeds themselves, and the page where a manager makes and ends them.

It must not tell a secret to anybody but the person whose feed it is.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from oncallbot.engine.feeding import Feeding
from oncallbot.storage.feeds import FeedKind
from oncallbot.web import routes
from oncallbot.web.pages import PageRefused, Pages, SignedIn

PAGE = "/calendars"
_NO_FEED = "There is no such calendar. It may have been revoked: ask for a new address.\n"


def create(pages: Pages) -> APIRouter:
    """The routes /calendar/{secret}.ics and /calendars."""
    router = routes.router()
    feeding = pages.doors.links.feeding(pages.doors.door)
    _add_feed(router, feeding, pages.doors.release)

    @router.get(PAGE)
    def show(reader: SignedIn = Depends(pages.signed_in)) -> Response:
        me, rules = reader.manager.id, pages.doors.door.rules_now()
        rows = [("My shifts", FeedKind.RESPONDER, me), *((one, FeedKind.SCHEDULE, one) for one in rules.schedules)]
        shown = [
            {"name": name, "kind": kind.value, "subject": subject, "url": feeding.known_address(kind, subject, me)}
            for name, kind, subject in rows
        ]
        return pages.page("calendars.html", reader, here=PAGE, feeds=shown)

    @router.post(PAGE)
    def act(
        reader: SignedIn = Depends(pages.signed_in_form),
        kind: str = Form(""),
        subject: str = Form(""),
        act: str = Form(""),
    ) -> Response:
        me, rules = reader.manager.id, pages.doors.door.rules_now()
        is_mine = kind == FeedKind.RESPONDER and subject == me
        if not is_mine and not (kind == FeedKind.SCHEDULE and subject in rules.schedules):
            raise PageRefused(404, "There is no such calendar", "Open the page again: the schedules have changed.")
        if act == "revoke":
            feeding.revoke(FeedKind(kind), subject, me)
        else:
            feeding.address_of(FeedKind(kind), subject, me)
        return pages.go(PAGE)

    return router


def _add_feed(router: APIRouter, feeding: Feeding, release: str) -> None:
    @router.api_route("/calendar/{secret}.ics", methods=["GET", "HEAD"])
    def feed(secret: str, request: Request) -> Response:
        from oncallbot.web import ical  # 35 ms, with all of icalendar: the first feed pays for it, not each start

        shown = feeding.opened(secret)
        if shown is None:
            return Response(_NO_FEED, 404, {"Cache-Control": "no-store"}, "text/plain")
        etag = f'"{ical.fingerprint(shown, release)}"'
        headers = {
            "ETag": etag,
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'inline; filename="on-call.ics"',
            "X-Content-Type-Options": "nosniff",
        }
        known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
        if etag in known or "*" in known:
            return Response(status_code=304, headers=headers)
        return Response(ical.calendar(shown), media_type=ical.MEDIA_TYPE, headers=headers)
