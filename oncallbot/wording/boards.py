"""What do the managers' pages say of a schedule, an issue and a night? Short phrases; the templates set them.

It must not say a phone number, nor escape markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from oncallbot.escalation.issue import Promised
from oncallbot.escalation.rules import Rules
from oncallbot.wording.issue_words import name_of, names

_PROMISES = {
    Promised.NONE: "none",
    Promised.PENDING: "running",
    Promised.KEPT: "kept",
    Promised.MISSED: "missed",
}


def lead(waiting: int, gaps: Sequence[str]) -> str:
    """The first sentence: how many issues need somebody, and the schedules in which nobody is on call but must be."""
    parts = []
    if waiting:
        parts.append("1 issue needs somebody." if waiting == 1 else f"{waiting} issues need somebody.")
    parts += [f"Nobody is on call in {schedule}." for schedule in gaps]
    return " ".join(parts) or "Nothing needs you now."


def full_names(responders: tuple[str, ...], rules: Rules) -> str:
    """`Ana Ruiz and Ben Okafor`; the id of somebody who has been removed since."""
    said = [rules.responders[one].name if one in rules.responders else one for one in responders]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}" if said else ""


def how_long(length: timedelta) -> str:
    """`45 s`, `4 min`, `1 h 12 min`, `2 days`: as exact as one wants to know."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def promise_words(promised: Promised) -> str:
    """What became of the promise to the customer."""
    return _PROMISES[promised]


def wake_up_words(wake_ups: Mapping[str, int], rules: Rules) -> str:
    """`Ana was woken twice, Ben once.`"""
    if not wake_ups:
        return "Nobody was woken."
    times = {1: "once", 2: "twice"}
    parts = [f"{name_of(who, rules)} {times.get(count, f'{count} times')}" for who, count in wake_ups.items()]
    first, _, rest = parts[0].partition(" ")
    listed = [f"{first} was woken {rest}", *parts[1:]]
    return f"{', '.join(listed)}."


def hotline_names(hotlines: tuple[str, ...], rules: Rules) -> str:
    """`Example Support, Plant hotline`."""
    return ", ".join(rules.hotlines[one].name if one in rules.hotlines else one for one in hotlines)


def paged_names(paged: tuple[str, ...], rules: Rules) -> str:
    """`Ana and Ben`; "nobody"."""
    return names(paged, rules) or "nobody"
