"""Which new schedule does `rotation create weekend every 1 week at Fri 18:00 @ana @ben` order?

The clauses may stand in any order. It must not check whether the name is taken: `oncall.editing` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from oncallbot.oncall.edits import CreateSchedule
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.wallclock import zone_names
from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.command_parts import Parts, spelled
from oncallbot.wording.command_words import bare, nearest
from oncallbot.wording.rotation_commands import windows_meant
from oncallbot.wording.rotation_words import Unread, read_every, read_handoff
from oncallbot.wording.schedule_forms import EditRotation

LAYER = "rotation"
"""The name of a new schedule's one layer."""

_HEAD = "rotation create"
_NAME = re.compile(r"\w[\w.-]{0,63}")  # as in the schedule files
_RESERVED = ("nobody", "everyone", "forever")
_CLAUSES = {
    "every": "every", "each": "every", "daily": "every", "weekly": "every", "monthly": "every",
    "at": "at", "on": "at", "starting": "at", "handoff": "at",
    "in": "in", "timezone": "in",
    "outside": "windows", "windows": "windows", "window": "windows", "during": "windows",
    "with": "people", "people": "people", "participants": "people", "by": "people",
}  # fmt: skip
_KEPT = ("daily", "weekly", "monthly", "outside")  # words that say something themselves
_USUAL_HANDOFF = {Unit.HOURS: "09:00", Unit.DAYS: "09:00", Unit.WEEKS: "Mon 09:00", Unit.MONTHS: "1st 09:00"}


@dataclass(slots=True)
class _Clauses:
    """The words of each clause, as they were written."""

    words: dict[str, list[str]] = field(default_factory=dict)

    def of(self, clause: str) -> list[str]:
        return self.words.get(clause, [])

    def command(self, name: str, **instead: str) -> str:
        """The whole command, with some clauses said in another way."""
        every = " ".join(self.of("every"))
        said = {
            "every": every if every in _KEPT else f"every {every}" if every else "",
            "at": f"at {' '.join(self.of('at'))}" if self.of("at") else "",
            "people": " ".join(self.of("people")),
            "in": f"in {' '.join(self.of('in'))}" if self.of("in") else "",
            "windows": " ".join(self.of("windows")),
        } | instead
        return " ".join(one for one in (_HEAD, name, *said.values()) if one)


def read_create(parts: Parts, words: list[str]) -> EditRotation | NotUnderstood:
    """`<name> every 1 week at Mon 09:00 @ana @ben+@cem nobody [in <time zone>] [outside <office hours>]`.

    Without a time zone it is the writer's.
    """
    name = words[0].strip("\"'“”„‘’,") if words else ""
    is_name = is_schedule_name(name)
    is_name_left_out = bare(name) in _CLAUSES or name.startswith(("@", "<@"))
    clauses = _clauses(parts, words if is_name_left_out else words[1:])
    if not is_name:
        whole = clauses.command("weekend")
        is_missing = not name or is_name_left_out
        reason = "a name" if is_missing else "a name has letters, digits and hyphens"
        return NotUnderstood(_HEAD, "" if is_missing else words[0], (whole, _whole(parts, "weekend")), reason)
    head = f"{_HEAD} {name}"
    every = (
        read_every(" ".join(clauses.of("every"))) if clauses.of("every") else Unread("how long a shift is", ("1 week",))
    )
    if isinstance(every, Unread):
        return _unread(parts, name, clauses, "every", every, "every ")
    if not clauses.of("at"):
        at = Unread("when shifts change", (_USUAL_HANDOFF[every[1]],))
        return _unread(parts, name, clauses, "at", at, "at ")
    handoff = read_handoff(" ".join(clauses.of("at")))
    if isinstance(handoff, Unread):
        return _unread(parts, name, clauses, "at", handoff, "at ")
    tz = time_zone_meant(parts, clauses.of("in"))
    if isinstance(tz, Unread):
        return _unread(parts, name, clauses, "in", tz, "in ")
    windows = windows_meant(parts, clauses.of("windows")) if clauses.of("windows") else None
    if isinstance(windows, Unread):
        return _unread(parts, name, clauses, "windows", windows, "")
    entries = parts.entries(head, clauses.of("people"))
    if isinstance(entries, NotUnderstood):
        near = tuple(clauses.command(name, people=one.removeprefix(f"{head} ")) for one in entries.nearest)
        return NotUnderstood(head, entries.not_understood, near, entries.reason)
    if not any(entries):
        everyone = spelled(tuple((one.id,) for one in parts.known.people[:3]))
        return NotUnderstood(head, "", (clauses.command(name, people=everyone),), "who takes turns")
    return EditRotation(CreateSchedule(name, tz, LAYER, entries, *every, handoff, windows))


def is_schedule_name(name: str) -> bool:
    """Could a schedule be called so, and be told from the words of commands?"""
    return _NAME.fullmatch(name) is not None and bare(name) not in (*_RESERVED, *_CLAUSES)


def _clauses(parts: Parts, words: list[str]) -> _Clauses:
    found = _Clauses()
    clause = "people"
    for index, word in enumerate(words):
        named = _CLAUSES.get(bare(word))
        if named is not None:
            clause = named
            kept = bare(word) in _KEPT
        elif _starts_people(parts, words[index:], clause):
            clause, kept = "people", True
        else:
            kept = True
        if kept:
            found.words.setdefault(clause, []).append(word)
        elif clause != "people":
            found.words.setdefault(clause, [])
    return found


def _starts_people(parts: Parts, words: list[str], clause: str) -> bool:
    """Marked names, and ids, begin the people, whatever clause it was; April may be a month."""
    if words[0].startswith(("@", "<@")) or bare(words[0]) == "nobody":
        return True
    return clause in ("every", "at", "in") and any(bare(words[0]) == one.id.casefold() for one in parts.known.people)


def time_zone_meant(parts: Parts, words: list[str]) -> str | Unread:
    """The zone of that name, however its letters are written; the writer's, where none is named."""
    name = "_".join(words).replace("_/_", "/") or parts.tz
    exact = next((one for one in zone_names() if one.casefold() == name.casefold()), None)
    if exact is not None:
        return exact
    places: dict[str, list[str]] = {}
    for one in zone_names():
        places.setdefault(one.rpartition("/")[2], []).append(one)
    near = [one for place in nearest(name.rpartition("/")[2], places) for one in places[place]]
    return Unread("no time zone", (*near, parts.tz))


def _unread(parts: Parts, name: str, clauses: _Clauses, clause: str, wrong: Unread, lead: str) -> NotUnderstood:
    near = tuple(clauses.command(name, **{clause: f"{lead}{one}"}) for one in wrong.choices)
    said = " ".join(clauses.of(clause))
    return NotUnderstood(f"{_HEAD} {name}", f"{lead}{said}" if said else "", (*near, _whole(parts, name)), wrong.reason)


def _whole(parts: Parts, name: str) -> str:
    everyone = spelled(tuple((one.id,) for one in parts.known.people[:2])) or "@who"
    return f"{_HEAD} {name} every 1 week at Mon 09:00 {everyone}"
