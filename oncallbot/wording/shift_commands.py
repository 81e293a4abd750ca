"""What does a command about shifts and absences order? `cover me`, `take`, `swap`, `absent`, `override`, `feed` …

It must not know who may do so, nor look for the shift that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from oncallbot.oncall.intervals import Interval
from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.command_parts import Parts, replaced, stripped, tail_of, with_tail
from oncallbot.wording.command_words import bare, nearest
from oncallbot.wording.moments import Ambiguous, parse_moment
from oncallbot.wording.schedule_forms import (
    BeAbsent,
    CoverMe,
    EndAbsence,
    MakeOverride,
    OfAbsences,
    OfFeeds,
    OfShifts,
    RemoveOverrides,
    RevokeFeed,
    ShowAbsences,
    ShowFeed,
    TakeShift,
)
from oncallbot.wording.spans import Unclear, parse_span
from oncallbot.wording.swap_commands import read_swap

_JOINTS = ("until", "till", "to", "by")


def read_cover(parts: Parts, words: list[str]) -> OfShifts | NotUnderstood:
    """`cover me [<from> to <until>] [in <schedule>] [because <reason>]`."""
    words, reason = parts.reason(words)
    schedule, rest = parts.schedule_if_named(words)
    rest = stripped(rest, ("my", "shift", "for", "on", "please"))
    if not rest:
        return CoverMe(schedule=schedule, reason=reason)
    tail = tail_of(schedule, reason)
    span = _span(parts, "cover me", rest, tail)
    if isinstance(span, NotUnderstood):
        return _schedule_near(parts, "cover me", rest, tail) or span
    return CoverMe(*span, schedule, reason)


def read_take(parts: Parts, words: list[str]) -> OfShifts | NotUnderstood:
    """`take <schedule> until <time>`: from now on."""
    words, reason = parts.reason(words)
    found = parts.schedule("take", words)
    if isinstance(found, NotUnderstood):
        return found
    head, tail = f"take {found.schedule}", tail_of(None, reason)
    rest = stripped(found.rest, ("from", "now", "shift"))
    if not rest:
        near = (f"{head} for 2 hours{tail}", f"{head} until tomorrow 08:00{tail}")
        return NotUnderstood(head, "", near, "until when")
    text = " ".join(rest)
    span = parse_span(text, parts.now, parts.tz)
    if isinstance(span, Unclear) and not bare(rest[0]).startswith((*_JOINTS, "for")):
        until = parse_span(f"until {text}", parts.now, parts.tz)
        span = until if not isinstance(until, Unclear) or span.reason == "until when" else span
    if isinstance(span, Unclear):
        said = (re.sub("^now to ", "until ", one) for one in (*span.choices, "for 2 hours", "until tomorrow 08:00"))
        return NotUnderstood(head, text, tuple(f"{head} {one}{tail}" for one in said), span.reason)
    start, end = span
    if start > parts.now:
        me = f"@{parts.known.asker}" if parts.known.asker else "me"
        near = (f"override {found.schedule} {me} {text}{tail}", f"{head} for 2 hours{tail}")
        return NotUnderstood(head, text, near, "it begins now; for later write an override")
    if end <= parts.now:
        return NotUnderstood(head, text, (f"{head} for 2 hours{tail}",), "that is over already")
    return TakeShift(found.schedule, end, reason)


def read_absent(parts: Parts, words: list[str]) -> OfAbsences | NotUnderstood:
    """`absent [@who] [<from> to <until>] [because <reason>]`, whole days or by the hour."""
    words, reason = parts.reason(words)
    if not words or (len(words) == 1 and bare(words[0]) in ("list", "who", "show")):
        return ShowAbsences() if not reason else _no_times("absent", reason)
    read = parts.person("absent", words)
    if isinstance(read, NotUnderstood):
        return NotUnderstood(
            read.understood, read.not_understood, with_tail(read.nearest, tail_of(None, reason)), read.reason
        )
    person, rest = read if read is not None else (None, words)
    head = f"absent @{person.id}" if person else "absent"
    rest = stripped(rest, ("is", "i'm", "im", "am", "away"))
    if not rest:
        return _no_times(head, reason)
    span = _span(parts, head, rest, tail_of(None, reason), whole_days=True)
    if isinstance(span, NotUnderstood):
        is_name = person is None and span.reason == "not a time"
        near = parts.near_person("absent", rest) if is_name else None
        if near is not None and near.not_understood:
            return NotUnderstood("absent", near.not_understood, (*near.nearest, *span.nearest), near.reason)
        return span
    is_asker = person is None or person.id == parts.known.asker
    return BeAbsent(None if is_asker or person is None else person.id, *span, reason)


def read_back(parts: Parts, words: list[str]) -> OfAbsences | NotUnderstood:
    """`back [@who] [at <time>]`."""
    read = parts.person("back", words)
    if isinstance(read, NotUnderstood):
        return read
    person, rest = read if read is not None else (None, words)
    rest = stripped(rest, ("now", "again", "from", "vacation", "absence", "is"))
    head = f"back @{person.id}" if person else "back"
    at = _at(parts, head, rest, "")
    if isinstance(at, NotUnderstood):
        near = parts.near_person("back", rest) if person is None else None
        return near if near is not None and near.not_understood else at
    return EndAbsence(None if person is None or person.id == parts.known.asker else person.id, at)


def read_override(parts: Parts, words: list[str]) -> OfShifts | NotUnderstood:
    """`override <schedule> @who <from> to <until> [instead of @other] [because <reason>]`."""
    words, reason = parts.reason(words)
    found = parts.schedule("override", words)
    if isinstance(found, NotUnderstood):
        return found
    if found.rest and bare(found.rest[0]) in ("remove", "undo", "delete", "end"):
        return read_override_remove(parts, [found.schedule, *found.rest[1:]])
    head = f"override {found.schedule}"
    replacing = _instead(parts, head, found.rest)
    if isinstance(replacing, NotUnderstood):
        return replacing
    instead, rest = replacing
    tail = (f" instead of @{instead}" if instead else "") + tail_of(None, reason)
    read = parts.person(head, rest)
    if isinstance(read, NotUnderstood):
        return NotUnderstood(head, read.not_understood, with_tail(read.nearest, tail), read.reason)
    if read is None:
        who = parts.near_person(head, rest)
        return NotUnderstood(head, who.not_understood, with_tail(who.nearest, tail), who.reason)
    person, rest = read
    head = f"{head} @{person.id}"
    span = _span(parts, head, rest, tail)
    if isinstance(span, NotUnderstood):
        return span
    return MakeOverride(found.schedule, person.id, *span, instead, reason)


def read_override_remove(parts: Parts, words: list[str]) -> OfShifts | NotUnderstood:
    """`override remove <schedule> [@who] [at <time>]`."""
    found = parts.schedule("override remove", words)
    if isinstance(found, NotUnderstood):
        return found
    head = f"override remove {found.schedule}"
    read = parts.person(head, found.rest)
    if isinstance(read, NotUnderstood):
        return read
    person, rest = read if read is not None else (None, found.rest)
    head = f"{head} @{person.id}" if person else head
    at = _at(parts, head, stripped(rest, ("override", "the", "of")), "")
    if isinstance(at, NotUnderstood):
        near = parts.near_person(head, rest) if person is None else None
        return near if near is not None and near.not_understood else at
    return RemoveOverrides(found.schedule, person.id if person else None, at)


def read_feed(parts: Parts, words: list[str]) -> OfFeeds | NotUnderstood:
    """`feed [schedule]`."""
    schedule = _only_schedule(parts, "feed", stripped(words, ("my", "shifts", "of", "for")))
    return schedule if isinstance(schedule, NotUnderstood) else ShowFeed(schedule)


def read_feed_revoke(parts: Parts, words: list[str]) -> OfFeeds | NotUnderstood:
    """`feed revoke [schedule]`."""
    schedule = _only_schedule(parts, "feed revoke", stripped(words, ("my", "of", "for")))
    return schedule if isinstance(schedule, NotUnderstood) else RevokeFeed(schedule)


READ: dict[str, Callable[[Parts, list[str]], OfShifts | OfAbsences | OfFeeds | NotUnderstood]] = {
    "cover me": read_cover,
    "take": read_take,
    "swap": read_swap,
    "absent": read_absent,
    "back": read_back,
    "override": read_override,
    "override remove": read_override_remove,
    "feed": read_feed,
    "feed revoke": read_feed_revoke,
}


def _span(
    parts: Parts, head: str, words: list[str], tail: str, *, whole_days: bool = False
) -> Interval | NotUnderstood:
    """The stretch of time that these words mean; it must not be over."""
    text = " ".join(words)
    span = parse_span(text, parts.now, parts.tz, whole_days=whole_days)
    if isinstance(span, Unclear):
        near = tuple(f"{head} {one}{tail}" for one in span.choices)
        return NotUnderstood(f"{head} {span.understood}".strip(), span.not_understood, near, span.reason)
    if span[1] <= parts.now:
        return NotUnderstood(head, text, (f"{head} 20:00 to 08:00{tail}",), "that is over already")
    return span


def _at(parts: Parts, head: str, words: list[str], tail: str) -> datetime | NotUnderstood | None:
    """An instant, with or without `at`; None for no words."""
    words = stripped(words, ("at", "on"))
    if not words:
        return None
    meant = parse_moment(" ".join(words), parts.now, parts.tz)
    if isinstance(meant, datetime):
        return meant
    choices, reason = (meant.choices, meant.reason) if isinstance(meant, Ambiguous) else ((), "not a time")
    near = (*(f"{head} at {one}{tail}" for one in choices), f"{head}{tail}")
    return NotUnderstood(head, " ".join(words), near, reason)


def _instead(parts: Parts, head: str, words: list[str]) -> tuple[str | None, list[str]] | NotUnderstood:
    """Whom `instead of @ana` or `replacing @ana` names, and the words without."""
    for index, word in enumerate(words):
        if bare(word) not in ("instead", "replacing", "replaces"):
            continue
        begins = index + 1 + (len(words) > index + 1 and bare(words[index + 1]) == "of")
        found = parts.people_at(words[begins:])
        if found is not None and len(found[0]) == 1:
            return found[0][0].id, [*words[:index], *words[begins + found[1] :]]
        ids = [f"@{one.id}" for one in (found[0] if found else parts.known.people)]
        wrong = " ".join(words[begins : begins + 1])
        return NotUnderstood(f"{head} … instead of", wrong, replaced(head, words, begins, 1, ids), "instead of whom")
    return None, words


def _schedule_near(parts: Parts, head: str, words: list[str], tail: str) -> NotUnderstood | None:
    """`in primry`: was a schedule meant?"""
    for index, word in enumerate(words):
        close = nearest(bare(word), parts.known.schedules)
        if index and bare(words[index - 1]) in ("in", "for", "on") and close:
            near = tuple(f"{one}{tail}" for one in replaced(head, words, index, 1, close))
            return NotUnderstood(head, word, near, "no schedule")
    return None


def _only_schedule(parts: Parts, head: str, words: list[str]) -> str | NotUnderstood | None:
    """A schedule and nothing else; None for no words."""
    if not words:
        return None
    schedule = parts.known.schedule(words[0])
    if schedule is not None and len(words) == 1:
        return schedule
    close = [schedule] if schedule is not None else nearest(bare(words[0]), parts.known.schedules)
    wrong = words[1:] if schedule is not None else words
    return NotUnderstood(head, " ".join(wrong), (*(f"{head} {one}" for one in close), head), "")


def _no_times(head: str, reason: str) -> NotUnderstood:
    tail = tail_of(None, reason)
    return NotUnderstood(
        head, "", (f"{head} today to tomorrow{tail}", f"{head} for 2 hours{tail}"), "from when until when"
    )
