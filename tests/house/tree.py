"""The project's own files as the house tests see them: parsed modules, and every text that git has or would add."""

import ast
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Module:
    path: str  # below the checkout, with slashes
    text: str
    tree: ast.Module

    @property
    def is_migration(self) -> bool:
        return "/migrations/versions/" in self.path


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the product, emulators included."""
    found = []
    for path in sorted((ROOT / "oncallbot").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Module(path.relative_to(ROOT).as_posix(), text, ast.parse(text, path)))
    return tuple(found)


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """(path, text) of every text file that git tracks or would add."""
    listing = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    found = []
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            try:
                found.append((name, path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue
    return tuple(found)


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
