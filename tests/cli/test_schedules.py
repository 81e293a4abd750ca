"""`who` and `shifts`: the resolver's answer, in the promised shapes."""

from datetime import UTC, datetime, timedelta

import pytest

from oncallbot.storage import worked_shifts
from oncallbot.storage.database import Database
from oncallbot.storage.worked_shifts import WorkedShift
from tests.cli.conftest import Command

WEEKLY = {"kind": "layer", "layer": "weekly"}


def test_who_says_who_until_when_who_is_next_and_why(command: Command, with_team):
    done = command("who", "primary", "--at", "2026-02-02T09:00:00+01:00", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.answer == [
        {
            "schedule": "primary",
            "at": "2026-02-02T08:00:00+00:00",
            "responders": ["ana"],
            "until": "2026-02-09T08:00:00+00:00",
            "next": ["ben"],
            "source": {"kind": "layer", "layer": "weekly", "turn": 4, "version": 1},
        }
    ]


def test_a_time_without_offset_is_each_schedules_local_time(command: Command, on_sqlite):
    asked = command("who", "--at", "2026-02-02 09:00", "--json").answer
    assert {one["schedule"]: one["at"] for one in asked} == {
        "always": "2026-02-02T08:00:00+00:00",
        "primary": "2026-02-02T08:00:00+00:00",
        "weekend": "2026-02-02T14:00:00+00:00",
    }


def test_nobody_on_call_is_an_answer_with_the_next_start(command: Command, on_sqlite):
    done = command("who", "weekend", "--at", "2026-02-06 23:00", "--json")
    assert done.code == 0
    [answer] = done.answer
    assert (answer["responders"], answer["source"]) == ([], None)
    assert answer["until"] == "2026-02-07T05:00:00+00:00"
    assert answer["next"] == ["ben"]


def test_an_override_says_what_it_is(command: Command, on_sqlite):
    [answer] = command("who", "primary", "--at", "2026-02-10 20:00", "--json").answer
    assert answer["responders"] == ["cem"]
    assert answer["source"] == {
        "kind": "override",
        "responder": "cem",
        "from": "2026-02-10T17:00:00+00:00",
        "to": "2026-02-11T08:00:00+00:00",
        "instead_of": "ben",
        "reason": "concert",
        "made_by": None,
        "made_at": None,
    }


def test_an_absence_says_who_covers_for_whom(command: Command, on_sqlite):
    [answer] = command("who", "primary", "--at", "2026-08-18", "--json").answer
    assert answer["responders"] == ["ben"]
    assert answer["source"] == {**answer["source"], "kind": "absence", "absent": ["ana"], "covering": ["ben"]}


def test_people_read_when_the_next_one_comes_if_not_at_once(command: Command, on_sqlite):
    line = command("who", "weekend", "--at", "2026-02-07 10:00").out.splitlines()[1]
    assert "Sun 2026-02-08 00:00 EST  Ana Ruiz from Sat 2026-02-14 00:00 EST" in line


def test_people_read_names_and_local_times(command: Command, on_sqlite):
    done = command("who", "primary", "--at", "2026-02-02 09:00")
    assert done.out.splitlines()[1].split("  ") == [
        *("primary", " Mon 2026-02-02 09:00 CET", "Ana Ruiz", "Mon 2026-02-09 09:00 CET", "Ben Okafor"),
        "weekly, turn 4",
    ]


def test_an_unknown_schedule_is_answered_with_the_nearest(command: Command, on_sqlite):
    for words in (("who", "primry"), ("shifts", "primry", "--json")):
        done = command(*words)
        assert (done.code, done.out) == (1, "")
        assert done.err == "schedule primry: there is no such schedule; did you mean primary?\n"


@pytest.mark.parametrize(
    ("option", "text"), [("--at", "tomorrow"), ("--at", "2026-02-30"), ("--from", "25:00"), ("--to", "9999-12-31")]
)
def test_a_time_that_is_none_is_wrong_usage(command: Command, on_sqlite, option, text):
    done = command("who" if option == "--at" else "shifts", "primary", option, text)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"{option}: ")
    assert len(done.err.splitlines()) == 1


