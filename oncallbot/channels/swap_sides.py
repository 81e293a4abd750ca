"""Which two sides does a swap command mean? A shift, a stint or a stretch of each; else the words that ask back.

It must not take one of several for the one that was meant, nor change anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.people import Responder
from oncallbot.oncall.schedule import Schedule, Shift, final_shifts
from oncallbot.oncall.swaps import Side, others_have, time_of, whole_stints
from oncallbot.wording import swaps
from oncallbot.wording.schedule_forms import Stretch, SwapShifts, SwapSide, WholeStint
from oncallbot.wording.swaps import Kept, Offer

Named = tuple[str, str, tuple[Interval, ...]]
"""Whose (an id), in which schedule, and when."""

LOOKS_AHEAD = timedelta(days=60)
_A_MINUTE = timedelta(minutes=1)
_A_NIGHT = timedelta(hours=25)  # one that is an hour longer, too
_NEXT = WholeStint(is_running=False)


@dataclass(frozen=True, slots=True)
class Sides:
    """What the asker gives, and what they get; `kept` is what others have of it, and keep."""

    gives: Side
    gets: Side
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What could be one side: everything that its responder has in the span."""

    schedule: str
    responder: str
    span: Interval
    is_shift: bool = False


@dataclass(frozen=True, slots=True)
class _Swap:
    """Who asks whom, under which rules; `tz` is the asker's."""

    asker: Responder
    other: Responder
    rules: Rules
    now: datetime
    schedule: str | None

    @property
    def tz(self) -> str:
        return self.asker.timezone


def meant(form: SwapShifts, asker: Responder, other: Responder, rules: Rules, now: datetime) -> Sides | str:
    """The two sides; else the words that ask which ones."""
    swap = _Swap(asker, other, rules, now.replace(microsecond=0), form.schedule)
    mine, theirs = _both_said(form)
    if mine is None and theirs is None:
        return _which(swap, _every_choice(swap))
    own, others = _candidates(swap, asker.id, mine, theirs), _candidates(swap, other.id, theirs, mine)
    for said, found, person in ((mine, own, None), (theirs, others, other.id)):
        if said is not None and not found:
            return _none_text(swap, said, person)
    is_said = mine is not None and theirs is not None
    pairs = [(one, another) for one in own for another in others]
    if len(pairs) != 1 and not isinstance(mine, datetime) and not isinstance(theirs, datetime):
        pairs = [(one, another) for one, another in pairs if one.schedule == another.schedule] or pairs
    if is_said and len(pairs) == 1:
        return _settled(swap, pairs[0], mine, theirs)
    return _which(swap, _choices(swap, own, others))


def left(rules: Rules, gives: Named, gets: Named, now: datetime) -> Sides | None:
    """What both still have of the sides that they named (whose, schedule, times); None where one has nothing left."""
    at = now.replace(microsecond=0)
    pair = [(name, who, (max(spans[0][0], at), spans[-1][1])) for who, name, spans in (gives, gets)]
    if any(end <= start for _, _, (start, end) in pair):
        return None
    found = _sides(rules, *(_Candidate(*one) for one in pair))
    return found if found.gives.spans and found.gets.spans else None


def _sides(rules: Rules, first: _Candidate, second: _Candidate) -> Sides:
    """What each of the two has in their span, and what others have of it."""
    kept: list[Kept] = []
    sides = []
    for one in (first, second):
        plan, absences = rules.schedules[one.schedule], rules.absences
        sides.append(Side(one.schedule, one.responder, time_of(plan, absences, one.responder, one.span)))
        kept += [(one.responder, *found) for found in others_have(plan, absences, one.responder, one.span)]
    return Sides(sides[0], sides[1], tuple(kept))


def _both_said(form: SwapShifts) -> tuple[SwapSide, SwapSide]:
    """`my week with @ben` means Ben's next one, too."""
    mine, theirs = form.mine, form.theirs
    if isinstance(theirs, WholeStint) and mine is None:
        mine = WholeStint()
    if (isinstance(mine, WholeStint) and theirs is None) or theirs == WholeStint():
        theirs = _NEXT
    return mine, theirs


def _candidates(swap: _Swap, responder: str, said: SwapSide, beside: SwapSide) -> list[_Candidate]:
    """What the words can mean; where there are none, whatever fits what stands beside: shifts, or stints."""
    match said:
        case datetime():
            return _shifts_at(swap, responder, said)
        case Stretch(start, end):
            span = max(start.replace(microsecond=0), swap.now), end.replace(microsecond=0)  # as files show them
            every = [_Candidate(name, responder, span) for name in _names(swap, responder)]
            return [one for one in every if _time(swap, one)]
        case WholeStint():
            return [one for name in _names(swap, responder) for one in _stints(swap, name, responder, said)]
        case None if isinstance(beside, datetime):
            return _shifts(swap, responder)
        case None:
            return [
                one
                for name in _names(swap, responder)
                for one in _all_stints(swap, name, responder)
                if not _runs(swap, one)
            ]


def _names(swap: _Swap, responder: str) -> list[str]:
    """The schedules in which that person can be on call at all: of a thousand, most are not looked through."""
    plans = (plan for name, plan in swap.rules.schedules.items() if swap.schedule in (None, name))
    return [plan.id for plan in plans if responder in _everybody(plan)]


def _everybody(plan: Schedule) -> Iterator[str]:
    yield from (one.responder for one in plan.overrides)
    for layer in plan.layers:
        for rotation in (layer.rotation, *(former.rotation for former in layer.former)):
            yield from (one for entry in rotation.participants for one in entry)


