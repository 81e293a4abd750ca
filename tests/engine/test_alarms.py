"""Overdue alarms: in batches, once each, and none kept from ringing by another that is broken."""

import logging
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from oncallbot.engine import alarms as engine_alarms
from oncallbot.escalation import deadlines
from oncallbot.escalation.issue import DeadlineKind, Stage, Status
from oncallbot.storage import issues
from oncallbot.storage.outbox import Purpose
from tests.engine.stage import MINUTE, SECOND, at_once, both


def many(night, count: int) -> list[int]:
    """So many copies of one issue, all of them about to page level 2."""
    first = night.opens()
    issue = night.issue(first)
    with night.database.write() as connection:
        copies = [replace(issue, number=first + one, pages=()) for one in range(1, count)]
        issues.save_many(connection, [(None, one) for one in copies])
    return [first, *(one.number for one in copies)]


def poison(night, number: int) -> None:
    """Deciding about this issue raises: its next loop would begin after the end of time."""
    issue = night.issue(number)
    policy = replace(issue.policy, levels=(), repeat_after=timedelta(days=999_999_999))
    broken = replace(issue, policy=policy, stage=Stage.LAST_HOLDER, status=Status.TRIGGERED)
    with night.database.write() as connection:
        issues.save(connection, issue, broken)


def make_unreadable(night, number: int) -> None:
    """Written by a newer release, and then that release was taken back."""
    with night.database.write() as connection:
        connection.execute(text("UPDATE issues SET policy = '{}' WHERE number = :number"), {"number": number})


class TestBatches:
    @both
    def test_more_overdue_at_once_than_two_batches_hold_all_ring_once(self, night):
        numbers = many(night, 2 * engine_alarms.BATCH + 1)
        night.clock.moves(5 * MINUTE)
        assert night.alarms.ring() == len(numbers)
        assert night.alarms.ring() == 0
        assert {night.issue(number).level for number in (numbers[0], numbers[200], numbers[-1])} == {2}

    @both
    def test_two_workers_share_without_doubling(self, night, second_process):
        numbers = many(night, engine_alarms.BATCH + 50)
        night.clock.moves(5 * MINUTE)
        assert sum(at_once(night.alarms.ring, second_process.alarms.ring)) == len(numbers)
        levels = [night.kinds(number).count("level_started") for number in numbers[1:]]
        assert set(levels) == {1}  # the copies began at level 2 only

    def test_nothing_rings_early(self, night):
        night.opens()
        night.clock.moves(59 * SECOND)
        assert night.alarms.ring() == 0

    def test_a_backlog_is_not_replayed(self, night):
        number = night.opens()
        night.passes(3 * 60 * MINUTE)
        issue = night.issue(number)
        assert (issue.loop, issue.level) == (1, 2)


class TestAPoisonedIssue:
    def test_the_others_still_ring(self, night, caplog):
        numbers = many(night, 5)
        poison(night, numbers[2])
        night.clock.moves(5 * MINUTE)
        with caplog.at_level(logging.CRITICAL, engine_alarms.__name__):
            night.alarms.ring()
        assert [night.issue(one).level for one in numbers] == [2, 2, 1, 2, 2]

    def test_it_is_put_off_by_a_minute_with_nothing_dropped(self, night):
        number = night.opens()
        poison(night, number)
        before = {(one.kind, one.subject) for one in night.issue(number).deadlines}
        night.passes(5 * MINUTE)
        issue = night.issue(number)
        assert deadlines.wake_at(issue) == night.clock.now() + MINUTE
        assert {(one.kind, one.subject) for one in issue.deadlines} == before

    def test_its_managers_are_told(self, night):
        number = night.opens()
        poison(night, number)
        night.passes(5 * MINUTE)
        (alarm,) = night.rows(number, purpose=Purpose.ALARM)
        assert alarm.detail == {"alarm": "decision_failed"}
        assert "alarm" in night.kinds(number)

    def test_they_get_the_newest_alarm_when_older_ones_could_not_leave(self, night):
        number = night.opens()
        poison(night, number)
        for _ in range(3):
            night.passes(5 * MINUTE)
        alarms = night.rows(number, purpose=Purpose.ALARM)
        statuses = [one.status.value for one in alarms]
        assert statuses == ["withdrawn", "withdrawn", "queued"]
        assert night.kinds(number).count("withdrawn") == 2

    def test_once_it_is_mended_it_goes_on(self, night):
        number = night.opens()
        whole = night.issue(number)
        poison(night, number)
        night.passes(5 * MINUTE)
        with night.database.write() as connection:
            issues.save(connection, night.issue(number), replace(night.issue(number), policy=whole.policy))
        night.passes(MINUTE)
        assert DeadlineKind.LEVEL in {one.kind for one in night.issue(number).deadlines}
        assert "last_resort" in night.kinds(number) or night.issue(number).level == 1

    def test_one_that_cannot_even_be_read_does_not_silence_the_others(self, night):
        numbers = many(night, 5)
        make_unreadable(night, numbers[0])
        night.clock.moves(5 * MINUTE)
        night.alarms.ring()
        assert [night.issue(one).level for one in numbers[1:]] == [2] * 4
