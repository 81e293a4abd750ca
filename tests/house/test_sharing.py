"""Tests that share something costly go to one pytest worker, and journeys go first."""

from types import SimpleNamespace

from tests.sharing import household, in_order


def test_journeys_of_one_house_stay_together_whatever_their_file():
    assert household("tests/journeys/test_night.py::test_a[sqlite]") == "sqlite"
    assert household("tests/journeys/test_doors.py::test_b[sqlite-busy-busy]") == "sqlite"
    assert household("tests/journeys/test_doors.py::test_b[postgresql]") == "postgresql"


def test_a_file_with_a_house_of_its_own_is_divided_by_databases():
    assert household("tests/journeys/test_kills.py::test_a[sqlite]") == "tests/journeys/test_kills.py sqlite"


def test_everything_else_stays_with_its_file():
    assert household("tests/journeys/test_processes.py::test_a[web]") == "tests/journeys/test_processes.py"
    assert household("tests/storage/test_races.py::test_a[sqlite]") == "tests/storage/test_races.py"


def test_journeys_go_first_and_each_household_in_its_order():
    names = [
        "tests/cli/test_a.py::test_a",
        "tests/journeys/test_doors.py::test_b[sqlite]",
        "tests/journeys/test_doors.py::test_b[postgresql]",
        "tests/journeys/test_night.py::test_c[sqlite]",
    ]
    items = [SimpleNamespace(nodeid=name) for name in names]
    in_order(items)  # type: ignore[arg-type]
    assert [names.index(item.nodeid) for item in items] == [1, 3, 2, 0]
