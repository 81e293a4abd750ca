"""What a pending version, a window or a month's last day does to an edit, and an edit to what was."""

from datetime import time

from oncallbot.oncall.editing import Roster
from oncallbot.oncall.edits import (
    AddAbsence,
    AddOverride,
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Handoff,
    RemoveParticipant,
    Start,
)
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Layer, Schedule, final_shifts, who
from tests.oncall.cast import ANA, BEN, CEM, DORA, absence, override, rotation, utc, weekly
from tests.oncall.test_editing import after, handoffs, primary

NOW = utc("2026-01-14 12:00")  # a Wednesday in Ben's week
DAILY = (1, Unit.DAYS)


def monthly(first: str, *people: tuple[str, ...]) -> Roster:
    rota = rotation(first, 1, Unit.MONTHS, people=people)
    return Roster({"primary": Schedule("primary", "UTC", (Layer("monthly", rota),))})


def test_a_window_that_runs_when_a_version_ends_goes_on_with_the_new_one() -> None:
    rota = rotation("2026-01-05 09:00", 1, Unit.WEEKS, people=(ANA, BEN))
    roster = Roster({"primary": Schedule("primary", "UTC", (Layer("weekly", rota, weekly("sun 18:00-12:00")),))})
    plan = after(roster, AddParticipant("primary", CEM)).schedules["primary"]
    rows = final_shifts(plan, (), utc("2026-01-18 12:00"), utc("2026-01-20 12:00"))
    assert [(f"{row.start:%d %H}-{row.end:%H}", row.responders, row.source.version) for row in rows] == [
        *(("18 18-09", BEN, 1), ("19 09-12", ANA, 2)),
    ]


def test_who_is_on_call_after_an_edit_in_mid_window_is_what_the_shifts_say() -> None:
    rota = rotation("2026-01-01 00:00", 7, Unit.DAYS, people=(ANA, BEN))
    roster = Roster({"primary": Schedule("primary", "UTC", (Layer("nights", rota, weekly("mon-sun 18:00-09:00")),))})
    now = utc("2026-01-14 20:00")
    edit = ChangeRotation("primary", participants=(CEM,), starts=Start.IMMEDIATELY)
    plan = after(roster, edit, now).schedules["primary"]
    rows = final_shifts(plan, (), utc("2026-01-14 18:00"), utc("2026-01-15 09:00"))
    assert [(f"{row.start:%H}-{row.end:%H}", row.responders) for row in rows] == [
        *(("18-20", BEN), ("20-00", CEM), ("00-09", CEM)),
    ]
    assert who(plan, (), now).responders == CEM


def test_an_empty_range_of_an_edited_schedule_has_no_shifts() -> None:
    plan = after(primary(), AddParticipant("primary", DORA)).schedules["primary"]
    assert final_shifts(plan, (), NOW, NOW) == ()


def test_an_absence_told_too_late_counts_from_now() -> None:
    roster = after(primary(), AddAbsence(absence("ben", "2026-01-13 00:00", "2026-01-15 00:00")))
    assert handoffs(roster)[1:4] == ["12 08 ben", "14 12 cem", "15 00 ben"]


def test_an_override_told_again_with_another_end_never_changes_what_was() -> None:
    roster = after(
        primary(),
        AddOverride("primary", override("cem", "2026-01-14 08:00", "2026-01-14 10:00")),
        utc("2026-01-14 07:00"),
    )
    again = AddOverride("primary", override("cem", "2026-01-14 08:00", "2026-01-14 20:00"))
    assert handoffs(after(roster, again))[1:5] == ["12 08 ben", "14 08 cem", "14 10 ben", "14 12 cem"]


def test_a_pending_version_that_is_overtaken_leaves_whoever_is_on_call() -> None:
    roster = after(primary(), ChangeRotation("primary", every=DAILY))
    edit = AddParticipant("primary", DORA, starts=Start.IMMEDIATELY)
    assert handoffs(after(roster, edit, utc("2026-01-15 12:00")))[1:6] == [
        *("12 08 ben", "16 08 dora", "17 08 cem", "18 08 ana", "19 08 ben"),
    ]


def test_a_pending_move_of_the_handoff_outlives_a_change_of_length() -> None:
    roster = after(primary(), ChangeRotation("primary", handoff=Handoff(time(10), weekday=1)))
    assert handoffs(after(roster, ChangeRotation("primary", every=(2, Unit.WEEKS))))[1:4] == [
        *("12 08 ben", "20 09 cem", "03 09 ana"),
    ]


