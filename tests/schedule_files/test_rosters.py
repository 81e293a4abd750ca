"""An edit of the roster becomes objects, and the objects make that roster again; orders come back as they went."""

from datetime import time

import pytest

from oncallbot.oncall.editing import Roster, edited
from oncallbot.oncall.edits import (
    AddAbsence,
    AddOverride,
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Handoff,
    RemoveOverride,
    RemoveParticipant,
    SetWindows,
    Start,
)
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.windows import Outside, Weekly, parse_window
from oncallbot.schedule_files import build_rules
from oncallbot.schedule_files.orders import order_from, order_json
from oncallbot.schedule_files.rosters import roster_objects, versions_after
from tests.oncall.cast import BEN, DORA, utc
from tests.schedule_files.written import SMALL, objects_of

NOW = utc("2026-02-04 12:00")
CONCERT = Override("ben", utc("2026-02-10 17:00"), utc("2026-02-11 08:00"), "ana", "concert", "dora", NOW)
WEEKDAYS = Weekly((parse_window("mon-fri 18:00-09:00"),))
EDITS = [
    AddParticipant("primary", DORA),
    AddParticipant("primary", DORA, starts=Start.IMMEDIATELY),
    RemoveParticipant("primary", "ben", starts=Start.AFTER_FULL_ROTATION),
    ChangeRotation("primary", every=(2, Unit.WEEKS), handoff=Handoff(time(10), weekday=1)),
    ChangeRotation("primary", participants=(BEN, (), ("ana", "dora")), windows=SetWindows(WEEKDAYS)),
    ChangeRotation("primary", windows=SetWindows(None)),
    ChangeRotation("primary", participants=(BEN, DORA), keeps_next=False),
    CreateSchedule("nights", "Europe/Berlin", "weekly", (BEN,), 1, Unit.DAYS, Handoff(time(9)), WEEKDAYS),
    AddOverride("primary", CONCERT),
    AddAbsence(Absence("ana", utc("2026-02-07 00:00"), utc("2026-02-09 12:00"))),
]


@pytest.fixture
def texts(tmp_path):
    return dict(objects_of(tmp_path, SMALL))


def roster(texts) -> Roster:
    rules = build_rules(texts, 1)
    return Roster(rules.schedules, rules.absences)


def changed(texts, edit, now=NOW):
    before = roster(texts)
    after = edited(before, edit, now)
    assert isinstance(after, Roster), after
    timezones = {name: one.timezone for name, one in build_rules(texts, 1).responders.items()}
    written = roster_objects(before, after, texts, timezones)
    result = {key: text for key, text in texts.items() if key not in written.remove} | dict(written.put)
    return after, result


@pytest.mark.parametrize("edit", EDITS)
def test_the_objects_of_an_edited_roster_make_that_roster(texts, edit):
    after, result = changed(texts, edit)
    assert roster(result).schedules == after.schedules
    assert set(roster(result).absences) == set(after.absences)


@pytest.mark.parametrize("edit", EDITS)
def test_an_order_comes_back_as_it_was(texts, edit):
    assert order_from(order_json(edit), build_rules(texts, 1).office_hours) == edit


def test_windows_outside_office_hours_come_back_as_they_were(texts):
    hours = build_rules(texts, 1).office_hours
    edit = ChangeRotation("primary", windows=SetWindows(Outside(next(iter(hours.values())))))
    assert order_from(order_json(edit), hours) == edit


def test_a_second_edit_replaces_the_pending_version_and_an_ended_override_stays(texts):
    _, once = changed(texts, AddParticipant("primary", DORA))
    _, twice = changed(once, AddOverride("primary", CONCERT))
    after, thrice = changed(twice, RemoveParticipant("primary", "dora"))
    assert roster(thrice).schedules == after.schedules
    ended, result = changed(thrice, RemoveOverride("primary", CONCERT), utc("2026-02-10 20:00"))
    assert roster(result).schedules == ended.schedules
    assert ended.schedules["primary"].overrides[-1].end == utc("2026-02-10 20:00")


def test_what_files_change_has_run_as_it_was_until_now(texts):
    _, pending = changed(texts, AddParticipant("primary", DORA))
    key = ("schedule", "primary")
    put, remove = versions_after(pending, {key: texts[key]}, (), NOW)
    result = {one: text for one, text in pending.items() if one not in remove} | put
    layer = roster(result).schedules["primary"].layers[0]
    assert [one.until for one in layer.former] == [NOW]
    assert layer.rotation == roster(texts).schedules["primary"].layers[0].rotation


def test_a_removed_schedule_takes_its_former_versions_with_it(texts):
    _, pending = changed(texts, AddParticipant("primary", DORA))
    _, removed = versions_after(pending, {}, (("schedule", "primary"),), NOW)
    assert {kind for kind, _ in removed} == {"schedule", "former_version"}
