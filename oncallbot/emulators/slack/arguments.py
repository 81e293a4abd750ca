"""What did a request say, in a form or in JSON?

Must not know any method: `methods` lists their arguments, the desks read them.
"""

import json
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from oncallbot.emulators.slack.errors import Refused
from oncallbot.emulators.slack.records import Json

TRUE = frozenset({"true", "1", "yes"})


class Arguments:
    """The named values of one request. A blank or null one counts as left out."""

    def __init__(self, given: Json) -> None:
        self.given = given

    def has(self, name: str) -> bool:
        return self.given.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        return self.text(name).lower() in TRUE if self.has(name) else default

    def number(self, name: str, default: int, most: int, error: str = "invalid_limit") -> int:
        text = self.text(name, str(default)) or str(default)
        if not text.lstrip("-").isdigit() or int(text) < 0:
            raise Refused(error, f"{name} must be a number from 0 to {most} [json-pointer:/{name}]")
        return min(int(text), most) or default

    def listed(self, name: str) -> list[str]:
        """A list, its JSON, or names between commas."""
        value = self.given.get(name)
        if isinstance(value, str) and value.startswith("["):
            value = _loaded(value, "invalid_arguments", name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def structured(self, name: str, error: str) -> Any:
        """An object or a list, as such or as its JSON; None if left out."""
        value = self.given.get(name)
        if isinstance(value, str) and value:
            return _loaded(value, error, name)
        return None if value in (None, "") else value


def _loaded(text: str, error: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise Refused(error, f"{name} is not JSON: {wrong}") from wrong


async def read(request: Request, takes_json: bool) -> tuple[Arguments, str]:
    """The arguments and the token. A method that takes no JSON does not see what a JSON body says."""
    given: Json = dict(parse_qsl(request.url.query, keep_blank_values=True))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    bearer, _, token = request.headers.get("authorization", "").partition(" ")
    if kind == "application/json":
        said = _object(body)
        given |= said if takes_json else {}
    elif kind in ("", "application/x-www-form-urlencoded"):
        given |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif body:
        raise Refused("invalid_form_data", f"content type {kind}")
    # A token in a JSON body is no token; in a form or query it is.
    in_form = str(given.pop("token", "")) if kind != "application/json" else ""
    return Arguments(given), token.strip() if bearer.lower() == "bearer" else in_form


def _object(body: bytes) -> Json:
    try:
        said = json.loads(body or b"{}")
    except ValueError as error:
        raise Refused("invalid_json", str(error)) from error
    if not isinstance(said, dict):
        raise Refused("json_not_object")
    said.pop("token", None)
    return said
