"""What does the emulated Twilio remember about the account, numbers, calls, messages and recordings?

Must not act: records change in `exchange`, `conversation`, `dialling` and `messaging`.
"""

import time
import uuid
from dataclasses import dataclass, field

import httpx

from oncallbot.emulators.lines import Line

FINAL_CALL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
FINAL_MESSAGE = frozenset({"delivered", "undelivered", "failed", "received", "canceled", "read"})


def new_sid(prefix: str) -> str:
    return prefix + uuid.uuid4().hex


@dataclass(slots=True)
class Account:
    """What a customer of Twilio may change, or have changed for them, while everything runs."""

    auth_token: str
    secondary_token: str
    calls_per_second: float = 0.0
    concurrent_calls: int = 0
    no_calls_to: list[str] = field(default_factory=list)
    no_texts_to: list[str] = field(default_factory=list)
    transcription_after: float = 1.0
    status: str = "active"
    type: str = "Full"
    clock_skew: float = 0.0


@dataclass(slots=True)
class Number:
    """A number that the account owns."""

    phone_number: str
    sid: str = field(default_factory=lambda: new_sid("PN"))
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    voice_application_sid: str = ""
    sms_application_sid: str = ""
    trunk_sid: str = ""
    capabilities: dict[str, bool] = field(
        default_factory=lambda: {"voice": True, "sms": True, "mms": True, "fax": False}
    )
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)

    @property
    def answers_calls(self) -> str:
        """The URL that is asked about a call: none where a trunk or an application takes it (there are none here)."""
        return "" if self.trunk_sid or self.voice_application_sid else self.voice_url

    @property
    def answers_texts(self) -> str:
        """The URL that is asked about a text."""
        return "" if self.sms_application_sid else self.sms_url


@dataclass(slots=True)
class Call:
    to: str
    from_: str
    direction: str
    sid: str = field(default_factory=lambda: new_sid("CA"))
    status: str = "queued"
    parent_sid: str | None = None
    phone_number_sid: str | None = None
    url: str = ""
    method: str = "POST"
    twiml: str | None = None
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"
    status_events: frozenset[str] = frozenset({"completed"})
    sequence: int = 0
    ring_seconds: float = 60.0
    limit_seconds: float = 14400.0
    detect_machine: bool = False
    answered_by: str | None = None
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    started_at: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    duration: int | None = None
    sip_code: int | None = None
    line: Line | None = None
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    @property
    def is_over(self) -> bool:
        return self.status in FINAL_CALL


@dataclass(slots=True)
class Message:
    to: str
    from_: str
    body: str
    direction: str
    status: str
    sid: str = field(default_factory=lambda: new_sid("SM"))
    media: list[str] = field(default_factory=list)
    segments: int = 1
    status_callback: str = ""
    validity_seconds: int = 36000
    messaging_service_sid: str | None = None
    error_code: int | None = None
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    sent_at: float | None = None


@dataclass(slots=True)
class Recording:
    call_sid: str
    duration: int
    source: str
    text: str = ""
    channels: int = 1
    sid: str = field(default_factory=lambda: new_sid("RE"))
    status: str = "completed"
    started_at: float = field(default_factory=time.time)
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)


@dataclass(slots=True)
class Transcription:
    recording_sid: str
    text: str
    status: str
    duration: int
    sid: str = field(default_factory=lambda: new_sid("TR"))
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
