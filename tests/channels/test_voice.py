"""A page's call, step by step: what is said, what a key does, and that only a key counts."""

import re
import xml.etree.ElementTree as ET

import pytest

from oncallbot.escalation.issue import AttemptStatus, Status
from oncallbot.oncall.people import Method
from tests.engine.stage import BEN, MINUTE

CALL = "CA0001"


class Rung:
    """Ben's phone, picked up: it follows the TwiML as Twilio does, one step at a time."""

    def __init__(self, night, twilio, number):
        self.night, self.twilio, self.number, self.attempt = night, twilio, number, f"{number}-2"
        self.next: str | None = f"/twilio/page/{self.attempt}"
        self.said = ""

    def hears(self) -> str:
        """Fetches the TwiML of the present step; the words."""
        return self._at(self.next, CallStatus="in-progress")

    def presses(self, digits: str) -> str:
        """Presses a key while the gather listens; the words of the answer and of what it leads to."""
        said = self._at(self.key_url, CallStatus="in-progress", Digits=digits)
        return f"{said} {self.hears()}" if self.next else said

    def waits(self) -> str:
        """Presses nothing until the next words."""
        return self.hears()

    def _at(self, url, **form):
        response = self.twilio.posts(url, CallSid=CALL, **form)
        assert (response.status_code, response.headers["content-type"]) == (200, "text/xml; charset=utf-8")
        self.body = response.text
        tree = ET.fromstring(self.body)
        gather, redirect = tree.find("Gather"), tree.find("Redirect")
        self.key_url = gather.get("action") if gather is not None else None
        self.digits = gather.get("numDigits") if gather is not None else None
        self.next = redirect.text if redirect is not None else None
        self.is_over = tree.find("Hangup") is not None
        return " ".join(say.text or "" for say in tree.iter("Say"))


@pytest.fixture
def ben(night, twilio):
    """Ana has passed, and Ben's phone is rung."""
    number = night.opens()
    night.answers("ana", "pass", issue=number)
    return Rung(night, twilio, number)


class TestWhatIsSaid:
    def test_name_customer_words_and_keys_come_first(self, ben):
        assert ben.hears() == (
            "Ben, Example Support on call: Acme GmbH: the plant stands still. Issue one zero zero one. "
            "Press 4 to take it, 5 to pass it on, 6 if it is resolved, star to hear it again."
        )

    def test_one_digit_is_waited_for(self, ben):
        ben.hears()
        assert ben.digits == "1"

    def test_every_address_is_below_the_public_url_and_asks_for_retries(self, ben):
        ben.hears()
        for url in (ben.key_url, ben.next):
            assert url.startswith("https://pager.example/twilio/page/")
            assert url.endswith("#rc=2&rp=ct,rt,5xx")

    def test_a_call_of_no_attempt_is_ended(self, twilio):
        response = twilio.posts("/twilio/page/9-9", CallSid=CALL)
        assert ET.fromstring(response.text).find("Hangup") is not None

    def test_hostile_words_are_escaped(self, night, twilio):
        number = night.opens("</Say><Dial>+1900</Dial>\x00\x0b & more")
        night.answers("ana", "pass", issue=number)
        rung = Rung(night, twilio, number)
        assert "</Say><Dial>" in rung.hears()
        assert ET.fromstring(rung.body).find("Dial") is None


class TestKeys:
    def test_4_acknowledges(self, ben):
        ben.hears()
        assert ben.presses("4") == "Issue one zero zero one is yours. Goodbye."
        assert ben.night.issue(ben.number).holder == "ben"

    def test_5_passes_on(self, ben):
        ben.hears()
        assert ben.presses("5").startswith("Issue one zero zero one is passed on.")
        assert "passed_on" in ben.night.kinds(ben.number)

    def test_6_resolves(self, ben):
        ben.hears()
        assert ben.presses("6").startswith("Issue one zero zero one is resolved.")
        assert ben.night.issue(ben.number).status is Status.RESOLVED

    def test_star_repeats_the_page(self, ben):
        first = ben.hears()
        assert ben.presses("*").strip() == first

    def test_a_wrong_key_says_so_and_repeats_the_page(self, ben):
        first = ben.hears()
        assert ben.presses("7").endswith(f"star to hear it again. {first}")
        assert ben.night.issue(ben.number).status is Status.TRIGGERED

    def test_three_wrong_keys_are_three_steps(self, ben):
        ben.hears()
        seen = set()
        for _ in range(3):
            seen.add(ben.key_url)
            ben.presses("9")
        assert len(seen) == 3
        assert ben.presses("4").startswith("Issue one zero zero one is yours.")

    def test_the_same_key_of_the_same_step_counts_once(self, ben):
        ben.hears()
        url = ben.key_url
        bodies = {ben.twilio.posts(url, CallSid=CALL, Digits="4").text for _ in range(3)}
        assert len(bodies) == 1
        assert ben.night.kinds(ben.number).count("acknowledged") == 1

    def test_whatever_is_pressed_a_call_comes_to_an_end(self, ben):
        ben.hears()
        for _ in range(50):
            if ben.key_url is None:
                break
            ben.presses("*")
        assert ben.is_over


