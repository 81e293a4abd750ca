"""A worker's ticks: what the dead have left, what nobody has heard of, and the signs of life."""

import logging
from datetime import timedelta

import pytest

from oncallbot import app
from oncallbot.engine.outbox import Dispatcher
from oncallbot.engine.worker import CALL_MAY_LAST, Worker, new_id
from oncallbot.errors import ConfigurationError
from oncallbot.escalation.issue import AttemptStatus
from oncallbot.oncall.people import Method
from oncallbot.settings import Settings
from oncallbot.storage import keys, live_calls, outbox, workers
from oncallbot.storage.locks import WorkerLock, is_held
from tests.engine.stage import ANA, BEN, MINUTE, SECOND, both, only_postgresql


@pytest.fixture
def worker(connected):
    """A worker of this night, not started yet; stopped in the end."""
    id_ = new_id("serve", connected.clock.now())
    lock = WorkerLock.hold(connected.database, id_)
    assert lock is not None
    dispatcher = Dispatcher(connected.door, connected.courier, id_)
    calls, roads = connected.senders[Method.VOICE], frozenset({Method.SMS, Method.VOICE})
    made = Worker(connected.door, connected.alarms, dispatcher, calls, lock, "serve", "test", id_, roads)
    connected.door._wake = dispatcher.wake
    yield made
    if made._ticks.running:
        made.stop(timedelta(seconds=3))
    lock.release()


def texts_to(sim, number: str, count: int = 1):
    return sim.wait("message", to=number, count=count)


class TestWhatTheDeadHaveLeft:
    @both
    def test_a_dead_workers_claims_are_sent_at_once(self, connected, sim, worker):
        number = connected.opens()
        connected.claims(worker="serve-dead")  # and then its process was killed
        worker.start()
        assert texts_to(sim, ANA)
        sim.wait("webhook", url_contains=f"text-status/{number}-1", status="204")
        assert connected.row(f"{number}-1").tries == 1

    @only_postgresql
    def test_a_living_workers_claims_are_left_alone(self, connected, sim, worker, second_process):
        lock = WorkerLock.hold(second_process.database, "worker-other")
        assert lock is not None
        number = connected.opens()
        connected.claims(worker="worker-other")
        worker.start()
        late = connected.opens(customer="beta", contact="")
        sim.wait("text", number=ANA, contains=f"AH-{late}")
        assert connected.row(f"{number}-1").status is AttemptStatus.SENDING
        lock.release()

    @only_postgresql
    def test_what_a_living_worker_holds_for_thirty_seconds_is_sent_again(self, connected, sim, worker, second_process):
        lock = WorkerLock.hold(second_process.database, "worker-hung")
        assert lock is not None
        connected.opens()
        connected.claims(worker="worker-hung")
        connected.clock.moves(31 * SECOND)
        worker.start()
        assert texts_to(sim, ANA)
        lock.release()


class TestLostCalls:
    def test_the_end_of_a_call_that_nobody_reported_is_found_by_asking(self, connected, sim, worker):
        number = connected.opens()
        connected.answers("ana", "pass", issue=number)
        sim.post("/faults", kind="drop_callback", count=1000)
        connected.sends()
        sim.wait("handset", number=BEN, state="ringing")
        sim.post(f"/handsets/{BEN}/decline")
        sim.wait("call", to=BEN, status="busy")
        connected.clock.moves(CALL_MAY_LAST + SECOND)
        worker._sweep_calls()
        with connected.database.read() as connection:
            assert live_calls.of_phone(connection, BEN) is None

    def test_a_call_that_goes_on_keeps_its_phone(self, connected, sim, worker):
        number = connected.opens()
        connected.answers("ana", "pass", issue=number)
        connected.sends()
        sim.wait("handset", number=BEN, state="ringing")
        connected.clock.moves(CALL_MAY_LAST + SECOND)
        worker._sweep_calls()
        with connected.database.read() as connection:
            assert live_calls.of_phone(connection, BEN) is not None

    def test_a_call_that_was_never_placed_frees_its_phone(self, connected, worker):
        with connected.database.write() as connection:
            live_calls.claim(connection, BEN, "1-1", connected.clock.now())
        connected.clock.moves(CALL_MAY_LAST + SECOND)
        worker._sweep_calls()
        with connected.database.read() as connection:
            assert live_calls.of_phone(connection, BEN) is None


