"""What is remembered comes back as it was, field by field."""

from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError, StatementError

from oncallbot.escalation.call import CallStep, HotlineCall
from oncallbot.escalation.effects import Recorded, TimelineKind
from oncallbot.escalation.issue import AttemptStatus, Road
from oncallbot.oncall.people import Method
from oncallbot.storage import (
    calls,
    issues,
    keys,
    live_calls,
    opt_outs,
    outbox,
    probe,
    reports,
    rule_objects,
    tables,
    timeline,
    webhooks,
    workers,
)
from oncallbot.storage.outbox import Notification, Purpose
from tests.storage.cast import ANAS_PAGE, ERIK, FULL_ISSUE, MINUTE, NOW, POLICY, TIER, issue, notification, page

FULL_NOTIFICATION = Notification(
    id="1042-1",
    purpose=Purpose.CUSTOMER_TOLD,
    method=Method.VOICE,
    address=ERIK,
    words="Ana hat Ihre Meldung 🔧",
    created_at=NOW,
    due_at=NOW + MINUTE,
    issue=1042,
    responder="ana",
    sender="+493023125999",
    detail={"blocks": [{"text": "ä\0"}], "retry": 2},
    priority=3,
    status=AttemptStatus.UNKNOWN,
    tries=2,
    lease_token="lease",
    worker="worker-1",
    claimed_at=NOW,
    checked_at=NOW,
    sent_at=NOW,
    provider_id="CA1",
    error="30003",
)
FULL_REPORT = reports.Report(
    id=7,
    issue=1042,
    at=NOW,
    road=Road.CALL,
    caller=ERIK,
    contact=ERIK,
    words="the plant stands still",
    recording_url="https://api.example/RE1",
    recording_seconds=42,
    transcript="the plant",
    media=("https://a.example/1", "https://a.example/2"),
    call_sid="CA1",
    provider_id="SM1",
)
FULL_CALL = HotlineCall(
    sid="CA1",
    hotline="main",
    number="+493023125999",
    caller=ERIK,
    contact="+493023125101",
    customer="acme",
    is_known=True,
    language="de",
    step=next(iter(CallStep)),
    started_at=NOW,
    issue=1042,
    ended_at=NOW + MINUTE,
    heard="message",
)
FULL_WORKER = workers.Worker(
    "worker-1", "worker", NOW, NOW + MINUTE, timedelta(milliseconds=-1500), "1.2.3", frozenset({Method.SMS})
)


FULL = (
    *(FULL_ISSUE, ANAS_PAGE, POLICY, TIER, ANAS_PAGE.attempts[1]),
    *(FULL_NOTIFICATION, FULL_REPORT, FULL_CALL, FULL_WORKER),
)


@pytest.mark.parametrize("record", FULL, ids=lambda record: type(record).__name__)
def test_the_records_that_make_the_round_trips_leave_no_field_at_its_default(record: Any):
    assert is_dataclass(record)
    defaults = {
        one.name: one.default_factory() if one.default_factory is not MISSING else one.default for one in fields(record)
    }
    assert [name for name, default in defaults.items() if getattr(record, name) == default] == []


def test_an_issue_comes_back_with_its_pages_in_their_order(connection: Connection):
    issues.insert(connection, FULL_ISSUE)
    assert issues.load(connection, 1042) == FULL_ISSUE
    assert issues.load(connection, 1043) is None


def test_a_changed_issue_comes_back_as_it_is_now(connection: Connection):
    before = issue(pages=(page("ana"), page("ben")))
    issues.insert(connection, before)
    after = replace(FULL_ISSUE, pages=(page("ben"), page("cem"), ANAS_PAGE))
    issues.save(connection, before, after)
    assert issues.load(connection, 1042) == after
    issues.save(connection, after, replace(after, pages=(ANAS_PAGE,)))
    assert issues.load(connection, 1042) == replace(after, pages=(ANAS_PAGE,))


def test_saving_leaves_alone_what_did_not_change(connection: Connection):
    before = issue(pages=(page("ana"), page("ben")))
    issues.insert(connection, before)
    elsewhere = before.with_page(page("ben", was_told=True))
    issues.save(connection, before, replace(elsewhere, language="de"))
    issues.save(connection, before, replace(before, holder="ana").with_page(page("ana", was_told=True)))
    found = issues.load(connection, 1042)
    assert found is not None
    assert (found.language, found.holder, [one.was_told for one in found.pages]) == ("de", "ana", [True, True])


def test_one_issue_cannot_be_saved_as_another(connection: Connection):
    with pytest.raises(ValueError, match="AH-1042 cannot become AH-1043"):
        issues.save(connection, issue(1042), issue(1043))


def test_an_open_issue_without_a_deadline_cannot_be_kept(connection: Connection):
    with pytest.raises(IntegrityError, match="wakes"):
        issues.insert(connection, issue(deadlines=()))


