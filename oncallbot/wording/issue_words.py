"""In which state is this issue, what comes next, and who reported it, in words? Said alike on cards and in answers.

It must not say a phone number, nor decide what comes next: it reads the issue's deadlines and the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, assert_never

from oncallbot.escalation.deadlines import deadline
from oncallbot.escalation.effects import TimelineKind
from oncallbot.escalation.issue import DeadlineKind, Issue, Page, PageState, Promised, Road, Stage, Status
from oncallbot.escalation.rules import Rules, Target, TargetKind
from oncallbot.oncall.people import Responder
from oncallbot.oncall.schedule import next_responders, participants, responders_at
from oncallbot.wording.responders import whoever_paged
from oncallbot.wording.text import clean
from oncallbot.wording.times import clock_time

ROADS = {
    Road.CALL: "by phone",
    Road.TEXT: "by text",
    Road.WEBHOOK: "by webhook",
    Road.FORM: "by form",
    Road.SLACK: "in Slack",
    Road.COMMAND: "by command",
}
_OFFERED_LEVEL = -1  # see `Page`: the holder has asked this responder to take it
_LONGEST_NAME = 20
_MOST_NAMES = 3
_PHONE_NUMBER = re.compile(r"\+\d[\d ()/-]{5,}\d|\b\d{8,}\b", re.ASCII)
_FROM_A_NUMBER = re.compile(r"^(By \w+) from [^:]*: ")


class Entry(Protocol):
    """One line of a timeline, as `storage` keeps it."""

    @property
    def at(self) -> datetime: ...

    @property
    def kind(self) -> TimelineKind: ...

    @property
    def text(self) -> str: ...

    @property
    def responder(self) -> str | None: ...


def zone_of(issue: Issue, rules: Rules, reader: Responder | None) -> str:
    """The reader's zone; for a channel (None) the hotline's."""
    if reader is not None:
        return reader.timezone
    hotline = rules.hotlines.get(issue.hotline)
    return hotline.timezone if hotline else "UTC"


def name_of(responder: str | None, rules: Rules) -> str:
    """The first name; the id of somebody who has been removed since; "somebody" for None."""
    person = rules.responders.get(responder or "")
    return clean(person.first_name if person else responder or "", _LONGEST_NAME) or "somebody"


def names(responders: Iterable[str], rules: Rules) -> str:
    """`Ana`, `Ana and Ben`, `Ana, Ben, Cem and 2 more`; "" for nobody."""
    said = [name_of(one, rules) for one in responders]
    if len(said) > _MOST_NAMES:
        said = [*said[:_MOST_NAMES], f"{len(said) - _MOST_NAMES} more"]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}" if said else ""


def reporter(issue: Issue, rules: Rules, room: int = 80) -> str:
    """`Acme (gold)`; of strangers never the number: `unknown caller (Example Support)`."""
    customer = rules.customers.get(issue.customer or "")
    name = customer.name if customer else issue.customer or ""
    behind = f" ({clean(issue.tier.id, 16)})"
    if not clean(name, 80):
        hotline = rules.hotlines.get(issue.hotline)
        stranger = "unknown caller" if issue.road in (Road.CALL, Road.TEXT) else "unknown sender"
        name = whoever_paged(issue) or stranger
        behind = f" ({clean(hotline.name if hotline else issue.hotline, 40)})"
    name = clean(name, max(room - len(behind), 10))
    return f"{name}{behind}" if len(name) + len(behind) <= room else name


def state(issue: Issue, rules: Rules, tz: str, now: datetime, entries: Sequence[Entry] = ()) -> str:
    """`waiting for Ana`, `Ana has it since 03:14`, `resolved by Ana`. `entries` tell who resolved or closed it."""
    match issue.status:
        case Status.TRIGGERED:
            return _triggered(issue, rules)
        case Status.ACKNOWLEDGED:
            since = f" since {clock_time(issue.acknowledged_at, tz, now)}" if issue.acknowledged_at else ""
            offered = [one.responder for one in _asked(issue) if one.level == _OFFERED_LEVEL]
            asked = f", {names(offered, rules)} is asked to take it" if offered else ""
            return f"{name_of(issue.holder, rules)} has it{since}{asked}"
        case Status.RESOLVED:
            by = _actor(entries, TimelineKind.RESOLVED)
            return f"resolved by {name_of(by, rules)}" if by else f"resolved, {name_of(issue.holder, rules)} had it"
        case Status.HELD:
            return _held(issue, rules, tz, now)
        case Status.CLOSED:
            by = _actor(entries, TimelineKind.CLOSED)
            return f"closed by {name_of(by, rules)}" if by else "closed"
        case _:
            assert_never(issue.status)


def _triggered(issue: Issue, rules: Rules) -> str:
    running = [page for page in issue.pages if page.state is PageState.RUNNING]
    match issue.stage:
        case Stage.WAITING:
            return "the caller is still on the line"
        case Stage.EXHAUSTED:
            return "NOBODY has answered, and paging has ended"
        case Stage.LAST_RESORT:
            asked = [one.responder for one in running if one.level == len(issue.policy.levels) + 1]
            return (
                f"nobody has answered yet: {f'last resort {names(asked, rules)}' if asked else 'nobody left to page'}"
            )
        case Stage.LEVEL | Stage.LAST_HOLDER:
            step = issue.level if issue.stage is Stage.LEVEL else 0
            asked = [one.responder for one in running if one.level == step] or [one.responder for one in running]
            return f"waiting for {names(asked, rules)}" if asked else "nobody is being paged"
        case _:
            assert_never(issue.stage)


def _held(issue: Issue, rules: Rules, tz: str, now: datetime) -> str:
    hotline = rules.hotlines.get(issue.hotline)
    if hotline is not None and rules.is_office_open(hotline, now):
        return "held, with the day team"
    opens_at = deadline(issue, DeadlineKind.OPENING)
    return f"held until {clock_time(opens_at, tz, now)}" if opens_at and opens_at > now else "held"


def _asked(issue: Issue) -> list[Page]:
    return [one for one in issue.pages if one.state is PageState.RUNNING and one.responder != issue.holder]


def _actor(entries: Sequence[Entry], kind: TimelineKind) -> str | None:
    return next((one.responder for one in reversed(entries) if one.kind is kind), None)


def outlook(issue: Issue, rules: Rules, tz: str, now: datetime) -> str:
    """What comes next and when: `Level 2 of 3 · Ben next at 03:14 · promise 03:25`; "" when nothing does."""
    parts = [_level(issue), _coming(issue, rules, tz, now), _promise(issue, tz, now)]
    return " · ".join(part for part in parts if part)


def _level(issue: Issue) -> str:
    if issue.status is not Status.TRIGGERED:
        return ""
    match issue.stage:
        case Stage.WAITING:
            return "nobody is paged yet"
        case Stage.LAST_HOLDER:
            return "first whoever had it last"
        case Stage.LEVEL:
            loop = f", loop {issue.loop}" if issue.loop > 1 else ""
            return f"Level {issue.level} of {len(issue.policy.levels)}{loop}"
        case Stage.LAST_RESORT:
            return f"Loop {issue.loop} has ended"
        case Stage.EXHAUSTED:
            return f"All {issue.loop} loops have ended" if issue.loop > 1 else "The only loop has ended"
        case _:
            assert_never(issue.stage)


def _coming(issue: Issue, rules: Rules, tz: str, now: datetime) -> str:
    match issue.status:
        case Status.TRIGGERED:
            return _next_step(issue, rules, tz, now)
        case Status.ACKNOWLEDGED:
            goes_on = deadline(issue, DeadlineKind.LET_LIE)
            if goes_on is not None:
                return f"others are paged {_when(goes_on, tz, now)} unless {name_of(issue.holder, rules)} answers"
            asks = deadline(issue, DeadlineKind.FORGOTTEN)
            return f"{name_of(issue.holder, rules)} is asked again {_when(asks, tz, now)}" if asks else ""
        case Status.RESOLVED:
            shown = deadline(issue, DeadlineKind.OPENING)
            return f"the day team sees it {_when(shown, tz, now)}" if shown else ""
        case Status.HELD | Status.CLOSED:
            return ""
        case _:
            assert_never(issue.status)


def _next_step(issue: Issue, rules: Rules, tz: str, now: datetime) -> str:
    """Whom the next step pages: asked of the schedules at that step's own instant."""
    if issue.stage is Stage.WAITING:
        at = deadline(issue, DeadlineKind.FIRST_PAGE)
        people = _next_people(issue, rules, 1, at) if at else ()
        return f"{names(people, rules) or 'the first level'} next {_when(at, tz, now)} at the latest" if at else ""
    at = deadline(issue, DeadlineKind.LEVEL)
    if at is None:
        return ""
    if issue.stage is Stage.EXHAUSTED:
        return f"managers are told again {_when(at, tz, now)}"
    again = issue.stage is Stage.LAST_RESORT
    people = _next_people(issue, rules, issue.level + 1 if issue.stage is Stage.LEVEL else 1, at)
    if people:
        return f"{names(people, rules)} {'again' if again else 'next'} {_when(at, tz, now)}"
    people = _behind(issue.policy.last_resort, rules, at)
    return f"last resort {names(people, rules) or 'and everyone again'} {_when(at, tz, now)}"


