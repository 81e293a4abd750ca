"""What the files would change, and what was edited in chat since they were applied."""

import json

from hypothesis import given
from hypothesis import strategies as st

from oncallbot.schedule_files import Origin, PlanKind, StoredObject, plan
from oncallbot.schedule_files.planning import field_changes

ANA = ("responder", "ana")
PRIMARY = ("schedule", "primary")


def text(**fields):
    return json.dumps(fields, sort_keys=True, separators=(",", ":"))


def applied(body):
    return StoredObject(body, body, Origin.FILES)


def weekly(*participants):
    return text(layers=[{"name": "weekly", "participants": list(participants)}])


def kinds(made):
    return [entry.kind for entry in made.entries]


def test_equal_files_change_nothing():
    made = plan({ANA: applied("{}")}, {ANA: "{}"})
    assert made.is_empty
    assert made.lines() == ("Nothing would change.",)
    assert made.unchanged == (ANA,)


def test_an_object_of_a_file_that_does_not_run_will_be_added():
    made = plan({}, {ANA: text(name="Ana")})
    assert kinds(made) == [PlanKind.ADD]
    assert made.lines() == ("will add responder ana: {name: Ana}",)
    assert made.writes == (ANA,)


def test_a_changed_file_will_change_the_object_field_by_field():
    made = plan({PRIMARY: applied(weekly("ana", "ben"))}, {PRIMARY: weekly("ana", "ben", "cem")})
    assert kinds(made) == [PlanKind.CHANGE]
    assert made.lines() == ("will change schedule primary: layers[weekly].participants: ana, ben -> ana, ben, cem",)


def test_an_object_of_files_that_no_file_has_will_be_removed():
    made = plan({ANA: applied("{}")}, {})
    assert kinds(made) == [PlanKind.REMOVE]
    assert made.removes == (ANA,)


def test_an_object_made_in_chat_is_never_removed():
    made = plan({ANA: StoredObject("{}", None, Origin.CHAT)}, {})
    assert made.is_empty


def test_an_edit_in_chat_is_drift_and_would_be_lost():
    edited = StoredObject(weekly("ben"), weekly("ana"), Origin.FILES)
    made = plan({PRIMARY: edited}, {PRIMARY: weekly("ana")})
    assert kinds(made) == [PlanKind.DRIFT]
    assert made.has_drift
    assert made.lines() == ("drift schedule primary: layers[weekly].participants: ana -> ben",)
    assert made.writes == (PRIMARY,)


def test_an_edit_in_chat_and_another_in_the_file_are_both_told():
    edited = StoredObject(weekly("ben"), weekly("ana"), Origin.FILES)
    made = plan({PRIMARY: edited}, {PRIMARY: weekly("cem")})
    assert kinds(made) == [PlanKind.CHANGE, PlanKind.DRIFT]
    assert made.writes == (PRIMARY,)


def test_an_edit_in_chat_of_an_object_that_left_the_files_is_drift_too():
    edited = StoredObject(weekly("ben"), weekly("ana"), Origin.FILES)
    made = plan({PRIMARY: edited}, {})
    assert kinds(made) == [PlanKind.REMOVE, PlanKind.DRIFT]
    assert made.writes == ()


def test_an_edit_in_chat_that_was_written_into_the_file_is_adopted():
    edited = StoredObject(weekly("ben"), weekly("ana"), Origin.FILES)
    made = plan({PRIMARY: edited}, {PRIMARY: weekly("ben")})
    assert made.is_empty
    assert made.adopted == (PRIMARY,)


def test_an_object_of_chat_that_a_file_now_says_otherwise_is_drift():
    made = plan({ANA: StoredObject(text(name="Ana"), None, Origin.CHAT)}, {ANA: text(name="Anna")})
    assert kinds(made) == [PlanKind.CHANGE, PlanKind.DRIFT]


def removed_in_chat(body):
    return StoredObject(None, body, Origin.FILES)


def test_what_was_removed_in_chat_is_drift_and_would_come_back():
    made = plan({ANA: removed_in_chat(text(name="Ana"))}, {ANA: text(name="Ana")})
    assert kinds(made) == [PlanKind.DRIFT]
    assert made.lines() == ("drift responder ana: removed in chat: {name: Ana}",)
    assert made.writes == (ANA,)


