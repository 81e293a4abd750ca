"""Which schedule, people, reason and start do the words of a command about schedules name?

It must not know any command: it takes what it finds out of the words and leaves the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oncallbot.oncall.edits import Entry, Start
from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.command_words import Known, Person, bare, nearest, phrase, readable
from oncallbot.wording.text import clean

LONGEST_REASON = 200
_LONGEST_PERSON = 4  # words of a name
_LEADS = ("to", "from", "in", "into", "of", "for", "the", "on", "with", "by", "schedule", "rotation")
_BETWEEN = ("and", "then", ",", "-", "→", "->", ">")
_REASONS = ("because", "reason")
_STARTS = {
    "after a full rotation": Start.AFTER_FULL_ROTATION,
    "after the full rotation": Start.AFTER_FULL_ROTATION,
    "after full rotation": Start.AFTER_FULL_ROTATION,
    "after a whole rotation": Start.AFTER_FULL_ROTATION,
    "after the running shift": Start.AFTER_CURRENT_SHIFT,
    "after the current shift": Start.AFTER_CURRENT_SHIFT,
    "after current shift": Start.AFTER_CURRENT_SHIFT,
    "after this shift": Start.AFTER_CURRENT_SHIFT,
    "at the next handoff": Start.AFTER_CURRENT_SHIFT,
    "right now": Start.IMMEDIATELY,
    "at once": Start.IMMEDIATELY,
    "immediately": Start.IMMEDIATELY,
    "now": Start.IMMEDIATELY,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule, where it was named a layer, and the words that are left."""

    schedule: str
    layer: str | None
    rest: list[str]

    @property
    def name(self) -> str:
        return f"{self.schedule}/{self.layer}" if self.layer else self.schedule


