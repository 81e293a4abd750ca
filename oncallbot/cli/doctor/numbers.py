"""Does every hotline number lead its calls and texts to us, and to somebody else when we are down?

It must not change a number: `oncallbot twilio connect` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from oncallbot.cli.doctor import fallbacks
from oncallbot.cli.doctor.findings import Check, Finding, fails, fine, not_known
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.intake.number_webhooks import is_as, wanted
from oncallbot.oncall.people import Method, Responder
from oncallbot.telephony.client import Credentials
from oncallbot.telephony.owned_numbers import OwnedNumber

_CONNECT = "run oncallbot twilio connect"
_CHECKS = (Check.NUMBER_VOICE, Check.NUMBER_SMS, Check.NUMBER_FALLBACK)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What all of the following is about. `owned` is None when Twilio could not be asked."""

    rules: Rules
    public_url: str
    owned: tuple[OwnedNumber, ...] | None
    credentials: Credentials | None
    is_off: bool


def examine(numbers: Numbers) -> Iterator[Finding]:
    """Every number of every hotline, and numbers of the account that lead here without a hotline."""
    named = [(hotline, number) for hotline in numbers.rules.hotlines.values() for number in hotline.numbers]
    for hotline, number in named:
        yield from _number(numbers, hotline, number)
    if not named and not numbers.is_off:
        cure = "write the account's number into `numbers` of a hotline, and apply"
        yield fails(Check.NUMBER_VOICE, "hotlines", "no hotline has a number: nothing can ring or be called", cure)
    known = {number for _, number in named}
    for one in numbers.owned or ():
        leads_here = is_as(wanted(numbers.public_url, one).get("voice_url", "-"), one.voice_url)
        if one.number not in known and leads_here:
            cure = "write it into `numbers` of a hotline and apply, or point it elsewhere in Twilio's console"
            yield fails(Check.NUMBER_VOICE, one.number, "leads here, but no hotline has it: callers are refused", cure)


def _number(numbers: Numbers, hotline: Hotline, number: str) -> Iterator[Finding]:
    if numbers.owned is None:
        yield from _unseen(numbers, number)
        return
    one = next((owned for owned in numbers.owned if owned.number == number), None)
    if one is None:
        cure = "buy it, or correct `numbers` of the hotline, and apply"
        yield fails(Check.NUMBER_VOICE, number, f"the account does not own it (hotline {hotline.id})", cure)
        for check in _CHECKS[1:]:
            yield not_known(check, number, "the account does not own it", cure)
        return
    yield from _voice(numbers, one)
    yield from _sms(numbers, hotline, one)
    yield _fallback(numbers, hotline, one)


def _unseen(numbers: Numbers, number: str) -> Iterator[Finding]:
    if numbers.is_off:
        cure = "set Twilio's variables, or take the number out of the hotline"
        yield fails(Check.NUMBER_VOICE, number, "Twilio is off: nobody answers it", cure)
    for check in _CHECKS[1:] if numbers.is_off else _CHECKS:
        yield not_known(check, number, "Twilio was not asked", "see twilio_auth")


def _voice(numbers: Numbers, one: OwnedNumber) -> Iterator[Finding]:
    check = Check.NUMBER_VOICE
    if not one.has_voice:
        yield fails(check, one.number, "cannot be called, nor call", "buy a number with voice")
        return
    if one.calls_go_to:
        cure = "take that off the number in Twilio's console, then run oncallbot twilio connect"
        yield fails(check, one.number, f"{one.calls_go_to}, and we hear nothing", cure)
        return
    wrong = _wrong(numbers, one, ("voice_url", "status_callback"))
    yield fails(check, one.number, wrong, _CONNECT) if wrong else fine(check, one.number, "its calls come to us")


def _sms(numbers: Numbers, hotline: Hotline, one: OwnedNumber) -> Iterator[Finding]:
    check = Check.NUMBER_SMS
    if not one.has_sms:
        texted = [person.id for person in numbers.rules.responders.values() if person.phone and _is_texted(person)]
        if one.number == hotline.numbers[0] and texted:
            cure = "name a number that can text first in `numbers`, or take sms out of `notify`"
            yield fails(check, one.number, f"cannot text, but {', '.join(texted)} would be texted from it", cure)
        else:
            yield fine(check, one.number, "cannot text, and nobody is texted from it")
        return
    if one.texts_go_to:
        cure = "take that off the number in Twilio's console, then run oncallbot twilio connect"
        yield fails(check, one.number, f"{one.texts_go_to}, and we hear nothing", cure)
        return
    wrong = _wrong(numbers, one, ("sms_url",))
    yield fails(check, one.number, wrong, _CONNECT) if wrong else fine(check, one.number, "its texts come to us")
    if one.number.startswith("+1"):
        cure = "look in the console: Messaging, Regulatory compliance"
        yield not_known(check, one.number, "whether it is registered for texting (10DLC, toll-free) is not told", cure)


def _is_texted(person: Responder) -> bool:
    return any(rule.by is Method.SMS for rule in person.notify)


def _wrong(numbers: Numbers, one: OwnedNumber, urls: tuple[str, ...]) -> str:
    """What is not as it has to be, in words; "" when all is."""
    right = wanted(numbers.public_url, one)
    for url in urls:
        method = f"{url.removesuffix('_url')}_method"
        found = getattr(one, url)
        if not is_as(right[url], found):
            return f"its {url} is {found or 'empty'}, not {right[url].partition('#')[0]}"
        if getattr(one, method) != right[method]:
            return f"its {method} is {getattr(one, method) or 'empty'}, not POST"
    return ""


def _fallback(numbers: Numbers, hotline: Hotline, one: OwnedNumber) -> Finding:
    check = Check.NUMBER_FALLBACK
    own_host = urlsplit(numbers.public_url).hostname or ""
    found = fallbacks.look(one.voice_fallback_url, one.voice_fallback_method, own_host, numbers.credentials)
    if found.wrong:
        cure = found.cure
        if hotline.fallback_number is None:
            cure = f"set `fallback_number` of hotline {hotline.id} and apply; {cure}"
        return fails(check, one.number, found.wrong, cure)
    if found.doubt:
        return not_known(check, one.number, found.doubt, found.cure)
    if hotline.fallback_number is not None and hotline.fallback_number not in found.dials:
        cure = f"host what oncallbot twilio fallback {hotline.id} prints now"
        return fails(check, one.number, "its fallback rings another number than `fallback_number`", cure)
    if set(found.dials) & set(hotline.numbers):
        cure = "set `fallback_number` to a person's phone, apply, and host the new document"
        return fails(check, one.number, "its fallback rings the hotline itself", cure)
    return fine(check, one.number, "its fallback answers, and rings a person")