def test_an_open_issue_cannot_lose_its_last_deadline(connection: Connection):
    before = issue()
    issues.insert(connection, before)
    with pytest.raises(IntegrityError, match="wakes"):
        issues.save(connection, before, replace(before, deadlines=()))


def test_an_instant_without_zone_is_refused(connection: Connection):
    with pytest.raises((ValueError, StatementError), match="needs its zone"):
        issues.insert(connection, issue(opened_at=datetime(2026, 12, 26)))


def test_an_instant_of_another_zone_comes_back_in_utc(connection: Connection):
    issues.insert(connection, issue(opened_at=NOW.astimezone(timezone(timedelta(hours=-9)))))
    found = issues.load(connection, 1042)
    assert found is not None
    assert (found.opened_at, found.opened_at.tzinfo) == (NOW, UTC)


def test_what_no_database_can_store_is_left_out_of_words(connection: Connection):
    issues.insert(connection, issue(summary="a\0b\ud800c", dedup_key="k\0ey"))
    found = issues.load(connection, 1042)
    assert found is not None
    assert found.summary == "ab?c"
    assert issues.open_with_dedup_key(connection, "main", "k\0ey") == 1042


def test_a_notification_comes_back(connection: Connection):
    issues.insert(connection, issue())
    outbox.put(connection, [FULL_NOTIFICATION, notification("simple")])
    assert outbox.load(connection, "1042-1") == FULL_NOTIFICATION
    assert outbox.load(connection, "simple") == notification("simple", detail={})
    assert outbox.of_issue(connection, 1042) == [FULL_NOTIFICATION]
    assert outbox.by_provider_id(connection, "CA1") == FULL_NOTIFICATION
    assert outbox.by_provider_id(connection, "CA2") is None


def test_a_notification_of_no_issue_that_exists_is_refused(connection: Connection):
    with pytest.raises(IntegrityError):
        outbox.put(connection, [notification(issue=4711)])


def test_a_timeline_comes_back_in_the_order_in_which_it_was_written(connection: Connection):
    issues.insert(connection, issue())
    issues.insert(connection, issue(1043))
    paged = Recorded(TimelineKind.PAGED, "Ana is on call", "ana", Method.SMS)
    opened = Recorded(TimelineKind.OPENED, "Erik called")
    timeline.append(connection, 1042, NOW, [opened, paged])
    timeline.append_many(connection, NOW - MINUTE, [(1043, [opened]), (1042, [opened])])
    entry = timeline.TimelineEntry(NOW, TimelineKind.OPENED, "Erik called")
    assert timeline.of(connection, 1042) == [
        entry,
        timeline.TimelineEntry(NOW, TimelineKind.PAGED, "Ana is on call", "ana", Method.SMS),
        replace(entry, at=NOW - MINUTE),
    ]


def test_a_report_comes_back_and_grows(connection: Connection):
    issues.insert(connection, issue())
    first = reports.add(connection, replace(FULL_REPORT, id=None, issue=None, transcript=None))
    assert first == replace(FULL_REPORT, id=first.id, issue=None, transcript=None)
    assert reports.of_call(connection, "CA1") == [first]
    grown = replace(FULL_REPORT, id=first.id)
    reports.save(connection, grown)
    assert reports.of_issue(connection, 1042) == [grown]
    assert reports.by_provider_id(connection, "SM1") == grown
    assert reports.add(connection, replace(FULL_REPORT, id=None)).id != first.id


def test_a_call_comes_back_and_is_kept_once(connection: Connection):
    issues.insert(connection, issue())
    assert calls.add(connection, replace(FULL_CALL, issue=None, ended_at=None))
    assert not calls.add(connection, FULL_CALL)
    assert calls.live(connection, NOW + MINUTE) == [replace(FULL_CALL, issue=None, ended_at=None)]
    calls.save(connection, FULL_CALL)
    assert calls.load(connection, "CA1", lock=True) == FULL_CALL
    assert calls.of_issue(connection, 1042) == [FULL_CALL]
    assert calls.live(connection, NOW + MINUTE) == []


def test_a_phone_in_a_call_is_free_again_when_it_ends(connection: Connection):
    assert live_calls.claim(connection, ERIK, "a1", NOW)
    assert live_calls.claim(connection, ERIK, "a1", NOW), "the same attempt may ask again"
    assert not live_calls.claim(connection, ERIK, "a2", NOW)
    assert live_calls.ringing(connection, ["a1"]) == [], "nobody could end it yet"
    assert live_calls.bind(connection, "a1", "CA1")
    assert live_calls.ringing(connection, ["a1", "a2"]) == [live_calls.Ringing("a1", "CA1")]
    assert live_calls.answered(connection, "CA1", NOW + MINUTE)
    assert live_calls.ringing(connection, ["a1"]) == []
    here = live_calls.LiveCall(ERIK, "a1", "CA1", NOW, None, NOW + MINUTE)
    assert live_calls.stale(connection, NOW + MINUTE) == [here]
    assert live_calls.stale(connection, NOW) == []
    assert live_calls.free(connection, "CA1", NOW + MINUTE) == [ERIK]
    assert live_calls.free(connection, "a1", NOW + MINUTE) == []
    assert live_calls.claim(connection, ERIK, "a2", NOW + MINUTE)


