"""A preview says what would change, for whom, and where nobody would be on call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.edits import (
    AddAbsence,
    AddOverride,
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Handoff,
    RemoveParticipant,
    SetWindows,
    Start,
)
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.rotation import Unit
from oncallbot.wording import previews
from oncallbot.wording.previews import LONGEST, preview_text, told_text
from tests.wording.cast import ANA, BEN, BERLIN, DORA, HOSTILE, NIGHT, berlin
from tests.wording.roster import BY_NIGHT, CEM, NIGHTS, PRIMARY, STAFFED, previewed, span

WEEKEND = "Fri 27 Nov 18:00 – Mon 30 Nov 09:00"
NEXT_MON = berlin("2026-11-23 09:00")
CEM_FOR_BEN = AddOverride("primary", Override("cem", *span("2026-11-27 18:00", "2026-11-30 09:00"), "ben"))


def said(*edits, schedule=PRIMARY, **more):
    return preview_text(previewed(*edits, schedule=schedule), edits, STAFFED, BERLIN, **more)


def test_an_override_is_previewed_with_both_people() -> None:
    assert said(CEM_FOR_BEN).lines() == (
        f"Preview, nothing has changed yet: Cem is on call in primary {WEEKEND} instead of Ben.",
        "",
        "primary:",
        f"{WEEKEND}  Ben → Cem",
        "",
        f"Ben: 3 nights fewer ({WEEKEND})",
        f"Cem: 3 nights more ({WEEKEND})",
        "",
        "Times in Europe/Berlin.",
    )


def test_a_change_of_the_rotation_says_when_it_starts_and_shows_the_first_shifts() -> None:
    text = said(AddParticipant("primary", ("dora",)), starts_at=NEXT_MON)
    assert text.title.endswith("Dora joins the rotation primary. It starts after the running shift, Mon 23 Nov 09:00.")
    assert text.rows[:3] == (
        "primary:",
        "Mon 7 Dec 09:00 – Mon 14 Dec 09:00   Ana → Dora",
        "Mon 14 Dec 09:00 – Mon 21 Dec 09:00  Ben → Ana",
    )
    assert text.rows[-1].startswith("… and ")
    assert "Dora: 21 nights more in the next 90 days, from Mon 7 Dec 09:00 on" in text.people
    assert text.gaps == ()


def test_rows_are_of_even_width_so_that_arrows_can_be_read() -> None:
    rows = said(AddParticipant("primary", ("dora",))).rows[1:-1]
    assert len({len(row) - len(row.rpartition("  ")[2].lstrip()) for row in rows}) == 1


def test_an_immediate_change_says_at_once() -> None:
    edit = AddParticipant("primary", ("dora",), starts=Start.IMMEDIATELY)
    assert said(edit, starts_at=NIGHT).title.endswith("It starts at once.")


def test_one_stretch_for_another_is_said_as_such() -> None:
    swap = (
        AddOverride("primary", Override("cem", *span("2026-11-23 09:00", "2026-11-30 09:00"), "ben")),
        AddOverride("primary", Override("ben", *span("2026-11-30 09:00", "2026-12-07 09:00"), "cem")),
    )
    assert said(*swap).people[0] == (
        "Ben: Mon 30 Nov 09:00 – Mon 7 Dec 09:00 instead of Mon 23 Nov 09:00 – Mon 30 Nov 09:00 "
        "(as much as before, at other times)"
    )


def test_a_week_of_nights_is_one_row() -> None:
    order = ChangeRotation("nights", participants=(("ana",), ("cem",), ("ben",)))
    assert said(order, schedule=NIGHTS).rows[1] == "Mon 30 Nov 18:00 – Sat 5 Dec 09:00   Cem → Ana"


def test_days_that_change_between_nights_that_do_not_are_never_one_row() -> None:
    text = said(ChangeRotation("primary", windows=SetWindows(BY_NIGHT)))
    assert text.rows[1].rstrip() == "Mon 23 Nov 09:00 – 18:00             Ben → NOBODY"


def test_gaps_that_would_open_are_loud() -> None:
    text = said(ChangeRotation("primary", participants=(("ana",), ())))
    assert text.gaps[0].startswith("NOBODY WOULD BE ON CALL in primary: Mon 30 Nov 09:00 – Mon 7 Dec 09:00")
    assert any(row.endswith("→ NOBODY") for row in text.rows)


def test_hours_that_are_meant_to_be_empty_are_not_loud() -> None:
    plan = replace(PRIMARY, must_cover=BY_NIGHT)
    text = said(ChangeRotation("primary", windows=SetWindows(BY_NIGHT)), schedule=plan)
    assert text.gaps == ()
    assert text.rows[1].rstrip() == "Mon 23 Nov 09:00 – 18:00             Ben → nobody"


def test_what_changes_nobodys_shifts_says_so() -> None:
    text = said(AddAbsence(Absence("dora", *span("2026-12-24 00:00", "2026-12-27 00:00"))))
    assert text.rows == ("In the next 90 days nobody's shifts would change.",)


def test_a_new_schedule_begins_now() -> None:
    edit = CreateSchedule(
        "weekend", BERLIN, "rotation", (("ana",), ("ben", "cem")), 1, Unit.WEEKS, Handoff(NEXT_MON.time(), 4)
    )
    text = said(edit)
    assert text.rows[1].startswith("now – Fri 27 Nov")
    assert text.rows[1].endswith("nobody → Ana")
    assert text.people[0].endswith("from now on")


def test_a_stale_preview_says_that_this_is_the_new_one() -> None:
    title = said(CEM_FOR_BEN, renewed=previews.CHANGED).title
    assert title.startswith(
        "Somebody changed the schedules meanwhile. This is the new preview, nothing has changed yet"
    )


def test_whoever_loses_and_gains_shifts_reads_it_in_their_own_zone() -> None:
    preview = previewed(CEM_FOR_BEN)
    assert told_text(CEM, preview, STAFFED, "dora", "concert", (CEM_FOR_BEN,)) == (
        "Dora changed who is on call: Cem is on call in primary Fri 27 Nov 18:00 – Mon 30 Nov 09:00 instead of Ben. "
        "You are now on call in primary: Fri 27 Nov 18:00 – Mon 30 Nov 09:00. Times in Europe/Berlin. Reason: concert."
    )
    there = replace(BEN, timezone="America/New_York")
    assert "No longer in primary: Fri 27 Nov 12:00 – Mon 30 Nov 03:00." in told_text(there, preview, STAFFED, "")
    assert told_text(ANA, preview, STAFFED, "dora") == ""


def test_a_message_to_one_person_fits_into_slack_whatever_was_written() -> None:
    preview = previewed(RemoveParticipant("primary", "ben"))
    for words in HOSTILE:
        text = told_text(ANA, preview, STAFFED, "dora", words)
        assert "\n" not in text
        assert len(text) <= LONGEST


@given(st.sampled_from(HOSTILE) | st.text(max_size=300))
def test_a_preview_keeps_to_what_slack_takes_whatever_people_are_called(name) -> None:
    strange = replace(STAFFED, responders={**STAFFED.responders, "dora": replace(DORA, name=f"x{name}")})
    edits = (AddParticipant("primary", ("dora",)),)
    text = preview_text(previewed(*edits), edits, strange, BERLIN)
    assert all("\n" not in line for line in text.lines())
    for part in ((text.title,), text.rows, text.people, text.gaps):
        assert len("\n".join(part)) <= LONGEST


def test_answers_to_a_click_say_what_has_become_of_it() -> None:
    assert previews.confirmed_text((), (), STAFFED) == "Done. Nobody else's shifts change."
    assert previews.confirmed_text(("ben", "cem"), ("ben", "cem"), STAFFED) == "Done. Ben and Cem are told."
    assert "Cem could NOT be told" in previews.confirmed_text(("ben",), ("ben", "cem"), STAFFED)
    assert previews.ended_text(was_confirmed=True) == "That is done already."
    assert "cancelled" in previews.ended_text(was_confirmed=False, was_declined=True)
    assert "newer preview" in previews.ended_text(was_confirmed=False)
    assert "Give the command again" in previews.gone_text()
    assert previews.not_yours_text("ben", STAFFED) == "Only Ben can confirm this. Nothing has changed."
    assert previews.managers_only_text("edit rotations") == "Only managers can edit rotations. Nothing has changed."


def test_what_cannot_be_says_why_and_the_cure() -> None:
    mistake = Mistake("dora does not take part", "see who does, and name one of them")
    assert previews.refused_text(mistake) == (
        "That is not possible: dora does not take part. See who does, and name one of them. Nothing has changed."
    )
    assert previews.problems_text(["tier gold is unknown"]).splitlines()[1] == "- tier gold is unknown"


def test_what_is_so_already_changes_nothing() -> None:
    text = previews.nothing_text((CEM_FOR_BEN,), STAFFED, BERLIN, NIGHT)
    assert text.startswith("Nothing would change, it is so already: Cem is on call in primary")


@pytest.mark.parametrize("words", HOSTILE)
def test_a_refusal_is_one_line(words) -> None:
    assert "\n" not in previews.refused_text(Mistake(words, words))
