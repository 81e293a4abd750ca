"""Could a page go out right now? Every check, when it holds and when it does not."""

from oncallbot.engine import health
from oncallbot.engine.handle import Door
from oncallbot.engine.running_rules import RunningRules
from oncallbot.escalation.events import DeliveryReported
from oncallbot.escalation.issue import AttemptStatus
from oncallbot.oncall.people import Method
from oncallbot.storage import outbox, workers
from oncallbot.storage.database import Database
from tests.engine.stage import MINUTE, SECOND, Night, both


def beats(night, kind: str = "serve") -> None:
    now = night.clock.now()
    one = workers.Worker("w1", kind, now, now, roads=frozenset({Method.SMS, Method.VOICE}))
    with night.database.write() as connection:
        workers.register(connection, one)


def failing(night) -> list[str]:
    return [name for name, check in health.paging(night.door).items() if not check.ok]


class TestReady:
    @both
    def test_a_process_that_can_commit_is_ready(self, night):
        (check,) = health.ready(night.door).values()
        assert (check.ok, check.detail) == (True, "commits; rules at revision 1")

    def test_without_its_database_it_is_not(self, tmp_path, clock):
        database = Database.open(f"sqlite:///{tmp_path / 'gone' / 'oncallbot.db'}")
        door = Door(database, clock, RunningRules(frozenset()), lambda: None)
        assert [check.ok for check in health.ready(door).values()] == [False]


class TestPaging:
    @both
    def test_with_a_worker_and_a_road_all_is_well(self, night):
        beats(night)
        assert failing(night) == []

    def test_without_a_worker_nothing_goes_out(self, night):
        assert failing(night) == ["worker"]

    def test_a_web_process_is_no_worker(self, night):
        beats(night, kind="web")
        assert failing(night) == ["worker"]

    def test_a_worker_that_was_not_seen_for_ten_seconds_is_gone(self, night):
        beats(night)
        night.clock.moves(11 * SECOND)
        assert failing(night) == ["worker"]

    def test_an_alarm_that_is_late_shows(self, night):
        night.opens()
        night.clock.moves(MINUTE + 11 * SECOND)
        assert "alarms" in failing(night)

    def test_a_notification_that_nobody_sends_shows(self, night):
        night.opens()
        night.clock.moves(31 * SECOND)
        assert "outbox" in failing(night)

    def test_a_call_that_waits_for_its_phone_does_not(self, night):
        night.opens()
        for row in night.claims():
            with night.database.write() as connection:
                outbox.postpone(connection, row.id, row.lease_token, night.clock.now() + MINUTE, tries=row.tries)
        night.clock.moves(31 * SECOND)
        assert "outbox" not in failing(night)

    @both
    def test_a_page_that_is_tried_in_vain_shows_and_is_named(self, night):
        number = night.opens()
        night.opens()  # waits behind it, which would be said if nobody knew why
        for row in night.claims(1):
            with night.database.write() as connection:
                outbox.mark_unknown(connection, row.id, row.lease_token, night.clock.now() + MINUTE, "HTTP 503")
        night.clock.moves(31 * SECOND)
        check = health.paging(night.door)["outbox"]
        assert check.detail.startswith(f"a page of AH-{number} by sms has not left for 31 s")
        assert not check.ok

    @both
    def test_a_page_that_is_refused_shows_while_no_other_has_left(self, night):
        number = night.opens()
        night.door.handle(DeliveryReported(f"{number}-1", AttemptStatus.FAILED, "20003", is_set_up=True))
        night.door.handle(DeliveryReported(f"{number}-2", AttemptStatus.FAILED, "20003", is_set_up=True))
        night.clock.moves(30 * SECOND)
        assert f"a page of AH-{number} by sms was refused" in health.paging(night.door)["outbox"].detail
        night.answers("ben", issue=number)
        assert "refused" not in health.paging(night.door)["outbox"].detail

    def test_a_refused_page_does_not_show_once_another_has_left(self, night):
        number = night.opens()
        night.door.handle(DeliveryReported(f"{number}-1", AttemptStatus.FAILED, "21211"))
        night.door.handle(DeliveryReported(f"{number}-2", AttemptStatus.SENT, provider_id="CA1"))
        night.clock.moves(30 * SECOND)
        assert "outbox" not in failing(night)

    def test_without_any_road_to_a_responder_it_fails(self, database, clock):
        night = Night(database, clock, roads=())
        beats(night)
        assert failing(night) == ["roads"]

    def test_without_any_database_every_check_fails(self, tmp_path, clock):
        database = Database.open(f"sqlite:///{tmp_path / 'gone' / 'oncallbot.db'}")
        door = Door(database, clock, RunningRules(frozenset({Method.SMS})), lambda: None)
        assert [check.ok for check in health.paging(door).values()] == [False] * 4
