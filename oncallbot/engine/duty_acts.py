"""When is each duty due, and what does it send? By the rules of that moment.

It must not remember what was done: `duties` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from oncallbot.engine import letters
from oncallbot.escalation.issue import Issue
from oncallbot.escalation.rules import Hotline, Rules
from oncallbot.oncall.coverage import coming_gaps
from oncallbot.oncall.people import Method
from oncallbot.oncall.schedule import final_shifts
from oncallbot.oncall.stints import Stint, changes, handoffs, stints_of
from oncallbot.oncall.wallclock import to_local, to_utc, zone
from oncallbot.storage import issues
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.wording import shift_news

NINE = time(9)
WEEK_AHEAD = timedelta(days=7)
_LONGEST_STINT = timedelta(days=60)  # how far a reminder looks for the end of what it announces


def schedules(rules: Rules) -> Iterable[str]:
    """Every schedule."""
    return rules.schedules


def hotlines(rules: Rules) -> Iterable[str]:
    """Every hotline."""
    return rules.hotlines


def weekly_readers(rules: Rules) -> Iterable[str]:
    """Those who want their next shifts each week."""
    return (one.id for one in rules.responders.values() if one.weekly)


def handoff_dues(rules: Rules, schedule: str, after: datetime, until: datetime) -> list[datetime]:
    """Where a stint of other people begins."""
    return [one.at for one in handoffs(rules.schedules[schedule], rules.absences, after, until)]


def handoff(
    connection: Connection, rules: Rules, schedule: str, dues: Sequence[datetime], now: datetime
) -> list[Notification]:
    """The newest handoff, in the on-call channels, and to those who come and go; a late one tells only that."""
    plan = rules.schedules.get(schedule)
    if plan is None:
        return []
    found = handoffs(plan, rules.absences, dues[-1] - timedelta(microseconds=1), dues[-1])
    if not found:
        return []  # the rules have changed since: it is no handoff any more
    open_ones = issues.open_ones(connection)
    rows = []
    for hotline, channel in _on_call_channels(rules, schedule):
        words = shift_news.handoff_text(schedule, found[-1], _of(hotline, open_ones), rules, hotline.timezone, now)
        rows.append(letters.slack_row(Purpose.NOTICE, channel, words, now))
    mine = [one for hotline in rules.hotlines_of_schedule(schedule) for one in _of(hotline, open_ones)]
    for who in found[-1].incoming:
        if who in rules.responders:
            reader = rules.responders[who]
            rows += _told(rules, who, shift_news.taking_over_text(reader, schedule, found[-1], mine, rules, now), now)
    return rows


def change_dues(rules: Rules, schedule: str, after: datetime, until: datetime) -> list[datetime]:
    """Whenever other people are on call, or nobody."""
    return changes(rules.schedules[schedule], rules.absences, after, until)


def show(
    _connection: Connection, rules: Rules, schedule: str, _dues: Sequence[datetime], now: datetime
) -> list[Notification]:
    """Let user group and topics be brought up to date; what they say is made when it is sent."""
    plan = rules.schedules.get(schedule)
    if plan is None or Method.SLACK not in rules.roads:
        return []
    rows = [
        letters.slack_row(Purpose.TOPIC, channel, "", now, detail={"hotline": hotline.id})
        for hotline, channel in _on_call_channels(rules, schedule)
    ]
    if plan.user_group:
        rows.append(letters.slack_row(Purpose.GROUP, plan.user_group, "", now, detail={"schedule": schedule}))
    return rows


def reminder_dues(rules: Rules, schedule: str, after: datetime, until: datetime) -> list[datetime]:
    """The instants at which somebody is to be reminded of a stint that begins later."""
    return sorted({at for at, _, _ in _reminders(rules, schedule, after, until)})


def remind(
    _connection: Connection, rules: Rules, schedule: str, dues: Sequence[datetime], now: datetime
) -> list[Notification]:
    """Remind of stints that have not begun; of two late reminders of one stint only the last."""
    if schedule not in rules.schedules:
        return []
    found = _reminders(rules, schedule, dues[0] - timedelta(microseconds=1), dues[-1])
    newest = {(who, stint.start): stint for at, who, stint in found if at in dues and stint.start > now}
    return [
        row
        for (who, _), stint in newest.items()
        for row in _told(rules, who, _reminder(rules, who, schedule, stint, now), now)
    ]


def gap_dues(rules: Rules, hotline: str, after: datetime, until: datetime) -> list[datetime]:
    """09:00 of each day in the hotline's zone."""
    return _nines(rules.hotlines[hotline].timezone, after, until)


