"""Layers, overrides and absences: who wins where, and what the source says."""

from datetime import datetime

import pytest

from oncallbot.oncall.hours import OfficeHours
from oncallbot.oncall.people import Absence
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.schedule import (
    Layer,
    Override,
    Schedule,
    SourceKind,
    final_shifts,
    next_responders,
    participants,
    responders_at,
    who,
)
from oncallbot.oncall.windows import Outside, parse_window
from tests.oncall.cast import ANA, BEN, CEM, DORA, NOBODY, absence, daily, override, rotation, schedule, utc, weekly


def rows(of: Schedule, *absences: Absence, start: str = "2026-01-01", end: str = "2026-01-04") -> list[str]:
    return [
        f"{shift.start:%d %H}-{shift.end:%d %H} {'+'.join(shift.responders)}: {shift.source.reason}"
        for shift in final_shifts(of, absences, utc(start), utc(end))
    ]


def on_call(of: Schedule, at: str, *absences: Absence) -> tuple[str, ...]:
    return responders_at(of, absences, utc(at))[0]


# Layers


def test_participants_take_turns_and_a_handoff_from_ana_to_ana_makes_two_rows() -> None:
    assert rows(schedule(daily(ANA, ANA, BEN))) == [
        "01 00-02 00 ana: daily, turn 0",
        "02 00-03 00 ana: daily, turn 1",
        "03 00-04 00 ben: daily, turn 2",
    ]


def test_rows_are_clipped_to_the_question() -> None:
    assert rows(schedule(daily(ANA, BEN)), start="2026-01-01 06:00", end="2026-01-02 05:00") == [
        "01 06-02 00 ana: daily, turn 0",
        "02 00-02 05 ben: daily, turn 1",
    ]


def test_at_the_handoff_instant_the_new_person_is_on_call() -> None:
    plan = schedule(daily(ANA, BEN))
    assert [on_call(plan, at) for at in ("2026-01-01 23:59:59.999999", "2026-01-02 00:00")] == [ANA, BEN]


def test_a_later_layer_covers_an_earlier_one_in_its_windows() -> None:
    plan = schedule(daily(ANA), daily(BEN, windows=weekly("fri 18:00-06:00"), name="friday"))
    assert rows(plan, start="2026-01-02", end="2026-01-03 12:00") == [
        "02 00-02 18 ana: daily, turn 1",
        "02 18-03 00 ben: friday, turn 1",
        "03 00-03 06 ben: friday, turn 2",
        "03 06-03 12 ana: daily, turn 2",
    ]


def test_time_outside_every_window_has_no_row() -> None:
    plan = schedule(daily(ANA, windows=weekly("mon-sun 18:00-24:00")))
    assert rows(plan, end="2026-01-03") == ["01 18-02 00 ana: daily, turn 0", "02 18-03 00 ana: daily, turn 1"]


def test_an_after_hours_layer_follows_the_office_hours() -> None:
    office = OfficeHours("office", "UTC", (parse_window("mon-fri 09:00-18:00"),))
    plan = schedule(Layer("weekly", rotation("2025-12-29 09:00", 1, Unit.WEEKS, people=(ANA, BEN)), Outside(office)))
    assert rows(plan, start="2026-01-02 12:00", end="2026-01-06") == [
        "02 18-05 09 ana: weekly, turn 0",
        "05 18-06 00 ben: weekly, turn 1",
    ]


def test_a_turn_of_nobody_is_empty_and_covers_the_earlier_layer() -> None:
    assert rows(schedule(daily(ANA, NOBODY, BEN))) == [
        "01 00-02 00 ana: daily, turn 0",
        "03 00-04 00 ben: daily, turn 2",
    ]
    assert on_call(schedule(daily(ANA), daily(NOBODY, BEN, name="top")), "2026-01-01 12:00") == NOBODY


def test_a_group_is_on_call_together() -> None:
    assert rows(schedule(daily(("ana", "ben"), CEM)), end="2026-01-02") == ["01 00-02 00 ana+ben: daily, turn 0"]


def test_participants_are_everyone_in_order_once() -> None:
    plan = schedule(daily(CEM, ("ana", "ben"), NOBODY, CEM), daily(DORA, BEN))
    assert participants(plan, utc("2026-02-04 12:00")) == ("cem", "ana", "ben", "dora")


