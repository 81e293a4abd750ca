"""Worked shifts, duties, proposals, cover requests, posts and feeds come back as they were, each decided once."""

from dataclasses import replace
from datetime import timedelta

from oncallbot.storage import cover_requests, duties, feeds, posts, proposals, worked_shifts
from oncallbot.storage.cover_requests import CoverRequest
from oncallbot.storage.database import Database
from oncallbot.storage.feeds import FeedKind
from oncallbot.storage.proposals import Proposal
from oncallbot.storage.worked_shifts import WorkedShift
from tests.storage.cast import NOW

HOUR = timedelta(hours=1)


def test_what_was_worked_is_appended_once_and_clipped_when_asked_for(database: Database):
    shifts = [WorkedShift("primary", NOW, NOW + 8 * HOUR, ("ana",)), WorkedShift("other", NOW, NOW + HOUR, ("ben",))]
    with database.write() as connection:
        for _ in range(2):
            worked_shifts.append(connection, shifts, {"primary": NOW + 8 * HOUR})
    with database.read() as connection:
        assert worked_shifts.between(connection, NOW + HOUR, NOW + 2 * HOUR, "primary") == (
            WorkedShift("primary", NOW + HOUR, NOW + 2 * HOUR, ("ana",)),
        )
        assert worked_shifts.recorded_until(connection) == {"primary": NOW + 8 * HOUR}


def test_a_duty_begins_once_and_sweeping_keeps_the_last(database: Database):
    with database.write() as connection:
        assert duties.begin(connection, "handoff", "primary", NOW, NOW)
        assert not duties.begin(connection, "handoff", "primary", NOW, NOW)
        assert duties.begin(connection, "handoff", "primary", NOW + HOUR, NOW + HOUR)
        duties.forget_before(connection, NOW + 9 * HOUR)
        assert duties.last_done(connection, "handoff") == {"primary": NOW + HOUR}
        assert duties.begin(connection, "handoff", "primary", NOW, NOW), "the older row was swept"


def test_a_proposal_ends_once(database: Database):
    made = Proposal("p1", "dora", "dora", ({"edit": "x"},), "holidays", 7, ("2026-01-01T00:00:00Z",), NOW)
    with database.write() as connection:
        proposals.add(connection, made)
        assert proposals.load(connection, "p1", lock=True) == made
        assert proposals.end(connection, "p1", proposals.Status.CONFIRMED, NOW)
        assert not proposals.end(connection, "p1", proposals.Status.DECLINED, NOW)
        proposals.forget_before(connection, NOW + HOUR)
        assert proposals.load(connection, "p1") is None


def test_a_cover_request_is_due_until_it_is_taken(database: Database):
    asked = CoverRequest(
        schedule="primary",
        responder="ana",
        starts_at=NOW + 24 * HOUR,
        ends_at=NOW + 30 * HOUR,
        reason="concert",
        asked=("ben", "cem"),
        made_at=NOW,
        deadline_at=NOW + 20 * HOUR,
        due_at=NOW + HOUR,
    )
    with database.write() as connection:
        kept = cover_requests.add(connection, asked)
        assert cover_requests.claim_due(connection, NOW, 10) == []
        assert cover_requests.claim_due(connection, NOW + HOUR, 10) == [kept]
        taken = replace(kept, status=cover_requests.Status.TAKEN, taken_by="cem", due_at=None, ended_at=NOW)
        cover_requests.save(connection, taken)
        assert cover_requests.open_ones(connection) == ()
        assert cover_requests.load(connection, kept.id) == taken


def test_a_post_is_found_by_its_subject(database: Database):
    with database.write() as connection:
        posts.keep(connection, posts.Post("cover 1", "ben", "D1", "1.1"))
        posts.keep(connection, posts.Post("cover 1", "ben", "D1", "1.2"))
        assert posts.of(connection, "cover 1") == (posts.Post("cover 1", "ben", "D1", "1.2"),)


def test_a_revoked_feed_is_never_valid_again(database: Database):
    with database.write() as connection:
        feed = feeds.add(connection, FeedKind.RESPONDER, "ana", "ana", NOW)
        assert feeds.current(connection, FeedKind.RESPONDER, "ana", "ana") == feed
        assert feeds.revoke(connection, FeedKind.RESPONDER, "ana", "ana", NOW)
        assert feeds.by_id(connection, feed.id) is None
        assert feeds.add(connection, FeedKind.RESPONDER, "ana", "ana", NOW).id != feed.id
