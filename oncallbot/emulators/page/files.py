"""Which files make up the demo page, and how are they served? `static/` is the page: plain HTML, CSS and modules.

Must not say anything about a night: the page asks `/sim`, as a test does.
"""

from importlib import resources

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
# Only files of our own, and nobody else's frame around it. Styles are set by script (the length of a bar).
POLICY = "default-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}


def router() -> APIRouter:
    made = APIRouter(include_in_schema=False)

    @made.get("/")
    async def show_page() -> Response:
        return _file("page.html")

    @made.get("/page/{name}")
    async def show_file(name: str) -> Response:
        return _file(name)

    return made


def _file(name: str) -> Response:
    """Only what lies in `static/` itself, and only of the known kinds."""
    kind = KINDS.get(name.rpartition(".")[2])
    files = {
        each.name: each
        for each in resources.files("oncallbot.emulators.page").joinpath("static").iterdir()
        if each.is_file()
    }
    if kind is None or name not in files:
        raise HTTPException(404, f"the page has no file {name}")
    return Response(files[name].read_bytes(), media_type=kind, headers=HEADERS)
