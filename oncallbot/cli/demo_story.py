"""What does the page's strip say? Only what `issue --json` says, in fewer words.

It must not ask the emulators anything: the strip is the product's own word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

_STEPS = {"level_started": "level", "reopened": "again", "loop_ended": "silence", "last_resort": "silence"}
_SMALL = ("notified", "withdrawn", "crossed", "rule_skipped")
Record = Mapping[str, Any]


def story(
    record: Record | None, levels: int, level_seconds: float, names: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """For the page: `words`, `detail`, `status`, `level`; while somebody is paged also `seconds` left, `of` a level's.

    `record` is the document of the newest issue, None before there is one. `levels`: how many the policy has.
    """
    if record is None:
        return {
            "words": "All quiet",
            "detail": "Call the hotline as the customer.",
            "status": "quiet",
            "levels": levels,
        }
    told = {
        "reference": record["reference"],
        "words": f"{record['reference']}: {_words(record, levels, names)}",
        "detail": [entry["text"] for entry in record["timeline"] if entry["kind"] not in _SMALL][-1],
        "status": record["status"],
        "level": record["level"],
        "levels": levels,
    }
    if record["status"] == "triggered" and record["wake_at"]:
        left = (datetime.fromisoformat(record["wake_at"]) - now).total_seconds()
        told |= {"seconds": max(0.0, left), "of": level_seconds, "wake_at": record["wake_at"]}
    return told


def _words(record: Record, levels: int, names: Mapping[str, str]) -> str:
    who = names.get(record["acknowledged_by"] or "", "somebody")
    match record["status"]:
        case "acknowledged":
            return f"{who} has it"
        case "resolved":
            return f"resolved by {who}"
        case "triggered":
            return _paging(record, levels)
        case other:
            return str(other)


def _paging(record: Record, levels: int) -> str:
    """The stage is told by the timeline's last line about one."""
    stages = [_STEPS[entry["kind"]] for entry in record["timeline"] if entry["kind"] in _STEPS]
    match stages[-1] if stages else "":
        case "level":
            again = f", loop {record['loop']}" if (record["loop"] or 1) > 1 else ""
            return f"level {record['level']} of {levels}{again}"
        case "silence":
            return f"loop {record['loop']} ended in silence, the next one comes"
        case "again":
            return "whoever had it is asked again"
        case _:
            return "the caller is speaking"
