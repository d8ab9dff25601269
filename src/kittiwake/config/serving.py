"""Serving Kittiwake on one machine: PostgreSQL, the web and the worker, kept alive together."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kittiwake.config.database import Cluster, die_with_parent
from kittiwake.config.environment import Environment
from kittiwake.config.installing import environment_for, say
from kittiwake.config.standing import ground

READY_WITHIN = 90.0
"""Seconds the web may take until /readyz says yes."""
STOP_WITHIN = 15.0
LONGEST_PAUSE = 30.0
DEMO_NOTE = "demo.json"
"""Where the invented county names the people it lets one sign in as."""
FIRST_FIVE = {"control.room", "inspector", "adviser", "social.worker", "interviewer"}
LARGE_LOG = 20_000_000


class CannotServeError(Exception):
    """Serving cannot begin; the message says why."""


@dataclass
class Child:
    """A process that is started again when it dies, each time after a longer pause."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    ended: float = 0.0
    pause: float = 0.0

    def start(self) -> None:
        """Begin it, with its output at the end of its log."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Its own group, so that what it leaves behind when killed can be ended with it.
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.started = time.monotonic()

    def tend(self) -> None:
        """If it has ended, start it again; one that keeps ending at once waits ever longer."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if self.ended < self.started:
            self.ended = now
            self.pause = (
                0.0 if now - self.started > 10 else min(self.pause * 2 + 0.5, LONGEST_PAUSE)
            )
            say(f"The {self.name} ended ({self.process.returncode}); starting it again: {self.log}")
            self._end_group(signal.SIGKILL)
        if now - self.ended >= self.pause:
            self.start()

    def stop(self) -> None:
        """Ask it to end; insist after `STOP_WITHIN` seconds."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_WITHIN)
        self._end_group(signal.SIGKILL)
        self.process.wait()

    def _end_group(self, how: signal.Signals) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, how)


@dataclass
class Service:
    """What is running, and how to reach it."""

    url: str
    database: str
    children: list[Child]
    cluster: Cluster | None

    def watch(self, stopping: threading.Event) -> None:
        """Keep everything alive until asked to stop."""
        while not stopping.wait(0.5):
            if self.cluster is not None and self.cluster.pid() is None:
                say("PostgreSQL ended; starting it again.")
                self.cluster.revive()
            for child in self.children:
                child.tend()


def serve(environment: Environment, *, reset: bool = False, port: int | None = None) -> None:
    """Set up, serve until Ctrl-C or SIGTERM, and stop cleanly."""
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: stopping.set())
    with serving(environment, reset=reset, port=port, stopping=stopping) as service:
        if service is not None:
            _welcome(environment, service)
            service.watch(stopping)
    say("Stopped.")


@contextmanager
def serving(
    environment: Environment,
    *,
    reset: bool = False,
    port: int | None = None,
    stopping: threading.Event | None = None,
) -> Iterator[Service | None]:
    """Have all of it running inside the block; None if asked to stop before it was ready.

    Raises `CannotServeError`, `NoPostgresError` or `NotAllowedError` with a sentence for a person.
    """
    stopping = stopping or threading.Event()
    home = environment.home
    with ExitStack() as stack:
        stack.enter_context(_only_one(environment))
        if reset:
            _reset(environment)
        standing = stack.enter_context(
            ground(environment, "static", *(("demo",) if environment.demo else ()))
        )
        url = f"http://127.0.0.1:{_free_port(environment.port if port is None else port, port)}"
        children = [_web(environment, url), _worker(environment)]
        service = Service(url, standing.name, children, standing.cluster)
        for child in children:
            stack.callback(child.stop)
            child.start()
        (home / "running.json").write_text(json.dumps({"pid": os.getpid(), "url": url}))
        stack.callback((home / "running.json").unlink, missing_ok=True)
        yield service if _wait_until_ready(service, stopping) else None


@contextmanager
def _only_one(environment: Environment) -> Iterator[None]:
    with open(environment.keep("run.lock"), "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = environment.home / "running.json"
            where = json.loads(running.read_text())["url"] if running.exists() else "just starting"
            raise CannotServeError(
                f"Kittiwake already runs from {environment.home} ({where})."
                " Set KITTIWAKE_HOME to run another beside it."
            ) from None
        yield


def _reset(environment: Environment) -> None:
    if environment.database_url is not None:
        raise CannotServeError(
            "--reset throws away only the private database Kittiwake made itself;"
            " a database you gave is yours to drop."
        )
    say("Throwing away the private database …")
    Cluster(environment.home, environment.postgres).erase()
    for note in ("installed.json", "county-unfinished", DEMO_NOTE):
        (environment.home / note).unlink(missing_ok=True)


def _free_port(wanted: int, insisted: int | None) -> int:
    """Give the wanted port if it is free; another, unless this one was asked for by name."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            if insisted:
                raise CannotServeError(f"Port {wanted} is taken; choose another --port.") from None
            say(f"Port {wanted} is taken; using a free one.")
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _web(environment: Environment, url: str) -> Child:
    port = url.rpartition(":")[2]
    command = [
        *(sys.executable, "-m", "granian", "kittiwake.config.wsgi:application"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--http", "1", "--no-ws"),
        *("--blocking-threads", str(environment.web_threads), "--respawn-failed-workers"),
        *("--log-level", "warning", "--no-access-log", "--workers-kill-timeout", "10"),
    ]
    return Child("web", command, environment_for("app", environment.home), _log(environment, "web"))


def _worker(environment: Environment) -> Child:
    command = [sys.executable, "-m", "kittiwake.config.worker"]
    role = environment_for("worker", environment.home)
    return Child("worker", command, role, _log(environment, "worker"))


def _log(environment: Environment, name: str) -> Path:
    """Give a log's path; one that has grown large steps aside first."""
    logs = environment.keep("logs")
    logs.mkdir(mode=0o700, exist_ok=True)
    log = logs / f"{name}.log"
    if log.exists() and log.stat().st_size > LARGE_LOG:
        log.replace(logs / f"{name}.log.old")
    return log


def _wait_until_ready(service: Service, stopping: threading.Event) -> bool:
    give_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up:
        if stopping.is_set():
            return False
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{service.url}/readyz", timeout=5).close()
            return True
        for child in service.children:
            child.tend()
        stopping.wait(0.05)
    logs = ", ".join(str(child.log) for child in service.children)
    raise CannotServeError(f"The web did not become ready in {READY_WITHIN:.0f} seconds: {logs}")


def _welcome(environment: Environment, service: Service) -> None:
    print(f"\nKittiwake is ready: {service.url}\n", flush=True)
    note = environment.home / DEMO_NOTE
    if note.exists():
        print("Sign in as one of these invented people:")
        for person in json.loads(note.read_text()):
            if person["email"].split("@")[0] in FIRST_FIVE:
                print("  {role:<24}{email:<36}{password}".format(**person))
        print("Their one-time codes, and everybody else's: ./kittiwake demo-code")
    print("\nCtrl-C stops it.", flush=True)
