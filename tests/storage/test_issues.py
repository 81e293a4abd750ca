"""Which issues ring, which are open, and which one a report or an answer could mean."""

from dataclasses import replace

from sqlalchemy import Connection

from oncallbot.escalation.issue import Deadline, DeadlineKind, PageState, Road, Status
from oncallbot.storage import issues
from oncallbot.storage.database import Database
from tests.storage.cast import ERIK, MINUTE, NOW, SECOND, issue, page


def due(number: int, minutes: float, **changes: object):
    return issue(number, deadlines=(Deadline(NOW + minutes * MINUTE, DeadlineKind.LEVEL),), **changes)


def keep(connection: Connection, *kept) -> None:
    issues.save_many(connection, [(None, one) for one in kept])


def test_numbers_begin_at_1001_and_are_given_once(database: Database):
    for expected in (1001, 1002, 1003):
        with database.write() as connection:
            number = issues.next_number(connection)
            issues.insert(connection, issue(number))
        assert number == expected


def test_overdue_issues_ring_the_longest_overdue_first(connection: Connection):
    closed = due(1005, -9, status=Status.CLOSED)
    keep(connection, due(1001, -1), due(1002, -3), due(1003, 0), due(1004, 1 / 60_000_000), closed)
    assert [one.number for one in issues.claim_overdue(connection, NOW, 10)] == [1002, 1001, 1003]
    assert [one.number for one in issues.claim_overdue(connection, NOW, 2)] == [1002, 1001]
    assert issues.overdue_numbers(connection, NOW, 2) == [1002, 1001]
    assert issues.oldest_overdue(connection, NOW) == NOW - 3 * MINUTE
    assert issues.oldest_overdue(connection, NOW - 3 * MINUTE - SECOND) is None


def test_an_issue_wakes_at_its_earliest_deadline(connection: Connection):
    promise = Deadline(NOW + MINUTE, DeadlineKind.PROMISE)
    before = issue(deadlines=(Deadline(NOW, DeadlineKind.LEVEL), promise))
    issues.insert(connection, before)
    issues.save(connection, before, replace(before, deadlines=(promise,)))
    assert issues.claim_overdue(connection, NOW, 1) == []
    assert issues.claim_overdue(connection, NOW + MINUTE, 1) == [replace(before, deadlines=(promise,))]


def test_open_issues_are_those_that_are_not_closed(connection: Connection):
    keep(connection, *(issue(1001 + place, status=status) for place, status in enumerate(Status)))
    assert {one.status for one in issues.open_ones(connection)} == set(Status) - {Status.CLOSED}
    assert [one.number for one in issues.all_ones(connection, 2)] == [1004, 1005]
    assert issues.count_by_status(connection) == dict.fromkeys(Status, 1)


def test_many_are_loaded_by_number_and_the_unknown_left_out(connection: Connection):
    keep(connection, issue(1002), issue(1001))
    found = issues.load_many(connection, [1002, 1001, 4711, 1002])
    assert [one.number for one in found] == [1001, 1002]
    assert issues.load_many(connection, []) == []


def test_a_contacts_newest_open_issue_is_found(connection: Connection):
    keep(connection, issue(1001), issue(1002), issue(1003, hotline="other"), issue(1004, status=Status.CLOSED))
    keep(connection, issue(1005, contact=""))
    assert issues.newest_open_of_contact(connection, "main", ERIK) == 1002
    assert issues.newest_open_of_contact(connection, None, ERIK) == 1003
    assert issues.newest_open_of_contact(connection, "main", "+4900") is None


def test_a_contact_that_cannot_be_told_anything_has_no_issue(connection: Connection):
    keep(connection, issue(1001, contact=""))
    assert issues.newest_open_of_contact(connection, "main", "") is None


def test_a_dedup_key_names_the_open_issue_of_its_hotline(connection: Connection):
    keep(connection, issue(1001, dedup_key="pump"), issue(1002, dedup_key="pump", status=Status.CLOSED))
    assert issues.open_with_dedup_key(connection, "main", "pump") == 1001
    assert issues.open_with_dedup_key(connection, "other", "pump") is None


def test_another_road_within_its_time_is_found_but_never_a_webhooks(connection: Connection):
    keep(connection, issue(1001, road=Road.TEXT), issue(1002, road=Road.CALL), issue(1003, road=Road.WEBHOOK))
    keep(connection, issue(1004, road=Road.FORM, opened_at=NOW - 11 * MINUTE))
    since = NOW - 10 * MINUTE
    assert issues.opened_by_another_road(connection, "acme", Road.CALL, since) == 1001
    assert issues.opened_by_another_road(connection, "acme", Road.TEXT, since) == 1002
    assert issues.opened_by_another_road(connection, "other", Road.TEXT, since) is None


def test_open_pages_are_running_ones_of_issues_that_need_or_have_somebody_the_oldest_first(connection: Connection):
    keep(connection, issue(1003, pages=(page("ana"),)), issue(1001, pages=(page("ben"), page("ana"))))
    keep(connection, issue(1002, pages=(page("ana", state=PageState.PASSED),)))
    keep(connection, issue(1004, pages=(page("ana"),), status=Status.ACKNOWLEDGED))
    keep(connection, issue(1005, pages=(page("ana"),), status=Status.RESOLVED))
    assert issues.open_pages_of(connection, "ana") == [1001, 1003, 1004]
    assert issues.open_pages_of(connection, "cem") == []


def test_a_responder_holds_what_they_acknowledged_and_did_not_resolve(connection: Connection):
    keep(connection, issue(1001, status=Status.ACKNOWLEDGED, holder="ana"))
    keep(connection, issue(1002, status=Status.RESOLVED, holder="ana"))
    keep(connection, issue(1003, status=Status.ACKNOWLEDGED, holder="ben"))
    assert issues.held_by(connection, "ana") == [1001]


def test_lately_paged_are_open_issues_the_latest_page_first(connection: Connection):
    keep(connection, issue(1001, pages=(page("ana", started_at=NOW),), status=Status.ACKNOWLEDGED, holder="ben"))
    keep(connection, issue(1002, pages=(page("ana", started_at=NOW + MINUTE, state=PageState.WITHDRAWN),)))
    keep(connection, issue(1003, pages=(page("ana", started_at=NOW + 2 * MINUTE),), status=Status.CLOSED))
    assert issues.lately_paged(connection, "ana") == [1002, 1001]
