"""How do shifts stand in a calendar program? One iCalendar file (RFC 5545), with the zones that it needs.

It must not decide which shifts: equal shifts are equal bytes, so that programs fetch only what has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from oncallbot.engine.feeding import Shown
from oncallbot.engine.known_shifts import KnownShift
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.wallclock import zone
from oncallbot.storage.feeds import FeedKind
from oncallbot.wording.boards import full_names
from oncallbot.wording.text import clean

MEDIA_TYPE = "text/calendar; charset=utf-8"
_FETCH_AGAIN = timedelta(hours=1)
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_LONGEST = 200


def calendar(shown: Shown) -> bytes:
    """The file. Each event stands in its schedule's zone."""
    file = Calendar()
    name = _name(shown)
    file.add("prodid", "-//oncallbot//shifts//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("name", name)
    file.add("x-wr-calname", name)
    file.add("refresh-interval", _FETCH_AGAIN, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", "PT1H")
    spans: dict[str, tuple[datetime, datetime]] = {}
    events = []
    for shift in shown.shifts:
        timezone = _timezone(shown.rules, shift.schedule)
        first, last = spans.get(timezone, (shift.start, shift.end))
        spans[timezone] = min(first, shift.start), max(last, shift.end)
        events.append(_event(shown, shift, zone(timezone)))
    for timezone, span in sorted(spans.items()):
        if timezone != "UTC":
            file.add_component(_vtimezone(timezone, *span))
    for event in events:
        file.add_component(event)
    written: bytes = file.to_ical()
    return written


def fingerprint(shown: Shown, release: str) -> str:
    """Another text whenever the file is another: made of what it is made of, for a tenth of the cost."""
    rules = shown.rules
    zones = {one.schedule: _timezone(rules, one.schedule) for one in shown.shifts}
    rows = [(one.schedule, one.start, one.end, full_names(one.responders, rules), one.reason) for one in shown.shifts]
    made_of = (
        release,
        version("tzdata"),
        version("icalendar"),
        shown.feed,
        shown.revised_at,
        rules.revision,
        _name(shown),
        sorted(zones.items()),
        rows,
    )
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]


def _timezone(rules: Rules, schedule: str) -> str:
    """UTC for a schedule that is no more."""
    known = rules.schedules.get(schedule)
    return known.timezone if known else "UTC"


def _name(shown: Shown) -> str:
    feed, rules = shown.feed, shown.rules
    subject = rules.responders[feed.subject].name if feed.kind is FeedKind.RESPONDER else feed.subject
    return clean(f"On call: {subject}", _LONGEST)


def _event(shown: Shown, shift: KnownShift, tz: ZoneInfo) -> Event:
    event = Event()
    people = full_names(shift.responders, shown.rules)
    is_mine = shown.feed.kind is FeedKind.RESPONDER
    event.add("uid", _uid(shown, shift))
    revised_at = shown.revised_at.replace(microsecond=0)  # not now: the same rules must be the same bytes
    event.add("dtstamp", revised_at)
    event.add("last-modified", revised_at)
    event.add("sequence", shown.rules.revision)
    start, end = _times((shift.start, shift.end), tz)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", clean(f"On call: {shift.schedule}" if is_mine else people, _LONGEST))
    event.add("description", clean(f"{people} on {shift.schedule}: {shift.reason}", 2 * _LONGEST))
    event.add("transp", "TRANSPARENT")  # on call is not busy: meetings can be booked
    event.add("categories", ["on call"])
    return event


def _uid(shown: Shown, shift: KnownShift) -> str:
    """Of schedule, people and beginning: a shift that is cut short keeps it, one that moves or is lost vanishes."""
    whose = shown.feed.subject if shown.feed.kind is FeedKind.RESPONDER else ",".join(sorted(shift.responders))
    words = f"{shift.schedule}\n{whose}\n{shift.start.astimezone(UTC).isoformat()}"
    return f"{hashlib.sha256(words.encode()).hexdigest()[:32]}@oncallbot"


def _times(instants: Iterable[datetime], tz: ZoneInfo) -> list[datetime]:
    """On the wall; in UTC where a wall-clock time happens twice and this is the second one: no file can say that."""
    local = [at.astimezone(tz) for at in instants]
    if tz.key == "UTC" or any(one.fold for one in local):
        return [one.astimezone(UTC) for one in local]
    return local


def _vtimezone(name: str, start: datetime, end: datetime) -> Timezone:
    """The offsets of this zone from before `start` until after `end`. Our own: the library's begin an hour late."""
    tz = zone(name)
    made = Timezone()
    made.add("tzid", name)
    at = (start - _DAY).replace(microsecond=0)
    made.add_component(_observance(at, tz, at))
    for changed in _changes(tz, at, end + _DAY):
        made.add_component(_observance(changed, tz, changed - _SECOND))
    return made


def _observance(at: datetime, tz: ZoneInfo, before: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What the wall shows from `at` on; the beginning is said by the wall as it was `before`."""
    local, old = at.astimezone(tz), before.astimezone(tz).utcoffset() or timedelta()
    made = TimezoneDaylight() if local.dst() else TimezoneStandard()
    made.add("dtstart", (at + old).replace(tzinfo=None))
    made.add("tzoffsetfrom", old)
    made.add("tzoffsetto", local.utcoffset() or timedelta())
    made.add("tzname", local.tzname() or "")
    return made


def _changes(tz: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which the offset is another than a second before."""
    now = start
    while now < end:
        later = now + _DAY
        if now.astimezone(tz).utcoffset() != later.astimezone(tz).utcoffset():
            low, high = now, later
            while high - low > _SECOND:
                middle = low + (high - low) // 2 // _SECOND * _SECOND
                is_old = middle.astimezone(tz).utcoffset() == now.astimezone(tz).utcoffset()
                low, high = (middle, high) if is_old else (low, middle)
            yield high
        now = later
