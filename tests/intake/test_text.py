"""A customer's text: one issue, one page, one reply; the rest joins in silence."""

import xml.etree.ElementTree as ET

import pytest

from oncallbot.escalation.issue import Status
from oncallbot.storage import issues, opt_outs, reports
from oncallbot.wording.text import is_gsm7, septets
from tests.engine.stage import BETA, ERIK, HOTLINE, MINUTE, NO_HOTLINE, NOON, STRANGER, at_once


def said(twiml: str) -> list[str]:
    return [message.text or "" for message in ET.fromstring(twiml).iter("Message")]


def open_ones(night):
    with night.database.read() as connection:
        return issues.open_ones(connection)


class TestReply:
    def test_the_first_text_is_answered_with_reference_and_promise(self, twilio):
        assert said(twilio.texts("the pump has stopped", from_=BETA)) == [
            "Example Support: we have your report AH-1001 and are paging the person on call. You hear from us by 04:10."
        ]

    def test_a_german_customer_reads_german(self, twilio):
        (reply,) = said(twilio.texts("die Pumpe steht", from_=ERIK))
        assert "AH-1001" in reply
        assert "Bereitschaft" in reply

    @pytest.mark.parametrize("sender", [ERIK, BETA, STRANGER])
    def test_it_fits_into_one_text_of_the_seven_bit_alphabet(self, twilio, sender):
        (reply,) = said(twilio.texts("Grüße 你好 🔥", from_=sender))
        assert is_gsm7(reply)
        assert septets(reply) <= 160

    def test_there_is_no_second_text_by_the_outbox(self, night, twilio):
        twilio.texts("the pump has stopped", from_=BETA)
        assert [row.address for row in night.rows(1001)] == ["+493023125001"]  # Ana's page alone

    def test_who_cannot_be_texted_gets_no_reply(self, night, twilio):
        assert said(twilio.texts("the pump has stopped", from_="anonymous")) == []
        assert len(open_ones(night)) == 1

    def test_in_office_hours_it_is_with_the_day_team(self, night, twilio):
        night.clock.sets(at=NOON)
        (reply,) = said(twilio.texts("the pump has stopped", from_=BETA))
        assert "paging" not in reply
        assert open_ones(night)[0].status is Status.HELD


class TestJoining:
    def test_further_texts_join_in_silence_and_page_nobody_again(self, night, twilio):
        twilio.texts("the pump has stopped", from_=BETA)
        assert said(twilio.texts("it smokes", sid="SM2", from_=BETA)) == []
        assert (len(open_ones(night)), len(night.pages(1001))) == (1, 1)

    def test_further_texts_reach_the_holder(self, night, twilio):
        twilio.texts("the pump has stopped", from_=BETA)
        night.answers("ana")
        twilio.texts("it smokes", sid="SM2", from_=BETA)
        assert any("it smokes" in row.words for row in night.rows(1001, responder="ana"))

    def test_a_picture_alone_is_a_report(self, night, twilio):
        twilio.texts("", from_=BETA, NumMedia="2", MediaUrl0="https://m.example/0", MediaUrl1="https://m.example/1")
        with night.database.read() as connection:
            (report,) = reports.of_issue(connection, 1001)
        assert (report.words, report.media) == ("(2 pictures)", ("https://m.example/0", "https://m.example/1"))

    def test_a_stranger_who_guesses_a_reference_opens_an_issue_of_their_own(self, night, twilio):
        twilio.texts("the pump has stopped", from_=BETA)
        (reply,) = said(twilio.texts("AH-1001 what about it?", sid="SM2", from_=STRANGER))
        assert "AH-1002" in reply

    def test_after_closing_a_text_opens_a_new_issue(self, night, twilio):
        twilio.calls(from_=STRANGER)
        twilio.posts("/twilio/hotline/ended", CallSid="CA1", CallStatus="completed")  # at once: turned away, closed
        assert "AH-1002" in said(twilio.texts("hello?", from_=STRANGER))[0]


class TestCarrierWords:
    @pytest.mark.parametrize("word", ["STOP", "Unsubscribe", "START", "yes"])
    def test_they_open_nothing_and_are_not_answered(self, night, twilio, word):
        assert said(twilio.texts(word, from_=BETA)) == []
        assert open_ones(night) == []

    def test_stop_is_noted_on_the_open_issue(self, night, twilio):
        twilio.texts("the pump has stopped", from_=BETA)
        twilio.texts("STOP", sid="SM2", from_=BETA)
        with night.database.read() as connection:
            assert opt_outs.since(connection, BETA) == night.clock.now()
        assert any("no more texts" in text for text in night.texts(1001, "note"))

    def test_who_opted_out_is_told_nothing_more(self, night, twilio):
        twilio.texts("the pump has stopped", from_=BETA)
        twilio.texts("STOP", sid="SM2", from_=BETA)
        night.answers("ana")
        assert BETA not in {row.address for row in night.rows(1001)}


class TestWhoIsNotServed:
    def test_a_text_for_a_number_of_no_hotline_gets_an_empty_response(self, night, twilio):
        assert said(twilio.texts("hello", from_=BETA, to=NO_HOTLINE)) == []
        assert open_ones(night) == []

    def test_a_text_from_the_hotlines_own_number_opens_nothing(self, night, twilio):
        assert said(twilio.texts("hello", from_=HOTLINE)) == []
        assert open_ones(night) == []


class TestReplays:
    def test_the_same_text_again_gets_the_identical_body(self, night, twilio):
        bodies = at_once(*[lambda: twilio.texts("the pump has stopped", from_=BETA)] * 4)
        night.clock.moves(5 * MINUTE)
        assert {*bodies, twilio.texts("the pump has stopped", from_=BETA)} == {bodies[0]}
        assert (len(open_ones(night)), len(said(bodies[0]))) == (1, 1)


class TestHostileWords:
    def test_they_are_kept_without_control_characters(self, night, twilio):
        twilio.texts("</Message>\x00\x07<Dial>", from_=BETA)
        assert open_ones(night)[0].summary == "</Message> <Dial>"

    def test_they_reach_the_responder_as_words(self, night, twilio):
        twilio.texts("</Message><Dial>+1900</Dial>", from_=BETA)
        assert night.pages(1001)[0].words.startswith("AH-1001 Beta Ltd: </Message><Dial>+1900</Dial>.")


class TestOverTheWire:
    def test_a_text_is_answered_once(self, connected, sim):
        sim.post(f"/handsets/{BETA}/text", to=HOTLINE, body="the pump has stopped")
        sim.wait("text", number=BETA, contains="AH-1001")
        sim.post(f"/handsets/{BETA}/text", to=HOTLINE, body="it smokes", media=["https://m.example/1"])
        sim.wait("webhook", Body="it smokes", status="200")
        assert len(connected.texts(1001, "reported")) == 2
        assert sim.violations() == []
