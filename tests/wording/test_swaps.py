"""A swap is understood by both people before either agrees; absences are said with their days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from oncallbot.oncall.edits import AddOverride
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.wording import swaps
from oncallbot.wording.commands import parse
from oncallbot.wording.schedule_forms import EndAbsence, Stretch, SwapShifts
from tests.wording.cast import BEN, BERLIN, KNOWN, NIGHT, berlin
from tests.wording.roster import STAFFED, previewed, span

SAT = ("primary", (span("2026-11-21 20:00", "2026-11-22 08:00"),))
MON = ("primary", (span("2026-11-23 09:00", "2026-11-30 09:00"),))
SAT_SAID, MON_SAID = "primary Sat 21 Nov 20:00 – Sun 22 Nov 08:00", "primary Mon 23 Nov 09:00 – Mon 30 Nov 09:00"


def test_whoever_is_asked_reads_what_they_would_give_and_get() -> None:
    assert swaps.swap_asked_text("ana", BEN, SAT, MON, STAFFED, NIGHT, "trip") == (
        f"Ana asks you to swap: you take {SAT_SAID}, Ana takes your {MON_SAID}. "
        "Nothing changes until you accept. Times in Europe/Berlin. Reason: trip."
    )


def test_the_proposer_reads_what_has_become_of_it() -> None:
    sent = swaps.swap_sent_text("ben", SAT, MON, STAFFED, BERLIN, NIGHT)
    assert sent.startswith(f"Ben is asked to swap: Ben takes {SAT_SAID}, you take {MON_SAID}.")
    accepted = swaps.swap_accepted_text("ben", SAT, MON, STAFFED, BERLIN, NIGHT)
    assert accepted == f"Ben has accepted the swap: Ben has {SAT_SAID}, you have {MON_SAID}."
    declined = swaps.swap_declined_text("ben", SAT, STAFFED, BERLIN, NIGHT)
    assert declined == f"Ben has declined the swap: {SAT_SAID} is still yours."


def test_whoever_accepts_reads_that_it_is_so() -> None:
    agreed = swaps.swap_agreed_text("ana", SAT, MON, STAFFED, BERLIN, NIGHT)
    assert agreed == f"Done: you have {SAT_SAID}, Ana has {MON_SAID}. Ana is told."
    assert "does not ask for this swap any more" in swaps.swap_withdrawn_text("ana", STAFFED)


def test_both_peoples_next_weeks_are_shown_before_and_after() -> None:
    swap = previewed(
        AddOverride("primary", Override("cem", *MON[1][0], "ben")),
        AddOverride("primary", Override("ben", *span("2026-11-30 09:00", "2026-12-07 09:00"), "cem")),
    )
    assert swaps.weeks_lines(swap, ("ben", "cem"), STAFFED, BERLIN) == (
        "Ben in primary:",
        "  before: Mon 23 Nov 09:00 – Mon 30 Nov 09:00",
        "  after: Mon 30 Nov 09:00 – Mon 7 Dec 09:00",
        "Cem in primary:",
        "  before: Mon 30 Nov 09:00 – Mon 7 Dec 09:00",
        "  after: Mon 23 Nov 09:00 – Mon 30 Nov 09:00",
    )


def test_a_broken_stint_is_said_in_its_parts_and_who_keeps_the_rest() -> None:
    parts = ("nights", (span("2026-11-23 18:00", "2026-11-25 09:00"), span("2026-11-26 18:00", "2026-11-30 09:00")))
    said = swaps.swap_sent_text("ben", parts, MON, STAFFED, BERLIN, NIGHT)
    assert "Ben takes nights Mon 23 Nov 18:00 – Wed 25 Nov 09:00, Thu 26 Nov 18:00 – Mon 30 Nov 09:00, you" in said
    wednesday = span("2026-11-25 18:00", "2026-11-26 09:00")
    kept = [("ana", wednesday, ("cem",)), ("ben", wednesday, ())]
    assert swaps.kept_lines(kept, STAFFED, BERLIN, NIGHT) == (
        "Of Ana's turn Cem has Wed 25 Nov 18:00 – Thu 26 Nov 09:00: that stays so.",
        "Of Ben's turn nobody has Wed 25 Nov 18:00 – Thu 26 Nov 09:00: that stays so.",
    )


def test_each_choice_of_shifts_is_a_command_that_is_understood() -> None:
    offers = [swaps.shift_offer(name, spans[0][0], BERLIN) for name, spans in (SAT, MON)]
    (choice,) = swaps.swap_choices(offers[:1], offers[1:], "ben")
    assert parse(choice, KNOWN, NIGHT, BERLIN) == SwapShifts("ben", SAT[1][0][0], MON[1][0][0])
    assert f"/oncall {choice}" in swaps.which_swap_text([choice], "ben", STAFFED)
    assert "no two shifts to swap" in swaps.which_swap_text([], "ben", STAFFED)


def test_a_choice_in_the_hour_that_comes_twice_says_which_of_the_two_it_means() -> None:
    monday = MON[1][0][0]
    for at in (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)):
        mine, theirs = (swaps.shift_offer("primary", one, BERLIN) for one in (at, monday))
        (choice,) = swaps.swap_choices([mine], [theirs], "ben")
        assert parse(choice, KNOWN, NIGHT, BERLIN) == SwapShifts("ben", at, monday)


def test_a_stretch_that_is_offered_is_a_command_that_is_understood() -> None:
    running = (NIGHT - timedelta(days=2), MON[1][0][0])
    offers = [swaps.stretch_offer("primary", one, BERLIN, NIGHT) for one in (running, MON[1][0])]
    (choice,) = swaps.swap_choices(offers[:1], offers[1:], "ben")
    assert choice.startswith("swap now to 2026-11-23 09:00 with @ben ")
    read = parse(choice, KNOWN, NIGHT, BERLIN)
    assert read == SwapShifts("ben", Stretch(NIGHT, MON[1][0][0]), Stretch(*MON[1][0]))


def test_who_is_away_is_listed_from_the_first_on() -> None:
    christmas = Absence("ana", berlin("2026-12-24 00:00"), berlin("2026-12-27 00:00"))
    running = Absence("ben", berlin("2026-11-20 00:00"), berlin("2026-11-22 08:00"))
    past = Absence("ben", berlin("2026-11-01 00:00"), berlin("2026-11-02 00:00"))
    assert swaps.absences_lines([christmas, past, running], STAFFED, BERLIN, NIGHT) == (
        "Ben: now – Sun 22 Nov 08:00",
        "Ana: Thu 24 Dec – Sat 26 Dec",
        "Times in Europe/Berlin.",
    )
    assert swaps.absences_lines([past], STAFFED, BERLIN, NIGHT) == ("Nobody is away.",)


def test_which_absence_ends_is_asked_with_commands_that_are_understood() -> None:
    away = [Absence("ben", berlin(f"2026-12-{day} 00:00"), berlin(f"2026-12-{day} 12:00")) for day in (10, 20)]
    lines = swaps.which_absence_text("ben", away, STAFFED, BERLIN, NIGHT).splitlines()
    command = lines[1].removeprefix("/oncall ").partition(" (")[0]
    assert parse(command, KNOWN, NIGHT, BERLIN) == EndAbsence("ben", away[0].start)
    assert swaps.which_absence_text(None, [], STAFFED, BERLIN, NIGHT) == "You are not away, now or later."


def test_whoever_is_not_on_call_then_is_told_how_to_see_who_is() -> None:
    at = berlin("2026-11-23 09:00")
    assert swaps.not_on_call_text("ben", at, STAFFED, BERLIN, NIGHT) == (
        "Ben is not on call at Mon 23 Nov 09:00. /oncall shifts shows who is when."
    )
    assert swaps.not_on_call_text(None, at, STAFFED, BERLIN, NIGHT).startswith("You are not on call")
    assert swaps.not_on_call_in_text("ben", MON[1][0], STAFFED, BERLIN, NIGHT) == (
        "Ben is not on call Mon 23 Nov 09:00 – Mon 30 Nov 09:00. /oncall shifts shows who is when."
    )
