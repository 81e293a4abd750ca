"""What would this change do, what has come of it, and what do those read whose shifts change?

It must not escape markup (`chat` does), nor work out a difference: `oncall.preview` has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.editing import Mistake
from oncallbot.oncall.edits import AddParticipant, ChangeRotation, Edit, RemoveParticipant, Start
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.people import Responder
from oncallbot.oncall.preview import HORIZON, Preview, SchedulePreview
from oncallbot.oncall.stints import BREAK
from oncallbot.wording.edit_words import STARTS, because, edit_text
from oncallbot.wording.issue_words import name_of, names
from oncallbot.wording.shift_times import day_time, joined, length_text, nights, span_text, spans_text, zone_note
from oncallbot.wording.text import clean, sentence

LONGEST = 2_900  # of one text: a Slack section takes 3,000 characters, and escapes take room
_MOST_ROWS = 6
_MOST_PEOPLE = 12
_MOST_GAPS = 5
_MOST_STRETCHES = 3
_LONGEST_WORDS = 300
_LONGEST_ID = 60

NOTHING_CHANGED = "Nothing has changed."
FAIREST_ALREADY = f"The present order is the fairest. {NOTHING_CHANGED}"
CONFIRM, CANCEL = "Confirm", "Cancel"
CHANGED, BEGUN = "Somebody changed the schedules meanwhile.", "A part of it has begun meanwhile."


@dataclass(frozen=True, slots=True)
class PreviewText:
    """A preview in words: what is asked for, rows of `before → after` (of even width), whose nights change, gaps.

    `gaps` are loud; `note` says in which zone the times are. Nothing of it is escaped.
    """

    title: str
    rows: tuple[str, ...]
    people: tuple[str, ...]
    gaps: tuple[str, ...]
    note: str

    def lines(self) -> tuple[str, ...]:
        """All of it in order, for a terminal or one plain message; an empty line stands between the parts."""
        parts = ((self.title,), self.rows, self.people, self.gaps, (self.note,))
        return tuple(line for part in parts if part for line in (*part, ""))[:-1]


def preview_text(
    preview: Preview,
    edits: Sequence[Edit],
    rules: Rules,
    tz: str,
    *,
    starts_at: datetime | None = None,
    pending_at: datetime | None = None,
    renewed: str = "",
) -> PreviewText:
    """What the edits would do, to somebody who reads times in `tz`. `rules` name the people; nothing is done yet.

    `starts_at`: when a rotation's new version begins. `pending_at`: when the one would have begun that this replaces.
    `renewed`: why it is made anew, `CHANGED` or `BEGUN`.
    """
    now = preview.now
    what = sentence("; ".join(edit_text(one, rules, tz, now) for one in edits[:_MOST_STRETCHES]))
    lead = f"{renewed} This is the new preview" if renewed else "Preview"
    title = f"{lead}, nothing has changed yet: {what}{_starts_text(edits, starts_at, tz, now)}"
    if pending_at is not None:
        title += f" It takes over the change that is to start {day_time(pending_at, tz, now)}."
    if not any(one.changes for one in preview.schedules):
        return PreviewText(title, (_NOBODY_CHANGES,), (), _gap_lines(preview, tz), zone_note(tz))
    rows, people = _fitting(_rows(preview, rules, tz)), _fitting(_people_lines(preview, rules, tz))
    return PreviewText(title, rows, people, _gap_lines(preview, tz), zone_note(tz))


_NOBODY_CHANGES = f"In the next {HORIZON.days} days nobody's shifts would change."


def nothing_text(edits: Sequence[Edit], rules: Rules, tz: str, now: datetime) -> str:
    """The edits would write nothing at all: everything is so already."""
    what = sentence("; ".join(edit_text(one, rules, tz, now) for one in edits[:_MOST_STRETCHES]))
    return f"Nothing would change, it is so already: {what}"


def refused_text(mistake: Mistake) -> str:
    """The edit cannot be: why, and what to do instead."""
    wrong, cure = clean(mistake.wrong, _LONGEST_WORDS), clean(mistake.cure, _LONGEST_WORDS)
    return f"That is not possible: {sentence(wrong)} {_capital(sentence(cure))} {NOTHING_CHANGED}".replace("  ", " ")


def problems_text(problems: Iterable[str]) -> str:
    """What the rules say against it, one line each."""
    said = [f"- {clean(one, _LONGEST_WORDS)}" for one in list(problems)[:5]]
    return "\n".join(("That does not fit, and nothing has changed:", *said))


def confirmed_text(told: Sequence[str], affected: Sequence[str], rules: Rules) -> str:
    """Done, and who reads of it. `affected` are those whose shifts change, but for whoever confirmed."""
    if not affected:
        return "Done. Nobody else's shifts change."
    untold = [one for one in affected if one not in told]
    said = ["Done."]
    if told:
        said.append(f"{names(told, rules)} {'is' if len(told) == 1 else 'are'} told.")
    if untold:
        said.append(f"{names(untold, rules)} could NOT be told, for want of a contact method: tell them yourself.")
    return " ".join(said)


def ended_text(*, was_confirmed: bool, was_declined: bool = False) -> str:
    """A second click on a preview that has been settled."""
    if was_confirmed:
        return "That is done already."
    if was_declined:
        return f"That was cancelled. {NOTHING_CHANGED}"
    return "There is a newer preview of this change: look at that one."


def gone_text() -> str:
    """A preview that is not kept any more."""
    return f"This preview is too old. {NOTHING_CHANGED} Give the command again."


def not_yours_text(decided_by: str, rules: Rules) -> str:
    """Somebody else has to confirm it."""
    return f"Only {name_of(decided_by, rules)} can confirm this. {NOTHING_CHANGED}"


def managers_only_text(what: str) -> str:
    """An order that is not the asker's to give."""
    return f"Only managers can {what}. {NOTHING_CHANGED}"


