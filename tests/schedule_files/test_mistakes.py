"""Every mistake in a file is named with file and line, what is wrong and what to write instead."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncallbot.errors import ConfigurationError, Problem
from oncallbot.schedule_files.load import load_files
from tests.schedule_files.written import SMALL, changed, line_of, written


class Mistake(NamedTuple):
    """`old` is replaced by `new`; the problem stands in the last line with `at` and says `wrong` and `cure`."""

    rule: str
    old: str
    new: str
    at: str
    wrong: str
    cure: str


ANA_PHONE = "+49 30 23125 001"
MISTAKES = [
    Mistake("unknown section", "responders:", "responder:", "responder:", "unknown key 'responder'", "responders?"),
    Mistake("unknown key", "name: Ben", "nam: Ben", "nam: Ben", "unknown key 'nam'", "did you mean name?"),
    Mistake("missing key", "name: Ben Okafor, ", "", "ben:", "responders.ben.name: is missing", "write name: "),
    Mistake("unknown key, no near one", "manager: true", "zzz: 1", "zzz", "unknown key 'zzz'", "write one of email"),
    Mistake("unknown key in a layer", "every: 1", "evry: 1", "evry", "unknown key 'evry'", "did you mean every?"),
    Mistake("duplicate key", "  ben:", "  ana: {name: A}\n  ben:", "ana: {name: A}", "line 3", "keep one"),
    Mistake("reserved name", "  cem:", "  nobody: {name: N}\n  cem:", "nobody:", "reserved name", "choose another"),
    Mistake("reserved name", "  default:\n", "  forever:\n", "forever:\n"[:-1], "reserved name", "choose another"),
    Mistake("reserved tier", "  gold: {", "  default: {", "default: {promise", "reserved name for a tier", "standard"),
    Mistake("name with blanks", "  cem:", "  cem aydin:", "cem aydin:", "is not a name", "without blanks"),
    Mistake("no country code", ANA_PHONE, "030 23125 001", "  ana:", "no country code", "start with +"),
    Mistake("00 for +", ANA_PHONE, "0049 30 23125 001", "  ana:", "no country code", "+49 30 23125 001"),
    Mistake("(0)", ANA_PHONE, "+49 (0)30 23125 001", "  ana:", "contains (0)", "leave out"),
    Mistake("extension", ANA_PHONE, "+49 30 23125 x1", "  ana:", "something else", "no extension"),
    Mistake("short number", ANA_PHONE, "+1 555 0100", "  ana:", "wrong length", "check its digits"),
    Mistake("no such country code", ANA_PHONE, "+999 30 23125 001", "  ana:", "is not a phone number", "country code"),
    Mistake("phone of two", ANA_PHONE, "+49 30 23125 002", "  ben:", "belongs to responder ana", "give it to one"),
    Mistake("customer's is ours", "23125 100", "23125 999", "numbers:", "belongs to customer acme", "give it to one"),
    Mistake("phone twice", "[+49 30 23125 100]", "[+493023125100, +49 30 23125 100]", "acme:", "twice", "keep one"),
    Mistake("circle", "23125 888", "23125 999", "office_target", "run in a circle", "another number"),
    Mistake("slack handle", "U0ANA00001", "'@ana'", "  ana:", "not a Slack user id", "member ID"),
    Mistake("slack channel", "C0HELP0001", "'Help me'", "slack_channels: ['", "not a Slack channel", "C0HELP0001"),
    Mistake("e-mail domain", "acme.example", "acme", "acme:", "not an e-mail domain", "acme.example"),
    Mistake("time zone", "Europe/Madrid", "Europe/Madird", "  ana:", "not a time zone", "Europe/Madrid?"),
    Mistake("city as zone", "Europe/Madrid", "Madrid", "  ana:", "not a time zone", "Europe/Madrid?"),
    Mistake("default zone", "Europe/Berlin", "Europe/Berln", "timezone: Europe/Berln", "time zone", "Europe/Berlin?"),
    Mistake("contact method", "by: sms", "by: smss", "  cem:", "'smss' is not known", "did you mean sms?"),
    Mistake("no rules", "[{after: 0s, by: sms}]", "[]", "  cem:", "notify: is empty", "at least one"),
    Mistake("length", "timeout: 5m", "timeout: 5", "timeout", "not a length of time", "5m"),
    Mistake("length in words", "timeout: 5m", "timeout: 5 minutes", "timeout", "not a length", "1h30m"),
    Mistake("units mixed up", "timeout: 5m", "timeout: 5m1h", "timeout", "mixes up its units", "in this order"),
    Mistake("no time at all", "timeout: 5m", "timeout: 0s", "timeout", "leaves no time", "more than zero"),
    Mistake("shift length", "1 week", "weekly", "every", "not a shift length", "1 week"),
    Mistake("shift unit", "1 week", "1 wek", "every", "'wek' in '1 wek' is not a unit", "did you mean weeks?"),
    Mistake("no shift", "1 week", "0 weeks", "every", "not possible", "1 or more"),
    Mistake("handoff", "2026-01-05 09:00", "09:00", "first_handoff", "is not a time", "2026-02-03 18:00"),
    Mistake("German date", "2026-01-05 09:00", "05.01.2026", "first_handoff", "is not a time", "2026-02-03"),
    Mistake("handoff offset", "01-05 09:00", "01-05 09:00+01:00", "first_handoff", "offset", "clock on the wall"),
    Mistake("no such day", "2026-12-24", "2026-02-30", "closed", "there is no day", "correct the month"),
    Mistake("24:00", "2026-02-03 18:00", "2026-02-03 24:00", "responder: cem", "is not a time", "00:00 of the next"),
    Mistake("no such time", "02-03 18:00", "02-03 18:75", "responder: cem", "there is no time", "minutes from 00"),
    Mistake("backwards", "to: 2026-02-04", "to: 2026-02-01", "responder: cem", "no time at all", "later than `from`"),
    Mistake("absence backwards", "to: 2026-08-15", "to: 2026-07-15", "responder: ana", "no time at all", "later"),
    Mistake(
        "stand-in for oneself", "responder: cem", "responder: ana", "responder: ana, from: 2026-02", "for ana", "two"
    ),
    Mistake("participant", "[ana, ben]", "[anna, ben]", "[anna", "no responder 'anna'", "did you mean ana?"),
    Mistake("empty turn", "[ana, ben]", "[ana, []]", "participants", "an empty list is no turn", "write nobody"),
    Mistake("nobody in a group", "[ana, ben]", "[[ana, nobody]]", "participants", "nobody stands in a group", "own"),
    Mistake("no participants", "[ana, ben]", "[]", "participants", "participants: is empty", "at least one"),
    Mistake("participants as text", "[ana, ben]", "ana, ben", "participants", "is not a list", "[one, two]"),
    Mistake("window day", "windows: {outside: berlin}", "windows: [mo-fri]", "windows", "is not a day", "mon tue"),
    Mistake("window time", "windows: {outside: berlin}", "windows: [mon 9-18]", "windows", "is not a time", "HH:MM"),
    Mistake("office", "windows: {outside: berlin}", "windows: {outside: berln}", "windows", "hours 'berln'", "berlin?"),
    Mistake("window key", "windows: {outside: berlin}", "windows: {outsid: berlin}", "windows", "'outsid'", "outside"),
    Mistake(
        "weekday twice", "open: {mon-fri:", "open: {fri: 09:00-12:00, mon-fri:", "open: {", "fri is named twice", "once"
    ),
    Mistake(
        "day with times", "{mon-fri: 09:00-18:00}", "{mon 09:00: x}", "open: {", "are not days", "before the colon"
    ),
    Mistake("open without end", "09:00-18:00", "09:00", "open: {", "has no end", "HH:MM-HH:MM"),
    Mistake("country", "country: DE", "country: DD", "holidays", "no holidays are known", "D"),
    Mistake("subdivision", "subdivision: BE", "subdivision: XX", "holidays", "no subdivision 'XX'", "BE"),
    Mistake("level without targets", "[{schedule: primary}]", "[]", "page: [", "page: is empty", "at least one"),
    Mistake(
        "two targets",
        "{schedule: primary}",
        "{schedule: primary, next: primary}",
        "page: [",
        "schedule and next",
        "one",
    ),
    Mistake("no target", "{schedule: primary}", "{schedule: }", "page: [", "a target names nothing", "one of"),
    Mistake("group in a group", "[ana, ben]", "[[[ana]]]", "participants", "within a group", "one list of names"),
    Mistake("odd key", "calls_per_hour: 100", "'[key]': 1", "limits", "unknown key '[key]'", "calls_per_hour"),
    Mistake("target", "schedule: primary", "schedule: primry", "page: [", "no schedule 'primry'", "primary?"),
    Mistake(
        "kind of target", "schedule: primary", "schedule: ana", "page: [", "no schedule 'ana'", "ana is a responder"
    ),
    Mistake("loops", "loops: forever", "loops: always", "loops", "not a whole number", "write digits"),
    Mistake("no loops", "loops: forever", "loops: 0", "loops", "not a whole number of 1", "write digits"),
    Mistake("page or hold", "after_hours: page", "after_hours: pag", "standard:", "'pag' is not known", "page?"),
    Mistake("true or false", "live_connect: true", "live_connect: yes", "gold:", "neither true nor false", "true or"),
    Mistake("tier of a customer", "tier: gold", "tier: golden", "acme:", "no tier 'golden'", "did you mean gold?"),
    Mistake(
        "default tier", "default_tier: standard", "default_tier: std", "default_tier", "no tier 'std'", "under tiers"
    ),
    Mistake("policy", "{default: default}", "{default: urgent}", "policies: {", "no policy 'urgent'", "policies"),
    Mistake("no default policy", "{default: default}", "{gold: default}", "policies: {", "have no default", "default:"),
    Mistake("policy of no tier", "{default: default}", "{default: default, silver: default}", "silver", "'silver'", ""),
    Mistake("manager", "managers: [dora]", "managers: [dorah]", "managers", "no responder 'dorah'", "dora?"),
    Mistake("triage", "triage: unknown", "triage: unknwon", "triage", "'unknwon' is not known", "unknown?"),
    Mistake("language", "language: de", "language: German!", "acme:", "is not a language", "en or de"),
    Mistake("limit", "calls_per_hour: 100", "calls_per_hour: many", "limits", "not a whole number", "digits"),
    Mistake("mapping for text", "name: Acme GmbH", "name: {a: b}", "acme:", "a mapping stands", "single value"),
    Mistake("true for text", "name: Acme GmbH", "name: true", "acme:", "true is not text", "in quotes"),
    Mistake("nothing for text", "name: Acme GmbH", "name: null", "acme:", "there is no value", "write one"),
    Mistake(
        "list for a section", "limits: {calls_per_hour: 100}", "limits: []", "limits", "not a mapping", "key: value"
    ),
    Mistake("tag", "loops: forever", "loops: !x forever", "loops", "the tag !x means nothing", "leave it out"),
    Mistake("colon in text", "name: Example Support", "name: Example: Support", "name: Example:", "not YAML", "quotes"),
    Mistake("tab", "    loops:", "\tloops:", "loops", "not YAML", ""),
    Mistake("open bracket", "managers: [dora]", "managers: [dora", "triage", "not YAML", "brackets"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{one.rule}: {one.new.strip()}" for one in MISTAKES])
def test_a_mistake_is_named_with_line_and_cure(tmp_path, mistake):
    text = changed(mistake.old, mistake.new)
    path = written(tmp_path, text)
    problems = problems_of(path)
    place = f"{path.as_posix()}:{line_of(mistake.at, text)}"
    found = [one for one in problems if one.place == place and mistake.wrong in one.wrong and mistake.cure in one.cure]
    assert found, [str(one) for one in problems]


def test_the_small_file_is_valid(tmp_path):
    assert load_files([written(tmp_path, SMALL)]).objects


def test_all_mistakes_are_reported_together_in_order_of_lines(tmp_path):
    text = changed("by: sms", "by: fax", changed("1 week", "1 wek", changed("DE,", "XX,", SMALL)))
    lines = [int(one.place.rpartition(":")[2]) for one in problems_of(written(tmp_path, text))]
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_a_broken_object_does_not_make_its_name_unknown(tmp_path):
    problems = problems_of(written(tmp_path, changed("name: Ben Okafor, ", "")))
    assert [one.wrong for one in problems] == ["responders.ben.name: is missing"]


def test_a_name_in_two_files_is_refused(tmp_path):
    first = written(tmp_path, SMALL, "a.yaml")
    second = written(tmp_path, "responders:\n  ana: {name: Ana, timezone: UTC}\n", "b.yaml")
    (problem,) = problems_of(tmp_path)
    assert problem.place == f"{second.as_posix()}:2"
    assert problem.wrong == f"responder ana is already defined in {first.as_posix()}:3"


ALIKE = [
    ("responders:", "  Ana: {name: Ana Lund}", "responder Ana", "responder ana"),
    ("office_hours:", "  Berlin: {open: {}}", "office hours Berlin", "office hours berlin"),
    ("schedules:", "  Primary: {layers: []}", "schedule Primary", "schedule primary"),
    ("customers:", "  ACME: {name: Other GmbH}", "customer ACME", "customer acme"),
]


@pytest.mark.parametrize(("section", "twin", "second", "first"), ALIKE)
def test_names_that_commands_take_for_each_other_are_refused(tmp_path, section, twin, second, first):
    (tmp_path / "a.yaml").write_text(SMALL)
    other = written(tmp_path, f"timezone: UTC\n{section}\n{twin}\n", "b.yaml")
    (problem,) = problems_of(tmp_path)
    assert problem.place == f"{other.as_posix()}:3"
    assert problem.wrong.startswith(f"{second} and {first} (in {tmp_path.as_posix()}/a.yaml:")
    assert problem.cure == "give one of them another name: commands in Slack do not tell small letters from capitals"


def test_layers_that_commands_take_for_each_other_are_refused(tmp_path):
    second = """\
      - {name: Weekly, every: 1 day, first_handoff: 2026-01-05, participants: [ana]}
    overrides:"""
    text = changed("    overrides:", second)
    (problem,) = problems_of(written(tmp_path, text))
    assert problem.place.endswith(f":{line_of('name: Weekly', text)}")
    assert problem.wrong.startswith("layer Weekly of schedule primary and layer weekly of schedule primary")


def test_names_that_no_command_says_may_differ_in_capitals_only(tmp_path):
    twin = "policies:\n  Default: {levels: [{page: [{responder: ana}], timeout: 5m}], loops: 1}\n"
    assert ("policy", "Default") in load_files([written(tmp_path, changed("policies:\n", twin))]).objects


def test_an_empty_folder_is_refused(tmp_path):
    (problem,) = problems_of(tmp_path)
    assert "no *.yaml" in problem.wrong


def test_a_missing_file_is_refused(tmp_path):
    (problem,) = problems_of(tmp_path / "nowhere.yaml")
    assert "No such file" in problem.wrong


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    (tmp_path / "latin.yaml").write_bytes("responders: {j: {name: J\u00fcrgen}}".encode("latin-1"))
    (problem,) = problems_of(tmp_path)
    assert problem.cure == "save it as UTF-8"


def test_an_object_without_a_time_zone_is_refused(tmp_path):
    problems = problems_of(written(tmp_path, changed("timezone: Europe/Berlin\n", "")))
    assert {one.wrong for one in problems} == {
        f"{name}: has no time zone"
        for name in ("responder ben", "responder cem", "responder dora", "office hours berlin", "schedule primary")
    }
    assert "timezone: Europe/Berlin at the top" in problems[0].cure


def test_one_of_several_tiers_has_to_be_chosen(tmp_path):
    text = changed("    default_tier: standard\n", "", SMALL.replace("  standard:", "  silver:"))
    (problem,) = problems_of(written(tmp_path, text))
    assert problem.wrong == "hotline main: default_tier is missing"
    assert problem.cure == "write default_tier: gold or silver"


def test_an_alias_that_contains_itself_is_refused(tmp_path):
    problems = problems_of(written(tmp_path, "absences: &all [*all, *all]\n"))
    assert "contains itself" in problems[0].wrong


def test_a_policy_that_reaches_no_person_is_refused(tmp_path):
    text = changed(
        "    last_resort: [{responder: dora}]\n", "", changed("{schedule: primary}", "{channel: C0HELP0001}")
    )
    (problem,) = problems_of(written(tmp_path, text))
    assert "pages only channels" in problem.wrong


PIECES = ["null", "true", "[]", "{}", "[null]", "[{}]", "{a: b}", "nobody", "0", "9" * 30, "9999-12-31", "0001-01-01"]


@given(st.integers(0, 10_000), st.sampled_from([*PIECES, "'", ":", ",", "*x", "&x", "!!int 3", "|", "\0", "\u2028"]))
def test_whatever_stands_in_a_file_is_understood_or_refused_with_its_line(place, piece):
    """Any word of the small file replaced by something that may surprise."""
    words = list(re.finditer(r"[\w+@.-]+", SMALL))
    word = words[place % len(words)]
    text = SMALL[: word.start()] + piece + SMALL[word.end() :]
    with TemporaryDirectory() as folder:
        path = written(Path(folder), text)
        problems: tuple[Problem, ...] = ()
        try:
            load_files([path])
        except ConfigurationError as error:
            problems = error.problems
    assert all(re.search(r":[0-9]+$", one.place) and one.cure for one in problems), problems


def problems_of(path):
    with pytest.raises(ConfigurationError) as raised:
        load_files([path])
    return raised.value.problems