def test_a_schedule_without_layers_has_nobody() -> None:
    answer = who(schedule(), (), utc("2026-01-01"))
    assert (answer.responders, answer.until, answer.next, answer.source) == ((), None, (), None)


# Overrides


def test_an_override_covers_whatever_lies_beneath_and_runs_through_handoffs() -> None:
    plan = schedule(
        daily(ANA, BEN), overrides=(override("dora", "2026-01-01 12:00", "2026-01-02 12:00", reason="move"),)
    )
    assert rows(plan, end="2026-01-03") == [
        "01 00-01 12 ana: daily, turn 0",
        "01 12-02 12 dora: override: move",
        "02 12-03 00 ben: daily, turn 1",
    ]


def test_an_override_covers_empty_time() -> None:
    plan = schedule(overrides=(override("dora", "2026-01-01 12:00", "2026-01-01 18:00"),))
    assert rows(plan) == ["01 12-01 18 dora: override"]


def test_an_override_instead_of_ana_replaces_only_anas_turns() -> None:
    plan = schedule(daily(ANA, BEN), overrides=(override("cem", "2026-01-01 12:00", "2026-01-03 12:00", "ana"),))
    assert rows(plan) == [
        "01 00-01 12 ana: daily, turn 0",
        "01 12-02 00 cem: override",
        "02 00-03 00 ben: daily, turn 1",
        "03 00-03 12 cem: override",
        "03 12-04 00 ana: daily, turn 2",
    ]


def test_an_override_instead_of_ana_leaves_the_rest_of_her_group() -> None:
    plan = schedule(daily(("ana", "ben")), overrides=(override("cem", "2026-01-01", "2026-01-02", "ana"),))
    assert on_call(plan, "2026-01-01 12:00") == ("cem", "ben")


def test_one_override_over_two_groups_makes_a_row_for_each() -> None:
    plan = schedule(
        daily(("ana", "ben"), ("ana", "dora")), overrides=(override("cem", "2026-01-01", "2026-01-03", "ana"),)
    )
    assert rows(plan, end="2026-01-03") == ["01 00-02 00 cem+ben: override", "02 00-03 00 cem+dora: override"]


def test_an_override_instead_of_the_person_who_covers_an_absence_replaces_them() -> None:
    plan = schedule(daily(ANA, BEN, CEM), overrides=(override("dora", "2026-01-01", "2026-01-02", "ben"),))
    assert on_call(plan, "2026-01-01 12:00", absence("ana", "2026-01-01", "2026-01-02")) == DORA


def test_an_override_instead_of_the_absent_owner_replaces_the_cover() -> None:
    plan = schedule(daily(ANA, BEN), overrides=(override("dora", "2026-01-01", "2026-01-02", "ana"),))
    assert on_call(plan, "2026-01-01 12:00", absence("ana", "2026-01-01", "2026-01-02")) == DORA


def test_an_override_instead_of_an_absent_group_member_joins_the_rest() -> None:
    plan = schedule(daily(("ana", "ben")), overrides=(override("dora", "2026-01-01", "2026-01-02", "ana"),))
    assert on_call(plan, "2026-01-01 12:00", absence("ana", "2026-01-01", "2026-01-02")) == ("dora", "ben")


def test_an_override_instead_of_the_owner_fills_a_gap_when_all_are_absent() -> None:
    plan = schedule(daily(ANA), overrides=(override("dora", "2026-01-01", "2026-01-02", "ana"),))
    assert on_call(plan, "2026-01-01 12:00", absence("ana", "2026-01-01", "2026-01-02")) == DORA


def test_an_override_instead_of_somebody_who_is_not_on_call_changes_nothing() -> None:
    plan = schedule(daily(ANA), overrides=(override("dora", "2026-01-01", "2026-01-02", "ben"),))
    assert rows(plan, end="2026-01-02") == ["01 00-02 00 ana: daily, turn 0"]


def test_the_newest_override_wins_and_the_older_returns_after_it() -> None:
    older = override("ben", "2026-01-01 06:00", "2026-01-01 18:00")
    newer = override("cem", "2026-01-01 09:00", "2026-01-01 12:00")
    assert rows(schedule(daily(ANA), overrides=(older, newer)), end="2026-01-02") == [
        "01 00-01 06 ana: daily, turn 0",
        "01 06-01 09 ben: override",
        "01 09-01 12 cem: override",
        "01 12-01 18 ben: override",
        "01 18-02 00 ana: daily, turn 0",
    ]


