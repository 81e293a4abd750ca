"""How one notification leaves: the phone, the last look, the vendor's answer, and what is written down of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text as sql

from oncallbot.engine.sending import PHONE_MAY_BE_FREE, free_phone
from oncallbot.escalation.events import DeliveryReported
from oncallbot.escalation.issue import AttemptStatus, Road
from oncallbot.oncall.people import Method
from oncallbot.storage import live_calls
from oncallbot.storage.outbox import Purpose
from tests.engine.outside import senders
from tests.engine.stage import ANA, BEN, MINUTE, SECOND, both, only_postgresql
from tests.storage.test_database import wait_until

SENT, QUEUED, UNKNOWN = AttemptStatus.SENT, AttemptStatus.QUEUED, AttemptStatus.UNKNOWN
WITHDRAWN, FAILED, DELIVERED = AttemptStatus.WITHDRAWN, AttemptStatus.FAILED, AttemptStatus.DELIVERED


@pytest.fixture
def first_text(connected):
    """Ana's first text of a new issue, claimed: the number and the notification."""
    number = connected.opens()
    return number, connected.claims_one(f"{number}-1")


@pytest.fixture
def call_to_ben(connected):
    """Ana passes; Ben is rung at once: the number and the claimed voice page."""
    number = connected.opens()
    connected.answers("ana", "pass", issue=number)
    return number, connected.claims_one(f"{number}-2")


class TestSending:
    def test_a_text_page_leaves_as_promised(self, connected, sim, first_text):
        number, text = first_text
        connected.courier.carry(text)
        (posted,) = sim.posted("Messages")
        assert (posted["To"], posted["From"], posted["ValidityPeriod"]) == (ANA, "+493023125999", "300")
        assert posted["Body"].startswith(f"AH-{number} Acme GmbH: the plant stands still.")
        assert posted["StatusCallback"].startswith(f"{connected.public_url}/twilio/text-status/{text.id}")
        assert sim.violations() == []

    def test_a_call_page_leaves_as_promised(self, connected, sim, call_to_ben):
        _, call = call_to_ben
        connected.courier.carry(call)
        (posted,) = sim.posted("Calls")
        assert (posted["To"], posted["From"], posted["Timeout"]) == (BEN, "+493023125999", "25")
        assert posted["Url"].startswith(f"{connected.public_url}/twilio/page/{call.id}")
        assert posted["StatusCallback"].startswith(f"{connected.public_url}/twilio/call-status/{call.id}")
        assert sim.violations() == []

    def test_what_was_accepted_is_sent_with_the_vendors_id_and_on_the_timeline(self, connected, first_text):
        number, text = first_text
        connected.courier.carry(text)
        row = connected.row(text.id)
        assert row.provider_id.startswith("SM")
        assert row.status in (SENT, DELIVERED)
        assert "notified" in connected.kinds(number)

    def test_an_update_is_news_for_longer_than_a_page(self, connected, sim):
        connected.opens(road=Road.CALL)
        connected.sends()
        assert [one["ValidityPeriod"] for one in sim.posted("Messages")] == ["300", "14400"]

    def test_first_pages_go_before_customers_updates(self, connected):
        connected.opens(road=Road.CALL)
        connected.clock.moves(SECOND)
        connected.opens(road=Road.CALL, contact="+493023125101")
        assert [one.purpose for one in connected.claims()] == [Purpose.PAGE] * 2 + [Purpose.CUSTOMER_TOLD] * 2

    def test_first_pages_go_before_repeats_and_repeats_before_updates(self, connected):
        first = connected.opens()
        connected.sends()
        for _ in range(2):  # Ana, Ben, and then the last resort: everybody again
            connected.passes(5 * MINUTE)
            if not connected.issue(first).page_of("dora"):
                connected.sends()
        connected.opens()
        order = [one.priority for one in connected.claims()]
        assert order == sorted(order)
        assert set(order) == {0, 1, 2}


