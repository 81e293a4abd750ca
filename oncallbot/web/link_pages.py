"""What have the pages behind a text's signed link in common? One self-contained page, without scripts or a sign-in.

It must not act, nor be kept, framed or found: whoever holds such a link answers in somebody's name.
"""

from __future__ import annotations

from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, select_autoescape

_TEMPLATES = Environment(loader=PackageLoader("oncallbot.web", "templates"), autoescape=select_autoescape())
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
}


def page(template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page that extends page.html; `shown` is for its template, which escapes it."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(shown), status, headers=_HEADERS)


def said(status: int, title: str, words: str) -> HTMLResponse:
    """A page of one sentence."""
    return page("said.html", status, title=title, words=words)
