"""Slack's requests: all of them come here, signed, and are answered in a thread of the pool.

It must not understand anything itself: `chat` checks the signature and finds who listens.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from oncallbot.chat.manifest import PATH
from oncallbot.web import routes
from oncallbot.web.doors import Doors

MOST_BYTES = 1024 * 1024


def create(doors: Doors) -> APIRouter:
    """The route /slack/events."""
    router = routes.router()

    async def body_of(request: Request) -> bytes:
        size, parts = 0, []
        async for part in request.stream():
            size += len(part)
            if size > MOST_BYTES:
                raise HTTPException(413, "Slack sends less than 1 MB")
            parts.append(part)
        return b"".join(parts)

    @router.post(PATH)
    def arrives(request: Request, body: bytes = Depends(body_of)) -> Response:
        if doors.slack is None:
            raise HTTPException(503, "Slack is off")
        from oncallbot.chat.app import dispatch  # whoever connects no Slack does not load it

        answer = dispatch(doors.slack, body, request.headers)
        return Response(answer.body, answer.status, dict(answer.headers))

    return router
