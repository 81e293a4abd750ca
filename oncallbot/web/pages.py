"""What have all managers' pages in common? The frame, the headers, who is signed in, and that a form is our own.

It must not know what any page shows.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup

from oncallbot.engine.sign_in import LONGEST, SignIns
from oncallbot.engine.watching import Watcher
from oncallbot.oncall.people import Responder
from oncallbot.oncall.wallclock import zone
from oncallbot.web import asked_page
from oncallbot.web.doors import Doors
from oncallbot.web.static_files import StaticFiles
from oncallbot.wording.times import clock_time

# Path and name of every page that is always offered.
NAVIGATION = (("/", "Now"), ("/schedules", "Schedules"), ("/counting", "Counting"), ("/calendars", "Calendars"))
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    # Not "no-referrer": browsers would then name no origin with our own forms either.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


class PageRefused(Exception):
    """To raise where a page cannot be shown: a person reads `title` and `words` instead."""

    def __init__(self, status: int, title: str, words: str) -> None:
        super().__init__(title)
        self.status, self.title, self.words = status, title, words


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The manager who reads this page. `csrf` goes into every form, as its field of that name."""

    manager: Responder
    csrf: str


class Pages:
    """Renders pages and knows who reads them. One for the whole application.

    A further page is a module with `create(pages) -> APIRouter` as in `overview`, listed in `web.app`; a template that
    extends frame.html; and its path in NAVIGATION. It is live if it wraps its parts as overview.html does.
    """

    def __init__(self, doors: Doors) -> None:
        public = urlsplit(doors.public_url)
        self.doors = doors
        self.root = public.path  # "" unless PUBLIC_URL has a path
        self.is_https = public.scheme == "https"
        self.sign_ins = SignIns(doors.door, doors.slack_team)
        self.watcher = Watcher(doors.door)
        self.static_files = StaticFiles(self.root)
        self._own_host = public.netloc
        self._cookie = "__Host-oncallbot" if self.is_https else "oncallbot"
        self._templates = Environment(
            loader=PackageLoader("oncallbot.web", "templates"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"root": self.root, "static": self.static_files.address, "navigation": NAVIGATION}
        self._templates.filters["clock"] = _clock

    # What a page is made of

    def page(self, template: str, reader: SignedIn | None, status: int = 200, **shown: Any) -> HTMLResponse:
        """A page. `shown` is for its template; `here` is its path, where it is one of NAVIGATION.

        In templates `at | clock` is a time in the reader's zone, `csrf` belongs into every form.
        """
        now = self.doors.door.clock.now()
        tz = reader.manager.timezone if reader else "UTC"
        always = {"reader": reader, "now": now, "tz": tz, "tz_short": now.astimezone(zone(tz)).strftime("%Z")}
        made = self._templates.get_template(template).render({"here": None, **always, **shown})
        return HTMLResponse(made, status, headers=HEADERS)

    def said(self, status: int, title: str, words: str) -> HTMLResponse:
        """A page of one sentence, for whoever it is."""
        return self.page("refused.html", None, status, heading=title, words=words)

    def go(self, path: str) -> RedirectResponse:
        """On to another page of ours: `/`, `/sign-in`."""
        return RedirectResponse(self.root + path, 303, headers={"Cache-Control": "no-store"})

    def go_on(self, request: Request) -> RedirectResponse:
        """Whoever has signed in goes on to the page that was asked for before; else to `/`."""
        answer = self.go(asked_page.remembered(request, is_https=self.is_https))
        asked_page.forget(request, answer, is_https=self.is_https)
        return answer

    # Who reads it: dependencies of routes

    def signed_in(self, request: Request) -> SignedIn:
        """Who is signed in; everybody else is sent to /sign-in, and from there to the page that was asked for."""
        token = self.token(request)
        # A page that is left open asks by itself, and says so; a person navigates.
        is_use = request.headers.get("sec-fetch-mode", "navigate") == "navigate"
        found = self.sign_ins.current(token, is_use=is_use) if token else None
        if token is None or found is None:
            headers = {"Location": f"{self.root}/sign-in", "Cache-Control": "no-store"}
            if kept := asked_page.remember(request, is_https=self.is_https):
                headers["Set-Cookie"] = kept
            raise HTTPException(303, "sign in first", headers)
        return SignedIn(found[1], _csrf(token))

    def signed_in_form(self, request: Request, csrf: str = Form("")) -> SignedIn:
        """As `signed_in`, for a POST: the form must be one that we showed to this very session."""
        self.own_form(request)
        reader = self.signed_in(request)
        if not hmac.compare_digest(csrf.encode(), reader.csrf.encode()):
            raise _NOT_OURS
        return reader

    def own_form(self, request: Request) -> None:
        """For a POST before anybody is signed in: refuses what a page of another site sends."""
        site = request.headers.get("sec-fetch-site")
        if site in ("same-origin", "none"):
            return
        origin = request.headers.get("origin")
        hosts = (self._own_host, request.headers.get("host"))
        if site is not None or (origin is not None and urlsplit(origin).netloc not in hosts):
            raise _NOT_OURS

    # The cookie

    def token(self, request: Request) -> str | None:
        """The session's token, as the browser gives it."""
        return request.cookies.get(self._cookie)

    def keep(self, response: Response, token: str) -> None:
        """The browser shall be this session's."""
        age = int(LONGEST.total_seconds())
        response.set_cookie(self._cookie, token, age, path="/", secure=self.is_https, httponly=True, samesite="lax")

    def drop(self, response: Response) -> None:
        """The browser shall be nobody's."""
        response.delete_cookie(self._cookie, path="/", secure=self.is_https, httponly=True, samesite="lax")


_NOT_OURS = PageRefused(403, "This form is not ours", "Open the page again, and press the button there.")


def _csrf(token: str) -> str:
    """Made from the session's own secret: there is nothing to keep, and no other session has the same."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


@pass_context
def _clock(context: Context, at: datetime) -> Markup:
    """A time as the reader's wall clock shows it, and exactly for programs."""
    words = clock_time(at, context["tz"], context["now"])
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), words)
