"""What did a request say, and is each parameter one that Twilio knows and would take?

Must not look at records: whether a number is owned or a call is over is for `rest_*`.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from oncallbot.emulators.twilio.errors import Refused

E164 = re.compile(r"\+[1-9]\d{6,14}")
ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}")


@dataclass(frozen=True, slots=True)
class Form:
    """Posted or queried pairs in their order; a name may repeat."""

    pairs: tuple[tuple[str, str], ...]

    def get(self, name: str, default: str = "") -> str:
        return next((value for given, value in reversed(self.pairs) if given == name), default)

    def all(self, name: str) -> list[str]:
        return [value for given, value in self.pairs if given == name]

    def has(self, name: str) -> bool:
        return any(given == name for given, _ in self.pairs)

    def allow(self, names: Iterable[str]) -> None:
        known = set(names)
        unknown = sorted({name for name, _ in self.pairs if name not in known})
        if unknown:
            raise Refused(20001, ", ".join(unknown))


async def posted(request: Request) -> Form:
    """A form in UTF-8; a repeated name is a list, as the official description says."""
    body = (await request.body()).decode("utf-8", "replace")
    return Form(tuple(parse_qsl(body, keep_blank_values=True)))


def queried(request: Request) -> Form:
    return Form(tuple(parse_qsl(request.url.query, keep_blank_values=True)))


def is_url(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)


def check_urls(form: Form, names: dict[str, int]) -> None:
    for name, code in names.items():
        if form.get(name) and not is_url(form.get(name)):
            raise Refused(code, form.get(name))


def check_methods(form: Form, names: Iterable[str], code: int = 21209) -> None:
    for name in names:
        if form.has(name) and form.get(name).upper() not in ("GET", "POST"):
            raise Refused(code, name)


def check_number(form: Form, name: str, least: int, most: int, code: int) -> int | None:
    text = form.get(name)
    if not text:
        return None
    if not text.isdigit() or not least <= int(text) <= most:
        raise Refused(code, text)
    return int(text)


def credentials(request: Request) -> tuple[str, str]:
    """User and password of HTTP basic authentication, blank where there are none."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(text).decode().partition(":")
    except ValueError:
        return "", ""
    return user, password
