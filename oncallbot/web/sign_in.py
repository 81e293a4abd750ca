"""How does a manager sign in and out? By Slack, or by a one-time link; looking at a link signs nobody in.

It must not decide who may: the engine does.
"""

from __future__ import annotations

import hmac
import logging
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from oncallbot.chat.manifest import SIGNED_IN_PATH
from oncallbot.engine.sign_in import Identity, Stranger
from oncallbot.errors import Refused, VendorError
from oncallbot.web import routes
from oncallbot.web.pages import PageRefused, Pages, SignedIn

if TYPE_CHECKING:
    from oncallbot.chat.openid import Attempt, Provider

log = logging.getLogger(__name__)

_ATTEMPT = "oncallbot-attempt"
_ATTEMPT_LIVES = 600  # seconds
_LINK_OVER = (
    "This link signs nobody in",
    "It was used before, or it is older than 15 minutes. Make a new one: oncallbot sign-in --as RESPONDER",
)
_STRANGERS = {
    Stranger.UNKNOWN: "Slack says who you are, but you are no responder here: you are not in the schedule files.",
    Stranger.OTHER_TEAM: "You are signed in to another Slack workspace than ours. Change the workspace and try again.",
    Stranger.NO_MANAGER: "These pages are for managers: a responder with manager: true in the schedule files.",
}


def create(pages: Pages) -> APIRouter:
    """The routes below /sign-in, and /sign-out."""
    router = routes.router()
    _add_slack(router, pages)

    @router.get("/sign-in")
    def ways(request: Request) -> Response:
        token = pages.token(request)
        if token and pages.sign_ins.current(token):
            return pages.go_on(request)
        return pages.page("sign_in.html", None, has_slack=pages.doors.openid is not None)

    @router.get("/sign-in/{link}")
    def look(link: str) -> Response:
        person = pages.sign_ins.link_is_for(link)
        if person is None:
            return pages.said(410, *_LINK_OVER)
        return pages.page("sign_in_link.html", None, name=person.name)

    @router.post("/sign-in/{link}", dependencies=[Depends(pages.own_form)])
    def use(link: str, request: Request) -> Response:
        token = pages.sign_ins.by_link(link, pages.token(request))
        if token is None:
            return pages.said(410, *_LINK_OVER)
        answer = pages.go_on(request)
        pages.keep(answer, token)
        return answer

    @router.post("/sign-out")
    def leave(request: Request, _reader: SignedIn = Depends(pages.signed_in_form)) -> Response:
        pages.sign_ins.end(pages.token(request) or "")
        answer = pages.go("/sign-in")
        pages.drop(answer)
        return answer

    return router


def _add_slack(router: APIRouter, pages: Pages) -> None:
    @router.get("/sign-in/slack")
    def begin() -> Response:
        from oncallbot.chat.openid import Attempt  # whoever signs in by links alone does not load it

        attempt = Attempt.new()
        try:
            address = _provider(pages).address(attempt, pages.doors.slack_team)
        except VendorError as error:
            raise _failed(error) from error
        answer = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
        _keep_attempt(pages, answer, attempt)
        return answer

    @router.get(SIGNED_IN_PATH)
    def come_back(request: Request, code: str = "", state: str = "", error: str = "") -> Response:
        provider, attempt = _provider(pages), _attempt(request.cookies.get(_attempt_cookie(pages), ""))
        if attempt is None or not hmac.compare_digest(attempt.state.encode(), state.encode()):
            raise PageRefused(400, "This attempt is over", "It took over 10 minutes, or began in another browser.")
        if error or not code:
            log.info("sign-in by Slack was broken off: %.40s", error)
            raise PageRefused(403, "You are not signed in", "It was broken off at Slack. You can try again.")
        try:
            said = provider.claims(code, attempt)
        except VendorError as failure:
            raise _failed(failure) from failure
        if provider.is_slack and not said.user_id:
            raise _failed(Refused("Slack's ID token names no user"))
        identity = Identity(said.team_id, said.user_id, said.email)
        token = pages.sign_ins.by_identity(identity, pages.token(request))
        if isinstance(token, Stranger):
            log.warning("sign-in by Slack was refused: %s", token.value)
            raise PageRefused(403, "You cannot sign in here", _STRANGERS[token])
        answer = pages.go_on(request)
        pages.keep(answer, token)
        answer.delete_cookie(_attempt_cookie(pages), secure=pages.is_https, httponly=True, samesite="lax")
        return answer


def _provider(pages: Pages) -> Provider:
    if pages.doors.openid is None:
        raise PageRefused(404, "Sign-in with Slack is off", "Use a link: oncallbot sign-in --as RESPONDER")
    return pages.doors.openid


def _failed(error: VendorError) -> PageRefused:
    """What went wrong goes to the log: it is nothing that the person can mend."""
    log.warning("sign-in by Slack failed: %s", error)
    if isinstance(error, Refused):
        return PageRefused(403, "You are not signed in", "Slack's answer could not be checked. Try again.")
    words = "Try again in a minute, or use a link: oncallbot sign-in --as RESPONDER"
    return PageRefused(503, "Slack cannot be reached", words)


def _attempt_cookie(pages: Pages) -> str:
    return f"__Host-{_ATTEMPT}" if pages.is_https else _ATTEMPT


def _keep_attempt(pages: Pages, answer: Response, attempt: Attempt) -> None:
    kept = f"{attempt.state}.{attempt.nonce}.{attempt.verifier}"
    # Lax: the way back from Slack is a link of another site, which Strict would not let bring it.
    name = _attempt_cookie(pages)
    answer.set_cookie(name, kept, _ATTEMPT_LIVES, secure=pages.is_https, httponly=True, samesite="lax")


def _attempt(kept: str) -> Attempt | None:
    parts = kept.split(".")
    if len(parts) != 3 or not all(parts):
        return None
    from oncallbot.chat.openid import Attempt

    return Attempt(*parts)
