"""Is this a number that we can call or text, and how is it written as E.164?

It must not guess: what may be fake is None, and nobody is ever called or texted at it.
"""

from __future__ import annotations

import re

import phonenumbers

# What a withheld number looks like at Twilio: words, or the words keyed on a dial pad.
_WITHHELD_WORDS = frozenset(
    {"anonymous", "restricted", "blocked", "unavailable", "unknown", "private", "withheld", "nobody", "null", "none"}
)
_WITHHELD_DIGITS = frozenset(
    {
        "266696687",  # ANONYMOUS
        "7378742833",  # RESTRICTED
        "2562533",  # BLOCKED
        "8656696",  # UNKNOWN
        "86282452253",  # UNAVAILABLE
    }
)
_NOT_A_PHONE = re.compile(r"^\s*(sips?|client|sim|whatsapp|messenger|rcs):", re.IGNORECASE)
_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)


def is_withheld(raw: str | None) -> bool:
    """Is there no number behind this? Also True for an empty one, and for SIP and app addresses."""
    word = (raw or "").strip().lower()
    if not word or word in _WITHHELD_WORDS or "@" in word or _NOT_A_PHONE.match(word):
        return True
    if re.search("[a-z]", word):
        return any(known in word for known in _WITHHELD_WORDS)
    digits = re.sub(r"\D", "", word, flags=re.ASCII)
    return not digits.strip("0") or digits in _WITHHELD_DIGITS


def to_e164(raw: str | None, region_hint: str | None = None) -> str | None:
    """`+493023125001` for any spelling of it; None when it is withheld or no possible number.

    Without `region_hint` (`DE`) only the international form is understood.
    """
    if raw is None or len(raw) > 60 or is_withheld(raw):
        return None
    if re.search("[A-Za-z]", raw):
        return None
    try:
        number = phonenumbers.parse(raw, region_hint.upper() if region_hint else None)
    except phonenumbers.NumberParseException:
        return None
    # "Possible", not "valid": numbers kept for fiction, and ranges newer than our tables, must ring too.
    if not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written if _E164.fullmatch(written) else None


def is_textable_shape(number: str | None) -> bool:
    """Could this receive a text? E.164, and not a withheld caller's stand-in; whether it is a mobile we cannot know."""
    return number is not None and _E164.fullmatch(number) is not None and not is_withheld(number)


def is_landline(number: str) -> bool:
    """Is this E.164 number surely no mobile phone's? Of many countries' numbers nobody can tell: then False."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
    return kind == phonenumbers.PhoneNumberType.FIXED_LINE


def region(number: str) -> str | None:
    """The country of an E.164 number (`DE`), as a hint for national ones; None when it has none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
