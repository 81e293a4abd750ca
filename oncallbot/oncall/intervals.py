"""What remains when half-open intervals `[start, end)` are united, clipped or taken away?

Works on aware UTC datetimes in order; it must not know what an interval means.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

Interval = tuple[datetime, datetime]


def united(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """Overlapping and touching intervals as one; they must come ordered by their start. Lazy."""
    current: Interval | None = None
    for start, end in intervals:
        if current is None:
            current = (start, end)
        elif start > current[1]:
            yield current
            current = (start, end)
        elif end > current[1]:
            current = (current[0], end)
    if current is not None:
        yield current


def clipped(intervals: Iterable[Interval], start: datetime, end: datetime) -> Iterator[Interval]:
    """The parts that lie within `[start, end)`; the intervals must come ordered by their start. Lazy."""
    for begins, ends in intervals:
        if begins >= end:
            return
        if ends > start:
            yield max(begins, start), min(ends, end)


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> Iterator[Interval]:
    """What `taken` leaves of `intervals`; both must come ordered by their start. Lazy."""
    rest = iter(taken)
    away = next(rest, None)
    for start, end in intervals:
        left_from = start
        while away is not None and away[0] < end:
            if away[0] > left_from:
                yield left_from, away[0]
            left_from = max(left_from, away[1])
            if away[1] > end:
                break
            away = next(rest, None)
        if left_from < end:
            yield left_from, end
