"""How does Twilio answer requests about the account, its numbers, recordings and transcriptions?

Must not invent audio: every recording is the same short silence, which is enough to be fetched.
"""

import io
import time
import wave

from fastapi import Request
from fastapi.responses import Response

from oncallbot.emulators.twilio import render
from oncallbot.emulators.twilio.desk import shown
from oncallbot.emulators.twilio.errors import Refused
from oncallbot.emulators.twilio.exchange import Exchange
from oncallbot.emulators.twilio.listing import PAGING, dated, page, within
from oncallbot.emulators.twilio.parameters import check_methods, check_urls, credentials, posted, queried
from oncallbot.emulators.twilio.records import Number, Recording

UPDATE = (
    "AccountSid ApiVersion FriendlyName SmsApplicationSid SmsFallbackMethod SmsFallbackUrl SmsMethod SmsUrl "
    "StatusCallback StatusCallbackMethod VoiceApplicationSid VoiceCallerIdLookup VoiceFallbackMethod VoiceFallbackUrl "
    "VoiceMethod VoiceUrl EmergencyStatus EmergencyAddressSid TrunkSid VoiceReceiveMode IdentitySid AddressSid "
    "BundleSid"
).split()
URLS = ("SmsFallbackUrl", "SmsUrl", "StatusCallback", "VoiceFallbackUrl", "VoiceUrl")
METHODS = ("SmsFallbackMethod", "SmsMethod", "StatusCallbackMethod", "VoiceFallbackMethod", "VoiceMethod")
FIELDS = {
    "FriendlyName": "friendly_name",
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "VoiceApplicationSid": "voice_application_sid",
    "SmsApplicationSid": "sms_application_sid",
    "TrunkSid": "trunk_sid",
}


def silence(seconds: float = 0.25) -> bytes:
    """A real WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return buffer.getvalue()


# One silent MPEG-1 layer III frame (128 kbit/s, 44.1 kHz) is 417 bytes; players take a few of them as a file.
SILENT_MP3 = (b"\xff\xfb\x90\x00" + b"\0" * 413) * 4


class AccountDesk:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.sid = exchange.settings.account_sid

    async def fetch(self, request: Request) -> Response:
        """Not for our API key, which is a Standard one: https://www.twilio.com/docs/iam/api-keys (checked 2026-11)."""
        if credentials(request)[0] == self.exchange.settings.api_key_sid:
            raise Refused(20003)
        return shown(render.account(self.sid, self.exchange.account))

    async def list_numbers(self, request: Request) -> Response:
        form = queried(request)
        form.allow(("Beta", "FriendlyName", "PhoneNumber", "Origin", *PAGING))
        wanted = form.get("PhoneNumber").replace("*", "")
        numbers = [
            number
            for number in reversed(self.exchange.numbers.values())
            if wanted in number.phone_number
            and (not form.get("FriendlyName") or form.get("FriendlyName") == number.friendly_name)
        ]
        show = lambda number: render.number(self.sid, number)  # noqa: E731
        return shown(page(request, form, "incoming_phone_numbers", numbers, lambda number: number.sid, show))

    def _number(self, request: Request) -> Number:
        sid = request.path_params["sid"]
        for number in self.exchange.numbers.values():
            if number.sid == sid:
                return number
        raise Refused(20404, request.url.path)

    async def fetch_number(self, request: Request) -> Response:
        return shown(render.number(self.sid, self._number(request)))

    async def update_number(self, request: Request) -> Response:
        number, form = self._number(request), await posted(request)
        form.allow(UPDATE)
        check_urls(form, dict.fromkeys(URLS, 21402))
        check_methods(form, METHODS, 21403)
        for name, field in FIELDS.items():
            if form.has(name):
                value = form.get(name)
                setattr(number, field, value.upper() if name.endswith("Method") else value)
        number.updated_at = time.time()
        self.exchange.journal.note("number", number=number.phone_number)
        return shown(render.number(self.sid, number))

    def _recording(self, sid: str, path: str) -> Recording:
        recording = self.exchange.recordings.get(sid)
        if recording is None:
            raise Refused(20404, path)
        return recording

    async def list_recordings(self, request: Request) -> Response:
        form = queried(request)
        of_call = request.path_params.get("call")
        names = (*dated("DateCreated"), *PAGING)
        form.allow(names if of_call else (*names, "CallSid", "ConferenceSid", "IncludeSoftDeleted"))
        if of_call and of_call not in self.exchange.calls:
            raise Refused(20404, request.url.path)
        call_sid = of_call or form.get("CallSid")
        recordings = [
            recording
            for recording in reversed(self.exchange.recordings.values())
            if (not call_sid or recording.call_sid == call_sid) and within(form, "DateCreated", recording.created_at)
        ]
        base = self.exchange.base_url
        show = lambda recording: render.recording(self.sid, base, recording, bool(of_call))  # noqa: E731
        return shown(page(request, form, "recordings", recordings, lambda recording: recording.sid, show))

    async def fetch_recording(self, request: Request) -> Response:
        """With .json the resource; with .wav, .mp3 or nothing the audio."""
        sid, _, kind = request.path_params["sid"].partition(".")
        recording = self._recording(sid, request.url.path)
        if kind == "json":
            return shown(render.recording(self.sid, self.exchange.base_url, recording))
        if kind == "mp3":
            return Response(SILENT_MP3, media_type="audio/mpeg")
        if kind in ("", "wav"):
            return Response(silence(), media_type="audio/x-wav")
        raise Refused(20404, request.url.path)

    async def delete_recording(self, request: Request) -> Response:
        sid = request.path_params["sid"].removesuffix(".json")
        del self.exchange.recordings[self._recording(sid, request.url.path).sid]
        return Response(status_code=204)

    async def fetch_transcription(self, request: Request) -> Response:
        found = self.exchange.transcriptions.get(request.path_params["sid"])
        if found is None:
            raise Refused(20404, request.url.path)
        return shown(render.transcription(self.sid, found))

    async def delete_transcription(self, request: Request) -> Response:
        if self.exchange.transcriptions.pop(request.path_params["sid"], None) is None:
            raise Refused(20404, request.url.path)
        return Response(status_code=204)
