"""What does the form about one rotation show, and what does a filled-in one order? The same words as typed commands.

It must not ask Slack or the database anything, nor judge an order: `engine.proposals` does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, assert_never

from oncallbot.chat.blocks import Block, Choice, Context, Divider, Input, Option, Section, TextInput, modal
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.edits import ChangeRotation, CreateSchedule, Handoff, SetWindows, Start
from oncallbot.oncall.layers import Layer
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.wording.command_forms import NotUnderstood
from oncallbot.wording.command_parts import LONGEST_REASON, Parts, spelled
from oncallbot.wording.edit_words import STARTS, windows_text
from oncallbot.wording.rotation_commands import windows_meant
from oncallbot.wording.rotation_create import LAYER, is_schedule_name, time_zone_meant
from oncallbot.wording.rotation_words import Unread, read_every, read_handoff
from oncallbot.wording.text import clean

CALLBACK = "rotation"
PREFIX = "rotation_"  # of every action in the form
NEW = "A new schedule"
HINT = "Change something, and what it would do is shown here."
_GONE = "The rotation of this form is not there any more: choose another one. Nothing has changed."

_WHICH, _NAME, _ZONE, _PEOPLE = "which", "name", "zone", "people"
_EVERY, _HANDOFF, _WINDOWS = "every", "handoff", "windows"
_STARTS, _REASON = "starts", "reason"
_LONGEST_VALUE = 75
_MOST_ROTATIONS = 99
_USUAL = {_EVERY: "1 week", _HANDOFF: "Mon 09:00", _WINDOWS: "always"}

Read = TypeVar("Read")
Errors = Mapping[str, str]
"""What is wrong, by the block that asked."""


@dataclass(frozen=True, slots=True)
class Rota:
    """The rotation that the form is about; `schedule` "" is a new one."""

    schedule: str = ""
    layer: str = ""

    @property
    def is_new(self) -> bool:
        return not self.schedule

    @property
    def name(self) -> str:
        return f"{self.schedule}/{self.layer}" if self.schedule else NEW


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as somebody has filled it in. `before` are the texts it was opened with: what is equal is no change.

    `is_another`: the rotation was chosen just now, or the one that was filled in is gone; `lead` says so.
    """

    rota: Rota
    before: Mapping[str, str]
    said: Mapping[str, str]
    starts: Start = Start.AFTER_CURRENT_SHIFT
    reason: str = ""
    lead: str = HINT
    is_another: bool = False

    def block(self, field: str) -> str:
        """The block that asks this; another rotation has other ones, so that nothing written is kept."""
        return f"{field}:{self.rota.name}"[:255]

    def differs(self, field: str) -> bool:
        """Says it another thing than the form was opened with?"""
        return self.said.get(field, "").split() != self.before.get(field, "").split()

    def blamed(self, rules: Rules) -> str:
        """The block beneath which a refusal of the whole order stands: what it is most likely about."""
        if self.rota.is_new:
            taken = {one.casefold() for one in rules.schedules}
            return self.block(_NAME if self.said.get(_NAME, "").strip().casefold() in taken else _HANDOFF)
        changed = (one for one in (_HANDOFF, _EVERY, _WINDOWS) if self.differs(one))
        return self.block(next(changed, _PEOPLE))


def opened(rota: Rota, rules: Rules, tz: str) -> Draft:
    """The form as it opens: the rotation's newest version, or what a new one usually is, in the zone `tz`."""
    layer = layer_of(rota, rules)
    before = _texts(layer) if layer is not None else {**_USUAL, _PEOPLE: "", _NAME: "", _ZONE: tz}
    return Draft(rota, before, before)


def rotas(rules: Rules) -> tuple[Rota, ...]:
    """Every rotation there is."""
    return tuple(Rota(plan.id, layer.name) for plan in rules.schedules.values() for layer in plan.layers)


def layer_of(rota: Rota, rules: Rules) -> Layer | None:
    """The layer; None for a new one, or one that is gone."""
    plan = rules.schedules.get(rota.schedule)
    return next((one for one in plan.layers if one.name == rota.layer), None) if plan is not None else None


