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

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy import Dialect, Engine, event

from oncallbot.channels.link import Links
from oncallbot.channels.phones import Telephones
from oncallbot.channels.sms import SmsSender
from oncallbot.channels.voice import VoiceSender
from oncallbot.clock import Clock
from oncallbot.emulators.server import Running, running
from oncallbot.emulators.settings import Settings as EmulatorSettings
from oncallbot.emulators.twilio.signer import signature
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
from oncallbot.telephony.client import Credentials
from oncallbot.web import app as web
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


class Sim:
    """The emulator's control interface as short verbs."""

    def __init__(self, emulator: Running) -> None:
        self.settings, self.url = emulator.settings, emulator.url
        # Nobody here speaks TLS, and reading the machine's certificates takes 20 ms of each client.
        self.http = httpx.Client(base_url=emulator.url + "/sim", timeout=30, trust_env=False, verify=False)

    def put(self, path: str, **wish: Any) -> Any:
        return self._checked(self.http.put(path, json=wish))

    def post(self, path: str, **wish: Any) -> Any:
        return self._checked(self.http.post(path, json=wish))

    def get(self, path: str) -> Any:
        return self._checked(self.http.get(path))

    def wait(self, kind: str, /, **wanted: Any) -> Any:
        return self._checked(self.http.get("/wait", params={"for": kind, "timeout": 15, **wanted}))["found"]

    def fault(self, kind: str, resource: str, **wish: Any) -> str:
        match = {"resource": resource, "method": "POST", **wish.pop("match", {})}
        return str(self.post("/faults", kind=kind, match=match, **wish)["id"])

    def posted(self, resource: str) -> list[dict[str, Any]]:
        """The parameters of every POST to Calls.json or Messages.json, in their order."""
        ends = f"/{resource}.json"
        return [
            one["params"] for one in self.get("/requests") if one["method"] == "POST" and one["path"].endswith(ends)
        ]

    def violations(self) -> list[Any]:
        """What Twilio would have refused; webhooks that nobody listened to are this test's own business."""
        return list(self.get("/violations?kind=conduct"))

    @staticmethod
    def _checked(response: httpx.Response) -> Any:
        assert response.status_code == 200, response.text
        return response.json()


class Front:
    """One HTTP server for a whole session, behind which each test puts its own application."""

    def __init__(self) -> None:
        self.app: Any = None
        config = uvicorn.Config(self._serve, port=0, log_level="warning", lifespan="off", interface="asgi3")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        app = self.app
        if app is None:  # a late webhook of an earlier test
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def start(self) -> None:
        self.thread.start()
        while not self.server.started:
            threading.Event().wait(0.01)

    def forgets(self) -> None:
        """Nobody answers any more: what was on its way to this test's application does not reach the next one's."""
        self.app = None
        httpx.get(self.url, trust_env=False, verify=False)  # served after everything that had come before

    def stop(self) -> None:
        """Now, not when the last browser lets go of its connection."""
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(10)


class Twilio:
    """Posts signed forms to the product as Twilio would; the signature is the emulator's own reading of the rules."""

    def __init__(self, night: Night, app: Any, token: str) -> None:
        self.public_url, self.token = night.public_url, token
        self.client = TestClient(app, base_url=night.public_url, raise_server_exceptions=False)

    def posts(self, path: str, *, token: str | None = None, signed: str | None = None, **form: Any) -> httpx.Response:
        fields = {name.rstrip("_"): str(value) for name, value in form.items()}
        path = path.removeprefix(self.public_url).partition("#")[0]
        given = signed if signed is not None else signature(token or self.token, self.public_url + path, fields)
        headers = {"X-Twilio-Signature": given} if given else {}
        response: Any = self.client.post(path, data=fields, headers=headers)
        return response

    def calls(self, sid: str = "CA1", from_: str = ERIK, to: str = HOTLINE, **more: Any) -> str:
        """The first webhook of a call; the TwiML."""
        form = {"CallSid": sid, "From": from_, "To": to, "CallStatus": "ringing", "Direction": "inbound", **more}
        return self.posts("/twilio/voice", **form).text

    def texts(self, body: str, sid: str = "SM1", from_: str = ERIK, to: str = HOTLINE, **more: Any) -> str:
        form = {"MessageSid": sid, "From": from_, "To": to, "Body": body, "NumMedia": "0", **more}
        return self.posts("/twilio/sms", **form).text


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


@pytest.fixture(scope="session")
def emulator() -> Iterator[Running]:
    with running(EmulatorSettings(time_scale=0.2, speech_rate=0.001)) as started:
        yield started


@pytest.fixture(scope="session")
def front() -> Iterator[Front]:
    made = Front()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def sim(emulator: Running, front: Front) -> Iterator[Sim]:
    made = Sim(emulator)
    made.put(f"/numbers/{HOTLINE}", voice_url=f"{front.url}/twilio/voice", sms_url=f"{front.url}/twilio/sms")
    yield made
    front.app = None
    made.post("/reset")
    front.forgets()
    made.http.close()


@pytest.fixture
def product(night: Night) -> Any:
    """The web application of this night."""
    doors = web.Doors(
        door=night.door,
        measures=night.measures,
        public_url=night.public_url,
        twilio_tokens=("primary-token", "secondary-token"),
        release="test",
        links=Links(SECRET, night.public_url),
    )
    return web.create(doors)


@pytest.fixture
def twilio(night: Night, product: Any) -> Iterator[Twilio]:
    made = Twilio(night, product, "primary-token")
    with made.client:  # one event loop for all requests
        yield made


@pytest.fixture
def connected(night: Night, sim: Sim, front: Front) -> Night:
    """The night with emulated Twilio at the other end, both ways."""
    night.public_url = front.url
    tokens = (sim.settings.auth_token,)
    front.app = web.create(web.Doors(night.door, night.measures, front.url, tokens, "test", Links(SECRET, front.url)))
    night.senders = senders(sim, front.url)
    return night


def senders(sim: Sim, public_url: str, api_url: str | None = None) -> Mapping[Method, Sender]:
    telephones = Telephones(Credentials(sim.settings.account_sid, sim.settings.auth_token, api_url=api_url or sim.url))
    sms = SmsSender(telephones, public_url, Links(SECRET, public_url))
    return {Method.SMS: sms, Method.VOICE: VoiceSender(telephones, public_url)}
