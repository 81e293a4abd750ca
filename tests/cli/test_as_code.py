"""Edits made in chat are drift in `plan`, come into the files by `export`, and `apply` then changes nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest

from oncallbot.cli.desk import opened
from oncallbot.engine import proposals
from oncallbot.engine.proposals import Confirmed, Proposed
from oncallbot.oncall.edits import (
    AddAbsence,
    AddOverride,
    AddParticipant,
    ChangeRotation,
    CreateSchedule,
    Edit,
    Handoff,
    RemoveOverride,
    SetWindows,
    Start,
)
from oncallbot.oncall.people import Absence
from oncallbot.oncall.precedence import Override
from oncallbot.oncall.rotation import Unit
from oncallbot.oncall.week import WeeklyWindow
from oncallbot.oncall.windows import Weekly
from tests.cli.cast import TEAM, changed, written

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SOON = datetime(2100, 2, 1, 17, tzinfo=UTC)  # the clock of a command is real
AHEAD = TEAM.replace("from: 2026-02-10 18:00, to: 2026-02-11 09:00", "from: 2100-02-10 18:00, to: 2100-02-11 09:00")
OF_FILE = Override("cem", datetime(2100, 2, 10, 17, tzinfo=UTC), datetime(2100, 2, 11, 8, tzinfo=UTC), "ben", "concert")
EDITS: dict[str, Sequence[Edit]] = {
    "a new order from the next handoff on": [ChangeRotation("primary", participants=(("ben",), ("cem",), ("ana",)))],
    "a new order at once": [ChangeRotation("primary", participants=(("cem",), ("ana",)), starts=Start.IMMEDIATELY)],
    "one more, after a full rotation": [AddParticipant("primary", ("dora",), starts=Start.AFTER_FULL_ROTATION)],
    "another handoff": [ChangeRotation("primary", handoff=Handoff(time(18), weekday=4))],
    "another length": [ChangeRotation("primary", every=(2, Unit.DAYS))],
    "other windows": [
        ChangeRotation("primary", windows=SetWindows(Weekly((WeeklyWindow(frozenset({5, 6}), 0, 24 * 60),))))
    ],
    "an override": [AddOverride("primary", Override("dora", SOON, SOON + DAY, "ana", "her: birthday", "dora"))],
    "a file's override removed": [RemoveOverride("primary", OF_FILE)],
    "an absence": [AddAbsence(Absence("ben", SOON, SOON + WEEK))],
    "a new schedule": [
        CreateSchedule("backup", "Europe/Berlin", "weekly", (("ana",),), 1, Unit.WEEKS, Handoff(time(9), weekday=0))
    ],
}
ALL = [edit for edits in EDITS.values() for edit in edits]


def confirmed(orders: Sequence[Edit]) -> None:
    """A manager confirms each of them, as in chat."""
    with opened() as desk:
        for order in orders:
            made = proposals.propose(desk.door, [order], "dora", reason="asked for")
            assert isinstance(made, Proposed), made
            assert isinstance(proposals.confirm(desk.door, made.id, "dora", lambda *_: ""), Confirmed)


def coming(command) -> object:
    """Who is on call for months, whatever second it is."""
    start = (datetime.now(UTC) + DAY).strftime("%Y-%m-%d")
    end = (datetime.now(UTC) + 90 * DAY).strftime("%Y-%m-%d")
    rows = command("shifts", "--from", start, "--to", end, "--json").answer
    far = command("shifts", "--from", "2100-01-01", "--to", "2100-03-01", "--json").answer
    return [(one["schedule"], one["start"], one["end"], one["responders"]) for one in rows + far]


@pytest.mark.parametrize("name", EDITS)
def test_a_chat_edit_survives_export_and_apply(command, on_sqlite, tmp_path, name):
    survives(command, tmp_path, EDITS[name])


def test_all_edits_together_survive_on_both_databases(command, with_team, tmp_path):
    survives(command, tmp_path, ALL)


def survives(command, tmp_path, edits: Sequence[Edit]) -> None:
    folder = written(tmp_path / "schedules", AHEAD)
    assert command("apply", folder).code == 0
    confirmed(edits)
    on_call = coming(command)
    assert command("export", folder).code == 0
    assert (command("plan", folder).code, command("plan", folder).out) == (0, "Nothing would change.\n")
    assert command("apply", folder).code == 0
    assert coming(command) == on_call
    assert command("export", folder, "--json").answer["outcome"] == "nothing_to_do"


def test_a_chat_edit_is_drift_and_apply_refuses_it_until_it_is_exported(command, with_team, tmp_path):
    folder = written(tmp_path / "schedules", AHEAD)
    command("apply", folder)
    confirmed(EDITS["a new order from the next handoff on"])
    planned = command("plan", folder)
    assert planned.code == 1
    assert "drift" in planned.out
    assert "primary" in planned.out
    assert command("apply", folder).code == 1
    command("export", folder)
    assert command("apply", folder).code == 0


def test_discarding_drift_brings_the_files_order_back(command, with_team, tmp_path):
    folder = written(tmp_path / "schedules", AHEAD)
    command("apply", folder)
    confirmed(EDITS["a new order from the next handoff on"])
    assert command("apply", folder, "--discard-drift").code == 0
    assert command("plan", folder).code == 0
    far = command("shifts", "primary", "--from", "2100-03-01", "--to", "2100-04-01", "--json").answer
    assert {one["responders"][0] for one in far} == {"ana", "ben"}


def test_what_a_file_gains_elsewhere_is_applied_beside_what_chat_has_changed(command, on_sqlite, tmp_path):
    folder = written(tmp_path / "schedules", AHEAD)
    command("apply", folder)
    confirmed(EDITS["a new order from the next handoff on"])
    on_call = coming(command)
    command("export", folder)
    text = (folder / "team.yaml").read_text(encoding="utf-8")
    written(folder, changed("name: Cem Aydin", "name: Cem B. Aydin", text))
    assert command("apply", folder).code == 0
    assert coming(command) == on_call
