"""Figures that can be believed: everything is measured, the floor answers the same, and nothing is left behind."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from oncallbot.cli.bench import floor, lent, resolver
from oncallbot.cli.bench.figures import Spread, markdown
from oncallbot.errors import ConfigurationError
from oncallbot.oncall.schedule import final_shifts, responders_at
from oncallbot.storage.database import Database
from oncallbot.storage.schema import upgrade
from tests.cli.conftest import Command

YEAR = timedelta(days=365)


def living_in(folder: Path) -> list[str]:
    """The processes that work in that folder, where the system tells (Linux)."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cwd"):
        try:
            found += [one.parent.name] if one.readlink().is_relative_to(folder) else []
        except OSError:  # it has ended, or is not ours to look at
            continue
    return found


@pytest.mark.journey
def test_a_small_run_measures_everything_and_leaves_nothing_behind(tmp_path):
    line = [sys.executable, "-m", "oncallbot.cli", "bench", "--reports", "3", "--json"]
    environ = os.environ | {"TMPDIR": str(tmp_path), "DATABASE_URL": "sqlite:///somebodys.db"}
    done = subprocess.run(line, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["pages"]["reports"] == 3
    assert 0 < found["pages"]["request"]["p50_ms"] <= found["pages"]["request"]["longest_ms"]
    assert all(found["starts"].values())
    assert found["memory"]["reports"] == 3 + 3 + 15  # to warm up, one at a time, without a pause
    assert found["memory"]["afterwards_mb"] is None or found["memory"]["afterwards_mb"] > 10
    assert all(one["ours_ms"] > 0 for one in found["schedules"]["compared"])
    assert {one["what"] for one in found["schedules"]["grown"]} == {
        "layers",
        "overrides in 90 days",
        "years of history",
    }
    assert living_in(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_only_schedules_is_a_table_for_documents(command: Command):
    done = command("bench", "schedules", "--reports", "1")
    assert done.code == 0
    assert done.out.startswith("Machine: ")
    assert "| who is on call in 1,000 schedules " in done.out
    assert "Twilio" not in done.out


def test_a_database_with_anything_in_it_is_refused(command: Command, with_team):
    done = command("bench", "pages", "--database", with_team)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("--database: is not ")


def test_a_lent_database_is_empty_again(postgresql_url):
    url = postgresql_url()
    lent.refuse_used(url)
    database = Database.open(url)
    upgrade(database)
    database.close()
    with pytest.raises(ConfigurationError, match="is not empty"):
        lent.refuse_used(url)
    lent.empty(url)
    lent.refuse_used(url)


def test_the_floor_says_the_same_as_the_resolver_all_year():
    schedule, absences = resolver.example()
    plain = resolver.plain_example()
    for hour in range(365 * 24):
        at = resolver.START + timedelta(hours=hour)
        people, _ = responders_at(schedule, absences, at)
        assert floor.on_call(plain, at) == (people[0] if people else None)


def test_the_floor_has_the_same_shifts_as_the_resolver():
    schedule, absences = resolver.example()
    ours = final_shifts(schedule, absences, resolver.START, resolver.START + YEAR)
    found = floor.shifts(resolver.plain_example(), resolver.START, resolver.START + YEAR)
    assert [(one.responders[0], one.start, one.end) for one in ours] == found


def test_a_percentile_is_a_figure_that_was_measured():
    spread = Spread.of([number / 1000 for number in range(1, 201)])
    assert (spread.p50, spread.p90, spread.p99, spread.longest) == (100, 180, 198, 200)
    assert Spread.of([0.004]) == Spread(4, 4, 4, 4)


def test_a_table_is_aligned():
    assert markdown(("a", "bb"), [("ccc", "d")]).splitlines() == ["| a   | bb |", "|-----|----|", "| ccc | d  |"]
