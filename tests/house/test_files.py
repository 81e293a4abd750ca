"""What no file of the project may say: where packages come from, where a machine keeps things, what nobody will do."""

import re

from tests.house.tree import lines_matching

# Written so that no pattern matches itself.
REGISTRIES = r"python[h]osted|p[y]pi[.]org|npm[j]s[.]|yarn[p]kg[.]com|deb[.]deb[i]an|index[-]url\s*=?\s*h[t]tp"
MACHINE_PATHS = r"(^|[^A-Za-z0-9_.])/(w[o]rk|f[a]rm|r[o]ot|h[o]me/[a-z]|Us[e]rs/[A-Za-z])(/|\b)"
UNFINISHED = r"\b(TO[D]O|FIX[M]E|X[X]X)\b(?!.*#\d)"


def test_no_file_names_a_package_registry():
    assert lines_matching(re.compile(REGISTRIES)) == []


def test_no_file_names_a_path_of_one_machine():
    assert lines_matching(re.compile(MACHINE_PATHS)) == []


def test_unfinished_work_names_its_issue():
    assert lines_matching(re.compile(UNFINISHED)) == []
