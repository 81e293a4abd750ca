"""What can we ask of Twilio? Calls and texts out, what became of them, and the account's own state.

Synchronous and without retries: Twilio has no idempotency key, so a POST that is repeated rings twice. It must not
let an exception of twilio or requests escape: callers see `errors.VendorError` only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

import requests
from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from oncallbot.clock import seconds_running
from oncallbot.errors import Misconfigured, Refused, Unavailable
from oncallbot.telephony import codes, failures
from oncallbot.telephony.owned_numbers import OwnedNumber, from_twilio

Answered = TypeVar("Answered")

CALL_EVENTS = ("initiated", "ringing", "answered", "completed")
CALL_OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})

_IDLE_SECONDS = 20.0  # older connections may be dead without our knowing: a page would wait for the timeout
_MOST_FOUND = 200
_MOST_NUMBERS = 2_000
_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are at Twilio; an API key signs requests where it is given. `api_url` is another host, for emulators."""

    account_sid: str
    auth_token: str
    api_key_sid: str | None = None
    api_key_secret: str | None = None
    api_url: str | None = None

    def __repr__(self) -> str:
        return f"Credentials(account_sid={self.account_sid!r}, api_url={self.api_url!r})"


class EndedCall(StrEnum):
    """What came of ending a call."""

    CANCELED = "canceled"  # it was queued or ringing
    COMPLETED = "completed"  # it was answered, and we hung up
    LEFT_ALONE = "left_alone"  # it was answered, and nobody asked us to hang up
    ALREADY_OVER = "already_over"


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A call as Twilio lists it. `direction`: inbound, outbound-api or outbound-dial."""

    sid: str
    status: str
    created_at: datetime
    from_: str
    to: str
    direction: str


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text as Twilio lists it. `direction`: inbound, outbound-api or outbound-reply."""

    sid: str
    status: str
    created_at: datetime
    from_: str
    to: str
    body: str
    direction: str


@dataclass(frozen=True, slots=True)
class Account:
    """The account as Twilio sees it. `vendor_time` is its clock when it answered, to the second.

    Twilio signs its requests with the primary token only: is it the one that we have? None when Twilio did not say.
    """

    sid: str
    name: str
    status: str
    vendor_time: datetime | None
    is_trial: bool = False
    is_our_token_primary: bool | None = None

    @property
    def is_active(self) -> bool:
        return self.status == "active"


