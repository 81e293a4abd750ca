"""What do our pages load? The style sheet, the script and the icon of the package, by names that change with them.

It must not serve anything that is not a file of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import resources

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from oncallbot.web import routes

_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


class StaticFiles:
    """The files of `web/static`, read once. `root` is the path of PUBLIC_URL, "" where it has none."""

    def __init__(self, root: str) -> None:
        self._root = root
        folder = resources.files("oncallbot.web").joinpath("static")
        self._files: Mapping[str, bytes] = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}

    def address(self, name: str) -> str:
        """Where a page finds this file; another address whenever its content is another."""
        digest = hashlib.sha256(self._files[name]).hexdigest()[:12]
        return f"{self._root}/static/{name}?v={digest}"

    def create(self) -> APIRouter:
        """The route /static/{name}. Signing in needs it, so it asks for no session."""
        router = routes.router()

        @router.get("/static/{name}")
        def serve(name: str) -> Response:
            if name not in self._files:
                raise HTTPException(404)
            return Response(self._files[name], media_type=_KINDS[name[name.rindex(".") :]], headers=_HEADERS)

        return router
