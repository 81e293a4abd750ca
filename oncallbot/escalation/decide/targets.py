"""Whom does a level page at this instant, and why? Asked afresh whenever a level starts.

It must not page anyone.
"""

from __future__ import annotations

from dataclasses import dataclass

from oncallbot.escalation.decide.draft import Draft
from oncallbot.escalation.rules import Rules, Target, TargetKind
from oncallbot.oncall.schedule import Schedule, next_responders, participants, responders_at
from oncallbot.oncall.wallclock import zone
from oncallbot.oncall.windows import Outside


@dataclass(frozen=True, slots=True)
class Targeted:
    """Responders with the reason of each, in order, once each; `gaps` say which schedules have nobody and should."""

    why: dict[str, str]
    gaps: tuple[str, ...]
    empty_by_design: tuple[str, ...]
    channels: tuple[str, ...]


def resolve(draft: Draft, targets: tuple[Target, ...]) -> Targeted:
    """Who stands behind these targets at `draft.now`."""
    why: dict[str, str] = {}
    gaps: list[str] = []
    by_design: list[str] = []
    channels: list[str] = []
    for target in targets:
        if target.kind is TargetKind.CHANNEL:
            channels.append(target.id)
            continue
        found, reason = _behind(draft, target)
        for responder in found:
            why.setdefault(responder, reason)
        if found or target.kind is TargetKind.NEXT:  # nobody is next where one person takes every turn: no gap
            continue
        if target.kind is TargetKind.RESPONDER:
            gaps.append(f"{target.id} is not configured any more")
        elif _must_be_covered(draft, target):
            gaps.append(f"Nobody is on call in {target.id}, which must be covered now")
        else:
            by_design.append(target.id)
    return Targeted(why, tuple(gaps), tuple(by_design), tuple(channels))


def _behind(draft: Draft, target: Target) -> tuple[tuple[str, ...], str]:
    rules, now = draft.rules, draft.now
    if target.kind is TargetKind.RESPONDER:
        return ((target.id,) if target.id in rules.responders else ()), "named by the policy"
    schedule = rules.schedules.get(target.id)
    if schedule is None:
        return (), f"schedule {target.id} does not exist any more"
    match target.kind:
        case TargetKind.SCHEDULE:
            responders, source = responders_at(schedule, rules.absences, now)
            reason = source.reason if source else "nobody"
            return _known(rules, responders), f"on call in {schedule.id} ({reason})"
        case TargetKind.NEXT:
            return _known(rules, next_responders(schedule, rules.absences, now)), f"next on call in {schedule.id}"
        case TargetKind.EVERYONE | TargetKind.RESPONDER | TargetKind.CHANNEL:
            return _known(rules, participants(schedule, now)), f"takes part in {schedule.id}"


def _known(rules: Rules, responders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in responders if one in rules.responders)


def _must_be_covered(draft: Draft, target: Target) -> bool:
    schedule = draft.rules.schedules.get(target.id)
    return schedule is None or must_cover_at(draft, schedule)


def must_cover_at(draft: Draft, schedule: Schedule) -> bool:
    """Must somebody be on call now? By default in the hours outside the hotline's office hours."""
    hotline = draft.hotline
    span = schedule.must_cover or (Outside(hotline.office_hours) if hotline else None)
    return span is None or span.contains(draft.now, zone(schedule.timezone))