def no_rotation_text(schedule: str) -> str:
    """There is no rotation that a form could be about."""
    return f"{clean(schedule, _LONGEST_ID)} has no rotation: write one into a schedule file."


def told_text(
    reader: Responder, preview: Preview, rules: Rules, made_by: str, reason: str = "", edits: Sequence[Edit] = ()
) -> str:
    """To one person whose shifts change: from when to when they are on call now, and no longer. "" when nothing does.

    `made_by` is a responder's id; "" for nobody in particular.
    """
    tz, now = reader.timezone, preview.now
    gains, loses = preview.gains(reader.id), preview.loses(reader.id)
    if not gains and not loses:
        return ""
    who = name_of(made_by, rules) if made_by else "Somebody"
    what = "; ".join(edit_text(one, rules, tz, now) for one in edits[:_MOST_STRETCHES])
    parts = [f"{who} changed who is on call" + (f": {sentence(what)}" if what else ".")]
    if gains:
        parts.append(f"You are now on call {_by_schedule(preview, gains, tz)}.")
    if loses:
        parts.append(f"No longer {_by_schedule(preview, loses, tz)}.")
    parts.append(zone_note(tz))
    return clean(" ".join(parts) + because(reason), LONGEST)


def _starts_text(edits: Sequence[Edit], starts_at: datetime | None, tz: str, now: datetime) -> str:
    rotations = [one for one in edits if isinstance(one, ChangeRotation | AddParticipant | RemoveParticipant)]
    if not rotations:
        return ""
    when = STARTS[rotations[0].starts]
    if rotations[0].starts is not Start.IMMEDIATELY and starts_at is not None:
        when += f", {day_time(starts_at, tz, now)}"
    return f" It starts {when}."


def _rows(preview: Preview, rules: Rules, tz: str) -> Iterable[str]:
    changing = [one for one in preview.schedules if one.changes]
    for part in changing:
        found = _stretches(part)
        spans = [span_text((start, end), tz, preview.now, _horizon(preview)) for start, end, *_ in found[:_MOST_ROWS]]
        width = max(map(len, spans))
        yield f"{clean(part.schedule, _LONGEST_ID)}:"
        for span, (start, end, before, after) in zip(spans, found, strict=False):
            is_gap = any(first < end and start < last for first, last in part.gaps_opened)
            nobody = "NOBODY" if is_gap else "nobody"  # not about hours that are meant to be empty
            yield f"{span.ljust(width)}  {names(before, rules) or 'nobody'} → {names(after, rules) or nobody}"
        if len(found) > _MOST_ROWS:
            yield f"… and {len(found) - _MOST_ROWS} more until {day_time(found[-1][1], tz, preview.now)}"


_Stretch = tuple[datetime, datetime, tuple[str, ...], tuple[str, ...]]


