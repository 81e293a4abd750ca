"""Where does a month's shift stand in the picture? Bars on people's lanes, gaps, days and now, in percent of the month.

It must not ask who is on call, nor know a colour: it places what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import wrap

from oncallbot.engine.known_shifts import KnownShift
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.schedule import SourceKind
from oncallbot.oncall.wallclock import to_local, to_utc, zone
from oncallbot.wording.asked import source_text
from oncallbot.wording.boards import full_names
from oncallbot.wording.shift_times import day_time, length_text

FIRST_YEAR, LAST_YEAR = 2000, 2200
COLOURS = 8  # as many as the style sheet has; beyond that, people share them
_NARROWEST = 0.35  # percent: an hour must still be seen
_SATURDAY = 5
_LINE = 44  # characters
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta()
BEFORE_RECORD = "before there was a record; so the rules of today say"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year, on some wall."""

    year: int
    month: int

    @staticmethod
    def read(text: str) -> Month | None:
        """`2026-12`; None for anything else, and for years that nobody plans in."""
        year, _, month = text.partition("-")
        if not (len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()):
            return None
        found = Month(int(year), int(month))
        return found if 1 <= found.month <= 12 and FIRST_YEAR <= found.year <= LAST_YEAR else None

    @staticmethod
    def of(at: datetime, tz: str) -> Month:
        """The one that the wall shows."""
        local = to_local(at, zone(tz))
        return Month(local.year, local.month)

    def moved(self, by: int) -> Month:
        """So many months later."""
        year, month = divmod(self.year * 12 + self.month - 1 + by, 12)
        return Month(year, month + 1)

    def beside(self, by: int) -> Month | None:
        """So many months later; None where nobody plans any more."""
        found = self.moved(by)
        return found if FIRST_YEAR <= found.year <= LAST_YEAR else None

    def span(self, tz: str) -> Interval:
        """`[start, end)`, UTC."""
        after, wall = self.moved(1), zone(tz)
        return to_utc(datetime(self.year, self.month, 1), wall), to_utc(datetime(after.year, after.month, 1), wall)

    @property
    def name(self) -> str:
        return f"{_MONTHS[self.month - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, slots=True)
class Bar:
    """`x` and `width` in percent. `row` is its line in the table, `kind` and `state` how it is drawn."""

    x: float
    width: float
    row: int
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One person's bars; `colour` counts from 0. `total` is the time on call in this month."""

    name: str
    colour: int
    total: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One shift or gap in words."""

    who: str
    start: datetime
    end: datetime
    span: str
    why: str
    is_gap: bool = False

    @property
    def lines(self) -> list[str]:
        """Why, in lines as short as a phone is narrow; the table has what does not fit."""
        return wrap(self.why, _LINE, max_lines=2, placeholder=" …")


@dataclass(frozen=True, slots=True)
class Day:
    """A column: its number, and the first letters of its name."""

    x: float
    width: float
    number: int
    name: str
    is_weekend: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """One schedule's month. `now` is in percent, None in other months."""

    schedule: str
    lanes: tuple[Lane, ...]
    gaps: tuple[Bar, ...]
    rows: tuple[Row, ...]
    now: float | None


@dataclass(frozen=True, slots=True)
class Wall:
    """A month on one reader's wall, at `now`: what all its schedules have in common."""

    month: Month
    tz: str
    now: datetime

    def days(self) -> tuple[Day, ...]:
        start, end = self.month.span(self.tz)
        wall, day = zone(self.tz), datetime(self.month.year, self.month.month, 1)
        found = []
        while (at := to_utc(day, wall)) < end:
            x, width = self._place(max(at, start), min(to_utc(day + _ONE_DAY, wall), end))
            found.append(Day(x, width, day.day, _DAYS[day.weekday()], day.weekday() >= _SATURDAY))
            day += _ONE_DAY
        return tuple(found)

    def drawn(
        self, schedule: str, shifts: Sequence[KnownShift], gaps: Sequence[Interval], people: Iterable[str], rules: Rules
    ) -> Drawn:
        """`people` have a lane even without a shift. Shifts and gaps lie within the month."""
        whole = [(one.start, one.end, one) for one in shifts] + [(start, end, None) for start, end in gaps]
        whole.sort(key=lambda one: one[0])
        rows = tuple(self._row(start, end, shift, rules) for start, end, shift in whole)
        bars: dict[str, list[Bar]] = {one: [] for one in people}
        totals: dict[str, timedelta] = {}
        empty = []
        for number, (start, end, shift) in enumerate(whole):
            x, width = self._place(start, end)
            if shift is None:
                empty.append(Bar(x, width, number, "gap", "planned"))
                continue
            bar = Bar(x, width, number, _kind(shift), self._state(shift))
            for one in shift.responders:
                bars.setdefault(one, []).append(bar)
                totals[one] = totals.get(one, _NOTHING) + end - start
        colours = {one: place % COLOURS for place, one in enumerate(rules.responders)}
        lanes = tuple(
            Lane(full_names((one,), rules), colours.get(one, 0), _hours(totals.get(one, _NOTHING)), tuple(found))
            for one, found in bars.items()
        )
        start, end = self.month.span(self.tz)
        now = self._place(self.now, self.now)[0] if start <= self.now < end else None
        return Drawn(schedule, lanes, tuple(empty), rows, now)

    def _row(self, start: datetime, end: datetime, shift: KnownShift | None, rules: Rules) -> Row:
        words = f"{day_time(start, self.tz, self.now)} – {day_time(end, self.tz, self.now)}"
        if shift is None:
            return Row("Nobody", start, end, words, "somebody must be on call", is_gap=True)
        why = source_text(shift.source, rules, self.tz, self.now) if shift.source else shift.reason
        if self._state(shift) == "before":
            why = f"{why} ({BEFORE_RECORD})"
        return Row(full_names(shift.responders, rules), start, end, words, why)

    def _state(self, shift: KnownShift) -> str:
        if shift.end > self.now:
            return "planned"
        return "worked" if shift.is_recorded else "before"

    def _place(self, start: datetime, end: datetime) -> tuple[float, float]:
        first, last = self.month.span(self.tz)
        whole = last - first
        x, width = 100 * ((start - first) / whole), 100 * ((end - start) / whole)
        return round(min(x, 100 - _NARROWEST), 3), round(max(width, _NARROWEST), 3)


def _kind(shift: KnownShift) -> str:
    """The record keeps why only in words: there an override cannot be told from a turn."""
    return (shift.source.kind if shift.source else SourceKind.LAYER).value


def _hours(total: timedelta) -> str:
    hours, minutes = divmod(total // timedelta(minutes=1), 60)
    return length_text(timedelta(minutes=minutes)) if not hours and minutes else f"{hours + (minutes >= 30)} h"