def came_back(view: Mapping[str, Any], rules: Rules, tz: str) -> Draft:
    """The form as Slack brings it back; a rotation that was just chosen instead of another one is opened."""
    state = (view.get("state") or {}).get("values") or {}
    answers = {action: given for block in state.values() for action, given in block.items()}
    chosen = _selected(answers.get(PREFIX + _WHICH))
    rota = next((one for one in (*rotas(rules), Rota()) if _value(one.name) == chosen), None)
    if rota is None:
        return replace(opened(Rota(), rules, tz), lead=_GONE, is_another=True)
    blocks = {one.get("block_id"): one.get("element") or {} for one in view.get("blocks") or ()}
    draft = Draft(rota, {}, {})
    before = {
        field: str(blocks[draft.block(field)].get("initial_value") or "")
        for field in (_NAME, _ZONE, _PEOPLE, _EVERY, _HANDOFF, _WINDOWS)
        if draft.block(field) in blocks
    }
    if not before:
        return replace(opened(rota, rules, tz), is_another=True)
    said = {field: str((answers.get(PREFIX + field) or {}).get("value") or "") for field in before}
    starts = _selected(answers.get(PREFIX + _STARTS))
    reason = clean(str((answers.get(PREFIX + _REASON) or {}).get("value") or ""), LONGEST_REASON)
    known = Start(starts) if starts in set(Start) else Start.AFTER_CURRENT_SHIFT
    return replace(draft, before=before, said=said, starts=known, reason=reason)


def ordered(draft: Draft, parts: Parts) -> CreateSchedule | ChangeRotation | Errors | None:
    """The edit; None where nothing was changed, else what is wrong with which answer."""
    read = _Reading(draft, parts)
    edit = read.created() if draft.rota.is_new else read.changed()
    return read.errors or edit


def view(draft: Draft, rules: Rules, shown: Sequence[Block], fingerprint: str) -> dict[str, Any]:
    """The form with its preview. `fingerprint` says later which preview its reader has seen."""
    metadata = json.dumps({"shown": fingerprint})
    return modal(CALLBACK, "Rotation", (*_questions(draft, rules), Divider(), *shown), "Apply", metadata)


def fingerprint_of(view: Mapping[str, Any]) -> str:
    """Of the preview that this form showed; "" for none."""
    try:
        return str(json.loads(str(view.get("private_metadata") or "{}"))["shown"])
    except (ValueError, KeyError, TypeError):
        return ""


def done(words: str) -> dict[str, Any]:
    """What comes in the place of the form once it is applied."""
    return modal(f"{CALLBACK}_done", "Rotation", (Section(words),), close="Close")


def _questions(draft: Draft, rules: Rules) -> Iterable[Block]:
    yield Input(_WHICH, "Rotation", _which(draft.rota, rules), dispatches=True)
    if draft.rota.is_new:
        hint = "Letters, digits and hyphens"
        yield _text(draft, _NAME, "Name", hint)
        yield _text(draft, _ZONE, "Time zone", "Europe/Berlin, America/New_York, UTC")
    hint = "In order. @a+@b are on call together, nobody is an empty turn"
    yield _text(draft, _PEOPLE, "Who takes turns", hint, is_long=True)
    yield _text(draft, _EVERY, "How long a shift is", "1 week, 12 hours, 1 month")
    plan = rules.schedules.get(draft.rota.schedule)
    wall = f"On the wall in {plan.timezone}" if plan is not None else "On the wall of that time zone"
    yield _text(draft, _HANDOFF, "Handoff", f"Mon 09:00, 09:00, 1st 09:00. {wall}")
    outside = "".join(f", outside {one}" for one in list(rules.office_hours)[:3])
    yield _text(draft, _WINDOWS, "When it counts", f"always, mon-fri 18:00-09:00, sat-sun{outside}")
    if not draft.rota.is_new:
        options = tuple(Option(words.capitalize(), start.value) for start, words in STARTS.items())
        starts = Choice(PREFIX + _STARTS, options, draft.starts.value)
        yield Input(draft.block(_STARTS), "When it starts", starts, dispatches=True)
    reason = TextInput(PREFIX + _REASON, longest=LONGEST_REASON)
    yield Input(draft.block(_REASON), "Reason", reason, optional=True, hint="Kept with the change")
    yield Context(("Everything can be typed, too: /oncall help rotation",))


def _which(rota: Rota, rules: Rules) -> Choice:
    every = [one for one in rotas(rules) if one != rota][: _MOST_ROTATIONS - 1]
    listed = every if rota.is_new else [rota, *every]
    listed.sort(key=lambda one: one.name)
    options = tuple(Option(one.name, _value(one.name)) for one in (*listed, Rota()))
    return Choice(PREFIX + _WHICH, options, _value(rota.name))