def test_a_webhook_is_found_by_its_token_until_it_is_revoked(connection: Connection):
    webhook = webhooks.Webhook("pumps", "main", "acme", NOW)
    assert webhooks.add(connection, webhook, "secret-token")
    assert not webhooks.add(connection, webhook, "another"), "a name is never used twice"
    assert webhooks.by_token(connection, "secret-token") == webhook
    assert webhooks.by_token(connection, "another") is webhooks.by_token(connection, "\ud800") is None
    assert webhooks.revoke(connection, "pumps", NOW + MINUTE)
    assert not webhooks.revoke(connection, "pumps", NOW + MINUTE)
    assert webhooks.by_token(connection, "secret-token") is None
    assert webhooks.all_ones(connection) == [replace(webhook, revoked_at=NOW + MINUTE)]


def test_no_column_holds_a_webhooks_token(connection: Connection):
    webhooks.add(connection, webhooks.Webhook("pumps", "main", None, NOW), "secret-token")
    assert "secret-token" not in str(connection.execute(select(tables.webhooks)).all())


def test_an_opt_out_stands_until_it_is_taken_back(connection: Connection):
    assert opt_outs.since(connection, ERIK) is None
    assert opt_outs.add(connection, ERIK, NOW)
    assert not opt_outs.add(connection, ERIK, NOW + MINUTE)
    assert opt_outs.since(connection, ERIK) == NOW
    assert opt_outs.remove(connection, ERIK)
    assert not opt_outs.remove(connection, ERIK)
    assert opt_outs.since(connection, ERIK) is None


def test_a_worker_is_seen_until_it_signs_off_or_is_forgotten(connection: Connection):
    workers.register(connection, FULL_WORKER)
    workers.register(connection, replace(FULL_WORKER, id="worker-2", seen_at=NOW))
    assert workers.seen_since(connection, NOW + MINUTE) == [FULL_WORKER]
    assert workers.heartbeat(connection, "worker-2", NOW + 2 * MINUTE, timedelta(seconds=1))
    assert [one.id for one in workers.seen_since(connection, NOW)] == ["worker-2", "worker-1"]
    workers.forget_before(connection, NOW + 2 * MINUTE)
    assert not workers.heartbeat(connection, "worker-1", NOW)
    workers.forget(connection, "worker-2")
    assert workers.seen_since(connection, NOW - MINUTE) == []


def test_rules_change_with_their_audit_at_the_next_revision(connection: Connection):
    ana = rule_objects.RuleObject("responder", "ana", '{"name":"Ana"}', '{"name":"Ana"}', "people.yaml")
    ben = rule_objects.RuleObject("responder", "ben", '{"name":"Ben"}')
    assert rule_objects.revision(connection) == 0
    assert rule_objects.replace_objects(connection, [ana, ben], 0, "dora", NOW)
    renamed = replace(ana, body='{"name":"Ana Ruiz"}')
    assert rule_objects.replace_objects(
        connection, [renamed, rule_objects.Removed("responder", "ben")], 1, "dora", NOW + MINUTE
    )
    assert rule_objects.revision(connection) == 2
    assert rule_objects.load_all(connection) == [renamed]
    changes = [(one.revision, one.object_id, one.before, one.after) for one in rule_objects.history(connection, 3)]
    assert changes == [(2, "ben", ben.body, None), (2, "ana", ana.body, renamed.body), (1, "ben", None, ben.body)]


def test_a_change_of_rules_that_have_changed_since_is_stale_and_writes_nothing(connection: Connection):
    ana = rule_objects.RuleObject("responder", "ana", "{}")
    assert not rule_objects.replace_objects(connection, [ana], 1, "dora", NOW)
    assert rule_objects.load_all(connection) == []
    assert rule_objects.history(connection, 1) == []
    assert rule_objects.revision(connection) == 0


def test_a_key_is_answered_once_and_then_repeated(connection: Connection):
    assert keys.claim(connection, "SM1", NOW) == keys.Claimed()
    assert keys.claim(connection, "SM1", NOW) == keys.Repeated(None)
    keys.keep_answer(connection, "SM1", "<Response/>")
    assert keys.claim(connection, "SM1", NOW) == keys.Repeated("<Response/>")
    assert keys.forget_before(connection, NOW) == 0
    assert keys.forget_before(connection, NOW + MINUTE) == 1
    assert keys.claim(connection, "SM1", NOW) == keys.Claimed()


def test_a_probe_can_be_written_again_and_again(connection: Connection):
    probe.write(connection, NOW)
    probe.write(connection, NOW + MINUTE)
    assert connection.execute(select(tables.probe.c.at)).scalars().all() == [NOW + MINUTE]