class TestSilence:
    def test_the_page_is_said_three_times_and_the_end_says_that_nobody_has_taken_it(self, ben):
        words = ben.hears()
        assert ben.waits() == words
        assert ben.waits() == f"{words} No key was pressed: nobody has taken it, and paging goes on. Goodbye."
        assert ben.is_over

    def test_nothing_is_acknowledged_by_it(self, ben):
        for _ in range(3):
            ben.hears()
        assert ben.night.issue(ben.number).status is Status.TRIGGERED

    def test_a_picked_up_call_is_not_an_answer(self, ben):
        ben.twilio.posts(f"/twilio/call-status/{ben.attempt}", CallSid=CALL, CallStatus="in-progress")
        ben.twilio.posts(f"/twilio/call-status/{ben.attempt}", CallSid=CALL, CallStatus="completed")
        assert ben.night.issue(ben.number).status is Status.TRIGGERED
        ben.night.passes(5 * MINUTE)
        assert "last_resort" in ben.night.kinds(ben.number)


class TestTheMomentsTruth:
    def test_who_picks_up_too_late_hears_who_has_it(self, ben):
        ben.night.answers("ana", issue=ben.number)
        assert ben.hears() == "Nothing to answer any more: Ana has it since 3:10 AM."
        assert ben.is_over

    def test_who_presses_too_late_hears_who_has_it(self, ben):
        ben.hears()
        ben.night.answers("ana", issue=ben.number)
        assert ben.presses("4").startswith("Ana has it since 3:10 AM.")
        assert ben.night.issue(ben.number).holder == "ana"

    def test_who_hesitates_while_somebody_else_takes_it_hears_who_has_it(self, ben):
        ben.hears()
        ben.night.answers("ana", issue=ben.number)
        assert "Ana has it since 3:10 AM." in ben.waits()

    def test_what_was_resolved_meanwhile_is_said_to_be(self, ben):
        ben.night.answers("ana", "resolve", issue=ben.number)
        assert ben.hears().endswith("Issue one zero zero one is resolved.")

    def test_a_responder_who_was_reminded_keeps_it_with_4(self, night, twilio):
        number = night.opens()
        night.answers("ben", issue=number)
        night.passes(30 * MINUTE)
        rung = Rung(night, twilio, number)
        assert "Press 4" in rung.hears()
        assert rung.presses("4").startswith("Issue one zero zero one is yours.")
        night.passes(6 * MINUTE)
        assert night.issue(number).status is Status.ACKNOWLEDGED


class TestSeveralPages:
    @pytest.fixture
    def both_issues(self, night, twilio):
        numbers = night.opens("the plant stands still"), night.opens("the gate does not open")
        for number in numbers:
            night.answers("ana", "pass", issue=number)
        return [Rung(night, twilio, number) for number in numbers]

    def test_the_calls_own_comes_first_and_the_number_of_them_is_said(self, both_issues):
        _, second = both_issues
        assert "on call, 1 of 2: Acme GmbH: the gate does not open." in second.hears()

    def test_the_next_is_offered_after_a_key(self, both_issues):
        first, _ = both_issues
        first.hears()
        assert "the gate does not open" in first.presses("4")

    def test_each_takes_its_own_key(self, night, both_issues):
        first, second = both_issues
        first.hears()
        first.presses("5")
        first.presses("4")
        assert (night.issue(first.number).holder, night.issue(second.number).holder) == (None, "ben")

    def test_a_page_that_was_said_in_this_call_needs_no_call_of_its_own(self, night, both_issues):
        first, second = both_issues
        first.hears()
        first.presses("4")
        assert night.row(second.attempt).status is AttemptStatus.SENT

    def test_one_that_was_not_said_still_rings(self, night, both_issues):
        first, second = both_issues
        for _ in range(3):
            first.hears()
        assert night.row(second.attempt).status is AttemptStatus.QUEUED


