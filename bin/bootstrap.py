#!/usr/bin/env python3
"""Make `.venv` hold exactly what the locks say. Needs Python and nothing else.

Called by ./run, ./test and ./kittiwake each time; does nothing where there is nothing to do.
A bare Debian has no pip and half a venv, so we bring pip's own wheel and check it before use.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import subprocess
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parents[1]
VENV = TREE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "kittiwake-locks.json"
RUNTIME = TREE / "requirements.txt"
TESTS = TREE / "requirements-test.txt"
OLDEST = (3, 11)


def main(arguments: list[str]) -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Kittiwake needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    # Two may start at once in one tree; the second waits here and then finds all done.
    with open(__file__) as this:
        fcntl.flock(this, fcntl.LOCK_EX)
        make_venv()
        point_at_source()
        install(TESTS if "--test" in arguments else RUNTIME)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def make_venv() -> None:
    """Make a virtual environment, unless there is one that works."""
    if works():
        return
    say("Making a virtual environment in .venv …")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", "--without-pip", VENV],
        capture_output=True,
        text=True,
    )
    if made.returncode or not works():
        say((made.stderr or made.stdout).strip())
        sys.exit(
            f"Python could not make a virtual environment in {VENV}. "
            "Is the directory yours to write? On Debian: apt-get install python3-venv"
        )


def works() -> bool:
    """Say whether the environment's Python runs, and is new enough."""
    if not PYTHON.exists():
        return False
    check = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([PYTHON, "-c", check], capture_output=True).returncode == 0


def point_at_source() -> None:
    """Let the environment's Python import the package from `src`, wherever the tree now is."""
    for packages in VENV.glob("lib/python*/site-packages"):
        pointer, text = packages / "kittiwake.pth", f"{TREE / 'src'}\n"
        if not pointer.exists() or pointer.read_text() != text:
            pointer.write_text(text)


def install(lock: Path) -> None:
    """Install a lock, every file checked against its hash; skip what has been done."""
    done = installed()
    digest = sha256(lock)
    if digest in done:
        return
    count = sum(line[:1].isalnum() for line in lock.read_text().splitlines())
    say(f"Installing {count} libraries, each checked against its hash (a minute or two, once) …")
    result = subprocess.run(
        [
            *(PYTHON, checked_pip() / "pip", "install", "--require-hashes", "--only-binary=:all:"),
            *("--no-input", "--disable-pip-version-check", "--quiet", "-r", lock),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if result.returncode:
        say("\n".join(result.stdout.splitlines()[-8:]))
        sys.exit(
            "The libraries could not be installed. Behind a proxy or with a mirror of your own, "
            "set it up for pip (its environment variables, or pip.conf) and run this again."
        )
    # The tests' lock holds the runtime's, version for version (a test says so).
    kept = [digest, sha256(RUNTIME)] if lock == TESTS else [digest]
    STAMP.write_text(json.dumps(kept))


def installed() -> list[str]:
    try:
        return list(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return []


def checked_pip() -> Path:
    """Give the wheel of pip that we carry, if it is the one we put there."""
    lock = json.loads((TREE / "vendor" / "pip.json").read_text())
    wheel = TREE / "vendor" / lock["file"]
    if sha256(wheel) != lock["sha256"]:
        sys.exit(f"{wheel} is not the pip that was checked. Get a clean copy of Kittiwake.")
    return wheel


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
