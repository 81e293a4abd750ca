"""Which texts would the files need so that they say what runs? Those that they have, with only what differs anew.

Comments, order, quotes and blank lines stay. It must not hand out a text that does not read back as what runs.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Set
from typing import Any

from oncallbot.errors import ConfigurationError, Problem
from oncallbot.schedule_files.editor import Editor
from oncallbot.schedule_files.export import written_fields, written_part
from oncallbot.schedule_files.load import Loaded, Place, ReadBack, read_back
from oncallbot.schedule_files.objects import SECTIONS, Body, Key, Kind, in_reading_order, label
from oncallbot.schedule_files.overlaps import differing
from oncallbot.schedule_files.parts import RESOLVED
from oncallbot.schedule_files.settle import default_zone
from oncallbot.schedule_files.source import Location

_CURE = "write it out there, without anchors (&, *, <<), and export again"


def rewritten(loaded: Loaded, running: Mapping[Key, str]) -> Mapping[str, str]:
    """A text for each of the files, by name. ConfigurationError names what no edit of them can say.

    First only fields that differ are written. An object that then reads back otherwise says its defaults, too, and if
    that does not help, all of it anew.
    """
    changed = differing(loaded.objects, running)
    says_all: set[Key] = set()
    anew: set[Key] = set()
    for _ in range(3):
        texts = _Rewriting(loaded, running, says_all, anew).texts()
        back = read_back(texts)
        wrong = differing(back.objects, running) | back.doubtful
        if not wrong and not back.problems:
            return texts
        if not back.objects:
            break
        anew |= {_written_with(key, running) for key in wrong & says_all & changed}
        says_all |= wrong
    raise ConfigurationError(_refusals(loaded, wrong, back))


def _refusals(loaded: Loaded, wrong: Set[Key], back: ReadBack) -> tuple[Problem, ...]:
    if not back.objects:
        return tuple(Problem(one.place, f"export would break this file: {one.wrong}", _CURE) for one in back.problems)
    at = {source.place: source for source in loaded.sources}
    problems = []
    for key in sorted(wrong, key=in_reading_order):
        place = loaded.places.get(key)
        said = at[place.file].at(place.location) if place else loaded.sources[0].place
        problems.append(Problem(said, f"{label(key)} cannot be written as it runs", _CURE))
    return tuple(problems)


def _written_with(key: Key, running: Mapping[Key, str]) -> Key:
    """An override is written anew with its whole schedule."""
    if key[0] == Kind.OVERRIDE and key in running:
        return _schedule_of(json.loads(running[key]))
    return key


class _Rewriting:
    """One try: `says_all` objects write their defaults down, `anew` ones are written from scratch."""

    def __init__(self, loaded: Loaded, running: Mapping[Key, str], says_all: Set[Key], anew: Set[Key]) -> None:
        self._loaded = loaded
        self._before = {key: json.loads(text) for key, text in loaded.objects.items()}
        self._after: dict[Key, Body] = {key: json.loads(text) for key, text in running.items()}
        self._says_all = says_all
        self._anew = anew
        self._editors = {source.place: Editor(source.text) for source in loaded.sources}
        self._gone: dict[tuple[str, Location], set[str | int]] = {}
        self._added: dict[tuple[str, Location], list[tuple[str | None, Any]]] = {}

    def texts(self) -> Mapping[str, str]:
        for key, place in self._loaded.places.items():
            if not self._is_written_with_its_schedule(key):
                self._edit(key, place)
        for key in sorted(self._after.keys() - self._loaded.places.keys(), key=self._oldest_first):
            if not self._is_written_with_its_schedule(key):
                self._add(key)
        for file, location in {**self._gone, **self._added}:
            gone, added = self._gone.get((file, location), set()), self._added.get((file, location), [])
            self._editors[file].members(location, gone, added)
        return {file: editor.text() for file, editor in self._editors.items()}

    def _edit(self, key: Key, place: Place) -> None:
        editor = self._editors[place.file]
        if key not in self._after:
            self._gone.setdefault((place.file, place.location[:-1]), set()).add(place.location[-1])
        elif key in self._anew:
            editor.replace(place.location, self._part(key, place.file))
        else:
            timezone = default_zone(place.file, self._loaded.timezones)
            before = written_fields(key, self._before[key], timezone)
            after = written_fields(key, self._after[key], timezone)
            for field in RESOLVED.get(key[0], ()) if key in self._says_all else ():
                if not editor.has_field(place.location, field):
                    before.pop(field, None)
            editor.change(place.location, before, after)

    def _add(self, key: Key) -> None:
        """New objects go to the end of where the objects of their kind are."""
        kind, name = Kind(key[0]), key[1]
        file = self._home(key)
        location: Location = (SECTIONS[kind],) if kind in SECTIONS else ()
        word: str | None = name
        match kind:
            case Kind.OVERRIDE:
                location, word = (*self._loaded.places[_schedule_of(self._after[key])].location, "overrides"), None
            case Kind.ABSENCE:
                word = None
            case Kind.LIMITS:
                location, word = (), SECTIONS[kind]
            case _:
                pass
        self._added.setdefault((file, location), []).append((word, self._part(key, file)))

    def _home(self, key: Key) -> str:
        """The file that has most of that kind, else the one that has its heading, else the one that has most."""
        places = self._loaded.places
        if key[0] == Kind.OVERRIDE:
            return places[_schedule_of(self._after[key])].file
        of_kind = Counter(place.file for (kind, _), place in places.items() if kind == key[0])
        headed = (file for file, editor in self._editors.items() if editor.is_written((SECTIONS[Kind(key[0])],)))
        of_all = Counter(place.file for place in places.values())
        first = next(iter(self._editors))
        return next((file for file, _ in of_kind.most_common(1)), None) or next(
            headed, next((file for file, _ in of_all.most_common(1)), first)
        )

    def _is_written_with_its_schedule(self, key: Key) -> bool:
        """Whether this is an override of a schedule that comes, goes or is written anew as a whole."""
        if key[0] != Kind.OVERRIDE:
            return False
        schedule = _schedule_of(self._after.get(key) or self._before[key])
        is_there = schedule in self._after and schedule in self._loaded.places
        return not is_there or schedule in self._anew

    def _part(self, key: Key, file: str) -> Body:
        return written_part(key, self._after, default_zone(file, self._loaded.timezones))

    def _oldest_first(self, key: Key) -> tuple[int, int, str, str]:
        body = self._after[key]
        return in_reading_order(key)[0], body.get("order", 0), body.get("from", ""), key[1]


def _schedule_of(override: Body) -> Key:
    return Kind.SCHEDULE.value, override["schedule"]
