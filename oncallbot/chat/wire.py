"""How does a request reach Slack, and what does its answer mean when something goes wrong? For one thread.

It must not know any method. No exception of slack_sdk or urllib escapes: callers see `errors.VendorError` only.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, FixedValueRetryIntervalCalculator
from slack_sdk.web import SlackResponse

from oncallbot.chat import failures
from oncallbot.errors import Misconfigured

API_URL = WebClient.BASE_URL


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are at Slack. `api_url` is another host, for emulators and proxies."""

    token: str
    api_url: str = API_URL

    def __repr__(self) -> str:
        return f"Credentials(api_url={self.api_url!r})"


class Wire:
    """The way to Slack: what must not be repeated goes by `_once`, the rest by `_repeatable`."""

    def __init__(self, credentials: Credentials, timeout: timedelta) -> None:
        token = credentials.token
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise Misconfigured("Slack: a bot token is needed")
        self._timeout = timeout.total_seconds()
        # The SDK writes an ERROR line for each lost connection; whoever called us decides what is worth a line.
        self._log = logging.getLogger(f"{__name__}.sdk")
        self._log.setLevel(logging.CRITICAL)
        self._once = self._client(credentials)
        again = ConnectionErrorRetryHandler(interval_calculator=FixedValueRetryIntervalCalculator(0.1))
        self._repeatable = self._client(credentials, again)

    def _client(self, credentials: Credentials, *retry_handlers: ConnectionErrorRetryHandler) -> WebClient:
        client = WebClient(
            token=credentials.token,
            base_url=credentials.api_url,
            timeout=self._timeout,  # type: ignore[arg-type] # urllib takes fractions
            logger=self._log,
            retry_handlers=list(retry_handlers),
        )
        client.proxy = None  # the SDK takes it from the environment without looking at NO_PROXY; urllib looks
        return client

    def _pages(self, request: Callable[[str | None], SlackResponse], most: int) -> Iterator[SlackResponse]:
        """One page after the other. The SDK's own paging loses the error handling."""

        def pages() -> Iterator[SlackResponse]:
            cursor: str | None = None
            while cursor != "":
                answer = self._ask(lambda: request(cursor))  # noqa: B023 - asked before the cursor moves
                yield answer
                after = answer.get("response_metadata")
                cursor = str(after.get("next_cursor") or "") if isinstance(after, dict) else ""

        return islice(pages(), most)

    def _ask(self, request: Callable[[], SlackResponse]) -> SlackResponse:
        """Make one request and translate whatever goes wrong."""
        try:
            return request()
        except SlackApiError as error:
            response: SlackResponse = error.response
            word = response.data.get("error") if isinstance(response.data, dict) else None
            raise failures.from_answer(response.status_code, word, response.headers) from error
        except SlackClientError as error:
            raise Misconfigured("Slack: its address or our request is wrong") from error
        except failures.OF_THE_WIRE as error:
            raise failures.from_wire(error) from error

    def _check_response(self, status: int, body: str, headers: Mapping[str, str]) -> None:
        """Response URLs answer "ok", JSON, or an error word."""
        word: object = body.strip()
        try:
            said = json.loads(body)
        except ValueError:
            said = None
        if isinstance(said, dict):
            if status == 200 and said.get("ok") is True:
                return
            word = said.get("error")
        raise failures.from_answer(status, word, headers)
