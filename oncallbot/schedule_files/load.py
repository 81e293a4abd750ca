"""What do the schedule files say? All files merged into checked objects, or every problem with its line and cure.

It must not apply anything, nor guess: what is not said and cannot be derived is a problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oncallbot.errors import ConfigurationError, Problem
from oncallbot.schedule_files import format as parts
from oncallbot.schedule_files.alike import CURE, alike
from oncallbot.schedule_files.build import build_rules
from oncallbot.schedule_files.objects import LIMITS_KEY, Body, Key, Kind, dotted, in_reading_order, text_of
from oncallbot.schedule_files.parts import read_part
from oncallbot.schedule_files.references import Finding, findings
from oncallbot.schedule_files.settle import Entry, settled
from oncallbot.schedule_files.source import Location, Source, read, read_text
from oncallbot.schedule_files.spelling import Misspelt, instead_of, name, tier_name
from oncallbot.schedule_files.times import timezone

_SECTIONS: Mapping[str, tuple[Kind, type[parts.Part]]] = {
    "responders": (Kind.RESPONDER, parts.ResponderPart),
    "office_hours": (Kind.OFFICE_HOURS, parts.OfficeHoursPart),
    "schedules": (Kind.SCHEDULE, parts.SchedulePart),
    "policies": (Kind.POLICY, parts.PolicyPart),
    "tiers": (Kind.TIER, parts.TierPart),
    "customers": (Kind.CUSTOMER, parts.CustomerPart),
    "hotlines": (Kind.HOTLINE, parts.HotlinePart),
}
_OTHER_KEYS = ("timezone", "absences", "limits")
_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files say, as canonical text by kind and id, in reading order; and the files they were read from.

    `places` has the objects that some file writes down itself (a tier may be built in).
    """

    objects: Mapping[Key, str]
    files: tuple[Path, ...]
    sources: tuple[Source, ...] = ()
    places: Mapping[Key, Place] = field(default_factory=dict)
    timezones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object is written: the file, as `Source.place` has it, and the way to its part."""

    file: str
    location: Location


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What some texts say, right or wrong: `doubtful` objects have a problem. Without any objects it is no YAML."""

    objects: Mapping[Key, str]
    doubtful: frozenset[Key]
    problems: tuple[Problem, ...]


def load_files(paths: Sequence[Path]) -> Loaded:
    """Reads files, and every *.yaml and *.yml of folders. ConfigurationError holds all problems, by file and line."""
    reading = _Reading()
    files = tuple(reading.found(paths))
    sources = tuple(read(path) for path in files)
    for source in sources:
        reading.file(source)
    objects = reading.objects()
    reading.names()
    if reading.problems:
        raise ConfigurationError(tuple(dict.fromkeys(sorted(reading.problems, key=_by_place))))
    build_rules(objects, 0)
    return Loaded(objects, files, sources, reading.places(), dict(reading.timezones))


def read_back(texts: Mapping[str, str]) -> ReadBack:
    """What files of these names would say if they had these texts."""
    reading = _Reading()
    sources = [read_text(name, text) for name, text in texts.items()]
    if problems := tuple(problem for source in sources for problem in source.problems):
        return ReadBack({}, frozenset(), problems)
    for source in sources:
        reading.file(source)
    objects = reading.objects()
    return ReadBack(objects, frozenset(reading.unusable), tuple(reading.problems))


def files_in(path: Path) -> list[Path]:
    """The schedule files of a folder, in the order of their names."""
    listed = (one for one in path.iterdir() if one.suffix in _ENDINGS)
    return sorted(one for one in listed if not one.name.startswith("."))


def _by_place(problem: Problem) -> tuple[str, int]:
    place, _, line = problem.place.rpartition(":")
    return (place, int(line)) if line.isdecimal() else (problem.place, 0)


