"""How do the hotlines' numbers come to lead to us? Shows each field before and after, and changes it at Twilio.

It must not change anything unless all of it can be, nor replace a fallback that nobody has asked to replace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from oncallbot.app import twilio_credentials
from oncallbot.cli.desk import opened
from oncallbot.cli.doctor.environment import is_near
from oncallbot.cli.naming import NOTHING_APPLIED
from oncallbot.cli.output import FINE, NO, document, misuse, no, say, warn
from oncallbot.errors import Problem, VendorError
from oncallbot.intake.number_webhooks import wanted
from oncallbot.settings import Settings
from oncallbot.telephony.client import Telephone
from oncallbot.telephony.owned_numbers import OwnedNumber

_EMPTY = "(empty)"


@dataclass(frozen=True, slots=True)
class Change:
    """What a number of a hotline gets: the fields that differ, by Twilio's names."""

    hotline: str
    number: OwnedNumber
    fields: Mapping[str, str]

    def lines(self) -> Iterator[str]:
        """Each field before and after."""
        yield f"{self.number.number} ({self.hotline}){'' if self.fields else ': nothing to change'}"
        for name, value in self.fields.items():
            yield f"  {name}: {getattr(self.number, name) or _EMPTY} → {value}"

    def shown(self, *, is_done: bool) -> dict[str, Any]:
        """The same for programs."""
        changes = {name: {"before": getattr(self.number, name), "after": value} for name, value in self.fields.items()}
        return {"hotline": self.hotline, "number": self.number.number, "changes": changes, "applied": is_done}


def twilio_connect(fallback: str | None, *, is_dry: bool, as_json: bool) -> int:
    """Point every hotline's numbers at PUBLIC_URL. Dry: exit 1 when something would change."""
    with opened() as desk:
        settings, hotlines = desk.settings, desk.door.rules_now().hotlines
    _check_fallback(fallback, settings)
    problems = list(_set_up(settings))
    credentials = twilio_credentials(settings)
    if problems or credentials is None:
        raise no(*problems)
    telephone = Telephone(credentials)
    owned = {one.number: one for one in telephone.owned_numbers()}
    named = [(hotline.id, number) for hotline in hotlines.values() for number in hotline.numbers]
    problems = list(_numbers(named, owned))
    if problems:
        raise no(*problems)
    changes = [_change(hotline, owned[number], settings.public_url, fallback) for hotline, number in named]
    if is_dry:
        _tell(changes, (), as_json=as_json)
        return NO if any(one.fields for one in changes) else FINE
    return _carry_out(telephone, changes, as_json=as_json)


def _check_fallback(fallback: str | None, settings: Settings) -> None:
    if fallback is None:
        return
    parts = urlsplit(fallback)
    is_web = parts.scheme == "https" or (parts.scheme == "http" and settings.allow_emulators)
    if not is_web or not parts.hostname:
        raise misuse(Problem("--fallback", f"{fallback} is no https address", "write where the document is hosted"))
    if parts.hostname == urlsplit(settings.public_url).hostname:
        cure = "host the document on another machine"
        raise misuse(Problem("--fallback", "is on our own machine, which is down when it is needed", cure))


def _set_up(settings: Settings) -> Iterator[Problem]:
    if not settings.has_twilio:
        yield Problem("TWILIO_ACCOUNT_SID", "Twilio is off", "set Twilio's variables, as for the servers")
        return
    host = urlsplit(settings.public_url).hostname or ""
    if settings.allow_emulators:
        return
    if not settings.public_url.startswith("https://") or is_near(host):
        cure = "write how Twilio reaches us, for example https://oncall.example.com"
        yield Problem("PUBLIC_URL", f"{settings.public_url} is no address that Twilio reaches by https", cure)


def _numbers(named: Sequence[tuple[str, str]], owned: Mapping[str, OwnedNumber]) -> Iterator[Problem]:
    """What keeps a number from being connected: then none is."""
    if not named:
        yield Problem("hotlines", "none has a number", NOTHING_APPLIED)
    for hotline, number in named:
        one = owned.get(number)
        place = f"hotline {hotline}, {number}"
        if one is None:
            cure = "buy it, or correct `numbers` in the schedule files and apply"
            yield Problem(place, "the account does not own it", cure)
        elif one.calls_go_to or one.texts_go_to:
            cure = "take that off the number in Twilio's console: it would hide what we set"
            yield Problem(place, one.calls_go_to or one.texts_go_to, cure)


def _change(hotline: str, number: OwnedNumber, public_url: str, fallback: str | None) -> Change:
    fields = dict(wanted(public_url, number))
    if fallback is not None:  # files on other machines often answer GET only
        fields |= {"voice_fallback_url": fallback, "voice_fallback_method": "GET"}
    return Change(hotline, number, {name: to for name, to in fields.items() if getattr(number, name) != to})


def _carry_out(telephone: Telephone, changes: Sequence[Change], *, as_json: bool) -> int:
    done: list[Change] = []
    refused: list[Problem] = []
    for one in changes:
        try:
            if one.fields:
                telephone.change_number(one.number.sid, one.fields)
            done.append(one)
        except VendorError as error:
            refused.append(Problem(one.number.number, str(error), "run the command again: it is safe to repeat"))
    _tell(changes, done, as_json=as_json)
    warn(*refused)
    return NO if refused else FINE


def _tell(changes: Sequence[Change], done: Sequence[Change], *, as_json: bool) -> None:
    if as_json:
        document([one.shown(is_done=one in done and bool(one.fields)) for one in changes])
        return
    for one in changes:
        say(*one.lines())
        if not one.number.voice_fallback_url and "voice_fallback_url" not in one.fields:
            say("  It has no fallback yet: when our machine is down, callers hear an error. See twilio fallback.")
