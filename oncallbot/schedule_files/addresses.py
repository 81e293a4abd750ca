"""How is a phone number, e-mail address, domain or Slack id written, and what is its one normal form?

Each reader raises `Misspelt` with a cure. It must not ask a vendor whether the address exists: `doctor` does.
"""

from __future__ import annotations

import re

from oncallbot.schedule_files.spelling import Misspelt

PHONE_PATTERN = r"^\s*\+[0-9 ()./\-\u00a0\u2010-\u2015]+$"
LANGUAGE_PATTERN = r"^\s*[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?\s*$"
_EMAIL = re.compile(r"[^@\s]+@([^@\s]+\.[^@\s.]+)")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
_SLACK_USER = re.compile(r"[UW][A-Z0-9]{6,20}")
_SLACK_CHANNEL = re.compile(r"[CGD][A-Z0-9]{6,20}")
_CHANNEL_NAME = re.compile(r"[^\sA-Z#@,.:;!?/]{1,80}")


def phone(text: str) -> str:
    """A number in international form, as E.164."""
    import phonenumbers

    written = text.strip()
    if not written.startswith("+"):
        example = f"+{written[2:].strip()}" if written.startswith("00") else "+49 30 23125 001"
        raise Misspelt(f"phone number {text!r} has no country code", f"start with + and the country: {example}")
    if re.search(r"\(\s*0\s*\)", written):
        raise Misspelt(f"phone number {text!r} contains (0)", "leave out the (0): nobody dials it after a country code")
    if not re.fullmatch(PHONE_PATTERN, written):
        raise Misspelt(f"phone number {text!r} contains something else", "write + and digits only, no extension")
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException as error:
        raise Misspelt(f"{text!r} is not a phone number", "write + country code number: +49 30 23125 001") from error
    # A number that only works within its area ("possible, local only") cannot be dialled from outside.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise Misspelt(f"phone number {text!r} has a wrong length for its country", "check its digits")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(text: str) -> str:
    """An e-mail address, its domain in small letters."""
    written = text.strip()
    found = _EMAIL.fullmatch(written)
    if found is None or not _DOMAIN.fullmatch(found[1].lower()):
        raise Misspelt(f"{text!r} is not an e-mail address", "write it like ana@example.com")
    return written[: found.start(1)] + found[1].lower()


def email_domain(text: str) -> str:
    """A domain in small letters; a leading @ is forgiven."""
    domain = text.strip().removeprefix("@").lower()
    if not _DOMAIN.fullmatch(domain):
        raise Misspelt(f"{text!r} is not an e-mail domain", "write what follows the @: acme.example")
    return domain


def slack_user(text: str) -> str:
    """A Slack user id, or the e-mail address of the Slack account."""
    written = text.strip()
    if _SLACK_USER.fullmatch(written):
        return written
    if "@" in written.strip("@"):
        return email(written)
    raise Misspelt(
        f"{text!r} is not a Slack user id",
        "write the member ID from the Slack profile (U0ANA00001) or an e-mail address",
    )


def slack_channel(text: str) -> str:
    """A channel id, or a channel's name; a leading # is forgiven."""
    written = text.strip().removeprefix("#")
    if _SLACK_CHANNEL.fullmatch(written) or _CHANNEL_NAME.fullmatch(written):
        return written
    raise Misspelt(f"{text!r} is not a Slack channel", "write its id (C0HELP0001) or its name, in small letters")


def language(text: str) -> str:
    """A language tag in its usual case: `de`, `pt-BR`."""
    written = text.strip()
    if not re.fullmatch(LANGUAGE_PATTERN, written):
        raise Misspelt(f"{text!r} is not a language", "write its code, for example en or de")
    main, _, region = written.replace("_", "-").partition("-")
    return f"{main.lower()}-{region.upper()}" if region else main.lower()
