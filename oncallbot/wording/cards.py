"""What does an issue's card say, by state and reader?

It must not escape markup nor lay anything out (`chat` does); state is in words, never in a colour or an emoji.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from oncallbot.escalation.effects import TimelineKind
from oncallbot.escalation.issue import Issue, PageState, Status
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.wording.issue_words import ROADS, Entry, entry_text, outlook, reporter, state, zone_of
from oncallbot.wording.responders import summary_of
from oncallbot.wording.text import clean
from oncallbot.wording.times import clock_time

# Slack takes 150 characters in a header block and 3,000 in a section (as client libraries quote its docs, 2026-11-22).
LONGEST_HEADER = 150
LONGEST_QUOTE = 2_800
_LONGEST_LINE = 500
_MOST_QUOTED_LINES = 40
_ESCAPED = {"&": 5, "<": 4, ">": 4}  # how many characters each becomes in Slack's markup


class Action(StrEnum):
    """The buttons of a card, and what `MORE` opens; the value is the `action_id`."""

    ACKNOWLEDGE = "acknowledge"
    PASS = "pass"
    ESCALATE_NOW = "escalate_now"
    RESOLVE = "resolve"
    HAND_OVER = "hand_over"
    NOTE = "note"
    MORE = "more"
    SNOOZE = "snooze"
    HAND_BACK = "hand_back"
    ADD_RESPONDER = "add_responder"
    TAKE_OVER = "take_over"
    SPLIT = "split"
    DISMISS = "dismiss"
    CLOSE = "close"


PRIMARY = Action.ACKNOWLEDGE
BUTTONS = {
    Action.ACKNOWLEDGE: "Acknowledge",
    Action.PASS: "Pass on",
    Action.ESCALATE_NOW: "Escalate now",
    Action.RESOLVE: "Resolve",
    Action.HAND_OVER: "Hand over",
    Action.NOTE: "Note",
    Action.MORE: "More…",
    Action.SNOOZE: "Snooze",
    Action.HAND_BACK: "Hand back",
    Action.ADD_RESPONDER: "Add responder",
    Action.TAKE_OVER: "Take over",
    Action.SPLIT: "Split",
    Action.DISMISS: "Dismiss",
    Action.CLOSE: "Close",
}
# The command that does the same, for when a form cannot be opened.
COMMANDS = {
    Action.RESOLVE: "resolve {reference} <what you did>",
    Action.HAND_OVER: "hand over {reference} to @who",
    Action.NOTE: "note {reference} <words>",
    Action.SNOOZE: "snooze {reference} for 2 hours",
    Action.HAND_BACK: "hand back {reference}",
    Action.ADD_RESPONDER: "add responder @who to {reference}",
    Action.TAKE_OVER: "take over {reference}",
    Action.SPLIT: "split {reference}",
    Action.DISMISS: "dismiss {reference}",
    Action.CLOSE: "close {reference}",
}
# What cannot be taken back is asked again: the title, and what then happens.
CONFIRMED = {
    Action.ESCALATE_NOW: ("Escalate now?", "The next level of {reference} is paged at once."),
    Action.TAKE_OVER: ("Take it over?", "{reference} is yours then; whoever has it is told."),
    Action.HAND_BACK: ("Hand it back?", "Others are paged for {reference} at once."),
    Action.SPLIT: ("Split it?", "The newest report of {reference} becomes an issue of its own."),
    Action.DISMISS: ("Dismiss it?", "{reference} was no issue: it is closed, and nobody is told that it is fixed."),
    Action.CLOSE: ("Close it?", "{reference} is over: a later report opens a new issue."),
}

# What only repeats or follows from another line of the same moment: the thread leaves it out, the timeline keeps it.
_NOT_IN_THREAD = frozenset(
    {
        TimelineKind.NOTIFIED,
        TimelineKind.WITHDRAWN,
        TimelineKind.CROSSED,
        TimelineKind.RULE_SKIPPED,
        TimelineKind.HELD_BACK,
    }
)


@dataclass(frozen=True, slots=True)
class CardWords:
    """A card as plain text. `quote` is the customer's own words ("" when there are none), several lines perhaps.

    Each text fits Slack's limits also when it has been escaped.
    """

    header: str
    quote: str
    lines: tuple[str, ...]
    footer: str
    buttons: tuple[Action, ...]
    fallback: str


def card_words(
    issue: Issue, rules: Rules, reader: Responder | None, now: datetime, entries: Sequence[Entry] = ()
) -> CardWords:
    """The card for one responder's direct messages, or (`reader` None) for a channel.

    Times are in the reader's zone; in a channel in the hotline's, which is named. `entries` (the issue's timeline, or
    its end) tell who resolved it, and of recordings; without them the card says less, but nothing else.
    """
    tz = zone_of(issue, rules, reader)
    said = clean(state(issue, rules, tz, now, entries), 100)
    head = f"{issue.reference} · "
    who = reporter(issue, rules, max(LONGEST_HEADER - len(head) - len(" · ") - _width(said), 24))
    header = _within(f"{head}{who} · {said}", LONGEST_HEADER)
    quote = _quoted(issue.summary)
    footer = outlook(issue, rules, tz, now)
    zone_named = f"times: {tz}" if reader is None else ""
    return CardWords(
        header=header,
        quote=quote,
        lines=_lines(issue, rules, tz, now, quote, entries),
        footer=_within(" · ".join(part for part in (footer, zone_named) if part), _LONGEST_LINE),
        buttons=buttons(issue, reader),
        fallback=f"{header}: {_within(summary_of(issue, 150), 200)}",
    )


def buttons(issue: Issue, reader: Responder | None) -> tuple[Action, ...]:
    """What can be done now, by this reader or (None) by whoever reads a channel."""
    page = issue.page_of(reader.id) if reader is not None else None
    is_asked = page is not None and page.state is PageState.RUNNING
    match issue.status:
        case Status.TRIGGERED | Status.HELD:
            passing = (Action.PASS,) if is_asked else ()
            return (Action.ACKNOWLEDGE, *passing, Action.ESCALATE_NOW, Action.MORE)
        case Status.ACKNOWLEDGED:
            asked = (Action.ACKNOWLEDGE, Action.PASS) if is_asked else ()
            may_hand_over = reader is None or reader.id == issue.holder  # nobody hands over what another has
            holders = (Action.HAND_OVER,) if may_hand_over else ()
            return (*asked, Action.RESOLVE, *holders, Action.NOTE, Action.MORE)
        case Status.RESOLVED | Status.CLOSED:
            return ()
        case _:
            assert_never(issue.status)


def more_acts(issue: Issue, actor: Responder, *, is_manager: bool, has_joined: bool) -> tuple[Action, ...]:
    """What this responder can do besides the card's buttons. `has_joined`: there is a report that could be split off.

    None once it is closed.
    """
    split = (Action.SPLIT,) if has_joined else ()
    dismiss = (Action.DISMISS,) if is_manager else ()
    match issue.status:
        case Status.TRIGGERED:
            return (Action.RESOLVE, Action.ADD_RESPONDER, Action.NOTE, *split, *dismiss)
        case Status.HELD:
            return (Action.RESOLVE, Action.NOTE, *split, Action.CLOSE, *dismiss)
        case Status.ACKNOWLEDGED if issue.holder == actor.id:
            return (Action.SNOOZE, Action.HAND_BACK, Action.ADD_RESPONDER, *split, *dismiss)
        case Status.ACKNOWLEDGED:
            return (Action.TAKE_OVER, Action.ADD_RESPONDER, *split, *dismiss)
        case Status.RESOLVED:
            return (Action.NOTE, *split, Action.CLOSE, *dismiss)
        case Status.CLOSED:
            return ()
        case _:
            assert_never(issue.status)


def thread_line(entry: Entry, tz: str, now: datetime) -> str | None:
    """The line that the card's thread shows for a line of the timeline; None for one that it leaves out."""
    if entry.kind in _NOT_IN_THREAD:
        return None
    return _within(f"{clock_time(entry.at, tz, now)} {entry_text(entry, 2_000)}", LONGEST_QUOTE)


