"""What is asked all the time reads an index, not a table that grows for years."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from oncallbot.escalation.issue import AttemptStatus, Road
from oncallbot.oncall.people import Method
from oncallbot.storage import calls, issues, live_calls, outbox, reports, stuck_pages, timeline, webhooks
from tests.storage.cast import ERIK, MINUTE, NOW

ASKED: dict[str, Callable[[Connection], object]] = {
    "what is overdue": lambda on: issues.claim_overdue(on, NOW, 200),
    "the longest overdue": lambda on: issues.oldest_overdue(on, NOW),
    "one issue": lambda on: issues.load(on, 1042, lock=True),
    "open issues": issues.open_ones,
    "newest of contact": lambda on: issues.newest_open_of_contact(on, "main", ERIK),
    "dedup key": lambda on: issues.open_with_dedup_key(on, "main", "pump"),
    "another road": lambda on: issues.opened_by_another_road(on, "acme", Road.CALL, NOW),
    "open pages": lambda on: issues.open_pages_of(on, "ana"),
    "held by": lambda on: issues.held_by(on, "ana"),
    "lately paged": lambda on: issues.lately_paged(on, "ana"),
    "claim": lambda on: outbox.claim(on, NOW, "w", 8),
    "claim unknown": lambda on: outbox.claim_unknown(on, NOW, "w", 8),
    "statuses due": lambda on: outbox.statuses_due(on, NOW),
    "oldest due": lambda on: outbox.oldest_due(on, NOW),
    "stuck pages": lambda on: (stuck_pages.oldest_tried(on, NOW), stuck_pages.oldest_refused(on, NOW)),
    "claim holders": outbox.claim_holders,
    "release": lambda on: outbox.release_claims(on, NOW, ["w"], NOW),
    "withdraw": lambda on: outbox.withdraw(on, ["a"]),
    "complete": lambda on: outbox.complete(on, "a", "t", AttemptStatus.SENT, NOW),
    "receipt": lambda on: outbox.advance(on, "SM1", AttemptStatus.SENT, "", NOW),
    "make due": lambda on: (outbox.make_due(on, NOW, address=ERIK), outbox.hasten(on, NOW, Method.SMS, "500")),
    "of issue": lambda on: (outbox.of_issue(on, 1042), timeline.of(on, 1042), reports.of_issue(on, 1042)),
    "reports": lambda on: (reports.of_call(on, "CA1"), reports.by_provider_id(on, "SM1")),
    "hotline calls": lambda on: calls.live(on, NOW + MINUTE),
    "live calls": lambda on: (live_calls.of_phone(on, ERIK), live_calls.free(on, "CA1", NOW)),
    "stale calls": lambda on: live_calls.stale(on, NOW),
    "ringing": lambda on: live_calls.ringing(on, ["a"]),
    "webhook": lambda on: webhooks.by_token(on, "secret"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_it_reads_an_index(connection: Connection, asked: str):
    said: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *rest: object) -> None:
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    ASKED[asked](connection)
    event.remove(connection, "before_cursor_execute", note)
    assert said
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # empty tables are read whole
        explain, whole = "EXPLAIN ", "Seq Scan"
    else:
        explain, whole = "EXPLAIN QUERY PLAN ", "SCAN "
    plans = [connection.exec_driver_sql(explain + statement, parameters).all() for statement, parameters in said]
    lines = [str(line) for plan in plans for line in plan]
    assert [line for line in lines if whole in line and "INDEX" not in line] == []
