"""How are the commands about who is on call written? `who`, `shifts`, `count`, `order` and `feed`.

It must not import what carries them out before one is called.
"""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
Schedule = Annotated[str | None, typer.Argument(help="The schedule's id; left out: every schedule.")]


def add_to(commands: typer.Typer) -> None:
    """Makes them commands of the command line."""
    for command in (who, shifts, count, order, feed):
        commands.command()(command)


def who(
    schedule: Schedule = None,
    at: Annotated[str | None, typer.Option(metavar="T", help="2026-02-03 18:00, local unless with offset.")] = None,
    as_json: Json = False,
) -> int:
    """Who is on call, until when, why, and who is next?"""
    from oncallbot.cli import schedules

    return schedules.who(schedule, at, as_json=as_json)


def shifts(
    schedule: Schedule = None,
    is_all: Annotated[bool, typer.Option("--all", help="Every schedule, as without SCHEDULE.")] = False,
    from_: Annotated[str | None, typer.Option("--from", metavar="T", help="Default: now.")] = None,
    to: Annotated[
        str | None, typer.Option(metavar="T", help="A date alone includes that day. Default: 14 days later.")
    ] = None,
    as_json: Json = False,
) -> int:
    """The final shifts, with who and why; past ones as they were worked. Times without offset are the schedule's."""
    from oncallbot.cli import schedules

    return schedules.shifts(schedule, from_, to, is_all=is_all, as_json=as_json)


def count(
    schedule: Schedule = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="T", help="Default: this year.")] = None,
    to: Annotated[str | None, typer.Option(metavar="T", help="A date alone includes that day. Default: now.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Answer with CSV, for spreadsheets.")] = False,
    as_json: Json = False,
) -> int:
    """Worked hours per person by kind, pages, wake-ups, and who had more than others."""
    from oncallbot.cli import counting

    return counting.count(schedule, from_, to, as_csv=as_csv, as_json=as_json)


def order(
    schedule: Annotated[str, typer.Argument(help="The schedule's id.")],
    is_fairest: Annotated[
        bool, typer.Option("--fairest", help="Who has had least comes first, or takes the heaviest turns.")
    ] = False,
    layer: Annotated[str | None, typer.Option(help="The layer's name; the only one may be left out.")] = None,
    since: Annotated[str | None, typer.Option(metavar="T", help="Count hours from then. Default: this year.")] = None,
    applies: Annotated[bool, typer.Option("--apply", help="Make it so. Needs --as.")] = False,
    responder: Annotated[str | None, typer.Option("--as", metavar="MANAGER", help="The manager's id.")] = None,
    as_json: Json = False,
) -> int:
    """Propose an order of turns, with a ledger of who has had and would get how much. Changes nothing by itself."""
    from oncallbot.cli import ordering

    return ordering.order(schedule, layer, since, responder, is_fairest=is_fairest, applies=applies, as_json=as_json)


def feed(
    name: Annotated[str, typer.Argument(metavar="RESPONDER|SCHEDULE", help="Whose shifts: an id.")],
    responder: Annotated[
        str | None, typer.Option("--as", metavar="RESPONDER", help="Whose address; a responder's own if left out.")
    ] = None,
    revokes: Annotated[bool, typer.Option("--revoke", help="The address shows nothing any more.")] = False,
    as_json: Json = False,
) -> int:
    """Print the secret address of a calendar feed; it is made when there is none yet."""
    from oncallbot.cli import feeds

    return feeds.feed(name, responder, revokes=revokes, as_json=as_json)
