"""`./run`: it comes up, stays up when parts of it are killed, and leaves nothing behind."""

import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from kittiwake.config import roles
from kittiwake.config.environment import passing_home


class Running:
    """One `./run` in a home of its own, as a person would start it."""

    COUNT = itertools.count()

    def __init__(self, home, *arguments):
        self.home = home
        self.said = home.with_name(f"said-{next(self.COUNT)}")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("KITTIWAKE_")}
        with open(self.said, "ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kittiwake", "serve", "--no-demo", *arguments],
                env={**environment, "KITTIWAKE_HOME": str(home)},
                stdout=said,
                stderr=said,
            )

    def ready(self, within=120):
        give_up = time.monotonic() + within
        while time.monotonic() < give_up and self.process.poll() is None:
            if found := re.search(r"ready: (http://\S+)", self.said.read_text()):
                return found[1]
            time.sleep(0.05)
        raise AssertionError(self.said.read_text())

    def stop(self, how=signal.SIGINT):
        self.process.send_signal(how)
        return self.process.wait(60)

    def processes(self):
        """Every process that has our home in its environment or on its command line."""
        mark, found = str(self.home).encode(), {}
        for proc in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (proc / "cmdline").read_bytes()
                if mark in command or mark in (proc / "environ").read_bytes():
                    found[int(proc.name)] = command.replace(b"\0", b" ").decode()
        return found

    def pid_of(self, what):
        return min((p for p, command in self.processes().items() if what in command), default=None)


def answer(url, path="/readyz"):
    try:
        with urllib.request.urlopen(url + path, timeout=10) as page:
            return page.status, json.load(page)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code, {}
    except (urllib.error.URLError, OSError):
        return 0, {}


def eventually(holds, within=60):
    give_up = time.monotonic() + within
    while time.monotonic() < give_up:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def home():
    folder = passing_home("kittiwake-test-")
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def running(home):
    running = Running(home, "--port", "0")
    yield running
    if running.process.poll() is None:
        running.stop(signal.SIGTERM)


def test_it_comes_up_says_where_and_stops_without_a_trace(running):
    url = running.ready()
    assert url.startswith("http://127.0.0.1:")
    assert eventually(lambda: answer(url)[1].get("worker") == "working")
    assert {"ready": True, "migrations": "applied"}.items() <= answer(url)[1].items()
    assert running.stop() == 0
    assert running.processes() == {}


def test_a_warm_start_is_ready_in_under_ten_seconds(running):
    began = time.monotonic()
    running.ready()
    # Promised for a machine that does nothing else: one that does two things more takes longer.
    assert time.monotonic() - began < 10 * max(1.0, os.getloadavg()[0])
    assert "Creating tables" not in running.said.read_text()


def test_neither_web_nor_worker_knows_the_owner(running):
    running.ready()
    secret = (running.home / ".password-kittiwake_owner").read_bytes()
    children = [running.pid_of("granian"), running.pid_of("config.worker")]
    for pid in children:
        assert secret not in Path(f"/proc/{pid}/environ").read_bytes()
    with psycopg.connect(roles.kept_addresses(running.home)["app"]) as link:
        who = link.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name LIKE 'kittiwake%'"
        ).fetchall()
    assert {name for (name,) in who} <= {"kittiwake_app", "kittiwake_worker"}


def test_a_second_one_in_the_same_home_is_refused_in_a_sentence(running):
    url = running.ready()
    second = Running(running.home, "--port", "0")
    assert second.process.wait(60) == 1
    assert f"already runs from {running.home} ({url})" in second.said.read_text()


def test_a_port_asked_for_by_name_and_taken_is_said(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = Running(home, "--port", str(taken.getsockname()[1]))
        assert running.process.wait(60) == 1
    assert "is taken" in running.said.read_text()


@pytest.mark.long
@pytest.mark.parametrize("victim", ["granian", "config.worker", "postgres -D"])
def test_what_is_killed_comes_back(running, victim):
    url = running.ready()
    killed = running.pid_of(victim)
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: running.pid_of(victim) not in (None, killed))
    assert eventually(lambda: answer(url)[1].get("worker") == "working")
    assert eventually(lambda: answer(url)[1].get("worker_silent_seconds", 99) < 10)


@pytest.mark.long
def test_when_run_itself_is_killed_its_children_end_and_the_next_run_takes_over(running):
    running.ready()
    running.process.kill()
    running.process.wait()
    left = ("granian", "config.worker")
    assert eventually(
        lambda: not [c for c in running.processes().values() if any(x in c for x in left)]
    )
    again = Running(running.home, "--port", "0")
    assert answer(again.ready())[0] == 200
    assert again.stop() == 0
    assert again.processes() == {}


@pytest.mark.long
def test_begin_again_has_an_empty_home(home):
    running = Running(home, "--port", "0")
    running.ready()
    before = roles.kept_addresses(home)["app"]
    with psycopg.connect(before) as link:
        made = link.execute("SELECT min(applied) FROM django_migrations").fetchone()
    running.stop()
    afresh = Running(home, "--port", "0", "--reset")
    afresh.ready()
    with psycopg.connect(roles.kept_addresses(home)["app"]) as link:
        assert link.execute("SELECT min(applied) FROM django_migrations").fetchone() > made
    assert afresh.stop(signal.SIGTERM) == 0
