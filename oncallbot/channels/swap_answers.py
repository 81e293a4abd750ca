"""What came of a swap that was proposed? For whoever answers it by button or by link: accepted, declined, look again.

It must not take anything from a third person: what is left of the swap is proposed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from oncallbot.channels import swap_sides
from oncallbot.channels.slack_previews import edits, in_words, refusal, tells
from oncallbot.channels.swap_sides import Sides
from oncallbot.engine import letters, proposals, swapping
from oncallbot.engine.change import Refused
from oncallbot.engine.handle import Door
from oncallbot.engine.proposals import Confirmed, Ended, Outline, Proposed, Renewed, Tells
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.editing import Mistake, Roster
from oncallbot.oncall.edits import AddOverride
from oncallbot.oncall.people import Responder
from oncallbot.oncall.swaps import Terms, swapped
from oncallbot.schedule_files import Order
from oncallbot.storage.outbox import Notification
from oncallbot.storage.proposals import Proposal, Status
from oncallbot.wording import swaps
from oncallbot.wording.previews import refused_text
from oncallbot.wording.swaps import BEGUN, CHANGED, Given, Kept


@dataclass(frozen=True, slots=True)
class Swap:
    """`other` takes `gives`, the asker takes `gets`; `kept` is what others have of it."""

    asker: Responder
    other: Responder
    gives: Given
    gets: Given
    kept: tuple[Kept, ...] = ()

    @property
    def both(self) -> frozenset[str]:
        return frozenset((self.asker.id, self.other.id))


@dataclass(frozen=True, slots=True)
class Look:
    """A proposed swap as it is now; `outline` is what accepting it would change now, or why it cannot be."""

    id: str
    status: Status
    swap: Swap
    orders: Sequence[Order]
    outline: Outline | Mistake | Refused


@dataclass(frozen=True, slots=True)
class Again:
    """Nothing was done: `made` has taken the proposal's place, and must be looked at first. `lead` says why."""

    made: Proposed
    orders: Sequence[Order]
    swap: Swap
    lead: str


@dataclass(frozen=True, slots=True)
class SwapText:
    """What somebody reads before they decide: what is asked, both people's next weeks, what others keep, gaps."""

    asks: str
    weeks: tuple[str, ...]
    kept: tuple[str, ...]
    gaps: tuple[str, ...]


def look(door: Door, id_: str) -> Look | None:
    """The swap with this id, or what has taken its place. None when it is not kept, or one of the two is gone."""
    found = proposals.look(door, id_)
    if found is None:
        return None
    proposal, outline = found
    orders = proposals.orders_of(door, proposal.id)
    swap = swap_of(door, orders)
    return Look(proposal.id, proposal.status, swap, orders, outline) if swap is not None else None


def accept(door: Door, id_: str, who: Responder) -> str | Again:
    """All overrides at once; what the person who pressed the button reads."""
    orders = proposals.orders_of(door, id_)
    swap = swap_of(door, orders)
    found = proposals.confirm(door, id_, who.id, _tells(swap, door) if swap is not None else tells(orders))
    rules, now = door.rules_now(), door.clock.now()
    match found:
        case Confirmed() if swap is not None:
            return swaps.swap_agreed_text(swap.asker.id, swap.gives, swap.gets, rules, who.timezone, now)
        case Renewed(proposed) if swap is not None and not swapping.is_between(proposed.outline, swap.both):
            return _anew(door, proposed, swap, now)
        case Renewed(proposed, is_edited) if swap is not None:
            return Again(proposed, orders, swap, CHANGED if is_edited else BEGUN)
        case Confirmed() | Renewed():
            return refused_text(Mistake("somebody of this swap is no responder any more", "ask a manager"))
        case _:
            return refusal(found, rules)


def _anew(door: Door, stale: Proposed, swap: Swap, now: datetime) -> str | Again:
    """By now it would take something from a third person: what is left of it is proposed, or it is over."""
    rules, asker, other = door.rules_now(), swap.asker, swap.other
    left = _left(door, stale, swap, rules, now)
    told = None if left is not None else letters.to_person(rules, asker.id, swaps.swap_off_text(other.id, rules), now)
    swapping.decline(door, stale.id, other.id, lambda _: told)
    return swaps.swap_off_text(asker.id, rules) if left is None else left


