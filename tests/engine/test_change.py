"""The one writer of rules: all of an edit with its audit as the next revision, or nothing."""

import json

import pytest

from oncallbot.engine.change import Changed, Edit, Refused, Stale, change
from oncallbot.storage import rule_objects
from oncallbot.storage.rule_objects import RuleObject
from tests.engine.stage import MINUTE, at_once, both

EVE = ("responder", "eve")
EVES = json.dumps({"name": "Eve Moreau", "phone": "+493023125005", "timezone": "Europe/Berlin"})


def stored(night):
    with night.database.read() as connection:
        objects = {(one.kind, one.id): one for one in rule_objects.load_all(connection)}
        return rule_objects.revision(connection), objects, rule_objects.history(connection, 50)


def remembered(night):
    with night.database.read() as connection:
        return rule_objects.load_removed(connection)


class TestChanged:
    @both
    def test_object_audit_and_revision_come_together(self, night):
        assert change(night.door, Edit({EVE: EVES}), "dora", 1) == Changed(2)
        revision, objects, (latest, *_) = stored(night)
        assert (revision, objects[EVE].body) == (2, EVES)
        assert (latest.by, latest.object_id, latest.before, latest.after) == ("dora", "eve", None, EVES)

    def test_other_processes_are_told(self, night):
        change(night.door, Edit({EVE: EVES}), "dora", 1)
        assert night.woken == 1

    def test_an_edit_that_changes_nothing_keeps_the_revision(self, night):
        _, objects, history = stored(night)
        ana = objects["responder", "ana"].body
        assert change(night.door, Edit({("responder", "ana"): ana}), "dora", 1) == Changed(1)
        assert stored(night)[2] == history

    def test_what_files_applied_is_remembered_when_chat_changes_it(self, night):
        _, objects, _ = stored(night)
        cem = ("responder", "cem")
        edited = json.loads(objects[cem].body) | {"name": "Cem A. Aydin"}
        change(night.door, Edit({cem: json.dumps(edited, sort_keys=True, separators=(",", ":"))}), "dora", 1)
        after = stored(night)[1][cem]
        assert after.applied == objects[cem].body
        assert "Cem A. Aydin" in after.body


class TestRemovedInChat:
    """What files applied is remembered when somebody else removes it; it runs no more."""

    @both
    def test_the_files_text_stays_known_and_nothing_runs(self, night):
        change(night.door, Edit({EVE: EVES}, from_files=True), "dora", 1)
        assert change(night.door, Edit({}, remove=(EVE,)), "ben", 2) == Changed(3)
        _, objects, (latest, *_) = stored(night)
        assert EVE not in objects
        assert (latest.by, latest.before, latest.after) == ("ben", EVES, None)
        assert remembered(night) == [RuleObject(*EVE, "", EVES, "files")]

    def test_what_chat_made_and_removed_leaves_nothing(self, night):
        change(night.door, Edit({EVE: EVES}), "dora", 1)
        change(night.door, Edit({}, remove=(EVE,)), "dora", 2)
        assert remembered(night) == []

    def test_what_comes_back_is_the_files_again(self, night):
        change(night.door, Edit({EVE: EVES}, from_files=True), "dora", 1)
        change(night.door, Edit({}, remove=(EVE,)), "dora", 2)
        change(night.door, Edit({EVE: EVES}), "dora", 3)
        assert stored(night)[1][EVE] == RuleObject(*EVE, EVES, EVES, "files")

    def test_what_the_files_remove_is_not_remembered(self, night):
        change(night.door, Edit({EVE: EVES}, from_files=True), "dora", 1)
        change(night.door, Edit({}, remove=(EVE,), from_files=True), "dora", 2)
        assert remembered(night) == []


