"""What does a command about office hours order? `hours berlin mon-fri 09:00-18:00`, `hours berlin closed 2026-12-24`.

It must not change them, nor know who may.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from oncallbot.oncall.week import Times, parse_times
from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.command_list import VERBS
from oncallbot.wording.command_parts import LONGEST_REASON, Parts, replaced
from oncallbot.wording.command_words import bare, nearest, readable
from oncallbot.wording.rotation_words import Unread, read_windows
from oncallbot.wording.schedule_forms import (
    CloseOffice,
    OfHours,
    OpenOffice,
    SetHolidays,
    SetHours,
    ShowHours,
    UsualHours,
)
from oncallbot.wording.spans import parse_days
from oncallbot.wording.text import clean

_LONGEST_DAYS = 9  # words of `from 24 December 2026 to 2 January 2027`
_LEADS = ("of", "for", "in", "the", "at", "on", "are", "is", "to", "as")
_BEHIND = {
    alias.removeprefix("hours "): verb
    for alias, verb in VERBS.items()
    if alias.startswith("hours ") and alias != "hours"
}
"""The words behind `hours berlin`, and the command that they make."""


def read_hours(parts: Parts, verb: str, words: list[str]) -> OfHours | NotUnderstood:
    """The command `verb` (`hours`, `hours closed` …) with the words behind it; the name may stand first or second."""
    found = _office_hours(parts, verb, words)
    if isinstance(found, NotUnderstood):
        return found
    name, rest = found
    if verb == "hours" and rest and bare(rest[0]) in _BEHIND:
        verb, rest = _BEHIND[bare(rest[0])], rest[1:]
    if name is None:
        return ShowHours() if verb == "hours" and not rest else _which(parts, verb, rest)
    return _READ[verb](parts, name, rest)


def _office_hours(parts: Parts, verb: str, words: list[str]) -> tuple[str | None, list[str]] | NotUnderstood:
    """The name, None where none is needed yet, and the other words."""
    for index, word in enumerate(words[:3]):
        hours = parts.known.hours(word)
        if hours is not None:
            before = [one for one in words[:index] if bare(one) not in _LEADS]
            return hours, [*before, *words[index + 1 :]]
    if words and bare(words[0]) not in _BEHIND:
        close = nearest(bare(words[0]), parts.known.office_hours)
        if close:
            return NotUnderstood(verb, words[0], replaced(verb, words, 0, 1, close), "no office hours of that name")
    if len(parts.known.office_hours) == 1 and (words or verb != "hours"):
        return next(iter(parts.known.office_hours)), words
    return None, words


def _which(parts: Parts, verb: str, rest: list[str]) -> NotUnderstood:
    near = tuple(" ".join((verb, one, *rest)) for one in parts.known.office_hours)
    return NotUnderstood(verb, "", (*near, "hours"), "which office hours")


def _weekly(_parts: Parts, name: str, words: list[str]) -> OfHours | NotUnderstood:
    head = f"hours {name}"
    if not words:
        return ShowHours(name)
    text = " ".join(words)
    if " ".join(map(bare, words)) in ("never", "never open", "closed always"):
        return SetHours(name, ())
    meant = read_windows(text)
    if not isinstance(meant, Unread):
        return SetHours(name, meant)
    close = nearest(bare(words[0]), _BEHIND)
    near = [" ".join((head, one, *words[1:])) for one in close]
    near += [f"{head} {one}" for one in meant.choices if one != "always"]
    return NotUnderstood(head, text, (*near, f"{head} mon-fri 09:00-18:00"), meant.reason)


def _closed(parts: Parts, name: str, words: list[str]) -> OfHours | NotUnderstood:
    words, reason = parts.reason(words)
    read = _days(parts, name, "closed", words)
    if isinstance(read, NotUnderstood):
        return read
    first, last, rest = read
    return CloseOffice(name, first, last, reason or clean(readable(rest, parts.known), LONGEST_REASON))


def _opened(parts: Parts, name: str, words: list[str]) -> OfHours | NotUnderstood:
    head = f"hours {name} opened"
    line = re.sub(r"(?<=\d)\s*(?:-|–|to|until)\s*(?=\d{1,2}:)", "-", " ".join(words))
    line = re.sub(r"[,;]| and ", " ", line)
    words = [one for one in line.split() if bare(one) != "from"]
    times = [one for one in words if re.search(r"\d:\d", one)]
    read = _days(parts, name, "opened", [one for one in words if one not in times])
    if isinstance(read, NotUnderstood):
        near = tuple(f"{one} {' '.join(times) or '10:00-14:00'}" for one in read.nearest)
        return NotUnderstood(read.understood, read.not_understood, near, read.reason)
    first, last, rest = read
    if first != last or rest:
        near = (f"{head} {first} {' '.join(times) or '10:00-14:00'}",)
        return NotUnderstood(
            f"{head} {first}", " ".join(rest) or str(last), near, "one day at a time" if not rest else ""
        )
    meant = _times(times)
    if isinstance(meant, Unread):
        near = tuple(f"{head} {first} {one}" for one in meant.choices)
        return NotUnderstood(f"{head} {first}", " ".join(times), near, meant.reason)
    return OpenOffice(name, first, meant)


def _usual(parts: Parts, name: str, words: list[str]) -> OfHours | NotUnderstood:
    read = _days(parts, name, "usual", words)
    if isinstance(read, NotUnderstood):
        return read
    first, last, rest = read
    if rest:
        return NotUnderstood(f"hours {name} usual {first}", " ".join(rest), (f"hours {name} usual {first}",))
    return UsualHours(name, first, last)


def _holidays(_parts: Parts, name: str, words: list[str]) -> OfHours | NotUnderstood:
    head = f"hours {name} holidays"
    codes = [one.upper() for one in re.split(r"[\s,/:-]+", " ".join(map(bare, words))) if one]
    if codes in (["NONE"], ["OFF"], ["NEVER"]):
        return SetHolidays(name, None)
    is_country = bool(codes) and re.fullmatch(r"[A-Z]{2}", codes[0]) is not None
    is_part = len(codes) < 2 or re.fullmatch(r"[A-Z0-9]{1,6}", codes[1]) is not None
    if is_country and is_part and len(codes) <= 2:
        return SetHolidays(name, codes[0], codes[1] if len(codes) > 1 else None)
    near = (
        *((f"{head} {' '.join(codes[:2])}", f"{head} {codes[0]}") if is_country else ()),
        f"{head} DE BE",
        f"{head} none",
    )
    reason = "country and part of it, as in ISO 3166: DE BE"
    return NotUnderstood(head, " ".join(words), near, reason)


_READ: dict[str, Callable[[Parts, str, list[str]], OfHours | NotUnderstood]] = {
    "hours": _weekly,
    "hours closed": _closed,
    "hours opened": _opened,
    "hours usual": _usual,
    "hours holidays": _holidays,
}


def _days(parts: Parts, name: str, behind: str, words: list[str]) -> tuple[date, date, list[str]] | NotUnderstood:
    """The days that the first words mean, as many words as do, and the rest."""
    head = f"hours {name} {behind}"
    words = words[1:] if words and bare(words[0]) in ("on", "from", "at") else words
    for count in range(min(_LONGEST_DAYS, len(words)), 0, -1):
        days = parse_days(" ".join(words[:count]), parts.now, parts.tz)
        if days is not None:
            return *days, words[count:]
    near = (f"{head} tomorrow", f"{head} {parts.now.date()}")
    return NotUnderstood(head, " ".join(words), near, "not a day" if words else "which day")


def _times(texts: list[str]) -> tuple[Times, ...] | Unread:
    if not texts:
        return Unread("at which times", ("10:00-14:00",))
    try:
        return tuple(parse_times(one) for one in texts)
    except ValueError as error:
        return Unread(str(error).partition(": ")[0], ("10:00-14:00",))
