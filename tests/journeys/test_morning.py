"""What was held at night is put before the day team when the office opens, also if nobody ran at that moment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.conftest import house_of
from tests.journeys.house import House
from tests.journeys.night import Night

pytestmark = pytest.mark.journey
BERLIN = ZoneInfo("Europe/Berlin")
DAYS, SUNDAY = 7, 6


@pytest.fixture(scope="module")
def house(request, tmp_path_factory):
    environment_of_sunday = {"ONCALLBOT_CLOCK_OFFSET": until(sunday_at_three())}
    with house_of(request, tmp_path_factory, "sqlite", {"opens on Monday": 1}, variables=environment_of_sunday) as made:
        yield made


def sunday_at_three() -> datetime:
    """The next one."""
    now = datetime.now(BERLIN)
    day = now.date() + timedelta(days=(SUNDAY - now.weekday()) % DAYS or DAYS)
    return datetime(day.year, day.month, day.day, 3, tzinfo=BERLIN)


def until(then: datetime) -> str:
    return f"+{int((then.astimezone(UTC) - datetime.now(UTC)).total_seconds())}s"


def test_a_report_held_on_sunday_reaches_the_day_team_on_monday(house: House, street):
    night: Night = street("opens on Monday")
    night.erik.texts("When do you open?")
    issue = night.until(lambda one: one.status == "held")
    night.erik.reads("We are closed now")
    assert night.dora.inbox == []
    assert datetime.fromisoformat(issue.wake_at).astimezone(BERLIN).strftime("%a %H:%M") == "Mon 09:00"
    house.until_quiet()
    for name in house.names:
        assert house.programs.pop(name).stop() == 0
    opening = sunday_at_three() + timedelta(days=1, hours=6, seconds=1)
    house.environment["ONCALLBOT_CLOCK_OFFSET"] = until(opening)
    house.start(*house.names)
    assert issue.reference in night.dora.reads("Held, and waiting for you")
    assert night.ana.inbox == []