class TestWithdrawn:
    def test_between_claim_and_check_it_is_not_sent(self, connected, sim, first_text):
        number, text = first_text
        connected.answers("ben", issue=number)
        connected.courier.carry(text)
        assert sim.posted("Messages") == []
        assert connected.row(text.id).status is WITHDRAWN

    def test_a_call_between_claim_and_check_leaves_the_phone_free(self, connected, sim, call_to_ben):
        number, call = call_to_ben
        connected.answers("ana", issue=number)
        connected.courier.carry(call)
        with connected.database.read() as connection:
            assert live_calls.of_phone(connection, BEN) is None
        assert sim.posted("Calls") == []

    def test_a_text_after_the_check_is_recorded_as_crossed_and_followed_by_who_has_it(self, connected, sim, first_text):
        number, text = first_text
        fault = sim.fault("hold_before_accept", "Messages", match={"to": ANA})
        during(connected, sim, fault, text, lambda: connected.answers("ben", issue=number))
        assert "crossed" in connected.kinds(number)
        connected.sends()
        bodies = [one["Body"] for one in sim.posted("Messages") if one["To"] == ANA]
        assert bodies[-1] == f"Ben has AH-{number} since 03:10."

    def test_a_call_after_the_check_is_canceled(self, connected, sim, call_to_ben):
        number, call = call_to_ben
        fault = sim.fault("hold_before_accept", "Calls")
        during(connected, sim, fault, call, lambda: connected.answers("ana", issue=number))
        connected.sends()
        assert sim.wait("call", to=BEN, status="canceled")
        assert "crossed" in connected.kinds(number)

    def test_a_call_that_rings_is_canceled_by_the_acknowledgement(self, connected, sim, call_to_ben):
        number, call = call_to_ben
        connected.courier.carry(call)
        sim.wait("handset", number=BEN, state="ringing")
        connected.answers("ana", issue=number)
        connected.sends()
        assert sim.wait("call", to=BEN, status="canceled")

    def test_a_call_known_only_by_its_callback_is_canceled_too(self, connected, sim, call_to_ben):
        """The answer to our request was lost; Twilio's callback told us the call's id."""
        number, call = call_to_ben
        sim.fault("accept_and_timeout", "Calls", seconds=0)
        connected.courier.carry(call)
        sim.wait("webhook", url_contains=f"call-status/{call.id}", status="204")
        sim.wait("handset", number=BEN, state="ringing")
        connected.answers("ana", issue=number)
        connected.sends()
        assert sim.wait("call", to=BEN, status="canceled")


class TestRefused:
    def test_the_next_rule_starts_at_once(self, connected, sim):
        sim.put(f"/handsets/{ANA}", unroutable=True)
        number = connected.opens()
        connected.sends()
        text, *more = connected.pages(number)
        assert (text.method, text.status, more[0].method) == (Method.SMS, FAILED, Method.VOICE)
        assert "delivery_failed" in connected.kinds(number)

    def test_nothing_is_tried_a_second_time(self, connected, sim):
        sim.put("/account", no_texts_to=[ANA])
        connected.opens()
        connected.sends()
        assert len([one for one in sim.posted("Messages") if one["To"] == ANA]) == 1
        sim.put("/account", no_texts_to=[])

    def test_a_wrong_set_up_raises_an_alarm_with_the_managers(self, connected, sim):
        sim.put("/account", no_texts_to=[ANA])  # 21408: the account may not text this country
        number = connected.opens()
        connected.sends()
        sim.put("/account", no_texts_to=[])
        (alarm, *_) = connected.rows(number, purpose=Purpose.ALARM)
        assert "the set-up must be mended" in alarm.words

    def test_a_phone_that_refuses_a_call_is_free_for_the_next(self, connected, sim, call_to_ben):
        _, call = call_to_ben
        sim.put("/account", no_calls_to=[BEN])
        connected.courier.carry(call)
        sim.put("/account", no_calls_to=[])
        with connected.database.read() as connection:
            assert live_calls.of_phone(connection, BEN) is None

    def test_a_method_that_is_not_connected_any_more_fails_and_the_next_rule_starts(self, connected, first_text):
        number, text = first_text
        connected.senders = {}
        connected.courier.carry(text)
        assert (connected.row(text.id).status, len(connected.pages(number))) == (FAILED, 2)