class _Wire(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's own HTTP client. It remembers the last answer (exceptions drop its headers) and drops old connections.

    It never repeats a request by itself, and never sends one over a connection that was idle for long.
    """

    def __init__(self, timeout: timedelta) -> None:
        super().__init__(timeout=timeout.total_seconds())
        self.answer: Response | None = None
        self._used_at = seconds_running()

    def request(self, *arguments: Any, **named: Any) -> Response:
        self.answer = None
        if seconds_running() - self._used_at > _IDLE_SECONDS:
            self.session.close()
        try:
            self.answer = super().request(*arguments, **named)
        finally:
            self._used_at = seconds_running()
        return self.answer


class Telephone:
    """Twilio's REST API for one thread: an instance must not be shared. Opens its connection with the first request."""

    def __init__(self, credentials: Credentials, timeout: timedelta = timedelta(seconds=6)) -> None:
        self._account_sid = credentials.account_sid
        self._auth_token = credentials.auth_token
        self._wire = _Wire(timeout)
        signs_with = (credentials.account_sid, credentials.auth_token)
        if credentials.api_key_sid:
            signs_with = (credentials.api_key_sid, credentials.api_key_secret or "")
        if not all((credentials.account_sid, *signs_with)):  # the client would ask without credentials
            raise Misconfigured("Twilio: the account sid and a token or API key are needed")
        self._client = Client(
            *signs_with,
            credentials.account_sid,
            http_client=self._wire,
            # Else the client reads TWILIO_REGION and TWILIO_EDGE, and rewrites an emulator's host with them.
            environment={"TWILIO_ACCOUNT_SID": credentials.account_sid},
        )
        if credentials.api_url:
            self._client.api.base_url = credentials.api_url.rstrip("/")

    def place_call(
        self, to: str, from_: str, url: str, status_callback: str, ring: timedelta = timedelta(seconds=25)
    ) -> str:
        """Ring `to` (E.164) and return the call's sid. Whoever answers hears what `url` says at that moment."""
        call = self._ask(
            lambda: self._client.calls.create(
                to=to,
                from_=from_,
                url=url,
                method="POST",
                status_callback=status_callback,
                status_callback_method="POST",
                status_callback_event=list(CALL_EVENTS),
                timeout=_whole_seconds(ring),
            )
        )
        return self._sid_of(call)

    def send_text(self, to: str, from_: str, body: str, status_callback: str, valid_for: timedelta) -> str:
        """Send a text and return its sid. Twilio drops it when it has not left within `valid_for` (1 s to 10 h)."""
        text = self._ask(
            lambda: self._client.messages.create(
                to=to,
                from_=from_,
                body=body,
                status_callback=status_callback,
                validity_period=min(_whole_seconds(valid_for), 36_000),
            )
        )
        return self._sid_of(text)

    def end_call(self, sid: str, *, even_if_answered: bool = False) -> EndedCall:
        """End a call that is queued or rings. One that was answered is left alone, unless `even_if_answered`.

        Safe to repeat after any error.
        """
        status = self._order(sid, "canceled")
        if status in CALL_OVER - {"canceled"}:
            return EndedCall.ALREADY_OVER
        if status != "in-progress":
            return EndedCall.CANCELED
        if not even_if_answered:
            return EndedCall.LEFT_ALONE
        status = self._order(sid, "completed")
        return EndedCall.COMPLETED if status in ("completed", "in-progress") else EndedCall.ALREADY_OVER

    def call_status(self, sid: str) -> str:
        """queued, ringing, in-progress, or one of `CALL_OVER`."""
        call = self._ask(lambda: self._client.calls(sid).fetch())
        return self._word(call.status)

    def find_call(self, to: str, from_: str | None, since: datetime) -> tuple[FoundCall, ...]:
        """The calls to `to` (and from `from_`) that Twilio learned of at `since` (UTC, whole seconds) or later, newest
        first.

        Not asked with `StartTime`: a queued call has none yet, and it may be the very call that we look for.
        """
        filters = {"to": to} | ({"from_": from_} if from_ else {})

        def ask() -> tuple[FoundCall, ...]:
            listed = self._client.calls.stream(**filters, limit=_MOST_FOUND, page_size=_MOST_FOUND)
            return tuple(
                FoundCall(
                    call.sid, str(call.status), call.date_created, call._from or "", call.to or "", call.direction
                )
                for call in islice(listed, _MOST_FOUND)
                if call.sid and call.date_created and call.date_created > since - _ONE_SECOND
            )

        return self._ask(ask)

    def find_text(self, to: str, from_: str | None, body: str | None, since: datetime) -> tuple[FoundText, ...]:
        """Like `find_call`, for texts; with `body` only those ending with it: trial accounts put words before."""
        filters = {"to": to} | ({"from_": from_} if from_ else {})

        def ask() -> tuple[FoundText, ...]:
            listed = self._client.messages.stream(**filters, limit=_MOST_FOUND, page_size=_MOST_FOUND)
            return tuple(
                FoundText(
                    text.sid,
                    str(text.status),
                    text.date_created,
                    text.from_ or "",
                    text.to or "",
                    text.body or "",
                    text.direction,
                )
                for text in islice(listed, _MOST_FOUND)
                if text.sid and text.date_created and text.date_created > since - _ONE_SECOND
            )

        found = self._ask(ask)
        return tuple(one for one in found if body is None or one.body.strip().endswith(body.strip()))

    def account(self) -> Account:
        """The account itself: proves the token, and brings Twilio's clock. Standard API keys may not ask for it."""
        account = self._ask(lambda: self._client.api.v2010.accounts(self._account_sid).fetch())
        return Account(
            self._account_sid,
            str(account.friendly_name or ""),
            self._word(account.status),
            self._vendor_time(),
            is_trial=str(account.type) == "Trial",
            is_our_token_primary=account.auth_token == self._auth_token if account.auth_token else None,
        )

    def owned_numbers(self) -> tuple[OwnedNumber, ...]:
        """Every number of the account."""
        return self._ask(
            lambda: tuple(
                from_twilio(one) for one in self._client.incoming_phone_numbers.list(limit=_MOST_NUMBERS, page_size=200)
            )
        )

    def change_number(self, sid: str, fields: Mapping[str, str]) -> OwnedNumber:
        """Put these values into the fields of that names (`OwnedNumber`'s); what it is then. Safe to repeat."""
        return self._ask(lambda: from_twilio(self._client.incoming_phone_numbers(sid).update(**fields)))

    def _order(self, sid: str, status: str) -> str:
        """Order a call into `status`; what it is in afterwards. 21220 means that it can no longer obey: ask."""
        try:
            return self._word(self._ask(lambda: self._client.calls(sid).update(status=status)).status)
        except Refused as refused:
            if refused.code != codes.CALL_NOT_IN_PROGRESS:
                raise
            found = self.call_status(sid)
            if found not in CALL_OVER and found != "in-progress":
                raise Unavailable("Twilio: the call cannot be ended yet", refused.code) from refused
            return found

    def _ask(self, request: Callable[[], Answered]) -> Answered:
        """Make one request and translate whatever goes wrong."""
        try:
            return request()
        except requests.RequestException as error:
            raise failures.from_wire(error) from error
        except TwilioException as error:
            answer = self._wire.answer
            if answer is None or answer.status_code < 300:
                raise failures.unreadable(answer) from error
            raise failures.from_answer(answer) from error
        except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
            # A 2xx whose body is no JSON, or other JSON than promised; a certificate file that is not there.
            raise failures.unreadable(self._wire.answer) from error

    def _sid_of(self, made: Any) -> str:
        return self._word(made.sid)

    def _word(self, word: Any) -> str:
        if not isinstance(word, str) or not word:
            raise failures.unreadable(self._wire.answer)
        return word

    def _vendor_time(self) -> datetime | None:
        headers = self._wire.answer.headers if self._wire.answer is not None else {}
        try:
            return parsedate_to_datetime(headers.get("Date", ""))
        except (TypeError, ValueError):
            return None


def _whole_seconds(length: timedelta) -> int:
    return max(1, int(length.total_seconds()))
