"""`export`: files say what runs, and `apply` then has nothing to do."""

import json
import os

import pytest

from oncallbot.schedule_files.load import load_files
from tests.cli.cast import TEAM, changed, written
from tests.cli.test_applying import CONCERT, body_of, edited_in_chat

COMMENTED = changed("name: Cem Aydin", "name:  'Cem Aydin'").replace("\n  dora:", "\n\n  # the manager\n  dora:")


def renamed_in_chat():
    ben = body_of(("responder", "ben"))
    edited_in_chat({("responder", "ben"): ben.replace("Ben Okafor", "Ben O. Okafor")}, [CONCERT])


def read(folder):
    return (folder / "team.yaml").read_text(encoding="utf-8")


def test_what_was_edited_in_chat_comes_into_the_file_and_nothing_else_changes(command, with_team, tmp_path):
    folder = written(tmp_path / "schedules", COMMENTED)
    renamed_in_chat()
    done = command("export", folder)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:2] == ["changed responder ben", f"removed {' '.join(CONCERT)}"]
    gone = next(line for line in COMMENTED.splitlines(keepends=True) if "concert" in line)
    expected = COMMENTED.replace("Ben Okafor", "Ben O. Okafor").replace(gone, "").replace("overrides:", "overrides: []")
    assert read(folder) == expected


def test_after_export_nothing_would_change_and_apply_raises_no_revision(command, with_team, tmp_path):
    folder = written(tmp_path / "schedules", COMMENTED)
    renamed_in_chat()
    command("export", folder)
    assert (command("plan", folder).code, command("plan", folder).out) == (0, "Nothing would change.\n")
    applied = command("apply", folder, "--json").answer
    assert (applied["outcome"], applied["revision"]) == ("nothing_to_do", 2)
    assert command("export", folder, "--json").answer["outcome"] == "nothing_to_do"


def test_without_files_one_is_made_with_the_schema_beside_it(command, with_team, tmp_path):
    done = command("export", "--json")
    assert done.answer["files"] == ["schedules/schedules.yaml", "schedules/schema.json"]
    text = (tmp_path / "schedules" / "schedules.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=./schema.json\n")
    assert not set("{}[]") & set(text)
    assert "properties" in json.loads((tmp_path / "schedules" / "schema.json").read_text(encoding="utf-8"))
    assert command("plan").code == 0


def test_a_file_of_another_name_is_made_where_it_is_named(command, on_sqlite, tmp_path):
    assert command("export", tmp_path / "all.yaml").code == 0
    assert command("plan", tmp_path / "all.yaml").code == 0


@pytest.mark.parametrize("word", ["--stdout", "-"])
def test_one_document_is_printed_and_no_file_is_written(command, on_sqlite, tmp_path, word):
    printed = command("export", word).out
    assert not (tmp_path / "schedules").exists()
    (tmp_path / "printed.yaml").write_text(printed, encoding="utf-8")
    assert command("plan", tmp_path / "printed.yaml").code == 0


def test_printing_takes_no_files(command, on_sqlite):
    assert command("export", "--stdout", "schedules").code == 2


def test_files_with_a_problem_are_not_overwritten(command, on_sqlite, tmp_path):
    folder = written(tmp_path / "schedules", changed("cem: {name: Cem", "cem: {nam: Cem"))
    done = command("export", folder, "--json")
    assert (done.code, done.answer["outcome"]) == (1, "problem")
    assert "did you mean name?" in done.err
    assert "nam: Cem" in read(folder)


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(command, on_sqlite, tmp_path):
    folder = written(tmp_path / "schedules")
    (folder / f".team.yaml.{os.getpid()}.new").mkdir()
    renamed_in_chat()
    done = command("export", folder)
    assert (done.code, done.out) == (1, "")
    assert "cannot be written" in done.err
    assert read(folder) == TEAM


def test_before_anything_was_applied_no_file_is_emptied(command, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    command("db", "upgrade")
    folder = written(tmp_path / "schedules")
    done = command("export", folder)
    assert (done.code, done.err) == (1, "export: nothing runs yet; apply the schedule files first\n")
    assert read(folder) == TEAM


def test_what_was_never_applied_is_told_when_it_is_overwritten(command, on_sqlite, tmp_path):
    folder = written(tmp_path / "schedules", changed("name: Cem Aydin", "name: Cem A."))
    done = command("export", folder)
    assert (done.code, read(folder)) == (0, TEAM)
    assert done.err.startswith(
        "change responder cem: name: Cem Aydin -> Cem A.: the files said so and were never applied"
    )


def test_line_ends_links_and_modes_stay(command, on_sqlite, tmp_path):
    folder = written(tmp_path / "schedules")
    target = tmp_path / "elsewhere.txt"
    target.write_bytes(TEAM.replace("\n", "\r\n").encode("utf-8-sig"))
    target.chmod(0o640)
    (folder / "team.yaml").unlink()
    (folder / "team.yaml").symlink_to(target)
    renamed_in_chat()
    assert command("export", folder).code == 0
    assert (folder / "team.yaml").is_symlink()
    assert (target.stat().st_mode & 0o777, target.read_bytes()[:3]) == (0o640, b"\xef\xbb\xbf")
    assert target.read_bytes().count(b"\r\n") == target.read_bytes().count(b"\n")
    assert ("responder", "ben") in load_files([folder]).objects
