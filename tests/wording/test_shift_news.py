"""Who comes and goes reads of it, with what is open; gaps are loud."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oncallbot.oncall.schedule import who
from oncallbot.oncall.stints import Handoff
from oncallbot.wording import shift_news
from tests.wording.cast import ANA, BEN, BERLIN, HOSTILE, NIGHT, TAKEN
from tests.wording.roster import NIGHTS, PRIMARY, STAFFED, span

ANA_TO_BEN = Handoff(NIGHT, ("ana",), ("ben",))
SAT = span("2026-11-21 20:00", "2026-11-22 08:00")


def test_the_handoff_post_names_both_sides_and_what_is_open() -> None:
    assert shift_news.handoff_text("primary", ANA_TO_BEN, [TAKEN], STAFFED, BERLIN, NIGHT).splitlines() == [
        "Handoff in primary: Ben is on call now. Thank you, Ana.",
        "Open:",
        "AH-1042 · Acme (gold) · Ben has it since 03:14 · open since 03:14 · The server is down",
    ]


@pytest.mark.parametrize(
    ("handoff", "said"),
    [
        (Handoff(NIGHT, (), ("ben", "cem")), "Handoff in primary: Ben and Cem are on call now."),
        (Handoff(NIGHT, ("ana",), ()), "Handoff in primary: NOBODY IS ON CALL NOW. Ana had it."),
    ],
)
def test_a_handoff_from_or_to_nobody_says_so(handoff, said) -> None:
    assert shift_news.handoff_text("primary", handoff, [], STAFFED, BERLIN, NIGHT) == f"{said}\nNo issue is open."


def test_each_side_reads_what_the_handoff_is_to_them() -> None:
    comes = shift_news.taking_over_text(BEN, "primary", ANA_TO_BEN, [], STAFFED, NIGHT)
    goes = shift_news.taking_over_text(ANA, "primary", ANA_TO_BEN, [], STAFFED, NIGHT)
    assert comes.startswith("You are on call in primary now. Ana had it before.")
    assert goes.startswith("Your shift in primary is over. Ben has it now.")
    nobody = shift_news.taking_over_text(ANA, "primary", Handoff(NIGHT, ("ana",), ()), [], STAFFED, NIGHT)
    assert "NOBODY IS ON CALL NOW." in nobody


def test_of_many_open_issues_the_first_are_listed() -> None:
    text = shift_news.handoff_text("primary", ANA_TO_BEN, [TAKEN] * 14, STAFFED, BERLIN, NIGHT)
    assert text.splitlines()[-1] == "… and 4 more: /oncall issues"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(days=1), "in 1 day"),
        (timedelta(hours=23, minutes=59), "in 1 day"),
        (timedelta(hours=1), "in 1 h"),
        (timedelta(minutes=42, seconds=10), "in 42 min"),
        (timedelta(seconds=5), "now"),
    ],
)
def test_a_reminder_says_how_long_until_the_shift_begins(before, said) -> None:
    text = shift_news.shift_reminder_text(BEN, "primary", SAT, SAT[0] - before)
    assert text == (
        f"Your shift in primary begins {said}: Sat 21 Nov 20:00 – Sun 22 Nov 08:00. Times in Europe/Berlin."
    )


def test_gaps_are_said_to_managers_by_schedule_with_the_cure() -> None:
    text = shift_news.gaps_text([("primary", [SAT]), ("nights", [])], BERLIN, NIGHT)
    assert text.splitlines() == [
        "COVERAGE GAPS in the next 30 days, NOBODY IS ON CALL:",
        "primary: Sat 21 Nov 20:00 – Sun 22 Nov 08:00",
        "Times in Europe/Berlin. Close a gap: /oncall override <schedule> @who <from> to <until>",
    ]
    assert shift_news.gaps_text([("nights", [])], BERLIN, NIGHT) == ""


@pytest.mark.parametrize("count", [1, 3, 14, 20, 60])
def test_every_schedule_with_gaps_and_the_cure_fit_one_section(count) -> None:
    gaps = [span(f"2026-11-{day} 20:00", f"2026-11-{day + 1} 08:00") for day in range(10, 29)]
    text = shift_news.gaps_text([(f"{'x' * 30}{one}", gaps) for one in range(count)], BERLIN, NIGHT)
    assert len(text) <= 3_000
    assert text.splitlines()[-1].startswith("Times in")
    assert len(text.splitlines()) == 2 + min(count, 20) + (count > 20)


def test_the_week_ahead_is_in_order_and_in_the_readers_zone() -> None:
    monday = ("nights", span("2026-11-23 18:00", "2026-11-24 09:00"))
    text = shift_news.weekly_text(BEN, [monday, ("primary", SAT)], NIGHT)
    assert text.splitlines() == [
        "Your shifts of the next 7 days:",
        "primary: Sat 21 Nov 20:00 – Sun 22 Nov 08:00",
        "nights: Mon 23 Nov 18:00 – Tue 24 Nov 09:00",
        "Times in Europe/Berlin.",
    ]
    assert shift_news.weekly_text(BEN, [], NIGHT) == "You are not on call in the next 7 days."


def test_the_topic_says_who_is_on_call_and_keeps_to_slacks_limit() -> None:
    day = NIGHT + timedelta(hours=10)
    assert shift_news.topic_text([who(PRIMARY, (), NIGHT)], STAFFED, BERLIN, NIGHT) == "On call: Ana"
    both = shift_news.topic_text([who(PRIMARY, (), day), who(NIGHTS, (), day)], STAFFED, BERLIN, day)
    assert both == "On call: primary: Ana · nights: nobody until Mon 18:00"
    assert len(shift_news.topic_text([who(PRIMARY, (), NIGHT)] * 60, STAFFED, BERLIN, NIGHT)) <= 250


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_name_of_a_schedule_stays_on_its_line(words) -> None:
    assert len(shift_news.handoff_text(words, ANA_TO_BEN, [], STAFFED, BERLIN, NIGHT).splitlines()) == 2
