"""How is what `doctor` has found told? A line for each check that is well, and every failure with its cure.

It must not decide what is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from oncallbot.cli.doctor.examination import examine
from oncallbot.cli.doctor.findings import Check, Finding
from oncallbot.cli.output import FINE, NO, document, say

_MARKS = {True: "fine", False: "FAILS", None: "not known"}
_MARK, _CHECK = 11, 21  # widths of the first columns
_MOST_NAMED = 6


def doctor(*, as_json: bool) -> int:
    """Exit 1 when anything fails; what could not be known is no failure."""
    findings = examine(os.environ)
    if as_json:
        document([_json(one) for one in findings])
    else:
        _say(findings)
    return NO if any(one.ok is False for one in findings) else FINE


def _json(one: Finding) -> dict[str, Any]:
    return {
        "check": one.check.value,
        "subject": one.subject,
        "ok": one.ok,
        "detail": one.detail,
        "cure": one.cure,
    }


def _say(findings: Sequence[Finding]) -> None:
    for check in dict.fromkeys(one.check for one in findings):
        of_check = [one for one in findings if one.check is check]
        well = [one for one in of_check if one.ok]
        if well:
            _line(True, check.value, _together(well))
        for one in of_check:
            if not one.ok:
                is_elsewhere = one.cure.removeprefix("see ") in set(Check)
                _line(one.ok, check.value, f"{one.subject}: {one.detail}{f'; {one.cure}' if is_elsewhere else ''}")
                if not is_elsewhere:
                    say(f"{'':{_MARK + _CHECK}}→ {one.cure}")
    failing, unknown = (sum(one.ok is ok for one in findings) for ok in (False, None))
    say("", _summary(len(findings), failing, unknown))


def _line(ok: bool | None, check: str, words: str) -> None:
    say(f"{_MARKS[ok]:{_MARK}}{check:{_CHECK}}{' '.join(words.split())}")


def _together(well: Sequence[Finding]) -> str:
    if len(well) == 1:
        return f"{well[0].subject}: {well[0].detail}"
    named = [one.subject for one in well[:_MOST_NAMED]]
    more = f" and {len(well) - _MOST_NAMED} more" if len(well) > _MOST_NAMED else ""
    return f"{', '.join(named)}{more}"


def _summary(all_: int, failing: int, unknown: int) -> str:
    doubt = f" {unknown} could not be known from here." if unknown else ""
    if not failing:
        return f"None of {all_} findings would stop a page tonight.{doubt}"
    return f"{failing} of {all_} findings would stop a page tonight: see the arrows.{doubt}"
