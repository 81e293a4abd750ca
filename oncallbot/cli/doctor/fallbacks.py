"""Does a number's fallback ring a person when our machine is down? Fetched as Twilio would, and read.

It must not be content with an answer of our own host: that is what is down then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from oncallbot.cli.doctor.fetching import Fetched, fetch
from oncallbot.telephony.client import Credentials
from oncallbot.telephony.numbers import to_e164
from oncallbot.telephony.signature import signed

_BINS = "handler.twilio.com"  # TwiML Bins answer to a signature only
_LEADS_ON, _KEEPS = frozenset({301, 302, 303, 307, 308}), frozenset({307, 308})
_MOST_HOPS = 5
# Anything else is played, spoken letter by letter, or an error: https://www.twilio.com/docs/voice/twiml (2026-11).
_TWIML = frozenset({"text/xml", "application/xml", "text/html"})
_PRINT = "host what oncallbot twilio fallback prints, then run oncallbot twilio connect --fallback URL"


@dataclass(frozen=True, slots=True)
class Fallback:
    """`dials` are the numbers (E.164) that it rings. `wrong`: it rings nobody; `doubt`: only Twilio can see it."""

    dials: tuple[str, ...] = ()
    wrong: str = ""
    doubt: str = ""
    cure: str = ""


def look(url: str, method: str, own_host: str, credentials: Credentials | None) -> Fallback:
    """What stands there. `own_host` is PUBLIC_URL's."""
    if not url:
        return Fallback(wrong="has no fallback: when our machine is down, callers hear an error", cure=_PRINT)
    method = method or "POST"
    for _ in range(_MOST_HOPS):
        host = (urlsplit(url).hostname or "").lower()
        if host == own_host.lower():
            return Fallback(wrong="its fallback is on our own machine, which is down when it is needed", cure=_PRINT)
        address, headers = _as_twilio(url, host, credentials)
        answered = fetch(address, method, headers)
        if host == _BINS and answered.status in (401, 403):
            cure = "read it in the console, TwiML Bins; then call the hotline while oncallbot is stopped"
            return Fallback(doubt="its TwiML Bin does not show itself to us", cure=cure)
        if answered.status not in _LEADS_ON or not answered.location:
            return _read(answered, method)
        url, method = urljoin(address, answered.location), "GET" if answered.status not in _KEEPS else method
    return Fallback(wrong="its fallback leads from one address to the next", cure=_PRINT)


def _as_twilio(url: str, host: str, credentials: Credentials | None) -> tuple[str, Mapping[str, str]]:
    address = url.partition("#")[0]
    if host != _BINS or not address.startswith("https://") or credentials is None:
        return address, {}
    address += f"{'&' if '?' in address else '?'}AccountSid={credentials.account_sid}"
    return address, {"X-Twilio-Signature": signed(credentials.auth_token, address)}


def _read(answered: Fetched, method: str) -> Fallback:
    if answered.status is None:
        cure = "see that it answers from everywhere, or host it elsewhere"
        return Fallback(wrong=f"its fallback does not answer: {answered.trouble}", cure=cure)
    if answered.status != 200:
        cure = "let it answer 200 with the TwiML"
        if answered.status == 405:
            cure = "files often answer GET only: run oncallbot twilio connect --fallback URL, which asks with GET"
        return Fallback(wrong=f"its fallback answers {method} with HTTP {answered.status}", cure=cure)
    if answered.kind not in _TWIML:
        cure = "let it answer with the content type text/xml"
        return Fallback(wrong=f"its fallback is {answered.kind or 'of no type'}, for Twilio no TwiML", cure=cure)
    try:
        root = ElementTree.fromstring(answered.body)
    except ElementTree.ParseError:
        return Fallback(wrong="its fallback answers something that is no TwiML", cure=_PRINT)
    if root.tag != "Response":
        return Fallback(wrong="its fallback answers something that is no TwiML", cure=_PRINT)
    dials = [number for dial in root.iter("Dial") for number in (dial, *dial.iter("Number"))]
    numbers = [to_e164(number.text) for number in dials if number.text and number.text.strip()]
    found = tuple(number for number in numbers if number is not None)
    return Fallback(found) if found else Fallback(wrong="its fallback rings nobody", cure=_PRINT)
