"""What runs, as files: written into those that are there, so that only what differs changes; else as a new one.

It must not change what runs, nor leave files behind that say anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oncallbot.app import Desk
from oncallbot.cli.applying import planned
from oncallbot.cli.desk import opened
from oncallbot.cli.output import FINE, document, misuse, refusals, say, warn
from oncallbot.errors import ConfigurationError, Problem
from oncallbot.schedule_files import Key, Plan, PlanKind, in_reading_order
from oncallbot.schedule_files.export import SCHEMA_NAME, export_yaml
from oncallbot.schedule_files.format import schema_text
from oncallbot.schedule_files.load import files_in, load_files
from oncallbot.schedule_files.objects import IN_FILES, label
from oncallbot.schedule_files.overlaps import differing
from oncallbot.schedule_files.rewriting import rewritten
from oncallbot.schedule_files.writing import write_all
from oncallbot.storage import rule_objects

NEW_FILE = "schedules.yaml"
_STDOUT = Path("-")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the files, what became of which object, and whose text in a file had never been applied."""

    files: tuple[Path, ...]
    objects: Mapping[Key, str]
    overwritten: tuple[str, ...] = ()


def export(paths: Sequence[Path], *, to_stdout: bool, as_json: bool) -> int:
    """Writes what runs, to files or as one document to standard output."""
    if to_stdout or _STDOUT in paths:
        if as_json or any(path != _STDOUT for path in paths):
            raise misuse(Problem("export", "--stdout stands alone", "leave out PATHS and --json, or --stdout"))
        with opened() as desk:
            print(export_yaml(_running(desk)), end="")
        return FINE
    with refusals(as_json=as_json), opened() as desk:
        done = _export(desk, paths or (Path("schedules"),))
    if as_json:
        objects = [{"object": kind, "id": name, "did": did} for (kind, name), did in done.objects.items()]
        files = [path.as_posix() for path in done.files]
        outcome = "written" if files else "nothing_to_do"
        document({"outcome": outcome, "files": files, "objects": objects, "problems": []})
    else:
        say(*(f"{did} {label(key)}" for key, did in done.objects.items()))
        say(*(f"Wrote {path.as_posix()}." for path in done.files))
        say(*(() if done.files else ("Nothing to do: the files say what runs.",)))
    warn(*(f"{line}: the files said so and were never applied; look at what git shows" for line in done.overwritten))
    return FINE


def _export(desk: Desk, paths: Sequence[Path]) -> Exported:
    running = _running(desk)
    new = _new_file(paths)
    if new is not None:
        schema = new.with_name(SCHEMA_NAME)
        texts = {new: export_yaml(running)}
        if not schema.exists():
            texts[schema] = schema_text()
        write_all({}, texts)
        return Exported(tuple(texts), dict.fromkeys(sorted(running, key=in_reading_order), "added"))
    loaded = load_files(paths)
    before = {Path(source.place): source.text for source in loaded.sources}
    after = {Path(place): text for place, text in rewritten(loaded, running).items()}
    changed = {path: text for path, text in after.items() if text != before[path]}
    found, _ = planned(desk, loaded.objects)
    write_all(before, changed)
    return Exported(tuple(changed), _done(loaded.objects, running), _never_applied(found))


def _running(desk: Desk) -> dict[Key, str]:
    """What runs and can stand in a file. ConfigurationError if nothing does: files must not be emptied by mistake."""
    with desk.database.read() as connection:
        stored = rule_objects.load_all(connection)
    running = {(one.kind, one.id): one.body for one in stored if one.kind in IN_FILES}
    if not running:
        raise ConfigurationError((Problem("export", "nothing runs yet", "apply the schedule files first"),))
    return running


def _new_file(paths: Sequence[Path]) -> Path | None:
    """The file to make: where the one path that is named holds no schedule file yet."""
    path = paths[0]
    if len(paths) > 1 or path.is_file() or (path.is_dir() and files_in(path)):
        return None
    return path if path.suffix in (".yaml", ".yml") and not path.is_dir() else path / NEW_FILE


def _done(files: Mapping[Key, str], running: Mapping[Key, str]) -> dict[Key, str]:
    changed = sorted(differing(files, running), key=in_reading_order)
    return {key: "removed" if key not in running else "changed" if key in files else "added" for key in changed}


def _never_applied(found: Plan) -> tuple[str, ...]:
    kinds = (PlanKind.ADD, PlanKind.CHANGE, PlanKind.REMOVE)
    return tuple(f"{kind} {line}" for kind in kinds for entry in found.of(kind) for line in entry.lines())
