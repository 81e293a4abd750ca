"""Does somebody ring alarms and send right now, by the same roads and of the same release?

It must not take a worker for alive by its process: only by what it last wrote.
"""

from __future__ import annotations

from collections.abc import Iterator

from oncallbot.cli.doctor.database import Stored
from oncallbot.cli.doctor.findings import Check, Finding, fails, fine
from oncallbot.engine.health import SKEW_ALARM, WORKER_IS_SILENT
from oncallbot.oncall.people import Method
from oncallbot.storage.workers import Worker

_RESTART = "restart it in the same environment as the others"


def examine(stored: Stored, roads: frozenset[Method], release: str, served: str | None) -> Iterator[Finding]:
    """Every worker, and what they leave undone. `roads` and `release` are this environment's, `served` the web's."""
    if not stored.alive:
        detail = f"none was seen within {WORKER_IS_SILENT.seconds} s: nothing rings, nothing is sent"
        yield fails(Check.WORKER, "workers", detail, "start oncallbot serve, or oncallbot worker")
    releases = {one.release for one in stored.alive} | {one for one in (release, served) if one}
    for one in stored.alive:
        yield _worker(one, roads, releases)
    for name in ("alarms", "outbox"):
        check = stored.paging[name]
        if not check.ok:
            cure = "see the servers' log; restart oncallbot serve or oncallbot worker"
            yield fails(Check.WORKER, name, check.detail, cure)


def _worker(one: Worker, roads: frozenset[Method], releases: set[str]) -> Finding:
    lacks, has_more = roads - one.roads, one.roads - roads
    if lacks:
        detail = f"cannot send by {_words(lacks)}, which this environment can"
        return fails(Check.WORKER, one.id, detail, _RESTART)
    if abs(one.clock_skew) > SKEW_ALARM:
        detail = f"its clocks disagree by {one.clock_skew.total_seconds():.1f} s"
        return fails(Check.WORKER, one.id, detail, "set its machine's clock, or the database's")
    if len(releases) > 1:
        detail = f"runs release {one.release or 'unnamed'}; there are also {_others(one, releases)}"
        return fails(Check.WORKER, one.id, detail, "bring all to one release, and restart them")
    more = f"; this environment has no {_words(has_more)}" if has_more else ""
    return fine(Check.WORKER, one.id, f"alive, sends by {_words(one.roads) or 'nothing'}{more}")


def _words(roads: frozenset[Method]) -> str:
    return ", ".join(sorted(road.value for road in roads))


def _others(one: Worker, releases: set[str]) -> str:
    return ", ".join(sorted(other or "unnamed" for other in releases if other != one.release))
