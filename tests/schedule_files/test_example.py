"""The example that people start from is valid, and answers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncallbot.oncall.schedule import who
from oncallbot.schedule_files import build_rules
from oncallbot.schedule_files.export import export_yaml
from oncallbot.schedule_files.load import load_files
from tests.schedule_files.written import written

EXAMPLE = Path(__file__).parents[2] / "schedules" / "example.yaml"


@pytest.fixture(scope="module")
def rules():
    return build_rules(load_files([EXAMPLE.parent]).objects, 1)


def at(month, day, hour):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_the_example_says_who_is_on_call_tonight(rules):
    answer = who(rules.schedules["primary"], rules.absences, at(1, 5, 22))
    assert (answer.responders, answer.next) == (("ana",), ("ben",))


def test_the_example_s_override_stands(rules):
    answer = who(rules.schedules["primary"], rules.absences, at(2, 17, 20))
    assert answer.responders == ("ben",)
    assert answer.source is not None
    assert answer.source.reason == "override: concert"


def test_the_example_s_office_is_closed_on_a_holiday(rules):
    assert not rules.is_office_open(rules.hotlines["main"], at(10, 3, 10))
    assert rules.is_office_open(rules.hotlines["main"], at(10, 2, 10))


def test_the_example_s_weekend_has_two_in_the_backup(rules):
    assert len(who(rules.schedules["backup"], rules.absences, at(1, 10, 12)).responders) == 2


def test_the_example_survives_export(tmp_path):
    objects = load_files([EXAMPLE]).objects
    assert load_files([written(tmp_path, export_yaml(objects))]).objects == objects
