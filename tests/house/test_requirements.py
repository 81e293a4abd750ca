"""What the product imports, a user's installation has."""

import ast
import re
import sys
from importlib.metadata import packages_distributions

from tests.house.tree import ROOT, modules


def test_every_import_of_the_product_is_pinned_for_users():
    providers = packages_distributions()
    missing = {
        f"{module.path}: {name}"
        for module in modules()
        for name in imported_packages(module.tree)
        if name not in sys.stdlib_module_names | {"oncallbot"}
        and not pinned("requirements.txt").intersection(map(spelling, providers.get(name, ())))
    }
    assert missing == set()


def test_tests_run_with_the_releases_that_users_get():
    assert pinned("requirements.txt", with_release=True) <= pinned("requirements-dev.txt", with_release=True)


def imported_packages(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def pinned(lock: str, *, with_release: bool = False) -> set[str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[\S*\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return {f"{spelling(name)}=={release}" if with_release else spelling(name) for name, release in found}


def spelling(name: str) -> str:
    """A distribution's name as the packaging standard compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
