"""What does each resource look like in JSON?

Must not leave out an official field, even where it is always null here.
"""

from typing import Any

from oncallbot.emulators.twilio.callbacks import API, rfc2822
from oncallbot.emulators.twilio.errors import CALLBACK_ERRORS
from oncallbot.emulators.twilio.records import Account, Call, Message, Number, Recording, Transcription

Shown = dict[str, Any]


def root(account_sid: str) -> str:
    return f"/{API}/Accounts/{account_sid}"


def account(account_sid: str, record: Account) -> Shown:
    names = "calls messages recordings incoming_phone_numbers transcriptions"
    return {
        "sid": account_sid,
        "friendly_name": "Emulated account",
        "auth_token": record.auth_token,
        "owner_account_sid": account_sid,
        "status": record.status,
        "type": record.type,
        "date_created": "Thu, 01 Jan 2026 00:00:00 +0000",
        "date_updated": "Thu, 01 Jan 2026 00:00:00 +0000",
        "uri": root(account_sid) + ".json",
        "subresource_uris": {
            name: f"{root(account_sid)}/{''.join(part.title() for part in name.split('_'))}.json"
            for name in names.split()
        },
    }


def call(account_sid: str, record: Call) -> Shown:
    uri = f"{root(account_sid)}/Calls/{record.sid}"
    subresources = (
        "notifications recordings payments events siprec streams transcriptions "
        "user_defined_message_subscriptions user_defined_messages"
    )
    return {
        "sid": record.sid,
        "date_created": rfc2822(record.created_at),
        "date_updated": rfc2822(record.updated_at),
        "parent_call_sid": record.parent_sid,
        "account_sid": account_sid,
        "to": record.to,
        "to_formatted": record.to,
        "from": record.from_,
        "from_formatted": record.from_,
        "phone_number_sid": record.phone_number_sid,
        "status": record.status,
        "start_time": rfc2822(record.started_at),
        "end_time": rfc2822(record.ended_at),
        "duration": None if record.duration is None else str(record.duration),
        "price": None,
        "price_unit": "USD",
        "direction": record.direction,
        "answered_by": record.answered_by,
        "api_version": API,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": uri + ".json",
        "subresource_uris": {
            name: f"{uri}/{''.join(part.title() for part in name.split('_'))}.json" for name in subresources.split()
        },
    }


def message(account_sid: str, record: Message) -> Shown:
    uri = f"{root(account_sid)}/Messages/{record.sid}"
    return {
        "sid": record.sid,
        "account_sid": account_sid,
        "messaging_service_sid": record.messaging_service_sid,
        "body": record.body,
        "num_segments": str(record.segments),
        "num_media": str(len(record.media)),
        "direction": record.direction,
        "from": record.from_,
        "to": record.to,
        "status": record.status,
        "error_code": record.error_code,
        "error_message": CALLBACK_ERRORS.get(record.error_code, "Unknown error") if record.error_code else None,
        "price": None,
        "price_unit": "USD",
        "api_version": API,
        "date_created": rfc2822(record.created_at),
        "date_updated": rfc2822(record.updated_at),
        "date_sent": rfc2822(record.sent_at),
        "uri": uri + ".json",
        "subresource_uris": {"media": uri + "/Media.json"},
    }


def recording(account_sid: str, base_url: str, record: Recording, of_call: bool = False) -> Shown:
    uri = f"{root(account_sid)}/Recordings/{record.sid}"
    shown: Shown = {
        "sid": record.sid,
        "account_sid": account_sid,
        "api_version": API,
        "call_sid": record.call_sid,
        "conference_sid": None,
        "channels": record.channels,
        "source": record.source,
        "status": record.status,
        "duration": str(record.duration),
        "start_time": rfc2822(record.started_at),
        "date_created": rfc2822(record.created_at),
        "date_updated": rfc2822(record.updated_at),
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "encryption_details": None,
        "uri": uri + ".json",
    }
    if of_call:
        return shown | {"track": "both"}
    return shown | {
        "media_url": base_url + uri,
        "subresource_uris": {
            "add_on_results": uri + "/AddOnResults.json",
            "transcriptions": uri + "/Transcriptions.json",
        },
    }


def number(account_sid: str, record: Number) -> Shown:
    return {
        "sid": record.sid,
        "account_sid": account_sid,
        "phone_number": record.phone_number,
        "friendly_name": record.friendly_name,
        "capabilities": dict(record.capabilities),
        "voice_url": record.voice_url,
        "voice_method": record.voice_method,
        "voice_fallback_url": record.voice_fallback_url,
        "voice_fallback_method": record.voice_fallback_method,
        "voice_application_sid": record.voice_application_sid,
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
        "sms_url": record.sms_url,
        "sms_method": record.sms_method,
        "sms_fallback_url": record.sms_fallback_url,
        "sms_fallback_method": record.sms_fallback_method,
        "sms_application_sid": record.sms_application_sid,
        "status_callback": record.status_callback,
        "status_callback_method": record.status_callback_method,
        "address_requirements": "none",
        "address_sid": None,
        "identity_sid": None,
        "bundle_sid": None,
        "trunk_sid": record.trunk_sid or None,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "api_version": API,
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "type": None,
        "date_created": rfc2822(record.created_at),
        "date_updated": rfc2822(record.updated_at),
        "uri": f"{root(account_sid)}/IncomingPhoneNumbers/{record.sid}.json",
    }


def transcription(account_sid: str, record: Transcription) -> Shown:
    return {
        "sid": record.sid,
        "account_sid": account_sid,
        "api_version": API,
        "recording_sid": record.recording_sid,
        "status": record.status,
        "transcription_text": record.text,
        "type": "fast",
        "duration": str(record.duration),
        "price": None,
        "price_unit": "USD",
        "date_created": rfc2822(record.created_at),
        "date_updated": rfc2822(record.updated_at),
        "uri": f"{root(account_sid)}/Transcriptions/{record.sid}.json",
    }
