"""What runs is written into files that are there: what differs anew, and every other character stays."""

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncallbot.errors import ConfigurationError
from oncallbot.schedule_files import Origin, StoredObject, plan
from oncallbot.schedule_files.layout import entry_at, layout
from oncallbot.schedule_files.load import Loaded, load_files, read_back
from oncallbot.schedule_files.overlaps import differing
from oncallbot.schedule_files.parts import canonical_text
from oncallbot.schedule_files.rewriting import rewritten
from oncallbot.schedule_files.stretches import Stretches
from tests.schedule_files.chat import edited
from tests.schedule_files.written import SMALL, changed, written

EXAMPLE = (Path(__file__).parents[2] / "schedules" / "example.yaml").read_text(encoding="utf-8")
HEAD = """\
timezone: Europe/Berlin
responders:
  ana: {name: Ana}   # the first
  # Ben came in May.
  ben:
    name: Ben    # Okafor
    # no phone yet

  cem: {name: Cem}
"""


def after(folder, text, edit):
    """The file's new text when `edit` has changed the bodies that run."""
    loaded = load_files([written(folder, text)])
    bodies = {key: json.loads(one) for key, one in loaded.objects.items()}
    edit(bodies)
    running = {key: canonical_text(key[0], body) for key, body in bodies.items()}
    (new,) = rewritten(loaded, running).values()
    assert differing(read_back({"f": new}).objects, running) == set()
    return new


def field(kind, id_, /, **fields):
    return lambda bodies: bodies[kind, id_].update(fields)


def person(id_, /, **fields):
    return lambda bodies: bodies.update({("responder", id_): {"timezone": "Europe/Berlin", **fields}})


def gone(*key):
    return lambda bodies: bodies.pop(key)


def test_what_runs_as_the_file_says_keeps_every_character(tmp_path):
    text = HEAD.rstrip("\n").replace("{name: Cem}", "&c {  name:  'Cem', }\n  cem2: *c\ntiers:\n  x:  # y")
    assert after(tmp_path, text, lambda _: None) == text


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (field("responder", "ben", name="Benjamin"), "name: Ben    #", "name: Benjamin #"),
        (field("responder", "ana", name="A, B"), "{name: Ana}   #", "{name: 'A, B'} #"),
        (field("responder", "cem", phone="+493023125003"), "{name: Cem}", "{name: Cem, phone: +493023125003}"),
        (field("responder", "ben", manager=True), "# Okafor\n", "# Okafor\n    manager: true\n"),
        (gone("responder", "cem"), "\n  cem: {name: Cem}\n", ""),
        (gone("responder", "ana"), "  ana: {name: Ana}   # the first\n", ""),
        (person("eve", name="Eve"), "cem: {name: Cem}\n", "cem: {name: Cem}\n  eve:\n    name: Eve\n"),
    ],
)
def test_only_what_differs_is_written_anew(tmp_path, edit, old, new):
    assert after(tmp_path, HEAD, edit) == changed(old, new, HEAD)


def test_what_is_gone_takes_its_own_comments_along(tmp_path):
    assert after(tmp_path, HEAD, gone("responder", "ben")) == (
        "timezone: Europe/Berlin\nresponders:\n  ana: {name: Ana}   # the first\n\n  cem: {name: Cem}\n"
    )


def test_a_section_that_is_missing_comes_at_the_end(tmp_path):
    def goes_on_holiday(bodies):
        bodies["absence", "ana 2026-08-01"] = {"responder": "ana", "from": "2026-08-01", "to": "2026-08-15"}

    section = "\nabsences:\n  - responder: ana\n    from: 2026-08-01\n    to: 2026-08-15\n"
    assert after(tmp_path, HEAD, goes_on_holiday) == HEAD + section


def test_the_last_of_a_list_leaves_an_empty_one_that_can_be_filled_again(tmp_path):
    empty = after(tmp_path, SMALL, gone("absence", "ana 2026-08-01"))
    assert "absences: []\n" in empty
    key = ("absence", "ana 2026-08-01")
    filled = after(tmp_path, empty, lambda bodies: bodies.update({key: dict(responder="ana", **DAYS)}))
    assert "absences:\n  - responder: ana\n" in filled


DAYS = {"from": "2026-08-01", "to": "2026-08-15"}


def test_times_keep_their_spelling_where_they_have_not_changed(tmp_path):
    text = changed("from: 2026-08-01, to: 2026-08-15", "from: 2026-08-01 00:00, to: 2026-08-16 00:00")
    new = after(tmp_path, text, field("absence", "ana 2026-08-01", to="2026-08-20"))
    assert "{responder: ana, from: 2026-08-01 00:00, to: 2026-08-20}" in new


def test_a_layer_is_followed_by_its_name_and_keeps_its_comments(tmp_path):
    text = changed("        every: 1 week\n", "        every: 1 week   # since May\n")

    def adds_a_layer(bodies):
        (weekly,) = bodies["schedule", "primary"]["layers"]
        nights = {**weekly, "name": "nights", "participants": ["cem"]}
        weekly["participants"].append("cem")
        bodies["schedule", "primary"]["layers"] = [nights, weekly]

    new = after(tmp_path, text, adds_a_layer)
    assert new.index("- name: nights") < new.index("- name: weekly\n        every: 1 week   # since May")
    assert "participants: [ana, ben, cem]" in new


