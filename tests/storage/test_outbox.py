"""A notification is sent by one, never after its withdrawal, and its status never goes back."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Connection

from oncallbot.escalation.issue import AttemptStatus
from oncallbot.oncall.people import Method
from oncallbot.storage import outbox
from tests.storage.cast import MINUTE, NOW, SECOND, notification

QUEUED, SENDING, UNKNOWN = AttemptStatus.QUEUED, AttemptStatus.SENDING, AttemptStatus.UNKNOWN
SENT, DELIVERED, FAILED = AttemptStatus.SENT, AttemptStatus.DELIVERED, AttemptStatus.FAILED
WITHDRAWN = AttemptStatus.WITHDRAWN


def claimed(connection: Connection, id_: str = "a") -> str:
    """The lease token of a notification that was put and claimed."""
    outbox.put(connection, [notification(id_)])
    token = outbox.claim(connection, NOW, "worker-1", 1)[0].lease_token
    assert token is not None
    return token


def found(connection: Connection, id_: str = "a") -> outbox.Notification:
    row = outbox.load(connection, id_)
    assert row is not None
    return row


def test_the_most_urgent_goes_first_then_the_longest_due(connection: Connection):
    outbox.put(connection, [notification("later", due_at=NOW + SECOND), notification("card", priority=3)])
    outbox.put(connection, [notification("b"), notification("a"), notification("early", due_at=NOW - SECOND)])
    assert [one.id for one in outbox.claim(connection, NOW, "worker-1", 2)] == ["early", "a"]
    assert [one.id for one in outbox.claim(connection, NOW, "worker-1", 9)] == ["b", "card"]


def test_a_claim_is_under_a_fresh_lease_and_is_what_the_database_holds(connection: Connection):
    outbox.put(connection, [notification("a")])
    (claim,) = outbox.claim(connection, NOW + SECOND, "worker-1", 1)
    assert claim == found(connection)
    assert (claim.status, claim.worker, claim.claimed_at) == (SENDING, "worker-1", NOW + SECOND)
    assert outbox.claim(connection, NOW + SECOND, "worker-2", 1) == []
    assert outbox.release_all_claims(connection, NOW) == ["a"]
    assert outbox.claim(connection, NOW, "worker-2", 1)[0].lease_token != claim.lease_token


def test_only_the_methods_asked_for_are_claimed(connection: Connection):
    outbox.put(connection, [notification("sms"), notification("voice", method=Method.VOICE)])
    assert [one.id for one in outbox.claim(connection, NOW, "w", 9, {Method.VOICE})] == ["voice"]
    assert outbox.claim(connection, NOW, "w", 9, set()) == []


def test_what_is_due_is_seen_without_claiming_it(connection: Connection):
    assert not outbox.statuses_due(connection, NOW)
    outbox.put(connection, [notification("a")])
    assert not outbox.statuses_due(connection, NOW - SECOND)
    assert outbox.statuses_due(connection, NOW)
    assert outbox.oldest_due(connection, NOW + MINUTE) == NOW
    (claim,) = outbox.claim(connection, NOW, "w", 1)
    assert not outbox.statuses_due(connection, NOW)
    assert outbox.oldest_due(connection, NOW) is None
    outbox.mark_unknown(connection, "a", claim.lease_token or "", NOW)
    assert outbox.statuses_due(connection, NOW)


def test_a_check_passes_only_for_the_lease_that_may_send(connection: Connection):
    token = claimed(connection)
    assert outbox.check(connection, "a", token, NOW + SECOND)
    assert found(connection).checked_at == NOW + SECOND
    assert not outbox.check(connection, "a", "another", NOW)
    outbox.release_all_claims(connection, NOW)
    assert not outbox.check(connection, "a", token, NOW)


def test_no_check_passes_after_the_withdrawal(connection: Connection):
    token = claimed(connection)
    outbox.withdraw(connection, ["a"])
    assert not outbox.check(connection, "a", token, NOW)


def test_a_completed_send_keeps_the_providers_id_and_time(connection: Connection):
    token = claimed(connection)
    assert outbox.complete(connection, "a", token, SENT, NOW + SECOND, "SM1")
    row = found(connection)
    assert (row.status, row.sent_at, row.provider_id, row.error) == (SENT, NOW + SECOND, "SM1", "")


def test_a_failed_send_keeps_its_error_and_was_not_sent(connection: Connection):
    token = claimed(connection)
    assert outbox.complete(connection, "a", token, FAILED, NOW, error="21211")
    row = found(connection)
    assert (row.status, row.sent_at, row.error) == (FAILED, None, "21211")


def test_a_send_that_crossed_its_withdrawal_says_so_and_keeps_the_providers_id(connection: Connection):
    token = claimed(connection)
    assert outbox.check(connection, "a", token, NOW)
    assert outbox.withdraw(connection, ["a"]) == ["a"]
    assert not outbox.complete(connection, "a", token, SENT, NOW + SECOND, "SM1")
    row = found(connection)
    assert (row.status, row.provider_id, row.sent_at) == (WITHDRAWN, "SM1", NOW + SECOND)


def test_a_receipt_that_was_faster_than_our_own_note_stays(connection: Connection):
    token = claimed(connection)
    assert outbox.advance(connection, "a", DELIVERED, "", NOW + SECOND)
    assert outbox.complete(connection, "a", token, SENT, NOW + MINUTE, "SM1")
    row = found(connection)
    assert (row.status, row.provider_id, row.sent_at) == (DELIVERED, "SM1", NOW + SECOND)


def test_a_slow_sender_does_not_overwrite_who_took_over(connection: Connection):
    slow = claimed(connection)
    outbox.release_claims(connection, NOW + MINUTE, [], NOW + SECOND)
    (claim,) = outbox.claim(connection, NOW + MINUTE, "worker-2", 1)
    assert outbox.complete(connection, "a", slow, FAILED, NOW + MINUTE, error="timed out")
    assert (found(connection).status, found(connection).error) == (SENDING, "")
    assert not outbox.postpone(connection, "a", slow, NOW + MINUTE)
    assert outbox.complete(connection, "a", claim.lease_token or "", SENT, NOW + MINUTE, "SM2")
    assert found(connection).provider_id == "SM2"


def test_a_postponed_send_waits_for_its_time_and_counts_its_tries(connection: Connection):
    token = claimed(connection)
    assert outbox.postpone(connection, "a", token, NOW + MINUTE, "20429")
    row = found(connection)
    assert (row.status, row.tries, row.error, row.lease_token, row.worker) == (QUEUED, 1, "20429", None, None)
    assert outbox.claim(connection, NOW + SECOND, "w", 1) == []
    (claim,) = outbox.claim(connection, NOW + MINUTE, "w", 1)
    assert outbox.postpone(connection, "a", claim.lease_token or "", NOW, tries=1)
    assert found(connection).tries == 1


def test_a_withdrawn_send_is_not_postponed(connection: Connection):
    token = claimed(connection)
    outbox.withdraw(connection, ["a"])
    assert not outbox.postpone(connection, "a", token, NOW)
    assert not outbox.mark_unknown(connection, "a", token, NOW)
    assert found(connection).status is WITHDRAWN


def test_an_unknown_send_is_looked_up_by_one_after_its_wait_and_sent_again(connection: Connection):
    token = claimed(connection)
    assert outbox.mark_unknown(connection, "a", token, NOW + 5 * SECOND, "timed out")
    assert outbox.claim_unknown(connection, NOW + 4 * SECOND, "w", 9) == []
    assert outbox.claim(connection, NOW + MINUTE, "w", 9) == []
    (claim,) = outbox.claim_unknown(connection, NOW + 5 * SECOND, "w", 9)
    assert claim == found(connection)
    assert outbox.claim_unknown(connection, NOW + 6 * SECOND, "w", 9) == []
    assert outbox.postpone(connection, "a", claim.lease_token or "", NOW + 6 * SECOND)
    assert [one.id for one in outbox.claim(connection, NOW + 6 * SECOND, "w", 9)] == ["a"]


def test_an_unknown_send_is_looked_up_by_the_next_when_its_first_finder_dies(connection: Connection):
    token = claimed(connection)
    outbox.mark_unknown(connection, "a", token, NOW)
    outbox.claim_unknown(connection, NOW, "dies", 1)
    (claim,) = outbox.claim_unknown(connection, NOW + outbox.RESOLVING, "lives", 1)
    assert outbox.complete(connection, "a", claim.lease_token or "", SENT, NOW, "SM1")


def test_withdrawing_names_what_may_have_left_us_and_leaves_the_finished_alone(connection: Connection):
    claimed(connection, "sending")
    outbox.mark_unknown(connection, "unknown", claimed(connection, "unknown"), NOW)
    outbox.complete(connection, "sent", claimed(connection, "sent"), SENT, NOW)
    outbox.put(connection, [notification("queued")])
    assert outbox.withdraw(connection, ["queued", "sent", "unknown", "sending", "nowhere"]) == ["sending", "unknown"]
    states = [found(connection, one).status for one in ("queued", "sending", "unknown", "sent")]
    assert states == [WITHDRAWN, WITHDRAWN, WITHDRAWN, SENT]
    assert outbox.withdraw(connection, ["queued"]) == outbox.withdraw(connection, []) == []


RANK = {QUEUED: 0, SENDING: 1, UNKNOWN: 2, SENT: 3, DELIVERED: 4, FAILED: 4, WITHDRAWN: 4}


@pytest.mark.parametrize("receipt", [SENT, DELIVERED, FAILED])
def test_receipts_move_forward_only_and_final_states_absorb(connection: Connection, receipt: AttemptStatus):
    for status in AttemptStatus:
        lease = {"lease_token": "lease"} if status is SENDING else {}
        outbox.put(connection, [notification(status.value, status=status, **lease)])
        moved = outbox.advance(connection, status.value, receipt, "why", NOW)
        is_forward = RANK[receipt] > RANK[status]
        assert (moved is not None) == is_forward, status
        assert found(connection, status.value).status is (receipt if is_forward else status)


def test_receipts_in_any_order_end_alike(connection: Connection):
    for number, order in enumerate(product([SENT, DELIVERED], repeat=3)):
        outbox.put(connection, [notification(str(number))])
        for receipt in order:
            outbox.advance(connection, str(number), receipt, "", NOW)
        assert found(connection, str(number)).status is (DELIVERED if DELIVERED in order else SENT)


def test_a_receipt_finds_its_notification_by_the_providers_id(connection: Connection):
    outbox.complete(connection, "a", claimed(connection), SENT, NOW, "SM1")
    moved = outbox.advance(connection, "SM1", FAILED, "30003", NOW)
    assert moved == found(connection)
    assert moved is not None
    assert (moved.status, moved.error) == (FAILED, "30003")
    assert outbox.advance(connection, "SM9", SENT, "", NOW) is None


def test_a_receipt_tells_the_providers_id_even_of_a_withdrawn_notification(connection: Connection):
    claimed(connection)
    outbox.withdraw(connection, ["a"])
    assert outbox.advance(connection, "a", DELIVERED, "", NOW, "CA1") is None
    assert (found(connection).status, found(connection).provider_id) == (WITHDRAWN, "CA1")


def test_claims_of_the_dead_and_the_old_are_sent_again_at_once(connection: Connection):
    for id_, worker, age in (("dead", "w1", 1), ("old", "w2", 40), ("fine", "w2", 1)):
        outbox.put(connection, [notification(id_)])
        outbox.claim(connection, NOW - timedelta(seconds=age) + MINUTE, worker, 1)
    assert outbox.claim_holders(connection) == ["w1", "w2"]
    assert outbox.release_claims(connection, NOW + MINUTE, ["w1"], NOW + 30 * SECOND) == ["dead", "old"]
    assert [(one.id, one.tries) for one in outbox.claim(connection, NOW + MINUTE, "w3", 9)] == [("dead", 1), ("old", 1)]


def test_what_a_dead_worker_had_claimed_keeps_its_place_in_the_queue(connection: Connection):
    claimed(connection)
    outbox.put(connection, [notification("b", due_at=NOW + SECOND)])
    outbox.release_claims(connection, NOW + MINUTE, ["worker-1"], NOW)
    assert [one.id for one in outbox.claim(connection, NOW + MINUTE, "worker-2", 1)] == ["a"]


def test_what_waits_for_a_phone_goes_when_it_is_free(connection: Connection):
    later = NOW + 10 * MINUTE
    outbox.put(connection, [notification("ana", due_at=later), notification("ben", due_at=later, address="+4902")])
    assert outbox.make_due(connection, NOW, address="+4902") == 1
    assert [one.id for one in outbox.claim(connection, NOW, "w", 9)] == ["ben"]
    assert outbox.make_due(connection, NOW, ids=["ana", "ben"]) == 1
    assert [one.id for one in outbox.claim(connection, NOW, "w", 9)] == ["ana"]


def test_only_the_unfinished_are_counted(connection: Connection):
    claimed(connection)
    outbox.put(connection, [notification("b"), notification("c", status=SENT)])
    assert outbox.counts(connection) == {QUEUED: 1, SENDING: 1, UNKNOWN: 0}
