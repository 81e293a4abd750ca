"""A customer's call to the hotline: what is said, what is opened, and that every end is seen by a person."""

import xml.etree.ElementTree as ET

import pytest

from oncallbot.escalation.issue import Stage, Status
from oncallbot.storage import issues, reports
from tests.engine.stage import BETA, ERIK, HOTLINE, MINUTE, NO_HOTLINE, NOON, OFFICE, SECOND, STRANGER, at_once

SID = "CA1"


def verbs(twiml: str) -> list[str]:
    return [one.tag for one in ET.fromstring(twiml)]


def said(twiml: str) -> str:
    return " ".join(one.text or "" for one in ET.fromstring(twiml).iter("Say"))


def spoken_in(twiml: str) -> set[str]:
    return {one.get("language", "") for one in ET.fromstring(twiml).iter("Say")}


def open_ones(night):
    with night.database.read() as connection:
        return issues.open_ones(connection)


def the_issue(night):
    (issue,) = open_ones(night)
    return issue


class TestAfterHours:
    def test_a_known_customer_is_paged_for_before_a_word_is_said(self, night, twilio):
        twilio.calls(from_=BETA)
        issue = the_issue(night)
        assert (issue.customer, issue.stage) == ("beta", Stage.LEVEL)
        assert len(night.pages(issue.number)) == 1

    def test_a_known_customer_hears_that_we_page_and_leaves_a_message(self, twilio):
        twiml = twilio.calls(from_=BETA)
        assert verbs(twiml) == ["Say", "Say", "Record", "Redirect"]
        assert "we are paging the person on call" in said(twiml)

    def test_the_recording_is_announced_before_it_begins(self, twilio):
        assert "Your message will be recorded" in said(twilio.calls(from_=BETA))

    def test_an_unknown_caller_is_not_paged_for_yet_and_hears_so(self, night, twilio):
        twiml = twilio.calls(from_=STRANGER)
        assert "we will page the person on call as soon as we know what happened" in said(twiml)
        assert the_issue(night).stage is Stage.WAITING

    def test_an_unknown_callers_message_pages(self, night, twilio):
        twilio.calls(from_=STRANGER)
        leaves_message(twilio)
        assert the_issue(night).stage is Stage.LEVEL

    def test_an_unknown_caller_who_only_waits_is_paged_for_after_a_minute(self, night, twilio):
        twilio.calls(from_=STRANGER)
        night.passes(60 * SECOND)
        assert the_issue(night).stage is Stage.LEVEL

    @pytest.mark.parametrize("caller", ["", "anonymous", "+266696687", "Restricted"])
    def test_a_withheld_caller_is_asked_for_a_number(self, night, twilio, caller):
        twiml = twilio.calls(from_=caller)
        assert verbs(twiml) == ["Gather", "Redirect"]
        assert the_issue(night).contact == ""

    def test_the_number_that_is_keyed_can_be_told_things(self, night, twilio):
        twilio.calls(from_="anonymous")
        twiml = twilio.posts("/twilio/hotline/number", CallSid=SID, Digits="03023125700").text
        assert verbs(twiml) == ["Say", "Record", "Redirect"]
        assert the_issue(night).contact == STRANGER

    def test_keying_nothing_still_ends_in_a_message(self, night, twilio):
        twilio.calls(from_="anonymous")
        twiml = twilio.posts("/twilio/hotline/number?empty=1", CallSid=SID, Digits="").text
        assert "Record" in verbs(twiml)
        assert the_issue(night).contact == ""

    def test_a_caller_with_an_open_issue_hears_its_number(self, night, twilio):
        twilio.calls(from_=BETA)
        twiml = twilio.calls(from_=BETA, sid="CA2")
        assert "We know your issue one zero zero one." in said(twiml)
        assert len(open_ones(night)) == 1


class TestLanguage:
    def test_a_german_customer_hears_german(self, twilio):
        twiml = twilio.calls(from_=ERIK)
        assert spoken_in(twiml) == {"de-DE"}
        assert "rufen gerade die Bereitschaft" in said(twiml)

    def test_a_language_that_we_do_not_speak_becomes_the_hotlines_first(self, twilio):
        assert spoken_in(twilio.calls(from_=BETA)) == {"en-US"}

    def test_a_stranger_hears_the_hotlines_first(self, twilio):
        assert spoken_in(twilio.calls(from_=STRANGER)) == {"en-US"}


class TestWhoIsNotServed:
    def test_a_call_for_a_number_of_no_hotline_is_rejected(self, night, twilio):
        assert verbs(twilio.calls(to=NO_HOTLINE)) == ["Reject"]
        assert open_ones(night) == []

    def test_a_call_from_the_hotlines_own_number_is_rejected(self, night, twilio):
        assert verbs(twilio.calls(from_=HOTLINE)) == ["Reject"]
        assert open_ones(night) == []

    def test_a_step_of_a_call_that_we_do_not_know_ends_it(self, twilio):
        assert verbs(twilio.posts("/twilio/hotline/message", CallSid="CA99").text) == ["Hangup"]