class TestLater:
    def test_429_is_tried_again_after_the_time_asked_for(self, connected, sim, first_text):
        _, text = first_text
        sim.fault("http_429", "Messages", seconds=7)
        connected.courier.carry(text)
        row = connected.row(text.id)
        assert (row.status, row.due_at - connected.clock.now() >= SECOND) == (QUEUED, True)

    def test_an_unreachable_vendor_is_tried_again_later_each_time(self, connected, sim, first_text):
        _, text = first_text
        connected.senders = senders(sim, connected.public_url, api_url="http://127.0.0.1:1")
        waits = []
        for _ in range(7):
            connected.courier.carry(text)
            waits.append(connected.row(text.id).due_at - connected.clock.now())
            connected.clock.moves(waits[-1])
            text = connected.claims_one(text.id)
        assert [one.total_seconds() for one in waits] == [0.5, 1, 2, 4, 8, 15, 15]

    def test_once_the_vendor_is_back_the_page_goes_out(self, connected, sim, first_text):
        _, text = first_text
        down = sim.post("/faults", kind="down", match={"resource": "Messages"}, status=0)["id"]
        connected.courier.carry(text)
        sim.http.delete(f"/faults/{down}")
        connected.clock.moves(5 * SECOND)
        connected.sends()
        assert connected.row(text.id).status in (SENT, DELIVERED)

    def test_a_call_that_is_tried_later_leaves_the_phone_free(self, connected, sim, call_to_ben):
        _, call = call_to_ben
        sim.fault("http_429", "Calls")
        connected.courier.carry(call)
        with connected.database.read() as connection:
            assert live_calls.of_phone(connection, BEN) is None


