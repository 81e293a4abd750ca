"""How is a part of an issue written down? Policy, tier, deadlines and attempts as JSON texts, and back.

Issues outlive releases: a field that a release adds must have a default here. It must not touch the database.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from oncallbot.escalation.issue import Attempt, AttemptStatus, Deadline, DeadlineKind
from oncallbot.escalation.rules import AfterHours, Level, Policy, Target, TargetKind, Tier
from oncallbot.oncall.people import Method

_encode = json.JSONEncoder(separators=(",", ":")).encode
_KEPT = 1024  # different policies and tiers in open issues; more only cost time


@lru_cache(_KEPT)
def policy_text(policy: Policy) -> str:
    """Durations in seconds."""
    return _encode(
        {
            "id": policy.id,
            "levels": [
                {"targets": _targets(level.targets), "timeout": level.timeout.total_seconds()}
                for level in policy.levels
            ],
            "repeat_after": policy.repeat_after.total_seconds(),
            "loops": policy.loops,
            "last_resort": _targets(policy.last_resort),
            "acknowledge_timeout": policy.acknowledge_timeout.total_seconds(),
        }
    )


@lru_cache(_KEPT)
def policy_from(text: str) -> Policy:
    """The policy that `policy_text` wrote."""
    kept = json.loads(text)
    levels = (Level(_targets_from(one["targets"]), timedelta(seconds=one["timeout"])) for one in kept["levels"])
    return Policy(
        id=kept["id"],
        levels=tuple(levels),
        repeat_after=timedelta(seconds=kept["repeat_after"]),
        loops=kept["loops"],
        last_resort=_targets_from(kept["last_resort"]),
        acknowledge_timeout=timedelta(seconds=kept["acknowledge_timeout"]),
    )


def _targets(targets: tuple[Target, ...]) -> list[list[str]]:
    return [[target.kind.value, target.id] for target in targets]


def _targets_from(kept: list[list[str]]) -> tuple[Target, ...]:
    return tuple(Target(TargetKind(kind), id_) for kind, id_ in kept)


@lru_cache(_KEPT)
def tier_text(tier: Tier) -> str:
    """Durations in seconds."""
    return _encode(
        {
            "id": tier.id,
            "promise": _seconds(tier.promise),
            "call_back": _seconds(tier.call_back),
            "held_promise": _seconds(tier.held_promise),
            "live_connect": tier.live_connect,
            "after_hours": tier.after_hours.value,
            "office_unanswered": tier.office_unanswered.value,
            "confidential": tier.confidential,
        }
    )


@lru_cache(_KEPT)
def tier_from(text: str) -> Tier:
    """The tier that `tier_text` wrote."""
    kept = json.loads(text)
    return Tier(
        id=kept["id"],
        promise=_length(kept["promise"]),
        call_back=_length(kept["call_back"]),
        held_promise=_length(kept["held_promise"]),
        live_connect=kept["live_connect"],
        after_hours=AfterHours(kept["after_hours"]),
        office_unanswered=AfterHours(kept["office_unanswered"]),
        confidential=kept["confidential"],
    )


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def _length(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def deadlines_text(deadlines: tuple[Deadline, ...]) -> str:
    """Each as [instant, kind, subject], in the issue's order."""
    return _encode([[_instant(one.at), one.kind.value, one.subject] for one in deadlines])


def deadlines_from(text: str) -> tuple[Deadline, ...]:
    """The deadlines that `deadlines_text` wrote."""
    return tuple(
        Deadline(datetime.fromisoformat(at).astimezone(UTC), DeadlineKind(kind), subject)
        for at, kind, subject in json.loads(text)
    )


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {at!r}")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def attempts_text(attempts: tuple[Attempt, ...]) -> str:
    """One object each, in the page's order."""
    return _encode(
        [
            {
                "id": one.id,
                "method": one.method.value,
                "rule": one.rule,
                "round": one.round,
                "status": one.status.value,
            }
            for one in attempts
        ]
    )


def attempts_from(text: str) -> tuple[Attempt, ...]:
    """The attempts that `attempts_text` wrote."""
    kept: list[dict[str, Any]] = json.loads(text)
    return tuple(
        Attempt(
            id=one["id"],
            method=Method(one["method"]),
            rule=one["rule"],
            round=one["round"],
            status=AttemptStatus(one["status"]),
        )
        for one in kept
    )


def numbers_text(numbers: tuple[int, ...]) -> str:
    """Whole numbers, in order."""
    return _encode(list(numbers))


def numbers_from(text: str) -> tuple[int, ...]:
    """The numbers that `numbers_text` wrote."""
    return tuple(json.loads(text))
