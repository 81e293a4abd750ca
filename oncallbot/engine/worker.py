"""What keeps the promises in time? One process's ticks: alarms, dead claims, forgotten calls, its own heartbeat.

It must not decide or send: it rings `alarms` and wakes `outbox`. APScheduler only ticks.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from oncallbot.engine.alarms import Alarms
from oncallbot.engine.duties import Duties, record_worked, ring_covers, sweep
from oncallbot.engine.handle import Door
from oncallbot.engine.health import SKEW_ALARM
from oncallbot.engine.outbox import LONGEST_CLAIM, Dispatcher
from oncallbot.engine.sending import Sender, free_phone
from oncallbot.engine.sign_in import forget_what_is_over
from oncallbot.engine.slack_names import Lookup
from oncallbot.errors import DatabaseUnavailable, VendorError
from oncallbot.oncall.people import Method
from oncallbot.storage import keys, live_calls, locks, outbox, workers

log = logging.getLogger(__name__)

TICK = timedelta(milliseconds=250)
HEARTBEAT = timedelta(seconds=2)
CALL_MAY_LAST = timedelta(seconds=90)  # a page rings 25 s and is answered within a minute: then ask the vendor
SWEEP = timedelta(seconds=20)
DUTIES = timedelta(seconds=1)
COVERS = timedelta(seconds=5)
KEYS_LIVE = timedelta(days=7)  # vendors repeat within a day; a week is generous
SKEW_TOLD_EVERY = timedelta(hours=1)


class Worker:
    """Ticks, senders and the listener of one process. `lock` proves to the others that it lives."""

    def __init__(
        self,
        door: Door,
        alarms: Alarms,
        dispatcher: Dispatcher,
        calls: Sender | None,
        lock: locks.WorkerLock,
        kind: str,
        release: str,
        id_: str,
        roads: frozenset[Method],
        slack_names: Lookup | None = None,
    ) -> None:
        self.id = id_
        self._door = door
        self._database = door.database
        self._alarms = alarms
        self._dispatcher = dispatcher
        self._calls = calls
        self._lock = lock
        self._kind = kind
        self._release = release
        self._roads = roads
        self._slack_names = slack_names
        self._duties = Duties(door)
        self._skew_told_at: datetime | None = None
        self._stop = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._ticks = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Take over what the dead have left, then tick."""
        self._register()
        self._take_over()
        self._dispatcher.start()
        self._listener.start()
        for job, every in (
            (self._ring, TICK),
            (self._beat, HEARTBEAT),
            (self._sweep_calls, SWEEP),
            (self._look_up_names, HEARTBEAT),
            (self._forget_keys, timedelta(hours=1)),
            (self._do_duties, DUTIES),
            (self._ring_covers, COVERS),
            (self._record_worked, timedelta(minutes=1)),
            (self._sweep_duties, timedelta(hours=1)),
            (self._forget_sign_ins, timedelta(hours=1)),
        ):
            self._ticks.add_job(self._calm(job), "interval", seconds=every.total_seconds(), id=job.__name__)
        # Not jobs of the ticker: one that runs once is missed by it, loudly, when we stop in that moment.
        threading.Thread(target=self._ask_at_start, name="asking at start", daemon=True).start()
        self._ticks.start()
        self._dispatcher.wake()

    def stop(self, patience: timedelta) -> None:
        """Stop ticking and sending. What is under way longer than `patience` is sent again by whoever is next."""
        self._stop.set()
        self._ticks.shutdown(wait=False)
        self._dispatcher.stop(patience)
        try:
            with self._database.write() as connection:
                workers.forget(connection, self.id)
        except DatabaseUnavailable:
            log.warning("could not sign off: the database is not reachable")
        self._lock.release()

    def _listen(self) -> None:
        self._database.listen(self._stop, self._dispatcher.wake)

    def _ring(self) -> None:
        self._alarms.ring()
        self._dispatcher.wake()

    def _register(self) -> None:
        now = self._door.clock.now()
        signing_on = workers.Worker(self.id, self._kind, now, now, release=self._release, roads=self._roads)
        with self._database.write() as connection:
            workers.register(connection, signing_on)

    def _beat(self) -> None:
        now = self._door.clock.now()
        skew = self._skew()
        if abs(skew) > SKEW_ALARM:
            self._alarm_of_skew(skew, now)
        if not self._lock.keep():
            log.error("another process has taken this worker's lock: what it had claimed may be sent twice")
        with self._database.write() as connection:
            known = workers.heartbeat(connection, self.id, now, skew)
            workers.forget_before(connection, now - timedelta(hours=1))
        self._database.outage.worked()
        if not known:
            self._register()
        self._release_claims()

    def _alarm_of_skew(self, skew: timedelta, now: datetime) -> None:
        """Promises are kept in time only while the clocks agree: every manager is told, once an hour."""
        words = f"The clocks disagree by {skew.total_seconds():.1f} s: set this machine's, or the database's"
        log.error("%s", words)
        if self._skew_told_at is None or now - self._skew_told_at >= SKEW_TOLD_EVERY:
            self._skew_told_at = now
            self._door.tell_managers(words)

    def _skew(self) -> timedelta:
        """How far the system's or the database's clock is from ours, whichever is further."""
        clock = self._door.clock
        with self._database.read() as connection:
            there = self._database.time_there(connection)
        by_database = there - (clock.now() - clock.offset) if there else timedelta()
        return max(clock.skew(), by_database, key=abs)

    def _ask_at_start(self) -> None:
        """What only the vendors know, without keeping anybody waiting for their answers."""
        self._calm(self._ask_about_calls)()
        self._calm(self._look_up_names)()

    def _take_over(self) -> None:
        """Send at once what the dead had claimed: on SQLite there is one `serve` at a time, so that is everything."""
        if self._database.is_postgresql:
            self._release_claims()
            return
        with self._database.write() as connection:
            released = outbox.release_all_claims(connection, self._door.clock.now())
        if released:
            log.warning("sending again count=%s: the last `serve` died over them", len(released))

    def _release_claims(self) -> None:
        """Send again what a dead worker had claimed, at once; what the living hold too long, after 30 s."""
        now = self._door.clock.now()
        with self._database.read() as connection:
            holders = [one for one in outbox.claim_holders(connection) if one != self.id]
            dead = [one for one in holders if not locks.is_held(self._database, connection, one)]
        with self._database.write() as connection:
            released = outbox.release_claims(connection, now, dead, now - LONGEST_CLAIM)
        if released:
            log.warning("sending again count=%s: their worker died or hung", len(released))
            self._dispatcher.wake()

    def _ask_about_calls(self) -> None:
        """At start: calls may have ended while nobody listened, and their phones would be held for a long call."""
        self._free_if_ended(lambda call: call.provider_id is not None, self._door.clock.now())

    def _sweep_calls(self) -> None:
        """Free the phones of calls whose end we have never heard of, by asking the vendor."""
        self._free_if_ended(lambda _call: True, self._door.clock.now() - CALL_MAY_LAST)

    def _free_if_ended(self, is_asked_about: Callable[[live_calls.LiveCall], bool], before: datetime) -> None:
        with self._database.read() as connection:
            stale = [call for call in live_calls.stale(connection, before) if is_asked_about(call)]
        for call in stale:
            if call.provider_id is None or self._calls is None:
                free_phone(self._door, call.attempt)
                continue
            try:
                if self._calls.has_ended(call.provider_id):
                    free_phone(self._door, call.attempt)
            except VendorError as error:
                log.warning("call=%s could not be looked up: %s", call.provider_id, error)

    def _look_up_names(self) -> None:
        if self._slack_names is not None:
            self._slack_names.look_up()

    def _forget_keys(self) -> None:
        with self._database.write() as connection:
            keys.forget_before(connection, self._door.clock.now() - KEYS_LIVE)

    def _do_duties(self) -> None:
        self._duties.ring()

    def _ring_covers(self) -> None:
        ring_covers(self._door)

    def _record_worked(self) -> None:
        record_worked(self._door)

    def _sweep_duties(self) -> None:
        sweep(self._door)

    def _forget_sign_ins(self) -> None:
        forget_what_is_over(self._door)

    def _calm(self, job: Callable[[], None]) -> Callable[[], None]:
        """A tick that fails is logged and comes again."""

        def run() -> None:
            try:
                job()
            except DatabaseUnavailable as error:
                self._database.outage.failed(job.__name__.strip("_"), error)
            except Exception:
                log.exception("%s failed, and comes again", job.__name__)

        return run


def new_id(kind: str, started_at: datetime) -> str:
    """A worker's name, never used twice."""
    return f"{kind}-{started_at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
