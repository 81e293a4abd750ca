"""How do shifts look in a terminal? One row of bars for each person, as wide as the window.

It must not print, nor ask who is on call: it draws what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncallbot.engine.known_shifts import KnownShift
from oncallbot.oncall.intervals import Interval, clipped
from oncallbot.oncall.schedule import SourceKind
from oncallbot.oncall.wallclock import to_local, to_utc, zone

Piece = tuple[str, str]
"""Text, and its style in rich's words; "" is plain."""

_STYLES = ("blue", "yellow", "green", "magenta", "cyan", "bright_blue", "bright_yellow", "bright_green")
_MOST_CELLS = 4  # of a day: then a cell is six hours
_NARROWEST = 10  # columns for bars, however narrow the window is
_LONGEST_NAME = 20
_LONGEST_DATE = 6  # 30 Nov
_ONE_DAY, _NOTHING = timedelta(days=1), timedelta()
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Signs:
    """What a cell is drawn with."""

    on_call: str
    partly: str
    override: str
    covers: str
    nobody: str
    empty: str

    def legend(self, width: int) -> list[str]:
        """What each sign means, in lines of at most `width` columns; a meaning is not broken in two."""
        meanings = (
            f"{self.on_call} on call",
            f"{self.partly} less than half of it",
            f"{self.override} override",
            f"{self.covers} covers for somebody absent",
            f"{self.nobody} nobody, but somebody must be",
        )
        lines = [meanings[0]]
        for one in meanings[1:]:
            longer = f"{lines[-1]}  {one}"
            lines = [*lines[:-1], longer] if len(longer) <= width else [*lines, one]
        return lines


UNICODE = Signs("█", "▄", "▓", "▒", "×", "·")
ASCII = Signs("#", "-", "%", "+", "x", ".")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A span of time on a schedule's wall, drawn within `width` columns."""

    start: datetime
    end: datetime
    timezone: str
    width: int
    signs: Signs = UNICODE

    def lines(
        self, shifts: Sequence[KnownShift], gaps: Sequence[Interval], names: dict[str, str]
    ) -> Iterable[Sequence[Piece]]:
        """A head with dates, then a row for each of `names` (by id) and, where there are gaps, one for nobody."""
        labels = [one[:_LONGEST_NAME] for one in (*names.values(), "nobody")]
        label_width = max(_cells_of(one) for one in labels) + 2
        cells = self._cells(max(self.width - label_width, _NARROWEST))
        yield (" " * label_width, ""), (self._head(cells), "dim")
        if gaps:
            yield self._label("nobody", label_width, "bold red"), *self._gap_pieces(cells, gaps)
        for place, (responder, name) in enumerate(names.items()):
            mine = [one for one in shifts if responder in one.responders]
            style = _STYLES[place % len(_STYLES)]
            yield self._label(name[:_LONGEST_NAME], label_width, "bold"), *self._bar_pieces(cells, mine, style)

    def _cells(self, room: int) -> list[Interval]:
        """As many as fit, cut at local midnights: some for each day, or one for some days."""
        tz = zone(self.timezone)
        day = to_local(self.start, tz).replace(hour=0, minute=0, second=0, microsecond=0)
        days = 0
        while to_utc(day + days * _ONE_DAY, tz) < self.end:
            days += 1
        parts = min(_MOST_CELLS, room // days)
        step = _ONE_DAY / parts if parts else _ONE_DAY * -(-days // room)
        found, at = [], day
        while (begins := to_utc(at, tz)) < self.end:
            at += step
            found.append((begins, to_utc(at, tz)))
        return found

    def _head(self, cells: Sequence[Interval]) -> str:
        """Dates where they have room: of Mondays, and of the first day if no Monday is near."""
        days = [to_local(start, zone(self.timezone)).date() for start, _ in cells]
        mondays = [place for place, day in enumerate(days) if day.weekday() == 0 and day not in days[:place]]
        text = ""
        for place in mondays if any(one <= _LONGEST_DATE for one in mondays) else [0, *mondays]:
            if len(text) <= place:
                text = text.ljust(place) + f"{days[place].day} {_MONTHS[days[place].month - 1]} "
        return text.rstrip()

    def _bar_pieces(self, cells: Sequence[Interval], shifts: Sequence[KnownShift], style: str) -> Iterable[Piece]:
        for cell in cells:
            found = [(_overlap(cell, (one.start, one.end)), one) for one in shifts]
            found = [one for one in found if one[0]]
            if not found:
                yield self.signs.empty, "dim"
                continue
            total = sum((length for length, _ in found), _NOTHING)
            most = max(found, key=lambda one: one[0])[1]
            is_full = 2 * total >= cell[1] - cell[0]
            yield self._sign(most) if is_full else self.signs.partly, style

    def _gap_pieces(self, cells: Sequence[Interval], gaps: Sequence[Interval]) -> Iterable[Piece]:
        for cell in cells:
            is_gap = any(True for _ in clipped(gaps, *cell))
            yield (self.signs.nobody, "bold red") if is_gap else (self.signs.empty, "dim")

    def _sign(self, shift: KnownShift) -> str:
        kind = shift.source.kind if shift.source else SourceKind.LAYER
        return {SourceKind.OVERRIDE: self.signs.override, SourceKind.ABSENCE: self.signs.covers}.get(
            kind, self.signs.on_call
        )

    def _label(self, text: str, width: int, style: str) -> Piece:
        return text + " " * (width - _cells_of(text)), style


def _overlap(one: Interval, other: Interval) -> timedelta:
    return max(min(one[1], other[1]) - max(one[0], other[0]), _NOTHING)


def _cells_of(text: str) -> int:
    from rich.cells import cell_len  # a name may be in letters that are two columns wide

    return cell_len(text)
