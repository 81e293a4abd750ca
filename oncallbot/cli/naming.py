"""Which hotline, customer or schedule does this name mean? An unknown one is answered with the nearest that exists.

It must not guess: only what is the only one may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from oncallbot.cli.output import misuse, no
from oncallbot.errors import Problem
from oncallbot.schedule_files.spelling import instead_of

Named = TypeVar("Named")
NOTHING_APPLIED = "write the schedule files and run `oncallbot apply`"
_REFERENCE = re.compile(r"(?:ah-?)?([0-9]+)", re.ASCII | re.IGNORECASE)
_LARGEST_NUMBER = 2**31


def named(what: str, name: str, known: Mapping[str, Named]) -> Named:
    """The one of that name; ends the command with exit 1 when there is none."""
    if name not in known:
        raise no(Problem(f"{what} {name}", f"there is no such {what}", instead_of(name, known, NOTHING_APPLIED)))
    return known[name]


def named_or_only(what: str, name: str | None, known: Mapping[str, Named]) -> Named:
    """The one of that name; the only one when none is named."""
    if name is not None:
        return named(what, name, known)
    if not known:
        raise no(Problem(what, f"no {what} is configured", NOTHING_APPLIED))
    if len(known) > 1:
        raise misuse(Problem(f"--{what}", f"there are several {what}s", f"write --{what} {' or '.join(sorted(known))}"))
    return next(iter(known.values()))


def issue_number(reference: str) -> int:
    """1042 for `AH-1042` and `1042`; -1, which no issue has, beyond what a database counts to."""
    found = _REFERENCE.fullmatch(reference.strip())
    if found is None:
        raise misuse(Problem(reference, "is not an issue's reference", "write it like AH-1042 or 1042"))
    number = int(found[1][:12])
    return number if number < _LARGEST_NUMBER else -1
