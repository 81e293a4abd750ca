"""`order --fairest`: who has had least takes the next turn, and nothing changes until it is applied."""

from datetime import UTC, datetime, timedelta

import pytest

from oncallbot.storage import worked_shifts
from oncallbot.storage.database import Database
from oncallbot.storage.worked_shifts import WorkedShift
from tests.cli.conftest import Command

WEEK = timedelta(weeks=1)


def works(url: str, responder: str, weeks: int) -> None:
    """In weeks that lie behind, whenever the test runs: the clock of a command is real."""
    start = datetime(2000, 1, 3, 8, tzinfo=UTC)
    database = Database.open(url)
    shifts = [
        WorkedShift("primary", start + one * WEEK, start + (one + 1) * WEEK, (responder,)) for one in range(weeks)
    ]
    with database.write() as connection:
        worked_shifts.append(connection, shifts, {"primary": start + weeks * WEEK})
    database.close()


def fairest(command: Command, *more: str):
    return command("order", "primary", "--fairest", "--since", "2000-01-01", *more)


def present(command: Command) -> list[list[str]]:
    order: list[list[str]] = fairest(command, "--json").answer["present"]
    return order


def test_who_has_had_least_comes_first_and_nothing_changes(command: Command, with_team):
    first, second = present(command)
    works(with_team, first[0], 30)
    later = ("shifts", "primary", "--from", "2100-01-01", "--json")
    shifts = command(*later).out
    done = fairest(command, "--json").answer
    assert (done["fairest"], done["changes_nothing"], done["applied"]) == ([second, first], False, False)
    assert [one["responders"] for one in done["ledger"]] == [second, first]
    assert done["ledger"][1]["worked"]["total"] == 30 * 7 * 24
    assert command(*later).out == shifts


def test_a_manager_applies_it_and_then_it_is_the_present_order(command: Command, with_team):
    first, second = present(command)
    works(with_team, first[0], 30)
    assert fairest(command, "--apply", "--as", "dora", "--json").answer["applied"]
    assert present(command) == [second, first]
    assert fairest(command, "--apply", "--as", "dora", "--json").answer["changes_nothing"]
    assert "The present order is the fairest. Nothing has changed." in fairest(command).out


def test_people_read_a_ledger_with_reasons_and_how_to_apply_it(command: Command, on_sqlite):
    works(f"sqlite:///{on_sqlite}", present(command)[0][0], 3)
    said = fairest(command).out
    assert "least so far" in said
    assert "weighted hours apart then; in the present order" in said
    assert "To do it: oncallbot order primary --fairest --apply --as MANAGER" in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["primary"], 2, "write --fairest"),
        (["primary", "--fairest", "--apply"], 2, "write --as MANAGER"),
        (["primary", "--fairest", "--apply", "--as", "ana"], 1, "is no manager"),
        (["primary", "--fairest", "--layer", "nights"], 1, "nights"),
        (["primary", "--fairest", "--since", "soon"], 2, "--since"),
        (["primry", "--fairest"], 1, "did you mean primary?"),
    ],
)
def test_what_cannot_be_ordered_is_refused_with_its_cure(command: Command, on_sqlite, words, code, said):
    done = command("order", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
