"""The documents are true: closed lists, links, paths, commands, variables and metrics are those of the code."""

import ast
import contextlib
import io
import re
import subprocess
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

import pytest

from oncallbot.cli.__main__ import run
from oncallbot.escalation.effects import Alarm, TimelineKind
from oncallbot.escalation.issue import AttemptStatus, DeadlineKind, Stage, Status
from oncallbot.settings import Settings
from oncallbot.storage.notification import Purpose
from tests.house.tree import ROOT, modules

DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
GROUPS = ("db", "slack", "twilio", "webhook")  # commands of two words
ELSEWHERE = {"ONCALLBOT_REQUIRE"}  # read by the tests, not by the product

CLOSED_LISTS = {
    "Issue statuses": Status,
    "Stages": Stage,
    "Deadline kinds": DeadlineKind,
    "Timeline kinds": TimelineKind,
    "Notification statuses": AttemptStatus,
    "Purposes of notifications": Purpose,
    "Alarms": Alarm,
}

CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\boncallbot((?: +[^\s`|;#()]+)*)")
OURS = re.compile(r"(?<![\w/.-])(?:oncallbot|tests|docs|schedules|\.ci)/[\w./-]*")
VARIABLE = re.compile(r"\b(?:(?:ONCALLBOT|SLACK|TWILIO)_[A-Z_]+|[A-Z]+_(?:URL|KEY))\b")
METRIC = re.compile(r"\boncallbot_[a-z_]+\b")


@pytest.mark.parametrize("heading", CLOSED_LISTS)
def test_the_glossary_explains_each_member_of_a_closed_list_once(heading):
    members: type[StrEnum] = CLOSED_LISTS[heading]
    words = explained(heading)
    assert sorted(set(words)) == sorted(words)
    assert {member.value for member in members} - set(words) == set()


def test_every_link_leads_to_a_file_and_a_heading():
    dead = []
    for document in DOCUMENTS:
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            if target.startswith(("https://", "http://")):
                continue
            name, _, anchor = target.partition("#")
            path = document if not name else (document.parent / name).resolve()
            if not path.exists() or (anchor and anchor not in anchors(path.read_text(encoding="utf-8"))):
                dead.append(f"{document.name}: {target}")
    assert dead == []


def test_every_path_in_the_documents_exists():
    named = {path for _, code in codes() for path in OURS.findall(code)}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_every_command_and_option_is_in_its_help():
    unknown = [f"{name}: oncallbot{words}" for name, words in commands() if not is_known(words.split())]
    assert unknown == []


def test_every_variable_exists_and_the_readme_explains_all():
    known = {str(field.alias) for field in Settings.model_fields.values()} | ELSEWHERE
    named = {variable for _, code in codes() for variable in VARIABLE.findall(code)}
    assert named - known == set()
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    assert known - ELSEWHERE - set(re.findall(r"`([A-Z_]+)`", table)) == set()


def test_every_metric_exists_and_is_explained():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    explained = {name.removesuffix("_total").removesuffix("_bucket") for name in METRIC.findall(text)}
    assert explained == metrics_made()


def test_every_decision_is_in_the_index():
    folder = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert {path.name for path in folder.glob("[0-9]*.md")} == listed


def test_every_room_of_the_product_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = {path.split("/")[1] for path in tracked() if re.fullmatch(r"oncallbot/\w+/__init__\.py", path)}
    assert sorted(room for room in rooms if f"`oncallbot/{room}/`" not in readme) == []


def test_a_word_that_is_not_there_is_found():
    assert not is_known(["sleep"])
    assert not is_known(["webhook", "paint", "NAME"])
    assert not is_known(["who", "--forever"])
    assert is_known(["webhook", "add", "monitoring", "--hotline", "main"])


def tracked() -> list[str]:
    """Paths that git has: a room that somebody is just building is not explained yet."""
    listing = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    return subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")


def explained(heading: str) -> list[str]:
    """The names in the first column of the table below that heading of the glossary."""
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    section = glossary.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def codes() -> Iterator[tuple[str, str]]:
    """(document, text) of everything that is set as code."""
    for document in DOCUMENTS:
        for code in CODE.findall(document.read_text(encoding="utf-8")):
            yield document.name, code.strip("`")


def commands() -> Iterator[tuple[str, str]]:
    """(document, words behind `oncallbot`) of every command line."""
    for name, code in codes():
        for words in COMMAND.findall(code):
            if words.strip():
                yield name, words


def is_known(words: list[str]) -> bool:
    length = 2 if words[0] in GROUPS else 1
    command = tuple(words[:length])
    offered = help_of(command[:-1])
    if not re.search(rf"^ +{re.escape(command[-1])} ", offered, re.MULTILINE):
        return False
    options = [word.partition("=")[0] for word in words[length:] if word.startswith("--")]
    return all(re.search(rf"{option}\b", help_of(command)) for option in options)


@cache
def help_of(command: tuple[str, ...]) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert run([*command, "--help"]) == 0
    return said.getvalue()


def metrics_made() -> set[str]:
    """Every name in the product's code that looks like a metric of ours and stands in a module that makes them."""
    makers = [module for module in modules() if "prometheus_client" in module.text]
    constants = [node for module in makers for node in ast.walk(module.tree) if isinstance(node, ast.Constant)]
    return {str(node.value) for node in constants if METRIC.fullmatch(str(node.value))}
