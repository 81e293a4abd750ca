"""What files mean: quotes never matter, defaults are filled in, equal meaning is equal text."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.oncall.people import DEFAULT_NOTIFY
from oncallbot.schedule_files import build_rules
from oncallbot.schedule_files.load import load_files
from oncallbot.schedule_files.source import read_text
from tests.schedule_files.written import SMALL, changed, objects_of, rules_of, written

USUAL_RULES = "{after: 0, by: slack}, {after: 0s, by: sms}, {after: 60s, by: voice}, {after: 3m, by: voice}"
PEOPLE = "timezone: Europe/Berlin\nresponders: {ana: {name: Ana}, ben: {name: Ben}}\n"
HOTLINE = (
    PEOPLE
    + """
office_hours: {berlin: {open: {}}}
policies: {nights: {levels: [{page: [{responder: ana}]}]}}
customers: {acme: {name: Acme}}
hotlines: {main: {name: Main}}
"""
)


@pytest.mark.parametrize(
    "word", ["NO", "01", "yes", "1e3", "0x10", "2026-01-05", "09:00", "3.10", "on", "1_000", "17:30"]
)
@pytest.mark.parametrize("quoted", ["{}", "'{}'", '"{}"'])
def test_a_scalar_is_the_text_that_stands_there(tmp_path, word, quoted):
    text = changed("name: Ben Okafor", f"name: {quoted.format(word)}")
    assert rules_of(tmp_path, text).responders["ben"].name == word


@given(st.text(st.characters(categories=["L", "N"], exclude_characters="\x85"), min_size=1, max_size=12))
def test_quotes_never_matter(word):
    plain, quoted = read_text("f", f"key: {word}").values, read_text("f", f"key: '{word}'").values
    if word.casefold() not in ("true", "false", "null"):
        assert plain == quoted == {"key": word}


def test_quoting_every_value_changes_nothing(tmp_path):
    """Also the texts that look like numbers, dates, times and truth."""
    from ruamel.yaml import YAML
    from ruamel.yaml.scalarstring import SingleQuotedScalarString as Quoted

    def quoted(value):
        if isinstance(value, dict):
            return {Quoted(key): quoted(one) for key, one in value.items()}
        if isinstance(value, list):
            return [quoted(one) for one in value]
        return Quoted(str(value).lower() if isinstance(value, bool) else value)

    path = tmp_path / "quoted.yaml"
    YAML().dump(quoted(read_text("f", SMALL).values), path)
    assert load_files([path]).objects == objects_of(tmp_path, SMALL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+49 30 23125 001", "+49 (30) 23125-001"),
        ("timeout: 5m", "timeout: 300s"),
        ("promise: 60m", "promise: 1h"),
        ("1 week", "1 weeks"),
        ("mon-fri: 09:00-18:00", "'mon,tue': 9:00-18:00, wed-fri: [09:00-18:00]"),
        ("windows: {outside: berlin}", "'windows': {outside: 'berlin'}"),
        ("from: 2026-08-01", "from: 2026-08-01 00:00"),
        ("to: 2026-08-15", "to: 2026-08-16 00:00"),
        ("from: 2026-02-03 18:00", "from: 2026-02-03T17:00:00Z"),
        ("acme.example", "'@ACME.example'"),
        ("    loops: forever\n", ""),
        ("    triage: unknown\n", ""),
        ("after_hours: page", "after_hours: PAGE"),
        ("cem: {name: Cem Aydin,", "cem: {timezone: Europe/Berlin, name: 'Cem  Aydin',"),
        ("ana: {name: Ana Ruiz,", f"ana: {{notify: [{USUAL_RULES}], name: Ana Ruiz,"),
    ],
)
def test_two_spellings_of_one_thing_are_equal_text(tmp_path, old, new):
    assert objects_of(tmp_path, changed(old, new)) == objects_of(tmp_path, SMALL)


def test_canonical_text_leaves_defaults_out_and_sorts_its_keys(tmp_path):
    objects = objects_of(tmp_path, SMALL)
    assert objects["tier", "standard"] == '{"promise":"1h"}'
    assert objects["responder", "dora"] == (
        '{"manager":true,"name":"Dora Lind","phone":"+493023125004","timezone":"Europe/Berlin"}'
    )


def test_the_order_of_lines_does_not_matter(tmp_path):
    people, rest = SMALL.split("absences:")
    turned = "absences:" + rest + people.replace("timezone: Europe/Berlin\n", "")
    assert objects_of(tmp_path, "timezone: Europe/Berlin\n" + turned) == objects_of(tmp_path, SMALL)


def test_files_of_a_folder_are_merged(tmp_path):
    people, rest = SMALL.split("absences:")
    folder = tmp_path / "schedules"
    folder.mkdir()
    written(folder, people, "people.yaml")
    written(folder, "absences:" + rest, "rest.yml")
    written(folder, "not: ours", "notes.txt")
    loaded = load_files([folder])
    assert loaded.objects == objects_of(tmp_path, SMALL)
    assert [path.name for path in loaded.files] == ["people.yaml", "rest.yml"]


def test_a_file_named_twice_is_read_once(tmp_path):
    path = written(tmp_path, SMALL)
    assert load_files([path, tmp_path]).files == (path,)


def test_a_file_s_own_time_zone_holds_for_that_file(tmp_path):
    written(tmp_path, "timezone: Europe/Berlin\nresponders: {ana: {name: Ana}}", "a.yaml")
    written(tmp_path, "timezone: America/Havana\nresponders: {ben: {name: Ben}}", "b.yaml")
    rules = build_rules(load_files([tmp_path]).objects, 1)
    assert [one.timezone for one in rules.responders.values()] == ["Europe/Berlin", "America/Havana"]


def test_anchors_and_merge_keys_work(tmp_path):
    text = PEOPLE + (
        "tiers:\n  gold: &gold {promise: 15m, live_connect: true}\n  silver:\n    <<: *gold\n    promise: 30m\n"
    )
    tiers = rules_of(tmp_path, text).tiers
    assert tiers["silver"].live_connect
    assert tiers["silver"].promise == timedelta(minutes=30)


def test_an_empty_file_and_empty_sections_say_nothing(tmp_path):
    assert objects_of(tmp_path, "") == {}
    assert objects_of(tmp_path, "responders:\nabsences:\n") == {}


def test_without_tiers_there_is_standard_which_pages_and_promises_nothing(tmp_path):
    rules = rules_of(tmp_path, HOTLINE)
    assert rules.tiers["standard"].promise is None
    assert rules.customers["acme"].tier == rules.hotlines["main"].default_tier == "standard"


def test_the_only_policy_and_the_only_office_hours_are_the_hotline_s(tmp_path):
    hotline = rules_of(tmp_path, HOTLINE).hotlines["main"]
    assert (hotline.policies["default"], hotline.office_hours.id) == ("nights", "berlin")
    assert hotline.timezone == "Europe/Berlin"


def test_notification_rules_left_out_are_the_default_ones(tmp_path):
    assert rules_of(tmp_path, SMALL).responders["ana"].notify == DEFAULT_NOTIFY


def test_an_absence_until_a_date_includes_that_day_in_the_responder_s_zone(tmp_path):
    (absence,) = rules_of(tmp_path, SMALL).absences
    assert absence.start == datetime(2026, 7, 31, 22, tzinfo=UTC)
    assert absence.end == datetime(2026, 8, 15, 22, tzinfo=UTC)


def test_an_absence_until_a_time_excludes_it(tmp_path):
    (absence,) = rules_of(tmp_path, changed("to: 2026-08-15", "to: 2026-08-15 12:00")).absences
    assert absence.end == datetime(2026, 8, 15, 10, tzinfo=UTC)


def test_an_override_is_in_the_schedule_s_zone(tmp_path):
    (override,) = rules_of(tmp_path, SMALL).schedules["primary"].overrides
    assert override.start == datetime(2026, 2, 3, 17, tzinfo=UTC)
    assert (override.responder, override.instead_of) == ("cem", "ana")


def test_the_second_of_two_repeated_hours_keeps_its_offset(tmp_path):
    text = changed("to: 2026-02-04 09:00", "to: 2026-10-25 02:30+01:00")
    (override,) = rules_of(tmp_path, text).schedules["primary"].overrides
    assert override.end == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_later_of_overlapping_overrides_in_a_file_is_the_newer(tmp_path):
    first = "      - {responder: ben, from: 2026-02-04 06:00, to: 2026-02-05 09:00}\n      - {responder: cem"
    later = changed("      - {responder: cem", first)
    overrides = rules_of(tmp_path, later).schedules["primary"].overrides
    assert [one.responder for one in overrides] == ["ben", "cem"]


def test_nobody_and_groups_are_turns(tmp_path):
    text = changed("participants: [ana, ben]", "participants: [ana, nobody, [ben, cem], [ana]]")
    (layer,) = rules_of(tmp_path, text).schedules["primary"].layers
    assert layer.rotation.participants == (("ana",), (), ("ben", "cem"), ("ana",))


def test_without_must_cover_the_hours_outside_the_hotline_s_office_must_be_covered(tmp_path):
    schedule = rules_of(tmp_path, changed("    must_cover: {outside: berlin}\n", "")).schedules["primary"]
    assert schedule == rules_of(tmp_path, SMALL).schedules["primary"]


def test_must_cover_always_is_always(tmp_path):
    text = changed("must_cover: {outside: berlin}", "must_cover: always")
    assert rules_of(tmp_path, text).schedules["primary"].must_cover is None


def test_objects_are_json_that_names_every_reference(tmp_path):
    body = json.loads(objects_of(tmp_path, SMALL)["override", "primary cem 2026-02-03 18:00 instead of ana"])
    assert body["schedule"] == "primary"
