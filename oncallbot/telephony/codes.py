"""What does a Twilio error code mean for us: never again, mend the set-up, or come again later?

It must not raise: `client` makes errors of these, and the doors judge callbacks with them.
Source: https://www.twilio.com/docs/api/errors (checked 2026-10).
"""

from __future__ import annotations

# This request will never succeed. 30003, 30005 and 30006 come by callback only.
PERMANENT = {
    "21211": "not a valid number to call or text",
    "21214": "the number cannot be reached",
    "21217": "the number does not look valid",
    "21610": "the person has opted out of our texts",
    "21614": "not a mobile number",
    "30003": "the phone is unreachable or switched off",
    "30005": "unknown number: it may no longer exist",
    "30006": "a landline, or a carrier that cannot be reached",
}

# Nor will others like it: somebody must mend the account or the settings.
SET_UP = {
    "20003": "the credentials are wrong, or the account is suspended",
    "21210": "our number is not verified as a caller id",
    "21212": "our number is not a valid sender",
    "21215": "the account may not call this country",
    "21408": "the account may not text this country",
    "21606": "our number cannot send texts to this one",
    "30034": "our number is not registered for texting (A2P 10DLC)",
}

RATE_LIMITED = frozenset({"20429", "429"})

# "Call is not in-progress": it is over, or it cannot take this order any more.
CALL_NOT_IN_PROGRESS = "21220"

OPTED_OUT = "21610"


def is_set_up(code: str | int | None) -> bool:
    """Must somebody mend the account or the settings?"""
    return str(code) in SET_UP


def meaning(code: str | int | None) -> str:
    """The code in plain words; "" for one that we have no words for."""
    return PERMANENT.get(str(code)) or SET_UP.get(str(code), "")
