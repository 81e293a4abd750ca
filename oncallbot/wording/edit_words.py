"""What does an order about schedules say, and what is a rotation or an office made of? In words, with names.

It must not say what comes of it: `previews` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.edits import (
    AddAbsence,
    AddOverride,
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Edit,
    Entry,
    Handoff,
    RemoveAbsence,
    RemoveOverride,
    RemoveParticipant,
    Start,
)
from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.layers import Layer
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Schedule
from oncallbot.oncall.week import WHOLE_DAY, Times, WeeklyWindow
from oncallbot.oncall.windows import Outside, Windows
from oncallbot.wording.issue_words import name_of
from oncallbot.wording.shift_times import day_time, span_text, zone_note
from oncallbot.wording.text import clean

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONGEST_ID = 60
_LONGEST_REASON = 200
_MOST_ENTRIES = 20
_MOST_DAYS = 20

STARTS = {
    Start.IMMEDIATELY: "at once",
    Start.AFTER_CURRENT_SHIFT: "after the running shift",
    Start.AFTER_FULL_ROTATION: "after a full rotation",
}


def edit_text(edit: Edit, rules: Rules, tz: str, now: datetime) -> str:
    """One order as a clause: `Dora joins the rotation primary`. Without a stop at its end."""
    match edit:
        case CreateSchedule():
            windows = f", {windows_text(edit.windows)}" if edit.windows is not None else ""
            shape = f"{every_text(edit.every, edit.unit)} from {handoff_text(edit.handoff)} in {edit.timezone}"
            order = order_text(edit.participants, rules)
            return f"a new schedule {_id(edit.schedule)}: {shape}{windows}, in this order: {order}"
        case ChangeRotation():
            return f"{_rotation(edit.schedule, edit.layer)}: {_changes(edit, rules)}"
        case AddParticipant():
            verb = "joins" if len(edit.entry) == 1 else "join"
            who = order_text((edit.entry,), rules) if edit.entry else "an empty turn"
            return f"{who} {verb if edit.entry else 'joins'} the rotation {_name(edit.schedule, edit.layer)}"
        case RemoveParticipant():
            return f"{name_of(edit.responder, rules)} leaves the rotation {_name(edit.schedule, edit.layer)}"
        case AddOverride(schedule, override):
            return override_text(schedule, override, rules, tz, now)
        case RemoveOverride(schedule, override):
            return f"no more: {override_text(schedule, override, rules, tz, now)}"
        case AddAbsence(absence):
            span = span_text((absence.start, absence.end), tz, now)
            return f"{name_of(absence.responder, rules)} is away {span}"
        case RemoveAbsence(absence):
            span = span_text((absence.start, absence.end), tz, now)
            return f"{name_of(absence.responder, rules)} is not away {span}"
        case _:
            assert_never(edit)


def override_text(schedule: str, override: Override, rules: Rules, tz: str, now: datetime) -> str:
    """`Ben is on call in primary Fri 27 Nov 18:00 – Mon 30 Nov 09:00 instead of Ana`."""
    instead = f" instead of {name_of(override.instead_of, rules)}" if override.instead_of else ""
    span = span_text((override.start, override.end), tz, now)
    return f"{name_of(override.responder, rules)} is on call in {_id(schedule)} {span}{instead}"


def order_text(participants: Sequence[Entry], rules: Rules) -> str:
    """`Ana, Ben + Cem, nobody`."""
    said = [" + ".join(name_of(one, rules) for one in entry) or "nobody" for entry in participants[:_MOST_ENTRIES]]
    more = len(participants) - _MOST_ENTRIES
    return ", ".join([*said, f"and {more} more"] if more > 0 else said)


def every_text(every: int, unit: Unit) -> str:
    """`every week`, `every 2 weeks`."""
    return f"every {every} {unit.value}" if every > 1 else f"every {unit.value.removesuffix('s')}"


def handoff_text(handoff: Handoff) -> str:
    """`Mon 09:00`, `09:00`, `day 1 of the month, 09:00`."""
    if handoff.day is not None:
        return f"day {handoff.day} of the month, {handoff.at:%H:%M}"
    return f"{_LONG_DAYS[handoff.weekday]} {handoff.at:%H:%M}" if handoff.weekday is not None else f"{handoff.at:%H:%M}"


def windows_text(windows: Windows | None) -> str:
    """`always`, `outside the office hours berlin`, `mon-fri 18:00-09:00, sat-sun`."""
    if windows is None:
        return "always"
    if isinstance(windows, Outside):
        return f"outside the office hours {_id(windows.hours.id)}"
    return weekly_text(windows.windows)


def weekly_text(windows: Sequence[WeeklyWindow]) -> str:
    """`mon-fri 18:00-09:00, sat-sun`, as a command reads it; `never` for none."""
    return ", ".join(_window(one) for one in windows) or "never"


def rotation_lines(schedule: Schedule, layer: str | None, rules: Rules, tz: str, now: datetime) -> tuple[str, ...]:
    """How the schedule's rotations (or this layer's) are made, with what is still to come."""
    lines = [f"{_id(schedule.id)} ({clean(schedule.timezone, _LONGEST_ID)})"]
    for one in schedule.layers:
        if layer in (None, one.name):
            lines += _layer_lines(one, rules, tz, now)
    if not schedule.layers:
        lines.append("It has no rotation: only overrides count.")
    coming = [one for one in schedule.overrides if one.end > now]
    lines += [f"Override: {override_text(schedule.id, one, rules, tz, now)}" for one in coming[:_MOST_ENTRIES]]
    return (*lines, zone_note(tz))


def hours_lines(hours: Sequence[OfficeHours], now: datetime) -> tuple[str, ...]:
    """The weekly opening times with closing days, days of extra opening and holidays, each office in its own zone."""
    if not hours:
        return ("No office hours are configured.",)
    return tuple(line for one in hours for line in _hours_lines(one, now))


def holidays_text(country: str | None, subdivision: str | None) -> str:
    """`public holidays of DE, BE`."""
    if country is None:
        return "no public holidays"
    return f"public holidays of {country}" + (f", {subdivision}" if subdivision else "")


def times_text(times: Sequence[Times]) -> str:
    """`10:00-14:00, 15:00-18:00`."""
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in times)


def because(reason: str) -> str:
    """The reason behind a sentence; "" for none. Somebody's words: the renderer escapes them."""
    said = clean(reason, _LONGEST_REASON).rstrip(".")
    return f" Reason: {said}." if said else ""


