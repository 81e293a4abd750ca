"""Which issue, person, schedule or customer does a word of a command name?

It must not take the nearest for the named: `nearest` only proposes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.hours import OfficeHours
from oncallbot.wording.text import clean

LONGEST = 3_000
_LONGEST_WORD = 60  # longer ones are nobody's name
_MARKS = " \t.,;:!?\"'“”„‘’"
_REFERENCE = re.compile(r"(?P<named>ah-?|#)?#?(?P<number>\d{1,9})", re.ASCII)
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|([^>]*))?>")
# Only what can be an address: "<b>" or "<10 s" stands in what a person typed, and stays.
_LINK = re.compile(r"<(?:(?:mailto:|tel:)([^<>|]+)|([a-z][a-z0-9+.-]*://[^<>|]*))(?:\|[^<>]*)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """A responder as a command may name them."""

    id: str
    name: str

    @property
    def first_name(self) -> str:
        return (self.name.split() or [self.id])[0]


def _none() -> Mapping[str, str]:
    return MappingProxyType({})


def _no_layers() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({})


def _no_hours() -> Mapping[str, OfficeHours]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Known:
    """What a command can name, by id. `slack_users` maps Slack user ids to responder ids, `layers` schedules to theirs.

    `asker` is the responder who writes (`me`), None when they are none.
    """

    people: tuple[Person, ...] = ()
    slack_users: Mapping[str, str] = field(default_factory=_none)
    schedules: tuple[str, ...] = ()
    customers: Mapping[str, str] = field(default_factory=_none)
    hotlines: Mapping[str, str] = field(default_factory=_none)
    open_issues: tuple[int, ...] = ()
    layers: Mapping[str, tuple[str, ...]] = field(default_factory=_no_layers)
    office_hours: Mapping[str, OfficeHours] = field(default_factory=_no_hours)
    asker: str | None = None

    def person(self, text: str) -> tuple[Person, ...]:
        """Who is named: by mention, id, whole name or first name; several when they share it, none when nobody."""
        mention = _MENTION.fullmatch(text.strip())
        if mention is not None:
            return self._with_ids({self.slack_users.get(mention[1])})
        word = bare(text).removeprefix("@").strip()
        by_slack = {responder for user, responder in self.slack_users.items() if user.casefold() == word}
        for found in (
            self._with_ids({self.asker}) if self.asker and word in ("me", "myself") else (),
            tuple(one for one in self.people if one.id.casefold() == word),
            tuple(one for one in self.people if " ".join(one.name.split()).casefold() == word),
            tuple(one for one in self.people if one.first_name.casefold() == word),
            self._with_ids(by_slack),
        ):
            if found:
                return found
        return ()

    def schedule(self, word: str) -> str | None:
        """The schedule of that id, whatever its case."""
        return next((one for one in self.schedules if one.casefold() == bare(word)), None)

    def hours(self, word: str) -> str | None:
        """The office hours of that id, whatever its case."""
        return next((one for one in self.office_hours if one.casefold() == bare(word)), None)

    def customer(self, text: str) -> str | None:
        """The one customer of that id or name, or whose name begins with these words."""
        return _named(text, self.customers)

    def hotline(self, text: str) -> str | None:
        """The one hotline of that id or name, or whose name begins with these words."""
        return _named(text, self.hotlines)

    def people_near(self, text: str) -> list[str]:
        """Ids of those whom this was probably meant to name, nearest first."""
        ids = {spelling: one.id for one in self.people for spelling in (one.id, one.name, one.first_name)}
        return list(dict.fromkeys(ids[spelling] for spelling in nearest(bare(text).removeprefix("@"), ids)))

    def _with_ids(self, ids: Iterable[str | None]) -> tuple[Person, ...]:
        wanted = set(ids)
        return tuple(one for one in self.people if one.id in wanted)


def known_from(
    rules: Rules, slack_users: Mapping[str, str], open_issues: Iterable[int], asker: str | None = None
) -> Known:
    """What can be named under these rules. `slack_users` is our own table: Slack user id → responder id."""
    return Known(
        people=tuple(Person(one.id, one.name) for one in rules.responders.values()),
        slack_users=slack_users,
        schedules=tuple(rules.schedules),
        customers={one.id: one.name for one in rules.customers.values()},
        hotlines={one.id: one.name for one in rules.hotlines.values()},
        open_issues=tuple(open_issues),
        layers={one.id: tuple(layer.name for layer in one.layers) for one in rules.schedules.values()},
        office_hours=rules.office_hours,
        asker=asker,
    )


@dataclass(frozen=True, slots=True)
class Reference:
    """An issue's number as written; `is_named` when it could be nothing else (`AH-1042`, `#1042`)."""

    number: int
    is_named: bool


def reference(word: str) -> Reference | None:
    """The issue that a word names: `1042`, `AH-1042`, `ah1042`, `#1042`."""
    found = _REFERENCE.fullmatch(re.sub("[‐-―−]", "-", bare(word)))
    if found is None or not int(found["number"]):
        return None
    return Reference(int(found["number"]), found["named"] is not None)


def tokens(text: str) -> list[str]:
    """The words of a command. `AH 1042` is one word, and so is a mention whose label has blanks."""
    line = _MENTION.sub(r"<@\1>", clean(text, LONGEST))
    line = re.sub(r"^/oncall\b", "", line, flags=re.IGNORECASE)
    line = re.sub(r"\bah (?=\d)", "AH-", line, flags=re.IGNORECASE | re.ASCII)
    return line.split()


def bare(word: str) -> str:
    """Without case and without marks around it."""
    return word.casefold().replace("’", "'").strip(_MARKS)


def phrase(words: Iterable[str]) -> str:
    """Words as one bare phrase."""
    return " ".join(bare(word) for word in words)


def readable(words: Iterable[str], known: Known) -> str:
    """A person's words as others read them: mentions as names, links as addresses, no quotes around it all."""
    text = " ".join(words)
    text = _MENTION.sub(lambda found: _mentioned(found[1], known), text)
    text = _CHANNEL.sub(lambda found: f"#{found[2] or found[1]}", text)
    text = _LINK.sub(r"\1\2", text).strip()
    if len(text) > 1 and text[0] in "\"'“„‘" and text[-1] in "\"'”“’":
        text = text[1:-1].strip()
    return text


def nearest(word: str, known: Iterable[str], most: int = 3, cutoff: float = 0.6) -> list[str]:
    """The known words that this one was probably meant to be, nearest first."""
    if len(word) > _LONGEST_WORD:
        return []
    by_folded = {one.casefold(): one for one in known}
    return [by_folded[one] for one in get_close_matches(word.casefold(), by_folded, n=most, cutoff=cutoff)]


def _named(text: str, names: Mapping[str, str]) -> str | None:
    word = " ".join(bare(text).split())
    if not word:
        return None
    folded = {one: " ".join(name.split()).casefold() for one, name in names.items()}
    for found in (
        [one for one in names if one.casefold() == word],
        [one for one, name in folded.items() if name == word],
        [one for one, name in folded.items() if name.startswith(f"{word} ")],
    ):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _mentioned(user: str, known: Known) -> str:
    responder = known.slack_users.get(user)
    return next((f"@{one.first_name}" for one in known.people if one.id == responder), f"@{user}")