def test_what_was_removed_in_chat_and_changed_in_the_file_is_both():
    made = plan({ANA: removed_in_chat(text(name="Ana"))}, {ANA: text(name="Anna")})
    assert kinds(made) == [PlanKind.ADD, PlanKind.DRIFT]


def test_what_was_removed_in_chat_and_from_the_files_is_only_forgotten():
    made = plan({ANA: removed_in_chat(text(name="Ana"))}, {})
    assert made.is_empty
    assert made.adopted == (ANA,)


def test_what_chat_made_is_told_although_nothing_would_change():
    made = plan({ANA: StoredObject("{}", None, Origin.CHAT)}, {})
    assert made.lines() == ("Nothing would change.", "stays responder ana: made in chat, in no file")
    assert made.as_json()["kept"] == [{"object": "responder", "id": "ana"}]


def evening(name, order=0, day=3):
    fields = {"schedule": "primary", "responder": name, "from": f"2026-02-0{day} 18:00", "to": f"2026-02-0{day} 22:00"}
    return text(**fields, **({"order": order} if order else {}))


BENS, CEMS = ("override", "primary ben"), ("override", "primary cem")


def test_an_override_keeps_its_place_when_the_one_beneath_is_removed_in_chat():
    running = {BENS: removed_in_chat(evening("ben")), CEMS: applied(evening("cem", 1))}
    assert [entry.key for entry in plan(running, {BENS: evening("ben"), CEMS: evening("cem", 1)}).entries] == [BENS]
    assert plan(running, {CEMS: evening("cem")}).is_empty


def test_two_overlapping_overrides_that_change_places_in_the_file_are_a_change():
    running = {BENS: applied(evening("ben")), CEMS: applied(evening("cem", 1))}
    made = plan(running, {BENS: evening("ben", 1), CEMS: evening("cem")})
    assert kinds(made) == [PlanKind.CHANGE, PlanKind.CHANGE]


def test_numbers_of_overrides_are_written_when_anything_else_is():
    running = {CEMS: applied(evening("cem", 1)), ANA: applied("{}")}
    made = plan(running, {CEMS: evening("cem"), ANA: text(name="Ana")})
    assert kinds(made) == [PlanKind.CHANGE]
    assert made.writes == (ANA, CEMS)


def test_people_come_before_schedules():
    made = plan({}, {PRIMARY: weekly("ana"), ANA: "{}"})
    assert [entry.key for entry in made.entries] == [ANA, PRIMARY]


def test_a_layer_is_followed_by_its_name():
    before = text(layers=[{"name": "weekly", "every": "1 week"}])
    after = text(layers=[{"name": "nights", "every": "1 day"}, {"name": "weekly", "every": "2 weeks"}])
    lines = plan({PRIMARY: applied(before)}, {PRIMARY: after}).lines()
    assert lines == (
        "will change schedule primary: layers[weekly].every: 1 week -> 2 weeks",
        "will change schedule primary: layers[nights]: (default) -> {every: 1 day, name: nights}",
    )


def test_the_order_of_layers_is_a_change():
    layers = [{"name": "weekly"}, {"name": "nights"}]
    lines = plan({PRIMARY: applied(text(layers=layers))}, {PRIMARY: text(layers=layers[::-1])}).lines()
    assert lines == ("will change schedule primary: layers[order]: weekly, nights -> nights, weekly",)


def test_the_plan_as_json_holds_before_and_after():
    made = plan({PRIMARY: applied(weekly("ana"))}, {PRIMARY: weekly("ben")}).as_json()
    (entry,) = made["entries"]
    assert entry["kind"] == "change"
    assert (entry["object"], entry["id"]) == PRIMARY
    assert entry["fields"] == [{"field": "layers[weekly].participants", "before": ["ana"], "after": ["ben"]}]
    assert json.dumps(made)


VALUES = st.recursive(
    st.text("ab", max_size=2) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "x", "y"]), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("xy", max_size=1), VALUES), st.dictionaries(st.text("xy", max_size=1), VALUES))
def test_different_objects_always_have_a_line(before, after):
    assert bool(list(field_changes(before, after))) == (before != after)