class TestUnknownOutcome:
    def test_it_waits_for_the_callback_and_is_then_never_sent_again(self, connected, sim, first_text):
        _, text = first_text
        sim.fault("accept_and_timeout", "Messages", seconds=0)
        connected.courier.carry(text)
        sim.wait("webhook", url_contains=f"text-status/{text.id}", status="204")
        connected.clock.moves(MINUTE)
        connected.sends()
        assert len([one for one in sim.posted("Messages") if one["To"] == ANA]) == 1

    def test_without_a_callback_it_is_unknown_for_five_seconds(self, connected, sim, first_text):
        _, text = first_text
        unheard(sim)
        sim.fault("accept_and_timeout", "Messages", seconds=0)
        connected.courier.carry(text)
        row = connected.row(text.id)
        assert (row.status, row.due_at - connected.clock.now()) == (UNKNOWN, 5 * SECOND)

    def test_without_a_callback_it_is_looked_up_and_found(self, connected, sim, first_text):
        _, text = first_text
        unheard(sim)
        sim.fault("accept_and_timeout", "Messages", seconds=0)
        connected.courier.carry(text)
        connected.clock.moves(5 * SECOND)
        connected.courier.carry(connected.claims_one(text.id))
        row = connected.row(text.id)
        assert (row.status, row.provider_id[:2]) == (SENT, "SM")
        assert len([one for one in sim.posted("Messages") if one["To"] == ANA]) == 1

    def test_a_call_without_a_callback_is_looked_up_and_found(self, connected, sim, call_to_ben):
        _, call = call_to_ben
        unheard(sim)
        sim.fault("accept_and_timeout", "Calls", seconds=0)
        connected.courier.carry(call)
        connected.clock.moves(5 * SECOND)
        connected.courier.carry(connected.claims_one(call.id))
        assert connected.row(call.id).status is SENT
        with connected.database.read() as connection:
            live = live_calls.of_phone(connection, BEN)
        assert live is not None
        assert live.provider_id == connected.row(call.id).provider_id

    def test_what_is_not_found_is_sent_again(self, connected, sim, first_text):
        _, text = first_text
        sim.fault("http_500", "Messages")  # may have been done: a proxy gives up on what the vendor goes on with
        connected.courier.carry(text)
        connected.clock.moves(5 * SECOND)
        connected.courier.carry(connected.claims_one(text.id))
        assert connected.row(text.id).status is QUEUED
        connected.sends()
        assert len([one for one in sim.posted("Messages") if one["To"] == ANA]) == 2
        assert connected.row(text.id).status in (SENT, DELIVERED)

    def test_a_vendor_that_goes_on_answering_errors_is_asked_less_often_but_always_again(self, connected, sim):
        text = f"{connected.opens()}-1"
        sim.fault("http_500", "Messages", count=8)
        sent, waits = connected.clock.now(), []
        for _ in range(7):
            connected.courier.carry(connected.claims_one(text))
            connected.clock.moves(5 * SECOND)
            connected.courier.carry(connected.claims_one(text))  # looked up: not found
            connected.clock.sets(at=connected.row(text).due_at)
            waits.append((connected.clock.now() - sent).total_seconds())
            sent = connected.clock.now()
        assert waits == [5, 10, 20, 40, 60, 60, 60]

    def test_once_one_has_left_after_errors_the_others_do_not_wait_out_their_pause(self, connected, sim):
        first, second = f"{connected.opens()}-1", f"{connected.opens()}-1"
        sim.fault("http_500", "Messages", count=5)
        for text in (first, second, second, first, second):
            connected.clock.sets(at=connected.row(text).due_at)
            connected.courier.carry(connected.claims_one(text))
            connected.clock.moves(5 * SECOND)
            connected.courier.carry(connected.claims_one(text))  # looked up: not found
        connected.clock.sets(at=connected.row(first).due_at)
        assert connected.row(second).due_at > connected.clock.now()
        connected.courier.carry(connected.claims_one(first))
        assert connected.row(second).due_at == connected.clock.now()

    def test_what_another_notification_accounts_for_is_not_taken_for_this_one(self, connected, sim):
        first, second = connected.opens("same words", contact=""), connected.opens("same words", contact="")
        with connected.database.write() as connection:  # the same text to the same phone, twice
            same = "UPDATE outbox SET words = (SELECT words FROM outbox WHERE id = :first) WHERE id = :second"
            connection.execute(sql(same), {"first": f"{first}-1", "second": f"{second}-1"})
        connected.courier.carry(connected.claims_one(f"{first}-1"))
        sim.fault("http_500", "Messages")
        connected.courier.carry(connected.claims_one(f"{second}-1"))
        connected.clock.moves(5 * SECOND)
        connected.courier.carry(connected.claims_one(f"{second}-1"))
        assert connected.row(f"{second}-1").status is QUEUED

    def test_one_that_is_withdrawn_meanwhile_is_not_sent_again(self, connected, sim, first_text):
        number, text = first_text
        sim.fault("http_500", "Messages", match={"to": ANA})
        connected.courier.carry(text)
        connected.answers("ben", issue=number)
        connected.clock.moves(MINUTE)
        connected.sends()
        assert [one["Body"] for one in sim.posted("Messages") if one["To"] == ANA][1:] == []