class TestMessage:
    def test_the_caller_hears_the_number_and_the_promise(self, twilio):
        twilio.calls(from_=BETA)
        twiml = leaves_message(twilio)
        assert "Your issue has the number one zero zero one." in said(twiml)
        assert "You will hear from us by" in said(twiml)
        assert verbs(twiml)[-1] == "Hangup"

    def test_the_recording_is_kept_with_the_report(self, night, twilio):
        twilio.calls(from_=BETA)
        leaves_message(twilio)
        with night.database.read() as connection:
            (report,) = reports.of_call(connection, SID)
        assert (report.recording_url, report.recording_seconds) == ("https://api.example/RE1", 7)

    def test_an_empty_recording_ends_with_words_and_a_page(self, night, twilio):
        twilio.calls(from_=STRANGER)
        twiml = twilio.posts("/twilio/hotline/message?empty=1", CallSid=SID).text
        assert "We did not hear a message." in said(twiml)
        assert the_issue(night).stage is Stage.LEVEL

    def test_the_transcription_joins_the_same_issue(self, night, twilio):
        twilio.calls(from_=BETA)
        leaves_message(twilio)
        form = {"CallSid": SID, "RecordingSid": "RE1", "TranscriptionStatus": "completed"}
        twilio.posts("/twilio/hotline/transcript", TranscriptionText="The pump has stopped", **form)
        assert the_issue(night).summary == "The pump has stopped"

    def test_a_failed_transcription_changes_nothing(self, night, twilio):
        twilio.calls(from_=BETA)
        leaves_message(twilio)
        form = {"CallSid": SID, "RecordingSid": "RE1", "TranscriptionStatus": "failed"}
        before = the_issue(night).summary
        assert twilio.posts("/twilio/hotline/transcript", TranscriptionText="", **form).status_code == 204
        assert the_issue(night).summary == before

    def test_a_recording_whose_action_never_came_is_kept(self, night, twilio):
        twilio.calls(from_=STRANGER)
        form = {"CallSid": SID, "RecordingUrl": "https://api.example/RE1", "RecordingDuration": "7"}
        assert twilio.posts("/twilio/hotline/recording", **form).status_code == 204
        assert the_issue(night).stage is Stage.LEVEL

    def test_a_message_that_came_after_the_hang_up_is_kept(self, night, twilio):
        twilio.calls(from_=STRANGER)
        night.clock.moves(20 * SECOND)
        hangs_up(twilio)
        leaves_message(twilio)
        with night.database.read() as connection:
            (report,) = reports.of_call(connection, SID)
        assert report.recording_url == "https://api.example/RE1"


class TestHangingUp:
    def test_the_issue_stays_and_is_paged(self, night, twilio):
        twilio.calls(from_=STRANGER)
        night.clock.moves(10 * SECOND)
        hangs_up(twilio)
        assert the_issue(night).stage is Stage.LEVEL

    def test_an_unknown_caller_who_leaves_within_three_seconds_is_turned_away(self, night, twilio):
        twilio.calls(from_=STRANGER)
        night.clock.moves(2 * SECOND)
        hangs_up(twilio)
        assert open_ones(night) == []
        assert "turned_away" in night.kinds(1001)

    def test_a_known_customer_who_leaves_within_three_seconds_is_still_paged_for(self, night, twilio):
        twilio.calls(from_=BETA)
        hangs_up(twilio)
        assert the_issue(night).status is Status.TRIGGERED

    def test_a_redial_within_minutes_is_the_same_issue(self, night, twilio):
        twilio.calls(from_=STRANGER)
        night.clock.moves(10 * SECOND)
        hangs_up(twilio)
        night.clock.moves(2 * MINUTE)
        twilio.calls(from_=STRANGER, sid="CA2")
        assert len(open_ones(night)) == 1

    def test_the_numbers_own_status_callback_may_point_at_the_voice_door(self, night, twilio):
        twilio.calls(from_=STRANGER)
        night.clock.moves(10 * SECOND)
        twilio.calls(from_=STRANGER, CallStatus="completed")
        assert the_issue(night).stage is Stage.LEVEL


