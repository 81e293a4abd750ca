"""How do two responders swap shifts in Slack? A proposal in the other's direct messages: Accept, Decline.

It must not choose shifts for anybody: which ones are meant is asked back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from oncallbot.channels import swap_sides
from oncallbot.channels.slack_asking import Asking
from oncallbot.channels.slack_previews import blocks, edits, in_words, nothing, plain, refusal, tells
from oncallbot.channels.swap_sides import Sides
from oncallbot.chat.blocks import Actions, Button, Message, Section, message
from oncallbot.chat.texts import joined, table, words
from oncallbot.engine import letters, proposals, swapping
from oncallbot.engine.handle import Door
from oncallbot.engine.proposals import Confirmed, Ended, Outline, Proposed, Renewed, Tells
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.editing import Mistake, Roster
from oncallbot.oncall.edits import AddOverride
from oncallbot.oncall.people import Method, Responder
from oncallbot.oncall.swaps import Terms, swapped
from oncallbot.schedule_files import Order
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.storage.proposals import Proposal, Status
from oncallbot.wording import swaps
from oncallbot.wording.covers import WITHDRAW
from oncallbot.wording.previews import refused_text
from oncallbot.wording.schedule_forms import SwapShifts
from oncallbot.wording.swaps import ACCEPT, BEGUN, CHANGED, DECLINE, Given, Kept

ACCEPT_SWAP, DECLINE_SWAP = "accept_swap", "decline_swap"


@dataclass(frozen=True, slots=True)
class _Swap:
    """`other` takes `gives`, the asker takes `gets`; `kept` is what others have of it."""

    asker: Responder
    other: Responder
    gives: Given
    gets: Given
    kept: tuple[Kept, ...] = ()

    @property
    def both(self) -> frozenset[str]:
        return frozenset((self.asker.id, self.other.id))


def ask(asking: Asking, form: SwapShifts) -> Message:
    """Propose the swap; what the asker reads, with a button to think better of it."""
    door, asker = asking.workspace.door, asking.responder
    rules, now = door.rules_now(), door.clock.now()
    other = rules.responders[form.responder]
    if other.id == asker.id:
        return plain(refused_text(Mistake("you cannot swap with yourself", "name somebody else")))
    if other.slack is None or Method.SLACK not in rules.roads:
        cure = "ask a manager for two overrides"
        return plain(refused_text(Mistake(f"{other.first_name} has no Slack, so nobody could accept", cure)))
    found = swap_sides.meant(form, asker, other, rules, now)
    if isinstance(found, str):
        return plain(found)
    orders = _orders(found, asker, other, form.reason, rules, now)
    if isinstance(orders, Mistake):
        return plain(refused_text(orders))
    swap = _swap_in(orders, rules, found.kept)

    def letter(made: Proposed) -> Notification:
        return _to(other, _drawn(made, orders, swap, now, form.reason), now)

    made = swapping.ask(door, orders, asker.id, other.id, form.reason, letter)
    if not isinstance(made, Proposed):
        return plain(refusal(made, rules))
    if made.outline.is_empty:
        return plain(nothing(made.outline, orders, asker.timezone, now))
    sent = swaps.swap_sent_text(other.id, swap.gives, swap.gets, rules, asker.timezone, now)
    withdraw = Actions((Button(DECLINE_SWAP, WITHDRAW, made.id),))
    return message(sent, (Section(sent), *_weeks(made.outline, swap, asker, now), withdraw))


def accept(door: Door, id_: str, who: Responder) -> Message:
    """All overrides at once; what the person who clicked reads in the place of the proposal."""
    orders = proposals.orders_of(door, id_)
    swap = _swap_of(door, orders)
    found = proposals.confirm(door, id_, who.id, _tells(swap, door) if swap is not None else tells(orders))
    rules, now = door.rules_now(), door.clock.now()
    match found:
        case Confirmed() if swap is not None:
            return plain(swaps.swap_agreed_text(swap.asker.id, swap.gives, swap.gets, rules, who.timezone, now))
        case Renewed(proposed) if swap is not None and not swapping.is_between(proposed.outline, swap.both):
            return _anew(door, proposed, swap, now)
        case Renewed(proposed, is_edited) if swap is not None:
            lead = CHANGED if is_edited else BEGUN
            return _drawn(proposed, orders, swap, now, proposed.outline.reason, lead)
        case Confirmed() | Renewed():
            return plain(refused_text(Mistake("somebody of this swap is no responder any more", "ask a manager")))
        case _:
            return plain(refusal(found, rules))


def _anew(door: Door, stale: Proposed, swap: _Swap, now: datetime) -> Message:
    """By now it would take something from a third person: what is left of it is proposed, or it is over."""
    rules, asker, other = door.rules_now(), swap.asker, swap.other
    left = _left(door, swap, stale.outline.reason, rules, now)
    told = None if left is not None else letters.to_person(rules, asker.id, swaps.swap_off_text(other.id, rules), now)
    swapping.decline(door, stale.id, other.id, lambda _: told)
    if left is None:
        return plain(swaps.swap_off_text(asker.id, rules))
    made, orders, rest = left
    return _drawn(made, orders, rest, now, made.outline.reason, CHANGED)


def _left(
    door: Door, swap: _Swap, reason: str, rules: Rules, now: datetime
) -> tuple[Proposed, Sequence[Order], _Swap] | None:
    sides = swap_sides.left(rules, (swap.asker.id, *swap.gives), (swap.other.id, *swap.gets), now)
    orders = _orders(sides, swap.asker, swap.other, reason, rules, now) if sides is not None else None
    if sides is None or orders is None or isinstance(orders, Mistake):
        return None
    made = proposals.propose(door, orders, swap.asker.id, decided_by=swap.other.id, reason=reason)
    if not isinstance(made, Proposed) or not swapping.is_between(made.outline, swap.both):
        return None
    return made, orders, _swap_in(orders, rules, sides.kept)


def decline(door: Door, id_: str, who: Responder) -> Message:
    """Decline it, or (its asker) withdraw it; the other of the two is told."""
    rules, now = door.rules_now(), door.clock.now()
    swap = _swap_of(door, proposals.orders_of(door, id_))

    def letter(proposal: Proposal) -> Notification | None:
        asker = rules.responders.get(proposal.made_by)
        if asker is None or swap is None:
            return None
        if who.id == asker.id:
            said = swaps.swap_withdrawn_text(asker.id, rules)
            return letters.to_person(rules, proposal.decided_by, said, now)
        said = swaps.swap_declined_text(who.id, swap.gives, rules, asker.timezone, now)
        return letters.to_person(rules, asker.id, said, now)

    found = swapping.decline(door, id_, who.id, letter)
    if isinstance(found, Ended) and found.status is Status.DECLINED:
        is_asker = swap is not None and swap.asker.id == who.id
        return plain(f"You {'do not ask for' if is_asker else 'have declined'} the swap. Nothing has changed.")
    return plain(refusal(found, rules))


def _orders(
    sides: Sides, asker: Responder, other: Responder, reason: str, rules: Rules, now: datetime
) -> tuple[AddOverride, ...] | Mistake:
    made_at = now.replace(microsecond=0)
    terms = Terms(reason or f"{asker.first_name} and {other.first_name} swap", asker.id, made_at)
    return swapped(Roster(rules.schedules, rules.absences), sides.gives, sides.gets, terms, made_at)


def _swap_of(door: Door, orders: Sequence[Order]) -> _Swap | None:
    """The swap that these orders are; None when they are none, or somebody is gone."""
    rules = door.rules_now()
    overrides = [one for one in orders if isinstance(one, AddOverride)]
    people = {one.override.responder for one in overrides} | {one.override.instead_of for one in overrides}
    is_swap = len(overrides) == len(orders) and len(people) == 2 and people <= set(rules.responders)
    if not is_swap:
        return None
    swap = _swap_in(overrides, rules)
    sides = swap_sides.left(rules, (swap.asker.id, *swap.gives), (swap.other.id, *swap.gets), door.clock.now())
    return replace(swap, kept=sides.kept) if sides is not None else swap


def _swap_in(orders: Sequence[AddOverride], rules: Rules, kept: Sequence[Kept] = ()) -> _Swap:
    """Whose overrides come first are the other's: they take what the asker gives."""
    asker, other = orders[-1].override.responder, orders[0].override.responder
    gives, gets = (
        (
            next(one.schedule for one in orders if one.override.responder == who),
            tuple((one.override.start, one.override.end) for one in orders if one.override.responder == who),
        )
        for who in (other, asker)
    )
    return _Swap(rules.responders[asker], rules.responders[other], gives, gets, tuple(kept))


