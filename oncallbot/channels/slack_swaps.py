"""How do two responders swap shifts in Slack? A proposal in the other's direct messages, or a text with a link to it.

It must not choose shifts for anybody: which ones are meant is asked back.
"""

from __future__ import annotations

from datetime import datetime

from oncallbot.channels import swap_answers, swap_sides
from oncallbot.channels.slack_asking import Asking
from oncallbot.channels.slack_previews import nothing, plain, refusal
from oncallbot.channels.swap_answers import Again, SwapText, orders_for, swap_in
from oncallbot.chat.blocks import Actions, Button, Message, Section, message
from oncallbot.chat.texts import bold, joined, table, words
from oncallbot.engine import letters, swapping
from oncallbot.engine.handle import Door
from oncallbot.engine.proposals import Proposed
from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.people import Responder
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.wording import swaps
from oncallbot.wording.covers import WITHDRAW
from oncallbot.wording.previews import refused_text
from oncallbot.wording.schedule_forms import SwapShifts
from oncallbot.wording.swaps import ACCEPT, DECLINE

ACCEPT_SWAP, DECLINE_SWAP = "accept_swap", "decline_swap"


def ask(asking: Asking, form: SwapShifts) -> Message:
    """Propose the swap; what the asker reads, with a button to think better of it."""
    door, asker = asking.workspace.door, asking.responder
    rules, now = door.rules_now(), door.clock.now()
    other = rules.responders[form.responder]
    if other.id == asker.id:
        return plain(refused_text(Mistake("you cannot swap with yourself", "name somebody else")))
    if not letters.is_in_slack(other, rules) and not letters.is_textable(other, rules):
        cure = "ask a manager for two overrides"
        return plain(refused_text(Mistake(f"{other.first_name} has no Slack and gets no texts", cure)))
    found = swap_sides.meant(form, asker, other, rules, now)
    if isinstance(found, str):
        return plain(found)
    orders = orders_for(found, asker, other, form.reason, rules, now)
    if isinstance(orders, Mistake):
        return plain(refused_text(orders))
    swap = swap_in(orders, rules, found.kept)

    def letter(made: Proposed) -> Notification | None:
        if letters.is_in_slack(other, rules):
            return _to(other, _drawn(Again(made, orders, swap, ""), now), now)
        said = swaps.swap_text(asker.id, swap.gives, swap.gets, rules, other.timezone, now)
        return letters.linked_text(rules, other, said, swaps.ANSWER_BY, {letters.SWAP_LINK: made.id}, now)

    made = swapping.ask(door, orders, asker.id, other.id, form.reason, letter)
    if not isinstance(made, Proposed):
        return plain(refusal(made, rules))
    if made.outline.is_empty:
        return plain(nothing(made.outline, orders, asker.timezone, now))
    sent = swaps.swap_sent_text(other.id, swap.gives, swap.gets, rules, asker.timezone, now)
    withdraw = Actions((Button(DECLINE_SWAP, WITHDRAW, made.id),))
    return message(sent, (Section(sent), *_weeks(swap_answers.shown(made.outline, orders, swap, asker, now)), withdraw))


def accept(door: Door, id_: str, who: Responder) -> Message:
    """What the person who clicked reads in the place of the proposal."""
    found = swap_answers.accept(door, id_, who)
    return _drawn(found, door.clock.now()) if isinstance(found, Again) else plain(found)


def decline(door: Door, id_: str, who: Responder) -> Message:
    """The same for the other button, which is the asker's, too."""
    return plain(swap_answers.decline(door, id_, who))


def _drawn(shown: Again, now: datetime) -> Message:
    """The proposal as the other reads it: both people's next weeks, before and after."""
    made, swap = shown.made, shown.swap
    text = swap_answers.shown(made.outline, shown.orders, swap, swap.other, now)
    buttons = (Button(ACCEPT_SWAP, ACCEPT, made.id, "primary"), Button(DECLINE_SWAP, DECLINE, made.id))
    gaps = [Section(words(bold(gap))) for gap in text.gaps]
    asks = f"{shown.lead}{text.asks}"
    return message(asks, (Section(asks), *_weeks(text), *gaps, Actions(buttons)))


def _weeks(text: SwapText) -> tuple[Section, ...]:
    """Both people's next weeks, and what others keep."""
    return (Section(words(table(text.weeks))), *([Section(joined(text.kept))] if text.kept else []))


def _to(other: Responder, drawn: Message, now: datetime) -> Notification:
    detail = {"blocks": list(drawn.blocks), "is_ready": True}
    address = other.slack or ""
    return letters.slack_row(Purpose.RESPONDER_TOLD, address, drawn.text, now, detail=detail, responder=other.id)
