"""Which orders about schedules, absences and office hours can a command give? As values.

It must not read anybody's text, nor know how a command is written: `command_list` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from oncallbot.oncall.edits import AddParticipant, ChangeRotation, CreateSchedule, RemoveParticipant, Start
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.week import Times, WeeklyWindow

# `responder` is an id; None is the asker. Instants are UTC, `[start, end)`.


@dataclass(frozen=True, slots=True)
class OpenRotation:
    """Show the form with everything about one rotation; None: ask which."""

    schedule: str | None = None
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class ShowRotation:
    """Say how a rotation is made: who, in which order, how long, from when."""

    schedule: str
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class EditRotation:
    """Preview this edit; it happens when it is confirmed."""

    edit: CreateSchedule | ChangeRotation | AddParticipant | RemoveParticipant
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderFairest:
    """Propose the fairest order from the hours that were worked."""

    schedule: str
    layer: str | None = None
    starts: Start = Start.AFTER_CURRENT_SHIFT


@dataclass(frozen=True, slots=True)
class CoverMe:
    """Ask the others to cover the asker. No `start` and `end`: the running shift, else the next one."""

    start: datetime | None = None
    end: datetime | None = None
    schedule: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeShift:
    """The asker is on call from now until `until`."""

    schedule: str
    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WholeStint:
    """A whole stint: the running one or not, None: whichever is meant. `on`: the one on that day, or at `(at, at)`."""

    is_running: bool | None = None
    on: Interval | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """All that somebody has in `[start, end)`. `is_days`: written as whole days, without a time."""

    start: datetime
    end: datetime
    is_days: bool = False


SwapSide = datetime | WholeStint | Stretch | None
"""One side of a swap: the shift that runs at that instant, a stint, a stretch; None: not said."""


@dataclass(frozen=True, slots=True)
class SwapShifts:
    """Propose a swap to `responder`: what the asker has for what they have.

    `schedule` None: wherever the shifts are.
    """

    responder: str
    mine: SwapSide = None
    theirs: SwapSide = None
    schedule: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShowAbsences:
    """Who is away, now and later."""


@dataclass(frozen=True, slots=True)
class BeAbsent:
    """Somebody is away; for others only managers may say so."""

    responder: str | None
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EndAbsence:
    """Somebody is back: their running absence ends, or their next one is taken away. `at`: the one at that instant."""

    responder: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MakeOverride:
    """Somebody is on call, whatever lies beneath."""

    schedule: str
    responder: str
    start: datetime
    end: datetime
    instead_of: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RemoveOverrides:
    """Take away the schedule's running or coming override: of this person, or at that instant, where given."""

    schedule: str
    responder: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShowHours:
    """Say the office hours; None: all of them."""

    office_hours: str | None = None


@dataclass(frozen=True, slots=True)
class SetHours:
    """The weekly opening times; none of them is never open."""

    office_hours: str
    opening: tuple[WeeklyWindow, ...]


@dataclass(frozen=True, slots=True)
class CloseOffice:
    """Closed from the day `first` to the day `last`, both included."""

    office_hours: str
    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenOffice:
    """Open at these times of one day, although it would be closed."""

    office_hours: str
    day: date
    times: tuple[Times, ...]


@dataclass(frozen=True, slots=True)
class UsualHours:
    """Neither closed nor opened from the day `first` to the day `last`, both included: as in every week."""

    office_hours: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SetHolidays:
    """Whose public holidays close the office: an ISO country and part of it; None is none."""

    office_hours: str
    country: str | None
    subdivision: str | None = None


@dataclass(frozen=True, slots=True)
class ShowFeed:
    """Give the asker the address of their calendar, or of a schedule's."""

    schedule: str | None = None


@dataclass(frozen=True, slots=True)
class RevokeFeed:
    """The address of the asker's calendar, or of a schedule's, is good no more."""

    schedule: str | None = None


OfRotation = OpenRotation | ShowRotation | EditRotation | OrderFairest
OfShifts = CoverMe | TakeShift | SwapShifts | MakeOverride | RemoveOverrides
OfAbsences = ShowAbsences | BeAbsent | EndAbsence
OfHours = ShowHours | SetHours | CloseOffice | OpenOffice | UsualHours | SetHolidays
OfFeeds = ShowFeed | RevokeFeed
ScheduleCommand = OfRotation | OfShifts | OfAbsences | OfHours | OfFeeds
