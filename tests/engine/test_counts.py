"""What was worked is counted from the record; pages count for whoever got them, wake-ups only at night."""

from datetime import UTC, datetime, timedelta

from oncallbot.engine import counts
from oncallbot.storage import worked_shifts
from oncallbot.storage.worked_shifts import WorkedShift
from tests.engine.stage import MINUTE, NIGHT, ROSTER, Night, both
from tests.web.pages_stage import applies

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY = datetime(2026, 12, 25, 17, tzinfo=UTC)  # 18:00 in Berlin
OVER = NIGHT + DAY


def works(night: Night, responder: str, start: datetime, length: timedelta, schedule: str = "primary") -> None:
    with night.database.write() as connection:
        shift = WorkedShift(schedule, start, start + length, (responder,), "weekly, turn 0")
        worked_shifts.append(connection, [shift], {schedule: start + length})


def found(night: Night, schedule: str | None = "primary") -> dict[str, tuple[float, float, int, int]]:
    """Total and weighted hours, pages and wake-ups by responder."""
    with night.database.read() as connection:
        rules = night.door.rules_now()
        counted = counts.counted(connection, rules, NIGHT - 30 * DAY, OVER, schedule, night.clock.now())
    return {
        one.share.responder: (one.share.hours.total / HOUR, one.share.weighted / HOUR, one.pages, one.wake_ups)
        for one in counted
    }


@both
def test_hours_come_from_the_record_and_everybody_who_takes_part_is_listed(night: Night):
    works(night, "ana", FRIDAY, 12 * HOUR)  # 4 h weekday, 2 h night, then Saturday
    works(night, "dora", FRIDAY - DAY, HOUR)
    assert found(night) == {"ana": (12, 20, 0, 0), "ben": (0, 0, 0, 0), "cem": (0, 0, 0, 0), "dora": (1, 1, 0, 0)}


def test_holidays_are_those_of_the_hours_that_are_covered(night: Night, tmp_path):
    holidays = "berlin: {open: {mon-fri: 09:00-18:00}, holidays: {country: DE}}"
    applies(night, tmp_path, ROSTER.replace("berlin: {open: {mon-fri: 09:00-18:00}}", holidays))
    works(night, "ana", FRIDAY, 6 * HOUR)
    assert found(night)["ana"] == (6, 18, 0, 0)


def test_pages_count_for_who_was_on_call_and_nightly_ones_wake(night: Night):
    works(night, "ana", NIGHT - HOUR, 4 * HOUR)
    night.opens()
    night.passes(6 * MINUTE)  # Ben is paged at level 2, without being on call
    night.clock.moves(timedelta(minutes=40))
    night.opens(customer="beta", contact="+493023125110", dedup_key="b")
    assert found(night)["ana"][2:] == (2, 2)
    assert found(night)["ben"][2:] == (0, 0)
    assert found(night, None)["ben"][2:] == (1, 1)


def test_without_a_schedule_all_are_counted_also_those_that_are_no_more(night: Night):
    works(night, "ana", NIGHT - DAY, HOUR)
    works(night, "ana", NIGHT - DAY, 2 * HOUR, "old")
    assert found(night, None)["ana"][0] == 3
    assert found(night)["ana"][0] == 1


def test_an_hour_is_counted_only_within_the_time_asked_for(night: Night):
    works(night, "ana", OVER - HOUR, 10 * HOUR)
    assert found(night)["ana"][0] == 1
