"""Commands about rotations are what was typed, or are answered with what fits."""

from __future__ import annotations

from datetime import time

import pytest

from oncallbot.oncall.edits import (
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Handoff,
    RemoveParticipant,
    SetWindows,
    Start,
)
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.week import parse_window
from oncallbot.oncall.windows import Outside, Weekly
from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.commands import parse
from oncallbot.wording.schedule_forms import EditRotation, OpenRotation, OrderFairest, ShowRotation
from tests.wording.cast import BERLIN, KNOWN, NIGHT, OFFICE

NOW, FULL = Start.IMMEDIATELY, Start.AFTER_FULL_ROTATION
MON_9, FRI_18 = Handoff(time(9), 0), Handoff(time(18), 4)
ORDER = (("ana",), ("ben",), ("dora",))


def read(text: str):
    return parse(text, KNOWN, NIGHT, BERLIN)


def windows(*texts: str) -> SetWindows:
    return SetWindows(Weekly(tuple(parse_window(one) for one in texts)))


def created(*participants, every=(1, Unit.WEEKS), handoff=FRI_18, tz=BERLIN, windows=None) -> CreateSchedule:
    return CreateSchedule("weekend", tz, "rotation", participants, every[0], every[1], handoff, windows)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("rotation", OpenRotation()),
        ("rotation primary", OpenRotation("primary")),
        ("rota Primary", OpenRotation("primary")),
        ("rotation backup", OpenRotation("backup")),
        ("rotation backup/nights", OpenRotation("backup", "nights")),
        ("rotation show primary", ShowRotation("primary")),
        ("show rotation primary", ShowRotation("primary")),
        ("rotation primary show", ShowRotation("primary")),
        ("rotation order primary fairest", OrderFairest("primary")),
        ("rotation order primary --fairest now", OrderFairest("primary", None, NOW)),
        ("rotation order backup/days fairest", OrderFairest("backup", "days")),
    ],
)
def test_a_question_about_a_rotation_is_understood(text, command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("rotation add primary @dora", AddParticipant("primary", ("dora",))),
        ("rotation add @dora to primary", AddParticipant("primary", ("dora",))),
        ("rotation primary add Dora Lind", AddParticipant("primary", ("dora",))),
        ("rotation add primary me", AddParticipant("primary", ("dora",))),
        ("Rotation Add “primary” <@U0ANA00001|ana r>", AddParticipant("primary", ("ana",))),
        ("rotation add primary @ana + @ben", AddParticipant("primary", ("ana", "ben"))),
        ("rotation add primary nobody", AddParticipant("primary", ())),
        ("rotation add primary @dora now", AddParticipant("primary", ("dora",), None, NOW)),
        ("rotation add primary @dora after this shift", AddParticipant("primary", ("dora",))),
        ("rotation add primary @dora after a full rotation.", AddParticipant("primary", ("dora",), None, FULL)),
        ("rotation add backup/nights @dora", AddParticipant("backup", ("dora",), "nights")),
        ("rotation remove primary @ben", RemoveParticipant("primary", "ben")),
        ("rotation remove ben from primary immediately", RemoveParticipant("primary", "ben", None, NOW)),
        ("rotation order primary @ana @ben @dora", ChangeRotation("primary", participants=ORDER)),
        ("rotation order primary ana, ben then dora", ChangeRotation("primary", participants=ORDER)),
        ("rotation order primary Ana Ruiz, Ben and Dora Lind", ChangeRotation("primary", participants=ORDER)),
        (
            "rotation order primary @ana+@ben nobody dora",
            ChangeRotation("primary", participants=(("ana", "ben"), (), ("dora",))),
        ),
        ("rotation handoff primary Tue 10:00", ChangeRotation("primary", handoff=Handoff(time(10), 1))),
        ("rotation handoff primary to tuesday at 10am", ChangeRotation("primary", handoff=Handoff(time(10), 1))),
        ("rotation handoff primary 10:00", ChangeRotation("primary", handoff=Handoff(time(10)))),
        ("rotation handoff primary on the 1st at 09:00", ChangeRotation("primary", handoff=Handoff(time(9), day=1))),
        ("rotation every primary 2 weeks", ChangeRotation("primary", every=(2, Unit.WEEKS))),
        ("rotation primary every two weeks", ChangeRotation("primary", every=(2, Unit.WEEKS))),
        ("rotation every primary week", ChangeRotation("primary", every=(1, Unit.WEEKS))),
        ("rotation every primary 12h now", ChangeRotation("primary", every=(12, Unit.HOURS), starts=NOW)),
        ("rotation every primary daily", ChangeRotation("primary", every=(1, Unit.DAYS))),
        ("rotation windows primary always", ChangeRotation("primary", windows=SetWindows(None))),
        ("rotation windows primary outside berlin", ChangeRotation("primary", windows=SetWindows(Outside(OFFICE)))),
        (
            "rotation windows primary mon-fri 18:00-09:00, sat-sun",
            ChangeRotation("primary", windows=windows("mon-fri 18:00-09:00", "sat-sun")),
        ),
        (
            "rotation windows primary weekdays 18:00 to 09:00 and weekends",
            ChangeRotation("primary", windows=windows("mon-fri 18:00-09:00", "sat-sun")),
        ),
        (
            "rotation windows primary mon,wed 18:00–20:00",
            ChangeRotation("primary", windows=windows("mon,wed 18:00-20:00")),
        ),
    ],
)
def test_a_change_of_a_rotation_is_understood(text, edit) -> None:
    assert read(text) == EditRotation(edit)


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("rotation create weekend every 1 week at Fri 18:00 @ana @ben", created(("ana",), ("ben",))),
        ("create rotation weekend @ana, @ben weekly on Fri at 18:00", created(("ana",), ("ben",))),
        ("rotation create weekend every week at Fri 18:00 ana ben", created(("ana",), ("ben",))),
        (
            "rotation create weekend every 2 weeks at Mon 09:00 @ana+@ben nobody @dora",
            created(("ana", "ben"), (), ("dora",), every=(2, Unit.WEEKS), handoff=MON_9),
        ),
        (
            "rotation create weekend daily at 09:00 @ana in europe/london",
            created(("ana",), every=(1, Unit.DAYS), handoff=Handoff(time(9)), tz="Europe/London"),
        ),
        (
            "rotation create weekend every 1 week at Fri 18:00 @ana in America/Bogota",
            created(("ana",), tz="America/Bogota"),
        ),
        (
            "rotation create weekend every 1 week at Fri 18:00 with @ana outside berlin",
            created(("ana",), windows=Outside(OFFICE)),
        ),
        (
            "rotation create weekend every 1 week at Fri 18:00 @ana windows sat-sun",
            created(("ana",), windows=Weekly((parse_window("sat-sun"),))),
        ),
    ],
)
def test_a_new_schedule_is_understood(text, edit) -> None:
    assert read(text) == EditRotation(edit)