@dataclass(frozen=True, slots=True)
class Parts:
    """Takes parts out of a command's words, as somebody writes them at `now` in the zone `tz`."""

    known: Known
    now: datetime
    tz: str

    def schedule(self, head: str, words: list[str]) -> Found | NotUnderstood:
        """The schedule, wherever it stands; where there is only one, it need not be named."""
        for index, word in enumerate(words):
            named = self._named(word)
            if named is not None:
                return self._with_layer(head, words, index, named)
        for index, word in enumerate(words):
            close = [] if self.people_at(words[index:]) else nearest(bare(word).split("/")[0], self.known.schedules)
            if close:
                return NotUnderstood(head, word, replaced(head, words, index, 1, close), "no schedule")
        if len(self.known.schedules) == 1:
            return Found(self.known.schedules[0], None, words)
        rest = " ".join(words)
        listed = tuple(f"{head} {one} {rest}".strip() for one in self.known.schedules)
        return NotUnderstood(head, "", (*listed, *(f"{head} {one}" for one in self.known.schedules)), "which schedule")

    def schedule_if_named(self, words: list[str]) -> tuple[str | None, list[str]]:
        """The schedule, if one is named, and the words without it and without the word that led to it."""
        for index, word in enumerate(words):
            schedule = self.known.schedule(word)
            if schedule is not None:
                return schedule, _without(words, index, 1)
        return None, words

    def people_at(self, words: Sequence[str]) -> tuple[tuple[Person, ...], int] | None:
        """Whom the first words name, the most words first, and how many words those are; None for nobody."""
        for count in range(min(_LONGEST_PERSON, len(words)), 0, -1):
            text = re.sub(r"['’]s$", "", " ".join(words[:count]))
            people = self.known.person(text)
            if people:
                return people, count
        return None

    def person(self, head: str, words: list[str]) -> tuple[Person, list[str]] | NotUnderstood | None:
        """The one person named, and the words without; None when none of them is meant for a name.

        Without an @ a name stands first, or behind `with` or `for`: April and June are months, too.
        """
        for index, word in enumerate(words):
            is_marked = word.startswith(("@", "<@"))
            if not is_marked and index and bare(words[index - 1]) not in ("with", "for", "by"):
                continue
            found = self.people_at(words[index:])
            if found is None:
                if is_marked:
                    return self._nobody(head, words, index)
                continue
            people, count = found
            if len(people) == 1:
                return people[0], _without(words, index, count)
            near = replaced(head, words, index, count, [f"@{one.id}" for one in people])
            return NotUnderstood(head, " ".join(words[index : index + count]), near, "several people have this name")
        return None

    def near_person(self, head: str, words: list[str]) -> NotUnderstood:
        """No name was read where one is needed: a misspelt one, or none at all."""
        for index, word in enumerate(words):
            if self.known.people_near(word):
                return self._nobody(head, words, index)
        rest = " ".join(words)
        return NotUnderstood(head, "", tuple(f"{head} @{one.id} {rest}".strip() for one in self.known.people), "who")

    def entries(self, head: str, words: list[str]) -> tuple[Entry, ...] | NotUnderstood:
        """An order: `@ana @ben`, `@ana+@ben` on call together, `nobody`; commas and `then` do not matter."""
        line = re.sub(r"\s*[+&]\s*", "+", re.sub(r"[,;]+", " ", " ".join(words)))
        tokens, found = line.split(), list[Entry]()
        index = 0
        while index < len(tokens):
            if bare(tokens[index]) in _BETWEEN:
                index += 1
                continue
            entry, count = self._entry(head, tokens, index)
            if isinstance(entry, NotUnderstood):
                return entry
            found.append(entry)
            index += count
        return tuple(found)

    def _entry(self, head: str, tokens: list[str], index: int) -> tuple[Entry | NotUnderstood, int]:
        if bare(tokens[index]) in ("nobody", "none", "empty"):
            return (), 1
        if "+" in tokens[index].strip("+"):
            entry: list[str] = []
            pieces = tokens[index].strip("+").split("+")
            for place, piece in enumerate(pieces):
                people = self.known.person(piece)
                if len(people) != 1:
                    ids = [f"@{one.id}" for one in people] or self._ids_near(piece)
                    whole = ["+".join((*pieces[:place], one, *pieces[place + 1 :])) for one in ids]
                    return NotUnderstood(head, piece, replaced(head, tokens, index, 1, whole), _why(people)), 1
                entry.append(people[0].id)
            return tuple(dict.fromkeys(entry)), 1
        named = self.people_at(tokens[index:])
        if named is None or len(named[0]) > 1:
            people, count = named or ((), 1)
            ids = [f"@{one.id}" for one in people] or self._ids_near(tokens[index])
            wrong = " ".join(tokens[index : index + count])
            return NotUnderstood(head, wrong, replaced(head, tokens, index, count, ids), _why(people)), count
        return (named[0][0].id,), named[1]

    def reason(self, words: list[str]) -> tuple[list[str], str]:
        """What stands behind `because`, and the words before it."""
        for index, word in enumerate(words):
            if bare(word) in _REASONS:
                said = words[index + 1 :]
                said = said[1:] if said and bare(said[0]) == "of" else said
                return words[:index], clean(readable(said, self.known), LONGEST_REASON)
        return words, ""

    def starts(self, words: list[str]) -> tuple[list[str], Start, str]:
        """When the change begins, the words without that, and how it was said ("" when it was not)."""
        for said, start in _STARTS.items():
            count = len(said.split())
            if len(words) >= count and phrase(words[-count:]).removeprefix("starting ") == said:
                return words[:-count], start, f" {said}"
        return words, Start.AFTER_CURRENT_SHIFT, ""

    def _nobody(self, head: str, words: list[str], index: int) -> NotUnderstood:
        ids = self._ids_near(words[index])
        near = replaced(head, words, index, 1, ids)
        return NotUnderstood(head, words[index], near, "nobody of that name is a responder")

    def _ids_near(self, word: str) -> list[str]:
        near = self.known.people_near(word) or [one.id for one in self.known.people]
        return [f"@{one}" for one in near]

    def _named(self, word: str) -> tuple[str, str] | None:
        """Schedule and layer as written, if the schedule exists."""
        name, _, layer = bare(word).partition("/")
        schedule = self.known.schedule(word) or self.known.schedule(name)
        return (schedule, layer if schedule.casefold() == name else "") if schedule else None

    def _with_layer(self, head: str, words: list[str], index: int, named: tuple[str, str]) -> Found | NotUnderstood:
        schedule, written = named
        rest = _without(words, index, 1)
        if not written:
            return Found(schedule, None, rest)
        layers = self.known.layers.get(schedule, ())
        layer = next((one for one in layers if one.casefold() == written), None)
        if layer is None:
            near = [f"{schedule}/{one}" for one in (*nearest(written, layers), *layers)]
            return NotUnderstood(f"{head} {schedule}", written, replaced(head, words, index, 1, near), "no such layer")
        return Found(schedule, layer, rest)

    def one_layer(self, head: str, found: Found) -> Found | NotUnderstood:
        """Of several layers one must be named."""
        layers = self.known.layers.get(found.schedule, ())
        if found.layer is not None or len(layers) < 2:
            return found
        rest = " ".join(found.rest)
        near = tuple(f"{head} {found.schedule}/{one} {rest}".strip() for one in layers)
        return NotUnderstood(f"{head} {found.schedule}", "", near, "which layer")


def spelled(entries: Sequence[Entry]) -> str:
    """An order as a command writes it: `@ana @ben+@cem nobody`."""
    return " ".join("+".join(f"@{one}" for one in entry) or "nobody" for entry in entries)


def replaced(head: str, words: Sequence[str], index: int, count: int, instead: Sequence[str]) -> tuple[str, ...]:
    """The command once for each of `instead`, which stands where those words stood."""
    return tuple(" ".join((head, *words[:index], one, *words[index + count :])) for one in instead)


def tail_of(schedule: str | None, reason: str) -> str:
    """What stands at the end of a command: ` in primary because concert`; "" for neither."""
    return (f" in {schedule}" if schedule else "") + (f" because {reason}" if reason else "")


def with_tail(commands: Sequence[str], behind: str) -> tuple[str, ...]:
    """Each of the commands with the same words behind it."""
    return tuple(f"{one}{behind}" for one in commands)


def stripped(words: list[str], fillers: tuple[str, ...]) -> list[str]:
    """Without leading words that say nothing."""
    while words and bare(words[0]) in fillers:
        words = words[1:]
    return words


def _why(people: Sequence[Person]) -> str:
    return "several people have this name" if people else "nobody of that name is a responder"


def _without(words: list[str], index: int, count: int) -> list[str]:
    """Without those words, and without the one that led to them (`to primary`)."""
    begins = index
    while begins and bare(words[begins - 1]) in _LEADS:
        begins -= 1
    return [*words[:begins], *words[index + count :]]
