"""A night on a real database: rules applied, a clock that is moved by hand, Twilio emulated at the HTTP seam.

Nothing of ours is stood in for. Outbox work is done by the caller's own thread (`Night.send`), so nobody waits.
"""

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Dialect, Engine, event

from oncallbot.clock import Clock
from oncallbot.engine.alarms import Alarms
from oncallbot.engine.change import Changed, Edit, change
from oncallbot.engine.handle import Answered, Door
from oncallbot.engine.measures import Measures
from oncallbot.engine.running_rules import RunningRules
from oncallbot.engine.sending import Courier, Sender
from oncallbot.escalation.events import Answer, CustomerReported, ResponderAnswered
from oncallbot.escalation.issue import AttemptStatus, Issue, Road
from oncallbot.escalation.outcomes import Kind
from oncallbot.oncall.people import Method
from oncallbot.schedule_files.load import load_files
from oncallbot.storage import issues, outbox, rule_objects, timeline
from oncallbot.storage.database import Database
from oncallbot.storage.engines import parsed, postgresql_engine, sqlite_engine
from oncallbot.storage.outbox import Notification, Purpose
from oncallbot.storage.rule_objects import Removed
from oncallbot.storage.schema import upgrade
from tests.postgresql import PostgreSQL

NIGHT = datetime(2026, 12, 26, 2, 10, tzinfo=UTC)  # Saturday, 03:10 in Berlin
NOON = datetime(2026, 12, 21, 11, 0, tzinfo=UTC)  # Monday, the office is open
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOTLINE, NO_HOTLINE, OFFICE = "+493023125999", "+493023125998", "+493023125888"
ERIK, FRIDA, BETA, STRANGER = "+493023125100", "+493023125101", "+493023125110", "+493023125700"
ANA, BEN, CEM, DORA = (f"+49302312500{one}" for one in range(1, 5))
WORKER = "serve-test"
SECRET = "a secret of forty characters, not a word"

ROSTER = """\
timezone: Europe/Berlin
responders:
  ana:
    name: Ana Ruiz
    phone: +49 30 23125 001
    notify: [{after: 0s, by: sms}, {after: 1m, by: voice}, {after: 3m, by: voice}]
  ben: {name: Ben Okafor, phone: +49 30 23125 002, notify: [{after: 0s, by: voice}]}
  cem: {name: Cem Aydin, phone: +49 30 23125 003, notify: [{after: 0s, by: sms}]}
  dora: {name: Dora Lind, phone: +49 30 23125 004, manager: true, notify: [{after: 0s, by: sms}]}
office_hours:
  berlin: {open: {mon-fri: 09:00-18:00}}
schedules:
  primary:
    must_cover: {outside: berlin}
    layers:
      - name: weekly
        every: 1 week
        first_handoff: 2026-12-21 09:00
        participants: [ana, ben, cem]
policies:
  default:
    levels:
      - page: [{schedule: primary}]
        timeout: 5m
      - page: [{next: primary}]
        timeout: 5m
    last_resort: [{responder: dora}]
tiers:
  gold: {promise: 15m, call_back: 15m}
  standard: {promise: 60m, call_back: 60m, held_promise: 2h}
customers:
  acme:
    name: Acme GmbH
    tier: gold
    phones: [+49 30 23125 100, +49 30 23125 101]
    email_domains: [acme.example]
    language: de
  beta: {name: Beta Ltd, tier: standard, phones: [+49 30 23125 110], language: fr}
hotlines:
  main:
    name: Example Support
    numbers: [+49 30 23125 999]
    office_hours: berlin
    office_target: +49 30 23125 888
    policies: {default: default}
    default_tier: standard
    managers: [dora]
    languages: [en, de]
"""


class HandClock(Clock):
    """Stands still until it is moved. Vendors' clocks are real: the offset says how far away ours is from theirs."""

    at: datetime
    skewed: timedelta

    def __init__(self, at: datetime = NIGHT) -> None:
        super().__init__(at - datetime.now(UTC))
        self.sets(at=at, skewed=timedelta())

    def sets(self, **fields: Any) -> None:
        self.__dict__.update(fields)  # the class itself is frozen

    def now(self) -> datetime:
        return self.at

    def skew(self) -> timedelta:
        return self.skewed

    def moves(self, by: timedelta) -> None:
        self.sets(at=self.at + by)


