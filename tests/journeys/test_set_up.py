"""An evening's set-up with whole processes: the commands of the guide, and then doctor has nothing to mend."""

from collections.abc import Iterator

import pytest

from tests.cli.evening import Elsewhere
from tests.journeys import streets
from tests.journeys.conftest import DATABASES, fresh_database
from tests.journeys.house import Done, opened
from tests.journeys.slack_house import SlackHouse, slack_house

pytestmark = pytest.mark.journey

# The tests' own PostgreSQL is hasty, and doctor says so: tests/postgresql.py.
HASTY = {"fsync", "synchronous_commit", "full_page_writes"}


@pytest.fixture(params=DATABASES)
def evening(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackHouse]:
    folder = tmp_path_factory.mktemp(request.param)
    url = fresh_database(request, request.param, folder)
    with opened(lambda: slack_house(folder, url, {0: "patient"})) as made:
        yield made  # type: ignore[misc]


def test_doctor_has_nothing_to_mend_once_the_guide_was_followed(evening: SlackHouse):
    roster = evening.folder / "roster.yaml"
    number = f'"fallback_number": "{streets.phone(0, "dora")}", "office_target"'
    roster.write_text(roster.read_text().replace('"office_target"', number))
    assert evening.command("apply", str(roster)).code == 0
    before = failing(evening.command("doctor", "--json"))
    assert ("number_fallback", streets.phone(0, "hotline")) in before
    elsewhere = Elsewhere()
    elsewhere.documents["/twiml.xml"] = (200, evening.command("twilio", "fallback").said)
    connected = evening.command("twilio", "connect", "--fallback", f"{elsewhere.url}/twiml.xml")
    assert connected.code == 0, connected.complaint
    after = failing(evening.shell("doctor", "--json"))
    elsewhere.close()
    assert {detail.split()[0] for detail in after.values()} <= (HASTY if evening.is_postgresql else set())


def failing(done: Done) -> dict[tuple[str, str], str]:
    return {(one["check"], one["subject"]): one["detail"] for one in done.answer if one["ok"] is False}