class TestOfficeHours:
    @pytest.fixture(autouse=True)
    def _noon(self, night):
        night.clock.sets(at=NOON)

    def test_the_office_is_dialled(self, night, twilio):
        twiml = twilio.calls(from_=BETA)
        (dial,) = ET.fromstring(twiml).iter("Dial")
        assert [number.text for number in dial] == [OFFICE]
        assert (dial.get("timeout"), dial.get("callerId")) == ("25", HOTLINE)
        assert open_ones(night) == []

    def test_a_call_that_the_office_took_is_no_issue(self, night, twilio):
        twilio.calls(from_=BETA)
        twiml = dial_ends(twilio, "completed", DialBridged="true")
        hangs_up(twilio)
        assert (verbs(twiml), open_ones(night)) == (["Hangup"], [])

    def test_nobody_is_turned_away_when_the_office_does_not_answer(self, night, twilio):
        twilio.calls(from_=BETA)
        twiml = dial_ends(twilio, "no-answer")
        assert "nobody could take your call" in said(twiml)
        assert "Record" in verbs(twiml)
        assert the_issue(night).status is Status.HELD

    def test_completed_without_a_bridge_is_no_talk(self, night, twilio):
        twilio.calls(from_=BETA)
        dial_ends(twilio, "completed", DialBridged="false")
        assert the_issue(night).status is Status.HELD

    def test_who_hangs_up_while_the_office_rings_leaves_an_issue(self, night, twilio):
        twilio.calls(from_=BETA)
        hangs_up(twilio)
        assert the_issue(night).status is Status.HELD


class TestReplays:
    def test_the_first_webhook_again_gets_the_identical_body(self, night, twilio):
        bodies = {twilio.calls(from_=BETA) for _ in range(3)}
        assert len(bodies) == 1
        assert len(night.pages(the_issue(night).number)) == 1

    def test_two_at_once_get_the_identical_body(self, night, twilio):
        bodies = at_once(*[lambda: twilio.calls(from_=BETA)] * 4)
        assert len(set(bodies)) == 1
        assert len(open_ones(night)) == 1

    def test_the_message_again_gets_the_identical_body(self, night, twilio):
        twilio.calls(from_=BETA)
        first = leaves_message(twilio)
        night.clock.moves(5 * MINUTE)
        assert leaves_message(twilio) == first
        assert sum("Message of 7 s" in text for text in night.texts(1001, "reported")) == 1

    def test_hanging_up_twice_is_once(self, night, twilio):
        twilio.calls(from_=BETA)
        hangs_up(twilio)
        hangs_up(twilio)
        assert sum("hung up" in text for text in night.texts(1001, "reported")) == 1


class TestWhenTheHotlineIsRemovedMeanwhile:
    def test_the_caller_is_not_met_with_an_error_and_the_message_is_kept(self, night, twilio):
        twilio.calls(from_=BETA)
        night.loses("hotline", "main")
        twiml = leaves_message(twilio)
        assert verbs(twiml)[-1] == "Hangup"
        with night.database.read() as connection:
            (report,) = reports.of_call(connection, SID)
        assert report.recording_url == "https://api.example/RE1"


class TestOverTheWire:
    def test_a_call_from_greeting_to_transcription(self, connected, sim):
        sim.put(f"/handsets/{BETA}", speech=[{"text": "The pump has stopped", "seconds": 3}])
        sim.post(f"/handsets/{BETA}/call", to=HOTLINE)
        sim.wait("webhook", purpose="transcription")
        issue = the_issue(connected)
        assert (issue.customer, issue.summary) == ("beta", "The pump has stopped")
        sim.wait("handset", number=BETA, state="idle")
        assert sim.violations() == []

    def test_an_empty_recording_still_ends_with_words(self, connected, sim):
        sim.post(f"/handsets/{STRANGER}/call", to=HOTLINE)
        sim.wait("handset", number=STRANGER, heard="We did not hear a message.")
        assert the_issue(connected).stage is Stage.LEVEL
        assert sim.violations() == []

    def test_a_withheld_caller_keys_a_number(self, connected, sim):
        sim.put(f"/handsets/{STRANGER}", keys=["03023125700#"], speech=["Help"])
        sim.post(f"/handsets/{STRANGER}/call", to=HOTLINE, **{"from": "anonymous"})
        sim.wait("handset", number=STRANGER, heard="a number to call you back")
        assert the_issue(connected).contact == STRANGER
        assert sim.violations() == []


def leaves_message(twilio) -> str:
    form = {"CallSid": SID, "RecordingUrl": "https://api.example/RE1", "RecordingDuration": "7"}
    response = twilio.posts("/twilio/hotline/message", **form)
    assert response.status_code == 200, response.text
    return response.text


def hangs_up(twilio) -> None:
    assert twilio.posts("/twilio/hotline/ended", CallSid=SID, CallStatus="completed").status_code == 204


def dial_ends(twilio, status: str, **more: str) -> str:
    return twilio.posts("/twilio/hotline/office-ended", CallSid=SID, DialCallStatus=status, **more).text
