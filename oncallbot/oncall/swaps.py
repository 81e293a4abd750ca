"""Which overrides trade what two people have? Each side of a swap is a shift, a whole stint, or all of somebody's time.

It must not choose which time is meant, nor change a moment of anybody but the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oncallbot.oncall.editing import Mistake, Roster, edited
from oncallbot.oncall.edits import AddOverride
from oncallbot.oncall.intervals import Interval, clipped, united, without
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.preview import HORIZON, Preview, ShiftChange, preview
from oncallbot.oncall.schedule import Schedule, Shift, final_shifts
from oncallbot.oncall.stints import BREAK, stints_of

MOST_OVERRIDES = 40
"""Of one swap: more than that nobody reads."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two gives: their time on call in this schedule, in order, UTC."""

    schedule: str
    responder: str
    spans: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands at every override of a swap: why, who proposed it (an id) and when."""

    reason: str
    made_by: str
    made_at: datetime


def whole_stints(schedule: Schedule, absences: Sequence[Absence], responder: str, now: datetime) -> list[Interval]:
    """A person's running and coming stints as people count them, in order: also where others have a part of one.

    A running one begins before `now`. One that is not over after `preview.HORIZON` is left out: nobody knows its end.
    """
    begin, end = now - BREAK, now + HORIZON + BREAK
    found = [(one.start, one.end) for one in stints_of(final_shifts(schedule, absences, begin, end), responder)]
    by_rotation = stints_of(_by_rotation(schedule, begin, end), responder)
    owned = [(one.start, one.end) for one in by_rotation if any(clipped(found, one.start, one.end))]
    return [
        (start, until)
        for start, until in united(sorted((*found, *owned)))
        if now < until <= now + HORIZON and time_of(schedule, absences, responder, (max(start, now), until))
    ]


def time_of(schedule: Schedule, absences: Sequence[Absence], responder: str, span: Interval) -> tuple[Interval, ...]:
    """When that person is on call within the span."""
    shifts = final_shifts(schedule, absences, *span)
    return tuple(united((one.start, one.end) for one in shifts if responder in one.responders))


def others_have(
    schedule: Schedule, absences: Sequence[Absence], responder: str, span: Interval
) -> tuple[tuple[Interval, tuple[str, ...]], ...]:
    """What others have of that person's own turns within the span, and who: covers, overrides, absences.

    Nobody is empty.
    """
    turns = united((one.start, one.end) for one in _by_rotation(schedule, *span) if responder in one.responders)
    missing = without(turns, time_of(schedule, absences, responder, span))
    return tuple(part for one in missing for part in _who_has(schedule, absences, one))


def swapped(roster: Roster, gives: Side, gets: Side, terms: Terms, now: datetime) -> tuple[AddOverride, ...] | Mistake:
    """The overrides by which the two trade their sides, those that give away `gives` first.

    Carried out now, they hand over what the sides name, from each of the two to the other, and change nothing else.
    """
    if any(end > now + HORIZON for side in (gives, gets) for _, end in side.spans):
        return Mistake(f"that is more than {HORIZON.days} days ahead", "swap it when it is nearer")
    orders = (*_orders(roster, gives, gets.responder, terms), *_orders(roster, gets, gives.responder, terms))
    if len(orders) > MOST_OVERRIDES:
        return Mistake(f"that would be {len(orders)} overrides", "swap a shorter time")
    after = roster
    for order in orders:
        result = edited(after, order, now)
        if isinstance(result, Mistake):
            return result
        after = result
    if _is_trade(gives, gets, preview(roster, after, now)):
        return orders
    if _are_together(roster, gives, gets) or _are_together(roster, gets, gives):
        wrong = f"{gives.responder} and {gets.responder} are on call together for a part of it"
        return Mistake(wrong, "swap a time that only one of you has")
    return Mistake("that would change more than what is swapped", "ask a manager for overrides")


def _by_rotation(schedule: Schedule, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """The shifts as they would be with nobody away and nothing traded."""
    return final_shifts(replace(schedule, overrides=()), (), start, end)


def _who_has(
    schedule: Schedule, absences: Sequence[Absence], span: Interval
) -> Iterator[tuple[Interval, tuple[str, ...]]]:
    """Who is on call in each part of the span, nobody included."""
    at = span[0]
    for shift in final_shifts(schedule, absences, *span):
        if shift.start > at:
            yield (at, shift.start), ()
        yield (shift.start, shift.end), shift.responders
        at = shift.end
    if at < span[1]:
        yield (at, span[1]), ()


def _orders(roster: Roster, side: Side, to: str, terms: Terms) -> tuple[AddOverride, ...]:
    """As few overrides as say it: one goes on over a break in which nobody is on call with it, either."""
    schedule, found = roster.schedules[side.schedule], list[Override]()
    for start, end in side.spans:
        made = Override(to, start, end, side.responder, terms.reason, terms.made_by, terms.made_at)
        longer = replace(made, start=found[-1].start) if found and start - found[-1].end < BREAK else None
        if longer is not None and _is_empty_with(schedule, roster.absences, longer, (found[-1].end, start)):
            found[-1] = longer
        else:
            found.append(made)
    return tuple(AddOverride(side.schedule, one) for one in found)


def _is_empty_with(schedule: Schedule, absences: Sequence[Absence], override: Override, span: Interval) -> bool:
    with_it = replace(schedule, overrides=(*schedule.overrides, override))
    return not final_shifts(schedule, absences, *span) and not final_shifts(with_it, absences, *span)


def _is_trade(gives: Side, gets: Side, shown: Preview) -> bool:
    """Does all of both sides change hands, and nothing else?"""
    left = [(side, to, span) for side, to in ((gives, gets.responder), (gets, gives.responder)) for span in side.spans]
    length = sum((span[1] - span[0] for *_, span in left), timedelta())
    for part in shown.schedules:
        for one in part.changes:
            if not any(side.schedule == part.schedule and _hands_over(side, to, span, one) for side, to, span in left):
                return False
            length -= one.end - one.start
    return not length


def _hands_over(side: Side, to: str, span: Interval, change: ShiftChange) -> bool:
    before, after = set(change.before), set(change.after)
    is_within = span[0] <= change.start and change.end <= span[1]
    is_handed = side.responder in before and to not in before and after == before - {side.responder} | {to}
    return is_within and is_handed


def _are_together(roster: Roster, side: Side, other: Side) -> bool:
    schedule = roster.schedules[side.schedule]
    return any(time_of(schedule, roster.absences, other.responder, one) for one in side.spans)
