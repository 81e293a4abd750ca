"""Which documents are TwiML, and what is wrong with the others."""

import pytest

from oncallbot.emulators.twilio.segments import segments
from oncallbot.emulators.twilio.twiml import ROOMS, Document, parse

DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'


def read(body: str, room: str = "voice", content_type: str | None = "text/xml; charset=utf-8") -> Document:
    return parse(body.encode(), content_type, room)


GOOD = {
    "voice": [
        "<Response/>",
        f"{DECLARED}<Response><Say language='de-DE' voice='Polly.Vicki'>Grüß Gott &amp; hallo</Say></Response>",
        "<Response><Gather input='dtmf speech' numDigits='1' timeout='3' hints='one, two'><Pause/></Gather></Response>",
        "<Response><Dial answerOnBridge='true'><Number url='/s?a=1&amp;b=2'>+4930</Number></Dial></Response>",
        "<Response><Record maxLength='180' timeout='8' recordingStatusCallbackEvent='completed absent'/></Response>",
        "<Response><Reject reason='busy'/></Response>",
        "<Response><Redirect method='GET'>/next</Redirect></Response>",
    ],
    "messaging": [
        "",
        "<Response/>",
        "<Response><Message>AH-1042 is yours.</Message></Response>",
        "<Response><Message to='+4930'><Body>hi</Body><Media>http://x/y.jpg</Media></Message></Response>",
    ],
    "screening": [
        "<Response/>",
        "<Response><Gather numDigits='1'><Say>Press 4.</Say><Pause length='1'/></Gather><Hangup/></Response>",
    ],
}


@pytest.mark.parametrize(("room", "body"), [(room, body) for room in GOOD for body in GOOD[room]])
def test_good_documents_draw_no_complaint(room: str, body: str) -> None:
    assert read(body, room).complaints == []


FATAL: list[tuple[str, int, str, str]] = [
    ("an empty body", 12100, "voice", ""),
    ("no XML", 12100, "voice", "hello"),
    ("an unescaped ampersand", 12100, "voice", "<Response><Say>R&D</Say></Response>"),
    ("a control character", 12100, "voice", "<Response><Say>\x08</Say></Response>"),
    ("two roots", 12100, "voice", "<Response/><Response/>"),
    ("another root", 12100, "voice", "<Say>hello</Say>"),
    ("too much", 11750, "voice", "<Response>" + "<Say>hello</Say>" * 4200 + "</Response>"),
    ("a sentence without end", 13520, "voice", f"<Response><Say>{'x' * 4097}</Say></Response>"),
    ("nothing to play", 13420, "voice", "<Response><Play/></Response>"),
    ("dialling from a dialled leg", 13201, "screening", "<Response><Dial>+4930</Dial></Response>"),
    ("recording while screening", 12200, "screening", "<Response><Record/></Response>"),
    ("redirecting while screening", 12200, "screening", "<Response><Redirect>/x</Redirect></Response>"),
    ("a text of 1,601 characters", 21617, "messaging", f"<Response><Message>{'x' * 1601}</Message></Response>"),
]


@pytest.mark.parametrize(("name", "code", "room", "body"), FATAL, ids=[row[0] for row in FATAL])
def test_documents_that_end_in_an_error(name: str, code: int, room: str, body: str) -> None:
    fatal = read(body, room).fatal
    assert fatal is not None
    assert fatal.code == code


@pytest.mark.parametrize("content_type", ["", "text/html", "application/json", "text/plain"])
def test_only_xml_content_types_are_taken(content_type: str) -> None:
    fatal = read("<Response/>", content_type=content_type).fatal
    assert fatal is not None
    assert fatal.code == 12300


WARNED = {
    "an unknown verb": "<Response><Shout>hello</Shout></Response>",
    "a verb in lower case": "<Response><say>hello</say></Response>",
    "an unknown attribute": "<Response><Say speed='2'>hello</Say></Response>",
    "an attribute in other case": "<Response><Gather numdigits='1'/></Response>",
    "a number that is none": "<Response><Gather numDigits='one'/></Response>",
    "a number out of range": "<Response><Pause length='0'/></Response>",
    "a boolean in other case": "<Response><Dial answerOnBridge='True'>+4930</Dial></Response>",
    "a wrong method": "<Response><Gather method='PUT'/></Response>",
    "a verb nested in a verb": "<Response><Say>hello<Pause/></Say></Response>",
    "a Dial within a Gather": "<Response><Gather><Dial>+4930</Dial></Gather></Response>",
    "loose text": "<Response>hello<Say>hello</Say></Response>",
    "text in a Gather": "<Response><Gather>Press 4</Gather></Response>",
    "a message in a call": "<Response><Message>hello</Message></Response>",
    "an unknown callback event": "<Response><Record recordingStatusCallbackEvent='done'/></Response>",
}


@pytest.mark.parametrize("body", WARNED.values(), ids=list(WARNED))
def test_what_the_schema_does_not_know_is_ignored_with_a_warning(body: str) -> None:
    document = read(body)
    assert [complaint.code for complaint in document.complaints] == [12200]
    assert document.fatal is None


def test_only_say_play_gather_and_hangup_screen_a_called_party() -> None:
    assert set(ROOMS["screening"]) == {"Say", "Play", "Gather", "Hangup"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("it’s down" + "x" * 61, 1),
        ("it’s down" + "x" * 62, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_one_curly_quote_turns_a_text_into_short_segments(text: str, expected: int) -> None:
    assert segments(text) == expected