def _text(draft: Draft, field: str, label: str, hint: str, *, is_long: bool = False) -> Input:
    element = TextInput(PREFIX + field, draft.before.get(field, ""), multiline=is_long)
    return Input(draft.block(field), label, element, hint=hint, dispatches=True)


def _texts(layer: Layer) -> dict[str, str]:
    rotation = layer.rotation
    return {
        _PEOPLE: spelled(rotation.participants),
        _EVERY: f"{rotation.every} {rotation.unit.value if rotation.every > 1 else rotation.unit.value[:-1]}",
        _HANDOFF: _handoff(rotation),
        _WINDOWS: windows_text(layer.windows),
    }


def _handoff(rotation: Rotation) -> str:
    first = rotation.first_handoff
    match rotation.unit:
        case Unit.WEEKS:
            return f"{first:%a %H:%M}"
        case Unit.MONTHS:
            return f"day {first.day} {first:%H:%M}"
        case Unit.DAYS | Unit.HOURS:
            return f"{first:%H:%M}"
        case _:
            assert_never(rotation.unit)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads each answer as the typed command does, and gathers what is wrong."""

    draft: Draft
    parts: Parts
    errors: dict[str, str]

    def __init__(self, draft: Draft, parts: Parts) -> None:
        object.__setattr__(self, "draft", draft)
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "errors", {})

    def changed(self) -> ChangeRotation | None:
        rota = self.draft.rota
        edit = ChangeRotation(
            rota.schedule,
            rota.layer,
            participants=self._people() if self.draft.differs(_PEOPLE) else None,
            every=self._every() if self.draft.differs(_EVERY) else None,
            handoff=self._handoff() if self.draft.differs(_HANDOFF) else None,
            windows=self._windows() if self.draft.differs(_WINDOWS) else None,
            starts=self.draft.starts,
        )
        nothing = ChangeRotation(rota.schedule, rota.layer, starts=self.draft.starts)
        return None if edit == nothing else edit

    def created(self) -> CreateSchedule | None:
        if not self._said(_NAME) and not self._said(_PEOPLE):
            return None
        name = self._said(_NAME)
        if not is_schedule_name(name):
            self._wrong(_NAME, "a name has letters, digits and hyphens", ("weekend",))
        zone = self._or_wrong(_ZONE, time_zone_meant(self.parts, self._said(_ZONE).split()))
        people, every, handoff, windows = self._people(), self._every(), self._handoff(), self._windows()
        if zone is None or people is None or every is None or handoff is None or windows is None or self.errors:
            return None
        return CreateSchedule(name, zone, LAYER, people, *every, handoff, windows.windows)

    def _people(self) -> tuple[tuple[str, ...], ...] | None:
        found = self.parts.entries("", self._said(_PEOPLE).split())
        if isinstance(found, NotUnderstood):
            self._wrong(_PEOPLE, f"{found.not_understood}: {found.reason or 'nobody has this name'}", found.nearest)
            return None
        if not any(found):
            self._wrong(_PEOPLE, "write who takes turns", ())
            return None
        return found

    def _every(self) -> tuple[int, Unit] | None:
        return self._or_wrong(_EVERY, read_every(self._said(_EVERY)))

    def _handoff(self) -> Handoff | None:
        return self._or_wrong(_HANDOFF, read_handoff(self._said(_HANDOFF)))

    def _windows(self) -> SetWindows | None:
        found = windows_meant(self.parts, self._said(_WINDOWS).split())
        if isinstance(found, Unread):
            return self._or_wrong(_WINDOWS, found)
        return SetWindows(found)

    def _or_wrong(self, field: str, found: Read | Unread) -> Read | None:
        if isinstance(found, Unread):
            self._wrong(field, found.reason, found.choices)
            return None
        return found

    def _wrong(self, field: str, reason: str, choices: Sequence[str]) -> None:
        instead = f" Write {' or '.join(one.strip() for one in choices[:2])}" if choices else ""
        end = "" if reason.endswith("?") else "."
        self.errors[self.draft.block(field)] = clean(f"{reason[:1].upper()}{reason[1:]}{end}{instead}", 200)

    def _said(self, field: str) -> str:
        return self.draft.said.get(field, "").strip()


def _selected(answer: Mapping[str, Any] | None) -> str:
    return str(((answer or {}).get("selected_option") or {}).get("value") or "")


def _value(name: str) -> str:
    return name if len(name) <= _LONGEST_VALUE else hashlib.sha256(name.encode()).hexdigest()
