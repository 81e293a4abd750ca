"""How do two responders swap shifts in Slack? A proposal in the other's direct messages: Accept, Decline.

It must not choose shifts for anybody: which ones are meant is asked back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.channels.slack_asking import Asking
from oncallbot.channels.slack_previews import blocks, edits, in_words, nothing, plain, refusal, tells
from oncallbot.chat.blocks import Actions, Button, Message, Section, message
from oncallbot.chat.texts import table, words
from oncallbot.engine import letters, proposals, swapping
from oncallbot.engine.handle import Door
from oncallbot.engine.proposals import Confirmed, Ended, Outline, Proposed, Renewed, Tells
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.edits import AddOverride
from oncallbot.oncall.people import Method, Responder
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.schedule import final_shifts
from oncallbot.schedule_files import Order
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.storage.proposals import Proposal, Status
from oncallbot.wording import swaps
from oncallbot.wording.covers import WITHDRAW
from oncallbot.wording.previews import refused_text
from oncallbot.wording.schedule_forms import SwapShifts
from oncallbot.wording.swaps import ACCEPT, DECLINE, Given

ACCEPT_SWAP, DECLINE_SWAP = "accept_swap", "decline_swap"
LOOKS_AHEAD = timedelta(days=60)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Swap:
    """`other` takes `gives`, the asker takes `gets`."""

    asker: Responder
    other: Responder
    gives: Given
    gets: Given


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
    found = _meant(form, asker, other, rules, now)
    if isinstance(found, str):
        return plain(found)

    def letter(made: Proposed) -> Notification:
        drawn = _drawn(made, _orders(found, form.reason, now), found, now, form.reason)
        return _to(other, drawn, now)

    orders = _orders(found, form.reason, now)
    made = swapping.ask(door, orders, asker.id, other.id, form.reason, letter)
    if not isinstance(made, Proposed):
        return plain(refusal(made, rules))
    if made.outline.is_empty:
        return plain(nothing(made.outline, orders, asker.timezone, now))
    sent = swaps.swap_sent_text(other.id, found.gives, found.gets, rules, asker.timezone, now)
    return message(sent, (Section(sent), Actions((Button(DECLINE_SWAP, WITHDRAW, made.id),))))


def accept(door: Door, id_: str, who: Responder) -> Message:
    """Both overrides at once; what the person who clicked reads in the place of the proposal."""
    orders = proposals.orders_of(door, id_)
    swap = _swap_of(door, orders)
    found = proposals.confirm(door, id_, who.id, _tells(swap, door) if swap is not None else tells(orders))
    rules, now = door.rules_now(), door.clock.now()
    match found:
        case Confirmed() if swap is not None:
            return plain(swaps.swap_agreed_text(swap.asker.id, swap.gives, swap.gets, rules, who.timezone, now))
        case Renewed(proposed) if swap is not None:
            return _drawn(proposed, orders, swap, now, proposed.outline.reason, is_renewed=True)
        case Confirmed() | Renewed():
            return plain(refused_text(Mistake("somebody of this swap is no responder any more", "ask a manager")))
        case _:
            return plain(refusal(found, rules))


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


def _meant(form: SwapShifts, asker: Responder, other: Responder, rules: Rules, now: datetime) -> _Swap | str:
    """The two shifts; else the words that ask which ones."""
    mine, theirs = _shifts(form.schedule, asker.id, rules, now), _shifts(form.schedule, other.id, rules, now)
    tz = asker.timezone
    gives, gets = _at(mine, form.mine_at, now), _at(theirs, form.theirs_at, now)
    if form.mine_at is not None and not gives:
        return swaps.not_on_call_text(None, form.mine_at, rules, tz, now)
    if form.theirs_at is not None and not gets:
        return swaps.not_on_call_text(other.id, form.theirs_at, rules, tz, now)
    if len(gives) == len(gets) == 1 and form.mine_at is not None and form.theirs_at is not None:
        return _Swap(asker, other, gives[0], gets[0])
    return swaps.which_swap_text(swaps.swap_choices(gives, gets, other.id, tz), other.id, rules)


def _shifts(schedule: str | None, responder: str, rules: Rules, now: datetime) -> list[Given]:
    found = [
        (plan.id, (max(shift.start, now.replace(microsecond=0)), shift.end))
        for plan in rules.schedules.values()
        if schedule in (None, plan.id)
        for shift in final_shifts(plan, rules.absences, now, now + LOOKS_AHEAD)
        if responder in shift.responders
    ]
    return sorted(found, key=lambda one: one[1])


def _at(shifts: Sequence[Given], at: datetime | None, now: datetime) -> list[Given]:
    """What runs then; the minute that has just begun is now: nobody types seconds."""
    at = now if at is not None and now - _A_MINUTE < at < now else at
    return [one for one in shifts if at is None or one[1][0] <= at < one[1][1]]


def _orders(swap: _Swap, reason: str, now: datetime) -> tuple[AddOverride, AddOverride]:
    made_at = now.replace(microsecond=0)
    why = reason or f"{swap.asker.first_name} and {swap.other.first_name} swap"
    (first, span), (second, back) = swap.gives, swap.gets
    takes = Override(swap.other.id, *span, swap.asker.id, why, swap.asker.id, made_at)
    gives = Override(swap.asker.id, *back, swap.other.id, why, swap.asker.id, made_at)
    return AddOverride(first, takes), AddOverride(second, gives)


def _swap_of(door: Door, orders: Sequence[Order]) -> _Swap | None:
    """The swap that these orders are; None when they are none, or somebody is gone."""
    people = door.rules_now().responders
    match orders:
        case [AddOverride(first, takes), AddOverride(second, gives)]:
            asker, other = people.get(gives.responder), people.get(takes.responder)
            if asker is not None and other is not None:
                given = (first, (takes.start, takes.end)), (second, (gives.start, gives.end))
                return _Swap(asker, other, *given)
            return None
        case _:
            return None


def _tells(swap: _Swap, door: Door) -> Tells:
    others = tells()
    now = door.clock.now()

    def words_for(responder: str, outline: Outline) -> str:
        if responder != swap.asker.id:
            return others(responder, outline)
        tz = swap.asker.timezone
        return swaps.swap_accepted_text(swap.other.id, swap.gives, swap.gets, outline.after, tz, now)

    return words_for


def _drawn(
    made: Proposed, orders: Sequence[Order], swap: _Swap, now: datetime, reason: str, *, is_renewed: bool = False
) -> Message:
    """The proposal as the other reads it: both people's next weeks, before and after."""
    outline, reader = made.outline, swap.other
    asks = swaps.swap_asked_text(swap.asker.id, reader, swap.gives, swap.gets, outline.before, now, reason)
    people = (reader.id, swap.asker.id)
    weeks = swaps.weeks_lines(outline.preview, people, outline.before, reader.timezone)
    lead = "Somebody changed the schedules meanwhile: look again. " if is_renewed else ""
    shown = in_words(outline, edits(orders), reader.timezone)
    buttons = (Button(ACCEPT_SWAP, ACCEPT, made.id, "primary"), Button(DECLINE_SWAP, DECLINE, made.id))
    gaps = blocks(shown)[-1 - len(shown.gaps) : -1]
    return message(f"{lead}{asks}", (Section(f"{lead}{asks}"), Section(words(table(weeks))), *gaps, Actions(buttons)))


def _to(other: Responder, drawn: Message, now: datetime) -> Notification:
    detail = {"blocks": list(drawn.blocks), "is_ready": True}
    address = other.slack or ""
    return letters.slack_row(Purpose.RESPONDER_TOLD, address, drawn.text, now, detail=detail, responder=other.id)
