"""Commands about office hours are what was typed, or are answered with what fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from oncallbot.oncall.week import parse_window
from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.commands import parse
from oncallbot.wording.schedule_forms import CloseOffice, OpenOffice, SetHolidays, SetHours, ShowHours, UsualHours
from tests.wording.cast import BERLIN, KNOWN, NIGHT, OFFICE

EVE, BOXING = date(2026, 12, 24), date(2026, 12, 26)
SATURDAY = date(2026, 12, 19)


def read(text: str, known=KNOWN):
    return parse(text, known, NIGHT, BERLIN)


def weekly(*texts: str) -> SetHours:
    return SetHours("berlin", tuple(parse_window(one) for one in texts))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("hours", ShowHours()),
        ("office hours", ShowHours()),
        ("hours Berlin", ShowHours("berlin")),
        ("hours berlin mon-fri 09:00-18:00", weekly("mon-fri 09:00-18:00")),
        ("hours berlin weekdays 09:00 – 18:00", weekly("mon-fri 09:00-18:00")),
        ("hours berlin mon-thu 09:00-18:00, fri 09:00-15:00", weekly("mon-thu 09:00-18:00", "fri 09:00-15:00")),
        (
            "hours berlin mon-fri 09:00-12:00 and mon-fri 13:00-18:00",
            weekly("mon-fri 09:00-12:00", "mon-fri 13:00-18:00"),
        ),
        ("hours berlin never", weekly()),
        ("hours berlin closed 2026-12-24", CloseOffice("berlin", EVE, EVE)),
        ("hours closed berlin on 24 Dec", CloseOffice("berlin", EVE, EVE)),
        ("hours berlin closed 2026-12-24 Christmas Eve", CloseOffice("berlin", EVE, EVE, "Christmas Eve")),
        ("hours berlin closed 24-26 Dec because of “frost”", CloseOffice("berlin", EVE, BOXING, "frost")),
        ("hours berlin closed from 2026-12-24 to 2026-12-26 off", CloseOffice("berlin", EVE, BOXING, "off")),
        ("hours berlin closed tomorrow", CloseOffice("berlin", date(2026, 11, 22), date(2026, 11, 22))),
        ("hours berlin opened 2026-12-19 10:00-14:00", OpenOffice("berlin", SATURDAY, ((600, 840),))),
        ("hours berlin open on 19 Dec from 10:00 to 14:00", OpenOffice("berlin", SATURDAY, ((600, 840),))),
        (
            "hours berlin opened 2026-12-19 10:00-14:00, 15:00-18:00",
            OpenOffice("berlin", SATURDAY, ((600, 840), (900, 1080))),
        ),
        ("hours berlin usual 2026-12-24", UsualHours("berlin", EVE, EVE)),
        ("hours berlin holidays DE BE", SetHolidays("berlin", "DE", "BE")),
        ("hours berlin holidays de-be", SetHolidays("berlin", "DE", "BE")),
        ("hours berlin holidays NO", SetHolidays("berlin", "NO")),
        ("hours berlin holidays none", SetHolidays("berlin", None)),
    ],
)
def test_office_hours_are_understood(text, command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "understood", "not_understood", "nearest"),
    [
        ("hours brelin", "hours", "brelin", "hours berlin"),
        ("hours berlin 9 to 5", "hours berlin", "9 to 5", "hours berlin mon-fri 18:00-09:00, sat-sun"),
        ("hours closed 2026-12-24", "hours closed", "", "hours closed berlin 2026-12-24"),
        ("hours berlin closed", "hours berlin closed", "", "hours berlin closed tomorrow"),
        ("hours berlin closd 2026-12-24", "hours berlin", "closd 2026-12-24", "hours berlin closed 2026-12-24"),
        ("hours berlin closed soon", "hours berlin closed", "soon", "hours berlin closed tomorrow"),
        (
            "hours berlin opened 2026-12-19",
            "hours berlin opened 2026-12-19",
            "",
            "hours berlin opened 2026-12-19 10:00-14:00",
        ),
        (
            "hours berlin opened 2026-12-19 10:00-25:00",
            "hours berlin opened 2026-12-19",
            "10:00-25:00",
            "hours berlin opened 2026-12-19 10:00-14:00",
        ),
        ("hours berlin holidays Germany", "hours berlin holidays", "Germany", "hours berlin holidays DE BE"),
        (
            "hours berlin usual 2026-12-24 again",
            "hours berlin usual 2026-12-24",
            "again",
            "hours berlin usual 2026-12-24",
        ),
    ],
)
def test_what_does_not_fit_is_answered_with_the_nearest_form(text, understood, not_understood, nearest) -> None:
    wrong = read(text)
    assert isinstance(wrong, NotUnderstood)
    assert (wrong.understood, wrong.not_understood, wrong.nearest[0]) == (understood, not_understood, nearest)


def test_the_only_office_hours_need_not_be_named() -> None:
    only = replace(KNOWN, office_hours={"berlin": OFFICE})
    assert read("hours closed 2026-12-24", only) == CloseOffice("berlin", EVE, EVE)
    assert read("hours mon-fri 09:00-18:00", only) == weekly("mon-fri 09:00-18:00")
