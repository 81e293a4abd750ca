"""Edits as playbooks: this rotation, this edit, these shifts; and what was stays."""

from datetime import time

import pytest

from oncallbot.oncall.editing import Mistake, Roster, edited
from oncallbot.oncall.edits import (
    AddOverride,
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Edit,
    Handoff,
    RemoveOverride,
    RemoveParticipant,
    Start,
)
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.rotation import Rotation, Unit
from oncallbot.oncall.schedule import Layer, Schedule, final_shifts
from tests.oncall.cast import ANA, BEN, CEM, DORA, utc, wall

NOW = utc("2026-01-14 12:00")  # a Wednesday in Ben's week; handoffs on Mondays, 09:00 in Berlin


def primary(*participants: tuple[str, ...]) -> Roster:
    rotation = Rotation(wall("2026-01-05 09:00"), 1, Unit.WEEKS, participants or (ANA, BEN, CEM), "Europe/Berlin")
    return Roster({"primary": Schedule("primary", "Europe/Berlin", (Layer("weekly", rotation),))})


def after(roster: Roster, edit: Edit, now=NOW) -> Roster:
    result = edited(roster, edit, now)
    assert isinstance(result, Roster), result
    return result


def handoffs(roster: Roster, start: str = "2026-01-05 08:00", end: str = "2026-02-16 08:00") -> list[str]:
    """`12 08 ben`: day and hour in UTC at which somebody's shift starts."""
    shifts = final_shifts(roster.schedules["primary"], roster.absences, utc(start), utc(end))
    said: list[str] = []
    for shift in shifts:
        who = "+".join(shift.responders)
        if not said or said[-1].split()[-1] != who:
            said.append(f"{shift.start:%d %H} {who}")
    return said


def test_an_added_participant_comes_last_and_tonight_stays_as_it_is():
    assert handoffs(after(primary(), AddParticipant("primary", DORA))) == [
        *("05 08 ana", "12 08 ben", "19 08 cem", "26 08 dora", "02 08 ana", "09 08 ben"),
    ]


def test_who_is_removed_keeps_the_running_shift_and_the_next_one_follows():
    assert handoffs(after(primary(), RemoveParticipant("primary", "ben"))) == [
        *("05 08 ana", "12 08 ben", "19 08 cem", "26 08 ana", "02 08 cem", "09 08 ana"),
    ]


def test_who_is_removed_immediately_is_followed_at_once():
    edit = RemoveParticipant("primary", "ben", starts=Start.IMMEDIATELY)
    assert handoffs(after(primary(), edit))[:3] == ["05 08 ana", "12 08 ben", "14 12 cem"]


def test_a_new_order_goes_on_with_the_old_orders_next_person():
    edit = ChangeRotation("primary", participants=(CEM, BEN, ANA))
    assert handoffs(after(primary(), edit))[2:5] == ["19 08 cem", "26 08 ben", "02 08 ana"]


def test_a_change_after_the_full_rotation_waits_until_the_first_comes_again():
    edit = ChangeRotation("primary", participants=(DORA, ANA), starts=Start.AFTER_FULL_ROTATION)
    assert handoffs(after(primary(), edit))[1:5] == ["12 08 ben", "19 08 cem", "26 08 ana", "02 08 dora"]


def test_a_handoff_moved_later_leaves_the_outgoing_person_until_then():
    edit = ChangeRotation("primary", handoff=Handoff(time(10), weekday=1))
    assert handoffs(after(primary(), edit))[1:4] == ["12 08 ben", "20 09 cem", "27 09 ana"]


def test_a_handoff_moved_a_little_earlier_brings_the_next_person_at_the_old_handoff():
    edit = ChangeRotation("primary", handoff=Handoff(time(20), weekday=6))
    assert handoffs(after(primary(), edit))[1:4] == ["12 08 ben", "19 08 cem", "25 19 ana"]


