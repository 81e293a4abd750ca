"""Does Twilio know us, is the account alive, and do its requests carry a signature that we accept?

It must not call, text or change anything: only questions are asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from oncallbot.app import twilio_credentials
from oncallbot.cli.doctor.findings import Check, Finding, fails, fine, not_known
from oncallbot.errors import Misconfigured, VendorError
from oncallbot.settings import Settings
from oncallbot.telephony.client import Account, Credentials, Telephone
from oncallbot.telephony.owned_numbers import OwnedNumber

_TOKEN, _SECOND, _KEY = "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_SECONDARY", "TWILIO_API_KEY_SID"
_COPY = "copy Account SID and Auth Token again from the console's first page"


@dataclass(frozen=True, slots=True)
class Seen:
    """What Twilio has told us. `numbers` is None when it could not be asked; `is_off` when we have no credentials."""

    findings: tuple[Finding, ...]
    vendor_time: datetime | None = None
    numbers: tuple[OwnedNumber, ...] | None = None
    is_off: bool = False


def examine(read: Settings, workers_use_it: bool, is_safe: bool) -> Seen:
    """Everything about the account. Unless `is_safe`, its address is not Twilio's, and gets no token of ours."""
    credentials = twilio_credentials(read)
    if credentials is None:
        return Seen((_off(workers_use_it),), is_off=not workers_use_it)
    if not is_safe:
        cure = "correct TWILIO_API_URL first"
        return Seen((not_known(Check.TWILIO_AUTH, "Twilio", "not asked: TWILIO_API_URL is refused", cure),))
    account, findings = _account(credentials, _TOKEN)
    second = None
    if read.twilio_auth_token_secondary is not None:
        other = replace(credentials, auth_token=read.twilio_auth_token_secondary.get_secret_value())
        second, more = _account(other, _SECOND)
        findings += more
    findings += _signatures(account, second)
    numbers, refusal = _numbers(credentials)
    if credentials.api_key_sid:
        findings.append(refusal or fine(Check.TWILIO_AUTH, _KEY, "signs our requests"))
    elif refusal and account:
        findings.append(refusal)
    return Seen(tuple(findings), account.vendor_time if account else None, numbers)


def _off(workers_use_it: bool) -> Finding:
    if workers_use_it:
        cure = "run doctor in the environment of the servers"
        return not_known(Check.TWILIO_AUTH, "Twilio", "the workers use it, but its variables are not set here", cure)
    cure = "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, unless that is meant"
    return not_known(Check.TWILIO_AUTH, "Twilio", "is off: no calls and no texts", cure)


def _account(credentials: Credentials, variable: str) -> tuple[Account | None, list[Finding]]:
    """Asked with the token itself: it signs Twilio's requests to us, and a Standard API key may not ask."""
    check = Check.TWILIO_AUTH
    try:
        account = Telephone(replace(credentials, api_key_sid=None, api_key_secret=None)).account()
    except VendorError as error:
        cure = _COPY if variable == _TOKEN else "leave it out, unless you are rotating tokens"
        return None, [fails(check, variable, str(error), _cure(error, cure))]
    if not account.is_active:
        cure = "ask Twilio's support, or use another account"
        return account, [fails(check, variable, f"the account is {account.status}", cure)]
    findings = [fine(check, variable, f"opens the account {account.name or account.sid}")]
    if account.is_trial and variable == _TOKEN:
        cure = "upgrade the account, or verify each responder's number in the console"
        findings.append(not_known(check, "trial", "a trial account reaches numbers only that you have verified", cure))
    return account, findings


def _signatures(account: Account | None, second: Account | None) -> list[Finding]:
    told = [one.is_our_token_primary for one in (account, second) if one is not None]
    if not told or True in told or None in told:
        return []
    detail = "Twilio signs its requests with another token, so that we would refuse every call"
    cure = "put the account's primary token here, and the other one into TWILIO_AUTH_TOKEN_SECONDARY"
    return [fails(Check.TWILIO_AUTH, _TOKEN, detail, cure)]


def _numbers(credentials: Credentials) -> tuple[tuple[OwnedNumber, ...] | None, Finding | None]:
    subject = _KEY if credentials.api_key_sid else _TOKEN
    try:
        return Telephone(credentials).owned_numbers(), None
    except VendorError as error:
        cure = _cure(error, "make a new API key in the console, and copy sid and secret")
        return None, fails(Check.TWILIO_AUTH, subject, str(error), cure)


def _cure(error: VendorError, wrong: str) -> str:
    if isinstance(error, Misconfigured):
        return wrong
    return "see that this machine reaches api.twilio.com by HTTPS, then try again"
