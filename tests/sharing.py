"""Which tests run in one pytest worker, and which first? Those that share a house, else those of one file.

It must not skip a test, nor say how many workers there are: `dev.py` does.
"""

from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[1]
JOURNEYS = "tests/journeys/"
KINDS = ("sqlite", "postgresql")


class SharingHouses(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Opening a house costs seconds: the journeys that share one go to one worker, whatever their file."""

    def _split_scope(self, nodeid: str) -> str:
        return household(nodeid)


def household(nodeid: str) -> str:
    """What this test shares with others: `sqlite` for the house on SQLite, else its file (and the file's house)."""
    path, _, rest = nodeid.partition("::")
    kind = rest.partition("[")[2].rstrip("]").partition("-")[0]
    if not path.startswith(JOURNEYS) or kind not in KINDS:
        return path
    return f"{path} {kind}" if has_its_own(path) else kind


@cache
def has_its_own(path: str) -> bool:
    """Does this file open a house of its own?"""
    return "\ndef house(" in (ROOT / path).read_text(encoding="utf-8")


def in_order(items: list[pytest.Item]) -> None:
    """Journeys first: a long one that begins last is waited for by everybody. All of a household together."""
    places: dict[str, tuple[bool, int]] = {}
    for place, item in enumerate(items):
        places.setdefault(household(item.nodeid), (not item.nodeid.startswith(JOURNEYS), place))
    items.sort(key=lambda item: places[household(item.nodeid)])
