"""Editors accept what the loader accepts, and refuse keys that nobody knows."""

import copy
import re
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from oncallbot.schedule_files.export import HEADER, SCHEMA_NAME, export_yaml
from oncallbot.schedule_files.format import FilePart, json_schema, schema_text
from oncallbot.schedule_files.load import load_files
from oncallbot.schedule_files.source import read_text
from tests.schedule_files.written import SMALL, changed

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "schedules" / "example.yaml"
FULL = Path(__file__).with_name("full.yaml")
ROSTER = ROOT / "oncallbot" / "cli" / "demo_roster.yaml"
NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")


def text_of(path):
    return re.sub(r"\$\w+", "4s", path.read_text(encoding="utf-8"))  # what `demo` fills in are lengths of time


TEXTS = {"small": SMALL, "example": text_of(EXAMPLE), "full": text_of(FULL), "roster": text_of(ROSTER)}


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft202012Validator(json_schema())


def as_editors_see(value):
    """Editors take plain digits for a number (`01`, `+493023125001`), where our loader takes all for text."""
    match value:
        case dict():
            return {key: as_editors_see(one) for key, one in value.items()}
        case list():
            return [as_editors_see(one) for one in value]
        case str() if NUMBER.fullmatch(value):
            return float(value)
        case _:
            return value


def ways(value, way=()):
    """The way to each part of a file's values."""
    if way:
        yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield from ways(one, (*way, step))


def at(values, way):
    for step in way:
        values = values[step]
    return values


def written_otherwise(values):
    """The values with one part written in another way, again and again; most of them make no sense."""
    for way in list(ways(values)):
        around, old = at(values, way[:-1]), at(values, way)
        others: list[object] = [None, True, "TRUE", {}, [], "01", "jörg", [old]]
        if isinstance(old, str):
            others += [old.upper(), old.title(), f"  {old} ", old.replace("-", " – ")]
        for other in others:
            around[way[-1]] = other
            yield values  # changed in place: a copy of all takes longer than reading it
        around[way[-1]] = old


def is_accepted(values):
    try:
        FilePart.model_validate(values)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("text", ["responders:\n", "limits: {calls_per_hour: '7'}", *TEXTS.values()])
def test_what_people_write_is_accepted_as_text_and_as_editors_see_it(validator, text):
    values = read_text("f", text).values
    assert [error.message for error in validator.iter_errors(values)] == []
    assert [error.message for error in validator.iter_errors(as_editors_see(values))] == []


@pytest.mark.parametrize("name", ["small", "full"])
def test_whatever_the_loader_accepts_the_schema_accepts(validator, name):
    values = read_text("f", TEXTS[name]).values
    tried = written_otherwise(values)
    refused = [copy.deepcopy(one) for one in tried if is_accepted(one) and not validator.is_valid(one)]
    assert refused == []


def test_what_export_writes_is_accepted_by_editors(validator):
    objects = load_files([EXAMPLE]).objects
    assert validator.is_valid(as_editors_see(read_text("f", export_yaml(objects)).values))


@pytest.mark.parametrize("name", TEXTS)
def test_a_misspelt_key_is_refused_wherever_it_stands(validator, name):
    values = read_text("f", TEXTS[name]).values
    for way in ways(values):
        is_a_name = (len(way) == 2 and way[0] != "limits") or way[-2:-1] in (("open",), ("opened",), ("policies",))
        if isinstance(way[-1], str) and not is_a_name:
            new = copy.deepcopy(values)
            around = at(new, way[:-1])
            around[f"{way[-1]}x"] = around.pop(way[-1])
            assert not validator.is_valid(new), way


@pytest.mark.parametrize(
    ("old", "new"),
    [("1 week", "weekly"), ("timeout: 5m", "timeout: 5 minutes"), ("by: sms", "by: telex"), ("[ana, ben]", "ana")],
)
def test_what_the_loader_refuses_is_refused_where_a_pattern_can_say_it(validator, old, new):
    assert not validator.is_valid(read_text("f", changed(old, new)).values)


def test_the_schema_is_a_schema_itself():
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_every_key_is_in_the_full_file():
    assert set(load_files([FULL]).objects) >= {("limits", "limits"), ("hotline", "main"), ("tier", "standard")}


def test_the_example_names_the_schema_of_this_release_beside_it():
    assert EXAMPLE.read_text(encoding="utf-8").startswith(HEADER)
    assert (EXAMPLE.parent / SCHEMA_NAME).read_text(encoding="utf-8") == schema_text(), (
        "run: oncallbot check --schema > schedules/schema.json"
    )
