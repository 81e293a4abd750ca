"""What is answered to `who`, `me`, `shifts`, `why`, `issues`, `issue` and `help`? Lines of plain text.

It must not ask a schedule anything itself, nor say a phone number: it is handed the answers, times in the zone `tz`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import assert_never

from oncallbot.escalation.issue import Issue, Status
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.people import Responder
from oncallbot.oncall.schedule import OnCall, Shift, Source, SourceKind
from oncallbot.wording.command_list import FORMS, GROUPS
from oncallbot.wording.issue_words import ROADS, Entry, entry_text, name_of, names, outlook, reporter, state
from oncallbot.wording.responders import summary_of
from oncallbot.wording.text import clean
from oncallbot.wording.times import clock_time

_MOST_ROWS = 30
_ROOM = 2_700  # characters of one list: a section in Slack takes 3,000, and cuts the rest without saying how much
_HALF, _THIRD = 1_700, 900  # where a text has two lists, or three
_LAST_ENTRIES = 15
_LONGEST_SUMMARY = 100
_LONGEST_ENTRY = 300
_STARTS_LINE = (
    "A change starts at the end of the running shift. Write behind it: now, or after a full rotation; "
    "then: because <reason>. "
    "Of several layers name one: primary/weekly."
)

Lines = tuple[str, ...]


def overview_lines(answers: Sequence[OnCall], issues: Sequence[Issue], rules: Rules, tz: str, now: datetime) -> Lines:
    """Bare `/oncall`: who is on call, who is next, and the open issues."""
    return (*who_lines(answers, rules, tz, now, _HALF), "", *issues_lines(issues, rules, tz, now, _HALF))


def who_lines(answers: Sequence[OnCall], rules: Rules, tz: str, now: datetime, room: int = _ROOM) -> Lines:
    """One line for each schedule: `primary: Ana until Mon 09:00, then Ben`; as many as `room` (characters) takes.

    `primary: Ana until Wed 09:00, next Ben from Mon 18:00` where Ben does not come at once.
    """
    if not answers:
        return ("No schedule is configured.",)
    return _first([_who(answer, rules, tz, now) for answer in answers], room)


def _who(answer: OnCall, rules: Rules, tz: str, now: datetime) -> str:
    asked = "" if answer.at == now else f" at {clock_time(answer.at, tz, now)}"
    until = f" until {clock_time(answer.until, tz, now)}" if answer.until else ""
    who = names(answer.responders, rules) or "nobody"
    return f"{clean(answer.schedule, 60)}{asked}: {who}{until}{_next(answer, rules, tz, now)}"


def _next(answer: OnCall, rules: Rules, tz: str, now: datetime) -> str:
    if not answer.next:
        return ""
    if answer.next_at is None or answer.next_at == answer.until:
        return f", then {names(answer.next, rules)}"
    return f", next {names(answer.next, rules)} from {clock_time(answer.next_at, tz, now)}"


def why_lines(answer: OnCall, rules: Rules, tz: str, now: datetime) -> Lines:
    """Who is on call in one schedule, and where that comes from."""
    if answer.source is None:
        reason = "No layer has anybody at that time" if answer.until else "No shift is coming"
        return (_who(answer, rules, tz, now), f"{reason}.")
    return (_who(answer, rules, tz, now), f"Why: {source_text(answer.source, rules, tz, now)}.")


def source_text(source: Source, rules: Rules, tz: str, now: datetime) -> str:
    """Why these responders, with names: `Ben covers for Ana, who is absent (layer weekly, turn 17)`."""
    turn = f"layer {clean(source.layer or '', 60)}, turn {source.turn}"
    match source.kind:
        case SourceKind.LAYER:
            return turn
        case SourceKind.ABSENCE if source.covering:
            verb = "covers" if len(source.covering) == 1 else "cover"
            return f"{names(source.covering, rules)} {verb} for {_absent(source, rules)} ({turn})"
        case SourceKind.ABSENCE:
            return f"{turn}, without {_absent(source, rules)}"
        case SourceKind.OVERRIDE:
            return _override_text(source, rules, tz, now)
        case _:
            assert_never(source.kind)


def _absent(source: Source, rules: Rules) -> str:
    return f"{names(source.absent, rules)}, who {'is' if len(source.absent) == 1 else 'are'} absent"


def _override_text(source: Source, rules: Rules, tz: str, now: datetime) -> str:
    override = source.override
    if override is None:
        return "an override"
    instead = f" instead of {name_of(override.instead_of, rules)}" if override.instead_of else ""
    span = f"from {clock_time(override.start, tz, now)} to {clock_time(override.end, tz, now)}"
    made = f", made by {name_of(override.made_by, rules)}" if override.made_by else ""
    when = f" {clock_time(override.made_at, tz, now)}" if override.made_by and override.made_at else ""
    reason = f": {clean(override.reason, 200)}" if override.reason else ""
    return f"an override, {name_of(override.responder, rules)}{instead} {span}{made}{when}{reason}"


def shifts_lines(shifts: Sequence[tuple[str, Shift]], rules: Rules, tz: str, now: datetime) -> Lines:
    """Coming shifts, each with its schedule's id: `primary: Ana, now until Mon 09:00`."""
    if not shifts:
        return ("Nobody is on call in that time.",)
    return _first([_shift(schedule, shift, rules, tz, now) for schedule, shift in shifts])


