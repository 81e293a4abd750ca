"""What would the schedule files change, and: make it so.

It must not write rules itself (`engine.change` does), nor half of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oncallbot.app import Desk
from oncallbot.cli.desk import opened, who_types
from oncallbot.cli.output import FINE, NO, document, problem_json, refusals, say, warn
from oncallbot.engine.change import Changed, Edit, Refused, Stale, change
from oncallbot.errors import Problem
from oncallbot.schedule_files import Key, Origin, Plan, PlanKind, StoredObject, plan
from oncallbot.schedule_files.load import load_files
from oncallbot.storage import rule_objects

_TRIES = 3
_DONE = {
    PlanKind.ADD: "added",
    PlanKind.CHANGE: "changed",
    PlanKind.REMOVE: "removed",
    PlanKind.DRIFT: "discarded drift",
}


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an `apply`. `revision` is that of the rules now running."""

    outcome: str  # applied | nothing_to_do | drift | refused | stale
    plan: Plan
    revision: int
    problems: tuple[Problem, ...] = ()


def show_plan(paths: Sequence[Path], *, as_json: bool) -> int:
    """Says what `apply` would do. 0: nothing; 1: something."""
    with refusals(as_json=as_json):
        files = load_files(paths).objects
        with opened() as desk:
            found, _ = planned(desk, files)
    if as_json:
        outcome = "nothing_to_do" if found.is_empty else "would_change"
        document({"outcome": outcome, "problems": [], **found.as_json()})
    else:
        say(*found.lines())
        if found.has_drift:
            say("`apply` refuses drift: `export` writes it into the files, `apply --discard-drift` undoes it.")
    return FINE if found.is_empty else NO


def apply(paths: Sequence[Path], *, discards_drift: bool, as_json: bool) -> int:
    """Makes the running rules those of the files: all of it, or nothing with the reasons."""
    with refusals(as_json=as_json):
        files = load_files(paths).objects
        with opened() as desk:
            done = apply_files(desk, files, discards_drift=discards_drift)
    if as_json:
        problems = [problem_json(one) for one in done.problems]
        document({"outcome": done.outcome, "revision": done.revision, "problems": problems, **done.plan.as_json()})
    else:
        _tell(done)
    warn(*done.problems)
    return NO if done.problems else FINE


def apply_files(desk: Desk, files: Mapping[Key, str], *, discards_drift: bool) -> Applied:
    """Compare and write. What is edited meanwhile is compared again, never overwritten unseen."""
    for _ in range(_TRIES):
        found, revision = planned(desk, files)
        if found.has_drift and not discards_drift:
            return Applied("drift", found, revision, tuple(_drift_problems(found)))
        written = {key: files[key] for key in found.writes}
        edit = Edit(written, found.removes, from_files=True, adopt=found.adopted)
        match change(desk.door, edit, who_types(), revision):
            case Changed(now):
                return Applied("nothing_to_do" if found.is_empty else "applied", found, now)
            case Refused(problems):
                return Applied("refused", found, revision, problems)
            case Stale():
                continue
    stale = Problem("apply", "the rules keep changing while they are compared", "nothing was written: try again")
    return Applied("stale", found, revision, (stale,))


def planned(desk: Desk, files: Mapping[Key, str]) -> tuple[Plan, int]:
    """The plan, and the revision of the rules that it was made from."""
    with desk.database.read() as connection:
        # Revision first: what is committed between the two reads makes the plan stale, never wrong.
        revision = rule_objects.revision(connection)
        stored = (*rule_objects.load_all(connection), *rule_objects.load_removed(connection))
    running = {(one.kind, one.id): StoredObject(one.body or None, one.applied, Origin(one.origin)) for one in stored}
    return plan(running, files), revision


def _drift_problems(found: Plan) -> list[Problem]:
    cure = "`export` writes it into the files, --discard-drift undoes it"
    return [
        Problem(line, "edited since the files were last applied", cure)
        for entry in found.of(PlanKind.DRIFT)
        for line in entry.lines()
    ]


def _tell(done: Applied) -> None:
    match done.outcome:
        case "applied":
            say(
                *(
                    f"{_DONE[one.kind]} {line}"
                    for kind in PlanKind
                    for one in done.plan.of(kind)
                    for line in one.lines()
                )
            )
            say(f"Applied as revision {done.revision}.")
        case "nothing_to_do":
            say("Nothing to do: the files are what runs.")
        case _:
            say("Nothing was applied.")
