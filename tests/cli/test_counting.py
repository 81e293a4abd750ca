"""`count`: worked hours as table, CSV and JSON."""

from datetime import UTC, datetime, timedelta

from oncallbot.storage import worked_shifts
from oncallbot.storage.database import Database
from oncallbot.storage.worked_shifts import WorkedShift
from tests.cli.conftest import Command

MONDAY = ("--from", "2026-02-02", "--to", "2026-02-02")


def works(url: str) -> None:
    start = datetime(2026, 2, 2, 20, tzinfo=UTC)
    database = Database.open(url)
    with database.write() as connection:
        shift = WorkedShift("primary", start, start + timedelta(hours=12), ("ben",))
        worked_shifts.append(connection, [shift], {"primary": start + timedelta(hours=12)})
    database.close()


def test_the_hours_of_a_day_are_counted_in_the_schedules_zone(command: Command, with_team):
    works(with_team)
    done = command("count", "primary", *MONDAY, "--json")
    assert done.code == 0
    assert [(one["responder"], one["hours"]["weekday"], one["hours"]["night"]) for one in done.answer] == [
        ("ben", 1, 2),
        ("ana", 0, 0),
    ]
    assert [(one["weighted_hours"], one["weighted_difference"]) for one in done.answer] == [(5, 2.5), (0, -2.5)]


def test_people_read_a_table_and_spreadsheets_csv(command: Command, on_sqlite):
    works(f"sqlite:///{on_sqlite}")
    table = command("count", "primary", *MONDAY).out.splitlines()
    assert table[2].split() == ["Ben", "Okafor", "1", "2", "0", "0", "3", "5", "+2.5", "0", "0"]
    sheet = command("count", "primary", *MONDAY, "--csv").out.splitlines()
    assert sheet[1] == "ben,Ben Okafor,1.00,2.00,0.00,0.00,3.00,5.00,2.50,0,0"


def test_two_shapes_at_once_and_a_backward_span_are_wrong_usage(command: Command, on_sqlite):
    assert command("count", "--csv", "--json").code == 2
    assert command("count", "--from", "2026-02-02", "--to", "2026-01-01").code == 2
    assert command("count", "primry").code == 1