def _shift(schedule: str, shift: Shift, rules: Rules, tz: str, now: datetime) -> str:
    why = "" if shift.source.kind is SourceKind.LAYER else f" ({shift.source.kind.value})"
    return f"{clean(schedule, 60)}: {names(shift.responders, rules)}, {_span(shift, tz, now)}{why}"


def _span(shift: Shift, tz: str, now: datetime) -> str:
    end = clock_time(shift.end, tz, now)
    return f"now until {end}" if shift.start <= now else f"{clock_time(shift.start, tz, now)} to {end}"


def me_lines(
    reader: Responder, shifts: Sequence[tuple[str, Shift]], issues: Sequence[Issue], rules: Rules, now: datetime
) -> Lines:
    """The reader's own shifts and what they have, in their own zone. Other people's shifts and issues are left out."""
    tz = reader.timezone
    mine = [(schedule, shift) for schedule, shift in shifts if reader.id in shift.responders]
    running = [
        f"You are on call in {schedule}, {_span(shift, tz, now)}." for schedule, shift in mine if _runs(shift, now)
    ]
    coming = [f"{schedule}: {_span(shift, tz, now)}" for schedule, shift in mine if not _runs(shift, now)]
    held = [one for one in issues if one.holder == reader.id and one.status is Status.ACKNOWLEDGED]
    return (
        *(_first(running, _THIRD) or ("You are not on call now.",)),
        *(("Your next shifts:", *_first(coming, _THIRD)) if coming else ("No further shift of yours is coming.",)),
        *(("", "You have:", *issues_lines(held, rules, tz, now, _THIRD)) if held else ()),
    )


def _runs(shift: Shift, now: datetime) -> bool:
    return shift.start <= now < shift.end


def issues_lines(issues: Sequence[Issue], rules: Rules, tz: str, now: datetime, room: int = _ROOM) -> Lines:
    """One line for each open issue, as many as `room` (characters) takes."""
    if not issues:
        return ("No issue is open.",)
    return _first([issue_line(issue, rules, tz, now) for issue in issues], room)


def issue_line(issue: Issue, rules: Rules, tz: str, now: datetime) -> str:
    said = f"{issue.reference} · {reporter(issue, rules)} · {state(issue, rules, tz, now)}"
    return f"{said} · open since {clock_time(issue.opened_at, tz, now)} · {summary_of(issue, _LONGEST_SUMMARY)}"


def issue_lines(issue: Issue, entries: Sequence[Entry], rules: Rules, tz: str, now: datetime) -> Lines:
    """One issue, and the last fifteen lines of its timeline, oldest first."""
    opened = f"Since {clock_time(issue.opened_at, tz, now)}, {ROADS[issue.road]}"
    lines = [
        f"{issue.reference} · {reporter(issue, rules)} · {state(issue, rules, tz, now, entries)}",
        summary_of(issue, 1_000),
        " · ".join(part for part in (opened, outlook(issue, rules, tz, now)) if part),
    ]
    earlier = len(entries) - _LAST_ENTRIES
    if earlier > 0:
        lines.append(f"({earlier} earlier {'line' if earlier == 1 else 'lines'})")
    shown = entries[-_LAST_ENTRIES:]
    lines += [f"{clock_time(one.at, tz, now)} {entry_text(one, _LONGEST_ENTRY)}" for one in shown]
    return tuple(lines)


def help_lines(topic: str | None = None) -> Lines:
    """The commands with what each does; of one `topic` (a key of `FORMS`) its form, an example and its other names.

    Of a group (`rotation`) every form.
    """
    form = FORMS.get(topic or "")
    if topic is None or form is None:
        listed = [_listed(verb) for verb in FORMS if verb in GROUPS or verb.split()[0] not in GROUPS]
        return ("/oncall: who is on call, and the open issues", *listed, "Times: Sat 20:00, tomorrow 08:00, in 2 hours")
    if topic in GROUPS:
        every = (one for verb, one in FORMS.items() if verb.split()[0] == topic)
        last = (_STARTS_LINE,) if topic == "rotation" else ()
        return (*(f"/oncall {one.grammar}: {one.says}" for one in every), *last)
    example = form.example.format(schedule="primary", responder="ana", issue=1042, hours="berlin")
    others = (f"Also: {', '.join(form.aliases)}",) if form.aliases else ()
    return (f"/oncall {form.grammar}: {form.says}", f"For example: /oncall {example}", *others)


def _listed(verb: str) -> str:
    more = f" (more: /oncall help {verb})" if verb in GROUPS else ""
    return f"/oncall {FORMS[verb].grammar}: {FORMS[verb].says}{more}"


def _first(lines: Iterable[str], room: int = _ROOM) -> Lines:
    """The first thirty, or as many as there is room for, and how many more there are. The first one always."""
    every = tuple(lines)
    shown = 0
    while shown < min(len(every), _MOST_ROWS) and (room := room - _width(every[shown])) >= 0:
        shown += 1
    shown = max(shown, min(len(every), 1))
    more = len(every) - shown
    return every if not more else (*every[:shown], f"... and {more} more")


def _width(line: str) -> int:
    """Its characters as Slack counts them, where <, > and & are written as up to five."""
    return len(line) + 1 + 4 * sum(map(line.count, "&<>"))
