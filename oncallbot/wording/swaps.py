"""What is said about swapping, taking a shift and being away?

It must not decide whether it may be, nor escape markup. A swap is two overrides that both people see before they agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.people import Absence, Responder
from oncallbot.oncall.preview import HORIZON, Preview, SchedulePreview
from oncallbot.oncall.stints import BREAK, stints_of
from oncallbot.oncall.wallclock import to_local, to_utc, to_utc_last, zone
from oncallbot.wording.edit_words import because
from oncallbot.wording.issue_words import name_of, names
from oncallbot.wording.shift_times import span_text, spans_text, zone_note
from oncallbot.wording.text import clean

ACCEPT, DECLINE = "Accept", "Decline"
ANSWER_BY = "Accept or decline:"
SWAP_IS_OFF = "This swap is off: it was declined, or is not asked for any more. Nothing has changed by it."
CHANGED = "Somebody changed the schedules meanwhile: look again. "
BEGUN = "A part of it has begun meanwhile: look again. "
_WEEKS_SHOWN = timedelta(days=14)
_MOST_STINTS = 5
_MOST_ABSENCES = 30
_MOST_CHOICES = 3
_LONGEST_ID = 60

Given = tuple[str, tuple[Interval, ...]]
"""What changes hands: schedule and times, in order."""

Offer = tuple[str, str]
"""What could be swapped: schedule, and its time as a command writes it."""

Kept = tuple[str, Interval, tuple[str, ...]]
"""What of somebody's turn (an id) others have and keep: its time, and who they are; nobody is empty."""


def swap_asked_text(
    proposer: str, reader: Responder, gives: Given, gets: Given, rules: Rules, now: datetime, reason: str = ""
) -> str:
    """To the person who shall swap. `gives` is the shift that the reader would take, `gets` the reader's own."""
    who, tz = name_of(proposer, rules), reader.timezone
    return (
        f"{who} asks you to swap: you take {_given(gives, tz, now)}, {who} takes your {_given(gets, tz, now)}. "
        f"Nothing changes until you accept. {zone_note(tz)}{because(reason)}"
    )


def swap_text(proposer: str, gives: Given, gets: Given, rules: Rules, tz: str, now: datetime) -> str:
    """The same as a text, as short as can be. The link stands behind it."""
    who = name_of(proposer, rules)
    return f"{who} asks to swap: you take {_given(gives, tz, now)}, {who} takes your {_given(gets, tz, now)}."


def swap_sent_text(responder: str, gives: Given, gets: Given, rules: Rules, tz: str, now: datetime) -> str:
    """To the proposer: who is asked."""
    who = name_of(responder, rules)
    return (
        f"{who} is asked to swap: {who} takes {_given(gives, tz, now)}, you take {_given(gets, tz, now)}. "
        f"Nothing changes until {who} accepts."
    )


def swap_accepted_text(responder: str, gives: Given, gets: Given, rules: Rules, tz: str, now: datetime) -> str:
    """To the proposer: it is so now."""
    who = name_of(responder, rules)
    return f"{who} has accepted the swap: {who} has {_given(gives, tz, now)}, you have {_given(gets, tz, now)}."


def swap_agreed_text(proposer: str, gives: Given, gets: Given, rules: Rules, tz: str, now: datetime) -> str:
    """To the person who accepted: it is so now."""
    who = name_of(proposer, rules)
    return f"Done: you have {_given(gives, tz, now)}, {who} has {_given(gets, tz, now)}. {who} is told."


def swap_declined_text(responder: str, gives: Given, rules: Rules, tz: str, now: datetime) -> str:
    """To the proposer: it stays as it was."""
    return f"{name_of(responder, rules)} has declined the swap: {_given(gives, tz, now)} is still yours."


def swap_off_text(other: str, rules: Rules) -> str:
    """To each of the two, of the other: the schedules have changed so that it cannot be any more."""
    return (
        f"The swap with {name_of(other, rules)} is off: the schedules have changed, and it would take something from "
        "somebody else now. Nothing has changed by it. Propose it again: /oncall swap"
    )


def swap_withdrawn_text(proposer: str, rules: Rules) -> str:
    """To the person who was asked: the proposer has thought better of it."""
    return f"{name_of(proposer, rules)} does not ask for this swap any more. Nothing has changed."


def swap_title(proposer: str, rules: Rules) -> str:
    """Above the page that the link opens."""
    return f"{name_of(proposer, rules)} asks to swap"


def weeks_lines(preview: Preview, responders: Sequence[str], rules: Rules, tz: str) -> tuple[str, ...]:
    """The next two weeks of these people, or as long as anything changes: before → after, by schedule."""
    lines: list[str] = []
    for part in preview.schedules:
        until = max([preview.now + _WEEKS_SHOWN, *(one.end + BREAK for one in part.changes)])  # with what it joins
        for one in responders:
            lines.append(f"{name_of(one, rules)} in {clean(part.schedule, _LONGEST_ID)}:")
            lines.append(f"  before: {_stints(part, one, until, tz, preview.now, is_after=False)}")
            lines.append(f"  after: {_stints(part, one, until, tz, preview.now, is_after=True)}")
    return tuple(lines)


def kept_lines(kept: Sequence[Kept], rules: Rules, tz: str, now: datetime) -> tuple[str, ...]:
    """What of the turns that are swapped is no part of the swap."""
    return tuple(
        f"Of {name_of(owner, rules)}'s turn {names(people, rules) or 'nobody'} has {span_text(span, tz, now)}: "
        "that stays so."
        for owner, span, people in kept[:_MOST_STINTS]
    )


def shift_offer(schedule: str, start: datetime, tz: str) -> Offer:
    """One shift: any time in it names it."""
    return schedule, _typed(start, tz)


