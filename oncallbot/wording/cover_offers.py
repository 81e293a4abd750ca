"""What does somebody see who looks at a cover request by its link? What is asked, and what they would have then.

It must not escape markup, nor say who has it: `covers` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from oncallbot.escalation.rules import Rules
from oncallbot.oncall.editing import Roster
from oncallbot.oncall.people import Responder
from oncallbot.oncall.schedule import final_shifts
from oncallbot.oncall.stints import stints_of
from oncallbot.oncall.wallclock import to_local, to_utc, zone
from oncallbot.wording.covers import Cover
from oncallbot.wording.edit_words import because
from oncallbot.wording.issue_words import name_of
from oncallbot.wording.shift_times import span_text, zone_note
from oncallbot.wording.text import clean

_A_DAY = timedelta(days=1)
_LOOKS = timedelta(days=60)  # as far as what is near may reach
_LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class OfferText:
    """`days` are what the reader would have around that time, one line each; `away` when they said that they are not
    there, "" else. Times in the reader's zone, which `note` names."""

    title: str
    asks: str
    promise: str
    away: str
    days: tuple[str, ...]
    note: str


def offer_text(request: Cover, rules: Rules, after: Roster, reader: Responder, now: datetime) -> OfferText:
    """The whole page but for its button and what came of it. `after` is the roster in which they have it."""
    who, tz = name_of(request.responder, rules), reader.timezone
    when = f"{clean(request.schedule, _LONGEST_ID)} {span_text((request.starts_at, request.ends_at), tz, now)}"
    return OfferText(
        f"{who} asks for cover",
        f"{reader.first_name}, can you take {when}?{because(request.reason)}",
        f"The first to accept has it. It is {who}'s until then. If you cannot, do nothing.",
        _away(request, after, reader, now),
        tuple(_days(request, after, reader, now)) or ("nothing",),
        zone_note(tz),
    )


def _away(request: Cover, roster: Roster, reader: Responder, now: datetime) -> str:
    mine = (one for one in roster.absences if one.responder == reader.id)
    found = [(one.start, one.end) for one in mine if one.start < request.ends_at and request.starts_at < one.end]
    spans = ", ".join(span_text(one, reader.timezone, now) for one in found)
    return f"You have said that you are away: {spans}." if spans else ""


def _days(request: Cover, roster: Roster, reader: Responder, now: datetime) -> Iterator[str]:
    """The reader's stints from the day before until the day after, in every schedule."""
    wall = zone(reader.timezone)
    eve = to_local(request.starts_at, wall).date() - _A_DAY
    morrow = to_local(request.ends_at, wall).date() + 2 * _A_DAY
    first, last = max(to_utc(datetime.combine(eve, time()), wall), now), to_utc(datetime.combine(morrow, time()), wall)
    begin, end = max(request.starts_at - _LOOKS, now), request.ends_at + _LOOKS
    for schedule in roster.schedules.values():
        near = final_shifts(schedule, roster.absences, first, last)
        if not any(reader.id in one.responders for one in near):
            continue  # of a thousand schedules few are the reader's, and looking far takes long
        for one in stints_of(final_shifts(schedule, roster.absences, begin, end), reader.id):
            if one.start < last and first < one.end:
                said = span_text((one.start, one.end), reader.timezone, now, end)
                yield f"{clean(schedule.id, _LONGEST_ID)} {said}"
