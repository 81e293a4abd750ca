"""Is this TwiML, and what does it order?

Must not perform anything. Our own reading of https://www.twilio.com/docs/voice/twiml and
https://www.twilio.com/docs/messaging/twiml (checked November 2026).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree

MOST_BYTES = 64 * 1024
MOST_SPOKEN = 4096
Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one element may carry: attributes, child elements, text."""

    attributes: dict[str, Check]
    children: tuple[str, ...] = ()
    text: bool = False


@dataclass(frozen=True, slots=True)
class Complaint:
    """`fatal` ends the document as Twilio's errors do; the others are its warnings, and the part is ignored."""

    code: int
    text: str
    fatal: bool = False


@dataclass(slots=True)
class Verb:
    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list["Verb"] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def number(self, name: str, default: float) -> float:
        return float(self.attributes[name]) if name in self.attributes else default

    def flag(self, name: str, default: bool = False) -> bool:
        return self.attributes.get(name, str(default)).lower() == "true"


@dataclass(slots=True)
class Document:
    verbs: list[Verb] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def fatal(self) -> Complaint | None:
        return next((complaint for complaint in self.complaints if complaint.fatal), None)


def anything(_: str) -> bool:
    return True


def between(least: int, most: int) -> Check:
    return lambda value: bool(re.fullmatch(r"\d{1,9}", value)) and least <= int(value) <= most


def one_of(*words: str) -> Check:
    return lambda value: value in words


def words_of(*words: str) -> Check:
    return lambda value: bool(value.split()) and all(word in words for word in value.split())


def matching(pattern: str) -> Check:
    return lambda value: bool(re.fullmatch(pattern, value))


boolean = one_of("true", "false")
method = one_of("GET", "POST")
address = matching(r"\S+")
keys = matching(r"[0-9*#]*")
language = matching(r"[a-z]{2,3}-[A-Za-z]{2,4}(-[A-Z]{2})?")
CALL_EVENTS = words_of("initiated", "ringing", "answered", "completed")
RECORDING_EVENTS = words_of("in-progress", "completed", "absent")

VOICE: dict[str, Rule] = {
    "Say": Rule({"voice": anything, "language": language, "loop": between(0, 1000)}, text=True),
    "Play": Rule({"loop": between(0, 1000), "digits": matching(r"[0-9wW*#]+")}, text=True),
    "Pause": Rule({"length": between(1, 3600)}),
    "Gather": Rule(
        {
            "input": words_of("dtmf", "speech"),
            "action": address,
            "method": method,
            "timeout": lambda value: value == "auto" or between(0, 600)(value),
            "speechTimeout": lambda value: value == "auto" or between(0, 600)(value),
            "speechModel": anything,
            "maxSpeechTime": between(1, 60),
            "enhanced": boolean,
            "profanityFilter": boolean,
            "partialResultCallback": address,
            "partialResultCallbackMethod": method,
            "finishOnKey": matching(r"[0-9*#]?"),
            "numDigits": between(1, 1000),
            "actionOnEmptyResult": boolean,
            "bargeIn": boolean,
            "dtmfDetection": anything,
            "language": language,
            "hints": anything,
            "debug": boolean,
        },
        children=("Say", "Play", "Pause"),
    ),
    "Record": Rule(
        {
            "action": address,
            "method": method,
            "timeout": between(0, 600),
            "finishOnKey": keys,
            "maxLength": between(1, 14400),
            "playBeep": boolean,
            "trim": one_of("trim-silence", "do-not-trim"),
            "transcribe": boolean,
            "transcribeCallback": address,
            "recordingStatusCallback": address,
            "recordingStatusCallbackMethod": method,
            "recordingStatusCallbackEvent": RECORDING_EVENTS,
        }
    ),
    "Dial": Rule(
        {
            "action": address,
            "method": method,
            "timeout": between(1, 600),
            "callerId": anything,
            "answerOnBridge": boolean,
            "timeLimit": between(1, 86400),
            "hangupOnStar": boolean,
            "ringTone": anything,
            "sequential": boolean,
            "record": one_of(
                "do-not-record",
                "record-from-answer",
                "record-from-ringing",
                "record-from-answer-dual",
                "record-from-ringing-dual",
                "true",
                "false",
            ),
            "trim": one_of("trim-silence", "do-not-trim"),
            "recordingStatusCallback": address,
            "recordingStatusCallbackMethod": method,
            "recordingStatusCallbackEvent": RECORDING_EVENTS,
        },
        children=("Number",),
        text=True,
    ),
    "Redirect": Rule({"method": method}, text=True),
    "Hangup": Rule({}),
    "Reject": Rule({"reason": one_of("rejected", "busy")}),
}
NOUNS: dict[str, Rule] = {
    "Number": Rule(
        {
            "url": address,
            "method": method,
            "sendDigits": matching(r"[0-9wW*#]+"),
            "statusCallback": address,
            "statusCallbackMethod": method,
            "statusCallbackEvent": CALL_EVENTS,
            "machineDetection": one_of("Enable", "DetectMessageEnd"),
            "machineDetectionTimeout": between(3, 59),
        },
        text=True,
    ),
    "Body": Rule({}, text=True),
    "Media": Rule({}, text=True),
}
MESSAGING: dict[str, Rule] = {
    "Message": Rule(
        {"to": anything, "from": anything, "action": address, "method": method, "statusCallback": address},
        children=("Body", "Media"),
        text=True,
    ),
    "Redirect": Rule({"method": method}, text=True),
}
# The called party's own document may hold these only: no Dial, Record or Redirect.
SCREENING = {name: VOICE[name] for name in ("Say", "Play", "Gather", "Hangup")}
ROOMS = {"voice": VOICE, "messaging": MESSAGING, "screening": SCREENING}


