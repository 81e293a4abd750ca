"""What has been worked until now? Appended to the record from the rules that were in force, before they change.

It must not be asked who is on call, nor write anything twice.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.schedule import Shift, final_shifts
from oncallbot.storage import worked_shifts
from oncallbot.storage.worked_shifts import WorkedShift


def record(connection: Connection, rules: Rules, now: datetime, *, running_too: bool) -> None:
    """Append what ended until `now`; with `running_too` also the part of running shifts that lies behind.

    `change` asks for that: what comes after an edit must not say who was on call before it. A schedule that is seen
    for the first time has its record from now on.
    """
    known = worked_shifts.recorded_until(connection)
    shifts: list[WorkedShift] = []
    until: dict[str, datetime] = {}
    if running_too:  # a schedule that is not there, and may come back by this edit, had nobody on call meanwhile
        until = {name: now for name, since in known.items() if name not in rules.schedules and since < now}
    for name, schedule in rules.schedules.items():
        since = known.get(name)
        if since is None:
            until[name] = now
        elif since < now:
            found = final_shifts(schedule, rules.absences, since, now)
            still_running = bool(found) and found[-1].end == now and not running_too
            ended = found[:-1] if still_running else found
            until[name] = found[-1].start if still_running else now
            shifts += [_worked(name, shift) for shift in ended]
    moved = {name: at for name, at in until.items() if known.get(name) != at}
    if moved:
        worked_shifts.append(connection, shifts, moved)


def _worked(schedule: str, shift: Shift) -> WorkedShift:
    return WorkedShift(schedule, shift.start, shift.end, shift.responders, shift.source.reason)
