"""How is it said in TwiML? Steps of ours in, one valid XML document out.

It must not decide what is said: words come from `wording`. Twilio's builder escapes markup but lets through control
characters, at which the call dies: every string is stripped of what XML 1.0 forbids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, assert_never

from twilio.twiml.messaging_response import MessagingResponse  # type: ignore[import-untyped]
from twilio.twiml.voice_response import Dial as DialVerb  # type: ignore[import-untyped]
from twilio.twiml.voice_response import Gather as GatherVerb
from twilio.twiml.voice_response import VoiceResponse

MOST_SPOKEN = 4_096  # characters of one <Say>
MOST_WRITTEN = 1_600  # characters of one text; over it Twilio says 21617
LONGEST_RING = timedelta(seconds=25)  # before the carrier's mailbox picks up

# https://www.w3.org/TR/xml/#charsets
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPOKEN_AS = {"en": "en-US", "de": "de-DE"}
_CALL_EVENTS = "initiated ringing answered completed"


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text` (at most 4,096 characters, the rest is cut; nothing when empty) in `language`: en, de."""

    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence."""

    length: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Gather:
    """Speak, and listen for keys: `digits` of them, or up to `finish_on_key`. POSTed to `action` as `Digits`.

    Nothing pressed falls through to the next step, unless `on_silence`: then `action` is called without digits.
    """

    action: str
    says: tuple[Say | Pause, ...] = ()
    digits: int | None = 1
    finish_on_key: str = ""
    timeout: timedelta = timedelta(seconds=5)
    on_silence: bool = False

    def __post_init__(self) -> None:
        if not self.digits and not self.finish_on_key:
            raise ValueError("a gather ends after some digits or at a key: give `digits` or `finish_on_key`")


@dataclass(frozen=True, slots=True)
class Record:
    """Record the caller. An empty recording calls no `action`: put the step for it behind this one."""

    action: str
    max_length: timedelta = timedelta(seconds=180)
    silence: timedelta = timedelta(seconds=8)
    transcribe_callback: str | None = None
    status_callback: str | None = None
    finish_on_key: str = "#"


@dataclass(frozen=True, slots=True)
class Dial:
    """Connect the caller to one `number`; `action` hears how it ended. `screen` is fetched for whoever picks up.

    One number only: of several the first pick-up wins, and that may be a mailbox. Without `action` the next step
    follows, whatever came of it; without `caller_id` the caller's own number is shown.
    """

    number: str
    action: str | None
    caller_id: str | None
    timeout: timedelta = LONGEST_RING
    answer_on_bridge: bool = True
    status_callback: str | None = None
    screen: str | None = None

    def __post_init__(self) -> None:
        if not timedelta(seconds=5) <= self.timeout <= LONGEST_RING:
            raise ValueError("a dial rings 5 to 25 seconds: later the carrier's mailbox answers")


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with what `url` answers. The form's own parameters are lost on the way."""

    url: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not answer the call: `busy`, or the carrier's "not in service"."""

    busy: bool = False


Step = Say | Pause | Gather | Record | Dial | Redirect | Hangup | Reject


def voice(steps: Iterable[Step]) -> str:
    """The TwiML document that takes these steps in this order."""
    response = VoiceResponse()
    for step in steps:
        _add(response, step)
    return str(response)


def messages(texts: Sequence[str]) -> str:
    """The TwiML document that answers a text with these; none is an empty `<Response/>`."""
    response = MessagingResponse()
    for text in texts:
        body = printable(text)[:MOST_WRITTEN]
        if body.strip():
            response.message(body)
    return str(response)


def printable(text: str) -> str:
    """The same text without the characters that XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text)


def _add(response: Any, step: Step) -> None:
    match step:
        case Say() | Pause():
            _speak(response, step)
        case Gather():
            _gather(response, step)
        case Record():
            _record(response, step)
        case Dial():
            _dial(response, step)
        case Redirect(url):
            response.redirect(printable(url), method="POST")
        case Hangup():
            response.hangup()
        case Reject(busy):
            response.reject(reason="busy" if busy else "rejected")
        case _:
            assert_never(step)


def _speak(parent: Any, step: Say | Pause) -> None:
    if isinstance(step, Pause):
        parent.pause(length=_seconds(step.length))
        return
    text = printable(step.text).strip()[:MOST_SPOKEN]
    if text:  # an empty <Say> is error 13520
        parent.say(text, language=_SPOKEN_AS.get(step.language[:2].lower(), "en-US"))


def _gather(response: Any, step: Gather) -> None:
    verb = GatherVerb(
        input="dtmf",
        action=printable(step.action),
        method="POST",
        num_digits=step.digits,
        # Said even when empty: left out it is "#", and that key would count as silence.
        finish_on_key=step.finish_on_key,
        timeout=_seconds(step.timeout),
        action_on_empty_result=step.on_silence,
    )
    for said in step.says:
        _speak(verb, said)
    response.append(verb)


def _record(response: Any, step: Record) -> None:
    named: dict[str, Any] = {}
    if step.transcribe_callback:
        named |= {"transcribe": True, "transcribe_callback": printable(step.transcribe_callback)}
    if step.status_callback:
        named |= {
            "recording_status_callback": printable(step.status_callback),
            "recording_status_callback_method": "POST",
            "recording_status_callback_event": "completed absent",
        }
    response.record(
        action=printable(step.action),
        method="POST",
        max_length=_seconds(step.max_length),
        timeout=_seconds(step.silence),
        finish_on_key=step.finish_on_key,
        play_beep=True,
        trim="trim-silence",
        **named,
    )


def _dial(response: Any, step: Dial) -> None:
    acted_on = {"action": printable(step.action), "method": "POST"} if step.action else {}
    verb = DialVerb(
        **acted_on,
        caller_id=step.caller_id,
        timeout=_seconds(step.timeout),
        answer_on_bridge=step.answer_on_bridge,
    )
    named: dict[str, Any] = {}
    if step.status_callback:
        named |= {
            "status_callback": printable(step.status_callback),
            "status_callback_method": "POST",
            "status_callback_event": _CALL_EVENTS,
        }
    if step.screen:
        named |= {"url": printable(step.screen), "method": "POST"}
    verb.number(printable(step.number), **named)
    response.append(verb)


def _seconds(length: timedelta) -> int:
    return max(1, int(length.total_seconds()))
