"""Can the database be reached, is its schema this release's, and could it be written? By looking only.

It must not create, migrate or write anything, nor show an address with its password.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from oncallbot.app import Desk, open_to_look
from oncallbot.cli.desk import refusals_in_words
from oncallbot.cli.doctor.findings import Check, Finding, fails, fine, not_known
from oncallbot.engine import health
from oncallbot.errors import ConfigurationError, OncallbotError, SchemaOutdated
from oncallbot.escalation.rules import Rules
from oncallbot.settings import Settings
from oncallbot.storage import keys, opt_outs, readiness, slack_ids, workers
from oncallbot.storage.schema import check_schema, found_revision
from oncallbot.storage.workers import Worker

# How the keys of requests begin that have passed the check of a signature: intake/, channels/, chat/bodies.
_OF_TWILIO = ("call/", "key/", "text/")
_OF_SLACK = ("event:", "action:", "shortcut:", "command:")
_LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says tonight. `skew` is how far its clock is from ours; None where it has none.

    `twilio_heard_at` and `slack_heard_at`: when a request whose signature was right last came in, if lately.
    """

    rules: Rules
    now: datetime
    alive: tuple[Worker, ...]
    slack_ids: Mapping[str, str]
    opted_out: frozenset[str]
    skew: timedelta | None
    paging: Mapping[str, health.Check]
    twilio_heard_at: datetime | None
    slack_heard_at: datetime | None


def examine(read: Settings, is_readable: bool) -> tuple[list[Finding], Stored | None]:
    """The findings, and what is stored; None when it cannot be read. `is_readable`: DATABASE_URL is."""
    if not is_readable:
        detail, cure = "DATABASE_URL cannot be read, so nothing in it was looked at", "correct DATABASE_URL first"
        return [not_known(Check.DATABASE, "DATABASE_URL", detail, cure)], None
    try:
        with refusals_in_words(), open_to_look(read) as desk:
            return _examined(desk, _name(desk))
    except ConfigurationError as error:
        return [fails(Check.DATABASE, one.place, one.wrong, one.cure) for one in error.problems], None
    except OncallbotError as error:
        cure = "see that it runs, and that DATABASE_URL names it"
        return [fails(Check.DATABASE, "DATABASE_URL", f"cannot be reached: {error}", cure)], None
    except DBAPIError as error:
        cure = "run oncallbot db upgrade; if that does not help, restore a back-up"
        return [fails(Check.DATABASE, "DATABASE_URL", f"cannot be read: {type(error.orig).__name__}", cure)], None


def _name(desk: Desk) -> str:
    url = desk.database.url
    if desk.database.is_postgresql:
        return f"PostgreSQL {url.database or ''} at {url.host or url.query.get('host') or 'this machine'}"
    return f"SQLite {url.database}"


def _examined(desk: Desk, name: str) -> tuple[list[Finding], Stored | None]:
    database = desk.database
    file = Path(str(database.url.database))
    if not database.is_postgresql and not file.parent.is_dir():
        return [
            fails(Check.DATABASE, name, "there is no such folder", "make the folder, or correct DATABASE_URL")
        ], None
    if not database.is_postgresql and not file.exists():
        cure = "start oncallbot serve or run oncallbot db upgrade: either creates it; or correct DATABASE_URL"
        return [fails(Check.DATABASE, name, "there is no such file", cure)], None
    try:
        check_schema(database)
    except SchemaOutdated as error:
        words, _, cure = str(error).rpartition(": ")
        return [fails(Check.DATABASE, name, words, cure)], None
    with database.read() as connection:
        revision = found_revision(connection)
        found = [fails(Check.DATABASE, name, one.wrong, one.cure) for one in readiness.problems(database, connection)]
    stored = _stored(desk)
    detail = f"can be read and written; schema {revision}, rules at revision {stored.rules.revision}"
    return found or [fine(Check.DATABASE, name, detail)], stored


def _stored(desk: Desk) -> Stored:
    now, paging = desk.clock.now(), health.paging(desk.door)
    with desk.database.read() as connection:
        rules = desk.door.rules.of(connection)
        seen = workers.seen_since(connection, now - health.WORKER_IS_SILENT)
        there = desk.database.time_there(connection)
        return Stored(
            rules=rules,
            now=now,
            alive=tuple(one for one in seen if one.kind != "web"),
            slack_ids=dict(slack_ids.all_ones(connection)),
            opted_out=_opted_out(connection, rules),
            skew=there - (now - desk.clock.offset) if there is not None else None,
            paging=paging,
            twilio_heard_at=_lately(keys.newest(connection, _OF_TWILIO), now),
            slack_heard_at=_lately(keys.newest(connection, _OF_SLACK), now),
        )


def _lately(at: datetime | None, now: datetime) -> datetime | None:
    """Older ones prove nothing: tokens and addresses change."""
    return at if at is not None and now - at < _LATELY else None


def _opted_out(connection: Connection, rules: Rules) -> frozenset[str]:
    """Ids of responders who have told the carrier to stop our texts."""
    people = rules.responders.values()
    return frozenset(one.id for one in people if one.phone and opt_outs.since(connection, one.phone) is not None)