def _left(door: Door, stale: Proposed, swap: Swap, rules: Rules, now: datetime) -> Again | None:
    reason = stale.outline.reason
    sides = swap_sides.left(rules, (swap.asker.id, *swap.gives), (swap.other.id, *swap.gets), now)
    orders = orders_for(sides, swap.asker, swap.other, reason, rules, now) if sides is not None else None
    if sides is None or orders is None or isinstance(orders, Mistake):
        return None
    made = swapping.again(door, stale, orders, swap.both)
    return Again(made, orders, swap_in(orders, rules, sides.kept), CHANGED) if made is not None else None


def decline(door: Door, id_: str, who: Responder) -> str:
    """Decline it or what has taken its place, or (its asker) withdraw it; the other of the two is told."""
    rules, now = door.rules_now(), door.clock.now()
    id_ = proposals.newest(door, id_)  # the asker's button is of the first proposal
    swap = swap_of(door, proposals.orders_of(door, id_))

    def letter(proposal: Proposal) -> Notification | None:
        asker = rules.responders.get(proposal.made_by)
        if asker is None or swap is None:
            return None
        if who.id == asker.id:
            said = swaps.swap_withdrawn_text(asker.id, rules)
            return letters.to_person(rules, proposal.decided_by, said, now)
        said = swaps.swap_declined_text(who.id, swap.gives, rules, asker.timezone, now)
        return letters.to_person(rules, asker.id, said, now)

    ended = swapping.decline(door, id_, who.id, letter)
    if isinstance(ended, Ended) and ended.status is Status.DECLINED:
        is_asker = swap is not None and swap.asker.id == who.id
        return f"You {'do not ask for' if is_asker else 'have declined'} the swap. Nothing has changed."
    return refusal(ended, rules)


def shown(outline: Outline, orders: Sequence[Order], swap: Swap, reader: Responder, now: datetime) -> SwapText:
    """The swap as one of the two reads it, who comes first in it."""
    before, tz = outline.before, reader.timezone
    people = sorted((swap.asker.id, swap.other.id), key=lambda one: one != reader.id)
    return SwapText(
        swaps.swap_asked_text(swap.asker.id, reader, swap.gives, swap.gets, before, now, outline.reason),
        swaps.weeks_lines(outline.preview, people, before, tz),
        swaps.kept_lines(swap.kept, before, tz, now),
        in_words(outline, edits(orders), tz).gaps,
    )


def orders_for(
    sides: Sides, asker: Responder, other: Responder, reason: str, rules: Rules, now: datetime
) -> tuple[AddOverride, ...] | Mistake:
    """The overrides that trade the two sides, as the asker gives them at `now`."""
    made_at = now.replace(microsecond=0)
    terms = Terms(reason or f"{asker.first_name} and {other.first_name} swap", asker.id, made_at)
    return swapped(Roster(rules.schedules, rules.absences), sides.gives, sides.gets, terms, made_at)


def swap_of(door: Door, orders: Sequence[Order]) -> Swap | None:
    """The swap that these orders are; None when they are none, or somebody is gone."""
    rules = door.rules_now()
    overrides = [one for one in orders if isinstance(one, AddOverride)]
    people = {one.override.responder for one in overrides} | {one.override.instead_of for one in overrides}
    is_swap = len(overrides) == len(orders) and len(people) == 2 and people <= set(rules.responders)
    if not is_swap:
        return None
    swap = swap_in(overrides, rules)
    sides = swap_sides.left(rules, (swap.asker.id, *swap.gives), (swap.other.id, *swap.gets), door.clock.now())
    return replace(swap, kept=sides.kept) if sides is not None else swap


def swap_in(orders: Sequence[AddOverride], rules: Rules, kept: Sequence[Kept] = ()) -> Swap:
    """Whose overrides come first are the other's: they take what the asker gives."""
    asker, other = orders[-1].override.responder, orders[0].override.responder
    gives, gets = (
        (
            next(one.schedule for one in orders if one.override.responder == who),
            tuple((one.override.start, one.override.end) for one in orders if one.override.responder == who),
        )
        for who in (other, asker)
    )
    return Swap(rules.responders[asker], rules.responders[other], gives, gets, tuple(kept))


def _tells(swap: Swap, door: Door) -> Tells:
    others = tells()
    now = door.clock.now()

    def words_for(responder: str, outline: Outline) -> str:
        if responder != swap.asker.id:
            return others(responder, outline)
        tz = swap.asker.timezone
        return swaps.swap_accepted_text(swap.other.id, swap.gives, swap.gets, outline.after, tz, now)

    return words_for