def _stretches(part: SchedulePreview) -> list[_Stretch]:
    """The changes, with a week of nights as one: between them nobody is on call, before and after."""
    found: list[_Stretch] = []
    for one in part.changes:
        last = found[-1] if found else None
        is_same = last is not None and last[2:] == (one.before, one.after) and one.start - last[1] < BREAK
        if last is not None and is_same and _is_empty(part, last[1], one.start):
            found[-1] = (last[0], one.end, one.before, one.after)
        else:
            found.append((one.start, one.end, one.before, one.after))
    return found


def _is_empty(part: SchedulePreview, start: datetime, end: datetime) -> bool:
    """Is nobody on call between these instants, before or after the change?"""
    return not any(one.start < end and start < one.end for one in (*part.before, *part.after))


def _joined(preview: Preview, found: Sequence[tuple[str, Interval]], schedule: str) -> tuple[Interval, ...]:
    part = next(one for one in preview.schedules if one.schedule == schedule)
    return joined((span for name, span in found if name == schedule), partial(_is_empty, part))


def _all_joined(preview: Preview, found: Sequence[tuple[str, Interval]]) -> list[Interval]:
    schedules = dict.fromkeys(name for name, _ in found)
    return sorted(span for name in schedules for span in _joined(preview, found, name))


def _people_lines(preview: Preview, rules: Rules, tz: str) -> tuple[str, ...]:
    """Whose nights change, one line each."""
    lines = [f"{name_of(one, rules)}: {_balance(preview, one, tz)}" for one in preview.people[:_MOST_PEOPLE]]
    more = len(preview.people) - _MOST_PEOPLE
    return (*lines, f"… and {more} more people") if more > 0 else tuple(lines)


def _balance(preview: Preview, responder: str, tz: str) -> str:
    """`2 nights more`, `2 nights fewer`, and when: the one stretch, one for another, or the first change."""
    now = preview.now
    gains, loses = preview.gains(responder), preview.loses(responder)
    more, fewer = _all_joined(preview, gains), _all_joined(preview, loses)
    gained, lost = [span for _, span in gains], [span for _, span in loses]
    difference = nights(gained, tz) - nights(lost, tz)
    net = _nights(difference) if difference else _hours(_total(gained) - _total(lost))
    if len(more) + len(fewer) == 1:
        return f"{net} ({span_text((*more, *fewer)[0], tz, now, _horizon(preview))})"
    if len(more) == len(fewer) == 1:
        horizon = _horizon(preview)
        return f"{span_text(more[0], tz, now, horizon)} instead of {span_text(fewer[0], tz, now, horizon)} ({net})"
    first = min(start for start, _ in (*more, *fewer))
    from_when = day_time(first, tz, now) if first > now else "now"
    return f"{net} in the next {HORIZON.days} days, from {from_when} on"


def _horizon(preview: Preview) -> datetime:
    """Until when the preview has looked."""
    return preview.now + HORIZON


def _nights(difference: int) -> str:
    count = abs(difference)
    return f"{count} night{'s' if count != 1 else ''} {'more' if difference > 0 else 'fewer'}"


def _hours(difference: timedelta) -> str:
    if not difference:
        return "as much as before, at other times"
    return f"{length_text(abs(difference))} {'more' if difference > timedelta() else 'less'}"


def _total(spans: Iterable[Interval]) -> timedelta:
    return sum((end - start for start, end in spans), timedelta())


def _gap_lines(preview: Preview, tz: str) -> tuple[str, ...]:
    """Loud: nobody would be on call where somebody must be."""
    lines = []
    for part in preview.schedules:
        if part.gaps_opened:
            spans = spans_text(part.gaps_opened, tz, preview.now, _MOST_GAPS, _horizon(preview))
            lines.append(f"NOBODY WOULD BE ON CALL in {clean(part.schedule, _LONGEST_ID)}: {spans}")
    return _fitting(lines)


def _by_schedule(preview: Preview, found: Sequence[tuple[str, Interval]], tz: str) -> str:
    said = []
    for schedule in dict.fromkeys(name for name, _ in found):
        spans = spans_text(_joined(preview, found, schedule), tz, preview.now, horizon=_horizon(preview))
        said.append(f"in {clean(schedule, _LONGEST_ID)}: {spans}")
    return "; ".join(said)


def _fitting(lines: Iterable[str]) -> tuple[str, ...]:
    """As many of the lines as one text of Slack takes; "…" stands for the rest."""
    kept, room = list[str](), LONGEST
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return (*kept, "…")
        kept.append(line)
    return tuple(kept)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
