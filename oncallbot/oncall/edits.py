"""What can be changed in who is on call? Orders as values: a rotation's change, overrides, absences.

It must not carry them out (`editing` does), nor know who may give them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.windows import Windows

Entry = tuple[str, ...]
"""One turn's participants: one id, several on call together, or nobody (empty)."""


class Start(StrEnum):
    """When a rotation's new version begins."""

    IMMEDIATELY = "immediately"
    AFTER_CURRENT_SHIFT = "after_current_shift"
    AFTER_FULL_ROTATION = "after_full_rotation"


@dataclass(frozen=True, slots=True)
class Handoff:
    """When on the wall shifts change: a time, and a weekday (0 is Monday) or a day of the month where that matters."""

    at: time
    weekday: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise ValueError("a weekday is a number from 0, Monday, to 6, Sunday")
        if self.day is not None and not 1 <= self.day <= 31:
            raise ValueError("a day of the month is a number from 1 to 31")
        if self.weekday is not None and self.day is not None:
            raise ValueError("a handoff is on a weekday or on a day of the month: give one of them")


@dataclass(frozen=True, slots=True)
class SetWindows:
    """Limit the layer to these windows; None is always."""

    windows: Windows | None


@dataclass(frozen=True, slots=True)
class CreateSchedule:
    """A schedule that was not there, of one layer; the first participant has it since the last handoff before the edit.

    It must be covered within its windows.
    """

    schedule: str
    timezone: str
    layer: str
    participants: tuple[Entry, ...]
    every: int
    unit: Unit
    handoff: Handoff
    windows: Windows | None = None


@dataclass(frozen=True, slots=True)
class ChangeRotation:
    """A new version of a layer (None: of the only one). What is None stays as it is.

    The order goes on with the old order's next person; without `keeps_next` with the first of `participants`.
    """

    schedule: str
    layer: str | None = None
    participants: tuple[Entry, ...] | None = None
    every: tuple[int, Unit] | None = None
    handoff: Handoff | None = None
    windows: SetWindows | None = None
    starts: Start = Start.AFTER_CURRENT_SHIFT
    keeps_next: bool = True


@dataclass(frozen=True, slots=True)
class AddParticipant:
    """Put this entry at the end of a layer's order."""

    schedule: str
    entry: Entry
    layer: str | None = None
    starts: Start = Start.AFTER_CURRENT_SHIFT


@dataclass(frozen=True, slots=True)
class RemoveParticipant:
    """Take this person out of a layer's order, wherever they stand; the rest of a group stays."""

    schedule: str
    responder: str
    layer: str | None = None
    starts: Start = Start.AFTER_CURRENT_SHIFT


@dataclass(frozen=True, slots=True)
class AddOverride:
    """Somebody is on call instead, whatever lies beneath."""

    schedule: str
    override: Override


@dataclass(frozen=True, slots=True)
class RemoveOverride:
    """Take a future override away, or end a running one now: what lies beneath counts again."""

    schedule: str
    override: Override


@dataclass(frozen=True, slots=True)
class AddAbsence:
    """Somebody is away; the next present participants cover."""

    absence: Absence


@dataclass(frozen=True, slots=True)
class RemoveAbsence:
    """Somebody is not away after all; one that has begun ends now."""

    absence: Absence


RotationEdit = ChangeRotation | AddParticipant | RemoveParticipant
Edit = CreateSchedule | RotationEdit | AddOverride | RemoveOverride | AddAbsence | RemoveAbsence