class TestSignsOfLife:
    @both
    def test_it_is_seen_from_its_start(self, connected, worker):
        worker.start()
        with connected.database.read() as connection:
            assert [one.id for one in workers.seen_since(connection, connected.clock.now() - SECOND)] == [worker.id]

    def test_it_signs_off(self, connected, worker):
        worker.start()
        worker.stop(timedelta(seconds=3))
        with connected.database.read() as connection:
            assert workers.seen_since(connection, connected.clock.now() - MINUTE) == []

    def test_one_that_was_forgotten_registers_again(self, connected, worker):
        worker._register()
        with connected.database.write() as connection:
            workers.forget(connection, worker.id)
        worker._beat()
        with connected.database.read() as connection:
            assert [one.id for one in workers.seen_since(connection, connected.clock.now())] == [worker.id]

    def test_clocks_that_disagree_raise_an_alarm(self, connected, worker, caplog):
        worker._register()
        connected.clock.sets(skewed=timedelta(seconds=-3))
        worker._beat()
        assert [record.levelno for record in caplog.records if "clocks disagree" in record.message] == [logging.ERROR]

    @only_postgresql
    def test_a_broken_connection_does_not_make_it_look_dead(self, connected, worker, second_process):
        with connected.database.dedicated() as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1")
        worker._register()
        worker._beat()
        with second_process.database.read() as connection:
            assert is_held(second_process.database, connection, worker.id)

    def test_old_keys_are_forgotten(self, connected, worker):
        connected.reports(key="text/SM1")
        connected.clock.moves(timedelta(days=8))
        worker._forget_keys()
        with connected.database.write() as connection:
            assert isinstance(keys.claim(connection, "text/SM1", connected.clock.now()), keys.Claimed)


class TestWoken:
    @both
    def test_a_report_is_sent_without_waiting_for_a_tick(self, connected, sim, worker):
        worker.start()
        worker._ticks.pause()
        connected.opens()
        assert texts_to(sim, ANA)

    @both
    def test_another_process_commit_wakes_it_too(self, connected, sim, worker, second_process):
        worker.start()
        worker._ticks.pause()
        second_process.opens()
        assert texts_to(sim, ANA)

    def test_what_is_due_later_is_sent_when_it_is_due(self, connected, sim, worker):
        worker.start()
        connected.opens()
        texts_to(sim, ANA)
        connected.clock.moves(MINUTE)  # Ana's voice rule
        assert sim.wait("handset", number=ANA, state="ringing")

    def test_no_more_is_sent_at_once_than_there_are_threads(self, connected, sim, worker):
        fault = sim.fault("hold_before_accept", "Messages", count=100)
        for _ in range(12):
            connected.opens(contact="")
        worker.start()
        sim.wait("fault", id=fault, holding=8)
        with connected.database.read() as connection:
            assert outbox.counts(connection)[AttemptStatus.SENDING] == 8
        sim.post(f"/faults/{fault}/release")
        assert texts_to(sim, ANA, 12)

    def test_a_sender_that_cannot_warm_up_still_sends(self, connected, sim, worker):
        """A thread that dies is a pager that went silent."""
        sms = connected.senders[Method.SMS]

        class Cold:
            def __getattr__(self, name):
                return getattr(sms, name)

            def warm_up(self):
                raise OSError("no certificates")

        connected.senders = {**connected.senders, Method.SMS: Cold()}
        worker._dispatcher._courier._senders = connected.senders
        worker.start()
        connected.opens()
        assert texts_to(sim, ANA)


class TestSqlite:
    def test_a_second_serve_refuses_to_start(self, night_url):
        settings = Settings.read({"DATABASE_URL": night_url, "SECRET_KEY": "0123456789abcdef" * 2})
        first = app.assemble(settings, "serve")
        with pytest.raises(ConfigurationError, match="another `oncallbot serve`"):
            app.assemble(settings, "serve")
        assert first.worker is not None
        first.worker._lock.release()
        first.desk.database.close()

    @pytest.mark.parametrize("kind", ["web", "worker"])
    def test_it_is_not_shared_by_processes(self, night_url, kind):
        settings = Settings.read({"DATABASE_URL": night_url, "SECRET_KEY": "0123456789abcdef" * 2})
        with pytest.raises(ConfigurationError, match="cannot be shared"):
            app.assemble(settings, kind)
