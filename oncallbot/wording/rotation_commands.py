"""What does a command about a rotation order? `rotation add primary @cem`, `rotation every primary 2 weeks`.

It must not carry anything out, nor check what only the running schedule knows: `oncall.editing` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oncallbot.oncall.edits import AddParticipant, ChangeRotation, RemoveParticipant, SetWindows, Start
from oncallbot.oncall.windows import Outside, Weekly, Windows
from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.command_list import VERBS
from oncallbot.wording.command_parts import Found, Parts, spelled
from oncallbot.wording.command_words import bare, nearest
from oncallbot.wording.rotation_words import Unread, read_every, read_handoff, read_windows
from oncallbot.wording.schedule_forms import EditRotation, OfRotation, OpenRotation, OrderFairest, ShowRotation

_BEHIND = {
    alias.removeprefix("rotation "): verb.removeprefix("rotation ")
    for alias, verb in VERBS.items()
    if alias.startswith("rotation ")
}
"""The words behind `rotation` and what they mean: `reorder` is `order`."""

_MEANT = {
    "drop": "remove", "kick": "remove", "exclude": "remove", "without": "remove",
    "join": "add", "include": "add", "insert": "add", "append": "add",
    "sort": "order", "length": "every", "shift": "every", "start": "handoff", "begin": "handoff", "make": "create",
}  # fmt: skip
"""Words that somebody writes instead: proposed, not taken."""

_FAIREST = ("fairest", "fair", "fairly", "--fairest", "by fairness", "the fairest")


def read_rotation(parts: Parts, verb: str, words: list[str]) -> OfRotation | NotUnderstood:
    """The command `verb` (`rotation`, `rotation add` …; not `rotation create`) with the words behind it."""
    if verb == "rotation":
        return _group(parts, words)
    words, starts, said = parts.starts(words) if verb != "rotation show" else (words, Start.AFTER_CURRENT_SHIFT, "")
    found = parts.schedule(verb, words)
    if not isinstance(found, NotUnderstood):
        found = parts.one_layer(verb, found) if verb != "rotation show" else found
    if isinstance(found, NotUnderstood):
        return _ending(found, said)
    read = _Rotation(parts, verb, found, starts)
    return _ending(_READ[verb](read), said)


def _ending(read: OfRotation | NotUnderstood, said: str) -> OfRotation | NotUnderstood:
    """Proposals keep when the change shall begin."""
    if isinstance(read, NotUnderstood) and said:
        return NotUnderstood(
            read.understood, read.not_understood, tuple(f"{one}{said}" for one in read.nearest), read.reason
        )
    return read


def _group(parts: Parts, words: list[str]) -> OfRotation | NotUnderstood:
    """`rotation`, `rotation primary`, and `rotation primary add @cem`, which others write the other way round."""
    if not words:
        return OpenRotation()
    if len(words) > 1 and bare(words[1]) in _BEHIND and _BEHIND[bare(words[1])] != "create":
        return read_rotation(parts, f"rotation {_BEHIND[bare(words[1])]}", [words[0], *words[2:]])
    near = [f"rotation {one}" for one in _near(words[0])]
    found = parts.schedule("rotation", words[:1])
    if isinstance(found, NotUnderstood) or found.rest:
        written = [_written(parts, one, words[1:]) for one in near]
        behind = found.nearest if isinstance(found, NotUnderstood) and found.not_understood else ()
        return NotUnderstood(
            "rotation", " ".join(words[:1] if near or behind else words), (*written, *behind, *near, "rotation")
        )
    if len(words) == 1:
        return OpenRotation(found.schedule, found.layer)
    written = [_written(parts, f"rotation {one}", [words[0], *words[2:]]) for one in _near(words[1])]
    return NotUnderstood(f"rotation {found.name}", " ".join(words[1:]), (*written, f"rotation {found.name}"))


def _near(word: str) -> list[str]:
    """What stands behind `rotation`, and was probably meant by this word."""
    close = [_BEHIND[one] for one in nearest(bare(word), _BEHIND)]
    return [_MEANT[bare(word)], *close] if bare(word) in _MEANT else close


def _written(parts: Parts, verb: str, words: list[str]) -> str:
    """The command as its grammar has it, where it names one person; else with the words as they are."""
    read = read_rotation(parts, verb, words) if verb in ("rotation add", "rotation remove") else None
    match read:
        case EditRotation(AddParticipant(schedule, entry, layer) | RemoveParticipant(schedule, entry, layer)):
            who = spelled([entry if isinstance(entry, tuple) else (entry,)])
            return f"{verb} {Found(schedule, layer, []).name} {who}"
        case _:
            return " ".join((verb, *words))


@dataclass(frozen=True, slots=True)
class _Rotation:
    """One rotation, and the words that say what becomes of it."""

    parts: Parts
    verb: str
    found: Found
    starts: Start

    @property
    def head(self) -> str:
        return f"{self.verb} {self.found.name}"

    @property
    def words(self) -> list[str]:
        return self.found.rest

    def show(self) -> OfRotation | NotUnderstood:
        if self.words:
            return self._too_much(self.words, self.head)
        return ShowRotation(self.found.schedule, self.found.layer)

    def add(self) -> OfRotation | NotUnderstood:
        entries = self.parts.entries(self.head, self.words)
        if isinstance(entries, NotUnderstood):
            return entries
        if not entries:
            return self.parts.near_person(self.head, self.words)
        if len(entries) > 1:
            together = "+".join(one for one in spelled(entries).split() if one != "nobody")
            near = (f"{self.head} {spelled(entries[:1])}", f"{self.head} {together}")
            return NotUnderstood(self.head, spelled(entries[1:]), near, "one at a time, or together by +")
        edit = AddParticipant(self.found.schedule, entries[0], self.found.layer, self.starts)
        return EditRotation(edit)

    def remove(self) -> OfRotation | NotUnderstood:
        read = self.parts.person(self.head, self.words)
        if isinstance(read, NotUnderstood):
            return read
        if read is None:
            return self.parts.near_person(self.head, self.words)
        person, rest = read
        if rest:
            return self._too_much(rest, f"{self.head} @{person.id}")
        return EditRotation(RemoveParticipant(self.found.schedule, person.id, self.found.layer, self.starts))

    def order(self) -> OfRotation | NotUnderstood:
        said = " ".join(bare(one) for one in self.words)
        if said in _FAIREST:
            return OrderFairest(self.found.schedule, self.found.layer, self.starts)
        if nearest(said, ("fairest", "--fairest"), cutoff=0.75):
            return NotUnderstood(self.head, said, (f"{self.head} fairest",))
        entries = self.parts.entries(self.head, self.words)
        if isinstance(entries, NotUnderstood):
            return entries
        if not any(entries):
            everyone = spelled(tuple((one.id,) for one in self.parts.known.people[:3]))
            return NotUnderstood(self.head, "", (f"{self.head} {everyone}", f"{self.head} fairest"), "who comes when")
        return EditRotation(
            ChangeRotation(self.found.schedule, self.found.layer, participants=entries, starts=self.starts)
        )

    def handoff(self) -> OfRotation | NotUnderstood:
        meant = read_handoff(" ".join(_without_lead(self.words, "to", "at")))
        if isinstance(meant, Unread):
            return self._unread(meant)
        return EditRotation(ChangeRotation(self.found.schedule, self.found.layer, handoff=meant, starts=self.starts))

    def every(self) -> OfRotation | NotUnderstood:
        meant = read_every(" ".join(_without_lead(self.words, "to", "every")))
        if isinstance(meant, Unread):
            return self._unread(meant)
        return EditRotation(ChangeRotation(self.found.schedule, self.found.layer, every=meant, starts=self.starts))

    def windows(self) -> OfRotation | NotUnderstood:
        meant = windows_meant(self.parts, self.words)
        if isinstance(meant, Unread):
            return self._unread(meant)
        return EditRotation(
            ChangeRotation(self.found.schedule, self.found.layer, windows=SetWindows(meant), starts=self.starts)
        )

    def _unread(self, wrong: Unread) -> NotUnderstood:
        near = tuple(f"{self.head} {one}" for one in wrong.choices)
        return NotUnderstood(self.head, " ".join(self.words), near, wrong.reason)

    def _too_much(self, rest: list[str], understood: str) -> NotUnderstood:
        return NotUnderstood(understood, " ".join(rest), (understood,))


_READ: dict[str, Callable[[_Rotation], OfRotation | NotUnderstood]] = {
    "rotation show": _Rotation.show,
    "rotation add": _Rotation.add,
    "rotation remove": _Rotation.remove,
    "rotation order": _Rotation.order,
    "rotation handoff": _Rotation.handoff,
    "rotation every": _Rotation.every,
    "rotation windows": _Rotation.windows,
}


def windows_meant(parts: Parts, words: list[str]) -> Windows | Unread | None:
    """`always` (None), `outside berlin`, or windows of the week."""
    said = " ".join(bare(one) for one in words)
    if said in ("always", "all the time", "24/7", "24x7"):
        return None
    known = parts.known
    if words and bare(words[0]) == "outside":
        behind = [one for one in words[1:] if bare(one) not in ("of", "the", "office", "hours", "opening")]
        hours = known.hours(behind[0]) if len(behind) == 1 else None
        if not behind and len(known.office_hours) == 1:
            hours = next(iter(known.office_hours))
        if hours is not None:
            return Outside(known.office_hours[hours])
        near = nearest(bare(behind[0]), known.office_hours) if behind else []
        choices = tuple(f"outside {one}" for one in (*near, *known.office_hours))
        return Unread("no office hours of that name" if behind else "outside which office hours", choices)
    meant = read_windows(" ".join(words))
    if isinstance(meant, Unread):
        return Unread(meant.reason, (*meant.choices, *(f"outside {one}" for one in known.office_hours)))
    return Weekly(meant)


def _without_lead(words: list[str], *leads: str) -> list[str]:
    return words[1:] if words and bare(words[0]) in leads else words
