"""What do Gather and Record hear, and what follows from it?

Must not perform other verbs; an empty Gather or Record means that the next verb follows.
"""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urljoin

from oncallbot.emulators.lines import HungUp, Interrupted, Key, Speech
from oncallbot.emulators.twilio import callbacks
from oncallbot.emulators.twilio.conversation import Conversation, Next, Source
from oncallbot.emulators.twilio.records import Call, Recording, Transcription
from oncallbot.emulators.twilio.twiml import Verb


@dataclass(slots=True)
class Heard:
    digits: str = ""
    speech: str = ""
    finished_on: str = ""


async def gather(talk: Conversation, verb: Verb) -> Next:
    """No input falls through to the next verb; hanging up calls no action (Interrupted passes by)."""
    talk.line.flush()
    talk.line.wait_for("gather")
    try:
        heard = await _listen(talk, verb)
    finally:
        talk.line.wait_for("none")
    action, method = verb.get("action"), verb.get("method", "POST")
    if heard.speech:
        extra = {"SpeechResult": heard.speech, "Confidence": "0.9"}
    elif heard.digits or verb.flag("actionOnEmptyResult"):
        extra = {"Digits": heard.digits, "FinishedOnKey": heard.finished_on, "msg": "Gather End"}
    else:
        return None
    return talk.source(action, method, extra, "action")


async def _listen(talk: Conversation, verb: Verb) -> Heard:
    settings, heard = talk.exchange.settings, Heard()
    wanted = int(verb.number("numDigits", 1000))
    finish = verb.get("finishOnKey", "#")
    inputs = verb.get("input", "dtmf").split()
    timeout = verb.get("timeout", "5")
    silence = settings.real(5.0 if timeout == "auto" else float(timeout))
    key = await _prompts(talk, verb, inputs)
    while True:
        signal = key or await talk.line.next(silence)
        key = None
        match signal:
            case None:
                return heard
            case Key(digit=digit) if "dtmf" in inputs:
                if digit == finish:
                    heard.finished_on = digit
                    return heard
                heard.digits += digit
                if len(heard.digits) >= wanted:
                    return heard
            case Speech(text=text) if "speech" in inputs and text:
                heard.speech = text
                return heard
            case _:
                pass


async def _prompts(talk: Conversation, verb: Verb, inputs: list[str]) -> Key | Speech | None:
    """Plays the nested prompts until somebody presses or speaks."""
    for child in verb.children:
        for _ in range(int(child.number("loop", 1)) or 100):
            if child.name != "Pause":
                talk.line.hear(talk.spoken(child))
            pause = talk.exchange.settings.real(child.number("length", 1))
            deadline = time.monotonic() + (pause if child.name == "Pause" else talk.duration(child))
            while (left := deadline - time.monotonic()) > 0:
                signal = await talk.line.next(left)
                if (isinstance(signal, Key) and "dtmf" in inputs) or (
                    isinstance(signal, Speech) and "speech" in inputs
                ):
                    return signal
    return None


async def record(talk: Conversation, verb: Verb) -> Next:
    """An empty recording calls no action; hanging up during a non-empty one calls it with Digits=hangup."""
    line, settings = talk.line, talk.exchange.settings
    line.flush()
    if verb.flag("playBeep", True):
        line.hear("[beep]")
    making = _Making(talk, verb)
    making.tell("in-progress")
    line.wait_for("record")
    key, interrupted = "", None
    try:
        key = await making.listen(settings.real(verb.number("timeout", 5)))
    except Interrupted as caught:
        interrupted = caught
    line.wait_for("none")
    if not making.texts:
        making.tell("absent")
        if interrupted:
            raise interrupted
        return None
    recording = making.keep()
    hung_up = interrupted is not None and isinstance(interrupted.signal, HungUp)
    extra = {
        "RecordingUrl": talk.exchange.base_url + callbacks.recording_uri(settings, recording),
        "RecordingSid": recording.sid,
        "RecordingDuration": str(recording.duration),
        "Digits": "hangup" if hung_up else key,
    }
    following = talk.source(verb.get("action"), verb.get("method", "POST"), extra, "action")
    if interrupted is None:
        return following
    if hung_up:
        await last_word(talk, following)
    raise interrupted


async def last_word(talk: Conversation, source: Next) -> None:
    """Requests an action although the caller has gone: CallStatus=completed, the answer is not performed."""
    if isinstance(source, Source):
        params = callbacks.call_params(talk.exchange.settings, talk.call, "completed") | source.extra
        await talk.exchange.ask(source.purpose, source.url, source.method, params, talk.call)


class _Making:
    """A recording while it is being made."""

    def __init__(self, talk: Conversation, verb: Verb) -> None:
        self.talk, self.verb = talk, verb
        self.texts: list[str] = []
        self.seconds = 0.0
        self.transcription = "completed"
        self.recording = Recording(talk.call.sid, 0, "RecordVerb")

    async def listen(self, silence: float) -> str:
        """Until silence, the key that ends it (which it returns), or the longest length."""
        longest = self.verb.number("maxLength", 3600)
        finish = self.verb.get("finishOnKey", "1234567890*#")
        began, real = time.monotonic(), self.talk.exchange.settings.real
        while True:
            left = real(longest) - (time.monotonic() - began)
            signal = await self.talk.line.next(max(min(silence, left), 0.001))
            match signal:
                case None:
                    return ""
                case Key(digit=digit) if digit in finish:
                    return digit
                case Speech(text=text, seconds=seconds, transcription=transcription) if seconds > 0:
                    self.texts.append(text)
                    self.seconds += seconds
                    self.transcription = transcription
                    if self.seconds >= longest:
                        self.seconds = longest
                        return ""
                case _:
                    pass

    def keep(self) -> Recording:
        exchange, made = self.talk.exchange, self.recording
        made.duration, made.text = max(1, round(self.seconds)), " ".join(self.texts)
        made.updated_at = time.time()
        exchange.recordings[made.sid] = made
        exchange.journal.note("recording", sid=made.sid, call=made.call_sid, text=made.text)
        self.tell("completed")
        if self.verb.flag("transcribe") or "transcribeCallback" in self.verb.attributes:
            exchange.start(transcribe(self.talk, self.verb, made, self.transcription))
        return made

    def tell(self, status: str) -> None:
        url = self.verb.get("recordingStatusCallback")
        if url and status in self.verb.get("recordingStatusCallbackEvent", "completed").split():
            exchange = self.talk.exchange
            params = callbacks.recording_params(exchange.settings, exchange.base_url, self.recording, status)
            method = self.verb.get("recordingStatusCallbackMethod", "POST")
            exchange.tell("recording", "Recordings", self.recording.sid, urljoin(self.talk.base, url), method, params)


async def transcribe(talk: Conversation, verb: Verb, made: Recording, outcome: str) -> None:
    """Comes late, fails, or not at all; under 2 s or over 120 s it always fails."""
    exchange = talk.exchange
    if outcome == "never":
        return
    await asyncio.sleep(exchange.settings.real(exchange.account.transcription_after))
    failed = outcome == "failed" or not 2 <= made.duration <= 120
    result = Transcription(made.sid, "" if failed else made.text, "failed" if failed else "completed", made.duration)
    exchange.transcriptions[result.sid] = result
    exchange.journal.note("transcription", sid=result.sid, status=result.status)
    url = verb.get("transcribeCallback")
    if url:
        call: Call = talk.call
        params = callbacks.transcription_params(exchange.settings, exchange.base_url, call, result)
        exchange.tell("transcription", "Transcriptions", result.sid, urljoin(talk.base, url), "POST", params)
