"""Who knows whom? The one place that wires settings, database, engine, channels and doors together.

It must not decide, and nothing below it may import it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from oncallbot.clock import Clock
from oncallbot.engine.handle import Door
from oncallbot.engine.running_rules import RunningRules
from oncallbot.errors import ConfigurationError, Problem
from oncallbot.oncall.people import Method
from oncallbot.settings import Settings
from oncallbot.storage import schema
from oncallbot.storage.database import Database

if TYPE_CHECKING:
    from fastapi import FastAPI

    from oncallbot.channels.phones import Telephones
    from oncallbot.channels.slack_clients import SlackClients
    from oncallbot.chat.app import App
    from oncallbot.chat.client import Credentials as SlackCredentials
    from oncallbot.chat.openid import Provider
    from oncallbot.engine.measures import Measures
    from oncallbot.engine.sending import Sender
    from oncallbot.engine.slack_names import Lookup
    from oncallbot.engine.worker import Worker
    from oncallbot.telephony.client import Credentials as TwilioCredentials

log = logging.getLogger(__name__)

STOPS_WITHIN = timedelta(seconds=3)
_LONGEST_SEND = timedelta(seconds=6)  # for connecting to Slack, and again for its answer
_LONGEST_FORM = timedelta(seconds=2)  # a click is answered within three seconds, or its trigger is gone
_NO_SECRET = "unused: nothing is signed here"


def read_settings(environ: Mapping[str, str], *, needs_secret: bool = True) -> Settings:
    """The settings of this environment. Without `needs_secret` a missing SECRET_KEY is no problem: nothing is signed.

    Raises ConfigurationError with every problem.
    """
    given = dict(environ)
    if not needs_secret and not given.get("SECRET_KEY", "").strip():
        given["SECRET_KEY"] = _NO_SECRET
    return Settings.read(given)


_TWILIOS = frozenset({Method.SMS, Method.VOICE})
_SLACKS = frozenset({Method.SLACK})
_BUILT = _TWILIOS | _SLACKS


def roads(settings: Settings) -> frozenset[Method]:
    """The contact methods whose vendor is connected and whose channel is built."""
    nothing: frozenset[Method] = frozenset()
    return (_TWILIOS if settings.has_twilio else nothing) | (_SLACKS if settings.has_slack else nothing)


@dataclass(slots=True)
class Desk:
    """What every command needs: the door with its database and clock. Close it, or use it in a `with`."""

    settings: Settings
    database: Database
    clock: Clock
    door: Door

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()


def open_desk(settings: Settings, wake: Callable[[], None] = lambda: None, *, sends: bool = False) -> Desk:
    """Open the database: SQLite is migrated at once, PostgreSQL must have been (SchemaOutdated says how).

    `wake` is called after commits that left something to send; a command needs none, the worker sees its commit.
    Unless this process `sends`, the roads are those of the workers: a shell without Twilio's variables must not
    decide that nobody can be reached.
    """
    database = Database.open(settings.database_url)
    try:
        if database.is_postgresql:
            schema.check_schema(database)
        else:
            schema.upgrade(database)
    except BaseException:
        database.close()
        raise
    clock = Clock(settings.clock_offset)
    rules = RunningRules(roads(settings) if sends else None, roads(settings) or _BUILT)
    return Desk(settings, database, clock, Door(database, clock, rules, wake))


def open_to_look(settings: Settings) -> Desk:
    """A desk that only looks: it migrates, creates and writes nothing. Whether the schema is ours is for the caller.

    Until a worker has said by which roads it sends, those of `settings` are taken for its own.
    """
    database, clock = Database.open_to_look(settings.database_url), Clock(settings.clock_offset)
    return Desk(settings, database, clock, Door(database, clock, RunningRules(None, roads(settings)), lambda: None))


def upgrade(settings: Settings) -> None:
    """Create or migrate the database."""
    database = Database.open(settings.database_url)
    try:
        schema.upgrade(database)
    finally:
        database.close()


@dataclass(slots=True)
class Product:
    """A server process: `web` answers HTTP where there is one, `worker` rings and sends where there is one."""

    desk: Desk
    web: FastAPI | None
    worker: Worker | None

    def start(self) -> None:
        """Start ringing and sending."""
        if self.worker is not None:
            self.worker.start()

    def end_streams(self) -> None:
        """Browsers that watch a page are let go. Safe in a signal's handler."""
        if self.web is not None:
            self.web.state.pages.watcher.stop()

    def stop(self) -> None:
        """Stop within 5 s; what is still under way is sent again by whoever starts next."""
        if self.worker is not None:
            self.worker.stop(STOPS_WITHIN)
        self.desk.database.close()


