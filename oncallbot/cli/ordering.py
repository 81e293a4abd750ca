"""In which order would the coming turns be shared most fairly? Shows it with its ledger; applied only when asked to.

It must not change a schedule but through a proposal, as in chat.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from oncallbot.app import Desk
from oncallbot.cli.desk import opened
from oncallbot.cli.naming import named
from oncallbot.cli.output import FINE, document, instant, local, misuse, no, say, table
from oncallbot.cli.schedules import names
from oncallbot.engine import counts, proposals
from oncallbot.engine.change import Refused
from oncallbot.engine.proposals import Confirmed, Outline, Proposed
from oncallbot.engine.sign_in import manager_of
from oncallbot.errors import Problem
from oncallbot.escalation.rules import Rules
from oncallbot.oncall.counting import Hours
from oncallbot.oncall.editing import Mistake, Roster
from oncallbot.oncall.edits import Entry
from oncallbot.oncall.fairness import Proposal, Standing, fairest
from oncallbot.oncall.schedule import Schedule
from oncallbot.oncall.wallclock import to_local, to_utc, zone
from oncallbot.schedule_files import times
from oncallbot.schedule_files.spelling import Misspelt
from oncallbot.wording import previews

_ONE_HOUR = timedelta(hours=1)
_REASON = "the fairest order"


def order(
    schedule: str,
    layer: str | None,
    since: str | None,
    who: str | None,
    *,
    is_fairest: bool,
    applies: bool,
    as_json: bool,
) -> int:
    """The fairest order of this schedule's layer (None: its only one), by the hours worked in it since `since`."""
    if not is_fairest:
        raise misuse(Problem("order", "which order is not said", "write --fairest"))
    if applies and who is None:
        raise misuse(Problem("--apply", "changes the schedule in somebody's name", "write --as MANAGER"))
    with opened() as desk:
        rules = desk.door.rules_now()
        plan = named("schedule", schedule, rules.schedules)
        if applies and manager_of(rules, named("responder", who or "", rules.responders).id) is None:
            raise no(
                Problem(f"responder {who}", "is no manager, and only managers change rotations", "ask one of them")
            )
        found = _proposed(desk, rules, plan, layer, since)
        told = _applied(desk, found, who or "") if applies and not found.changes_nothing else None
    if as_json:
        document(_json(plan, found, is_applied=told is not None))
    else:
        _say(rules, plan, found, told)
    return FINE


def _proposed(desk: Desk, rules: Rules, plan: Schedule, layer: str | None, since: str | None) -> Proposal:
    now, tz = desk.clock.now().replace(microsecond=0), zone(plan.timezone)
    try:
        start = to_utc(datetime(to_local(now, tz).year, 1, 1), tz) if since is None else times.instant(since, tz)
    except Misspelt as error:
        raise misuse(Problem("--since", error.wrong, error.cure)) from error
    with desk.database.read() as connection:
        worked = counts.hours_of(connection, rules, [plan.id], start, now) if start < now else {}
    roster = Roster(rules.schedules, rules.absences)
    found = fairest(roster, plan.id, layer, worked, counts.calendar_of(rules, plan.id), now)
    if isinstance(found, Mistake):
        raise no(Problem(f"schedule {plan.id}", found.wrong, found.cure))
    return found


def _applied(desk: Desk, found: Proposal, who: str) -> str:
    """The words that say what has come of it."""

    def tells(responder: str, outline: Outline) -> str:
        person = outline.after.responders.get(responder)
        if person is None:
            return ""
        return previews.told_text(person, outline.preview, outline.after, who, outline.reason, (found.change,))

    made = proposals.propose(desk.door, [found.change], who, reason=_REASON)
    done = proposals.confirm(desk.door, made.id, who, tells) if isinstance(made, Proposed) else made
    if isinstance(done, Confirmed):
        affected = [one for one in done.outline.preview.people if one != who]
        return previews.confirmed_text(done.told, affected, done.outline.after)
    if isinstance(done, Mistake):
        raise no(Problem(found.change.schedule, done.wrong, done.cure))
    if isinstance(done, Refused):
        raise no(*done.problems)
    raise no(Problem(found.change.schedule, "was changed by somebody else just now", "look at the order again"))


def _say(rules: Rules, plan: Schedule, found: Proposal, told: str | None) -> None:
    rows = [_row(rules, one) for one in found.ledger]
    table(("place", "who", "worked", "until then", "adds", "weighted", "after", "why"), rows)
    before, after = (f"{one / _ONE_HOUR:.0f}" for one in (found.spread_in_present_order, found.spread))
    say(
        "",
        f"Now: {_order(rules, found.present)}. Fairest: {_order(rules, found.change.participants or ())}.",
        f"From {local(found.starts_at, plan.timezone)}, {found.turns} turns, to {local(found.ends_at, plan.timezone)}: "
        f"most and least are {after} weighted hours apart then; in the present order {before}.",
    )
    if told is not None:
        say(told)
    elif found.changes_nothing:
        say(previews.FAIREST_ALREADY)
    else:
        say(f"Nothing was changed. To do it: oncallbot order {plan.id} --fairest --apply --as MANAGER")


def _row(rules: Rules, one: Standing) -> tuple[str, ...]:
    hours = (one.worked.total, one.fixed.total, one.adds.total, one.before, one.after)
    worked, fixed, adds, before, after = (f"{each / _ONE_HOUR:.0f} h" for each in hours)
    return (f"{one.place}.", names(rules, one.entry), worked, fixed, adds, before, after, one.reason)


def _order(rules: Rules, entries: tuple[Entry, ...]) -> str:
    return "; ".join(names(rules, entry) or "nobody" for entry in entries)


def _json(plan: Schedule, found: Proposal, *, is_applied: bool) -> dict[str, Any]:
    return {
        "schedule": plan.id,
        "layer": found.change.layer or plan.layers[0].name,
        "starts_at": instant(found.starts_at),
        "ends_at": instant(found.ends_at),
        "turns": found.turns,
        "present": [list(one) for one in found.present],
        "fairest": [list(one) for one in found.change.participants or ()],
        "changes_nothing": found.changes_nothing,
        "applied": is_applied,
        "spread_in_present_order": found.spread_in_present_order / _ONE_HOUR,
        "spread": found.spread / _ONE_HOUR,
        "ledger": [
            {
                "responders": list(one.entry),
                "place": one.place,
                "worked": _hours(one.worked),
                "fixed": _hours(one.fixed),
                "adds": _hours(one.adds),
                "weighted_before": one.before / _ONE_HOUR,
                "weighted_after": one.after / _ONE_HOUR,
                "reason": one.reason,
            }
            for one in found.ledger
        ],
    }


def _hours(hours: Hours) -> dict[str, float]:
    parts = {"weekday": hours.weekday, "night": hours.night, "weekend": hours.weekend, "holiday": hours.holiday}
    return {name: length / _ONE_HOUR for name, length in (parts | {"total": hours.total}).items()}