def parse(content: bytes, content_type: str | None, room: str) -> Document:
    """`content_type` None means inline TwiML, which comes without one; `room` is a key of ROOMS."""
    document = Document()

    def fatal(code: int, text: str) -> Document:
        document.complaints.append(Complaint(code, text, True))
        return document

    if len(content) > MOST_BYTES:
        return fatal(11750, f"TwiML response body too large: {len(content)} bytes")
    if not content.strip():
        return document if room == "messaging" else fatal(12100, "Document parse failure: the body is empty")
    if content_type is not None:
        kind = content_type.split(";")[0].strip().lower()
        if kind not in ("text/xml", "application/xml"):
            return fatal(12300, f"Invalid Content-Type: {kind or 'none'}")
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        return fatal(12100, f"Document parse failure: {error}")
    if root.tag != "Response":
        return fatal(12100, f"Document parse failure: the root is <{root.tag}>, not <Response>")
    if root.attrib:
        document.complaints.append(Complaint(12200, f"<Response> has attributes {sorted(root.attrib)}"))
    _check_text(root, "Response", document)
    for element in root:
        verb = _read(element, ROOMS[room], room, document)
        if verb is not None:
            document.verbs.append(verb)
    return document


def _read(element: ElementTree.Element, rules: dict[str, Rule], room: str, document: Document) -> Verb | None:
    rule = rules.get(element.tag)
    if rule is None:
        _complain_of_verb(element.tag, room, document)
        return None
    attributes = {}
    for name, value in element.attrib.items():
        check = rule.attributes.get(name)
        if check is None:
            document.complaints.append(Complaint(12200, f"<{element.tag}> has no attribute {name!r}"))
        elif not check(value):
            document.complaints.append(Complaint(12200, f"<{element.tag} {name}={value!r}> is not allowed"))
        else:
            attributes[name] = value
    verb = Verb(element.tag, attributes, (element.text or "").strip())
    if not rule.text or rule.children:
        _check_text(element, element.tag, document, first=not rule.text)
    nested = {name: VOICE.get(name) or NOUNS[name] for name in rule.children}
    for child in element:
        read = _read(child, nested, f"<{element.tag}>", document)
        if read is not None:
            verb.children.append(read)
    _check_content(verb, document)
    return verb


def _complain_of_verb(tag: str, room: str, document: Document) -> None:
    if room == "screening" and tag == "Dial":
        document.complaints.append(Complaint(13201, "Dial: cannot Dial out from a Dial Call Segment", True))
    elif room == "screening" and tag in VOICE:
        document.complaints.append(Complaint(12200, f"<{tag}> is not allowed in a called party's document", True))
    else:
        document.complaints.append(Complaint(12200, f"<{tag}> is not allowed in {room}"))


def _check_text(element: ElementTree.Element, tag: str, document: Document, first: bool = True) -> None:
    texts = [element.text] if first else []
    texts += [child.tail for child in element]
    if any(text and text.strip() for text in texts):
        document.complaints.append(Complaint(12200, f"<{tag}> holds text where none is allowed"))


def _check_content(verb: Verb, document: Document) -> None:
    def complain(code: int, text: str, fatal: bool = False) -> None:
        document.complaints.append(Complaint(code, text, fatal))

    match verb.name:
        case "Say":
            if len(verb.text) > MOST_SPOKEN:
                complain(13520, f"Say: invalid text of {len(verb.text)} characters", True)
            elif not verb.text:
                complain(13520, "Say: invalid text, it is empty")
        case "Play":
            if not verb.text and "digits" not in verb.attributes:
                complain(13420, "Play: invalid Content, neither URL nor digits", True)
        case "Redirect":
            if not verb.text:
                complain(12200, "<Redirect> names no URL")
        case "Dial":
            if not verb.text and not verb.children:
                complain(12200, "<Dial> names nobody")
            if len(verb.children) > 10:
                complain(13222, "Dial: more than ten numbers", True)
        case "Message":
            body = verb.text or "".join(child.text for child in verb.children if child.name == "Body")
            if len(body) > 1600:
                complain(21617, "<Message> of more than 1600 characters", True)
            if not body and not any(child.name == "Media" for child in verb.children):
                complain(14103, "Message: neither body nor media", True)
        case _:
            pass