class TestAdopted:
    @both
    def test_files_that_say_what_runs_raise_no_revision(self, night):
        change(night.door, Edit({EVE: EVES}), "dora", 1)
        history = stored(night)[2]
        assert change(night.door, Edit({}, from_files=True, adopt=(EVE,)), "dora", 2) == Changed(2)
        assert stored(night)[1][EVE] == RuleObject(*EVE, EVES, EVES, "files")
        assert stored(night)[2] == history

    def test_what_is_gone_from_both_is_forgotten(self, night):
        change(night.door, Edit({EVE: EVES}, from_files=True), "dora", 1)
        change(night.door, Edit({}, remove=(EVE,)), "dora", 2)
        assert change(night.door, Edit({}, from_files=True, adopt=(EVE,)), "dora", 3) == Changed(3)
        assert remembered(night) == []


class TestStale:
    def test_a_revision_that_has_passed_writes_nothing(self, night):
        change(night.door, Edit({EVE: EVES}), "dora", 1)
        assert change(night.door, Edit({}, remove=(EVE,)), "dora", 1) == Stale(2)
        assert EVE in stored(night)[1]

    @both
    def test_of_two_writers_at_once_one_wins(self, night, second_process):
        def writes(door, name):
            body = json.dumps({"name": name, "phone": "+493023125005", "timezone": "Europe/Berlin"})
            return lambda: change(door, Edit({EVE: body}), name, 1)

        said = at_once(writes(night.door, "Eve One"), writes(second_process.door, "Eve Two"))
        assert sorted(said, key=str) == [Changed(2), Stale(2)]
        _, objects, history = stored(night)
        assert json.loads(objects[EVE].body)["name"] == history[0].by


class TestRefused:
    def test_what_does_not_fit_together_leaves_nothing(self, night):
        before = stored(night)
        policy = json.dumps({"levels": [{"page": [{"schedule": "gone"}], "timeout": "5m"}]})
        said = change(night.door, Edit({EVE: EVES, ("policy", "other"): policy}), "dora", 1)
        assert isinstance(said, Refused)
        assert stored(night) == before

    def test_who_is_on_call_right_now_is_not_removed(self, night):
        said = change(night.door, Edit(without(night, "ana"), remove=(("responder", "ana"),)), "dora", 1)
        assert isinstance(said, Refused)
        assert [one.wrong for one in said.problems if "on call" in one.wrong] == ["ana is on call in primary right now"]

    def test_who_holds_an_issue_is_not_removed(self, night):
        change(night.door, Edit({EVE: EVES}), "dora", 1)
        number = night.opens()
        night.answers("eve", issue=number)
        said = change(night.door, Edit({}, remove=(EVE,)), "dora", 2)
        assert isinstance(said, Refused)
        assert [one.wrong for one in said.problems] == [f"eve holds AH-{number}"]

    def test_a_hotline_with_an_open_issue_is_not_removed(self, night):
        number = night.opens()
        said = change(night.door, Edit({}, remove=(("hotline", "main"),)), "dora", 1)
        assert isinstance(said, Refused)
        assert [one.wrong for one in said.problems] == [f"AH-{number} is open on it"]

    def test_who_is_no_longer_needed_is_removed(self, night):
        change(night.door, Edit({EVE: EVES}), "dora", 1)
        number = night.opens()
        night.answers("eve", issue=number)
        night.answers("eve", "resolve", issue=number)
        assert change(night.door, Edit({}, remove=(EVE,)), "dora", 2) == Changed(3)

    @pytest.mark.parametrize("body", ["", "[]", "{", '{"name": 5}'])
    def test_what_is_no_object_is_refused_with_its_place(self, night, body):
        said = change(night.door, Edit({EVE: body}), "dora", 1)
        assert isinstance(said, Refused)
        assert "eve" in said.problems[0].place


def without(night, name):
    """The schedule without that participant: the edit fits together, but the shift is running."""
    schedule = json.loads(stored(night)[1]["schedule", "primary"].body)
    schedule["layers"][0]["participants"].remove(name)
    return {("schedule", "primary"): json.dumps(schedule)}


def test_a_paged_responder_who_is_removed_does_not_stop_the_paging(night):
    number = night.opens()
    night.answers("ana", "pass", issue=number)  # Ben is rung, who is on call next week
    assert change(night.door, Edit(without(night, "ben"), remove=(("responder", "ben"),)), "dora", 1) == Changed(2)
    night.passes(5 * MINUTE)
    assert "last_resort" in night.kinds(number)
