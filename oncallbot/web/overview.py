"""What is going on now? The first page: who is on call, which issues are open, and how the last night was.

It must not change anything, nor show a responder's phone number.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from oncallbot.web.pages import Pages, SignedIn


def create(pages: Pages) -> APIRouter:
    """The route /."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def show(reader: SignedIn = Depends(pages.signed_in)) -> Response:
        return pages.page("overview.html", reader, here="/", stamp=pages.watcher.stamp())

    return router
