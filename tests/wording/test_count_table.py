"""A spreadsheet shows names as they are, and takes none for a formula."""

import csv
from datetime import timedelta

import pytest

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.counting import Hours, Share
from oncallbot.oncall.people import Responder
from oncallbot.wording.count_table import HEADINGS, cells, csv_text

HOUR = timedelta(hours=1)


def share(difference: timedelta | None = -1.5 * HOUR) -> Share:
    return Share("ana", Hours(weekday=HOUR, night=90 * timedelta(minutes=1)), 4 * HOUR, difference)


def rules(name: str = "Ana Ruiz") -> Rules:
    return Rules(responders={"ana": Responder("ana", name, "UTC")})


def test_hours_are_written_to_a_tenth_and_in_csv_to_a_hundredth():
    assert cells((share(), 3, 1), rules()) == ("Ana Ruiz", "1", "1.5", "0", "0", "2.5", "4", "-1.5", "3", "1")
    assert len(HEADINGS) == 10
    heading, row = csv.reader(csv_text([(share(), 3, 1)], rules()).splitlines())
    assert dict(zip(heading, row, strict=True))["weighted_difference"] == "-1.50"
    assert row[:3] == ["ana", "Ana Ruiz", "1.00"]


def test_who_does_not_take_part_has_no_difference():
    assert cells((share(None), 0, 0), rules())[7] == "-"


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@a", "\t=1", " =1", "＝1"])
def test_a_name_is_never_a_formula(name):
    [_, row] = csv.reader(csv_text([(share(), 0, 0)], rules(name)).splitlines())
    assert row[1] == f"'{name}"


def test_commas_quotes_and_lines_stay_in_their_cell():
    rows = list(csv.reader(csv_text([(share(), 0, 0)], rules('A, "B"\nC')).splitlines(keepends=True)))
    assert rows[1][1] == 'A, "B"\nC'
