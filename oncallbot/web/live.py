"""How does a browser learn that its page is old? Server-sent events: only that something has changed, never what.

It must not hold a thread for each browser: here, and nowhere else, code waits on the event loop (decision 29).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from oncallbot.engine.watching import Watcher
from oncallbot.web import routes
from oncallbot.web.pages import Pages, SignedIn

STAYS = 300.0  # seconds: then the browser comes again by itself, and its session is looked at again
STILL_HERE = 15.0  # seconds: proxies end what is silent for long
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}


def create(pages: Pages) -> APIRouter:
    """The route /live."""
    router = routes.router()

    @router.get("/live")
    def live(_reader: SignedIn = Depends(pages.signed_in)) -> StreamingResponse:
        return StreamingResponse(_events(pages.watcher), media_type="text/event-stream", headers=_HEADERS)

    return router


async def _events(watcher: Watcher) -> AsyncIterator[str]:
    """The present stamp, then each new one."""
    loop = asyncio.get_running_loop()
    stamps: asyncio.Queue[str | None] = asyncio.Queue()

    def told(stamp: str | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and all browsers with it
            loop.call_soon_threadsafe(stamps.put_nowait, stamp)

    watcher.listen(told)
    ends = loop.time() + STAYS
    try:
        yield "retry: 2000\n\n"
        while (left := ends - loop.time()) > 0:
            try:
                stamp = await asyncio.wait_for(stamps.get(), min(STILL_HERE, left))
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if stamp is None:
                return
            yield f"data: {stamp}\n\n"
    finally:
        watcher.leave(told)