def warn_of_gaps(
    _connection: Connection, rules: Rules, hotline: str, _dues: Sequence[datetime], now: datetime
) -> list[Notification]:
    """The gaps of the next 30 days to the managers; nothing where there are none."""
    line = rules.hotlines.get(hotline)
    if line is None:
        return []
    found = [
        (plan.id, coming_gaps(plan, rules.absences, now))
        for plan in rules.schedules.values()
        if line in rules.hotlines_of_schedule(plan.id)
    ]
    words = shift_news.gaps_text(found, line.timezone, now)
    if not words:
        return []
    if line.managers_channel and Method.SLACK in rules.roads:
        return [letters.slack_row(Purpose.NOTICE, line.managers_channel, words, now)]
    managers = [one for one in line.managers if one in rules.responders]
    managers = managers or [one.id for one in rules.responders.values() if one.manager]
    return [row for one in managers for row in _told(rules, one, words, now)]


def weekly_dues(rules: Rules, responder: str, after: datetime, until: datetime) -> list[datetime]:
    """Mondays, 09:00 in the responder's zone."""
    tz = rules.responders[responder].timezone
    return [at for at in _nines(tz, after, until) if to_local(at, zone(tz)).weekday() == 0]


def tell_week(
    _connection: Connection, rules: Rules, responder: str, _dues: Sequence[datetime], now: datetime
) -> list[Notification]:
    """The responder's shifts of the coming week."""
    person = rules.responders.get(responder)
    if person is None:
        return []
    mine = [
        (name, (stint.start, stint.end))
        for name, plan in rules.schedules.items()
        for stint in stints_of(final_shifts(plan, rules.absences, now, now + WEEK_AHEAD), responder)
    ]
    return _told(rules, responder, shift_news.weekly_text(person, mine, now), now)


def _reminders(rules: Rules, schedule: str, after: datetime, until: datetime) -> list[tuple[datetime, str, Stint]]:
    """When, whom and of what, in order of time."""
    plan = rules.schedules[schedule]
    longest = max((lead for one in rules.responders.values() for lead in one.reminders), default=None)
    if longest is None:
        return []
    shifts = final_shifts(plan, rules.absences, after - timedelta(days=2), until + longest + _LONGEST_STINT)
    found = []
    for who in dict.fromkeys(one for shift in shifts for one in shift.responders):
        person = rules.responders.get(who)
        if person is None:
            continue
        for stint in stints_of(shifts, who):
            found += [(stint.start - lead, who, stint) for lead in person.reminders]
    return sorted((one for one in found if after < one[0] <= until), key=lambda one: one[:2])


def _reminder(rules: Rules, who: str, schedule: str, stint: Stint, now: datetime) -> str:
    return shift_news.shift_reminder_text(rules.responders[who], schedule, (stint.start, stint.end), now)


def _nines(tz: str, after: datetime, until: datetime) -> list[datetime]:
    """Every 09:00 in that zone in `(after, until]`, as UTC instants."""
    place = zone(tz)
    day: date = to_local(after, place).date()
    last = to_local(until, place).date()
    found = []
    while day <= last:
        at = to_utc(datetime.combine(day, NINE), place)
        if after < at <= until:
            found.append(at)
        day += timedelta(days=1)
    return found


def _on_call_channels(rules: Rules, schedule: str) -> list[tuple[Hotline, str]]:
    if Method.SLACK not in rules.roads:
        return []
    found = rules.hotlines_of_schedule(schedule)
    return [(one, one.on_call_channel) for one in found if one.on_call_channel]


def _of(hotline: Hotline, open_ones: Iterable[Issue]) -> list[Issue]:
    return [one for one in open_ones if one.hotline == hotline.id]


def _told(rules: Rules, responder: str, words: str, now: datetime) -> list[Notification]:
    row = letters.to_person(rules, responder, words, now)
    return [row] if row is not None else []