def assemble(settings: Settings, kind: str) -> Product:
    """A process of this kind: serve, web or worker. Raises ConfigurationError where SQLite would be shared."""
    from oncallbot.engine.measures import Measures

    waker = _Waker()
    desk = open_desk(settings, waker.wake, sends=kind != "web")
    for warning in settings.warnings:
        log.warning("%s", warning)
    measures = Measures()
    telephones, slack = _telephones(settings), _slack_clients(settings, _LONGEST_SEND)
    try:
        if not desk.database.is_postgresql and kind != "serve":
            cure = "use `oncallbot serve`, or set DATABASE_URL to a PostgreSQL"
            raise ConfigurationError((Problem("DATABASE_URL", f"SQLite cannot be shared by `{kind}` processes", cure),))
        worker = None if kind == "web" else _worker(desk, telephones, slack, measures, kind, waker)
    except BaseException:
        desk.database.close()
        raise
    return Product(desk, None if kind == "worker" else _web(desk, measures), worker)


class _Waker:
    """Stands between the door and the dispatcher, which needs the door to be made."""

    def __init__(self) -> None:
        self.wake_senders: Callable[[], None] = lambda: None

    def wake(self) -> None:
        self.wake_senders()


def _worker(
    desk: Desk,
    telephones: Telephones | None,
    slack: SlackClients | None,
    measures: Measures,
    kind: str,
    waker: _Waker,
) -> Worker:
    from oncallbot.engine.alarms import Alarms
    from oncallbot.engine.outbox import Dispatcher
    from oncallbot.engine.sending import Courier
    from oncallbot.engine.worker import Worker, new_id
    from oncallbot.storage.locks import WorkerLock

    id_ = new_id(kind, desk.clock.now())
    lock = WorkerLock.hold(desk.database, id_)
    if lock is None:
        cure = "stop the other one, or set DATABASE_URL to a PostgreSQL"
        raise ConfigurationError((Problem("DATABASE_URL", "another `oncallbot serve` uses this SQLite file", cure),))
    senders = _senders(desk, telephones, slack)
    dispatcher = Dispatcher(desk.door, Courier(desk.door, senders, measures), id_)
    waker.wake_senders = dispatcher.wake
    calls = senders.get(Method.VOICE)
    alarms, settings = Alarms(desk.door, measures), desk.settings
    names = _lookup(desk, slack)
    return Worker(desk.door, alarms, dispatcher, calls, lock, kind, settings.release, id_, roads(settings), names)


def twilio_credentials(settings: Settings) -> TwilioCredentials | None:
    """Who we are at Twilio; None without it."""
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    from oncallbot.telephony.client import Credentials

    secret = settings.twilio_api_key_secret
    return Credentials(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.twilio_api_key_sid if secret else None,
        secret.get_secret_value() if secret else None,
        settings.twilio_api_url,
    )


def slack_credentials(settings: Settings) -> SlackCredentials | None:
    """Who we are at Slack; None without it."""
    if settings.slack_bot_token is None:
        return None
    from oncallbot.chat.client import Credentials

    return Credentials(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)


