"""What does Twilio put into its webhooks about calls, recordings and messages?

Must not deliver them: the postman does.
"""

import time
from datetime import UTC, datetime
from email.utils import format_datetime

from oncallbot.emulators.settings import Settings
from oncallbot.emulators.twilio.errors import CALLBACK_ERRORS
from oncallbot.emulators.twilio.records import Call, Message, Recording, Transcription

API = "2010-04-01"
COUNTRIES = {
    "1": "US",
    "30": "GR",
    "31": "NL",
    "33": "FR",
    "34": "ES",
    "39": "IT",
    "41": "CH",
    "43": "AT",
    "44": "GB",
    "45": "DK",
    "46": "SE",
    "47": "NO",
    "48": "PL",
    "49": "DE",
    "61": "AU",
    "81": "JP",
    "90": "TR",
}
Params = dict[str, str]


def rfc2822(at: float | None) -> str | None:
    return None if at is None else format_datetime(datetime.fromtimestamp(at, UTC))


def country_of(number: str) -> str:
    digits = number.removeprefix("+")
    return next((COUNTRIES[digits[:n]] for n in (2, 1) if number.startswith("+") and digits[:n] in COUNTRIES), "")


def places(role: str, number: str) -> Params:
    return {role + part: "" for part in ("City", "State", "Zip")} | {role + "Country": country_of(number)}


def call_params(settings: Settings, call: Call, status: str | None = None) -> Params:
    """What every request about a call carries; blank values are sent blank."""
    params = {
        "CallSid": call.sid,
        "AccountSid": settings.account_sid,
        "From": call.from_,
        "To": call.to,
        "Caller": call.from_,
        "Called": call.to,
        "CallStatus": status or call.status,
        "Direction": call.direction,
        "ApiVersion": API,
    }
    for role, number in (("From", call.from_), ("Caller", call.from_), ("To", call.to), ("Called", call.to)):
        params |= places(role, number)
    if call.parent_sid:
        params["ParentCallSid"] = call.parent_sid
    if call.answered_by:
        params["AnsweredBy"] = call.answered_by
    return params


def call_event_params(settings: Settings, call: Call, event: str) -> Params:
    """`initiated` is the one event whose CallStatus is its own name, which the REST interface never shows."""
    params = call_params(settings, call, {"initiated": "initiated", "answered": "in-progress"}.get(event))
    params |= {
        "Timestamp": rfc2822(time.time()) or "",
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
    }
    if call.is_over:
        params |= {"CallDuration": str(call.duration or 0), "Duration": str(-(-(call.duration or 0) // 60))}
        params["SipResponseCode"] = str(call.sip_code or 200)
    return params


def recording_uri(settings: Settings, recording: Recording) -> str:
    return f"/{API}/Accounts/{settings.account_sid}/Recordings/{recording.sid}"


def recording_params(settings: Settings, base: str, recording: Recording, status: str) -> Params:
    params = {
        "AccountSid": settings.account_sid,
        "CallSid": recording.call_sid,
        "RecordingSid": recording.sid,
        "RecordingStatus": status,
        "RecordingSource": recording.source,
        "RecordingChannels": str(recording.channels),
        "RecordingStartTime": rfc2822(recording.started_at) or "",
        "RecordingTrack": "both",
        "ErrorCode": "0",
    }
    if status == "completed":
        params["RecordingUrl"] = base + recording_uri(settings, recording)
        params["RecordingDuration"] = str(recording.duration)
    return params


def transcription_params(settings: Settings, base: str, call: Call, made: Transcription) -> Params:
    root = f"{base}/{API}/Accounts/{settings.account_sid}"
    return call_params(settings, call) | {
        "TranscriptionSid": made.sid,
        "TranscriptionText": made.text,
        "TranscriptionStatus": made.status,
        "TranscriptionUrl": f"{root}/Transcriptions/{made.sid}",
        "TranscriptionType": "fast",
        "RecordingSid": made.recording_sid,
        "RecordingUrl": f"{root}/Recordings/{made.recording_sid}",
        "url": f"{root}/Transcriptions/{made.sid}",
    }


def message_status_params(settings: Settings, message: Message) -> Params:
    params = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "AccountSid": settings.account_sid,
        "From": message.from_,
        "To": message.to,
        "MessageStatus": message.status,
        "SmsStatus": message.status,
        "ApiVersion": API,
    }
    if message.messaging_service_sid:
        params["MessagingServiceSid"] = message.messaging_service_sid
    if message.error_code:
        params["ErrorCode"] = str(message.error_code)
        params["ErrorMessage"] = CALLBACK_ERRORS.get(message.error_code, "Unknown error")
    if message.status == "delivered":
        params["RawDlrDoneDate"] = time.strftime("%y%m%d%H%M", time.gmtime())
    return params


def inbound_message_params(settings: Settings, message: Message, opt_out: str | None) -> Params:
    params = {
        "ToCountry": country_of(message.to),
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsMessageSid": message.sid,
        "AccountSid": settings.account_sid,
        "From": message.from_,
        "To": message.to,
        "Body": message.body,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.segments),
        "SmsStatus": "received",
        "ApiVersion": API,
    }
    params |= places("From", message.from_) | places("To", message.to)
    for index, url in enumerate(message.media):
        params |= {f"MediaUrl{index}": url, f"MediaContentType{index}": "image/jpeg"}
    if opt_out:
        params["OptOutType"] = opt_out
    return params
