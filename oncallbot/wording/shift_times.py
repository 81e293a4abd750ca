"""How is the time of a shift said, and how many nights are in it? Weekday, date and time in the reader's zone.

It must not say who has the shift.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta

from oncallbot.oncall.intervals import Interval
from oncallbot.oncall.stints import BREAK
from oncallbot.oncall.wallclock import to_local, to_utc, zone

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ONE_DAY = timedelta(days=1)
_IN_MINUTES = timedelta(minutes=1)
_WITHOUT_YEAR = timedelta(days=300)  # nearer dates can mean one year only
_DEEP_NIGHT = time(3)  # whoever is on call then has that night


def day_time(at: datetime, tz: str, now: datetime) -> str:
    """`Fri 27 Nov 18:00`; with the year beyond 300 days."""
    local = to_local(at, zone(tz))
    return f"{_day(local, at, now)} {local:%H:%M}"


def day_text(at: datetime, tz: str, now: datetime) -> str:
    """`Fri 27 Nov`; with the year beyond 300 days."""
    return _day(to_local(at, zone(tz)), at, now)


def span_text(span: Interval, tz: str, now: datetime, horizon: datetime | None = None) -> str:
    """`Fri 27 Nov 18:00 – Mon 30 Nov 09:00`, `Sat 21 Nov 20:00 – 23:00`, whole days `Sun 1 Aug – Sun 15 Aug`.

    What has begun is said from `now` on: `now – Mon 30 Nov 09:00`. What reaches to the `horizon`, beyond which nobody
    has looked, has no end: `from now on`.
    """
    start, end = span
    if horizon is not None and end >= horizon:
        return "from now on" if start <= now else f"from {day_time(start, tz, now)} on"
    first, last = (to_local(at, zone(tz)) for at in span)
    if start > now and first.time() == last.time() == time():
        inside = to_utc(last - _ONE_DAY, zone(tz))
        return (
            _day(first, start, now) if inside <= start else f"{_day(first, start, now)} – {day_text(inside, tz, now)}"
        )
    begins = "now" if start <= now < end else day_time(start, tz, now)
    return f"{begins} – {last:%H:%M}" if _is_same_day(start, end, tz, now) else f"{begins} – {day_time(end, tz, now)}"


def spans_text(
    spans: Sequence[Interval], tz: str, now: datetime, most: int = 4, horizon: datetime | None = None
) -> str:
    """The first of them, and how many more there are."""
    said = [span_text(one, tz, now, horizon) for one in spans[:most]]
    more = len(spans) - most
    return ", ".join([*said, f"and {more} more"] if more > 0 else said)


def joined(spans: Iterable[Interval], is_empty: Callable[[datetime, datetime], bool]) -> tuple[Interval, ...]:
    """A week of nights as one: spans in order, with breaks shorter than a day closed where `is_empty(start, end)`."""
    found: list[Interval] = []
    for start, end in spans:
        if found and start - found[-1][1] < BREAK and is_empty(found[-1][1], start):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def nights(spans: Iterable[Interval], tz: str) -> int:
    """In how many nights somebody is on call at 03:00 on the wall."""
    wall, found = zone(tz), 0
    for start, end in spans:
        day = to_local(start, wall).date()
        while (at := to_utc(datetime.combine(day, _DEEP_NIGHT), wall)) < end:
            found += at >= start
            day += _ONE_DAY
    return found


def length_text(length: timedelta) -> str:
    """`3 days`, `12 h`, `1 h 30 min`."""
    minutes = length // _IN_MINUTES
    if minutes and not minutes % (24 * 60):
        days = minutes // (24 * 60)
        return f"{days} day{'s' if days != 1 else ''}"
    hours, minutes = divmod(minutes, 60)
    return (
        " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part) or "0 h"
    )


def zone_note(tz: str) -> str:
    """Whose times these are: `Times in Europe/Berlin.`"""
    return f"Times in {tz}."


def _day(local: datetime, at: datetime, now: datetime) -> str:
    year = f" {local.year}" if abs(at - now) > _WITHOUT_YEAR else ""
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year}"


def _is_same_day(start: datetime, end: datetime, tz: str, now: datetime) -> bool:
    begins = now if start <= now < end else start
    return to_local(begins, zone(tz)).date() == to_local(end, zone(tz)).date()
