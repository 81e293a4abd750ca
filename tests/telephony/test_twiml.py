"""Whatever is said, the document is valid XML, and states what Twilio would otherwise assume."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.telephony.twiml import (
    MOST_SPOKEN,
    Dial,
    Gather,
    Hangup,
    Pause,
    Record,
    Redirect,
    Reject,
    Say,
    messages,
    voice,
)
from tests.telephony.vendor import ANA, HOTLINE

URL = "https://pager.example/twilio/key?a=1&b=2#rc=2&rp=ct,rt,5xx"
HOSTILE = "<Hangup/> & \" ' ]]> \x00\x08\x0b\x1b\x7f \ud800 \ufffe \U0001f6a8 " + "x" * 5_000


def parsed(document: str) -> ElementTree.Element:
    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return ElementTree.fromstring(document.encode())


def test_steps_stand_in_the_order_given() -> None:
    root = parsed(voice([Say("Hello"), Pause(), Redirect(URL), Hangup()]))
    assert root.tag == "Response"
    assert [child.tag for child in root] == ["Say", "Pause", "Redirect", "Hangup"]


def test_a_sentence_is_spoken_in_its_language() -> None:
    english, german, other = parsed(voice([Say("a"), Say("b", "de"), Say("c", "fr")]))
    assert [one.get("language") for one in (english, german, other)] == ["en-US", "de-DE", "en-US"]


def test_hostile_words_stay_words() -> None:
    [say] = parsed(voice([Say(HOSTILE)]))
    assert len(say) == 0
    assert say.text is not None
    assert say.text.startswith("<Hangup/> & \" ' ]]>")
    assert "\U0001f6a8" in say.text


def test_a_sentence_is_cut_where_twilio_would_refuse_it() -> None:
    [say] = parsed(voice([Say("ä" * 9_000)]))
    assert len(say.text or "") == MOST_SPOKEN == 4_096


@pytest.mark.parametrize("text", ["", "  ", "\x00\x01"])
def test_nothing_to_say_is_no_verb_at_all(text) -> None:
    assert len(parsed(voice([Say(text)]))) == 0


def test_a_page_waits_for_one_key_and_takes_any() -> None:
    [gather] = parsed(
        voice([Gather(URL, (Say("Press 4"), Pause(timedelta(seconds=2))), timeout=timedelta(seconds=12))])
    )
    assert gather.get("numDigits") == "1"
    assert gather.get("finishOnKey") == ""
    assert (gather.get("method"), gather.get("action"), gather.get("timeout")) == ("POST", URL, "12")
    assert (gather.get("input"), gather.get("actionOnEmptyResult")) == ("dtmf", "false")
    assert [child.tag for child in gather] == ["Say", "Pause"]


def test_a_number_is_keyed_up_to_the_hash_key() -> None:
    [gather] = parsed(voice([Gather(URL, digits=None, finish_on_key="#", on_silence=True)]))
    assert gather.get("numDigits") is None
    assert (gather.get("finishOnKey"), gather.get("actionOnEmptyResult")) == ("#", "true")


def test_a_gather_that_could_never_end_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="digits"):
        Gather(URL, digits=None)


def test_a_recording_names_its_action_and_the_step_for_an_empty_one_follows() -> None:
    record, redirect = parsed(voice([Record(URL, transcribe_callback=URL, status_callback=URL), Redirect(URL)]))
    assert (record.get("action"), record.get("method")) == (URL, "POST")
    assert (record.get("maxLength"), record.get("timeout"), record.get("finishOnKey")) == ("180", "8", "#")
    assert (record.get("transcribe"), record.get("transcribeCallback")) == ("true", URL)
    assert record.get("recordingStatusCallbackEvent") == "completed absent"
    assert (redirect.tag, redirect.get("method"), redirect.text) == ("Redirect", "POST", URL)


def test_a_recording_without_callbacks_asks_for_none() -> None:
    [record] = parsed(voice([Record(URL)]))
    assert record.get("transcribe") is None
    assert record.get("recordingStatusCallback") is None


def test_a_dial_rings_one_number_from_ours_and_lets_the_caller_hear_it() -> None:
    [dial] = parsed(voice([Dial(ANA, URL, HOTLINE, status_callback=URL, screen=URL)]))
    assert (dial.get("callerId"), dial.get("timeout"), dial.get("answerOnBridge")) == (HOTLINE, "25", "true")
    assert (dial.get("action"), dial.get("method")) == (URL, "POST")
    [number] = dial
    assert (number.tag, number.text, number.get("url")) == ("Number", ANA, URL)
    assert number.get("statusCallbackEvent") == "initiated ringing answered completed"


@pytest.mark.parametrize("seconds", [0, 4, 26, 60])
def test_a_dial_never_rings_into_the_carriers_mailbox(seconds) -> None:
    with pytest.raises(ValueError, match="mailbox"):
        Dial(ANA, URL, HOTLINE, timeout=timedelta(seconds=seconds))


def test_a_rejected_call_says_why() -> None:
    assert parsed(voice([Reject()]))[0].get("reason") == "rejected"
    assert parsed(voice([Reject(busy=True)]))[0].get("reason") == "busy"


def test_a_text_is_answered_with_messages_or_with_nothing() -> None:
    assert [one.text for one in parsed(messages(["AH-1042 is yours."]))] == ["AH-1042 is yours."]
    assert messages([]) == '<?xml version="1.0" encoding="UTF-8"?><Response />'
    assert len(parsed(messages(["", "\x00"]))) == 0


def test_an_address_with_forbidden_characters_does_not_break_the_document() -> None:
    parsed(voice([Redirect("https://x/\x00\x1b"), Gather("\ud800https://x"), Record("\x01")]))


@given(st.text(max_size=300))
def test_every_text_gives_a_document_that_a_parser_reads(text) -> None:
    parsed(voice([Say(text), Gather(text or "x", (Say(text),)), Record(text), Redirect(text)]))
    parsed(messages([text, text]))
