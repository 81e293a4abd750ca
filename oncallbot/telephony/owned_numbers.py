"""What is a number that the account owns, and where does Twilio ask when somebody calls or texts it?

It must not ask Twilio: `client` does. Field by field as Twilio names them, blanks where Twilio says null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OwnedNumber:
    """One number (E.164). Where a trunk or an application is set, Twilio ignores the URLs beside it."""

    sid: str
    number: str
    has_voice: bool = False
    has_sms: bool = False
    voice_url: str = ""
    voice_method: str = ""
    voice_fallback_url: str = ""
    voice_fallback_method: str = ""
    sms_url: str = ""
    sms_method: str = ""
    status_callback: str = ""
    status_callback_method: str = ""
    voice_application_sid: str = ""
    sms_application_sid: str = ""
    trunk_sid: str = ""
    voice_receive_mode: str = ""

    @property
    def calls_go_to(self) -> str:
        """What takes its calls instead of the voice URL, in words; "" when the URL counts."""
        if self.trunk_sid:
            return "a SIP trunk takes its calls"
        if self.voice_application_sid:
            return "a TwiML application takes its calls"
        return "it receives faxes, not calls" if self.voice_receive_mode == "fax" else ""

    @property
    def texts_go_to(self) -> str:
        """What takes its texts instead of the SMS URL, in words; "" when the URL counts."""
        return "a TwiML application takes its texts" if self.sms_application_sid else ""


_WORDS = (
    "voice_url voice_method voice_fallback_url voice_fallback_method sms_url sms_method status_callback "
    "status_callback_method voice_application_sid sms_application_sid trunk_sid voice_receive_mode"
).split()


def from_twilio(record: Any) -> OwnedNumber:
    """Twilio's record of a number. Its capabilities are named in small letters, or (older accounts) in capitals."""
    able = {str(name).lower(): value is True for name, value in (record.capabilities or {}).items()}
    return OwnedNumber(
        record.sid,
        record.phone_number,
        able.get("voice", False),
        able.get("sms", False),
        **{word: str(getattr(record, word, None) or "") for word in _WORDS},
    )