@dataclass(slots=True)
class _Reading:
    """Gathers entries and problems, file by file."""

    problems: list[Problem] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    unusable: set[Key] = field(default_factory=set)
    timezones: dict[str, str] = field(default_factory=dict)

    def found(self, paths: Sequence[Path]) -> Iterator[Path]:
        """The files, each once; folders in the order of their names."""
        seen: set[Path] = set()
        for path in paths:
            inside = [path]
            if path.is_dir():
                inside = files_in(path)
                if not inside:
                    wrong = "this folder holds no *.yaml or *.yml file"
                    self.problems.append(Problem(path.as_posix(), wrong, "name the folder that holds the schedules"))
            for one in inside:
                if one.resolve() not in seen:
                    seen.add(one.resolve())
                    yield one

    def file(self, source: Source) -> None:
        self.problems.extend(source.problems)
        if source.values is None:
            return
        if not isinstance(source.values, dict):
            self._complain(source, (), "the file is not a mapping", "begin with responders: or schedules:")
            return
        for section, value in source.values.items():
            if section in _SECTIONS:
                self._section(source, section, value)
            elif section == "timezone":
                self._timezone(source, value)
            elif section == "absences":
                self._absences(source, value)
            elif section == "limits":
                self._entry(Entry(LIMITS_KEY[0], LIMITS_KEY[1], source, ("limits",)), parts.LimitsPart, value)
            else:
                cure = instead_of(section, (*_SECTIONS, *_OTHER_KEYS), "")
                self._complain(source, (section,), f"unknown key {section!r}", cure)

    def _section(self, source: Source, section: str, value: Any) -> None:
        kind, model = _SECTIONS[section]
        if value is not None and not isinstance(value, dict):
            self._complain(source, (section,), f"{section}: is not a mapping", "write name: and its fields beneath it")
            return
        for written, part in (value or {}).items():
            location: Location = (section, written)
            try:
                (tier_name if kind is Kind.TIER else name)(written)
            except Misspelt as error:
                self._complain(source, location, f"{section}.{written}: {error.wrong}", error.cure)
            self._entry(Entry(kind.value, written, source, location), model, part)

    def _absences(self, source: Source, value: Any) -> None:
        if value is not None and not isinstance(value, list):
            self._complain(source, ("absences",), "absences: is not a list", "write one - per absence")
            return
        for number, part in enumerate(value or []):
            self._entry(Entry(Kind.ABSENCE.value, "", source, ("absences", number)), parts.AbsencePart, part)

    def _timezone(self, source: Source, value: Any) -> None:
        try:
            self.timezones[source.place] = timezone(value if isinstance(value, str) else "")
        except Misspelt as error:
            self.timezones[source.place] = "UTC"  # so that only this line is reported
            self._complain(source, ("timezone",), f"timezone: {error.wrong}", error.cure)

    def _entry(self, entry: Entry, model: type[parts.Part], value: Any) -> None:
        body, faults = read_part(model, value)
        for fault in faults:
            location = (*entry.location, *fault.path)
            said = f"{dotted(location, entry.source.values)}{fault.wrong}"
            self._complain(entry.source, location, said, fault.cure)
        if body is None:
            self.unusable.add(entry.key)
            return
        overrides = body.pop("overrides", []) if entry.kind == Kind.SCHEDULE else []
        entry.body = body
        self.entries.append(entry)
        for number, override in enumerate(overrides):
            location = (*entry.location, "overrides", number)
            stored: Body = {**override, "schedule": entry.id}
            self.entries.append(Entry(Kind.OVERRIDE.value, "", entry.source, location, stored))

    def objects(self) -> Mapping[Key, str]:
        """The merged objects; what does not fit together is added to the problems."""
        found = settled(self.entries, self.timezones, self.unusable)
        by_key: dict[Key, Entry] = {}
        for entry in self.entries:
            first = by_key.setdefault(entry.key, entry)
            if first is not entry:
                wrong = f"{entry.label} is already defined in {first.source.at(first.location)}"
                self._complain(entry.source, entry.location, wrong, "keep one of them")
        bodies = {key: entry.body for key, entry in by_key.items()}
        for finding in (*found, *findings(bodies, self.unusable)):
            self._report(by_key[finding.key], finding)
        return {key: text_of(bodies[key]) for key in sorted(bodies, key=in_reading_order)}

    def names(self) -> None:
        """Adds to the problems what commands could not tell apart."""
        for said, wrong in alike(self.entries):
            self._complain(said.entry.source, said.location, wrong, CURE)

    def places(self) -> Mapping[Key, Place]:
        """Where each object is written."""
        written = (one for one in self.entries if one.source.is_written(one.location))
        return {entry.key: Place(entry.source.place, entry.location) for entry in written}

    def _report(self, entry: Entry, finding: Finding) -> None:
        self.unusable.add(entry.key)
        said = f"{entry.label}: {dotted(finding.path, entry.body)}{finding.wrong}"
        self._complain(entry.source, (*entry.location, *finding.path), said, finding.cure)

    def _complain(self, source: Source, location: Location, wrong: str, cure: str) -> None:
        self.problems.append(Problem(source.at(location), wrong, cure))
