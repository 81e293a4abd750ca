"""What is the roster after this edit? A new one, or the reason why the edit cannot be.

It must not change what was: whatever lies before `now` answers as before. Nothing is remembered here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import assert_never

from oncallbot.oncall.anchoring import anchored, created, start_of
from oncallbot.oncall.edits import (
    AddAbsence,
    AddOverride,
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Edit,
    Entry,
    RemoveAbsence,
    RemoveOverride,
    RemoveParticipant,
    RotationEdit,
)
from oncallbot.oncall.layers import Former, Layer
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.schedule import Schedule

VERSIONS_KEPT = timedelta(days=400)  # what was worked before is in the record of worked shifts


@dataclass(frozen=True, slots=True)
class Roster:
    """All schedules by id, and who is away: what an edit changes."""

    schedules: Mapping[str, Schedule]
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """The edit cannot be: what is wrong, and what to do instead."""

    wrong: str
    cure: str


def edited(roster: Roster, edit: Edit, now: datetime) -> Roster | Mistake:
    """The roster after the edit, made at `now`."""
    match edit:
        case CreateSchedule():
            return _created(roster, edit, now)
        case ChangeRotation() | AddParticipant() | RemoveParticipant():
            return _rotation_changed(roster, edit, now)
        case AddOverride(schedule, override):
            return _override_added(roster, schedule, override, now)
        case RemoveOverride(schedule, override):
            return _override_removed(roster, schedule, override, now)
        case AddAbsence(absence):
            if absence.end <= now:
                return Mistake("this absence is over already", "name an end that lies ahead")
            added = replace(absence, start=max(absence.start, now))  # what was is not changed
            others = (one for one in roster.absences if (one.responder, one.start) != (added.responder, added.start))
            return replace(roster, absences=(*others, added))
        case RemoveAbsence(absence):
            return _absence_removed(roster, absence, now)
        case _:
            assert_never(edit)


def _created(roster: Roster, edit: CreateSchedule, now: datetime) -> Roster | Mistake:
    taken = next((one for one in roster.schedules if one.casefold() == edit.schedule.casefold()), None)
    if taken is not None:  # commands do not tell small letters from capitals
        return Mistake(f"there is a schedule {taken} already", "choose another name, or change that one")
    try:
        rotation = created(edit.handoff, edit.participants, (edit.every, edit.unit), edit.timezone, now)
    except ValueError as error:
        return _mistake(error)
    layers = (Layer(edit.layer, rotation, edit.windows),)
    return _with(roster, Schedule(edit.schedule, edit.timezone, layers, must_cover=edit.windows))


def _rotation_changed(roster: Roster, edit: RotationEdit, now: datetime) -> Roster | Mistake:
    schedule = roster.schedules.get(edit.schedule)
    if schedule is None:
        return _no_schedule(edit.schedule)
    layer = _layer(schedule, edit.layer)
    if isinstance(layer, Mistake):
        return layer
    change = _as_change(layer, edit, now)
    if isinstance(change, Mistake):
        return change
    try:
        new = _new_version(layer, change, now)
    except ValueError as error:
        return _mistake(error)
    layers = tuple(new if one.name == layer.name else one for one in schedule.layers)
    return _with(roster, replace(schedule, layers=layers))


def _layer(schedule: Schedule, name: str | None) -> Layer | Mistake:
    names = [one.name for one in schedule.layers]
    if name is None and len(names) == 1:
        return schedule.layers[0]
    if name in names:
        return schedule.layers[names.index(name)]
    if not names:
        return Mistake(f"{schedule.id} has no layers", "write its rotation into a schedule file")
    wrong = f"{schedule.id} has several layers" if name is None else f"{schedule.id} has no layer {name}"
    return Mistake(wrong, f"name one of {', '.join(names)}")


def _as_change(layer: Layer, edit: RotationEdit, now: datetime) -> ChangeRotation | Mistake:
    """Adding and removing are a new order of the newest version."""
    order = layer.rotation.participants
    match edit:
        case ChangeRotation():
            return edit
        case AddParticipant():
            if edit.entry in order:
                who = " and ".join(edit.entry) or "nobody"
                return Mistake(f"{who} takes part already", "use the order if somebody shall come twice")
            order = _with_last(layer, edit.entry, now)
        case RemoveParticipant():
            if not any(edit.responder in entry for entry in order):
                return Mistake(f"{edit.responder} does not take part", "see who does, and name one of them")
            order = tuple(filter(None, (_without(entry, edit.responder) for entry in order)))
            if not any(order):
                return Mistake("nobody would be left", "add somebody else first")
        case _:
            assert_never(edit)
    return ChangeRotation(edit.schedule, edit.layer, order, starts=edit.starts)


def _with_last(layer: Layer, entry: Entry, now: datetime) -> tuple[Entry, ...]:
    """The newest order with the entry behind everybody else.

    A pending version whose handoff moves keeps the outgoing person as its last for a while: they stay the last there.
    """
    order = layer.rotation.participants
    starts_at = layer.starts_at
    if starts_at is not None and now < starts_at < layer.rotation.handoff(0):
        return (*order[:-1], entry, order[-1])
    return (*order, entry)


def _without(entry: Entry, responder: str) -> Entry | None:
    """None for an entry that was this person's alone; an entry of nobody stays."""
    rest = tuple(one for one in entry if one != responder)
    return rest if rest or not entry else None


