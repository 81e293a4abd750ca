"""Whose alarm is overdue? Claims issues in batches, rings them in memory, writes each batch in one transaction.

It must not decide: it submits AlarmRang at the one door. A batch that raises is replayed one by one.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from oncallbot.engine import ledger
from oncallbot.engine.handle import Door
from oncallbot.engine.letters import Desk
from oncallbot.engine.measures import Measures
from oncallbot.errors import DatabaseUnavailable
from oncallbot.escalation import deadlines
from oncallbot.escalation.effects import Alarm, Recorded, TellManagers, TimelineKind
from oncallbot.escalation.issue import Issue
from oncallbot.storage import issues, outbox, timeline

log = logging.getLogger(__name__)

BATCH = 200
BROKEN_WAITS = timedelta(minutes=1)


class Alarms:
    """The alarm clock of this process's share of the issues."""

    def __init__(self, door: Door, measures: Measures) -> None:
        self._door = door
        self._measures = measures

    def ring(self) -> int:
        """Ring what is overdue now, batch after batch; how many. Raises DatabaseUnavailable: ask again later."""
        total = 0
        while rung := self._ring_batch():
            total += rung
            if rung < BATCH:
                break
        return total

    def _ring_batch(self) -> int:
        try:
            return self._ring(BATCH)
        except DatabaseUnavailable:
            raise
        except Exception:  # the one broad net: whatever it was, the other alarms must ring
            log.exception("a batch of alarms failed: ringing them one by one")
            return self._ring_one_by_one()

    def _ring(self, limit: int) -> int:
        now = self._door.clock.now()
        with self._door.database.write() as connection:
            overdue = issues.claim_overdue(connection, now, limit)
            if overdue:
                self._door.ring(connection, overdue, now)
                self._measures.rang(len(overdue), (now - _due_at(overdue[0], now)).total_seconds())
            return len(overdue)

    def _ring_one_by_one(self) -> int:
        now = self._door.clock.now()
        with self._door.database.read() as connection:
            numbers = issues.overdue_numbers(connection, now, BATCH)
        for number in numbers:
            try:
                with self._door.database.write() as connection:
                    for issue in issues.load_many(connection, (number,)):
                        if deadlines.overdue(issue, now):
                            self._door.ring(connection, (issue,), now)
            except DatabaseUnavailable:
                raise
            except Exception:
                log.exception("the alarm of issue=AH-%s failed: put off by a minute", number)
                self._measures.broke()
                self._put_off_if_possible(number)
        return len(numbers)

    def _put_off_if_possible(self, number: int) -> None:
        """An issue that cannot even be read stays overdue, which /health/paging shows; the others must ring."""
        try:
            self._put_off(number)
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("issue=AH-%s cannot be put off either: somebody must mend it", number)

    def _put_off(self, number: int) -> None:
        """One more minute for the issue that raised, and an alarm with the managers; nothing of it is dropped."""
        now = self._door.clock.now()
        with self._door.database.write() as connection:
            for issue in issues.load_many(connection, (number,)):
                overdue = deadlines.overdue(issue, now)
                later = deadlines.dropping(issue, overdue)
                for one in overdue:
                    later = deadlines.setting(later, one.kind, now + BROKEN_WAITS, one.subject)
                issues.save(connection, issue, later)
                words = "Its alarm could not be handled and is tried again in a minute: see the log"
                desk = Desk(issue, self._door.rules.of(connection), now, wants_no_texts=False)
                written = desk.write(TellManagers(Alarm.DECISION_FAILED, words))
                replaced = ledger.replace_older_alarms(connection, number, written.notifications)
                timeline.append(connection, number, now, (*replaced, Recorded(TimelineKind.ALARM, words)))
                outbox.put(connection, written.notifications)
                self._door.wake_after(connection)


def _due_at(issue: Issue, now: datetime) -> datetime:
    return deadlines.wake_at(issue) or now
