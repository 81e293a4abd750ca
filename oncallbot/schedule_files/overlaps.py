"""Of overlapping overrides, which one is the newer? Files say it by their order; stored apart, a number keeps it.

The number counts only against others: it must not be compared on its own, since those beneath may have gone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from datetime import datetime

from oncallbot.oncall.wallclock import zone
from oncallbot.schedule_files import times
from oncallbot.schedule_files.objects import Body, Key, Kind, text_of

Span = tuple[datetime, datetime]
Beneath = list[tuple[datetime, datetime, int]]
"""The spans that came before in one schedule, with their numbers."""


def keep_order(body: Body, span: Span, earlier: Beneath) -> None:
    """Numbers the override of that span above those `earlier` ones that it overlaps, and adds it to them."""
    beneath = [order for starts, ends, order in earlier if starts < span[1] and span[0] < ends]
    order = max(beneath) + 1 if beneath else 0
    body.pop("order", None)
    if order:
        body["order"] = order
    earlier.append((*span, order))


def differing(one: Mapping[Key, str], other: Mapping[Key, str]) -> set[Key]:
    """The objects that are not the same on both sides, or only on one of them."""
    both = one.keys() & other.keys()
    left, right = recounted(one, both), recounted(other, both)
    return {key for key in left.keys() | right.keys() if left.get(key) != right.get(key)}


def by_age(override: tuple[Key, Body]) -> tuple[int, str, Key]:
    """A sort key for overrides that came from files: the oldest first."""
    key, body = override
    return body.get("order", 0), body["from"], key


def recounted(texts: Mapping[Key, str], among: Set[Key]) -> dict[Key, str]:
    """The objects, the overrides of them numbered as if there were only those `among`: so numbers can be compared."""
    counted = dict(texts)
    bodies = {
        key: json.loads(text)
        for key, text in texts.items()
        if key[0] == Kind.OVERRIDE and key in among and '"made_at"' not in text
    }
    earlier: dict[str, Beneath] = {}
    for key, body in sorted(bodies.items(), key=by_age):
        schedule = texts.get((Kind.SCHEDULE.value, body["schedule"]), '{"timezone":"UTC"}')
        tz = zone(json.loads(schedule)["timezone"])
        span = times.instant(body["from"], tz), times.instant(body["to"], tz, is_end=True)
        keep_order(body, span, earlier.setdefault(body["schedule"], []))
        counted[key] = text_of(body)
    return counted