def _new_version(layer: Layer, change: ChangeRotation, now: datetime) -> Layer:
    """A pending version is replaced: its order, length, handoff and windows are the new one's, where not changed."""
    running, newest = layer.at(now), layer.rotation
    starts_at = start_of(running.rotation, change.starts, now)
    old = newest if layer.starts_at == starts_at else running.rotation
    new = anchored(running.rotation, newest, change, starts_at, old)
    windows = change.windows.windows if change.windows is not None else layer.windows
    kept = tuple(one for one in layer.former if now - VERSIONS_KEPT < one.until <= now)
    if kept and kept[-1].until == new.starts_at:  # a second edit in the same instant
        return Layer(layer.name, new.rotation, windows, kept, running.version)
    former = (*kept, Former(new.starts_at, running.rotation, running.windows))
    return Layer(layer.name, new.rotation, windows, former, running.version + 1)


def _override_added(roster: Roster, name: str, override: Override, now: datetime) -> Roster | Mistake:
    schedule = roster.schedules.get(name)
    if schedule is None:
        return _no_schedule(name)
    if override.end <= now:
        return Mistake("this time is over already", "name an end that lies ahead")
    added = replace(override, start=max(override.start, now))  # what was is not changed
    others = tuple(one for one in schedule.overrides if not _is_replaced(one, added))
    return _with(roster, replace(schedule, overrides=(*others, added)))


def _override_removed(roster: Roster, name: str, override: Override, now: datetime) -> Roster | Mistake:
    schedule = roster.schedules.get(name)
    if schedule is None:
        return _no_schedule(name)
    found = next((one for one in schedule.overrides if one == override), None)
    if found is None:
        return Mistake("this override is not there any more", "look at the shifts again")
    if found.end <= now:
        return Mistake("this override is over already", "what was worked stays as it was")
    left = () if found.start >= now else (replace(found, end=now),)
    overrides = tuple(other for one in schedule.overrides for other in (left if one == found else (one,)))
    return _with(roster, replace(schedule, overrides=overrides))


def _absence_removed(roster: Roster, absence: Absence, now: datetime) -> Roster | Mistake:
    if absence not in roster.absences:
        return Mistake("this absence is not there any more", "look again who is away")
    if absence.end <= now:
        return Mistake("this absence is over already", "what was worked stays as it was")
    left = () if absence.start >= now else (replace(absence, end=now),)
    kept = tuple(other for one in roster.absences for other in (left if one == absence else (one,)))
    return replace(roster, absences=kept)


def _is_replaced(one: Override, by: Override) -> bool:
    """Said again, with another end perhaps."""
    return (one.responder, one.start, one.instead_of) == (by.responder, by.start, by.instead_of)


def _with(roster: Roster, schedule: Schedule) -> Roster:
    return replace(roster, schedules=MappingProxyType({**roster.schedules, schedule.id: schedule}))


def _no_schedule(name: str) -> Mistake:
    return Mistake(f"there is no schedule {name}", "name one that exists")


def _mistake(error: ValueError) -> Mistake:
    """The values' own words are `wrong: cure`."""
    wrong, _, cure = str(error).partition(": ")
    return Mistake(wrong, cure or "correct it")
