"""What a test needs from the machine and may not find: a browser, PostgreSQL, the shared data.

A lack is a skip in plain words, or a failure where ONCALLBOT_REQUIRE names it. Never a silent pass.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

KNOWN = frozenset({"browser", "postgresql", "shared-data"})
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def required() -> frozenset[str]:
    """The names in ONCALLBOT_REQUIRE; a misspelt one is an error, it would require nothing."""
    names = frozenset(filter(None, map(str.strip, os.environ.get("ONCALLBOT_REQUIRE", "").split(","))))
    if names - KNOWN:
        raise pytest.UsageError(
            f"ONCALLBOT_REQUIRE: unknown {', '.join(sorted(names - KNOWN))}; known are {', '.join(sorted(KNOWN))}"
        )
    return names


def lack(name: str, why: str) -> NoReturn:
    """Ends the test: skipped, or failed where ONCALLBOT_REQUIRE names it."""
    if name not in KNOWN:
        raise ValueError(name)
    if name in required():
        pytest.fail(f"{name} is required here (ONCALLBOT_REQUIRE) and missing: {why}", pytrace=False)
    pytest.skip(f"no {name}: {why}")


def find_browser() -> Path:
    """Path of a Chromium; ends the test where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        lack("browser", "none of " + ", ".join(BROWSERS) + " is on the PATH (Debian: apt-get install chromium)")
    return Path(found)


def find_shared_data() -> Path:
    """The project's shared data beside the checkout; ends the test where there is none."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        lack("shared-data", "there is no ../shared/data beside this checkout")
    return folder
