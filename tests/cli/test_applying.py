"""`plan` and `apply`: the whole set of files or nothing, never over what was edited since."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oncallbot.app import open_desk, read_settings
from oncallbot.cli import applying
from oncallbot.engine.change import Changed, Edit, change
from oncallbot.oncall.schedule import Override
from oncallbot.schedule_files import override_object
from oncallbot.schedule_files.load import load_files
from oncallbot.storage import rule_objects
from tests.cli.cast import changed, without, written

WITHOUT_OVERRIDE = without("reason: concert", without("overrides:"))


def edited_in_chat(put=None, remove=()):
    """Somebody edits the running rules by another road."""
    with open_desk(read_settings(os.environ, needs_secret=False)) as desk:
        with desk.database.read() as connection:
            revision = rule_objects.revision(connection)
        assert isinstance(change(desk.door, Edit(put or {}, tuple(remove)), "dora", revision), Changed)


def body_of(key):
    with open_desk(read_settings(os.environ, needs_secret=False)) as desk, desk.database.read() as connection:
        return next((one.body for one in rule_objects.load_all(connection) if (one.kind, one.id) == key), None)


@pytest.fixture
def drifted(with_team):
    """Ben's name was changed since the files were applied."""
    before = body_of(("responder", "ben"))
    edited_in_chat({("responder", "ben"): before.replace("Ben Okafor", "Ben O. Okafor")})
    return before


