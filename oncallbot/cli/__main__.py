"""Which commands are there, and how are they written? Each imports what carries it out only when it is called.

It must not carry out anything, nor let an error that a person can cause reach them as a traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated, Literal

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from oncallbot.cli import file_commands, schedule_commands
from oncallbot.cli.output import FINE, MISUSE, NO, warn
from oncallbot.errors import ConfigurationError, DatabaseUnavailable, OncallbotError

STOPPED = 130  # 128 + SIGINT
_PLAIN = {"rich_markup_mode": None, "add_completion": False, "pretty_exceptions_enable": False}

commands = typer.Typer(name="oncallbot", help="After-hours on-call for a support team.", **_PLAIN)  # type: ignore[arg-type]
database_commands = typer.Typer(help="The database.", **_PLAIN)  # type: ignore[arg-type]
twilio_commands = typer.Typer(help="What Twilio needs to know of us.", **_PLAIN)  # type: ignore[arg-type]
slack_commands = typer.Typer(help="What Slack needs to know of us.", **_PLAIN)  # type: ignore[arg-type]
webhook_commands = typer.Typer(help="Tokens by which machines report.", **_PLAIN)  # type: ignore[arg-type]

Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
Host = Annotated[str, typer.Option(help="The address to listen on; the port is PORT.")]
Reference = Annotated[str, typer.Argument(metavar="REF", help="AH-1042 or 1042.")]
As = Annotated[str, typer.Option("--as", metavar="RESPONDER", help="The responder's id.")]
Customer = Annotated[str | None, typer.Option(help="The customer's id.")]
BenchPart = Literal["all", "pages", "schedules"]


@commands.command()
def serve(host: Host = "0.0.0.0") -> None:
    """Web and worker in one process: all a small team needs."""
    from oncallbot.cli import desk, serving

    with desk.refusals_in_words():
        serving.serve(host)


@commands.command()
def web(host: Host = "0.0.0.0") -> None:
    """Only HTTP: any number on one PostgreSQL."""
    from oncallbot.cli import desk, serving

    with desk.refusals_in_words():
        serving.web(host)


@commands.command()
def worker() -> None:
    """Only alarms and sending: any number on one PostgreSQL."""
    from oncallbot.cli import desk, serving

    with desk.refusals_in_words():
        serving.worker()


@database_commands.command()
def upgrade() -> None:
    """Create or migrate the database (the release step)."""
    from oncallbot.cli import desk, serving

    with desk.refusals_in_words():
        serving.db_upgrade()


file_commands.add_to(commands)
schedule_commands.add_to(commands)


@commands.command()
def page(
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="What has happened.")],
    hotline: Annotated[str | None, typer.Option(help="The hotline's id; the only one may be left out.")] = None,
    customer: Customer = None,
    as_json: Json = False,
) -> int:
    """Page whoever is on call, at any hour. Prints the issue's reference."""
    from oncallbot.cli import pager

    return pager.page(" ".join(text), hotline, customer, as_json=as_json)


@commands.command()
def issues(
    is_all: Annotated[bool, typer.Option("--all", help="Closed ones too (the newest 10,000).")] = False,
    as_json: Json = False,
) -> int:
    """The open issues."""
    from oncallbot.cli import issues as listed

    return listed.list_issues(is_all=is_all, as_json=as_json)


@commands.command()
def issue(reference: Reference, as_json: Json = False) -> int:
    """One issue: what has happened, why, and who was notified."""
    from oncallbot.cli import issues as listed

    return listed.show_issue(reference, as_json=as_json)


@commands.command()
def acknowledge(reference: Reference, responder: As, as_json: Json = False) -> int:
    """I have it. Exit 0 when it is yours now, or was."""
    return _answer("acknowledge", reference, responder, "", as_json)


@commands.command()
def resolve(
    reference: Reference,
    responder: As,
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT", help="One line for the customer.")] = None,
    as_json: Json = False,
) -> int:
    """It is fixed."""
    return _answer("resolve", reference, responder, " ".join(text or ()), as_json)


@commands.command(name="pass")
def pass_on(reference: Reference, responder: As, as_json: Json = False) -> int:
    """Not me: the page moves on at once."""
    return _answer("pass", reference, responder, "", as_json)


@commands.command()
def note(
    reference: Reference,
    responder: As,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="Words for the timeline.")],
    as_json: Json = False,
) -> int:
    """Write a note on the issue's timeline."""
    return _answer("note", reference, responder, " ".join(text), as_json)


@commands.command()
def close(reference: Reference, responder: As, as_json: Json = False) -> int:
    """Close what is resolved or held, without waiting for the customer's word."""
    from oncallbot.cli import pager

    return pager.close(reference, responder, as_json=as_json)


@commands.command()
def dismiss(reference: Reference, responder: As, as_json: Json = False) -> int:
    """Close what was no issue (a robocall). Managers only."""
    from oncallbot.cli import pager

    return pager.dismiss(reference, responder, as_json=as_json)


def _answer(answer: str, reference: str, responder: str, words: str, as_json: bool) -> int:
    from oncallbot.cli import pager
    from oncallbot.escalation.events import Answer

    return pager.answer(reference, Answer(answer), responder, words, as_json=as_json)


@commands.command("sign-in")
def sign_in(responder: As, as_json: Json = False) -> int:
    """Print a link that signs a manager in to the pages: once, within 15 minutes."""
    from oncallbot.cli import signing_in

    return signing_in.sign_in(responder, as_json=as_json)


