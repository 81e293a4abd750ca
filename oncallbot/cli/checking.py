"""Are the schedule files valid? Every problem with its line and cure, without a database.

It must not import anything that opens one: it runs in an editor and in every pull request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from oncallbot.cli.output import FINE, NO, document, problem_json, say, warn
from oncallbot.errors import ConfigurationError
from oncallbot.schedule_files.load import Loaded, load_files

_PLURALS = {"policy": "policies", "office_hours": "office hours"}
_WITHOUT_NUMBER = ("limits",)


def check(paths: Sequence[Path], *, as_json: bool) -> int:
    """Says what the files hold, or what is wrong with them."""
    try:
        loaded = load_files(paths)
    except ConfigurationError as error:
        if as_json:
            problems = [problem_json(one) for one in error.problems]
            document({"valid": False, "files": [], "objects": {}, "problems": problems})
        warn(*error.problems)
        return NO
    counted = Counter(kind for kind, _ in loaded.objects)
    if as_json:
        files = [path.as_posix() for path in loaded.files]
        document({"valid": True, "files": files, "objects": dict(counted), "problems": []})
    else:
        say(f"{_listed_files(loaded)} valid: {_listed(counted)}.")
    return FINE


def print_schema() -> int:
    """The JSON Schema of a file, for editors."""
    from oncallbot.schedule_files.format import schema_text

    print(schema_text(), end="")
    return FINE


def _listed_files(loaded: Loaded) -> str:
    count = len(loaded.files)
    return f"{loaded.files[0].as_posix()} is" if count == 1 else f"{count} files are"


def _listed(counted: Counter[str]) -> str:
    said = [_said(kind, count) for kind, count in counted.items() if kind not in _WITHOUT_NUMBER]
    return ", ".join(said) or "nothing in it"


def _said(kind: str, count: int) -> str:
    word = kind.replace("_", " ") if count == 1 else _PLURALS.get(kind, f"{kind}s")
    return f"{count} {word}"
