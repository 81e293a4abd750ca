"""The arrows of the architecture, and that their contracts bite."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.tree import ROOT

# One violation of each contract, as the file that commits it.
CRIMES = {
    "floors": ("oncallbot/storage/tables.py", "from oncallbot import settings"),
    "cycles": ("oncallbot/oncall/windows.py", "def f():\n    from oncallbot.oncall import rotation"),
    "emulators-alone": ("oncallbot/emulators/slack/page.py", "from oncallbot.errors import Broken"),
    "emulators-outside": ("oncallbot/cli/demo.py", "import oncallbot.emulators.slack.page"),
    "pure-clock": ("oncallbot/escalation/rules.py", "from oncallbot import clock"),
    "pure": ("oncallbot/oncall/people.py", "def f():\n    import logging"),
    "twilio": (
        "oncallbot/channels/voice.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import twilio.rest",
    ),
    "slack": ("oncallbot/intake/slack_channel.py", "from slack_bolt import App"),
    "one-decider": ("oncallbot/engine/alarms.py", "from oncallbot.escalation.decide.ring import decide"),
    "settings": ("oncallbot/web/pages.py", "from oncallbot.settings import Settings"),
}
LAWFUL = {
    "oncallbot/errors.py": "",
    "oncallbot/clock.py": "import time",
    "oncallbot/settings.py": "import pydantic_settings",
    "oncallbot/app.py": "from oncallbot.settings import Settings\nfrom oncallbot.web import pages",
    "oncallbot/oncall/rotation.py": "from oncallbot.oncall import windows",
    "oncallbot/telephony/client.py": "import twilio.rest",
    "oncallbot/chat/app.py": "import slack_bolt\nimport slack_sdk",
    "oncallbot/escalation/decide/ring.py": "from oncallbot.oncall import rotation",
    "oncallbot/escalation/dry_run.py": "from oncallbot.escalation import decide",
    "oncallbot/engine/handle.py": "from oncallbot.escalation.decide.ring import decide\nfrom oncallbot import clock",
}


def test_every_import_follows_the_architecture():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


def test_there_is_a_crime_for_every_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert [contract["id"] for contract in contracts] == list(CRIMES)


def test_contracts_allow_what_is_lawful(tmp_path):
    lay_out(tmp_path, LAWFUL)
    done = lint_imports(tmp_path)
    assert done.returncode == 0, done.stdout


def test_contracts_find_every_crime_even_in_a_function_or_for_types_only(tmp_path):
    lay_out(tmp_path, LAWFUL | dict(CRIMES.values()))
    report = lint_imports(tmp_path).stdout
    assert "0 kept" in report, report
    for path, _ in CRIMES.values():
        assert f".{Path(path).stem}" in report


def test_a_new_room_needs_a_floor(tmp_path):
    lay_out(tmp_path, LAWFUL | {"oncallbot/helpers.py": ""})
    assert "oncallbot.helpers" in lint_imports(tmp_path).stdout


def lay_out(root: Path, files: dict[str, str]) -> None:
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
        for package in path.relative_to(root).parents[:-1]:
            (root / package / "__init__.py").touch()


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    line = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(line, cwd=root, capture_output=True, text=True, check=False)
