"""A night is the time in which the office was closed; pages close together wake a person once."""

from datetime import UTC, datetime, timedelta

import pytest

from oncallbot.engine.last_night import NEVER_OPEN, last_nights, night_of
from oncallbot.engine.wake_ups import wake_ups
from tests.engine.stage import ERIK, MINUTE, NIGHT, Night, both

HOUR = timedelta(hours=1)


def local(day: int, hour: int) -> datetime:
    return datetime(2026, 12, day, hour - 1, tzinfo=UTC)  # winter in Berlin


@pytest.mark.parametrize(
    ("now", "start", "end", "is_over"),
    [
        (local(22, 3), local(21, 18), local(22, 3), False),
        (local(22, 9), local(21, 18), local(22, 9), True),
        (local(22, 17), local(21, 18), local(22, 9), True),
        (local(22, 18), local(22, 18), local(22, 18), False),
        (local(27, 12), local(25, 18), local(27, 12), False),
        (local(28, 12), local(25, 18), local(28, 9), True),
    ],
)
def test_it_runs_from_closing_to_opening_and_over_the_weekend(night: Night, now, start, end, is_over):
    assert night_of(night.door.rules_now().hotlines["main"], now) == ((start, end), is_over)


def test_without_office_hours_it_is_the_last_day(night: Night):
    from dataclasses import replace

    from oncallbot.oncall.hours import OfficeHours

    hotline = replace(night.door.rules_now().hotlines["main"], office_hours=OfficeHours("never", "Europe/Berlin"))
    assert night_of(hotline, NIGHT) == ((NIGHT - NEVER_OPEN, NIGHT), False)


@pytest.mark.parametrize(
    ("minutes", "times"),
    [([], 0), ([0], 1), ([0, 29], 1), ([0, 30], 2), ([0, 20, 40, 60], 1), ([90, 0], 2)],
)
def test_pages_under_half_an_hour_apart_wake_once(minutes, times):
    assert wake_ups((NIGHT + one * MINUTE for one in minutes), "Europe/Berlin") == times


@pytest.mark.parametrize(
    ("hour", "timezone", "times"),
    [(21, "Europe/Berlin", 0), (22, "Europe/Berlin", 1), (6, "Europe/Berlin", 0), (6, "America/New_York", 1)],
)
def test_a_page_wakes_whoever_it_reaches_in_their_own_night(hour, timezone, times):
    assert wake_ups([local(21, hour)], timezone) == times


@both
def test_it_knows_who_was_paged_who_took_it_first_and_when(night: Night):
    number = night.opens()
    night.passes(6 * MINUTE)
    night.answers("ben", issue=number)
    with night.database.read() as connection:
        (found,) = last_nights(connection, night.door.rules_now(), night.clock.now())
    (one,) = found.issues
    assert (one.issue.number, one.paged, one.taken_by) == (number, ("ana", "ben"), "ben")
    assert one.taken_at == NIGHT + 6 * MINUTE
    assert dict(found.wake_ups) == {"ana": 1, "ben": 1}
    assert found.hotlines == ("main",)


def test_who_takes_it_later_does_not_change_who_took_it_first(night: Night):
    number = night.opens(contact=ERIK)
    night.answers("ana", issue=number)
    night.answers("ana", "pass", issue=number)
    night.clock.moves(HOUR)
    night.answers("ben", issue=number)
    with night.database.read() as connection:
        (found,) = last_nights(connection, night.door.rules_now(), night.clock.now())
    assert (found.issues[0].taken_by, found.issues[0].taken_at) == ("ana", NIGHT)