def _changes(edit: ChangeRotation, rules: Rules) -> str:
    said = []
    if edit.participants is not None:
        said.append(f"a new order, {order_text(edit.participants, rules)}")
    if edit.every is not None:
        said.append(f"a new shift {every_text(*edit.every)}")
    if edit.handoff is not None:
        said.append(f"handoff at {handoff_text(edit.handoff)}")
    if edit.windows is not None:
        said.append(f"it counts {windows_text(edit.windows.windows)}")
    return "; ".join(said) or "as it is"


def _layer_lines(layer: Layer, rules: Rules, tz: str, now: datetime) -> list[str]:
    running = layer.at(now)
    lines = [f"{clean(layer.name, _LONGEST_ID)}: {_shape(running.rotation, running.windows, rules)}"]
    if layer.starts_at is not None and layer.starts_at > now:
        pending = _shape(layer.rotation, layer.windows, rules)
        lines.append(f"from {day_time(layer.starts_at, tz, now)}: {pending}")
    return lines


def _shape(rotation: Rotation, windows: Windows | None, rules: Rules) -> str:
    first = rotation.first_handoff
    match rotation.unit:
        case Unit.WEEKS:
            at = Handoff(first.time(), first.weekday())
        case Unit.MONTHS:
            at = Handoff(first.time(), day=first.day)
        case Unit.DAYS | Unit.HOURS:
            at = Handoff(first.time())
        case _:
            assert_never(rotation.unit)
    shape = f"{every_text(rotation.every, rotation.unit)} at {handoff_text(at)}"
    return f"{shape}, {windows_text(windows)}; {order_text(rotation.participants, rules)}"


def _hours_lines(hours: OfficeHours, now: datetime) -> list[str]:
    today = now.date()
    lines = [f"{_id(hours.id)} ({clean(hours.timezone, _LONGEST_ID)}): {weekly_text(hours.open)}"]
    closed = [str(day) for day in sorted(hours.closed) if day >= today]
    opened = [f"{day} {times_text(times)}" for day, times in sorted(hours.opened) if day >= today]
    for word, days in (("closed", closed), ("opened", opened)):
        if days:
            more = f", and {len(days) - _MOST_DAYS} more" if len(days) > _MOST_DAYS else ""
            lines.append(f"{word}: {', '.join(days[:_MOST_DAYS])}{more}")
    lines.append("public holidays close it" if hours.holidays is not None else "no public holidays")
    return lines


def _window(window: WeeklyWindow) -> str:
    days = _days(window.days)
    return days if (window.start, window.end) == WHOLE_DAY else f"{days} {_clock(window.start)}-{_clock(window.end)}"


def _days(days: frozenset[int]) -> str:
    """`mon-fri`, `fri-mon`, `mon,wed`: runs around the week, too."""
    if len(days) == 7:
        return "mon-sun"
    runs = []
    for first in sorted(day for day in days if (day - 1) % 7 not in days):
        last = first
        while (last + 1) % 7 in days:
            last = (last + 1) % 7
        runs.append(_DAYS[first] if first == last else f"{_DAYS[first]}-{_DAYS[last]}")
    return ",".join(runs)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _rotation(schedule: str, layer: str | None) -> str:
    return f"the rotation {_name(schedule, layer)}"


def _name(schedule: str, layer: str | None) -> str:
    return _id(f"{schedule}/{layer}" if layer else schedule)


def _id(text: str) -> str:
    return clean(text, _LONGEST_ID)
