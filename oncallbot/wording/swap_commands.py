"""What does `swap …` order? A shift, a whole stint or a stretch of time of the asker, for one of somebody else.

It must not know who is on call when: which shifts are meant is asked back by whoever does.
"""

from __future__ import annotations

import re
from datetime import datetime

from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.command_parts import Parts, stripped, tail_of, with_tail
from oncallbot.wording.command_words import bare, nearest, phrase
from oncallbot.wording.moment_words import Length, read
from oncallbot.wording.moments import Ambiguous, parse_moment
from oncallbot.wording.schedule_forms import Stretch, SwapShifts, SwapSide, WholeStint
from oncallbot.wording.spans import Unclear, parse_days, parse_span

_JOINTS = ("for", "and", "against", "with", "please")
_ABOUT_SHIFT = ("my", "his", "her", "their", "the", "shift", "turn", "at", "on", *_JOINTS)
_STINT = re.compile(
    r"(?:(?:my|his|her|their|our|the|whole|all|rest|of) )*"
    r"(?:(?P<running>this|current|running|present)|(?P<next>next|coming|following))? ?(?:whole )?"
    r"(?:weeks?|stints?|turns?|weekends?|nights)"
)
_STINT_OF = re.compile(rf"(?P<stint>{_STINT.pattern}) (?P<lead>of|at|from|on|in|starting|beginning) (?P<when>.+)")


def read_swap(parts: Parts, words: list[str]) -> SwapShifts | NotUnderstood:
    """`swap my week with @ben`, `swap [my] Sat 20:00 with @ben[’s] Mon 09:00`, `swap <from> to <until> with @ben …`.

    Either side may be left out.
    """
    words, reason = parts.reason(words)
    schedule, words = parts.schedule_if_named(words)
    head, tail = "swap", tail_of(schedule, reason)
    named = parts.person(head, words)
    if isinstance(named, NotUnderstood):
        return NotUnderstood(head, named.not_understood, with_tail(named.nearest, tail), named.reason)
    if named is None:
        return _with_whom(parts, words, tail)
    person, _ = named
    before, behind = _around(parts, words, person.id)
    mine = _side(parts, before)
    if isinstance(mine, Unclear):
        near = tuple(f"swap {one} with @{person.id} {' '.join(behind)}".strip() + tail for one in mine.choices)
        return NotUnderstood(head, mine.not_understood, (*near, f"swap with @{person.id}{tail}"), mine.reason)
    theirs = _side(parts, behind)
    head = " ".join((head, *before, "with", f"@{person.id}"))
    if isinstance(theirs, Unclear):
        near = tuple(f"{head} {one}{tail}" for one in theirs.choices)
        return NotUnderstood(head, theirs.not_understood, (*near, f"{head}{tail}"), theirs.reason)
    return SwapShifts(person.id, mine, theirs, schedule, reason)


def _side(parts: Parts, words: list[str]) -> SwapSide | Unclear:
    """What names one side: a stint, an instant at which a shift runs, or a stretch; None for no words."""
    stint = _stint(parts, phrase(words))
    if stint is not None:
        return stint
    text = " ".join(stripped(words, _ABOUT_SHIFT))
    if not text:
        return None
    is_length = isinstance(read(text), Length) and bare(text.split()[0]) != "in"  # `for 4 hours` is no instant
    meant = parse_moment(text, parts.now, parts.tz) if not is_length else None
    if isinstance(meant, datetime):
        return meant
    if isinstance(meant, Ambiguous):
        return Unclear("", text, meant.reason, meant.choices)
    return _stretch(parts, text)


def _stretch(parts: Parts, text: str) -> Stretch | Unclear:
    span = parse_span(text, parts.now, parts.tz, whole_days=True)
    if isinstance(span, Unclear):
        is_read = span.understood or span.not_understood != text
        return span if is_read else Unclear("", text, "not a time", (*_stints_near(text), "tomorrow 20:00"))
    if span[1] <= parts.now:
        return Unclear("", text, "that is over already", ("tomorrow 20:00",))
    return Stretch(*span, is_days=parse_days(text, parts.now, parts.tz) is not None)


def _stint(parts: Parts, said: str) -> WholeStint | Unclear | None:
    """`my week`, `next stint`, `week of 2026-12-07`; None for other words. With a time, `turn` is a shift."""
    if (plain := _STINT.fullmatch(said)) is not None:
        if plain["running"] or "rest" in said.split():
            return WholeStint(is_running=True)
        return WholeStint(is_running=False if plain["next"] else None)
    found = _STINT_OF.fullmatch(said)
    if found is None or (found["lead"] != "of" and re.search(r"\bturns?$", found["stint"])):
        return None
    when = found["when"]
    days = parse_span(when, parts.now, parts.tz, whole_days=True) if parse_days(when, parts.now, parts.tz) else None
    if isinstance(days, tuple):
        return WholeStint(on=days)
    at = parse_moment(when, parts.now, parts.tz)
    if isinstance(at, datetime):
        return WholeStint(on=(at, at))
    choices, reason = (at.choices, at.reason) if isinstance(at, Ambiguous) else (("tomorrow 20:00",), "not a time")
    return Unclear("", said, reason, tuple(f"week of {one}" for one in choices))


def _stints_near(text: str) -> list[str]:
    """`next wek`: was a stint meant?"""
    *before, last = text.split()
    return [" ".join((*before, one)) for one in nearest(bare(last), ("week", "weeks", "weekend", "stint"))]


def _around(parts: Parts, words: list[str], person: str) -> tuple[list[str], list[str]]:
    """The words before and behind that person's name, without what leads from one to the other."""
    for index in range(len(words)):
        found = parts.people_at(words[index:])
        if found is not None and [one.id for one in found[0]] == [person]:
            before, behind = words[:index], words[index + found[1] :]
            while before and bare(before[-1]) in _JOINTS:
                before = before[:-1]
            while before and bare(before[-1]) in _ABOUT_SHIFT and _STINT.fullmatch(phrase(before)) is None:
                before = before[:-1]
            return before, stripped(behind, _JOINTS)
    return words, []


def _with_whom(parts: Parts, words: list[str], tail: str) -> NotUnderstood:
    wrong = parts.near_person("swap", words)
    if wrong.not_understood:
        return NotUnderstood("swap", wrong.not_understood, with_tail(wrong.nearest, tail), wrong.reason)
    is_stint = _STINT.fullmatch(phrase(words)) is not None
    said = f"my {phrase(words)}".replace("my my ", "my ") if is_stint else " ".join(stripped(words, _ABOUT_SHIFT))
    near = [f"swap {said} with @{one.id}".replace("  ", " ") + tail for one in parts.known.people]
    near += [f"swap with @{one.id}{tail}" for one in parts.known.people]
    return NotUnderstood(f"swap {said}".strip(), "", tuple(near), "with whom")
