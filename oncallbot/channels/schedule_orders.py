"""Which orders does a command about schedules give, and may this responder give them? For typed words and forms alike.

It must not carry anything out, nor say anything but why not: `engine.proposals` makes a preview of the orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never

from oncallbot.engine import counts
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.counting import Hours
from oncallbot.oncall.editing import Mistake, Roster
from oncallbot.oncall.edits import AddAbsence, AddOverride, RemoveAbsence, RemoveOverride
from oncallbot.oncall.fairness import fairest
from oncallbot.oncall.people import Absence, Responder
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.week import WeeklyWindow
from oncallbot.schedule_files import Kind, Order, PutObject
from oncallbot.wording import schedule_forms as forms
from oncallbot.wording.edit_words import order_text, times_text, weekly_text
from oncallbot.wording.previews import FAIREST_ALREADY
from oncallbot.wording.swaps import which_absence_text

_OVER = Mistake("this time is over already", "name an end that lies ahead")

Ordering = (
    forms.EditRotation
    | forms.OrderFairest
    | forms.TakeShift
    | forms.MakeOverride
    | forms.RemoveOverrides
    | forms.BeAbsent
    | forms.EndAbsence
    | forms.SetHours
    | forms.CloseOffice
    | forms.OpenOffice
    | forms.UsualHours
    | forms.SetHolidays
)
"""What becomes a proposal; covers, swaps, feeds and questions do not."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The orders, in order, and why they are given; `notes` stand beneath their first preview."""

    orders: tuple[Order, ...]
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Denied:
    """Only managers may do that; `what` goes behind "Only managers can"."""

    what: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Several things could be meant, or none: the words that ask back."""

    words: str


@dataclass(frozen=True, slots=True)
class Settled:
    """It is so already: the words that say so."""

    words: str


@dataclass(frozen=True, slots=True)
class Situation:
    """By what an order is understood: `stored` are bodies of office hours by id, `worked` this year's hours."""

    rules: Rules
    who: Responder
    now: datetime
    stored: Mapping[str, Mapping[str, Any]]
    worked: Mapping[str, Hours]


def wanted(form: Ordering, at: Situation) -> Wanted | Mistake | Denied | Unclear | Settled:
    """The orders that the form gives; instants are the form's, cut to whole seconds."""
    if not at.who.manager and (what := _managers_only(form, at.who)):
        return Denied(what)
    match form:
        case forms.EditRotation(edit, reason):
            return Wanted((edit,), reason)
        case forms.OrderFairest():
            return _fairest(form, at)
        case forms.TakeShift(schedule, until, reason):
            return _override(at, forms.MakeOverride(schedule, at.who.id, at.now, until, reason=reason))
        case forms.MakeOverride():
            return _override(at, form)
        case forms.RemoveOverrides():
            return _removed_override(form, at)
        case forms.BeAbsent(responder, start, end, reason):
            if end <= max(start, at.now):
                return _OVER
            return Wanted((AddAbsence(Absence(responder or at.who.id, _second(start), _second(end))),), reason)
        case forms.EndAbsence():
            return _ended_absence(form, at)
        case forms.SetHours() | forms.CloseOffice() | forms.OpenOffice() | forms.UsualHours() | forms.SetHolidays():
            return _hours(form, at)
        case _:
            assert_never(form)


def may_give(orders: Iterable[Order], who: Responder) -> bool:
    """Are all of these this responder's to give, today? Somebody may have been a manager when they proposed them."""
    return who.manager or all(_is_own(one, who.id) for one in orders)


def _is_own(order: Order, who: str) -> bool:
    match order:
        case AddOverride(_, override):
            return override.responder == who == override.made_by
        case AddAbsence(absence) | RemoveAbsence(absence):
            return absence.responder == who
        case _:
            return False


def _managers_only(form: Ordering, who: Responder) -> str:
    """What this is, where it is not a responder's own affair; "" where it is."""
    match form:
        case forms.EditRotation() | forms.OrderFairest():
            return "edit rotations"
        case forms.MakeOverride() | forms.RemoveOverrides():
            return "make and remove overrides"
        case forms.BeAbsent(responder) | forms.EndAbsence(responder):
            return "" if responder in (None, who.id) else "say that somebody else is away or back"
        case forms.TakeShift():
            return ""
        case forms.SetHours() | forms.CloseOffice() | forms.OpenOffice() | forms.UsualHours() | forms.SetHolidays():
            return "change office hours"
        case _:
            assert_never(form)


def _override(at: Situation, form: forms.MakeOverride) -> Wanted | Mistake:
    made_at = _second(at.now)
    start, end = max(_second(form.start), made_at), _second(form.end)
    if end <= start:
        return _OVER
    made = Override(form.responder, start, end, form.instead_of, form.reason, at.who.id, made_at)
    return Wanted((AddOverride(form.schedule, made),), form.reason)