def _next_people(issue: Issue, rules: Rules, level: int, at: datetime) -> tuple[str, ...]:
    """Who is paged by the first level from `level` on that has somebody; who has passed is skipped in this loop."""
    is_new_loop = issue.stage is Stage.LAST_RESORT
    passed = {
        one.responder
        for one in issue.pages
        if one.state is PageState.PASSED and one.loop == issue.loop and not is_new_loop
    }
    for step in issue.policy.levels[level - 1 :]:
        people = tuple(one for one in _behind(step.targets, rules, at) if one not in passed)
        if people:
            return people
    return ()


def _behind(targets: Sequence[Target], rules: Rules, at: datetime) -> tuple[str, ...]:
    """Who stands behind these targets at `at`, each once: as `escalation.decide.targets` will ask then."""
    people: list[str] = []
    for target in targets:
        schedule = rules.schedules.get(target.id)
        match target.kind:
            case TargetKind.RESPONDER:
                people.append(target.id)
            case TargetKind.SCHEDULE if schedule is not None:
                people += responders_at(schedule, rules.absences, at)[0]
            case TargetKind.NEXT if schedule is not None:
                people += next_responders(schedule, rules.absences, at)
            case TargetKind.EVERYONE if schedule is not None:
                people += participants(schedule, at)
            case _:  # channels reach nobody; a schedule may have been removed since
                continue
    return tuple(dict.fromkeys(one for one in people if one in rules.responders))


def _promise(issue: Issue, tz: str, now: datetime) -> str:
    match issue.promised:
        case Promised.PENDING if issue.promise_at is not None:
            return f"promise {clock_time(issue.promise_at, tz, now)}"
        case Promised.PENDING | Promised.NONE:
            return ""
        case Promised.KEPT:
            return "promise kept"
        case Promised.MISSED:
            return "promise missed"
        case _:
            assert_never(issue.promised)


def _when(at: datetime, tz: str, now: datetime) -> str:
    return "now" if at <= now else f"at {clock_time(at, tz, now)}"


def entry_text(entry: Entry, limit: int) -> str:
    """What a line of the timeline says, without anybody's phone number but those in people's own words."""
    if entry.kind is TimelineKind.REPORTED:
        text = _FROM_A_NUMBER.sub(r"\1: ", entry.text)
        return "A number to call back was keyed" if text.startswith("Keyed: ") else clean(text, limit)
    text = entry.text if entry.kind is TimelineKind.NOTE else _PHONE_NUMBER.sub("(number)", entry.text)
    return clean(text, limit)