def test_the_newer_override_may_replace_the_one_who_covers_by_an_older() -> None:
    chain = (override("ben", "2026-01-01", "2026-01-02", "ana"), override("cem", "2026-01-01", "2026-01-02", "ben"))
    assert on_call(schedule(daily(ANA), overrides=chain), "2026-01-01 12:00") == CEM
    assert on_call(schedule(daily(ANA), overrides=chain[::-1]), "2026-01-01 12:00") == BEN


def test_an_override_stands_although_its_responder_is_absent() -> None:
    plan = schedule(daily(ANA), overrides=(override("ben", "2026-01-01", "2026-01-02"),))
    assert on_call(plan, "2026-01-01 12:00", absence("ben", "2026-01-01", "2026-01-02")) == BEN


def test_nobody_is_on_call_twice_in_a_group() -> None:
    plan = schedule(daily(("ana", "ben")), overrides=(override("ben", "2026-01-01", "2026-01-02", "ana"),))
    assert on_call(plan, "2026-01-01 12:00") == BEN


@pytest.mark.parametrize(
    ("reason", "made_by", "sentence"),
    [
        ("concert", "dora", "override: concert, by dora"),
        ("concert", "", "override: concert"),
        ("", "dora", "override by dora"),
    ],
)
def test_an_overrides_reason_names_why_and_who_made_it(reason: str, made_by: str, sentence: str) -> None:
    taken = Override("ben", utc("2026-01-01"), utc("2026-01-02"), None, reason, made_by, utc("2025-12-31"))
    _, source = responders_at(schedule(daily(ANA), overrides=(taken,)), (), utc("2026-01-01"))
    assert source is not None
    assert (source.kind, source.override, source.reason) == (SourceKind.OVERRIDE, taken, sentence)


def test_an_override_must_end_after_it_starts() -> None:
    with pytest.raises(ValueError, match="end after it starts"):
        override("ben", "2026-01-02", "2026-01-01")


# Absences


def test_an_absence_passes_the_shift_to_the_next_participant_and_splits_it() -> None:
    away = absence("ana", "2026-01-01 06:00", "2026-01-01 18:00")
    assert rows(schedule(daily(ANA, BEN, CEM)), away, end="2026-01-03") == [
        "01 00-01 06 ana: daily, turn 0",
        "01 06-01 18 ben: ben covers for ana, absent",
        "01 18-02 00 ana: daily, turn 0",
        "02 00-03 00 ben: daily, turn 1",
    ]


def test_the_next_present_participant_covers_and_nobody_is_skipped() -> None:
    away = (absence("ana", "2026-01-01", "2026-01-05"), absence("ben", "2026-01-01", "2026-01-05"))
    assert on_call(schedule(daily(ANA, NOBODY, BEN, CEM, DORA)), "2026-01-01 12:00", *away) == CEM


def test_an_absent_member_leaves_the_rest_of_the_group() -> None:
    away = absence("ana", "2026-01-01", "2026-01-02")
    assert rows(schedule(daily(("ana", "ben"), CEM)), away, end="2026-01-02") == [
        "01 00-02 00 ben: daily, turn 0, without ana, absent"
    ]


def test_an_absent_group_is_covered_by_the_next_groups_present_members() -> None:
    away = tuple(absence(person, "2026-01-01", "2026-01-02") for person in ("ana", "ben", "cem"))
    plan = schedule(daily(("ana", "ben"), ("cem", "dora"), ANA))
    assert rows(plan, *away, end="2026-01-02") == ["01 00-02 00 dora: dora covers for ana and ben, absent"]


def test_when_all_are_absent_there_is_a_gap_and_no_earlier_layer_hides_it() -> None:
    away = (absence("ana", "2026-01-01", "2026-01-02"), absence("ben", "2026-01-01", "2026-01-02"))
    assert on_call(schedule(daily(ANA, BEN)), "2026-01-01 12:00", *away) == NOBODY
    assert on_call(schedule(daily(CEM), daily(ANA, BEN, name="top")), "2026-01-01 12:00", *away) == NOBODY


def test_an_absence_covers_within_its_own_rotation_only() -> None:
    plan = schedule(daily(CEM), daily(ANA, BEN, name="top"))
    assert on_call(plan, "2026-01-01 12:00", absence("ana", "2026-01-01", "2026-01-02")) == BEN


