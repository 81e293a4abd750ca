"""How much of a request do we read? Its body, up to a limit: strangers may post without end.

It must not understand what it reads.
"""

from __future__ import annotations

from fastapi import HTTPException, Request

MOST_BYTES = 64 * 1024


async def read_body(request: Request) -> bytes:
    """The whole body; an HTTP 413 for one of more than 64 KB, of which no more than that was read."""
    size = 0
    parts = []
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise HTTPException(413, "at most 64 KB are read")
        parts.append(part)
    return b"".join(parts)