class TestReceipts:
    @pytest.mark.parametrize(
        ("status", "becomes"),
        [
            ("initiated", AttemptStatus.SENT),
            ("ringing", AttemptStatus.SENT),
            ("in-progress", AttemptStatus.DELIVERED),
            ("completed", AttemptStatus.DELIVERED),
            ("busy", AttemptStatus.FAILED),
            ("failed", AttemptStatus.FAILED),
            ("no-answer", AttemptStatus.QUEUED),
            ("canceled", AttemptStatus.QUEUED),
            ("a word of next year", AttemptStatus.QUEUED),
        ],
    )
    def test_each_status_of_a_call_moves_it_as_far_as_it_should(self, ben, status, becomes):
        response = ben.twilio.posts(f"/twilio/call-status/{ben.attempt}", CallSid=CALL, CallStatus=status)
        assert response.status_code == 204
        assert ben.night.row(ben.attempt).status is becomes

    def test_busy_moves_on_at_once(self, ben):
        ben.twilio.posts(f"/twilio/call-status/{ben.attempt}", CallSid=CALL, CallStatus="busy")
        assert "last_resort" in ben.night.kinds(ben.number)

    def test_no_answer_is_silence_and_the_level_keeps_its_time(self, ben):
        ben.twilio.posts(f"/twilio/call-status/{ben.attempt}", CallSid=CALL, CallStatus="no-answer")
        assert "last_resort" not in ben.night.kinds(ben.number)

    def test_a_receipt_that_comes_twice_changes_nothing_more(self, ben):
        for _ in range(2):
            ben.twilio.posts(f"/twilio/call-status/{ben.attempt}", CallSid=CALL, CallStatus="busy")
        assert ben.night.kinds(ben.number).count("delivery_failed") == 1


class TestOverTheWire:
    """The same against emulated Twilio, which refuses what Twilio refuses."""

    def test_a_page_is_rung_heard_and_taken(self, connected, sim):
        sim.put(f"/handsets/{BEN}", behaviour="answer", keys=["4"])
        number = connected.opens()
        connected.answers("ana", "pass", issue=number)
        connected.sends()
        heard = sim.wait("handset", number=BEN, heard="is yours")
        assert connected.issue(number).holder == "ben"
        assert re.search(
            "Ben, Example Support on call",
            " ".join(heard["calls"][-1]["heard"] if heard["calls"] else [])
            or " ".join((heard["call"] or {}).get("heard", [])),
        )
        sim.wait("handset", number=BEN, state="idle")
        assert sim.violations() == []

    def test_a_mailbox_takes_nothing(self, connected, sim):
        sim.put(f"/handsets/{BEN}", behaviour="mailbox")
        number = connected.opens()
        connected.answers("ana", "pass", issue=number)
        connected.sends()
        sim.wait("call", to=BEN, status="completed")
        assert connected.issue(number).status is Status.TRIGGERED
        assert sim.violations() == []

    def test_a_busy_phone_moves_on_at_once(self, connected, sim):
        sim.put(f"/handsets/{BEN}", behaviour="busy")
        number = connected.opens()
        connected.answers("ana", "pass", issue=number)
        connected.sends()
        sim.wait("webhook", url_contains=f"call-status/{number}-2", CallStatus="busy")
        assert "last_resort" in connected.kinds(number)

    def test_a_phone_that_rings_out_is_silence(self, connected, sim):
        number = connected.opens()
        connected.answers("ana", "pass", issue=number)
        connected.sends()
        sim.wait("webhook", url_contains=f"call-status/{number}-2", CallStatus="no-answer")
        (call,) = [one for one in connected.pages(number, "ben") if one.method is Method.VOICE]
        assert call.status is AttemptStatus.SENT
