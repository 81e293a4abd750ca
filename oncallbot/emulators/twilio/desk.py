"""Who asks, about which account, and how is a refusal put into words?

Must not know any resource: `rest_*` do.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from oncallbot.emulators.twilio.errors import Refused
from oncallbot.emulators.twilio.exchange import Exchange
from oncallbot.emulators.twilio.parameters import credentials

Endpoint = Callable[[Request], Awaitable[Response]]


def check_access(exchange: Exchange, request: Request) -> None:
    """The account's sid with either token, or an API key with its secret; wrong or none is 20003."""
    settings, account = exchange.settings, exchange.account
    good = {
        (settings.account_sid, account.auth_token),
        (settings.account_sid, account.secondary_token),
        (settings.api_key_sid, settings.api_key_secret),
    }
    user, password = credentials(request)
    if not password or (user, password) not in good:
        raise Refused(20003)
    asked = request.path_params.get("account")
    if asked is not None and asked != settings.account_sid:
        raise Refused(20404, request.url.path)


def guarded(exchange: Exchange, endpoint: Endpoint) -> Endpoint:
    """Checks who asks, then answers; refusals become Twilio's envelope and, where it is their fault, violations."""

    async def answer(request: Request) -> Response:
        try:
            check_access(exchange, request)
            return await endpoint(request)
        except Refused as refused:
            return refuse(exchange, request, refused)

    return answer


def refuse(exchange: Exchange, request: Request, refused: Refused) -> Response:
    envelope = refused.envelope()
    request.state.code = refused.code
    if refused.is_violation:
        text = f"{request.method} {request.url.path}: {envelope['message']}"
        request.state.violation = text
        exchange.journal.violation(refused.code, text, resource=request.url.path)
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if refused.status == 401 else None
    return JSONResponse(envelope, refused.status, headers=headers)


def shown(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status)
