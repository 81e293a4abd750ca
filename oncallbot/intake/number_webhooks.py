"""Where does Twilio ask when somebody calls or texts a hotline's number? The fields of the number, as they have to be.

It must not say what happens when our machine is down: the fallback is another machine's, and a person's choice.
"""

from __future__ import annotations

from collections.abc import Mapping

from oncallbot.intake.call import ENDED, RETRIES
from oncallbot.telephony.owned_numbers import OwnedNumber

VOICE = "/twilio/voice"
SMS = "/twilio/sms"


def wanted(public_url: str, number: OwnedNumber) -> Mapping[str, str]:
    """Values by Twilio's names of the fields; only for what the number can do."""
    fields: dict[str, str] = {}
    if number.has_voice:
        fields |= {"voice_url": f"{public_url}{VOICE}{RETRIES}", "voice_method": "POST"}
        fields |= {"status_callback": f"{public_url}{ENDED}{RETRIES}", "status_callback_method": "POST"}
    if number.has_sms:
        fields |= {"sms_url": f"{public_url}{SMS}{RETRIES}", "sms_method": "POST"}
    return fields


def is_as(wanted_value: str, found: str) -> bool:
    """Does this value lead to us? The retry policy in the fragment is neither sent nor signed, and may be missing."""
    return found.partition("#")[0] == wanted_value.partition("#")[0]
