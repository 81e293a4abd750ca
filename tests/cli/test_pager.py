"""The pager: page, read, answer. Only the last word about an issue is believed, whoever types it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncallbot.oncall.people import Method
from oncallbot.storage import workers
from oncallbot.storage.database import Database
from tests.cli.cast import changed, written
from tests.cli.conftest import Command

ISSUE_KEYS = {
    *("reference", "status", "customer", "caller", "hotline", "summary", "opened_at", "acknowledged_by"),
    *("acknowledged_at", "level", "loop", "wake_at"),
}


@pytest.fixture
def paged(command: Command, with_twilio, on_sqlite) -> str:
    """An issue for which Cem is paged."""
    return command("page", "the plant stands still", "--customer", "acme").out.strip()


def test_a_page_prints_the_reference_and_pages_whoever_is_on_call(command: Command, with_twilio, with_team):
    done = command("page", "the plant stands still")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"AH-\d+\n", done.out)
    found = command("issue", done.out.strip(), "--json").answer
    assert (found["status"], found["customer"], found["hotline"]) == ("triggered", None, "main")
    assert (found["summary"], found["level"], found["loop"]) == ("the plant stands still", 1, 1)
    assert found["notifications"] == [
        {"responder": "cem", "method": "sms", "status": "queued", "sent_at": None, "provider_id": None, "error": None}
    ]


def test_a_page_names_its_customer(command: Command, paged):
    found = command("issue", paged, "--json").answer
    assert found["customer"] == "acme"
    assert found["caller"].endswith("the command line")


def test_two_pages_are_two_issues(command: Command, paged):
    assert command("page", "the plant stands still", "--customer", "acme").out.strip() != paged


def test_words_need_no_quotes(command: Command, on_sqlite):
    command("page", "the", "plant", "stands")
    assert command("issues", "--json").answer[0]["summary"] == "the plant stands"


def test_a_page_that_reaches_nobody_says_so_and_is_still_an_issue(command: Command, on_sqlite):
    works(on_sqlite, frozenset())
    done = command("page", "the plant stands still", "--json")
    assert done.code == 0
    assert (done.answer["outcome"], done.answer["paged"]) == ("opened", [])
    assert "nobody could be reached" in done.err


def test_what_the_worker_can_send_counts_and_not_what_this_shell_is_connected_to(command: Command, on_sqlite):
    works(on_sqlite, frozenset({Method.SMS}))
    reference = command("page", "the plant stands still").out.strip()
    found = command("issue", reference, "--json").answer
    assert [one["method"] for one in found["notifications"]] == ["sms"]


def works(path: Path, roads: frozenset[Method]) -> None:
    """A worker that can send by these methods has been there."""
    database = Database.open(f"sqlite:///{path}")
    now = datetime.now(UTC)
    with database.write() as connection:
        workers.register(connection, workers.Worker("serve-1", "serve", now, now, roads=roads))
    database.close()


@pytest.mark.parametrize(
    ("words", "cure"), [(("--hotline", "mian"), "did you mean main?"), (("--customer", "akme"), "did you mean acme?")]
)
def test_an_unknown_name_opens_nothing_and_names_the_nearest(command: Command, on_sqlite, words, cure):
    done = command("page", "help", *words)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith(f"{cure}\n")
    assert command("issues", "--all", "--json").answer == []


def test_one_of_several_hotlines_must_be_named(command: Command, on_sqlite, tmp_path):
    two = "  second: {name: Second, office_hours: berlin}\n  main:\n    name: Example Support"
    assert (
        command("apply", written(tmp_path / "schedules", changed("  main:\n    name: Example Support", two))).code == 0
    )
    done = command("page", "help")
    assert (done.code, done.err) == (2, "--hotline: there are several hotlines; write --hotline main or second\n")
    assert command("page", "help", "--hotline", "second").code == 0


def test_a_page_without_words_is_wrong_usage(command: Command, on_sqlite):
    assert command("page", " ").code == 2
    assert command("page").code == 2


def test_the_first_to_acknowledge_has_it_and_the_second_hears_who(command: Command, with_twilio, with_team):
    reference = command("page", "the plant stands still").out.strip()
    done = command("acknowledge", reference, "--as", "cem", "--json")
    text = f"{reference} is yours."
    assert done.answer == {"outcome": "acknowledged", "reference": reference, "acknowledged_by": "cem", "text": text}
    assert done.code == 0
    again = command("acknowledge", reference, "--as", "cem", "--json")
    assert (again.code, again.answer["outcome"]) == (0, "already_yours")
    late = command("acknowledge", reference, "--as", "ben", "--json")
    assert (late.code, late.answer["outcome"], late.answer["acknowledged_by"]) == (1, "already_taken", "cem")
    assert re.fullmatch(rf"Cem has {reference} since \d\d:\d\d\.", late.answer["text"])
    assert command("issue", reference, "--json").answer["acknowledged_by"] == "cem"


def test_the_number_alone_names_the_issue(command: Command, paged):
    for written_so in (paged.removeprefix("AH-"), paged.lower()):
        assert command("acknowledge", written_so, "--as", "cem", "--json").answer["reference"] == paged


def test_passing_moves_the_page_on(command: Command, paged):
    assert command("pass", paged, "--as", "ben", "--json").answer["outcome"] == "nothing_to_pass"
    done = command("pass", paged, "--as", "cem")
    assert (done.code, done.out) == (0, f"{paged} is passed on.\n")


def test_resolving_takes_a_line_for_the_customer(command: Command, paged):
    done = command("resolve", paged, "the", "pump", "was", "stuck", "--as", "cem", "--json")
    assert (done.code, done.answer["outcome"]) == (0, "resolved")
    said = [one["text"] for one in command("issue", paged, "--json").answer["timeline"] if one["kind"] == "resolved"]
    assert "the pump was stuck" in said[0]
    again = command("resolve", paged, "--as", "ben", "--json")
    assert (again.code, again.answer["outcome"]) == (1, "already_resolved")


def test_a_note_needs_words_and_goes_on_the_timeline(command: Command, paged):
    assert command("note", paged, "--as", "ben").code == 2
    assert command("note", paged, " ", "--as", "ben").code == 2
    done = command("note", paged, "it is the left pump", "--as", "ben", "--json")
    assert (done.code, done.answer["outcome"]) == (0, "noted")
    last = command("issue", paged, "--json").answer["timeline"][-1]
    assert (last["kind"], last["responder"]) == ("note", "ben")
    assert "it is the left pump" in last["text"]


def test_an_unknown_issue_or_responder_is_an_outcome(command: Command, paged):
    for reference, responder, outcome in (
        ("AH-9", "cem", "unknown_issue"),
        ("99999999999999999999", "cem", "unknown_issue"),
        (paged, "cen", "unknown_responder"),
    ):
        done = command("acknowledge", reference, "--as", responder, "--json")
        assert (done.code, done.answer["outcome"], done.answer["acknowledged_by"]) == (1, outcome, None)
    assert command("acknowledge", paged, "--as", "cen").err == "There is no responder cen: did you mean cem?\n"
    assert command("issue", paged, "--json").answer["status"] == "triggered"


def test_what_is_no_reference_is_wrong_usage(command: Command, on_sqlite):
    for words in (("issue", "plant"), ("acknowledge", "AH-", "--as", "ana"), ("acknowledge", "1042")):
        assert command(*words).code == 2


def test_an_issue_shows_everything_that_happened(command: Command, paged):
    found = command("issue", paged, "--json").answer
    assert set(found) == ISSUE_KEYS | {"timeline", "notifications"}
    assert [one["kind"] for one in found["timeline"]][:3] == ["reported", "opened", "level_started"]
    assert set(found["timeline"][0]) == {"at", "kind", "text", "responder", "method"}
    for name in ("opened_at", "wake_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", found[name])
    shown = command("issue", paged)
    assert shown.code == 0
    assert "Acme GmbH" in shown.out
    assert "Cem Aydin" in shown.out


def test_open_issues_are_listed_and_closed_ones_with_all(command: Command, paged):
    done = command("issues", "--json")
    assert [(one["reference"], set(one)) for one in done.answer] == [(paged, ISSUE_KEYS)]
    assert command("issues", "--all", "--json").answer == done.answer
    assert "Acme GmbH" in command("issues").out


def test_there_may_be_no_issue(command: Command, on_sqlite):
    assert command("issues", "--json").answer == []
    done = command("issue", "AH-7", "--json")
    assert (done.code, done.out) == (1, "")
    assert done.err == "AH-7: there is no such issue; `oncallbot issues --all` lists them\n"


def test_only_what_is_resolved_or_held_is_closed_by_hand(command: Command, paged):
    assert command("close", paged, "--as", "ana").code == 1
    command("resolve", paged, "--as", "ana")
    assert command("close", paged, "--as", "ana", "--json").answer["outcome"] == "closed"
    assert command("issue", paged, "--json").answer["status"] == "closed"


def test_only_a_manager_dismisses(command: Command, paged):
    assert command("dismiss", paged, "--as", "ana", "--json").answer["outcome"] == "not_a_manager"
    assert command("dismiss", paged, "--as", "dora", "--json").answer["outcome"] == "dismissed"
    assert command("issue", paged, "--json").answer["status"] == "closed"
