"""Which of our errors is this one of Slack's or of the wire? The only place that tells them apart.

It must not let words of an answer into a message that may be logged: only Slack's own error word.
"""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.error import URLError

from oncallbot.chat import codes
from oncallbot.errors import Misconfigured, OutcomeUnknown, RateLimited, Refused, Unavailable, VendorError

# What slack_sdk and urllib let escape, besides SlackClientError; OSError holds URLError, timeouts and resets.
OF_THE_WIRE = (OSError, http.client.HTTPException, ValueError, TypeError, KeyError, AttributeError, LookupError)

_A_MOMENT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=5)  # a vendor's odd `Retry-After` must not silence a page
_CODE = re.compile(r"[a-z][a-z0-9_]{1,79}")  # the SDK puts its own sentence here when the body is no JSON


def from_answer(status: int, word: object, headers: Mapping[str, str]) -> VendorError:
    """The error for an answer that is not "ok": by status and Slack's error word.

    5xx may have been done, and so may a 200 whose body cannot be read.
    """
    code = word if isinstance(word, str) and _CODE.fullmatch(word) else ""
    told = codes.meaning(code)
    message = f"Slack: HTTP {status}" + (f", {code}" if code else "") + (f": {told}" if told else "")
    if status == 429 or code in codes.RATE_LIMITED:
        return RateLimited(message, _retry_after(headers), code or str(status))
    if status >= 500 or code in codes.IN_DOUBT:
        return OutcomeUnknown(message, code or str(status))
    if status == 408 or code in codes.NOT_YET:
        return Unavailable(message, code or str(status))
    if codes.is_set_up(code) or 300 <= status < 400 or (status in (401, 403, 404) and not code):
        return Misconfigured(message, code or str(status))
    if code or 400 <= status < 500:
        return Refused(message, code or str(status))
    return OutcomeUnknown(f"{message}, but not an answer that we can read")


def from_wire(error: BaseException) -> VendorError:
    """The error for a request that got no answer. Only what certainly never left is `Unavailable`.

    urllib wraps what fails before the last byte was handed over (no name, no connection, no TLS) in URLError;
    what fails afterwards comes bare.
    """
    kind = type(error).__name__
    match error:
        case URLError(reason=ssl.SSLCertVerificationError()):
            return Unavailable("Slack: its certificate is not trusted here")
        case URLError(reason=OSError() as reason):
            return Unavailable(f"Slack: no connection ({type(reason).__name__})")
        case URLError() | http.client.InvalidURL():
            return Misconfigured(f"Slack: its address is wrong ({kind})")
        case ValueError() if (
            type(error) is ValueError
        ):  # urllib's, before anything leaves; what is unreadable has a kind
            return Misconfigured("Slack: its address is wrong")
        case OSError() | http.client.HTTPException():
            return OutcomeUnknown(f"Slack: the connection broke ({kind})")
        case _:
            return OutcomeUnknown(f"Slack: no usable answer ({kind})")


def unreadable() -> OutcomeUnknown:
    """The error for an answer that says "done" in words that we cannot read."""
    return OutcomeUnknown("Slack: done, but not in words that we can read")


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value, whatever its case; "" when it is absent."""
    return next((str(value) for key, value in headers.items() if key.lower() == name.lower()), "").strip()


def _retry_after(headers: Mapping[str, str]) -> timedelta:
    """Seconds or a date (counted from the answer's own `Date`), between a second and five minutes."""
    asked = header(headers, "Retry-After")
    try:
        wait = timedelta(seconds=float(asked))
    except (ValueError, OverflowError):
        wait = _until(asked, header(headers, "Date"))
    return min(max(wait, timedelta(seconds=1)), _LONGEST_WAIT)


def _until(asked: str, said_at: str) -> timedelta:
    try:
        return parsedate_to_datetime(asked) - parsedate_to_datetime(said_at)
    except (TypeError, ValueError):
        return _A_MOMENT
