"""Is somebody on call whenever somebody must be, and does every hotline know whom to page?

It must not say who is on call: `oncallbot shifts` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from oncallbot.cli.doctor.findings import Check, Finding, fails, fine
from oncallbot.cli.output import local
from oncallbot.escalation.rules import Hotline, Policy, Rules, TargetKind
from oncallbot.oncall.coverage import GAPS_AHEAD, coming_gaps
from oncallbot.oncall.schedule import Schedule


def examine(rules: Rules, now: datetime) -> Iterator[Finding]:
    """Every schedule and every hotline."""
    if not rules.hotlines:
        cure = "write the schedule files and run oncallbot apply"
        yield fails(Check.COVERAGE, "hotlines", "no hotline is configured: nobody can report anything", cure)
    for schedule in rules.schedules.values():
        yield _schedule(rules, schedule, now)
    for hotline in rules.hotlines.values():
        yield _hotline(rules, hotline)


def _schedule(rules: Rules, schedule: Schedule, now: datetime) -> Finding:
    empty = coming_gaps(schedule, rules.absences, now)
    if not empty:
        return fine(
            Check.COVERAGE, schedule.id, f"somebody is on call whenever needed in the next {GAPS_AHEAD.days} days"
        )
    start, end = empty[0]
    tz = schedule.timezone
    more = f", and {len(empty) - 1} times more in {GAPS_AHEAD.days} days" if len(empty) > 1 else ""
    detail = f"nobody is on call from {local(start, tz)} to {local(end, tz)}{more}"
    return fails(Check.COVERAGE, schedule.id, detail, "add an override or a participant, or narrow `must_cover`")


def _hotline(rules: Rules, hotline: Hotline) -> Finding:
    policies = [rules.policies[id_] for id_ in dict.fromkeys(hotline.policies.values())]
    for policy in policies:
        if not any(target.kind is not TargetKind.CHANNEL for level in policy.levels for target in level.targets):
            cure = "name a schedule or responder in its levels, and apply"
            return fails(Check.COVERAGE, hotline.id, f"its policy {policy.id} pages nobody", cure)
    return fine(Check.COVERAGE, hotline.id, "; ".join(_said(policy) for policy in policies))


def _said(policy: Policy) -> str:
    levels = len(policy.levels)
    last = ", then the last resort" if policy.last_resort else ""
    return f"policy {policy.id} pages {levels} {'level' if levels == 1 else 'levels'}{last}"