@pytest.mark.parametrize(
    ("text", "understood", "not_understood", "nearest"),
    [
        ("rotaton add primary @dora", "", "rotaton", "rotation add primary @dora"),
        ("rotation ad primary @dora", "rotation", "ad", "rotation add primary @dora"),
        ("rotation primary ad @dora", "rotation primary", "ad @dora", "rotation add primary @dora"),
        ("rotation primry", "rotation", "primry", "rotation primary"),
        ("rotation add", "rotation add", "", "rotation add primary @ana"),
        ("rotation add primary", "rotation add primary", "", "rotation add primary @ana"),
        ("rotation add @dora", "rotation add", "", "rotation add primary @dora"),
        ("rotation add primry @dora now", "rotation add", "primry", "rotation add primary @dora now"),
        ("rotation add primary @doar", "rotation add primary", "@doar", "rotation add primary @dora"),
        ("rotation add primary @ana @ben", "rotation add primary", "@ben", "rotation add primary @ana"),
        ("rotation add backup @dora", "rotation add backup", "", "rotation add backup/days @dora"),
        ("rotation add backup/nihgts @dora", "rotation add backup", "nihgts", "rotation add backup/nights @dora"),
        ("rotation remove primary", "rotation remove primary", "", "rotation remove primary @ana"),
        ("rotation remove primary @ben @ana", "rotation remove primary @ben", "@ana", "rotation remove primary @ben"),
        ("rotation order primary", "rotation order primary", "", "rotation order primary @ana @ben @dora"),
        ("rotation order primary faires", "rotation order primary", "faires", "rotation order primary fairest"),
        ("rotation order primary @ana bne", "rotation order primary", "bne", "rotation order primary @ana @ben"),
        ("rotation order primary @ana+bne", "rotation order primary", "bne", "rotation order primary @ana+@ben"),
        ("rotation handoff primary", "rotation handoff primary", "", "rotation handoff primary Mon 09:00"),
        ("rotation handoff primary Tue", "rotation handoff primary", "Tue", "rotation handoff primary Tue 09:00"),
        ("rotation handoff primary Tue 9", "rotation handoff primary", "Tue 9", "rotation handoff primary Tue 09:00"),
        ("rotation every primary 2", "rotation every primary", "2", "rotation every primary 2 weeks"),
        ("rotation every primary 3 wekks", "rotation every primary", "3 wekks", "rotation every primary 3 weeks"),
        (
            "rotation windows primary outside brelin",
            "rotation windows primary",
            "outside brelin",
            "rotation windows primary outside berlin",
        ),
        (
            "rotation windows primary mon, wed 18:00-20:00",
            "rotation windows primary",
            "mon, wed 18:00-20:00",
            "rotation windows primary mon,wed 18:00-20:00",
        ),
        ("rotation create", "rotation create", "", "rotation create weekend every 1 week at Mon 09:00 @ana @ben"),
        (
            "rotation create every 1 week at Mon 09:00 @ana",
            "rotation create",
            "",
            "rotation create weekend every 1 week at Mon 09:00 @ana",
        ),
        (
            "rotation create late every 1 week @ana",
            "rotation create late",
            "",
            "rotation create late every 1 week at Mon 09:00 @ana",
        ),
        (
            "rotation create late every 1 week at Mon 9 @ana",
            "rotation create late",
            "at Mon 9",
            "rotation create late every 1 week at Mon 09:00 @ana",
        ),
        (
            "rotation create late daily at 09:00 @ana @bne",
            "rotation create late",
            "@bne",
            "rotation create late daily at 09:00 @ana @ben",
        ),
        (
            "rotation create late daily at 09:00 @ana in Buenos Airs",
            "rotation create late",
            "in Buenos Airs",
            "rotation create late daily at 09:00 @ana in America/Argentina/Buenos_Aires",
        ),
        ("rotation drop ben from primary", "rotation", "drop", "rotation remove primary @ben"),
        ("rotation primary drop @ben", "rotation primary", "drop @ben", "rotation remove primary @ben"),
        ("rotation include ben+ana in primary", "rotation", "include", "rotation add primary @ben+@ana"),
        (
            "rotation create late daily at 09:00 @ana in Berlin",
            "rotation create late",
            "in Berlin",
            "rotation create late daily at 09:00 @ana in Europe/Berlin",
        ),
        (
            "rotation create late daily at 09:00",
            "rotation create late",
            "",
            "rotation create late daily at 09:00 @ana @ben @dora",
        ),
    ],
)
def test_what_does_not_fit_is_answered_with_the_nearest_form(text, understood, not_understood, nearest) -> None:
    wrong = read(text)
    assert isinstance(wrong, NotUnderstood)
    assert (wrong.understood, wrong.not_understood, wrong.nearest[0]) == (understood, not_understood, nearest)
