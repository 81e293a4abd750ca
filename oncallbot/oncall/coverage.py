"""When must somebody be on call and nobody is?

It must not decide whom to tell, or complain about time that nobody has to cover.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncallbot.oncall.intervals import Interval, without
from oncallbot.oncall.people import Absence
from oncallbot.oncall.schedule import Schedule, final_shifts
from oncallbot.oncall.wallclock import as_utc, zone

GAPS_AHEAD = timedelta(days=30)  # what managers are warned of


def gaps(schedule: Schedule, absences: Sequence[Absence], start: datetime, end: datetime) -> tuple[Interval, ...]:
    """The parts of `[start, end)` that must be covered and have nobody, in order; none touch.

    A turn of `nobody` inside `must_cover` is a gap: what may be empty is said by `must_cover`.
    """
    start, end = as_utc(start), as_utc(end)
    if start >= end:
        return ()
    if schedule.must_cover is None:
        needed: tuple[Interval, ...] = ((start, end),)
    else:
        needed = schedule.must_cover.intervals(start, end, zone(schedule.timezone))
    covered = ((shift.start, shift.end) for shift in final_shifts(schedule, absences, start, end))
    return tuple(without(needed, covered))


def coming_gaps(schedule: Schedule, absences: Sequence[Absence], now: datetime) -> tuple[Interval, ...]:
    """The gaps of the next 30 days, pending versions included; one that runs already begins at `now`."""
    return gaps(schedule, absences, now, now + GAPS_AHEAD)


def is_empty_by_design(schedule: Schedule, at: datetime) -> bool:
    """Whether nobody has to be on call at `at`: it lies outside `must_cover`."""
    if schedule.must_cover is None:
        return False
    return not schedule.must_cover.contains(as_utc(at), zone(schedule.timezone))