def test_applying_to_an_empty_database_makes_it_run(command, database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    command("db", "upgrade")
    folder = written(tmp_path / "schedules")
    assert command("plan", folder).code == 1
    done = command("apply", folder)
    assert (done.code, done.err) == (0, "")
    assert "added responder ana" in done.out
    assert command("plan", folder).code == 0
    assert [one["schedule"] for one in command("who", "--json").answer] == ["always", "primary", "weekend"]


def test_a_plan_says_what_would_change_and_changes_nothing(command, on_sqlite, tmp_path):
    folder = written(tmp_path / "schedules", changed("participants: [ana, ben]}", "participants: [ana, ben, cem]}"))
    for _ in range(2):
        done = command("plan", folder)
        assert done.code == 1
        assert done.out == ("will change schedule primary: layers[weekly].participants: ana, ben -> ana, ben, cem\n")


def test_applying_the_same_files_again_does_nothing(command, on_sqlite, tmp_path):
    done = command("apply", written(tmp_path / "schedules"), "--json")
    assert (done.code, done.answer["outcome"], done.answer["revision"]) == (0, "nothing_to_do", 1)


def test_files_with_a_problem_change_nothing(command, on_sqlite, tmp_path):
    text = changed("[{schedule: always}]", "[{schedule: never}]", changed("name: Ben Okafor", "name: Benjamin"))
    done = command("apply", written(tmp_path / "schedules", text))
    assert (done.code, done.out) == (1, "")
    assert "Okafor" in body_of(("responder", "ben"))


def test_what_the_files_have_no_more_is_removed(command, on_sqlite, tmp_path):
    done = command("apply", written(tmp_path / "schedules", WITHOUT_OVERRIDE))
    assert done.code == 0
    assert done.out.startswith("removed override primary cem")


def test_what_chat_made_stays(command, on_sqlite, tmp_path):
    start = datetime(2026, 5, 1, 18, tzinfo=UTC)
    key, text = override_object("primary", Override("ben", start, start + timedelta(hours=2)), "Europe/Berlin")
    edited_in_chat({key: text})
    folder = written(tmp_path / "schedules")
    assert command("plan", folder).code == 0
    assert command("apply", folder).code == 0
    assert body_of(key) == text


def test_what_the_files_took_over_from_chat_is_theirs_to_remove(command, with_team, tmp_path):
    start = datetime(2026, 5, 1, 18, tzinfo=UTC)
    key, text = override_object("primary", Override("ben", start, start + timedelta(hours=2)), "Europe/Berlin")
    edited_in_chat({key: text})
    concert = "reason: concert}"
    taken_over = f"{concert}\n      - {{responder: ben, from: 2026-05-01 20:00, to: 2026-05-01 22:00}}"
    assert command("apply", written(tmp_path / "schedules", changed(concert, taken_over))).code == 0
    assert command("apply", written(tmp_path / "schedules")).code == 0
    assert body_of(key) is None


def test_drift_is_planned_and_refused(command, drifted, tmp_path):
    folder = written(tmp_path / "schedules", changed("name: Cem Aydin", "name: Cem A."))
    assert command("plan", folder).code == 1
    done = command("apply", folder)
    assert (done.code, done.out) == (1, "Nothing was applied.\n")
    assert done.err == (
        "responder ben: name: Ben Okafor -> Ben O. Okafor: edited since the files were last applied; "
        "`export` writes it into the files, --discard-drift undoes it\n"
    )
    assert "Cem Aydin" in body_of(("responder", "cem"))


def test_drift_is_undone_when_told_so(command, drifted, tmp_path):
    done = command("apply", written(tmp_path / "schedules"), "--discard-drift")
    assert (done.code, done.err) == (0, "")
    assert "discarded drift responder ben" in done.out
    assert body_of(("responder", "ben")) == drifted


def test_drift_that_was_written_into_the_files_is_no_drift(command, drifted, tmp_path):
    folder = written(tmp_path / "schedules", changed("name: Ben Okafor", "name: Ben O. Okafor"))
    assert command("plan", folder).code == 0
    assert command("apply", folder).code == 0
    entries = command("plan", written(tmp_path / "schedules"), "--json").answer["entries"]
    assert [one["kind"] for one in entries] == ["change"]


CONCERT = ("override", "primary cem 2026-02-10 18:00 instead of ben")


def test_what_was_removed_in_chat_is_drift(command, with_team, tmp_path):
    folder = written(tmp_path / "schedules")
    edited_in_chat(remove=[CONCERT])
    done = command("plan", folder)
    assert (done.code, done.out.partition(": {")[0]) == (1, f"drift {' '.join(CONCERT)}: removed in chat")
    assert command("apply", folder).code == 1
    assert body_of(CONCERT) is None
    assert command("apply", folder, "--discard-drift").code == 0
    assert body_of(CONCERT)


def test_what_files_take_over_from_chat_raises_no_revision(command, with_team, tmp_path):
    edited_in_chat(remove=[CONCERT])
    folder = written(tmp_path / "schedules", WITHOUT_OVERRIDE)
    for _ in range(2):
        done = command("apply", folder, "--json").answer
        assert (done["outcome"], done["revision"]) == ("nothing_to_do", 2)


class ClockOfABusyTeam:
    """Somebody changes Ben's name in the very moment in which the files are compared."""

    has_edited = False

    def now(self):
        if not self.has_edited:
            self.has_edited = True
            text = body_of(("responder", "ben")).replace("Ben Okafor", "Ben O. Okafor")
            edited_in_chat({("responder", "ben"): text})
        return datetime(2026, 5, 1, tzinfo=UTC)


def test_what_is_edited_meanwhile_is_not_overwritten(command, on_sqlite, tmp_path):
    files = load_files([written(tmp_path / "schedules", changed("name: Ben Okafor", "name: Benjamin"))]).objects
    clock: Any = ClockOfABusyTeam()
    with open_desk(read_settings(os.environ, needs_secret=False)) as desk:
        desk.door.clock = clock
        done = applying.apply_files(desk, files, discards_drift=False)
    assert done.outcome == "drift"
    assert "Ben O. Okafor" in body_of(("responder", "ben"))


def test_nobody_on_call_is_removed(command, with_team, tmp_path):
    text = changed("participants: [cem]", "participants: [dora]", without("cem: {name", WITHOUT_OVERRIDE))
    done = command("apply", written(tmp_path / "schedules", text), "--json")
    assert (done.code, done.answer["outcome"]) == (1, "refused")
    assert done.err == "responder cem: cem is on call in always right now; hand the shift over with an override first\n"
    assert "cem" in body_of(("schedule", "always"))


def test_a_holder_is_not_removed(command, with_team, tmp_path):
    reference = command("page", "the plant stands still").out.strip()
    command("acknowledge", reference, "--as", "ben")
    text = without("ben: {name", WITHOUT_OVERRIDE).replace("participants: [ana, ben]", "participants: [ana]")
    done = command("apply", written(tmp_path / "schedules", text))
    assert done.code == 1
    assert f"ben holds {reference}" in done.err


def test_a_database_of_an_old_release_says_what_to_do(command, postgresql_url, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", postgresql_url())
    done = command("plan", written(tmp_path / "schedules"))
    assert (done.code, done.out) == (1, "")
    assert done.err == "the database has no tables yet: run `oncallbot db upgrade`\n"
