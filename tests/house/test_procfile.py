"""Such a host installs requirements.txt and nothing else: there is no `oncallbot` command on it, only our files."""

import shlex

from oncallbot.cli.__main__ import run
from tests.house.tree import ROOT

LINES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())


def test_the_procfile_migrates_before_it_starts_any_number_of_both_processes():
    assert list(LINES) == ["release", "web", "worker"]


def test_every_line_of_the_procfile_runs_from_the_checkout_alone():
    for line in LINES.values():
        python, dash_m, module, *words = shlex.split(line)
        assert (python, dash_m, module) == ("python", "-m", "oncallbot.cli")
        assert run([*words, "--help"]) == 0
