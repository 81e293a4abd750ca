"""Which page did somebody ask for, before we sent them to sign in? Kept by their own browser, in a cookie.

It must not lead to another site, whatever the cookie says.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import Response

HOME = "/"
_NAME = "oncallbot-asked"
_LIVES = 900  # seconds: as long as a sign-in link
# One slash, and no backslash, which browsers read as a second one: `//evil.example` would be another site. No white
# space or control characters either, which browsers drop before they look.
_OURS = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")
_NOT_BACK_TO = re.compile(r"/sign-(in|out)\b")


def remember(request: Request, *, is_https: bool) -> str | None:
    """The `Set-Cookie` header that keeps this page in mind; None for what nobody navigates to."""
    if request.method != "GET" or request.headers.get("sec-fetch-mode", "navigate") != "navigate":
        return None
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query = f"?{request.url.query}" if request.url.query else ""
    asked = _checked(raw.decode("latin-1") + query)
    kept = Response()
    kept.set_cookie(_name(is_https), quote(asked), _LIVES, path="/", secure=is_https, httponly=True, samesite="lax")
    return kept.headers["set-cookie"]


def remembered(request: Request, *, is_https: bool) -> str:
    """The path of that page, with its query; `/` when none is known, or what is known is no path of ours."""
    return _checked(unquote(request.cookies.get(_name(is_https), HOME)))


def forget(request: Request, response: Response, *, is_https: bool) -> None:
    """It was shown."""
    if _name(is_https) in request.cookies:
        response.delete_cookie(_name(is_https), path="/", secure=is_https, httponly=True, samesite="lax")


def _checked(path: str) -> str:
    return path if _OURS.fullmatch(path) and not _NOT_BACK_TO.match(path) else HOME


def _name(is_https: bool) -> str:
    return f"__Host-{_NAME}" if is_https else _NAME