class Night:
    """One process's door on the database, with short verbs for what people do."""

    def __init__(self, database: Database, clock: HandClock, roads: tuple[Method, ...] = (Method.SMS, Method.VOICE)):
        self.database, self.clock, self.woken = database, clock, 0
        self.door = Door(database, clock, RunningRules(frozenset(roads)), self._wake)
        self.measures = Measures()
        self.alarms = Alarms(self.door, self.measures)
        self.senders: Mapping[Method, Sender] = {}
        self.public_url = "https://pager.example"

    def _wake(self) -> None:
        self.woken += 1

    # People

    def reports(self, words: str = "the plant stands still", *, key: str | None = None, **fields: Any) -> Answered:
        event = CustomerReported(
            **{
                "hotline": "main",
                "customer": "acme",
                "contact": ERIK,
                "caller": ERIK,
                "road": Road.WEBHOOK,
                "words": words,
                **fields,
            }
        )
        return self.door.handle(event, key=key, render=lambda outcome, *_: f"{outcome.kind} {outcome.number}")

    def opens(self, words: str = "the plant stands still", **fields: Any) -> int:
        """A report that opens an issue; its number."""
        outcome = self.reports(words, **fields).outcome
        assert outcome is not None
        assert outcome.kind is Kind.OPENED
        assert outcome.number is not None
        return outcome.number

    def answers(self, responder: str, answer: str = "acknowledge", issue: int | None = None, **more: Any) -> Any:
        event = ResponderAnswered(responder, Answer(answer), "sms", more.pop("words", ""))
        return self.door.handle(event, issue=issue, **more).outcome

    def passes(self, by: timedelta) -> None:
        """Time passes, and the alarms that are due ring."""
        self.clock.moves(by)
        self.alarms.ring()

    def loses(self, kind: str, id_: str) -> None:
        """An object goes although `change` would refuse it: what is stored may be older than that refusal."""
        with self.database.write() as connection:
            running = rule_objects.revision(connection)
            assert rule_objects.replace_objects(connection, [Removed(kind, id_)], running, "test", self.clock.now())

    # What is stored

    def issue(self, number: int) -> Issue:
        with self.database.read() as connection:
            found = issues.load(connection, number)
        assert found is not None
        return found

    def kinds(self, number: int) -> list[str]:
        with self.database.read() as connection:
            return [str(one.kind) for one in timeline.of(connection, number)]

    def texts(self, number: int, kind: str) -> list[str]:
        with self.database.read() as connection:
            return [one.text for one in timeline.of(connection, number) if one.kind == kind]

    def rows(self, number: int, **wanted: Any) -> list[Notification]:
        with self.database.read() as connection:
            found = outbox.of_issue(connection, number)
        return [one for one in found if all(getattr(one, name) == value for name, value in wanted.items())]

    def pages(self, number: int, responder: str = "ana") -> list[Notification]:
        return self.rows(number, purpose=Purpose.PAGE, responder=responder)

    def row(self, id_: str) -> Notification:
        with self.database.read() as connection:
            found = outbox.load(connection, id_)
        assert found is not None
        return found

    def statuses(self, number: int) -> list[AttemptStatus]:
        return [one.status for one in self.pages(number)]

    # The outbox, by hand

    @property
    def courier(self) -> Courier:
        return Courier(self.door, self.senders, self.measures)

    def claims(self, limit: int = 50, worker: str = WORKER) -> list[Notification]:
        now = self.clock.now()
        with self.database.write() as connection:
            claimed = outbox.claim(connection, now, worker, limit)
            return claimed + outbox.claim_unknown(connection, now, worker, limit)

    def claims_one(self, id_: str) -> Notification:
        """Claims everything due and gives the rest back."""
        claimed = self.claims()
        with self.database.write() as connection:
            for other in (one for one in claimed if one.id != id_):
                outbox.postpone(
                    connection, other.id, other.lease_token or "", other.due_at, other.error, tries=other.tries
                )
        return next(one for one in claimed if one.id == id_)

    def sends(self) -> list[Notification]:
        """Everything that is due leaves, until nothing is; what it was, in its order."""
        sent: list[Notification] = []
        while claimed := self.claims(1):
            for one in claimed:
                self.courier.carry(one)
            sent += claimed
            assert len(sent) < 200, "the outbox does not come to an end"
        return sent


