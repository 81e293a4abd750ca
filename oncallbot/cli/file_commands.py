"""How are the commands for schedule files written? `check`, `plan`, `apply` and `export`.

It must not import what carries them out before one is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATHS", help="Files and folders of *.yaml; all of them together. Default: schedules/"),
]


def add_to(commands: typer.Typer) -> None:
    """Makes them commands of the command line."""
    for command in (check, plan, apply, export):
        commands.command()(command)


def check(
    paths: Paths = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a file instead.")] = False,
    as_json: Json = False,
) -> int:
    """Are the schedule files valid? Needs no database."""
    from oncallbot.cli import checking

    return checking.print_schema() if schema else checking.check(_or_default(paths), as_json=as_json)


def plan(paths: Paths = None, as_json: Json = False) -> int:
    """What would `apply` change? Exit 0: nothing; 1: something."""
    from oncallbot.cli import applying

    return applying.show_plan(_or_default(paths), as_json=as_json)


def apply(
    paths: Paths = None,
    discard_drift: Annotated[bool, typer.Option("--discard-drift", help="Undo what was edited since.")] = False,
    as_json: Json = False,
) -> int:
    """Make the schedule files the running rules: all of them or nothing.

    PATHS are the whole set: what files created once and these do not have any more is removed.
    """
    from oncallbot.cli import applying

    return applying.apply(_or_default(paths), discards_drift=discard_drift, as_json=as_json)


def export(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATHS", help="Files and folders to write into; - as --stdout. Default: schedules/"),
    ] = None,
    to_stdout: Annotated[bool, typer.Option("--stdout", help="Print all as one document instead.")] = False,
    as_json: Json = False,
) -> int:
    """Write what runs into the schedule files, so that `apply` changes nothing.

    Only what differs is written: comments, order and quotes stay. Where no file is, a new one is made.
    """
    from oncallbot.cli import exporting

    return exporting.export(paths or (), to_stdout=to_stdout, as_json=as_json)


def _or_default(paths: Sequence[Path] | None) -> Sequence[Path]:
    return paths or (Path("schedules"),)