def _tells(swap: _Swap, door: Door) -> Tells:
    others = tells()
    now = door.clock.now()

    def words_for(responder: str, outline: Outline) -> str:
        if responder != swap.asker.id:
            return others(responder, outline)
        tz = swap.asker.timezone
        return swaps.swap_accepted_text(swap.other.id, swap.gives, swap.gets, outline.after, tz, now)

    return words_for


def _drawn(made: Proposed, orders: Sequence[Order], swap: _Swap, now: datetime, reason: str, lead: str = "") -> Message:
    """The proposal as the other reads it: both people's next weeks, before and after."""
    outline, reader = made.outline, swap.other
    asks = swaps.swap_asked_text(swap.asker.id, reader, swap.gives, swap.gets, outline.before, now, reason)
    shown = in_words(outline, edits(orders), reader.timezone)
    buttons = (Button(ACCEPT_SWAP, ACCEPT, made.id, "primary"), Button(DECLINE_SWAP, DECLINE, made.id))
    gaps = blocks(shown)[-1 - len(shown.gaps) : -1]
    weeks = _weeks(outline, swap, reader, now)
    return message(f"{lead}{asks}", (Section(f"{lead}{asks}"), *weeks, *gaps, Actions(buttons)))


def _weeks(outline: Outline, swap: _Swap, reader: Responder, now: datetime) -> tuple[Section, ...]:
    """Both people's next weeks, the reader's first, and what others keep."""
    people = sorted((swap.asker.id, swap.other.id), key=lambda one: one != reader.id)
    weeks = swaps.weeks_lines(outline.preview, people, outline.before, reader.timezone)
    kept = swaps.kept_lines(swap.kept, outline.before, reader.timezone, now)
    return (Section(words(table(weeks))), *([Section(joined(kept))] if kept else []))


def _to(other: Responder, drawn: Message, now: datetime) -> Notification:
    detail = {"blocks": list(drawn.blocks), "is_ready": True}
    address = other.slack or ""
    return letters.slack_row(Purpose.RESPONDER_TOLD, address, drawn.text, now, detail=detail, responder=other.id)
