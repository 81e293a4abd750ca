"""Who asks Slack for what, may they, and how is a refusal put into words?

Must not do what a method does: the desks do.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from oncallbot.emulators.faults import Fault
from oncallbot.emulators.slack import chat, conversations, modals, people, responses
from oncallbot.emulators.slack.arguments import Arguments, read
from oncallbot.emulators.slack.errors import Refused
from oncallbot.emulators.slack.methods import METHODS, Method
from oncallbot.emulators.slack.records import Json
from oncallbot.emulators.slack.service import Slack

PREFIX, HOOKS = "/api/", "/hooks/"
HANDLERS: Mapping[str, Callable[[Slack, Arguments], Json]] = {
    **chat.HANDLERS,
    **conversations.HANDLERS,
    **people.HANDLERS,
    **modals.HANDLERS,
}


def routes(slack: Slack) -> list[Route]:
    async def call(request: Request) -> Response:
        return await answer(slack, request, request.path_params["method"])

    async def respond(request: Request) -> Response:
        try:
            await responses.take(slack, request)
        except Refused as refused:
            _write_down(slack, request, "response_url", refused)
            status = 429 if refused.error == "ratelimited" else 404
            return JSONResponse(refused.envelope(), status)
        return PlainTextResponse("ok")

    return [
        Route(PREFIX + "{method:path}", call, methods=["GET", "POST"]),
        Route(HOOKS + "{rest:path}", respond, methods=["GET", "POST"]),
    ]


async def answer(slack: Slack, request: Request, name: str) -> Response:
    """Slack answers 200 whatever happens, but for those who are too fast."""
    workspace = slack.workspace
    headers = {"X-OAuth-Scopes": ",".join(workspace.app.scopes)}
    status, said = 200, {}
    try:
        method = METHODS.get(name)
        if method is None:
            raise Refused("unknown_method", about=name, req_method=name)
        headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        args, token = await read(request, method.json)
        check_access(slack, name, method, token)
        check_arguments(slack, name, method, args)
        if seconds := workspace.meter.wait(name, method.tier, args.text("channel"), time.monotonic()):
            headers["Retry-After"], status = str(seconds), 429
            raise Refused("ratelimited", about=f"{name} {args.text('channel')}")
        said = HANDLERS[name](slack, args)
    except Refused as refused:
        _write_down(slack, request, name, refused)
        said = refused.envelope()
    return JSONResponse({"ok": True} | said, status, headers=headers)


def _write_down(slack: Slack, request: Request, name: str, refused: Refused) -> None:
    request.state.code = refused.error
    if refused.is_violation:
        text = f"{name}: {refused.error}" + (f": {refused.about}" if refused.about else "")
        request.state.violation = text
        slack.workspace.violation(refused.error, text, of=refused.kind, method=name)


def check_access(slack: Slack, name: str, method: Method, token: str) -> None:
    app = slack.workspace.app
    if name == "api.test":
        return
    if not token:
        raise Refused("not_authed")
    if token != app.token:
        raise Refused("invalid_auth")
    if app.is_inactive:
        raise Refused("account_inactive")
    if method.scopes and not set(method.scopes) & set(app.scopes):
        needed = ",".join(method.scopes)
        raise Refused("missing_scope", about=needed, needed=needed, provided=",".join(app.scopes))


def check_arguments(slack: Slack, name: str, method: Method, args: Arguments) -> None:
    """Slack overlooks an argument that it does not know; here it is written down, since it never did anything."""
    given = set(args.given)
    # `team_id` is added to every call by Slack's own Bolt.
    unknown = given - method.arguments - {"team_id"} if name != "api.test" else set()
    if slack.official and name != "api.test":
        unknown |= slack.official.unknown_arguments(name, given - {"team_id"})
    if unknown:
        text = f"{name}: unknown arguments {', '.join(sorted(unknown))}"
        slack.workspace.violation("unknown_arguments", text, method=name)
    # An empty topic clears it, and an empty list of users is refused in its own words.
    lenient = {"conversations.setTopic": {"topic"}, "usergroups.users.update": {"users"}}.get(name, set())
    missing = [each for each in method.required if not (args.has(each) or (each in lenient and each in given))]
    if missing:
        raise Refused("invalid_arguments", *(f"missing required field: {each}" for each in missing))


def refuse_by_fault(fault: Fault) -> Response:
    """429, 500 or 503 as Slack words them. A fault may name its own `error`, answered with 200 unless it says more."""
    error = (
        fault.error
        or {"http_429": "ratelimited", "http_500": "internal_error", "down": "service_unavailable"}[fault.kind]
    )
    usual = {"http_429": 429, "http_500": 500, "down": 503}[fault.kind]
    status = fault.status or (200 if fault.error else usual)
    headers: dict[str, Any] = {}
    if status == 429:
        headers["Retry-After"] = str(int(fault.seconds if fault.seconds is not None else 1))
    return JSONResponse({"ok": False, "error": error}, status, headers=headers)
