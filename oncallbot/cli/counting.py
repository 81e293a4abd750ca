"""How many hours was everybody on call, and how often paged and woken? What the records say, as table, CSV or JSON.

It must not count what is still to come.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from oncallbot.cli.desk import opened
from oncallbot.cli.naming import named
from oncallbot.cli.output import FINE, document, local, misuse, say, table
from oncallbot.engine import counts
from oncallbot.engine.counts import Count
from oncallbot.errors import Problem
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.wallclock import to_local, to_utc, zone
from oncallbot.schedule_files import times
from oncallbot.schedule_files.spelling import Misspelt
from oncallbot.wording import count_table

_ONE_HOUR = timedelta(hours=1)


def count(schedule: str | None, from_: str | None, to: str | None, *, as_csv: bool, as_json: bool) -> int:
    """Counts `[from, to)`: this year until now, unless said otherwise."""
    if as_csv and as_json:
        raise misuse(Problem("--csv", "--json is asked for as well", "leave one of them out"))
    with opened() as desk, desk.database.read() as connection:
        rules, now = desk.door.rules.of(connection), desk.clock.now()
        timezone = _timezone(rules, schedule)
        start, end = _span(timezone, from_, to, now)
        found = counts.counted(connection, rules, start, end, schedule, now)
    if as_json:
        document([_json(one) for one in found])
    elif as_csv:
        print(count_table.csv_text(map(_line, found), rules), end="")
    elif not found:
        say("Nothing was worked in that time, and nobody takes part.")
    else:
        say(f"Worked hours from {local(start, timezone)} to {local(end, timezone)}:")
        table(count_table.HEADINGS, [count_table.cells(_line(one), rules) for one in found])
    return FINE


def _line(one: Count) -> count_table.Line:
    return one.share, one.pages, one.wake_ups


def _timezone(rules: Rules, schedule: str | None) -> str:
    if schedule is not None:
        return named("schedule", schedule, rules.schedules).timezone
    return next((one.timezone for one in rules.schedules.values()), "UTC")


def _span(timezone: str, from_: str | None, to: str | None, now: datetime) -> tuple[datetime, datetime]:
    tz = zone(timezone)
    year = to_utc(datetime(to_local(now, tz).year, 1, 1), tz)
    start = year if from_ is None else _read(from_, "--from", timezone)
    end = now if to is None else _read(to, "--to", timezone, is_end=True)
    if end <= start:
        wrong = f"is not after {local(start, timezone)}, where counting begins"
        raise misuse(Problem("--to", wrong, "write a later time"))
    return start, end


def _read(text: str, option: str, timezone: str, *, is_end: bool = False) -> datetime:
    try:
        return times.instant(text, zone(timezone), is_end)
    except Misspelt as error:
        raise misuse(Problem(option, error.wrong, error.cure)) from error


def _json(one: Count) -> dict[str, Any]:
    hours, difference = one.share.hours, one.share.difference
    return {
        "responder": one.share.responder,
        "hours": {
            "weekday": hours.weekday / _ONE_HOUR,
            "night": hours.night / _ONE_HOUR,
            "weekend": hours.weekend / _ONE_HOUR,
            "holiday": hours.holiday / _ONE_HOUR,
            "total": hours.total / _ONE_HOUR,
        },
        "weighted_hours": one.share.weighted / _ONE_HOUR,
        "weighted_difference": None if difference is None else difference / _ONE_HOUR,
        "pages": one.pages,
        "wake_ups": one.wake_ups,
    }