def _telephones(settings: Settings) -> Telephones | None:
    credentials = twilio_credentials(settings)
    if credentials is None:
        return None
    from oncallbot.channels.phones import Telephones

    return Telephones(credentials)


def _slack_clients(settings: Settings, timeout: timedelta) -> SlackClients | None:
    """One client per thread that asks; none without Slack."""
    credentials = slack_credentials(settings)
    if credentials is None:
        return None
    from oncallbot.channels.slack_clients import SlackClients

    return SlackClients(credentials, timeout)


def _lookup(desk: Desk, slack: SlackClients | None) -> Lookup | None:
    if slack is None:
        return None
    from oncallbot.channels.slack_directory import SlackDirectory
    from oncallbot.engine.slack_names import Lookup

    return Lookup(desk.door, SlackDirectory(slack))


def _senders(desk: Desk, telephones: Telephones | None, slack: SlackClients | None) -> dict[Method, Sender]:
    made: dict[Method, Sender] = {}
    settings = desk.settings
    if telephones is not None:
        from oncallbot.channels.link import Links
        from oncallbot.channels.sms import SmsSender
        from oncallbot.channels.voice import VoiceSender

        links = Links(settings.secret_key.get_secret_value(), settings.public_url)
        made[Method.SMS] = SmsSender(telephones, settings.public_url, links)
        made[Method.VOICE] = VoiceSender(telephones, settings.public_url)
    if slack is not None:
        from oncallbot.channels.slack import SlackSender

        made[Method.SLACK] = SlackSender(desk.door, slack, settings.public_url)
    return made


def _bolt(desk: Desk) -> App | None:
    """The one Bolt app, with everybody who listens to it; None without Slack. Nothing here asks Slack anything."""
    settings = desk.settings
    clients = _slack_clients(settings, _LONGEST_FORM)
    token, secret = settings.slack_bot_token, settings.slack_signing_secret
    team, bot, user = settings.slack_team_id, settings.slack_bot_id, settings.slack_bot_user_id
    if clients is None or token is None or secret is None or team is None or bot is None or user is None:
        return None
    from oncallbot.channels import slack_listeners
    from oncallbot.chat import app as chat
    from oncallbot.engine.feeding import Feeding
    from oncallbot.engine.slack_names import Workspace
    from oncallbot.intake import slack_channel, slack_shortcut

    bolt = chat.create(
        signing_secret=secret.get_secret_value(),
        token=token.get_secret_value(),
        team_id=team,
        bot_id=bot,
        bot_user_id=user,
        api_url=settings.slack_api_url,
    )
    workspace = Workspace(desk.door, team)
    feeding = Feeding(desk.door, settings.secret_key.get_secret_value(), settings.public_url)
    slack_listeners.register(bolt, workspace, clients, feeding)
    slack_channel.register(bolt, workspace)
    slack_shortcut.register(bolt, workspace)
    return bolt


def _provider(settings: Settings) -> Provider | None:
    """By whom managers sign in; None where they do by links only. It is asked only when somebody signs in."""
    if settings.slack_client_id is None or settings.slack_client_secret is None:
        return None
    from oncallbot.chat.manifest import SIGNED_IN_PATH
    from oncallbot.chat.openid import Provider

    secret = settings.slack_client_secret.get_secret_value()
    return Provider(settings.oidc_issuer, settings.slack_client_id, secret, settings.public_url + SIGNED_IN_PATH)


def _web(desk: Desk, measures: Measures) -> FastAPI:
    from oncallbot.channels.link import Links
    from oncallbot.web import app as web

    settings = desk.settings
    return web.create(
        web.Doors(
            door=desk.door,
            measures=measures,
            public_url=settings.public_url,
            twilio_tokens=settings.twilio_auth_tokens,
            release=settings.release,
            links=Links(settings.secret_key.get_secret_value(), settings.public_url),
            slack=_bolt(desk),
            openid=_provider(settings),
            slack_team=settings.slack_team_id,
        )
    )