def _time(swap: _Swap, one: _Candidate) -> tuple[Interval, ...]:
    return time_of(swap.rules.schedules[one.schedule], swap.rules.absences, one.responder, one.span)


def _all_stints(swap: _Swap, name: str, responder: str) -> list[_Candidate]:
    """The running one is traded from now on."""
    found = whole_stints(swap.rules.schedules[name], swap.rules.absences, responder, swap.now)
    return [_Candidate(name, responder, (max(start, swap.now), end)) for start, end in found]


def _stints(swap: _Swap, name: str, responder: str, said: WholeStint) -> Iterator[_Candidate]:
    """Those of one schedule that are meant."""
    every = _all_stints(swap, name, responder)
    if said.on is not None:
        yield from (one for one in every if _is_on(one.span, said.on))
        return
    if said.is_running is not False:
        yield from (one for one in every if _runs(swap, one))
    if said.is_running is not True:
        yield from [one for one in every if not _runs(swap, one)][:1]


def _is_on(stint: Interval, on: Interval) -> bool:
    """Does it run at that instant; or on that day, begun then or not over with it?"""
    start, end = on
    if start == end:
        return stint[0] <= start < stint[1]
    return start <= stint[0] < end or stint[0] < end <= stint[1]


def _runs(swap: _Swap, one: _Candidate) -> bool:
    return one.span[0] <= swap.now


def _shifts(swap: _Swap, responder: str) -> list[_Candidate]:
    found = [
        _Candidate(name, responder, (max(shift.start, swap.now), shift.end), is_shift=True)
        for name in _names(swap, responder)
        for shift in _coming(swap, name)
        if responder in shift.responders
    ]
    return sorted(found, key=lambda one: one.span)


def _coming(swap: _Swap, name: str) -> tuple[Shift, ...]:
    return final_shifts(swap.rules.schedules[name], swap.rules.absences, swap.now, swap.now + LOOKS_AHEAD)


def _shifts_at(swap: _Swap, responder: str, at: datetime) -> list[_Candidate]:
    """What runs then; the minute that has just begun is now: nobody types seconds."""
    at = swap.now if swap.now - _A_MINUTE < at < swap.now else at
    return [one for one in _shifts(swap, responder) if one.span[0] <= at < one.span[1]]


def _settled(swap: _Swap, pair: tuple[_Candidate, _Candidate], mine: SwapSide, theirs: SwapSide) -> Sides | str:
    """The sides, unless days that were said cut nights in two."""
    saids = (mine, theirs)
    whole = [
        _with_whole_nights(swap, one) if isinstance(said, Stretch) and said.is_days else one
        for one, said in zip(pair, saids, strict=True)
    ]
    if tuple(whole) != pair and all(_time(swap, one) for one in whole):
        return swaps.which_nights_text(
            [choice for own, another in (whole, pair) for choice in _choices(swap, [own], [another])]
        )
    return _sides(swap.rules, *pair)


def _with_whole_nights(swap: _Swap, one: _Candidate) -> _Candidate:
    """A night belongs to the day on which it begins."""
    nights = [
        (shift.start, shift.end)
        for shift in final_shifts(
            swap.rules.schedules[one.schedule], swap.rules.absences, one.span[0] - _A_NIGHT, one.span[1] + _A_NIGHT
        )
        if one.responder in shift.responders and shift.end - shift.start <= _A_NIGHT
    ]

    def edge(at: datetime) -> datetime:
        return next((end for start, end in nights if start < at < end), at)

    start = one.span[0] if one.span[0] <= swap.now else edge(one.span[0])
    return _Candidate(one.schedule, one.responder, (start, max(start, edge(one.span[1]))))


def _every_choice(swap: _Swap) -> tuple[str, ...]:
    """Nothing was said: stints, where one has breaks, then shifts."""
    own = _candidates(swap, swap.asker.id, WholeStint(), None)
    others = _candidates(swap, swap.other.id, _NEXT, None)
    has_breaks = any(len(_time(swap, one)) > 1 for one in (*own, *others))
    shifts = _choices(swap, _shifts(swap, swap.asker.id), _shifts(swap, swap.other.id))
    return (*(_choices(swap, own, others) if has_breaks else ()), *shifts)


def _choices(swap: _Swap, own: Sequence[_Candidate], others: Sequence[_Candidate]) -> tuple[str, ...]:
    """Commands for each pair, which name the schedule where the asker did, too."""
    found = swaps.swap_choices(_offers(swap, own), _offers(swap, others), swap.other.id)
    return tuple(f"{one} in {swap.schedule}" for one in found) if swap.schedule else found


def _offers(swap: _Swap, found: Sequence[_Candidate]) -> list[Offer]:
    return [_offer(swap, one) for one in found]


def _offer(swap: _Swap, one: _Candidate) -> Offer:
    if one.is_shift:
        return swaps.shift_offer(one.schedule, one.span[0], swap.tz)
    return swaps.stretch_offer(one.schedule, one.span, swap.tz, swap.now)


def _which(swap: _Swap, choices: Sequence[str]) -> str:
    return swaps.which_swap_text(choices, swap.other.id, swap.rules)


def _none_text(swap: _Swap, said: SwapSide, responder: str | None) -> str:
    """Nothing of theirs is meant by these words: None is the asker."""
    match said:
        case datetime():
            return swaps.not_on_call_text(responder, said, swap.rules, swap.tz, swap.now)
        case Stretch(start, end):
            return swaps.not_on_call_in_text(responder, (start, end), swap.rules, swap.tz, swap.now)
        case WholeStint() | None:
            return swaps.no_stint_text(responder, swap.rules)