def test_a_default_is_said_when_it_would_become_another(tmp_path):
    text = changed("    office_hours: berlin\n", "")
    hours = {"timezone": "Asia/Tokyo", "open": {"mon": ["09:00-12:00"]}}
    new = after(tmp_path, text, lambda bodies: bodies.update({("office_hours", "tokyo"): hours}))
    assert new.count("    office_hours: berlin\n") == 1


def test_a_customer_without_a_time_zone_says_so_beneath_the_file_s(tmp_path):
    new = after(tmp_path, SMALL, lambda bodies: bodies["customer", "acme"].pop("timezone"))
    assert "{name: Acme GmbH, timezone: null, tier: gold," in new


SHARED = "timezone: UTC\nresponders:\n  ana: &one\n    name: Ana\n  ben: *one\n"


def test_what_shared_an_anchor_is_written_out_when_it_differs(tmp_path):
    new = after(tmp_path, SHARED, field("responder", "ana", name="Zoe"))
    assert new == SHARED.replace("name: Ana", "name: Zoe").replace("*one", "{name: Ana, timezone: UTC}")


def test_an_anchor_that_others_need_is_not_removed(tmp_path):
    with pytest.raises(ConfigurationError, match="export would break this file: not YAML: found undefined alias"):
        after(tmp_path, SHARED, gone("responder", "ana"))


def test_objects_go_to_the_file_where_their_kind_lives(tmp_path):
    people, rest = SMALL.split("absences:")
    files = [written(tmp_path, people, "people.yaml"), written(tmp_path, "absences:" + rest, "rest.yaml")]
    loaded = load_files(files)
    eve = canonical_text("responder", {"name": "Eve", "timezone": "Europe/Berlin"})
    texts = rewritten(loaded, {**loaded.objects, ("responder", "eve"): eve})
    assert texts[files[0].as_posix()] == people + "  eve:\n    name: Eve\n"
    assert texts[files[1].as_posix()] == "absences:" + rest


def test_an_override_stays_above_what_it_covers_when_the_one_beneath_is_gone(tmp_path):
    mine = "      - {responder: cem, from: 2026-02-03 18:00, to: 2026-02-04 09:00, instead_of: ana}\n"
    text = changed(mine, mine + "      - {responder: ben, from: 2026-02-03 19:00, to: 2026-02-03 20:00}  # on top\n")
    beneath = gone("override", "primary cem 2026-02-03 18:00 instead of ana")
    assert after(tmp_path, text, beneath) == text.replace(mine, "")


@pytest.mark.parametrize("text", ["{}", "# nothing yet\n", "responders: {}\n", "responders:   # all of us\n"])
def test_an_almost_empty_file_is_filled(tmp_path, text):
    new = after(tmp_path, text, person("ana", name="Ana"))
    assert all(comment in new for comment in re.findall("#.*", text))


def commented(text, chance):
    """The text with marks, as comments above and behind its lines, and with blank lines."""
    lines, marks = [], 0
    for line in text.splitlines():
        if line.strip() and "#" not in line:
            blanks = line[: len(line) - len(line.lstrip())]
            above, behind = chance.random() < 0.4, chance.random() < 0.4
            lines += [""] * (chance.random() < 0.2) + [f"{blanks}# m{marks}e"] * above
            lines.append(line + f"   # m{marks + 1}e" * behind)
            marks += 2
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def marks_of(loaded: Loaded, keys):
    """The marks within the lines of these objects."""
    found: set[str] = set()
    for source in loaded.sources:
        root = layout(source.text)
        for location in (loaded.places[key].location for key in keys if key in loaded.places):
            around = entry_at(root, location[:-1])
            node = around.value if around else root
            assert node is not None
            assert node.is_block
            number = next(n for n, one in enumerate(node.entries) if (one.key or n) == location[-1])
            found.update(re.findall(r"# m\d+e", source.text[slice(*Stretches(source.text).of(node, number))]))
    return found


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([SMALL, EXAMPLE]), st.integers(0, 4))
def test_whatever_chat_does_the_files_say_it_and_keep_the_comments_of_the_rest(tmp_path_factory, chance, base, edits):
    loaded = load_files([written(tmp_path_factory.getbasetemp(), commented(dedent(base), chance))])
    running = dict(loaded.objects)
    for _ in range(edits):
        running = edited(running, chance)
    (text,) = rewritten(loaded, running).values()
    files = read_back({"f": text}).objects
    stored = {key: StoredObject(one, loaded.objects.get(key), Origin.FILES) for key, one in running.items()}
    assert plan(stored, files).is_empty
    before = loaded.sources[0].text
    untouched = set(re.findall(r"# m\d+e", before)) - marks_of(loaded, differing(loaded.objects, running))
    assert untouched <= set(re.findall(r"# m\d+e", text))