def _second(at: datetime) -> datetime:
    """Files show these instants, and people read them there."""
    return at.replace(microsecond=0)


def _removed_override(form: forms.RemoveOverrides, at: Situation) -> Wanted | Mistake:
    schedule = at.rules.schedules.get(form.schedule)
    if schedule is None:
        return Mistake(f"there is no schedule {form.schedule}", "name one that exists")
    found = [
        one
        for one in schedule.overrides
        if one.end > at.now
        and form.responder in (None, one.responder)
        and (form.at is None or one.start <= form.at < one.end)
    ]
    if not found:
        return Mistake("there is no such override, now or later", f"see /oncall rotation show {form.schedule}")
    if len(found) > 1:
        return Mistake(
            f"{len(found)} overrides could be meant",
            f"name the person or a time in it: /oncall override remove {form.schedule} @{found[0].responder} at <time>",
        )
    return Wanted((RemoveOverride(form.schedule, found[0]),))


def _ended_absence(form: forms.EndAbsence, at: Situation) -> Wanted | Unclear:
    """The running one, else the only one that is coming."""
    who = form.responder or at.who.id
    coming = [one for one in at.rules.absences if one.responder == who and one.end > at.now]
    found = [one for one in coming if form.at is None or one.start <= form.at < one.end]
    running = [one for one in found if one.start <= at.now]
    chosen = running or found
    if len(chosen) == 1:
        return Wanted((RemoveAbsence(chosen[0]),))
    named = None if who == at.who.id else who
    return Unclear(which_absence_text(named, coming, at.rules, at.who.timezone, at.now))


def _fairest(form: forms.OrderFairest, at: Situation) -> Wanted | Mistake | Settled:
    schedule = at.rules.schedules.get(form.schedule)
    if schedule is None:
        return Mistake(f"there is no schedule {form.schedule}", "name one that exists")
    roster = Roster(at.rules.schedules, at.rules.absences)
    calendar = counts.calendar_of(at.rules, form.schedule)
    found = fairest(roster, form.schedule, form.layer, at.worked, calendar, at.now, form.starts)
    if isinstance(found, Mistake):
        return found
    why = tuple(f"{order_text((one.entry,), at.rules)}: {one.reason}" for one in found.ledger)
    if found.changes_nothing:  # as the command line says it: a new version of the same order would be no news
        return Settled("\n".join((FAIREST_ALREADY, *why)))
    return Wanted((found.change,), "the fairest order", why)


def _hours(
    form: forms.SetHours | forms.CloseOffice | forms.OpenOffice | forms.UsualHours | forms.SetHolidays, at: Situation
) -> Wanted | Mistake:
    stored = at.stored.get(form.office_hours)
    if stored is None:
        return Mistake(f"there are no office hours {form.office_hours}", "name some that exist")
    body = dict(stored)
    closed = [str(one) for one in body.get("closed", ())]
    opened = {str(day): times for day, times in body.get("opened", {}).items()}
    reason = ""
    match form:
        case forms.SetHours(_, opening):
            body["open"] = _weekly(opening)
        case forms.CloseOffice(_, first, last, reason):
            days = _days(first.toordinal(), last.toordinal())
            opened = {day: times for day, times in opened.items() if day not in days}
            closed = [*closed, *days]
        case forms.OpenOffice(_, day, times):
            opened[str(day)] = times_text(times).split(", ")
        case forms.UsualHours(_, first, last):
            days = _days(first.toordinal(), last.toordinal())
            opened = {day: times for day, times in opened.items() if day not in days}
            closed = [day for day in closed if day not in days]
        case forms.SetHolidays(_, country, subdivision):
            body["holidays"] = {"country": country} | ({"subdivision": subdivision} if subdivision else {})
            if country is None:
                del body["holidays"]
        case _:
            assert_never(form)
    body |= {"closed": closed, "opened": opened}
    from oncallbot.schedule_files.parts import canonical_text  # 40 ms that no start needs: rarely do hours change

    text = canonical_text(Kind.OFFICE_HOURS.value, body, f"office hours {form.office_hours}")
    return Wanted((PutObject(Kind.OFFICE_HOURS.value, form.office_hours, text),), reason)


def _weekly(opening: Iterable[WeeklyWindow]) -> dict[str, list[str]]:
    """As a file has it: times by days."""
    by_days: dict[str, list[str]] = {}
    for window in opening:
        days, _, times = weekly_text((window,)).partition(" ")
        by_days.setdefault(days, []).append(times or "00:00-24:00")
    return by_days


def _days(first: int, last: int) -> list[str]:
    return [str(date.fromordinal(day)) for day in range(first, last + 1)]
