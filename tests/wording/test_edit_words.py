"""An order is said in words, with people's names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from oncallbot.oncall.editing import Roster, edited
from oncallbot.oncall.edits import (
    AddAbsence,
    AddOverride,
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Handoff,
    RemoveAbsence,
    RemoveOverride,
    RemoveParticipant,
    SetWindows,
)
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.week import parse_window
from oncallbot.oncall.windows import Outside
from oncallbot.wording.edit_words import because, edit_text, holidays_text, hours_lines, rotation_lines, weekly_text
from oncallbot.wording.rotation_words import read_windows
from tests.wording.cast import BERLIN, HOSTILE, NIGHT, OFFICE, berlin
from tests.wording.roster import NIGHTS, PRIMARY, STAFFED

FRI, MON = berlin("2026-11-27 18:00"), berlin("2026-11-30 09:00")
BEN_FOR_ANA = Override("ben", FRI, MON, "ana")
AWAY = Absence("ana", berlin("2026-12-24 00:00"), berlin("2026-12-27 00:00"))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (AddParticipant("primary", ("dora",)), "Dora joins the rotation primary"),
        (AddParticipant("primary", ("ben", "dora"), "weekly"), "Ben + Dora join the rotation primary/weekly"),
        (AddParticipant("primary", ()), "an empty turn joins the rotation primary"),
        (RemoveParticipant("primary", "ben"), "Ben leaves the rotation primary"),
        (
            ChangeRotation("primary", participants=(("cem",), ("ana", "ben"), ())),
            "the rotation primary: a new order, Cem, Ana + Ben, nobody",
        ),
        (
            ChangeRotation("primary", every=(2, Unit.WEEKS), handoff=Handoff(time(10), 1)),
            "the rotation primary: a new shift every 2 weeks; handoff at Tue 10:00",
        ),
        (ChangeRotation("primary", windows=SetWindows(None)), "the rotation primary: it counts always"),
        (
            ChangeRotation("primary", windows=SetWindows(Outside(OFFICE))),
            "the rotation primary: it counts outside the office hours berlin",
        ),
        (
            CreateSchedule("weekend", BERLIN, "rotation", (("ana",), ()), 1, Unit.MONTHS, Handoff(time(9), day=1)),
            (
                "a new schedule weekend: every month from day 1 of the month, 09:00 in Europe/Berlin, "
                "in this order: Ana, nobody"
            ),
        ),
        (
            AddOverride("primary", BEN_FOR_ANA),
            "Ben is on call in primary Fri 27 Nov 18:00 – Mon 30 Nov 09:00 instead of Ana",
        ),
        (
            RemoveOverride("primary", replace(BEN_FOR_ANA, instead_of=None)),
            "no more: Ben is on call in primary Fri 27 Nov 18:00 – Mon 30 Nov 09:00",
        ),
        (AddAbsence(AWAY), "Ana is away Thu 24 Dec – Sat 26 Dec"),
        (RemoveAbsence(AWAY), "Ana is not away Thu 24 Dec – Sat 26 Dec"),
    ],
)
def test_an_order_is_said_in_words(edit, said) -> None:
    assert edit_text(edit, STAFFED, BERLIN, NIGHT) == said


@pytest.mark.parametrize("text", ["mon-fri 18:00-09:00, sat-sun", "fri-mon", "mon,wed 10:00-24:00", "mon-sun", "tue"])
def test_windows_are_said_as_a_command_reads_them(text) -> None:
    windows = read_windows(text)
    assert isinstance(windows, tuple)
    assert weekly_text(windows) == text


def test_no_windows_are_never() -> None:
    assert weekly_text(()) == "never"


def test_a_rotation_is_shown_with_what_is_to_come() -> None:
    after = edited(Roster({"primary": PRIMARY}), AddParticipant("primary", ("dora",)), NIGHT)
    assert isinstance(after, Roster)
    overridden = edited(after, AddOverride("primary", BEN_FOR_ANA), NIGHT)
    assert isinstance(overridden, Roster)
    assert rotation_lines(overridden.schedules["primary"], None, STAFFED, BERLIN, NIGHT) == (
        "primary (Europe/Berlin)",
        "weekly: every week at Mon 09:00, always; Ana, Ben, Cem",
        "from Mon 23 Nov 09:00: every week at Mon 09:00, always; Ben, Cem, Dora, Ana",
        "Override: Ben is on call in primary Fri 27 Nov 18:00 – Mon 30 Nov 09:00 instead of Ana",
        "Times in Europe/Berlin.",
    )


def test_only_the_layer_that_is_asked_for_is_shown() -> None:
    assert rotation_lines(NIGHTS, "weekly", STAFFED, BERLIN, NIGHT)[1].startswith(
        "weekly: every week at Mon 09:00, mon-fri"
    )
    assert len(rotation_lines(NIGHTS, "other", STAFFED, BERLIN, NIGHT)) == 2


def test_office_hours_are_shown_with_the_days_to_come() -> None:
    days = frozenset({date(2026, 12, 24), date(2025, 12, 24)})
    hours = replace(OFFICE, closed=days, opened=((date(2026, 12, 19), ((600, 840),)),))
    assert hours_lines([hours], NIGHT) == (
        "berlin (Europe/Berlin): mon-fri 09:00-18:00",
        "closed: 2026-12-24",
        "opened: 2026-12-19 10:00-14:00",
        "no public holidays",
    )
    assert hours_lines([], NIGHT) == ("No office hours are configured.",)
    assert holidays_text("DE", "BE") == "public holidays of DE, BE"
    assert holidays_text(None, None) == "no public holidays"


def test_an_office_that_never_opens_says_so() -> None:
    assert hours_lines([replace(OFFICE, open=())], NIGHT)[0] == "berlin (Europe/Berlin): never"
    assert weekly_text((parse_window("sat 10:00-14:00"),)) == "sat 10:00-14:00"


@pytest.mark.parametrize("words", HOSTILE)
def test_a_reason_is_one_line_of_bounded_length(words) -> None:
    said = because(words)
    assert "\n" not in said
    assert len(said) <= 220


def test_no_reason_says_nothing() -> None:
    assert because(" ") == ""
    assert because("concert.") == " Reason: concert."
