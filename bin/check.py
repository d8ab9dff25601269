#!/usr/bin/env python3
"""Run every check there is, and say in one line how it went (./test)."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

TREE = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
APT = "apt-get install -y --no-install-recommends chromium fonts-liberation"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUICK = "not browser and not long"


@dataclass
class Check:
    """One thing that must hold."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    beside: bool = False
    """Whether it runs while another does, its output held back until it ends."""


def module(name: str, *arguments: str) -> list[str]:
    return [PYTHON, "-m", name, *arguments]


def pytest(marks: str) -> list[str]:
    return module("pytest", "-m", marks)


def checks(fast: bool, long: bool) -> list[Check]:
    """Everything to be run, the quickest to fail first."""
    imports = "from importlinter.cli import lint_imports_command as lint; lint()"
    chosen = [
        Check("format", module("ruff", "format", "--check", ".")),
        Check("lint", module("ruff", "check", ".")),
        Check("types", module("mypy")),
        Check("imports", [PYTHON, "-c", imports]),
        Check("migrations", module("django", "makemigrations", "--check", "--dry-run")),
        Check("tests", pytest(QUICK)),
    ]
    if other := another_postgres():
        chosen.append(
            Check(
                f"tests on PostgreSQL {other}",
                pytest(f"database and {QUICK}"),
                {"KITTIWAKE_POSTGRES": other},
                beside=True,
            )
        )
    if not fast:
        chosen.append(Check("browser", pytest("browser and not long"), beside=True))
    if long:
        chosen.append(Check("long", pytest("long" if not fast else "long and not browser")))
    return chosen


def another_postgres() -> str:
    """Name a PostgreSQL of another major version than the one tests use first, if there is one."""
    from kittiwake.config.postgres import choose, from_the_wheel, on_the_machine

    first = choose(os.environ.get("KITTIWAKE_POSTGRES", ""))
    others = [b for b in [*on_the_machine(), *from_the_wheel()] if b.major != first.major]
    return str(others[0].major) if others else ""


def chromium_or_why_not() -> str | None:
    """See that there is a browser to test with, installing Debian's where we may; None if so."""
    if chromium():
        return None
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser tests …")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            APT.split(), check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        )
        if chromium():
            return None
    return f"The browser tests need Chromium: {APT}   (./test --fast leaves them out)"


def chromium() -> str | None:
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def run(check: Check) -> tuple[bool, str]:
    """Run one check with its output shown; give whether it passed, and its last line."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "KITTIWAKE_HOME"},
        "DJANGO_SETTINGS_MODULE": "kittiwake.config.settings",
        "PYTHONUNBUFFERED": "1",
        # There is no database to compare with when migrations are checked, and none is needed.
        "PYTHONWARNINGS": "ignore::RuntimeWarning:django.core.management.commands.makemigrations",
        **check.environment,
    }
    said = [f"\n── {check.name}"]
    if not check.beside:
        say(said[0])
    with tempfile.TemporaryDirectory(prefix="kittiwake-check-") as home:
        # Nothing that is checked may touch what somebody keeps in their own home.
        process = subprocess.Popen(
            check.command,
            cwd=TREE,
            env={"KITTIWAKE_HOME": home, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with process:
            for line in process.stdout or ():
                said.append(line.rstrip("\n"))
                if not check.beside:
                    say(said[-1])
    if check.beside:
        say("\n".join(said))
    return process.returncode == 0, next((line for line in reversed(said) if line.strip()), "")


def run_all(chosen: list[Check]) -> dict[str, tuple[bool, str]]:
    """Run them in order, those marked so beside the others: most of each is waiting."""
    ended: dict[str, tuple[bool, str]] = {}

    def lane(checks: list[Check]) -> None:
        for check in checks:
            ended[check.name] = run(check)

    beside = [check for check in chosen if check.beside]
    ahead = [check for check in chosen if not check.beside]
    first = next((n for n, check in enumerate(ahead) if "pytest" in check.command), len(ahead))
    lane(ahead[:first])
    with ThreadPoolExecutor(2) as lanes:
        for done in [lanes.submit(lane, one) for one in (ahead[first : first + 1], beside)]:
            done.result()
    lane(ahead[first + 1 :])
    return ended


def say(sentence: str) -> None:
    print(sentence, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./test", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="leave out the browser")
    parser.add_argument("--long", action="store_true", help="add faults, load and other long ones")
    choice = parser.parse_args()
    began = time.monotonic()
    if not choice.fast and (why_not := chromium_or_why_not()):
        sys.exit(why_not)
    all_checks = checks(choice.fast, choice.long)
    ended = run_all(all_checks)
    failed = [check.name for check in all_checks if not ended[check.name][0]]
    counts = [f"{c.name}: {ended[c.name][1]}" for c in all_checks if "pytest" in c.command]
    took = f"{time.monotonic() - began:.0f} s"
    say("")
    for line in counts:
        say(line)
    if failed:
        sys.exit(f"./test: FAILED in {took}: {', '.join(failed)}.")
    say(f"./test: all {len(all_checks)} checks passed in {took}.")


if __name__ == "__main__":
    main()
