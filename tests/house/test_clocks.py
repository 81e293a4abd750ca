"""Only clock.py reads the clock; everything else is told what time it is."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import modules

# The emulators stand for other people's machines, which have clocks of their own.
HAVE_CLOCKS = ("oncallbot/clock.py", "oncallbot/emulators/")
READS = frozenset(
    {
        *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
        *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.clock_gettime"),
    }
)


def test_only_clock_reads_the_clock():
    readings = [
        f"{module.path}:{line} {name}"
        for module in modules()
        if not module.path.startswith(HAVE_CLOCKS)
        for line, name in clock_readings(module.tree)
    ]
    assert readings == []


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.time()",
        "from time import time; time()",
        "import datetime as d; d.datetime.now(d.UTC)",
        "from datetime import datetime as moment\ndef f(): return moment.utcnow()",
        "from datetime import date; default = date.today",
    ],
)
def test_a_reading_is_found_under_any_name(code):
    assert list(clock_readings(ast.parse(code)))


def clock_readings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, full name) of each mention of a function that reads the wall clock, called or handed on."""
    meanings = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            meanings.update({alias.asname: alias.name for alias in node.names if alias.asname})
        elif isinstance(node, ast.ImportFrom):
            meanings.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            first, dot, rest = ast.unparse(node).partition(".")
            name = meanings.get(first, first) + dot + rest
            if name in READS:
                yield node.lineno, name
