"""Which instant did this person write? `Sat 20:00`, `tomorrow 08:00`, `in 2 hours`.

It must not guess: what could mean two instants is `Ambiguous`, with the ways to write each. None is no time at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from oncallbot.oncall.wallclock import to_local, to_utc, to_utc_last, zone
from oncallbot.wording.moment_words import (
    WEEKDAYS,
    Clock,
    Dates,
    Length,
    Now,
    Open,
    Parts,
    Relative,
    Weekday,
    read,
)

_ONE_DAY = timedelta(days=1)
_A_WEEK = timedelta(days=7)
_LEAP_YEARS_APART = 9


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """What could mean two things: why, and texts that each mean one (`parse_moment` reads every one of them)."""

    reason: str
    choices: tuple[str, ...]


def parse_moment(text: str, now: datetime, tz: str) -> datetime | Ambiguous | None:
    """The UTC instant that `text` means to somebody in `tz` at `now`; None when it is no time.

    A time or a weekday alone is the next one; a date alone is its first instant; `in` and `for 2 hours` count from
    `now`, days and weeks of them on the wall. Asked back: a bare hour, 03/04, a day without a time, `today` and today's
    weekday with a time that is past, `next Monday`, and what the clocks show twice or skip.
    """
    return _Reader(now.astimezone(UTC), zone(tz)).moment(text)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody who reads a time at `now` before a wall clock of `tz`."""

    now: datetime
    tz: ZoneInfo

    def moment(self, text: str) -> datetime | Ambiguous | None:
        match read(text):
            case Length(days, elapsed):
                starts = self._on_the_wall(self._local_now + days * _ONE_DAY) if days else self.now
                return starts + elapsed if isinstance(starts, datetime) else starts
            case Now():
                return self.now
            case Open(reason, choices):
                return self._asked(reason, choices)
            case Parts() as parts:
                return self._parts(parts)
            case None:
                return None

    @property
    def _local_now(self) -> datetime:
        return to_local(self.now, self.tz)

    def _parts(self, parts: Parts) -> datetime | Ambiguous | None:
        day, clock = parts.day, parts.clock
        if clock is not None and not clock.is_settled:
            return self._asked("which time of the day is meant?", self._with_day(day, clock.choices))
        if clock is not None and clock.offset is not None:
            return self._with_offset(day, clock, clock.offset)
        match day:
            case None:
                return self._next_time(clock) if clock is not None else None
            case Dates():
                return self._dated(day, clock, parts.beside)
            case Relative() | Weekday() if clock is None:
                return self._asked("it names no time of the day", self._with_day(day, ("08:00", "18:00")))
            case Relative(days):
                return self._relative(days, clock)
            case Weekday():
                return self._weekday(day, clock)

    def _next_time(self, clock: Clock) -> datetime | Ambiguous:
        """Its next occurrence, strictly after now."""
        today = self._local_now.date()
        while True:
            local = _wall(today, clock)
            if to_utc_last(local, self.tz) > self.now:
                return self._on_the_wall(local)
            today += _ONE_DAY

    def _relative(self, days: int, clock: Clock) -> datetime | Ambiguous:
        local = _wall(self._local_now.date() + days * _ONE_DAY, clock)
        if days == 0 and to_utc_last(local, self.tz) <= self.now:
            return self._either(f"{local:%H:%M} is past today", (local + _ONE_DAY, local))
        return self._on_the_wall(local)

    def _weekday(self, day: Weekday, clock: Clock) -> datetime | Ambiguous:
        today = self._local_now.date()
        local = _wall(today + (day.number - today.weekday()) % 7 * _ONE_DAY, clock)
        if day.is_next:
            return self._either(f"which {WEEKDAYS[day.number]} is meant?", (local, local + _A_WEEK))
        if to_utc_last(local, self.tz) <= self.now:
            reason = f"it is {WEEKDAYS[day.number]}, and {local:%H:%M} is past"
            return self._either(reason, (local + _A_WEEK, local))
        return self._on_the_wall(local)

    def _dated(self, dates: Dates, clock: Clock | None, beside: Weekday | None) -> datetime | Ambiguous:
        time = clock or Clock(0)
        year = self._local_now.year
        meant: list[datetime] = []
        for written, month, day in dates.possible:
            if written is not None:
                meant.append(_wall(date(written, month, day), time))
                continue
            first, second = _next_two(year, month, day)
            ends = _wall(first, clock) if clock else datetime.combine(first, datetime.min.time()) + _ONE_DAY
            is_behind = to_utc_last(ends, self.tz) <= self.now
            meant += [_wall(one, time) for one in ((first, second) if is_behind else (first,))]
        if beside is not None:
            agreeing = [local for local in meant if local.weekday() == beside.number]
            if not agreeing:
                return self._either(f"that is a {WEEKDAYS[meant[0].weekday()]}", meant)
            meant = agreeing
        if len(meant) > 1:
            is_order_open = len(dates.possible) > 1
            return self._either("is it day/month or month/day?" if is_order_open else "that is past this year", meant)
        return self._on_the_wall(meant[0]) if clock else to_utc(meant[0], self.tz)

    def _with_offset(
        self, day: Relative | Weekday | Dates | None, clock: Clock, offset: timedelta
    ) -> datetime | Ambiguous | None:
        """Only a whole date names a day everywhere: `today 03:10+02:00` may be another day over there."""
        if not isinstance(day, Dates) or len(day.possible) > 1 or day.possible[0][0] is None:
            return None
        year, month, number = day.possible[0]
        local = _wall(date(year or 0, month, number), clock)
        return local.replace(tzinfo=timezone(offset)).astimezone(UTC)

    def _on_the_wall(self, local: datetime) -> datetime | Ambiguous:
        """The instant at which the wall shows `local`, if there is exactly one."""
        first, last = to_utc(local, self.tz), to_utc_last(local, self.tz)
        if first != last:
            return Ambiguous(f"the clocks show {local:%H:%M} twice that night", self._spelled(local))
        if to_local(first, self.tz) != local:
            return Ambiguous(f"the clocks skip {local:%H:%M} that night", self._spelled(local))
        return first

    def _either(self, reason: str, locals_: Iterable[datetime]) -> Ambiguous:
        spelled = dict.fromkeys(text for local in locals_ for text in self._spelled(local))
        return Ambiguous(reason, tuple(spelled))

    def _spelled(self, local: datetime) -> tuple[str, ...]:
        """How to write it so that it means one instant: with offsets where the wall shows it twice."""
        first, last = to_utc(local, self.tz), to_utc_last(local, self.tz)
        if first == last:
            return (f"{to_local(first, self.tz):%Y-%m-%d %H:%M}",)
        return tuple(at.astimezone(self.tz).isoformat(" ", "minutes") for at in (first, last))

    def _asked(self, reason: str, texts: Iterable[str]) -> Ambiguous:
        """The question with each choice settled: one that is itself ambiguous is replaced by its own choices."""
        choices: list[str] = []
        for text in texts:
            match self.moment(text):
                case datetime():
                    choices.append(text)
                case Ambiguous(_, inner):
                    choices += inner
                case None:
                    continue
        return Ambiguous(reason, tuple(dict.fromkeys(choices)))

    def _with_day(self, day: Relative | Weekday | Dates | None, times: Iterable[str]) -> list[str]:
        match day:
            case None:
                return list(times)
            case Relative(_, word):
                return [f"{word} {time}" for time in times]
            case Weekday(number, is_next):
                name = f"{'next ' if is_next else ''}{WEEKDAYS[number][:3]}"
                return [f"{name} {time}" for time in times]
            case Dates(possible):
                year = self._local_now.year
                return [f"{one[0] or year}-{one[1]:02}-{one[2]:02} {time}" for one in possible for time in times]


def _wall(day: date, clock: Clock) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=clock.minutes)


def _next_two(year: int, month: int, day: int) -> tuple[date, date]:
    """The first two years from `year` on that have that day: 29 February has not every year."""
    found = [one for one in range(year, year + 2 * _LEAP_YEARS_APART) if _has(one, month, day)]
    return date(found[0], month, day), date(found[1], month, day)


def _has(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