def _lines(issue: Issue, rules: Rules, tz: str, now: datetime, quote: str, entries: Sequence[Entry]) -> tuple[str, ...]:
    hotline = rules.hotlines.get(issue.hotline)
    place = f", at {clean(hotline.name, 60)}" if hotline else ""
    since = f"{reporter(issue, rules)}, {ROADS[issue.road]} since {clock_time(issue.opened_at, tz, now)}{place}"
    said = [one.text for one in entries if one.kind is TimelineKind.REPORTED]
    reports = sum(text.startswith("By ") for text in said)
    recording = next((text for text in reversed(said) if text.startswith("Recording: ")), None)
    transcript = next((text for text in reversed(said) if text.startswith("Transcription: ")), None)
    lines = [since if quote else f"{since}: {summary_of(issue, 100)}"]
    if reports > 1:
        lines.append(f"{reports} reports so far")
    if recording is not None:
        missing = "" if transcript else ", no transcript so far"  # Twilio makes one late, never, or tells us in vain
        lines.append(f"{clean(recording, 100)}{missing}")
    if transcript is not None:
        words = clean(transcript.removeprefix("Transcription: "), _LONGEST_LINE)
        lines.append("The words are a transcript" if words in quote else f"Transcript: {words}")
    return tuple(_within(line, _LONGEST_LINE) for line in lines)


def _quoted(words: str) -> str:
    lines = [clean(line, LONGEST_QUOTE) for line in words[: LONGEST_QUOTE * 4].splitlines()]
    return _within("\n".join([line for line in lines if line][:_MOST_QUOTED_LINES]), LONGEST_QUOTE)


def _width(text: str) -> int:
    return sum(_ESCAPED.get(one, 1) for one in text)


def _within(text: str, limit: int) -> str:
    """At most `limit` characters once it is escaped; a longer one ends in "..."."""
    if _width(text) <= limit:
        return text
    room, kept = limit - 3, []
    for one in text:
        room -= _ESCAPED.get(one, 1)
        if room < 0:
            break
        kept.append(one)
    return "".join(kept).rstrip() + "..."
