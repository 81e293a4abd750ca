"""What is to be done at fixed instants? Handoffs, reminders, gap warnings: each decided once, by whichever worker.

A duty lists the instants that are due since the last one done; doing one and writing what it sends is one commit. It
must not decide what is said (`duty_acts`), nor do a thing twice because three workers and a restart were there.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from oncallbot.engine import covering, duty_acts, worked
from oncallbot.engine.handle import Door
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.schedule import responders_at
from oncallbot.storage import duties, outbox, proposals, rule_objects
from oncallbot.storage.outbox import Notification

log = logging.getLogger(__name__)

HORIZON = timedelta(hours=1)  # how far ahead the agenda is made; a change of rules makes it anew
KEPT = timedelta(days=60)

Subjects = Callable[[Rules], Iterable[str]]
Dues = Callable[[Rules, str, datetime, datetime], list[datetime]]
Act = Callable[[Connection, Rules, str, Sequence[datetime], datetime], list[Notification]]


@dataclass(frozen=True, slots=True)
class Duty:
    """`dues` lists the instants in `(after, until]` for a subject; `act` says what is sent for those that are due.

    Of several that are late `act` gets all, in order: mostly the newest alone still counts.
    """

    name: str
    subjects: Subjects
    dues: Dues
    act: Act


DUTIES = (
    Duty("handoff", duty_acts.schedules, duty_acts.handoff_dues, duty_acts.handoff),
    Duty("shown", duty_acts.schedules, duty_acts.change_dues, duty_acts.show),
    Duty("reminder", duty_acts.schedules, duty_acts.reminder_dues, duty_acts.remind),
    Duty("gaps", duty_acts.hotlines, duty_acts.gap_dues, duty_acts.warn_of_gaps),
    Duty("weekly", duty_acts.weekly_readers, duty_acts.weekly_dues, duty_acts.tell_week),
)
EDITED = Duty("edited", lambda _rules: (), lambda *_: [], duty_acts.show)


class Duties:
    """One process's agenda: what is due next, from the running rules. Call `ring` each second, from one thread."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._agenda: list[tuple[datetime, str, str]] = []
        self._rules: Rules | None = None
        self._made_until = door.clock.now()
        self._duties = {duty.name: duty for duty in DUTIES}

    def ring(self) -> int:
        """Do what is due; how many duties this process has done."""
        now = self._door.clock.now()
        rules = self._door.rules_now()
        if self._rules is not None and rules.revision != self._rules.revision:
            self._show_edited(self._rules, rules, now)
        if self._rules is None or rules.revision != self._rules.revision or now >= self._made_until:
            self._make_agenda(rules, now)
        due: dict[tuple[str, str], list[datetime]] = {}
        while self._agenda and self._agenda[0][0] <= now:
            at, name, subject = heapq.heappop(self._agenda)
            due.setdefault((name, subject), []).append(at)
        done = 0
        for (name, subject), instants in due.items():
            try:
                done += self._do(self._duties[name], subject, instants)
            except Exception:
                self._rules = None  # the agenda is made anew, from what is written down as done
                raise
        return done

    def _make_agenda(self, rules: Rules, now: datetime) -> None:
        until = now + HORIZON
        with self._door.database.read() as connection:
            last = {duty.name: duties.last_done(connection, duty.name) for duty in DUTIES}
        agenda: list[tuple[datetime, str, str]] = []
        unmarked: list[tuple[Duty, str]] = []
        for duty in DUTIES:
            for subject in duty.subjects(rules):
                after = last[duty.name].get(subject)
                if after is None:
                    unmarked.append((duty, subject))
                agenda += [(at, duty.name, subject) for at in duty.dues(rules, subject, after or now, until)]
        if unmarked:
            self._set_marks(unmarked, now)
        heapq.heapify(agenda)
        self._agenda, self._rules, self._made_until = agenda, rules, until

    def _show_edited(self, before: Rules, after: Rules, now: datetime) -> None:
        """An edit has put other people on call this instant, which is no instant that a duty could have listed."""
        changed = [
            name
            for name, schedule in after.schedules.items()
            if name in before.schedules
            and responders_at(schedule, after.absences, now)[0]
            != responders_at(before.schedules[name], before.absences, now)[0]
        ]
        if changed:
            with self._door.database.read() as connection:
                edited_at = rule_objects.history(connection, 1)[0].at
            for name in changed:
                self._do(EDITED, name, (edited_at,))

    def _set_marks(self, unmarked: Sequence[tuple[Duty, str]], now: datetime) -> None:
        """Seen for the first time: what lies behind is nobody's news. What is shown is shown at once."""
        with self._door.database.write() as connection:
            rules = self._door.rules.of(connection)
            for duty, subject in unmarked:
                if duties.begin(connection, duty.name, subject, now, now) and duty.name == "shown":
                    outbox.put(connection, duty.act(connection, rules, subject, (now,), now))
            self._door.wake_after(connection)

    def _do(self, duty: Duty, subject: str, instants: Sequence[datetime]) -> int:
        """The duty for those instants that nobody else has done; what it sends is committed with that."""
        now = self._door.clock.now()
        with self._door.database.write() as connection:
            mine = [at for at in instants if duties.begin(connection, duty.name, subject, at, now)]
            if not mine:
                return 0
            rows = duty.act(connection, self._door.rules.of(connection), subject, mine, now)
            outbox.put(connection, rows)
            self._door.wake_after(connection)
        log.info("duty=%s subject=%s due_at=%s sends=%s", duty.name, subject, mine[-1].isoformat(), len(rows))
        return 1


def record_worked(door: Door) -> None:
    """Append the shifts that have ended to the record."""
    with door.database.write() as connection:
        worked.record(connection, door.rules.of(connection), door.clock.now(), running_too=False)


def ring_covers(door: Door) -> None:
    """Do what is due on cover requests, all of it."""
    while covering.ring(door) == covering.BATCH:
        continue


def sweep(door: Door) -> None:
    """Forget duties and proposals that nobody will ask for any more."""
    now = door.clock.now()
    with door.database.write() as connection:
        duties.forget_before(connection, now - KEPT)
        proposals.forget_before(connection, now - proposals.KEPT)
