"""The night itself, by every road in and every road back."""

import httpx
import pytest

from tests.journeys.night import Night

pytestmark = pytest.mark.journey


def test_the_first_lets_it_ring_and_the_second_takes_it_by_key(street):
    night: Night = street("quick")
    night.ana.will("ring_out")
    night.ben.will("answer", keys=["4"])
    night.erik.will("manual", speech=["Nobody can order"])
    night.erik.calls()
    night.erik.hears("we are paging the person on call")
    night.ana.is_rung()
    night.erik.hears("Your issue has the number")
    issue = night.acknowledged(night.ben)
    night.ben.hears("is yours")
    night.ana.reads(f"Ben has {issue.reference} since")
    night.erik.reads(f"we have your report {issue.reference}")
    night.erik.reads(f"Ben has your issue {issue.reference} and will call you by")
    assert (issue.level, issue.loop, issue.customer) == (2, 1, f"acme{night.street}")
    assert issue.kinds.count("level_started") == 2
    assert night.ben.rang == 1


def test_a_text_is_answered_once_with_its_reference_and_taken_by_a_text(street):
    night: Night = street("patient")
    night.erik.texts("Nobody can log in")
    reference = night.until(lambda one: one.status == "triggered").reference
    assert reference in night.erik.reads("we have your report")
    night.ana.reads(f"{reference} Acme: Nobody can log in. Reply 4 ack, 5 pass, 6 resolve.")
    night.ana.is_rung()
    night.ana.texts("4")
    night.ana.reads(f"{reference} is yours.")
    night.acknowledged(night.ana)
    night.erik.reads(f"Ana has your issue {reference}")
    night.ana.is_free(calls=1)
    assert len(night.erik.inbox) == 2
    assert night.ben.inbox == []


def test_further_texts_join_and_reach_the_holder_as_notes_without_new_pages(street):
    night: Night = street("patient")
    night.erik.texts("Nobody can log in")
    night.ana.reads("Nobody can log in")
    night.erik.texts("It is worse now")
    night.erik.texts("", media=("https://example.invalid/screen.png",))
    issue = night.until(lambda one: one.kinds.count("reported") == 3)
    night.ana.texts(f"ack {issue.number}")
    night.acknowledged(night.ana)
    night.erik.texts("Any news?")
    night.ana.reads("Any news?")
    assert night.references == [issue.reference]
    assert issue.kinds.count("paged") == 1
    assert sum("we have your report" in text for text in night.erik.inbox) == 1


def test_a_bare_4_asks_which_of_two_and_a_reference_says(street):
    night: Night = street("patient")
    night.erik.texts("Printer on fire")
    night.ana.reads("Printer on fire")
    night.frida.texts("Door is locked")
    night.ana.reads("Door is locked")
    first, second = night.references
    night.ana.texts("4")
    night.ana.reads(f"Which? 4 {first[3:]} or 4 {second[3:]}")
    night.ana.texts(f"4 {second[3:]}")
    night.ana.reads(f"{second} is yours.")
    night.acknowledged(night.ana, reference=second)
    assert night.issue(first).status == "triggered"
    night.ana.texts("4")
    night.acknowledged(night.ana, reference=first)


def test_a_webhook_pages_after_its_commit_and_its_key_joins(street):
    night: Night = street("patient")
    name, hotline = f"monitor{night.street}", f"main{night.street}"
    added = night.house.command("webhook", "add", name, "--hotline", hotline, "--json")
    url = added.answer["url"]
    report = {"summary": "Disk full", "dedup_key": "disk", "phone": night.erik.number}
    with httpx.Client(trust_env=False, verify=False) as http:
        first, again = http.post(url, json=report), http.post(url, json=report)
        wrong = http.post(url, json={"summry": "?"})
    assert (first.status_code, again.status_code, wrong.status_code) == (202, 202, 422)
    assert [first.json()["joined"], again.json()["joined"]] == [False, True]
    reference = first.json()["reference"]
    assert night.references == [reference]
    night.ana.reads(f"{reference} Acme: Disk full.")
    night.ana.texts("ACK")
    night.acknowledged(night.ana)
    night.erik.reads(f"Ana has your issue {reference}")
    night.house.command("webhook", "revoke", name)
    assert httpx.post(url, json=report, trust_env=False, verify=False).status_code == 404


