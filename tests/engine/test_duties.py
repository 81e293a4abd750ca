"""Duties at fixed instants: decided once with any number of workers and restarts, and late ones by today's truth."""

import json
from datetime import timedelta

import pytest

from oncallbot.engine.change import Changed, Edit, change
from oncallbot.engine.duties import Duties, record_worked, sweep
from oncallbot.engine.proposals import Confirmed, Proposed, confirm, propose
from oncallbot.oncall.edits import AddAbsence, AddOverride
from oncallbot.oncall.people import Absence, Method
from oncallbot.oncall.precedence import Override
from oncallbot.storage import rule_objects, worked_shifts
from oncallbot.storage.outbox import Purpose
from tests.engine.stage import NIGHT, Night, at_once, both
from tests.oncall.cast import utc as utc_of

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
HANDOFF = utc_of("2026-12-28 08:00")  # Monday, 09:00 in Berlin: Ana goes, Ben comes


@pytest.fixture
def duties(night):
    made = Duties(night.door)
    made.ring()
    return made


def passes(night, duties, until, step=30 * MINUTE):
    """Time goes on in steps, as ticks do."""
    while night.clock.now() < until:
        night.clock.moves(min(step, until - night.clock.now()))
        duties.ring()


def said(night, **wanted):
    """(who, words) of what is due to leave, the oldest first."""
    return [
        (row.responder or row.address, row.words)
        for row in night.claims(200)
        if all(getattr(row, name) == value for name, value in wanted.items())
    ]


def orders(night, *edits):
    proposed = propose(night.door, edits, "dora")
    assert isinstance(proposed, Proposed), proposed
    assert isinstance(confirm(night.door, proposed.id, "dora", lambda *_: ""), Confirmed)


def test_what_lies_behind_is_nobodys_news_at_first_sight(night, duties):
    assert said(night) == []


@both
def test_the_incoming_person_is_told_at_the_handoff(night, duties):
    passes(night, duties, HANDOFF - MINUTE)
    said(night)
    passes(night, duties, HANDOFF)
    ((who, words),) = said(night)
    assert who == "ben"
    assert "on call in primary now" in words
    assert "Ana had it before" in words


def test_reminders_come_a_day_and_an_hour_before(night, duties):
    passes(night, duties, HANDOFF - DAY)
    assert [who for who, words in said(night) if "begins in 1 day" in words] == ["ben"]
    passes(night, duties, HANDOFF - HOUR)
    assert [who for who, words in said(night) if "begins in 1 h:" in words] == ["ben"]


def test_a_late_reminder_is_sent_once_until_the_stint_begins(night, duties):
    night.clock.moves(HANDOFF - 30 * MINUTE - night.clock.now())
    Duties(night.door).ring()
    assert [who for who, words in said(night) if "begins" in words] == ["ben"]
    night.clock.moves(HOUR)
    Duties(night.door).ring()
    assert [who for who, words in said(night) if "begins" in words] == []


@both
def test_three_workers_and_a_restart_do_each_duty_once(night, duties):
    workers = [Duties(night.door) for _ in range(3)]
    for one in workers:
        one.ring()
    night.clock.moves(HANDOFF - timedelta(seconds=1) - night.clock.now())
    at_once(*(one.ring for one in workers))
    before = said(night)
    night.clock.moves(timedelta(seconds=2))
    at_once(*(one.ring for one in (*workers, Duties(night.door))))
    assert len([words for _, words in before if "begins" in words]) == 1
    assert len([words for _, words in said(night) if "now" in words]) == 1


def test_of_late_handoffs_only_the_newest_is_told(night, duties):
    night.clock.moves(HANDOFF + 8 * DAY - night.clock.now())
    duties.ring()
    assert [who for who, words in said(night) if "on call in primary now" in words] == ["cem"]


def test_gaps_are_told_to_the_managers_at_nine_once_a_day(night, duties):
    away = [AddAbsence(Absence(one, NIGHT + 9 * DAY, NIGHT + 10 * DAY)) for one in ("ana", "ben", "cem")]
    orders(night, *away)
    passes(night, duties, utc_of("2026-12-26 07:59"))
    assert said(night) == []
    passes(night, duties, utc_of("2026-12-26 08:00"))
    ((who, words),) = said(night)
    assert who == "dora"
    assert "NOBODY IS ON CALL" in words
    passes(night, duties, utc_of("2026-12-27 07:59"))
    assert [who for who, words in said(night) if "NOBODY" in words] == []


def test_no_gap_is_no_news(night, duties):
    passes(night, duties, utc_of("2026-12-26 12:00"))
    assert said(night) == []


def test_the_week_ahead_goes_to_who_wants_it_on_mondays(night):
    with night.database.read() as connection:
        ana = next(one for one in rule_objects.load_all(connection) if (one.kind, one.id) == ("responder", "ana"))
    wanting = ana.body.replace('"timezone"', '"_"').replace('"_"', '"timezone"')[:-1] + ',"weekly":true}'
    assert change(night.door, Edit({("responder", "ana"): wanting}), "dora", 1) == Changed(2)
    duties = Duties(night.door)
    duties.ring()
    passes(night, duties, HANDOFF)
    assert [who for who, words in said(night) if "next 7 days" in words] == ["ana"]


def test_topic_and_group_are_brought_up_to_date_whenever_others_are_on_call(database, clock):
    night = Night(database, clock, (Method.SMS, Method.SLACK))
    with database.read() as connection:
        objects = {(one.kind, one.id): one.body for one in rule_objects.load_all(connection)}
    hotline = objects["hotline", "main"][:-1] + ',"on_call_channel":"C0ONCALL01"}'
    schedule = objects["schedule", "primary"][:-1] + ',"user_group":"S0ONCALL01"}'
    both_texts = {("hotline", "main"): sorted_text(hotline), ("schedule", "primary"): sorted_text(schedule)}
    assert change(night.door, Edit(both_texts), "dora", 1) == Changed(2)
    duties = Duties(night.door)
    duties.ring()
    assert said(night, purpose=Purpose.TOPIC) == [("C0ONCALL01", "")]
    orders(night, AddOverride("primary", Override("cem", night.clock.now(), night.clock.now() + HOUR)))
    night.clock.moves(MINUTE)
    duties.ring()
    assert {row.purpose for row in night.claims()} >= {Purpose.TOPIC, Purpose.GROUP}


def sorted_text(text):
    return json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@both
def test_finished_shifts_are_recorded_as_they_end(night):
    record_worked(night.door)
    night.clock.moves(HANDOFF + HOUR - night.clock.now())
    record_worked(night.door)
    record_worked(night.door)
    with night.database.read() as connection:
        found = worked_shifts.between(connection, NIGHT, HANDOFF + DAY)
    assert [(one.responders, one.starts_at, one.ends_at) for one in found] == [(("ana",), NIGHT, HANDOFF)]


def test_sweeping_forgets_no_last_duty(night, duties):
    passes(night, duties, HANDOFF, step=HOUR)
    night.clock.moves(100 * DAY)
    sweep(night.door)
    said(night)
    Duties(night.door).ring()
    assert len([words for _, words in said(night) if "on call in primary now" in words]) == 1