def test_absences_of_other_people_cut_no_rows() -> None:
    away = (
        absence("dora", "2026-01-01 06:00", "2026-01-01 18:00"),
        absence("ben", "2026-01-01 03:00", "2026-01-01 04:00"),
    )
    assert rows(schedule(daily(ANA, BEN)), *away, end="2026-01-02") == ["01 00-02 00 ana: daily, turn 0"]


# Who


def test_who_says_until_when_and_who_is_next() -> None:
    answer = who(schedule(daily(ANA, ANA, BEN)), (), utc("2026-01-01 12:00"))
    assert (answer.responders, answer.until, answer.next) == (ANA, utc("2026-01-02"), BEN)
    assert answer.next_at == utc("2026-01-03")
    assert (answer.schedule, answer.at) == ("primary", utc("2026-01-01 12:00"))


def test_who_names_the_next_start_when_nobody_is_on_call() -> None:
    answer = who(schedule(daily(ANA, windows=weekly("fri 18:00-20:00"))), (), utc("2026-01-01 12:00"))
    assert (answer.responders, answer.source) == ((), None)
    assert (answer.until, answer.next) == (utc("2026-01-02 18:00"), ANA)


def test_next_skips_gaps_and_the_same_people_in_another_order() -> None:
    plan = schedule(daily(("ana", "ben"), NOBODY, ("ben", "ana"), CEM))
    assert next_responders(plan, (), utc("2026-01-01")) == CEM


def test_a_rotation_of_one_has_nobody_next_although_an_absence_comes() -> None:
    plan = schedule(daily(ANA))
    assert next_responders(plan, (absence("ana", "2026-02-01", "2026-02-02"),), utc("2026-01-01")) == NOBODY
    assert next_responders(plan, (), utc("2026-01-01")) == NOBODY


def test_next_is_a_future_override_of_a_rotation_of_one() -> None:
    plan = schedule(daily(ANA), overrides=(override("ben", "2026-06-01", "2026-06-02"),))
    assert next_responders(plan, (), utc("2026-01-01")) == BEN


def test_next_is_the_only_participant_while_an_override_runs() -> None:
    plan = schedule(daily(ANA), overrides=(override("ben", "2026-01-01", "2026-01-02"),))
    assert next_responders(plan, (), utc("2026-01-01 12:00")) == ANA


def test_next_is_the_rest_of_the_only_group_when_a_member_will_be_absent() -> None:
    plan = schedule(daily(("ana", "ben")))
    assert next_responders(plan, (absence("ana", "2026-02-01", "2026-02-02"),), utc("2026-01-01")) == BEN


def test_until_is_unknown_when_nothing_ends_within_the_look_ahead() -> None:
    years = schedule(Layer("years", rotation("2026-01-01", 24, Unit.MONTHS, people=(ANA, BEN))))
    assert who(years, (), utc("2026-01-02")).until is None
    assert who(years, (), utc("2027-06-01")).until == utc("2028-01-01")


def test_an_override_made_in_the_middle_of_a_second_starts_there() -> None:
    taken = override("ben", "2026-01-01 12:00:00.123456", "2026-01-01 18:00")
    plan = schedule(daily(ANA), overrides=(taken,))
    assert [on_call(plan, f"2026-01-01 12:00:00.12345{digit}") for digit in (5, 6)] == [ANA, BEN]
    assert who(plan, (), utc("2026-01-01 12:00")).until == taken.start


def test_a_question_in_local_time_is_answered_in_utc_and_a_naive_one_is_refused() -> None:
    answer = who(schedule(daily(ANA, BEN)), (), datetime.fromisoformat("2026-01-02T01:30+02:00"))
    assert (answer.at, answer.responders) == (utc("2026-01-01 23:30"), ANA)
    with pytest.raises(ValueError, match="no offset"):
        who(schedule(daily(ANA)), (), datetime.fromisoformat("2026-01-02T01:30"))


def test_an_empty_or_inverted_range_has_no_rows() -> None:
    assert final_shifts(schedule(daily(ANA)), (), utc("2026-01-02"), utc("2026-01-02")) == ()
    assert final_shifts(schedule(daily(ANA)), (), utc("2026-01-02"), utc("2026-01-01")) == ()
