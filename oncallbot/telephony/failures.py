"""Which of our errors is this one of Twilio's or of the wire? The only place that tells them apart.

It must not decide anything from an exception's text, nor let a phone number into a message that may be logged.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from twilio.http.response import Response  # type: ignore[import-untyped]
from urllib3.exceptions import MaxRetryError, NewConnectionError

from oncallbot.errors import Misconfigured, OutcomeUnknown, RateLimited, Refused, Unavailable, VendorError
from oncallbot.telephony import codes

_A_MOMENT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=5)  # a vendor's odd `Retry-After` must not silence a page
_PHONE = re.compile(r"\+?\d[\d\s().-]{5,}(?=\d{3}\b)")


def from_answer(answer: Response) -> VendorError:
    """The error for an answer that is not what we asked for: by status and code, whatever exception it became.

    5xx, with a body or without, may have been done: a proxy gives up on requests that the vendor goes on with.
    """
    status = int(answer.status_code)
    code, words = _code_and_words(answer.text)
    told = codes.meaning(code)
    message = _without_numbers(f"Twilio: HTTP {status}" + (f", {code}" if code else "") + (f": {told or words}"))
    if status == 429 or code in codes.RATE_LIMITED:
        return RateLimited(message, _retry_after(answer.headers), code or str(status))
    if codes.is_set_up(code) or status == 401 or 300 <= status < 400:
        return Misconfigured(message, code or str(status))
    if status == 408:
        return Unavailable(message, code or str(status))
    if 400 <= status < 500:
        return Refused(message, code or str(status))
    return OutcomeUnknown(message, code or str(status))


def from_wire(error: requests.RequestException) -> VendorError:
    """The error for a request that got no answer. Only what certainly never left is `Unavailable`."""
    kind = type(error).__name__
    match error:
        case requests.ConnectTimeout() | requests.exceptions.ProxyError():
            return Unavailable(f"Twilio: no connection ({kind})")
        case requests.exceptions.SSLError():
            if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
                return Unavailable("Twilio: its certificate is not trusted here")
            return OutcomeUnknown(f"Twilio: the connection broke ({kind})")
        case requests.ConnectionError():
            if any(isinstance(cause, NewConnectionError) for cause in _causes(error)):
                return Unavailable("Twilio: no connection (refused, or the name is unknown)")
            return OutcomeUnknown(f"Twilio: the connection broke ({kind})")
        case (
            requests.exceptions.InvalidURL()
            | requests.exceptions.MissingSchema()
            | requests.exceptions.InvalidSchema()
            | requests.exceptions.InvalidProxyURL()
        ):
            return Misconfigured(f"Twilio: its address is wrong ({kind})")
        case _:
            return OutcomeUnknown(f"Twilio: no usable answer ({kind})")


def unreadable(answer: Response | None) -> OutcomeUnknown:
    """The error for an answer that says "done" in words that we cannot read."""
    status = "no answer" if answer is None else f"HTTP {answer.status_code}"
    return OutcomeUnknown(f"Twilio: {status}, but not one that we can read")


def _causes(error: requests.RequestException) -> list[object]:
    """What urllib3 raised, and what it raised that for. `__context__` is left out: it may be somebody else's."""
    found: list[object] = []
    todo: list[object] = list(error.args)
    while todo and len(found) < 20:
        cause = todo.pop()
        if isinstance(cause, BaseException):
            found.append(cause)
            todo.extend(cause.args)
            todo.append(cause.__cause__)
        if isinstance(cause, MaxRetryError):
            todo.append(cause.reason)
    return found


def _code_and_words(body: str) -> tuple[str, str]:
    """Twilio's code ("" when it gave none) and message: both its old error format and RFC 9457."""
    try:
        payload: Any = json.loads(body)
    except ValueError:
        return "", ""
    if not isinstance(payload, dict):
        return "", ""
    words = payload.get("message") or payload.get("detail") or payload.get("title") or ""
    return str(payload.get("code") or ""), str(words)[:300]


def _retry_after(headers: Mapping[str, str] | None) -> timedelta:
    """Seconds or a date (counted from the answer's own `Date`), between a moment and five minutes."""
    asked = (headers or {}).get("Retry-After", "").strip()
    try:
        wait = timedelta(seconds=float(asked))
    except (ValueError, OverflowError):
        wait = _until(asked, (headers or {}).get("Date", ""))
    return min(max(wait, timedelta(seconds=1)), _LONGEST_WAIT)


def _until(asked: str, said_at: str) -> timedelta:
    try:
        return parsedate_to_datetime(asked) - parsedate_to_datetime(said_at)
    except (TypeError, ValueError):
        return _A_MOMENT


def _without_numbers(words: str) -> str:
    return _PHONE.sub("…", words)