def stretch_offer(schedule: str, span: Interval, tz: str, now: datetime) -> Offer:
    """A stretch of time; what has begun is traded from now on."""
    start = "now" if span[0] <= now else _typed(span[0], tz)
    return schedule, f"{start} to {_typed(span[1], tz)}"


def swap_choices(mine: Sequence[Offer], theirs: Sequence[Offer], responder: str) -> tuple[str, ...]:
    """Whole commands (without /oncall) for each pair, the nearest first, understood in the zone of the offers.

    Of several schedules each command names its own: pairs within one schedule, if there are any.
    """
    several = len({name for name, _ in (*mine, *theirs)}) > 1
    common = [name for name in dict.fromkeys(name for name, _ in mine) if any(name == other for other, _ in theirs)]
    if not several or not common:
        return _choices(mine, theirs, responder, "")
    of_each = (
        _choices(
            [one for one in mine if one[0] == name],
            [one for one in theirs if one[0] == name],
            responder,
            f" in {name}",
        )
        for name in common[:_MOST_CHOICES]
    )
    return tuple(choice for choices in of_each for choice in choices)


def _choices(mine: Sequence[Offer], theirs: Sequence[Offer], responder: str, behind: str) -> tuple[str, ...]:
    return tuple(
        f"swap {own[1]} with @{responder} {other[1]}{behind}"
        for own in mine[:_MOST_CHOICES]
        for other in theirs[:_MOST_CHOICES]
        if own != other
    )


def which_swap_text(choices: Sequence[str], responder: str, rules: Rules) -> str:
    """Which shifts are meant? Proposals that can be typed."""
    who = name_of(responder, rules)
    if not choices:
        return f"You and {who} have no two shifts to swap in the next weeks."
    return "\n".join((f"Which of your shifts for which of {who}'s? Write:", *(f"/oncall {one}" for one in choices)))


def which_nights_text(choices: Sequence[str]) -> str:
    """Days cut a night in two at midnight: with the nights that begin on these days, or by the clock?"""
    first, second = choices
    return (
        "A night is cut at midnight. Do you mean the nights that begin on these days? Write:\n"
        f"/oncall {first}\nFrom midnight to midnight? Write:\n/oncall {second}"
    )


def no_stint_text(responder: str | None, rules: Rules) -> str:
    """Nobody's stint is meant: there is none, or no end of it is in sight. None is the asker."""
    who = "You have" if responder is None else f"{name_of(responder, rules)} has"
    return (
        f"{who} no such stint that ends in the next {HORIZON.days} days. Write from when to when: "
        "/oncall help swap shows how."
    )


def not_on_call_text(responder: str | None, at: datetime, rules: Rules, tz: str, now: datetime) -> str:
    """Nobody's shift is meant at that instant: None is the asker."""
    when = span_text((at, at + timedelta(minutes=1)), tz, now).split(" – ")[0]
    return f"{_is(responder, rules)} not on call at {when}. /oncall shifts shows who is when."


def not_on_call_in_text(responder: str | None, span: Interval, rules: Rules, tz: str, now: datetime) -> str:
    """Nobody's time is meant in that stretch: None is the asker."""
    return f"{_is(responder, rules)} not on call {span_text(span, tz, now)}. /oncall shifts shows who is when."


def _is(responder: str | None, rules: Rules) -> str:
    return "You are" if responder is None else f"{name_of(responder, rules)} is"


def absences_lines(absences: Sequence[Absence], rules: Rules, tz: str, now: datetime) -> tuple[str, ...]:
    """Who is away now and later, by their start."""
    coming = sorted((one for one in absences if one.end > now), key=lambda one: (one.start, one.responder))
    if not coming:
        return ("Nobody is away.",)
    lines = [f"{name_of(one.responder, rules)}: {_absence(one, tz, now)}" for one in coming[:_MOST_ABSENCES]]
    more = len(coming) - _MOST_ABSENCES
    return (*lines, f"… and {more} more" if more > 0 else zone_note(tz))


def which_absence_text(responder: str | None, absences: Sequence[Absence], rules: Rules, tz: str, now: datetime) -> str:
    """Several absences could be meant by `back`, or none. None is the asker."""
    coming = [one for one in absences if one.end > now]
    if not coming:
        return f"{_is(responder, rules)} not away, now or later."
    named = "" if responder is None else f" @{responder}"
    listed = [
        f"/oncall back{named} at {to_local(max(one.start, now), zone(tz)):%Y-%m-%d %H:%M} ({_absence(one, tz, now)})"
        for one in coming[:_MOST_STINTS]
    ]
    return "\n".join(("Which absence ends? Write:", *listed))


def _absence(absence: Absence, tz: str, now: datetime) -> str:
    return span_text((absence.start, absence.end), tz, now)


def _given(given: Given, tz: str, now: datetime) -> str:
    schedule, spans = given
    return f"{clean(schedule, _LONGEST_ID)} {spans_text(spans, tz, now)}"


def _typed(at: datetime, tz: str) -> str:
    """How to write it so that it means one instant: with its offset where the wall shows it twice."""
    local = to_local(at, zone(tz))
    if to_utc(local, zone(tz)) != to_utc_last(local, zone(tz)):
        return at.astimezone(zone(tz)).isoformat(" ", "minutes")
    return f"{local:%Y-%m-%d %H:%M}"


def _stints(part: SchedulePreview, responder: str, until: datetime, tz: str, now: datetime, *, is_after: bool) -> str:
    shifts = part.after if is_after else part.before
    found = [one for one in stints_of(shifts, responder) if one.start < until]
    said = [span_text((one.start, one.end), tz, now) for one in found[:_MOST_STINTS]]
    more = len(found) - _MOST_STINTS
    return ", ".join([*said, f"and {more} more"] if more > 0 else said) or "not on call"