def test_a_longer_shift_starts_with_the_next_person():
    edit = ChangeRotation("primary", every=(2, Unit.WEEKS))
    assert handoffs(after(primary(), edit))[1:] == ["12 08 ben", "19 08 cem", "02 08 ana"]


def test_a_shorter_shift_immediately_leaves_the_present_person_on_call():
    edit = ChangeRotation("primary", every=(1, Unit.DAYS), starts=Start.IMMEDIATELY)
    assert handoffs(after(primary(), edit))[1:4] == ["12 08 ben", "15 08 cem", "16 08 ana"]


def test_a_second_edit_builds_on_the_pending_one():
    roster = after(after(primary(), AddParticipant("primary", DORA)), RemoveParticipant("primary", "cem"))
    assert handoffs(roster) == ["05 08 ana", "12 08 ben", "19 08 dora", "26 08 ana", "02 08 ben", "09 08 dora"]
    assert len(roster.schedules["primary"].layers[0].former) == 1


def test_who_is_added_behind_a_pending_handoff_comes_last_and_the_outgoing_person_stays_until_then():
    moved = after(primary(), ChangeRotation("primary", handoff=Handoff(time(10), weekday=1)))
    assert handoffs(after(moved, AddParticipant("primary", DORA)))[1:] == [
        *("12 08 ben", "20 09 cem", "27 09 ana", "03 09 dora", "10 09 ben"),
    ]


def test_months_of_31_days_do_not_drift_through_an_edit_in_february():
    rotation = Rotation(wall("2026-01-31 09:00"), 1, Unit.MONTHS, (ANA, BEN), "UTC")
    roster = Roster({"primary": Schedule("primary", "UTC", (Layer("monthly", rotation),))})
    changed = after(roster, AddParticipant("primary", CEM), utc("2026-02-10 12:00"))
    assert handoffs(changed, "2026-02-01 00:00", "2026-07-01 00:00") == [
        *("01 00 ana", "28 09 ben", "31 09 cem", "30 09 ana", "31 09 ben", "30 09 cem"),
    ]


def test_a_created_rotation_starts_with_the_first_person_at_the_last_handoff():
    edit = CreateSchedule("nights", "Europe/Berlin", "weekly", (ANA, BEN), 1, Unit.WEEKS, Handoff(time(9), weekday=0))
    shifts = final_shifts(after(primary(), edit).schedules["nights"], (), NOW, utc("2026-01-20 08:00"))
    assert (shifts[0].responders, shifts[0].end) == (ANA, utc("2026-01-19 08:00"))


def test_an_override_that_is_taken_away_while_it_runs_ends_now_and_was():
    override = Override("cem", utc("2026-01-14 08:00"), utc("2026-01-15 08:00"))
    roster = after(primary(), AddOverride("primary", override), utc("2026-01-14 07:00"))
    assert handoffs(after(roster, RemoveOverride("primary", override)))[1:5] == [
        *("12 08 ben", "14 08 cem", "14 12 ben", "19 08 cem"),
    ]


def test_an_override_never_changes_what_was():
    override = Override("cem", utc("2026-01-13 08:00"), utc("2026-01-15 08:00"))
    assert handoffs(after(primary(), AddOverride("primary", override)))[1:3] == ["12 08 ben", "14 12 cem"]


@pytest.mark.parametrize(
    "edit",
    [
        AddParticipant("primary", BEN),
        AddParticipant("secondary", BEN),
        RemoveParticipant("primary", "dora"),
        ChangeRotation("primary", participants=()),
        ChangeRotation("primary", handoff=Handoff(time(9))),
        ChangeRotation("primary", layer="nights", every=(1, Unit.DAYS)),
        AddOverride("primary", Override("cem", utc("2026-01-01 08:00"), utc("2026-01-02 08:00"))),
    ],
)
def test_what_cannot_be_is_refused_with_a_cure(edit):
    mistake = edited(primary(), edit, NOW)
    assert isinstance(mistake, Mistake)
    assert mistake.wrong
    assert mistake.cure
