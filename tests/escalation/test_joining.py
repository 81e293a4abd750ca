"""Another report on an issue that is there already."""

from dataclasses import replace

import pytest

from oncallbot.escalation.effects import TellResponder, TimelineKind
from oncallbot.escalation.events import Reaction, ReportContinued
from oncallbot.escalation.issue import DeadlineKind, Road
from tests.escalation.night import ERIK, FRIDAY_NOON, HOLDS_AT_NIGHT, Night, erik_reports, minutes, pages


def test_a_report_on_a_triggered_issue_is_a_note_and_pages_nobody_anew():
    night = Night()
    night.opens()
    assert night.joins("It got worse", road=Road.TEXT) == []
    assert night.timeline(TimelineKind.REPORTED)[-1].endswith("It got worse")


def test_words_on_an_acknowledged_issue_reach_the_holder_as_a_note():
    night = Night()
    night.opens()
    night.acknowledges("ana")
    assert night.joins("It got worse", road=Road.TEXT) == ["ana note"]
    note = night.last.effects[-1]
    assert isinstance(note, TellResponder)
    assert note.words == "It got worse"


def test_a_call_on_an_acknowledged_issue_rings_the_holder():
    night = Night()
    night.opens()
    night.acknowledges("ana")
    assert night.joins("", road=Road.CALL) == ["ana note", "ana voice"]


def test_a_call_rings_a_holder_who_was_never_paged():
    night = Night()
    night.opens()
    night.acknowledges("cem")
    assert night.joins("", road=Road.CALL) == ["cem note", "cem voice"]


def test_the_call_of_a_holder_without_a_phone_is_still_a_note():
    night = Night(roads=frozenset())
    night.opens()
    night.acknowledges("ana")
    assert night.joins("", road=Road.CALL) == ["ana note"]


def test_a_call_on_a_resolved_issue_triggers_it_again():
    night = Night()
    night.opens()
    night.resolves("ana")
    assert pages(night.joins("", road=Road.CALL)) == ["ana slack", "ana sms"]
    assert night.status == "triggered"


def test_other_words_on_a_resolved_issue_are_a_note_to_its_holder():
    night = Night()
    night.opens()
    night.resolves("ana")
    assert night.joins("Thank you", road=Road.TEXT) == ["ana note"]
    assert night.status == "resolved"


def test_an_urgent_report_triggers_a_held_issue():
    night = Night()
    night.opens(erik_reports(urgent=False))
    assert night.joins("Now everything is down") == ["ana slack", "ana sms", "customer received"]
    assert night.due(DeadlineKind.OPENING) is None


@pytest.mark.parametrize("fields", [{"urgent": False}, {"reaction": Reaction.HOLD}])
def test_a_report_that_can_wait_leaves_a_held_issue_held(fields):
    night = Night()
    night.opens(erik_reports(urgent=False))
    assert night.joins(**fields) == []
    assert night.status == "held"


@pytest.mark.parametrize(("at", "tier"), [(FRIDAY_NOON, {}), (None, {"gold": HOLDS_AT_NIGHT})])
def test_what_would_have_been_held_itself_does_not_trigger_a_held_issue(at, tier):
    night = Night(at, **tier) if at else Night(**tier)
    night.opens()
    assert pages(night.joins()) == []
    assert night.status == "held"


def test_a_contact_that_was_missing_is_learnt_from_a_later_report():
    night = Night()
    night.opens(replace(erik_reports(), contact=""))
    night.joins(road=Road.TEXT)
    assert night.issue.contact == ERIK


def test_a_recording_and_its_transcription_become_the_summary():
    night = Night()
    night.opens(erik_reports("", road=Road.CALL))
    night.records(9)
    assert night.issue.summary == "Voice message: Message of 9 s"
    night.happens(ReportContinued("The lift is stuck", "transcription"))
    assert night.issue.summary == "The lift is stuck"


def test_words_that_the_customer_wrote_are_never_replaced_by_a_transcription():
    night = Night()
    night.opens(erik_reports("Voice messages do not work"))
    night.happens(ReportContinued("hello hello", "transcription"))
    assert night.issue.summary == "Voice messages do not work"


@pytest.mark.parametrize("kind", ["recording", "transcription", "keyed"])
def test_what_a_caller_leaves_after_the_acknowledgement_reaches_the_holder(kind):
    night = Night()
    night.opens(erik_reports("", road=Road.CALL))
    night.acknowledges("ana")
    assert night.happens(ReportContinued("+493023125100", kind, is_message=kind == "recording")) == ["ana note"]


def test_nothing_said_is_no_note():
    night = Night()
    night.opens(erik_reports("", road=Road.CALL))
    night.acknowledges("ana")
    assert night.records(0) == []


def test_a_keyed_number_is_where_the_reporter_is_told():
    night = Night()
    night.opens(erik_reports("", road=Road.CALL))
    night.happens(ReportContinued("+493023125111", "keyed", contact="+493023125111"))
    assert night.issue.contact == "+493023125111"


def test_a_report_on_a_closed_issue_is_kept_and_changes_nothing():
    night = Night()
    night.opens()
    night.dismisses("dora")
    assert night.joins("Hello?") == []
    assert "Came after the issue was closed" in night.timeline(TimelineKind.NOTE)
    assert night.wait(minutes(600)) == []