def test_a_page_from_the_command_line_is_taken_and_resolved_from_it(street):
    night: Night = street("patient")
    house = night.house
    reference = house.shell("page", "Checkout is down", "--hotline", f"main{night.street}").said.strip()
    night.ana.is_rung()
    taken = house.shell("acknowledge", reference, "--as", night.ben.id, "--json")
    assert (taken.code, taken.answer["outcome"], taken.answer["acknowledged_by"]) == (0, "acknowledged", night.ben.id)
    night.ana.is_free(calls=1)
    night.ana.reads(f"Ben has {reference} since")
    late = house.command("acknowledge", reference, "--as", night.ana.id, "--json")
    assert (late.code, late.answer["outcome"]) == (1, "already_taken")
    resolved = house.command("resolve", reference, "--as", night.ben.id, "--json")
    assert (resolved.code, resolved.answer["outcome"]) == (0, "resolved")
    assert night.issue(reference).status == "resolved"


def test_passing_on_pages_the_next_level_at_once(street):
    night: Night = street("calls only")
    night.ana.will("answer", keys=["5"])
    night.ben.will("answer", keys=["4"])
    night.page()
    issue = night.acknowledged(night.ben)
    night.ana.hears("is passed on")
    assert issue.said("passed_on") == ["Ana passed, by key"]


def test_a_call_reopens_a_resolved_issue_and_pages_its_last_holder_first(street):
    night: Night = street("patient")
    night.erik.texts("Nobody can log in")
    night.ana.reads("Nobody can log in")
    night.ana.is_rung()
    reference = night.references[0]
    night.ben.texts(f"6 {reference}")
    night.ben.reads(f"{reference} is resolved.")
    night.erik.reads(f"Ben says that {reference} is fixed")
    night.ana.reads(f"Ben resolved {reference}.")
    before = night.ana.rang
    night.erik.calls()
    night.ben.is_rung()
    issue = night.until(lambda one: "reopened" in one.kinds)
    night.ben.will("answer", keys=["4"])
    assert (issue.reference, issue.status) == (reference, "triggered")
    assert night.ana.rang == before


def test_silence_pages_the_last_resort_tells_the_truth_and_never_stops(street):
    night: Night = street("short loops")
    for phone in (night.ana, night.ben):
        phone.will("ring_out")
    night.erik.will("manual", speech=["Nobody can order"])
    night.erik.calls()
    issue = night.until(lambda one: one.loop == 2)
    night.dora.reads("NOBODY HAS ANSWERED")
    night.dora.reads("Reply 4 ack")
    night.erik.reads("We keep trying")
    assert {"loop_ended", "last_resort"} <= set(issue.kinds)
    night.ana.texts(f"4 {issue.number}")
    night.acknowledged(night.ana)
    night.dora.reads(f"Ana has {issue.reference}")
    night.ben.reads(f"Ana has {issue.reference}")


def test_stop_opens_nothing_and_whoever_said_it_is_texted_no_more(street):
    night: Night = street("patient")
    night.stranger.texts("STOP")
    night.erik.texts("Nobody can log in")
    reference = night.until(lambda one: one.status == "triggered").reference
    night.erik.reads("we have your report")
    night.erik.texts("Stop")
    night.until(lambda one: "The customer asked for no more texts" in one.said("note"))
    night.ana.texts("4")
    night.acknowledged(night.ana)
    issue = night.until(lambda one: any("asked for no more texts:" in text for text in one.said("note")))
    assert night.references == [reference]
    assert night.requests("Messages", night.erik) == []
    assert night.requests("Messages", night.stranger) == []
    assert issue.acknowledged_by == night.ana.id
