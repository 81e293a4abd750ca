"""What does `oncallbot bench` answer? Measures what was asked for, and says it as tables or as one JSON document.

It must not hide that the machine had other work, nor leave a process or a row behind.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from oncallbot.cli import children, desk
from oncallbot.cli.bench import lent, machine, pages, resolver
from oncallbot.cli.bench.figures import markdown, ms, rounded
from oncallbot.cli.bench.house import House
from oncallbot.cli.bench.pages import Memory, Pages, Starts
from oncallbot.cli.bench.resolver import Compared, Grown
from oncallbot.cli.children import Stopped, Unexpected
from oncallbot.cli.output import FINE, NO, document, say, warn
from oncallbot.cli.own_folder import folder

ALL = "all"
PAGES_WITHIN = 100  # milliseconds, 99 of 100 reports
_NOT_KNOWN = "not known here"


@dataclass(frozen=True, slots=True)
class _Measured:
    """Everything there is to say; what was not asked for is None or empty."""

    machine: dict[str, Any]
    pages: Pages | None = None
    starts: Starts | None = None
    memory: Memory | None = None
    compared: tuple[Compared, ...] = ()
    grown: tuple[Grown, ...] = ()


def bench(part: str, reports: int, database: str | None, *, as_json: bool) -> int:
    """Measure `pages`, `schedules` or `all`. Each other figure is the median of as many rounds as there are reports."""
    try:
        with desk.refusals_in_words():
            measured = _measure(part, reports, database)
    except Stopped as stopped:
        warn("Stopped.")
        return 128 + stopped.number
    except Unexpected as problem:
        warn(f"bench: {problem}")
        return NO
    if as_json:
        document(_document(measured))
    else:
        say("\n\n".join(_tables(measured)))
    return FINE


def _measure(part: str, reports: int, database: str | None) -> _Measured:
    load = machine.load()
    facts: dict[str, Any] = machine.described() | {"load_before": load, "was_busy": machine.is_busy(load)}
    measured = _Measured(facts)
    if part in (ALL, "pages"):
        if database is not None:
            lent.refuse_used(database)
        facts["database"] = lent.described(database)
        found, starts, memory = _measure_pages(reports, database)
        measured = replace(measured, pages=found, starts=starts, memory=memory)
    if part in (ALL, "schedules"):
        _progress("schedules: who is on call, beside the least code that could say it")
        compared, grown = tuple(resolver.compared(reports)), tuple(resolver.grown(reports))
        measured = replace(measured, compared=compared, grown=grown)
    return measured


def _measure_pages(reports: int, database: str | None) -> tuple[Pages, Starts, Memory]:
    with (
        children.signals() as signals,
        folder("bench") as own,
        House(own, signals, database) as house,
    ):
        house.open()
        _progress("starts: serve, --help and who")
        starts = pages.starts(house, max(1, min(pages.STARTS, reports // 10)))
        at_start = house.memory
        _progress(f"pages: {reports} reports, one every {pages.PAUSE} s")
        found = pages.pages(house, reports)
        burst = min(pages.BURST, 5 * reports)
        _progress(f"memory: {burst} more reports, without a pause")
        return found, starts, Memory(at_start, pages.burst(house, burst), house.memory)


def _progress(what: str) -> None:
    print(f"measuring {what} …", file=sys.stderr, flush=True)


def _document(measured: _Measured) -> dict[str, Any]:
    said: dict[str, Any] = {"machine": measured.machine}
    if measured.pages and measured.starts and measured.memory:
        said |= _pages_document(measured.pages, measured.starts, measured.memory)
    if measured.compared:
        compared = [
            {
                "question": one.question,
                "ours_ms": rounded(one.ours),
                "floor_ms": _rounded(one.floor),
                "goal_ms": one.goal,
            }
            for one in measured.compared
        ]
        grown = [
            {"what": one.what, "count": one.count, "instant_ms": rounded(one.instant), "shifts_ms": rounded(one.shifts)}
            for one in measured.grown
        ]
        said["schedules"] = {"compared": compared, "grown": grown}
    return said


def _pages_document(found: Pages, starts: Starts, memory: Memory) -> dict[str, Any]:
    return {
        "pages": {
            "reports": found.reports,
            "disturbed": found.disturbed,
            "request": found.request.document(),
            "answer": found.answer.document(),
        },
        "starts": {
            "count": starts.count,
            "serve_ms": rounded(starts.serve),
            "help_ms": rounded(starts.help),
            "who_ms": rounded(starts.who),
        },
        "memory": {
            "at_start_mb": _rounded(memory.at_start),
            "reports": memory.reports,
            "afterwards_mb": _rounded(memory.afterwards),
        },
    }


def _rounded(figure: float | None) -> float | None:
    return rounded(figure) if figure is not None else None


def _tables(measured: _Measured) -> Iterator[str]:
    yield _machine_in_words(measured)
    if measured.pages and measured.starts and measured.memory:
        yield _pages_table(measured.pages)
        yield _starts_table(measured.starts, measured.memory)
    if measured.compared:
        yield _compared_table(measured.compared)
        yield _grown_table(measured.grown)


def _machine_in_words(measured: _Measured) -> str:
    facts = measured.machine
    database = f", {facts['database']}" if "database" in facts else ""
    cores = f"{facts['cores']} cores" if facts["cores"] != 1 else "1 core"
    lines = [f"Machine: {cores} ({facts['processor']}), {facts['system']}, Python {facts['python']}{database}."]
    load = f"load average {facts['load_before']:g} before"
    if facts["was_busy"]:
        lines.append(f"**The machine was not idle** ({load}): times on the wall are shorter on an idle one.")
    else:
        lines.append(f"The machine was idle ({load}).")
    if measured.pages and measured.pages.disturbed:
        found = measured.pages
        lines.append(f"Something else ran when {found.disturbed} of the {found.reports} reports were posted.")
    return "\n".join(lines)


def _pages_table(found: Pages) -> str:
    rows = []
    for what, spread, goal in (
        ("until Twilio has the request", found.request, f"p99 ≤ {PAGES_WITHIN} ms"),
        ("until the webhook has answered", found.answer, ""),
    ):
        rows.append((what, ms(spread.p50), ms(spread.p90), ms(spread.p99), ms(spread.longest), goal))
    return markdown((f"from a report, {found.reports} of them", "p50", "p90", "p99", "longest", "goal"), rows)


def _starts_table(starts: Starts, memory: Memory) -> str:
    rows = [
        ("`oncallbot --help`", ms(starts.help)),
        ("`oncallbot who`", ms(starts.who)),
        ("`oncallbot serve`, until `Listening on`", ms(starts.serve)),
        ("memory of `serve`, just started", _mb(memory.at_start)),
        (f"memory of `serve`, after {memory.reports} reports", _mb(memory.afterwards)),
    ]
    return markdown((f"start and memory, medians of {starts.count}", "figure"), rows)


def _mb(figure: float | None) -> str:
    return f"{figure:.0f} MB" if figure is not None else _NOT_KNOWN


def _compared_table(compared: tuple[Compared, ...]) -> str:
    rows = [
        (one.question, ms(one.ours), ms(one.floor) if one.floor is not None else "–", f"{one.goal:g} ms")
        for one in compared
    ]
    return markdown(("schedules, process CPU", "ours", "floor", "goal"), rows)


def _grown_table(grown: tuple[Grown, ...]) -> str:
    rows = [(f"{one.what}: {one.count}", ms(one.instant), ms(one.shifts)) for one in grown]
    return markdown(("as it grows, process CPU", "an instant", "90 days"), rows)