def test_shifts_are_clipped_and_a_cover_cuts_them(command: Command, with_team):
    done = command("shifts", "primary", "--from", "2026-02-08 12:00", "--to", "2026-02-12 00:00", "--json")
    assert done.code == 0
    assert [(one["start"], one["end"], one["responders"]) for one in done.answer] == [
        ("2026-02-08T11:00:00+00:00", "2026-02-09T08:00:00+00:00", ["ana"]),
        ("2026-02-09T08:00:00+00:00", "2026-02-10T17:00:00+00:00", ["ben"]),
        ("2026-02-10T17:00:00+00:00", "2026-02-11T08:00:00+00:00", ["cem"]),
        ("2026-02-11T08:00:00+00:00", "2026-02-11T23:00:00+00:00", ["ben"]),
    ]
    assert done.answer[0]["source"] == {**WEEKLY, "turn": 4, "version": 1}


def test_a_handoff_to_the_same_person_makes_two_rows(command: Command, on_sqlite):
    found = command("shifts", "always", "--from", "2026-02-01", "--to", "2026-02-03", "--json").answer
    assert [one["source"]["turn"] for one in found] == [3, 4]


def test_empty_time_has_no_row_and_a_date_as_end_includes_its_day(command: Command, on_sqlite):
    found = command("shifts", "weekend", "--from", "2026-02-01", "--to", "2026-02-07", "--json").answer
    assert [(one["start"], one["end"]) for one in found] == [("2026-02-07T05:00:00+00:00", "2026-02-08T05:00:00+00:00")]


def test_shifts_show_fourteen_days_on_the_wall(command: Command, on_sqlite):
    found = command("shifts", "always", "--from", "2026-03-20 12:00", "--json").answer
    assert found[-1]["end"] == "2026-04-03T10:00:00+00:00"  # noon again, though the clocks have changed


def test_without_a_schedule_all_are_shown(command: Command, on_sqlite):
    every = command("shifts", "--json").answer
    assert [one["schedule"] for one in every] == [
        one["schedule"] for one in command("shifts", "--all", "--json").answer
    ]
    assert {one["schedule"] for one in every} == {"always", "primary", "weekend"}
    assert command("shifts", "primary", "--all").code == 2


def test_an_end_before_the_beginning_is_wrong_usage(command: Command, on_sqlite):
    done = command("shifts", "primary", "--from", "2026-02-08", "--to", "2026-02-01")
    assert (done.code, done.out) == (2, "")


def test_before_anything_is_applied_the_answer_is_empty(command: Command):
    assert command("who", "--json").answer == []
    assert command("shifts", "--json").answer == []
    assert "oncallbot apply" in command("who").out


@pytest.mark.parametrize("at", ["1000-01-03 12:00+00:00", "8999-12-30"])
def test_the_ends_of_time_are_answered_too(command: Command, on_sqlite, at):
    assert command("who", "--at", at, "--json").code == 0
    assert command("shifts", "--from", at, "--json").code == 0


def test_the_past_is_what_was_worked(command: Command, with_team):
    database = Database.open(with_team)
    start = datetime(2026, 2, 3, 8, tzinfo=UTC)
    shift = WorkedShift("primary", start, start + timedelta(hours=8), ("cem",), "override by dora")
    with database.write() as connection:
        worked_shifts.append(connection, [shift], {"primary": start + timedelta(days=1)})
    database.close()
    found = command("shifts", "primary", "--from", "2026-02-03", "--to", "2026-02-04", "--json").answer
    assert [one["responders"] for one in found] == [["ana"], ["cem"], ["ana"]]
    assert found[1]["source"] == {"kind": "worked", "reason": "override by dora"}
