"""What does Slack show of a proposed change: its preview with two buttons, and what came of it?

It must not choose the words (`wording.previews` does), nor change anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from oncallbot.chat.blocks import Actions, Block, Button, Context, Message, Section, message
from oncallbot.chat.texts import Markdown, bold, joined, table, words
from oncallbot.engine.change import Refused
from oncallbot.engine.proposals import Confirmed, Ended, NotYours, Outline, Proposed, Renewed, Tells, Unknown, Verdict
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.edits import Edit
from oncallbot.oncall.people import Responder
from oncallbot.schedule_files import Order, PutObject
from oncallbot.storage.proposals import Status
from oncallbot.wording import previews
from oncallbot.wording.edit_words import holidays_text, hours_lines
from oncallbot.wording.previews import CANCEL, CONFIRM, PreviewText

CONFIRM_CHANGE, CANCEL_CHANGE = "confirm_change", "cancel_change"


def plain(text: str) -> Message:
    """An answer of words alone; without buttons, where it takes the place of a preview."""
    return message(text)


def preview(
    proposed: Proposed,
    orders: Sequence[Order],
    reader: Responder,
    notes: Sequence[str] = (),
    *,
    renewed: str = "",
) -> Message:
    """The preview with Confirm and Cancel, times in the reader's zone; only words where nothing would change."""
    outline, now = proposed.outline, proposed.outline.preview.now
    if outline.is_empty:
        return plain(nothing(outline, orders, reader.timezone, now))
    text = in_words(outline, orders, reader.timezone, renewed=renewed)
    buttons = (
        Button(CONFIRM_CHANGE, CONFIRM, proposed.id, "primary"),
        Button(CANCEL_CHANGE, CANCEL, proposed.id),
    )
    beneath = (Section(joined(notes)),) if notes else ()
    return message(text.title, (*blocks(text), *beneath, Actions(buttons)))


def blocks(text: PreviewText) -> tuple[Block, ...]:
    """The preview's blocks, without buttons: what is asked, before and after, whose nights, and loudly the gaps."""
    shown: list[Block] = [Section(text.title)]
    if text.rows:
        has_columns = any("→" in row for row in text.rows)
        shown.append(Section(words(table(text.rows)) if has_columns else joined(text.rows)))
    if text.people:
        shown.append(Section(joined(text.people)))
    shown += [Section(words(bold(gap))) for gap in text.gaps]
    return (*shown, Context((text.note,)))


def in_words(outline: Outline, orders: Sequence[Order], tz: str, *, renewed: str = "") -> PreviewText:
    """The preview in words, also of office hours, which no edit of the roster names."""
    starts_at = datetime.fromisoformat(outline.starts[0]) if outline.starts else None
    text = previews.preview_text(
        outline.preview,
        edits(orders),
        outline.after,
        tz,
        starts_at=starts_at,
        pending_at=_replaced(outline),
        renewed=renewed,
    )
    hours = _hours(outline, orders)
    return replace(text, title=f"{text.title.rstrip()} {hours}".replace(": ", ": office hours ", 1)) if hours else text


def _replaced(outline: Outline) -> datetime | None:
    """When the pending version would have begun that this replaces; None where there is none."""
    starts = [
        layer.starts_at
        for name, schedule in outline.before.schedules.items()
        if name in outline.after.schedules
        for layer in schedule.layers
        if layer not in outline.after.schedules[name].layers
        and layer.starts_at is not None
        and layer.starts_at > outline.preview.now
    ]
    return min(starts, default=None)


def nothing(outline: Outline, orders: Sequence[Order], tz: str, now: datetime) -> str:
    """It is so already."""
    text = previews.nothing_text(edits(orders), outline.before, tz, now)
    return f"{text}{_hours(outline, orders)}"


def edits(orders: Sequence[Order]) -> tuple[Edit, ...]:
    """The orders that edit the roster."""
    return tuple(one for one in orders if not isinstance(one, PutObject))


def tells(orders: Sequence[Order] = ()) -> Tells:
    """What those read whose shifts change."""

    def words_for(responder: str, outline: Outline) -> str:
        reader = outline.after.responders.get(responder)
        if reader is None:
            return ""
        changed = edits(orders)
        return previews.told_text(reader, outline.preview, outline.after, outline.made_by, outline.reason, changed)

    return words_for


def verdict(found: Verdict, orders: Sequence[Order], reader: Responder, rules: Rules) -> Message:
    """What came of a click on Confirm."""
    match found:
        case Confirmed(outline, _, told):
            affected = [one for one in outline.preview.people if one != reader.id]
            return plain(previews.confirmed_text(told, affected, outline.after))
        case Renewed(proposed, is_edited):
            return preview(proposed, orders, reader, renewed=previews.CHANGED if is_edited else previews.BEGUN)
        case _:
            return plain(refusal(found, rules))


def refusal(found: Ended | NotYours | Unknown | Mistake | Refused, rules: Rules) -> str:
    """Why nothing was done now."""
    match found:
        case Ended(status):
            return previews.ended_text(was_confirmed=status is Status.CONFIRMED, was_declined=status is Status.DECLINED)
        case NotYours(decided_by):
            return previews.not_yours_text(decided_by, rules)
        case Unknown():
            return previews.gone_text()
        case Mistake():
            return previews.refused_text(found)
        case Refused(problems):
            return previews.problems_text(map(str, problems))


def kept(made: Message) -> str:
    """A message as an answer that is kept for repeats."""
    return json.dumps({"text": made.text, "blocks": made.blocks})


def unkept(text: str) -> Message:
    """The message that `kept` wrote."""
    held = json.loads(text)
    return Message(Markdown(held["text"]), tuple(held["blocks"]))


def _hours(outline: Outline, orders: Sequence[Order]) -> str:
    """What the office hours become: their times and days, and whose holidays close them."""
    said: list[str] = []
    for one in orders:
        if isinstance(one, PutObject) and (hours := outline.after.office_hours.get(one.id)) is not None:
            holidays = json.loads(one.text).get("holidays") or {}
            *lines, _ = hours_lines((hours,), outline.preview.now)
            said += (*lines, holidays_text(holidays.get("country"), holidays.get("subdivision")))
    return "; ".join(said)
