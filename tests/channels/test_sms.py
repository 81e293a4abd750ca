"""Responders' texts and the receipts of ours."""

import xml.etree.ElementTree as ET

import pytest

from oncallbot.escalation.issue import AttemptStatus, Status
from oncallbot.oncall.people import Method
from oncallbot.storage import issues, opt_outs
from tests.engine.stage import ANA, BEN, CEM, MINUTE


def said(twiml: str) -> list[str]:
    return [message.text or "" for message in ET.fromstring(twiml).iter("Message")]


class TestReplies:
    @pytest.mark.parametrize("words", ["4", "ack", " ACK ", "4 1001", "ack 1001", "4 AH-1001", "4️⃣"])
    def test_every_way_to_acknowledge_does(self, night, twilio, words):
        number = night.opens()
        assert said(twilio.texts(words, from_=ANA)) == ["AH-1001 is yours."]
        assert night.issue(number).holder == "ana"

    def test_5_passes_on(self, night, twilio):
        night.opens()
        assert said(twilio.texts("5", from_=ANA)) == ["AH-1001 is passed on."]

    def test_6_resolves(self, night, twilio):
        night.opens()
        assert said(twilio.texts("6", from_=ANA)) == ["AH-1001 is resolved."]

    def test_who_comes_second_reads_who_has_it(self, night, twilio):
        number = night.opens()
        night.answers("ben", issue=number)
        night.clock.moves(MINUTE)
        assert said(twilio.texts("4", from_=ANA)) == ["Ben has AH-1001 since 03:10."]

    def test_with_several_open_pages_it_is_asked_which(self, night, twilio):
        night.opens()
        night.opens()
        assert said(twilio.texts("4", from_=ANA)) == ["Which? 4 1001 or 4 1002"]

    def test_without_any_page_help_is_given(self, twilio):
        assert said(twilio.texts("4", from_=CEM))[0].startswith("Nothing is open for you.")

    def test_a_number_that_is_no_issue_is_said_to_be_unknown(self, night, twilio):
        night.opens()
        assert said(twilio.texts("4 9999", from_=ANA)) == ["There is no AH-9999."]

    def test_a_replay_gets_the_identical_body_and_acts_once(self, night, twilio):
        number = night.opens()
        bodies = {twilio.texts("4", from_=ANA) for _ in range(3)}
        assert len(bodies) == 1
        assert night.kinds(number).count("acknowledged") == 1

    def test_what_is_not_understood_while_a_page_waits_is_kept_and_helped_with(self, night, twilio):
        number = night.opens()
        assert said(twilio.texts("on my way!", from_=ANA)) == [
            "Reply 4 ack, 5 pass, 6 resolve; with several open add the number: 4 1042."
        ]
        assert any("on my way!" in text for text in night.texts(number, "note"))

    def test_a_responder_without_a_page_who_writes_is_a_customer(self, night, twilio):
        assert "AH-1001" in said(twilio.texts("our own office is on fire", from_=CEM))[0]

    def test_the_reminded_holders_words_are_no_report(self, night, twilio):
        number = night.opens()
        night.answers("ana", issue=number)
        night.passes(30 * MINUTE)
        assert said(twilio.texts("still working on it", from_=ANA))[0].startswith("Reply 4")
        with night.database.read() as connection:
            assert len(issues.open_ones(connection)) == 1


class TestCarrierWords:
    @pytest.mark.parametrize("word", ["STOP", "cancel", "END", "YES", "start", "HELP", "info"])
    def test_they_acknowledge_nothing_and_are_not_answered(self, night, twilio, word):
        number = night.opens()
        assert said(twilio.texts(word, from_=ANA)) == []
        assert night.issue(number).status is Status.TRIGGERED

    def test_stop_is_remembered_and_start_forgets_it(self, night, twilio):
        for sid, word, is_out in (("SM1", "STOP", True), ("SM2", "START", False)):
            twilio.texts(word, sid=sid, from_=ANA)
            with night.database.read() as connection:
                assert (opt_outs.since(connection, ANA) is not None) is is_out


class TestReceipts:
    @pytest.mark.parametrize(
        ("status", "becomes"),
        [
            ("queued", AttemptStatus.SENT),
            ("accepted", AttemptStatus.SENT),
            ("sending", AttemptStatus.SENT),
            ("sent", AttemptStatus.SENT),
            ("delivered", AttemptStatus.DELIVERED),
            ("read", AttemptStatus.DELIVERED),
            ("undelivered", AttemptStatus.FAILED),
            ("failed", AttemptStatus.FAILED),
            ("canceled", AttemptStatus.FAILED),
            ("scheduled", AttemptStatus.FAILED),
            ("a word of next year", AttemptStatus.QUEUED),
        ],
    )
    def test_each_status_of_a_text_moves_it_as_far_as_it_should(self, night, twilio, status, becomes):
        number = night.opens()
        posted = twilio.posts(f"/twilio/text-status/{number}-1", MessageSid="SM9", MessageStatus=status)
        assert (posted.status_code, night.row(f"{number}-1").status) == (204, becomes)

    @pytest.mark.parametrize("code", ["30003", "30005", "30006"])
    def test_a_text_that_cannot_arrive_starts_the_next_rule(self, night, twilio, code):
        number = night.opens()
        form = {"MessageSid": "SM9", "MessageStatus": "undelivered", "ErrorCode": code}
        twilio.posts(f"/twilio/text-status/{number}-1", **form)
        assert [one.method for one in night.pages(number)] == [Method.SMS, Method.VOICE]
        assert code in night.row(f"{number}-1").error

    def test_a_text_by_an_unregistered_number_raises_an_alarm(self, night, twilio):
        number = night.opens()
        form = {"MessageSid": "SM9", "MessageStatus": "undelivered", "ErrorCode": "30034"}
        twilio.posts(f"/twilio/text-status/{number}-1", **form)
        assert any("set-up" in row.words for row in night.rows(number, responder="dora"))

    def test_receipts_out_of_order_never_take_back_a_final_status(self, night, twilio):
        number = night.opens()
        for status in ("delivered", "sent", "undelivered", "queued"):
            twilio.posts(f"/twilio/text-status/{number}-1", MessageSid="SM9", MessageStatus=status)
        assert night.row(f"{number}-1").status is AttemptStatus.DELIVERED


class TestOverTheWire:
    def test_a_page_is_texted_answered_and_the_customer_told(self, connected, sim):
        sim.put(f"/handsets/{ANA}", auto_reply=["4"])
        number = connected.opens()
        connected.sends()
        sim.wait("text", number=ANA, contains=f"AH-{number} is yours.")
        connected.sends()
        assert sim.wait(
            "text", number="+493023125100", contains=f"Ana has your issue AH-{number} and will call you by 03:25."
        )
        assert sim.violations() == []

    def test_others_are_told_who_has_it(self, connected, sim):
        number = connected.opens()
        connected.sends()
        connected.answers("ben", issue=number)
        connected.sends()
        assert sim.wait("text", number=ANA, contains="Ben has AH-1001 since 03:10.")
        assert BEN not in {one["To"] for one in sim.posted("Messages")}

    def test_a_text_that_the_carrier_postpones_has_failed_to_page(self, connected, sim):
        sim.put(f"/handsets/{ANA}", texts="scheduled")
        number = connected.opens()
        connected.sends()
        sim.wait("webhook", url_contains=f"text-status/{number}-1", MessageStatus="scheduled")
        assert connected.pages(number)[1].method is Method.VOICE
