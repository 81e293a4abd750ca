"""Objects make rules, and only if they fit together."""

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from oncallbot.errors import ConfigurationError
from oncallbot.oncall.people import Absence
from oncallbot.oncall.schedule import Override
from oncallbot.schedule_files import absence_object, build_rules, check_objects, override_object
from oncallbot.schedule_files.export import export_yaml
from oncallbot.schedule_files.load import load_files
from oncallbot.schedule_files.parts import canonical_text
from oncallbot.schedule_files.public_holidays import PublicHolidays
from tests.schedule_files.written import SMALL, objects_of, rules_of, written


def test_rules_carry_their_revision(tmp_path):
    assert build_rules(objects_of(tmp_path, SMALL), 42).revision == 42


def test_equal_objects_make_equal_rules(tmp_path):
    objects = objects_of(tmp_path, SMALL)
    assert build_rules(objects, 1) == build_rules(dict(objects), 1)


def test_no_objects_make_empty_rules():
    assert build_rules({}, 0).responders == {}


@pytest.mark.parametrize(
    ("gone", "place", "wrong"),
    [
        (("responder", "ana"), "schedule primary", "no responder 'ana'"),
        (("office_hours", "berlin"), "hotline main", "no office hours 'berlin'"),
        (("tier", "gold"), "customer acme", "no tier 'gold'"),
        (("policy", "default"), "hotline main", "no policy 'default'"),
        (("schedule", "primary"), "policy default", "no schedule 'primary'"),
    ],
)
def test_a_dangling_reference_names_the_object_that_dangles(tmp_path, gone, place, wrong):
    objects = {key: text for key, text in objects_of(tmp_path, SMALL).items() if key != gone}
    with pytest.raises(ConfigurationError) as raised:
        build_rules(objects, 1)
    assert any(one.place == place and wrong in one.wrong for one in raised.value.problems), str(raised.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": 3}', '{"every": "x"}', '{"nam": "Ana"}'])
def test_an_unreadable_object_is_named(tmp_path, text):
    objects = {**objects_of(tmp_path, SMALL), ("responder", "ana"): text}
    with pytest.raises(ConfigurationError) as raised:
        check_objects(objects)
    assert "responder ana" in {one.place for one in raised.value.problems}


def test_objects_of_valid_files_pass_the_check(tmp_path):
    check_objects(objects_of(tmp_path, SMALL))


def test_text_that_is_not_canonical_is_refused(tmp_path):
    objects = dict(objects_of(tmp_path, SMALL))
    objects["tier", "standard"] = '{"promise": "60m"}'
    with pytest.raises(ConfigurationError, match=r'store \{"promise":"1h"\}'):
        check_objects(objects)


def test_a_chat_edit_gets_its_canonical_text_from_fields(tmp_path):
    fields = json.loads(objects_of(tmp_path, SMALL)["tier", "standard"]) | {"promise": "90m", "live_connect": False}
    assert canonical_text("tier", fields) == '{"promise":"1h30m"}'


def test_a_wrong_chat_edit_is_refused_with_its_cure():
    with pytest.raises(ConfigurationError, match="did you mean promise"):
        canonical_text("tier", {"promis": "90m"})


def test_an_absence_made_in_chat_reads_back_as_it_was(tmp_path):
    objects = dict(objects_of(tmp_path, SMALL))
    absence = Absence("ben", datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 3, 2, 8, tzinfo=UTC))
    key, text = absence_object(absence, "Europe/Berlin")
    objects[key] = text
    check_objects(objects)
    assert absence in build_rules(objects, 1).absences


def test_an_override_made_in_chat_reads_back_as_it_was_and_is_the_newest(tmp_path):
    objects = dict(objects_of(tmp_path, SMALL))
    made_at = datetime(2026, 2, 1, 12, 0, 1, 500, tzinfo=UTC)
    start, end = datetime(2026, 2, 3, 12, 30, 5, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    override = Override("ben", start, end, None, "cover me", "dora", made_at)
    key, text = override_object("primary", override, "Europe/Berlin")
    objects[key] = text
    check_objects(objects)
    assert build_rules(objects, 1).schedules["primary"].overrides[-1] == override
    path = written(tmp_path, export_yaml(objects), "exported.yaml")
    assert load_files([path]).objects == objects


def test_exported_files_load_without_a_change(tmp_path):
    objects = objects_of(tmp_path, SMALL)
    path = written(tmp_path, export_yaml(objects), "exported.yaml")
    assert load_files([path]).objects == objects


def test_export_keeps_texts_that_look_like_something_else(tmp_path):
    name = "01: 'true' # \"x\" \N{SNOWMAN} - [a]"
    objects = dict(objects_of(tmp_path, SMALL))
    for number, one in enumerate(("true", "NULL", "~", "09:00", "NO", "2026-01-01", "0x1F", "- a", name)):
        objects["tier", f"t{number}"] = "{}"
        objects["customer", f"c{number}"] = json.dumps(
            {"name": one, "tier": f"t{number}", "timezone": "UTC"},
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
    path = written(tmp_path, export_yaml(objects), "exported.yaml")
    assert load_files([path]).objects == objects


def test_a_thousand_schedules_are_built_within_a_second(tmp_path):
    objects = dict(objects_of(tmp_path, SMALL))
    for number in range(1000):
        objects["schedule", f"s{number}"] = objects["schedule", "primary"]
    began = time.process_time()
    assert len(build_rules(objects, 1).schedules) == 1001
    assert time.process_time() - began < 1


def test_public_holidays_are_those_of_the_subdivision():
    berlin, germany = PublicHolidays("DE", "BE"), PublicHolidays("DE")
    women_s_day = date(2026, 3, 8)
    assert berlin.name_on(women_s_day)
    assert germany.name_on(women_s_day) is None
    assert germany.name_on(date(2026, 10, 3)) == "Tag der Deutschen Einheit"


def test_public_holidays_are_equal_by_value():
    assert PublicHolidays("DE", "BE") == PublicHolidays("DE", "BE")
    assert len({PublicHolidays("DE", "BE"), PublicHolidays("DE", "BE"), PublicHolidays("DE")}) == 2


def test_a_tier_s_policy_is_the_default_unless_the_hotline_says_otherwise(tmp_path):
    rules = rules_of(tmp_path, SMALL)
    hotline = replace(rules.hotlines["main"], policies={"default": "default"})
    assert rules.policy_for(hotline, "gold").id == "default"
