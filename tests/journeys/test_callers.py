"""Who calls, what they do, and where they hang up: every path ends in an issue that a person sees."""

import pytest

from tests.journeys.night import Night

pytestmark = pytest.mark.journey


def test_an_unknown_caller_who_says_nothing_hears_words_and_is_paged_for(street):
    night: Night = street("patient")
    night.stranger.calls()
    night.stranger.hears("We did not hear a message")
    night.ana.is_rung()
    night.stranger.hears("Your issue has the number")
    assert night.issue().status == "triggered"


@pytest.mark.parametrize("shown_as", ["anonymous", "+266696687", ""])
def test_a_withheld_caller_keys_a_number_and_is_told_there(street, shown_as):
    night: Night = street("patient")
    night.spare.will("manual", keys=["0" + night.spare.number.removeprefix("+49") + "#"], speech=["It burns"])
    night.spare.calls(shown_as)
    night.spare.hears("we will page the person on call")
    night.ana.is_rung()
    night.ana.texts("4")
    issue = night.acknowledged(night.ana)
    night.spare.reads(f"Ana has your issue {issue.reference}")
    sent_to = {one["params"].get("To") for one in night.sim.get("/requests") if one["method"] == "POST"}
    assert not sent_to & {"", "anonymous", "+266696687"}


def test_a_withheld_caller_who_keys_nothing_is_paged_for_and_never_texted(street):
    night: Night = street("patient")
    night.spare.calls("anonymous")
    night.spare.hears("Your issue has the number")
    night.ana.is_rung()
    night.ana.texts("4")
    night.acknowledged(night.ana)
    assert night.issue().caller == "anonymous"  # as received
    assert night.spare.inbox == []


def test_a_transcription_that_comes_late_joins_its_issue_and_reaches_the_holder(street):
    night: Night = street("patient")
    transcription = night.fault("hold_callback", match={"purpose": "transcription", "From": night.erik.number})
    night.erik.will("manual", speech=["The cash desk is dead"])
    night.erik.calls()
    night.ana.is_rung()
    night.ana.texts("4")
    issue = night.acknowledged(night.ana)
    transcription.holds()
    assert night.issue().summary != "The cash desk is dead"
    transcription.release()
    night.ana.reads("The cash desk is dead")
    night.until(lambda one: one.summary == "The cash desk is dead")
    assert night.references == [issue.reference]


@pytest.mark.parametrize("transcription", ["failed", "never"])
def test_a_transcription_that_fails_changes_nothing(street, transcription):
    night: Night = street("patient")
    night.erik.will("manual", speech=[{"text": "mumble", "seconds": 5, "transcription": transcription}])
    night.erik.calls()
    night.ana.is_rung()
    night.erik.hears("Your issue has the number")
    issue = night.until(lambda one: one.summary == "Voice message: Message of 5 s")
    assert issue.status == "triggered"