def at_once(*does: Callable[[], Any]) -> list[Any]:
    """Runs these in threads that begin together; their answers, in order."""
    barrier = threading.Barrier(len(does))

    def run(do: Callable[[], Any]) -> Any:
        barrier.wait(10)
        return do()

    with ThreadPoolExecutor(len(does)) as pool:
        return [one.result(30) for one in [pool.submit(run, do) for do in does]]


def roster(folder: Path, text: str = ROSTER) -> Mapping[tuple[str, str], str]:
    """The objects of this file. A text is read once: most tests have one of a few."""
    if text not in _read:
        path = folder / "roster.yaml"
        path.write_text(text)
        _read[text] = load_files([path]).objects
    return dict(_read[text])


_read: dict[str, Mapping[tuple[str, str], str]] = {}


def prepared(url: str, folder: Path, *more: str) -> str:
    """Migrates the database and applies the roster, then these."""
    database = Database.open(url)
    upgrade(database)
    door = Door(database, HandClock(), RunningRules(frozenset()), lambda: None)
    for revision, text in enumerate((ROSTER, *more)):
        done = change(door, Edit(roster(folder, text), from_files=True), "test", revision)
        assert isinstance(done, Changed), done
    database.close()
    return url


@pytest.fixture(scope="session")
def sqlite_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    prepared(f"sqlite:///{folder / 'oncallbot.db'}", folder)
    return folder / "oncallbot.db"


@pytest.fixture(scope="session")
def postgresql_night(postgresql_server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> str:
    return prepared(postgresql_server.fresh_database(), tmp_path_factory.mktemp("night"))


@pytest.fixture
def night_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the roster. SQLite, unless the test asks for both kinds with `both`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_night"), tmp_path / "oncallbot.db")
        return f"sqlite:///{tmp_path / 'oncallbot.db'}"
    fresh_database: Callable[..., str] = request.getfixturevalue("postgresql_url")
    return fresh_database(template=request.getfixturevalue("postgresql_night"))


both = pytest.mark.parametrize("night_url", ["sqlite", "postgresql"], indirect=True)
only_postgresql = pytest.mark.parametrize("night_url", ["postgresql"], indirect=True)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def warm(url: str) -> Database:
    """A database whose engines have compiled what earlier tests asked: that takes longer than most tests' own work."""
    where = parsed(url)
    if where.get_backend_name() == "sqlite":
        return Database(where, *(_warm(sqlite_engine(where, is_writer=one)) for one in (True, False)))
    engine = _warm(postgresql_engine(where, 20))
    return Database(where, engine, engine.execution_options(postgresql_readonly=True))


def _warm(engine: Engine) -> Engine:
    """What is compiled for one dialect object serves no other: all engines of a kind get the same."""
    if engine.name == "sqlite":  # tests lose nothing when the machine dies: no waiting for the disk
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    if engine.name not in _dialects:
        with engine.connect():  # only now the dialect knows its server
            _dialects[engine.name] = engine.dialect
    engine.dialect = _dialects[engine.name]
    return engine.execution_options(compiled_cache=_compiled)


_dialects: dict[str, Dialect] = {}
_compiled: dict[Any, Any] = {}


@pytest.fixture
def database(night_url: str) -> Iterator[Database]:
    opened = warm(night_url)
    yield opened
    opened.close()


@pytest.fixture
def night(database: Database, clock: HandClock) -> Night:
    return Night(database, clock)


@pytest.fixture
def second_process(night_url: str, clock: HandClock) -> Iterator[Night]:
    """Another process's door on the same database."""
    opened = warm(night_url)
    yield Night(opened, clock)
    opened.close()
