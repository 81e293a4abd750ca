"""How does a command answer? One JSON document or aligned text on standard output, problems on standard error.

It must not know what an answer means, nor import anything that makes a command slow to start.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from textwrap import wrap
from typing import Any

import typer

from oncallbot.errors import ConfigurationError, OncallbotError, Problem
from oncallbot.oncall.wallclock import zone

FINE, NO, MISUSE = 0, 1, 2
NOT_THERE = "-"
_INDENT = "  "  # of the lines beneath, where a terminal is too narrow for one line


def document(answer: Any) -> None:
    """The one JSON document of a command."""
    print(json.dumps(answer, indent=2, ensure_ascii=not is_unicode()))


def say(*lines: str) -> None:
    """Lines for people, on standard output."""
    for line in lines:
        print(line)


def warn(*lines: object) -> None:
    """One line for each problem, on standard error."""
    for line in lines:
        print(" ".join(str(line).split()), file=sys.stderr)


def no(*problems: Problem) -> typer.Exit:
    """To raise when the answer is no, or a problem was found."""
    warn(*problems)
    return typer.Exit(NO)


def misuse(*problems: Problem) -> typer.Exit:
    """To raise when the command was written wrongly."""
    warn(*problems)
    return typer.Exit(MISUSE)


@contextmanager
def refusals(*, as_json: bool) -> Iterator[None]:
    """What ends a command early is told in its document, too: exit 1 alone may also be its answer."""
    try:
        yield
    except OncallbotError as error:
        if as_json:
            found = error.problems if isinstance(error, ConfigurationError) else (Problem("database", str(error), ""),)
            document({"outcome": "problem", "problems": [problem_json(one) for one in found]})
        raise


def is_for_a_person() -> bool:
    """Does a terminal show this, so that more than what a script wants may be said?"""
    return sys.stdout.isatty()


def terminal_width() -> int:
    """Columns of the terminal."""
    return shutil.get_terminal_size().columns


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; the last one is never filled up.

    A terminal that is too narrow gets what does not fit on lines of its own beneath, column under column; whatever
    reads us from a pipe gets one line for each row.
    """
    from rich.cells import cell_len  # a name may be in letters that are two columns wide

    cells = [tuple(heading.upper() for heading in headings), *(tuple(row) for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    room = terminal_width() if is_for_a_person() else sys.maxsize
    for row in cells:
        filled = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        for place, columns in enumerate(_fitting(widths, room)):
            line = "  ".join(filled[one] for one in columns).rstrip()
            for piece in (line,) if len(columns) > 1 else wrap(line, max(room - len(_INDENT), 1)):
                print(f"{_INDENT if place else ''}{piece}")


def _fitting(widths: Sequence[int], room: int) -> list[list[int]]:
    """The columns, by number, that stand side by side on each line of a row; at least one on each."""
    lines = [[0]]
    for number in range(1, len(widths)):
        indent = len(_INDENT) if len(lines) > 1 else 0
        taken = indent + sum(widths[one] + 2 for one in lines[-1])
        if taken + widths[number] <= room:
            lines[-1].append(number)
        else:
            lines.append([number])
    return lines


def styled(lines: Iterable[Iterable[tuple[str, str]]]) -> None:
    """Lines of (text, style) for a terminal; NO_COLOR in the environment makes them plain."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    if console.no_color:  # rich would still write bold and underlined
        console = Console(highlight=False, soft_wrap=True, color_system=None)
    for line in lines:
        console.print(Text.assemble(*line))


def is_unicode() -> bool:
    """Can standard output show more than ASCII?"""
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def problem_json(problem: Problem) -> dict[str, str]:
    """A problem for programs."""
    return {"place": problem.place, "wrong": problem.wrong, "cure": problem.cure}


def instant(at: datetime | None) -> str | None:
    """As JSON has it: ISO 8601 in UTC, with its offset."""
    return at.astimezone(UTC).isoformat() if at is not None else None


def local(at: datetime | None, timezone: str, time: str = "%H:%M") -> str:
    """As people read it: `Mon 2026-02-02 09:00 CET`; the zone tells the two passes of a repeated hour apart."""
    return f"{at.astimezone(zone(timezone)):%a %Y-%m-%d {time} %Z}" if at is not None else NOT_THERE