@webhook_commands.command("add")
def add_webhook(
    name: Annotated[str, typer.Argument(help="What the source is called; never used before.")],
    hotline: Annotated[str, typer.Option(help="The hotline's id.")],
    customer: Customer = None,
    as_json: Json = False,
) -> int:
    """Make a webhook. Prints its URL, once: keep it like a password."""
    from oncallbot.cli import webhooks

    return webhooks.add(name, hotline, customer, as_json=as_json)


@webhook_commands.command("list")
def list_webhooks(as_json: Json = False) -> int:
    """Every webhook, revoked ones too."""
    from oncallbot.cli import webhooks

    return webhooks.list_webhooks(as_json=as_json)


@webhook_commands.command("revoke")
def revoke_webhook(name: str, as_json: Json = False) -> int:
    """Make a webhook's URL unknown from now on."""
    from oncallbot.cli import webhooks

    return webhooks.revoke(name, as_json=as_json)


@commands.command()
def doctor(as_json: Json = False) -> int:
    """What would stop a page tonight, each with its cure. Only looks: nothing is written or sent. Exit 1: something."""
    from oncallbot.cli.doctor import report

    return report.doctor(as_json=as_json)


@twilio_commands.command("connect")
def twilio_connect(
    fallback: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the document of `twilio fallback` stands; asked with GET.")
    ] = None,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Only show what would change. Exit 1: something.")] = False,
    as_json: Json = False,
) -> int:
    """Point the webhooks of every hotline number at PUBLIC_URL. Shows each field before and after."""
    from oncallbot.cli import connecting

    return connecting.twilio_connect(fallback, is_dry=is_dry, as_json=as_json)


@twilio_commands.command("fallback")
def twilio_fallback(
    hotline: Annotated[str | None, typer.Argument(help="The hotline's id; the only one may be left out.")] = None,
    as_json: Json = False,
) -> int:
    """Print the TwiML that rings `fallback_number` when our machine is down. Host it on another machine."""
    from oncallbot.cli import vendors

    return vendors.twilio_fallback(hotline, as_json=as_json)


@slack_commands.command("manifest")
def slack_manifest(
    url: Annotated[str | None, typer.Option(help="How Slack reaches us; PUBLIC_URL when left out.")] = None,
) -> int:
    """Print the app's manifest (JSON): paste it at Slack under "Create an app from a manifest"."""
    from oncallbot.cli import vendors

    return vendors.slack_manifest(url)


@commands.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page is shown; 0 picks a free port.")] = 8000,
    host: Annotated[str, typer.Option(help="The address that the page listens on.")] = "127.0.0.1",
    headless: Annotated[
        bool, typer.Option("--headless", help="Play one night, and exit 1 unless it went well.")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Levels of 4 s, and nobody speaks slowly.")] = False,
) -> int | None:
    """The product beside emulated telephones and Slack, and a page to play both sides. Needs no account."""
    from oncallbot.cli import demo as played

    return played.demo(port=port, host=host, headless=headless, quick=quick)


@commands.command()
def bench(
    part: Annotated[
        BenchPart, typer.Argument(metavar="[pages|schedules]", help="What to measure; left out: everything.")
    ] = "all",
    reports: Annotated[int, typer.Option(min=1, help="Reports to post; other figures are of as many rounds.")] = 200,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="An empty PostgreSQL database, left empty. Default: a SQLite.")
    ] = None,
    as_json: Json = False,
) -> int:
    """How fast is it on this machine? Starts the product beside an emulated Twilio; takes two minutes."""
    from oncallbot.cli.bench import run as measuring

    return measuring.bench(part, reports, database, as_json=as_json)


commands.add_typer(database_commands, name="db")
commands.add_typer(webhook_commands, name="webhook")
commands.add_typer(slack_commands, name="slack")
commands.add_typer(twilio_commands, name="twilio")


def run(arguments: Sequence[str]) -> int:
    """Carries out one command line; the exit code. 0 fine, 1 the answer is no or a problem, 2 wrong usage."""
    try:
        done = _built()(list(arguments) or ["--help"], prog_name="oncallbot", standalone_mode=False)
        code = done if isinstance(done, int) else FINE
        sys.stdout.flush()
    except TyperException as error:
        return _misused(error)
    except ConfigurationError as error:
        warn(*error.problems)
        return NO
    except DatabaseUnavailable as error:
        warn(f"the database is not available: {error}; see that it runs and DATABASE_URL names it, then try again")
        return NO
    except OncallbotError as error:
        warn(error)
        return NO
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    except BrokenPipeError:  # whoever read us has seen enough; Python would complain again while it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    if code == STOPPED:
        warn("Stopped.")
    return code if arguments else MISUSE


@cache
def _built() -> Callable[..., object]:
    """All commands, put together once: typer itself does it for each command line, which takes 20 ms."""
    return get_command(commands)


def _misused(error: TyperException) -> int:
    """One line: what is wrong, and where the right way is explained."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "oncallbot"
    message = " ".join(error.format_message().split()).rstrip(".")
    warn(f"{command}: {message}; see {command} --help")
    return error.exit_code


def main() -> None:
    """The console script.

    Importing makes no garbage, and what is left at the end goes with the process: walking over it took a third of the
    time of a short command. A server turns the collector on again (`serving`).
    """
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name must not end a command on an old terminal
    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
