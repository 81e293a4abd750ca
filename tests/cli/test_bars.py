"""Bars in a terminal: as wide as it is, with signs that need no colour."""

from datetime import UTC, datetime, timedelta

import pytest

from oncallbot.cli.bars import ASCII, UNICODE, Sheet, Signs
from oncallbot.engine.known_shifts import KnownShift
from oncallbot.oncall.precedence import Source, SourceKind

MONDAY = datetime(2026, 11, 29, 23, tzinfo=UTC)  # midnight in Berlin
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def shift(who: str, start: datetime, length: timedelta, kind: SourceKind = SourceKind.LAYER) -> KnownShift:
    return KnownShift("primary", start, start + length, (who,), "", Source(kind), is_recorded=False)


def drawn(*shifts: KnownShift, days: int = 2, width: int = 30, gaps=(), signs: Signs = ASCII) -> list[str]:
    sheet = Sheet(MONDAY, MONDAY + days * DAY, "Europe/Berlin", width, signs)
    names = {"ana": "Ana Ruiz", "ben": "Ben"}
    return ["".join(text for text, _ in line).rstrip() for line in sheet.lines(shifts, gaps, names)]


def test_each_person_has_a_row_and_each_day_its_cells():
    assert drawn(shift("ana", MONDAY, DAY), shift("ben", MONDAY + 18 * HOUR, 15 * HOUR)) == [
        "          30 Nov",
        "Ana Ruiz  ####....",
        "Ben       ...###..",
    ]


def test_a_short_shift_is_still_seen_and_sources_differ_without_colour():
    assert drawn(
        shift("ana", MONDAY, HOUR),
        shift("ana", MONDAY + 6 * HOUR, 6 * HOUR, SourceKind.OVERRIDE),
        shift("ben", MONDAY + 12 * HOUR, 12 * HOUR, SourceKind.ABSENCE),
    )[1:] == ["Ana Ruiz  -%......", "Ben       ..++...."]


def test_gaps_stand_first_and_the_signs_are_explained():
    lines = drawn(gaps=[(MONDAY + 6 * HOUR, MONDAY + 8 * HOUR)], signs=UNICODE)
    assert lines[1] == "nobody    ·×······"
    assert all(sign in UNICODE.legend(200)[0] for sign in "█▄▓▒×")


@pytest.mark.parametrize(("days", "width"), [(1, 10), (14, 60), (14, 200), (31, 40), (365, 80), (3650, 80)])
def test_no_line_is_wider_than_the_window(days, width):
    lines = drawn(shift("ana", MONDAY, days * DAY), days=days, width=width)
    assert max(map(len, lines)) <= max(width, 20)
    assert set(lines[1].removeprefix("Ana Ruiz  ")) <= {"#", "."}


def test_a_day_has_its_cells_also_when_the_clocks_change():
    sheet = Sheet(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC), "Europe/Berlin", 80)
    (_, *cells) = list(sheet.lines([], [], {"ana": "Ana"}))[1]
    assert len(cells) == 4


@pytest.mark.parametrize("width", [40, 60, 80, 107, 120])
def test_the_legend_is_no_wider_than_the_window(width):
    lines = UNICODE.legend(width)
    assert max(map(len, lines)) <= width
    assert len(lines) == 1 or len("  ".join(lines)) > width