class TestOnePhoneOneCall:
    @pytest.fixture
    def two_issues(self, night):
        """Ben is to be rung for two issues."""
        numbers = night.opens(), night.opens()
        for number in numbers:
            night.answers("ana", "pass", issue=number)
        return numbers

    def test_the_second_call_waits_and_the_timeline_says_why(self, connected, sim, two_issues):
        _, second = two_issues
        connected.sends()
        assert [one["To"] for one in sim.posted("Calls")] == [BEN]
        assert connected.row(f"{second}-2").due_at == connected.clock.now() + PHONE_MAY_BE_FREE
        assert connected.kinds(second).count("held_back") == 1

    def test_it_is_due_when_the_phone_is_free(self, connected, sim, two_issues):
        first, second = two_issues
        connected.sends()
        sim.wait("handset", number=BEN, state="ringing")
        sim.post(f"/handsets/{BEN}/decline")
        sim.wait("webhook", url_contains=f"call-status/{first}-2", CallStatus="busy")
        assert connected.row(f"{second}-2").due_at <= connected.clock.now()
        connected.sends()
        assert len(sim.posted("Calls")) == 2

    @only_postgresql
    def test_a_call_that_ends_in_the_moment_in_which_the_next_one_begins_to_wait_is_noticed(self, night, two_issues):
        first, second = two_issues
        with night.database.write() as connection:
            live_calls.claim(connection, BEN, f"{first}-2", night.clock.now())
        waiting = night.claims_one(f"{second}-2")
        pool = ThreadPoolExecutor(2)
        with night.database.write() as connection:  # whoever writes that row waits for us
            connection.execute(sql("SELECT 1 FROM outbox WHERE id = :id FOR UPDATE"), {"id": waiting.id})
            begins_to_wait = pool.submit(night.courier.carry, waiting)
            wait_until(lambda: waiting_for_locks(night) == 1)
            ends = pool.submit(free_phone, night.door, f"{first}-2")
            wait_until(lambda: ends.done() or waiting_for_locks(night) == 2)
        assert (begins_to_wait.result(20), ends.result(20)) == (None, None)
        assert night.row(waiting.id).due_at <= night.clock.now()

    def test_the_end_of_a_call_wakes_the_senders(self, connected, two_issues):
        connected.sends()
        before = connected.woken
        free_phone(connected.door, f"{two_issues[0]}-2")
        assert connected.woken == before + 1

    def test_a_call_that_was_free_all_along_frees_nothing_else(self, connected, two_issues):
        connected.sends()
        free_phone(connected.door, "no such call")
        assert connected.row(f"{two_issues[1]}-2").due_at > connected.clock.now()


class TestReceipts:
    @both
    def test_a_receipt_of_nothing_we_know_changes_nothing(self, night):
        assert night.door.handle(DeliveryReported("9-9", FAILED)).outcome.number is None

    def test_a_late_sent_does_not_take_back_a_delivered(self, night):
        number = night.opens()
        night.door.handle(DeliveryReported(f"{number}-1", DELIVERED))
        night.door.handle(DeliveryReported(f"{number}-1", SENT))
        assert night.row(f"{number}-1").status is DELIVERED

    def test_a_failure_by_callback_starts_the_next_rule_once(self, night):
        number = night.opens()
        for _ in range(2):
            night.door.handle(DeliveryReported(f"{number}-1", FAILED, "30003"))
        assert [one.method for one in night.pages(number)] == [Method.SMS, Method.VOICE]


def waiting_for_locks(night) -> int:
    """How many of this database's transactions wait for another."""
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with night.database.read() as connection:
        return int(connection.execute(sql(count)).scalar_one())


def unheard(sim):
    """Twilio's callbacks about calls and texts are lost."""
    sim.post("/faults", kind="drop_callback", count=1000)


def during(night, sim, fault, notification, does):
    """Sends the notification, and lets `does` happen while the vendor holds the request."""
    from threading import Thread

    thread = Thread(target=night.courier.carry, args=(notification,))
    thread.start()
    sim.wait("fault", id=fault, holding=1)
    does()
    sim.post(f"/faults/{fault}/release")
    thread.join(20)
    assert not thread.is_alive()
