"""Which HTTP doors are there? The FastAPI application: one module per caller, one answer to a database that is away.

It must not know what a request means.
"""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from oncallbot.errors import ConfigurationError, DatabaseUnavailable
from oncallbot.web import (
    answer,
    calendars,
    contact,
    counting,
    covers,
    docs,
    health,
    hooks,
    live,
    overview,
    schedules,
    sign_in,
    slack,
    swaps,
    twilio,
)
from oncallbot.web.doors import Doors
from oncallbot.web.pages import PageRefused, Pages

__all__ = ["Doors", "create"]

log = logging.getLogger(__name__)

DESCRIPTION = (
    "Reports by machine. An answer of 202 means that the report is committed; its status says whether somebody is "
    "paged now (triggered), has it (acknowledged), or whether it waits for office hours (held)."
)


def create(doors: Doors) -> FastAPI:
    """The application. Its endpoints are plain functions: they run in the thread pool."""
    app = FastAPI(
        title="oncallbot", description=DESCRIPTION, version=doors.release or "1", docs_url=None, redoc_url=None
    )
    pages = app.state.pages = Pages(doors)
    routers = [one.create(doors) for one in (twilio, slack, hooks, answer, covers, swaps, health)]
    routers += [one.create(pages) for one in (overview, schedules, counting, calendars, sign_in, live, contact)]
    for router in (*routers, pages.static_files.create()):
        app.router.routes += router.routes  # `include_router` would make each of them twice
    app.add_exception_handler(PageRefused, lambda _request, refused: _said(pages, refused))
    for kind in (DatabaseUnavailable, ConfigurationError):
        app.add_exception_handler(kind, lambda request, error: _try_again(pages, request, error))

    @app.get("/docs", include_in_schema=False)
    def documentation() -> HTMLResponse:
        return HTMLResponse(docs.page(app.openapi()))

    return app


def _said(pages: Pages, refused: Exception) -> Response:
    if not isinstance(refused, PageRefused):
        raise refused
    return pages.said(refused.status, refused.title, refused.words)


def _try_again(pages: Pages, request: Request, error: Exception) -> Response:
    """Nothing was committed: whoever asks (Twilio, a monitor, a browser) shall come again. Real paths hold tokens."""
    log.error("path=%s could not be served: %s", getattr(request.scope.get("route"), "path", "unknown"), error)
    if "text/html" in request.headers.get("accept", ""):
        return pages.said(
            503, "Not available just now", "Nothing was changed. Try again in a minute: the server's log says why."
        )
    return JSONResponse({"detail": "not committed, try again"}, 503, {"Retry-After": "1"})
