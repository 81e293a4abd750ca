"""What customers read and hear: true, short, in their language and zone."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.escalation.call import Line
from oncallbot.escalation.effects import TellCustomer, Told
from oncallbot.escalation.issue import Promised, Status
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.oncall.hours import OfficeHours
from oncallbot.wording import english, german
from oncallbot.wording.customers import line_spoken, received_text, told_text
from oncallbot.wording.languages import spoken_language
from oncallbot.wording.text import ONE_TEXT, is_gsm7, septets
from tests.wording.cast import ACME, BERLIN, GOLD, HOSTILE, HOTLINE, NIGHT, RULES, TAKEN, at, issue

ANY = st.text(max_size=5_000) | st.sampled_from(HOSTILE)
OPEN_NOW = at("10:00", 23)
LATER = at("03:29")


def told(kind: Told, one=None, now=NIGHT, rules=RULES, **fields) -> str:
    return told_text(TellCustomer(kind, **fields), one or issue(), rules, HOTLINE, now)


def heard(line: Line, one=None, outcome=None, language="en", now=NIGHT, hotline=HOTLINE, rules=RULES) -> str:
    return line_spoken(line, language, hotline, rules, now, one, outcome)


def outcome(status: Status, **changes) -> Outcome:
    return replace(Outcome(Kind.OPENED, 1042, status=status, promise_at=LATER), **changes)


# Texts


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        (
            Told.RECEIVED,
            {"at": LATER},
            (
                "Example Support: we have your report AH-1042 and are paging the person on call. "
                "You hear from us by 03:29."
            ),
        ),
        (Told.RECEIVED, {}, "Example Support: we have your report AH-1042 and are paging the person on call."),
        (
            Told.HELD,
            {"at": at("11:00", 23)},
            "Example Support: we have your report AH-1042. We are closed now. You hear from us by Mon 11:00.",
        ),
        (Told.ACKNOWLEDGED, {"by": "ben", "at": LATER}, "Ben has your issue AH-1042 and will call you by 03:29."),
        (Told.ACKNOWLEDGED, {"by": "ben"}, "Ben has your issue AH-1042 and is looking into it."),
        (
            Told.STILL_TRYING,
            {},
            "Example Support: we have not reached anybody for AH-1042 yet. We keep trying and will tell you.",
        ),
        (
            Told.PROMISE_MISSED,
            {"at": LATER},
            "Example Support: we are sorry, we did not keep our time for AH-1042. Our new time is 03:29.",
        ),
        (Told.RESOLVED, {"by": "ben"}, "Ben says that AH-1042 is fixed. If it is not, call us again."),
        (
            Told.RESOLVED,
            {"by": "ben", "words": "restarted the mail server"},
            "AH-1042 is fixed, says Ben: restarted the mail server. If it is not, call us again.",
        ),
    ],
)
def test_each_event_has_its_text(kind, fields, text) -> None:
    assert told(kind, **fields) == text


def test_a_german_customer_reads_german_and_keeps_umlauts() -> None:
    text = told(Told.ACKNOWLEDGED, issue(language="de"), by="ben")
    assert text == "Ben hat Ihre Meldung AH-1042 und kümmert sich darum."


def test_a_time_that_has_passed_is_not_promised() -> None:
    assert "03:00" not in told(Told.RECEIVED, at=at("03:00"))
    assert "03:00" not in told(Told.ACKNOWLEDGED, by="ben", at=at("03:00"))


def test_times_are_the_customers_else_the_hotlines() -> None:
    new_york = replace(RULES, customers={"acme": replace(ACME, timezone="America/New_York")})
    assert "by 21:29" in told(Told.ACKNOWLEDGED, rules=new_york, by="ben", at=LATER)
    assert "by 03:29" in told(Told.ACKNOWLEDGED, issue(customer=None), rules=new_york, by="ben", at=LATER)


def test_held_in_office_hours_is_with_the_team_and_not_closed() -> None:
    text = told(Told.HELD, now=OPEN_NOW)
    assert "closed" not in text
    assert "team" in text


def test_a_confidential_issue_is_texted_without_its_content() -> None:
    secret = issue(tier=replace(GOLD, confidential=True), summary="the vault code is 1234")
    for kind in Told:
        text = told(kind, secret, by="ben", at=LATER, words="changed the vault code")
        assert "vault" not in text
        assert "AH-1042" in text


def test_no_text_to_a_customer_repeats_the_report() -> None:
    for kind in Told:
        assert "server" not in told(kind, by="ben", at=LATER)


@given(ANY, ANY, st.sampled_from(["en", "de", "xx"]))
def test_every_text_fits_one_segment_and_has_the_reference(words, name, language) -> None:
    hotline = replace(HOTLINE, name=name)
    one = issue(number=987654321, language=language)
    rules = replace(RULES, responders={"ben": replace(RULES.responders["ben"], name="B" * 99)})
    for kind, when in itertools.product(Told, (None, at("11:00", 30))):
        text = told_text(TellCustomer(kind, "ben", when, words), one, rules, hotline, NIGHT)
        assert is_gsm7(text)
        assert septets(text) <= ONE_TEXT
        assert "AH-987654321" in text
        assert "call us again." in text or "rufen Sie bitte wieder an." in text or kind is not Told.RESOLVED


def test_what_looks_like_a_gap_in_someones_words_stays_as_it_is() -> None:
    assert "{who} {hotline} {ref}" in told(Told.RESOLVED, by="ben", words="{who} {hotline} {ref}")


@pytest.mark.parametrize(
    ("given_outcome", "words"),
    [
        (outcome(Status.TRIGGERED), "and are paging the person on call. You hear from us by 03:29."),
        (outcome(Status.TRIGGERED, reached_nobody=True), "could not reach the person on call yet and keep trying"),
        (outcome(Status.HELD, promise_at=at("11:00", 23)), "closed now. You hear from us by Mon 11:00."),
        (outcome(Status.HELD, promise_at=None), "closed now; it will be seen when we open"),
        (outcome(Status.TRIGGERED, kind=Kind.JOINED), "we have added this to your issue AH-1042"),
        (outcome(Status.ACKNOWLEDGED, kind=Kind.JOINED, acknowledged_by="ben"), "Ben has your issue AH-1042"),
        (outcome(Status.RESOLVED, kind=Kind.JOINED), "we have added this to your issue AH-1042"),
    ],
)
def test_the_reply_to_a_text_says_what_was_done_with_it(given_outcome, words) -> None:
    text = received_text(given_outcome, issue(), RULES, HOTLINE, NIGHT)
    assert words in text
    assert "AH-1042" in text
    assert septets(text) <= ONE_TEXT


def test_nobody_reached_is_never_called_paging() -> None:
    unreached = outcome(Status.TRIGGERED, reached_nobody=True)
    assert "are paging" not in received_text(unreached, issue(), RULES, HOTLINE, NIGHT)
    for line in (Line.PAGING, Line.THANKS, Line.EXISTING, Line.UNANSWERED):
        assert "are paging" not in heard(line, issue(), unreached)
        assert "could not reach the person on call yet" in heard(line, issue(), unreached)


# The hotline's voice


def test_a_known_caller_hears_that_we_page() -> None:
    said = heard(Line.PAGING, issue(), outcome(Status.TRIGGERED))
    assert said == "Example Support. We are closed now, and we are paging the person on call."


def test_an_unknown_caller_hears_that_we_will_page() -> None:
    said = heard(Line.WILL_PAGE, issue(), outcome(Status.TRIGGERED))
    assert "we will page the person on call as soon as we know what happened" in said


@pytest.mark.parametrize("line", [Line.PAGING, Line.WILL_PAGE, Line.CLOSED, Line.EXISTING, Line.THANKS])
def test_a_held_issue_is_never_said_to_be_paged(line) -> None:
    held = outcome(Status.HELD, promise_at=at("11:00", 23))
    said = heard(line, issue(status=Status.HELD), held)
    assert not re.search(r"\bpag(e|ing)\b", said)
    assert "You will hear from us by Monday at 11:00 AM." in said


def test_held_without_a_promise_names_the_next_opening() -> None:
    held = outcome(Status.HELD, promise_at=None)
    assert "when we open again, Monday at 9:00 AM." in heard(Line.PAGING, issue(), held)
    never_open = replace(HOTLINE, office_hours=OfficeHours("never", BERLIN))
    assert "when we open again." in heard(Line.PAGING, issue(), held, hotline=never_open)


def test_held_while_the_office_is_open_does_not_say_that_we_are_closed() -> None:
    held = outcome(Status.HELD, promise_at=None)
    for line in (Line.UNANSWERED, Line.THANKS, Line.PAGING):
        said = heard(line, issue(status=Status.HELD), held, now=OPEN_NOW)
        assert "closed" not in said
        assert "Our team will see to it." in said


def test_an_existing_issue_is_named_with_who_has_it() -> None:
    said = heard(Line.EXISTING, TAKEN)
    assert said == "Example Support. We know your issue one zero four two. Ben has had your issue since 3:14 AM."


@pytest.mark.parametrize("line", [Line.ASK_MESSAGE, Line.ASK_NAME_AND_MESSAGE])
@pytest.mark.parametrize(("language", "notice"), [("en", "will be recorded"), ("de", "wird aufgezeichnet")])
def test_the_recording_notice_comes_before_the_tone(line, language, notice) -> None:
    said = heard(line, language=language)
    tone = re.search(r"\b[tT]one?\b", said)
    assert tone is not None
    assert said.index(notice) < tone.start()


def test_thanks_give_the_reference_and_the_promise() -> None:
    assert heard(Line.THANKS, issue(), outcome(Status.TRIGGERED)) == (
        "Thank you. Your issue has the number one zero four two. We are paging the person on call. "
        "You will hear from us by 3:29 AM. Goodbye."
    )


def test_a_promise_is_said_once() -> None:
    assert heard(Line.THANKS, issue(status=Status.HELD), outcome(Status.HELD)).count("3:29") == 1


def test_a_missed_promise_is_not_repeated() -> None:
    assert "hear from us" not in heard(Line.THANKS, issue(promised=Promised.MISSED))


def test_the_outcome_goes_before_an_older_issue() -> None:
    said = heard(Line.THANKS, issue(), outcome(Status.ACKNOWLEDGED, acknowledged_by="ben", acknowledged_at=NIGHT))
    assert "Ben has had your issue" in said


def test_german_callers_hear_german() -> None:
    assert heard(Line.THANKS, issue(), outcome(Status.TRIGGERED), "de") == (
        "Vielen Dank. Ihre Meldung hat die Nummer eins null vier zwei. Wir rufen die Bereitschaft. "
        "Sie hören von uns bis 3 Uhr 29. Auf Wiederhören."
    )


STATES = [None, *(outcome(status, reached_nobody=alone) for status in Status for alone in (False, True))]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("line", list(Line))
def test_every_line_is_said_in_every_language_and_state(line, language) -> None:
    for one, state in itertools.product((None, issue(), TAKEN), STATES):
        said = heard(line, one, state, language)
        assert said.endswith(".")
        assert "{" not in said


@given(ANY)
def test_a_hostile_name_cannot_make_a_line_endless_or_unprintable(name) -> None:
    for line in Line:
        said = heard(line, issue(), outcome(Status.TRIGGERED), hotline=replace(HOTLINE, name=name))
        assert len(said) < 400
        assert said.isprintable()


# Languages


@pytest.mark.parametrize(
    ("wanted", "offered", "spoken"),
    [
        ("de", ("en",), "de"),
        ("DE-at", ("en",), "de"),
        ("en_GB", ("de",), "en"),
        ("fr", ("de", "en"), "de"),
        ("fr", ("fr", "de"), "de"),
        ("", ("de",), "de"),
        (None, (), "en"),
        ("xx", ("yy",), "en"),
    ],
)
def test_an_unknown_language_becomes_the_hotlines_first_else_english(wanted, offered, spoken) -> None:
    assert spoken_language(wanted, replace(HOTLINE, languages=offered)) == spoken


@pytest.mark.parametrize(("first", "second"), [(english.TOLD, german.TOLD), (english.SPOKEN, german.SPOKEN)])
def test_languages_have_the_same_sentences_with_the_same_gaps(first, second) -> None:
    assert first.keys() == second.keys()
    for name in first:
        assert set(re.findall(r"{\w+}", first[name])) == set(re.findall(r"{\w+}", second[name])), name


@pytest.mark.parametrize("texts", [english.TOLD, german.TOLD], ids=["en", "de"])
def test_every_text_has_room_for_a_hotlines_name(texts) -> None:
    longest = {"ref": "AH-987654", "who": "M" * 20, "time": "28 Nov 09:00", "words": "", "hotline": ""}
    for name, template in texts.items():
        assert septets(template.format(**longest)) <= ONE_TEXT - 15, name
        assert is_gsm7(template), name
