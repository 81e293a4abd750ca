"""When is a route made ready? With its first request: a process starts sooner, and most routes wait long for theirs.

It must not be used for what `/docs` shows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Route
from starlette.types import Receive, Scope, Send


def router(prefix: str = "") -> APIRouter:
    """A router for one caller's routes, which programs do not read about in `/docs`."""
    # FastAPI would ask an APIRoute for all that it knows whenever it describes the others.
    return APIRouter(prefix=prefix, include_in_schema=False, route_class=cast(type[APIRoute], _LateRoute))


class _LateRoute(Route):
    """Knows its path and methods. Reading an endpoint's signature costs half a millisecond, and is put off."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, include_in_schema=False)
        self.methods = set(options["methods"])
        self._make = partial(APIRoute, path, endpoint, **options)
        self._ready: APIRoute | None = None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As FastAPI's own route. Requests come here in one thread, and making it ready waits for nothing."""
        if self._ready is None:
            self._ready = self._make()
        scope["route"] = self
        await self._ready.handle(scope, receive, send)
