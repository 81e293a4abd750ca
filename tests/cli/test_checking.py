"""`check`: every problem with its line and cure, without a database."""

from tests.cli.cast import changed, written


def test_valid_files_are_counted(command, tmp_path):
    done = command("check", written(tmp_path / "schedules"))
    assert (done.code, done.err) == (0, "")
    assert "4 responders" in done.out
    assert "1 hotline" in done.out


def test_the_folder_is_schedules_unless_another_is_named(command, tmp_path):
    written(tmp_path / "schedules")
    assert command("check", "--json").answer["files"] == ["schedules/team.yaml"]


def test_every_problem_is_one_line_with_its_place_and_cure(command, tmp_path):
    text = changed("every: 1 week, first_handoff: 2026-01-05 09:00, participants: [cem]", "every: 1 weak")
    done = command("check", written(tmp_path / "schedules", changed("schedule: always", "schedule: alway", text)))
    assert (done.code, done.out) == (1, "")
    lines = done.err.splitlines()
    assert all("team.yaml:" in line for line in lines)
    assert any("did you mean always?" in line for line in lines)


def test_with_json_the_problems_are_one_document(command, tmp_path):
    done = command("check", written(tmp_path / "schedules", "responder: {}"), "--json")
    assert done.code == 1
    assert done.answer["valid"] is False
    assert done.answer["problems"][0]["cure"] == "did you mean responders?"


def test_a_folder_that_is_not_there_is_a_problem_with_a_cure(command):
    done = command("check", "nowhere")
    assert done.code == 1
    assert done.err == "nowhere: cannot be read: No such file or directory; check the path and its permissions\n"


def test_the_schema_is_a_json_document(command):
    done = command("check", "--schema")
    assert done.code == 0
    assert "responders" in done.answer["properties"]