def test_who_leaves_while_the_handoff_moves_is_followed_by_the_next_and_by_nobody_else() -> None:
    edit = ChangeRotation("primary", participants=(ANA, CEM, DORA), handoff=Handoff(time(10), weekday=1))
    assert handoffs(after(primary(), edit))[1:5] == ["12 08 ben", "19 08 cem", "27 09 dora", "03 09 ana"]


def test_a_moved_handoff_of_half_days_begins_at_the_nearest_of_its_two() -> None:
    rota = Rotation(NOW.replace(tzinfo=None, hour=8), 12, Unit.HOURS, (ANA, BEN), "UTC")
    roster = Roster({"primary": Schedule("primary", "UTC", (Layer("half", rota),))})
    changed = after(roster, ChangeRotation("primary", handoff=Handoff(time(9))))
    assert handoffs(changed, "2026-01-14 08:00", "2026-01-15 22:00") == [
        "14 08 ana",
        "14 21 ben",
        "15 09 ana",
        "15 21 ben",
    ]


def test_an_explicit_order_may_begin_with_its_own_first_person() -> None:
    edit = ChangeRotation("primary", participants=(ANA, CEM, BEN), keeps_next=False)
    assert handoffs(after(primary(), edit))[1:5] == ["12 08 ben", "19 08 ana", "26 08 cem", "02 08 ben"]


def test_a_pending_explicit_order_still_begins_with_its_first_person_after_somebody_was_added() -> None:
    roster = after(primary(), ChangeRotation("primary", participants=(ANA, CEM, BEN), keeps_next=False))
    assert handoffs(after(roster, AddParticipant("primary", DORA)))[1:6] == [
        *("12 08 ben", "19 08 ana", "26 08 cem", "02 08 ben", "09 08 dora"),
    ]


def test_a_removed_person_who_stands_twice_leaves_both_places() -> None:
    roster = primary(ANA, BEN, ANA, CEM, ("ana", "dora"))
    assert handoffs(after(roster, RemoveParticipant("primary", "ana")))[1:5] == [
        *("12 08 ben", "19 08 cem", "26 08 dora", "02 08 ben"),
    ]


def test_an_order_with_somebody_twice_goes_on_at_the_right_one_of_both_places() -> None:
    roster = after(primary(ANA, BEN, ANA, CEM), AddParticipant("primary", DORA))
    assert handoffs(roster)[1:6] == ["12 08 ben", "19 08 ana", "26 08 cem", "02 08 dora", "09 08 ana"]


def test_a_deliberate_empty_turn_stays_where_it_is() -> None:
    roster = after(primary(ANA, (), BEN), AddParticipant("primary", CEM), utc("2026-01-07 12:00"))
    assert handoffs(roster)[:4] == ["05 08 ana", "19 08 ben", "26 08 cem", "02 08 ana"]


def test_months_that_become_two_keep_their_last_day() -> None:
    roster = after(monthly("2026-01-31 09:00", ANA, BEN), ChangeRotation("primary", every=(2, Unit.MONTHS)))
    assert handoffs(roster, "2026-01-31 09:00", "2026-10-01 00:00") == [
        *("31 09 ana", "31 09 ben", "31 09 ana", "31 09 ben", "30 09 ana"),
    ]


def test_a_handoff_moved_to_the_last_day_begins_at_the_end_of_a_short_month() -> None:
    edit = ChangeRotation("primary", handoff=Handoff(time(9), day=31))
    roster = after(monthly("2026-01-25 09:00", ANA, BEN), edit, utc("2026-02-10 12:00"))
    assert handoffs(roster, "2026-01-25 09:00", "2026-05-01 00:00") == [
        "25 09 ana",
        "28 09 ben",
        "31 09 ana",
        "30 09 ben",
    ]


def test_a_rotation_created_for_the_last_day_starts_with_its_first_person_in_any_month() -> None:
    edit = CreateSchedule("months", "UTC", "monthly", (ANA, BEN), 1, Unit.MONTHS, Handoff(time(9), day=31))
    plan = after(primary(), edit, utc("2026-03-05 12:00")).schedules["months"]
    rows = final_shifts(plan, (), utc("2026-02-28 09:00"), utc("2026-05-01 00:00"))
    assert [(f"{row.start:%m-%d}", row.responders) for row in rows] == [
        *(("02-28", ANA), ("03-31", BEN), ("04-30", ANA)),
    ]
