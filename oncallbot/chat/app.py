"""What does a request from Slack get for an answer? The one Bolt app, and `dispatch` for the web server's threads.

It must not call Slack, neither at start nor while it answers, and it listens to nothing: `channels` and `intake` do.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient

__all__ = ["Ack", "Answer", "App", "create", "dispatch"]  # Bolt's own two for those who register listeners

log = logging.getLogger(__name__)

# What Bolt may see. Its own x-slack-bolt-lazy-… headers are not signed: with them a stranger could skip listeners.
_KEPT = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")
_LONGEST_TIMESTAMP = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: str


def create(
    *, signing_secret: str, token: str, team_id: str, bot_id: str, bot_user_id: str, api_url: str = WebClient.BASE_URL
) -> App:
    """The Bolt app. Listeners run in the thread that dispatches, and acknowledge last: a failure must be a 500.

    Nobody is looked up: whoever it is, we are the bot of the settings.
    """
    fixed = AuthorizeResult(
        enterprise_id=None, team_id=team_id, bot_token=token, bot_id=bot_id, bot_user_id=bot_user_id
    )

    def authorize() -> AuthorizeResult:
        return fixed

    # Bolt writes whole bodies into INFO lines, and warns of what is meant here.
    quiet = logging.getLogger(f"{__name__}.bolt")
    quiet.setLevel(logging.ERROR)
    app = App(
        name=quiet.name,  # Bolt gives the logger of this name the level of `logger`: never to ours
        logger=quiet,
        signing_secret=signing_secret,
        client=WebClient(base_url=api_url, timeout=2, retry_handlers=[], logger=quiet),
        authorize=authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(_failed)
    return app


def dispatch(app: App, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Answer one request in this thread; as many at once as there are threads.

    401 without effect for a wrong or old signature (its age is real time), 400 for what is signed but no request,
    404 for what nobody listens to (events: 200, else Slack sends them again), 500 when a listener failed.
    """
    try:
        request = BoltRequest(body=body.decode("utf-8", "replace"), headers=_headers(headers))
        response = app.dispatch(request)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        # Bolt's own reading of the body; what a listener raises has gone through `_failed`.
        log.warning("slack request cannot be read: %s", type(error).__name__)
        return Answer(400, {"content-type": "text/plain;charset=utf-8"}, "not a request of Slack's")
    return Answer(response.status, response.first_headers_without_set_cookie(), response.body or "")


def _headers(headers: Mapping[str, str]) -> dict[str, str | Sequence[str]]:
    """The headers that count; a signature or timestamp that cannot be one is left out, and so refused."""
    given = {name.lower(): value for name, value in headers.items()}
    kept: dict[str, str | Sequence[str]] = {name: given[name] for name in _KEPT if name in given}
    timestamp = given.get("x-slack-request-timestamp", "")
    if timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _LONGEST_TIMESTAMP:
        kept["x-slack-request-timestamp"] = timestamp
    signature = given.get("x-slack-signature", "")
    if signature.isascii():
        kept["x-slack-signature"] = signature
    return kept


def _failed(error: Exception, request: BoltRequest) -> BoltResponse:
    """A listener raised, or nobody listens."""
    kind = _kind(request)
    if isinstance(error, BoltUnhandledRequestError):
        log.info("slack request=%s: nobody listens to it", kind)
        return BoltResponse(status=200 if kind == "event_callback" else 404)
    log.error("slack request=%s failed: Slack sends events again, people see an error", kind, exc_info=error)
    return BoltResponse(status=500)


def _kind(request: BoltRequest) -> str:
    return str(request.body.get("type") or request.body.get("command") or "unknown")[:40]
