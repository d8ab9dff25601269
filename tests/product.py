"""The whole product, started as its users start it, in a home of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from kittiwake.config.environment import passing_home

TREE = Path(__file__).resolve().parents[1]


@dataclass
class Product:
    """A running Kittiwake: its address, its home, its processes."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]

    def processes(self, what: str) -> list[psutil.Process]:
        """The running `web`, `worker` or `database` processes, the first of each group first."""
        marks = {"web": "granian", "worker": "kittiwake.config.worker", "database": "postgres"}
        found = []
        for one in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if marks[what] in " ".join(one.cmdline()):
                    found.append(one)
            except psutil.Error:
                continue
        return found

    def postmaster(self) -> int | None:
        """The process id of its PostgreSQL."""
        for note in self.home.rglob("postmaster.pid"):
            return int(note.read_text().split()[0])
        for place in Path("/var/lib/kittiwake").glob("*/postgres-*/postmaster.pid"):
            pid = int(place.read_text().split()[0])
            if psutil.pid_exists(pid) and self.process.pid in {
                p.pid for p in psutil.Process(pid).parents()
            }:
                return pid
        return None

    def command(self, *arguments: str) -> str:
        """What a command of ./kittiwake prints."""
        environment = os.environ | {"KITTIWAKE_HOME": str(self.home)}
        environment.pop("KITTIWAKE_ROLE_URL", None)
        done = subprocess.run(
            [str(TREE / "kittiwake"), *arguments],
            env=environment, capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        return done.stdout

    def token(self, practitioner: str, role: str) -> str:
        """A token of the API for a demo practitioner."""
        made = self.command("token", "create", practitioner, "--role", role, "--json")
        token: str = json.loads(made)["token"]
        return token

    def post(self, token: str, kind: str, body: dict[str, Any], key: str | None = None) -> Any:
        """Post one entry; its JSON answer. Raises OSError when there is no whole answer."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/entries/{kind}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key or str(uuid4()),
            },
        )
        with urllib.request.urlopen(request, timeout=15) as answer:
            return json.load(answer)

    def wait(self, seconds: float = 60) -> None:
        """Until the web answers /readyz again."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=3):
                    return
            except OSError:
                time.sleep(0.3)
        raise TimeoutError("the product did not come back")


@contextmanager
def running(*options: str) -> Iterator[Product]:
    """The product from `./kittiwake serve`, until the block ends."""
    home = passing_home("kittiwake-product-")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KITTIWAKE_")}
    environment |= {"KITTIWAKE_HOME": str(home), "KITTIWAKE_PORT": "0"}
    environment |= {"KITTIWAKE_DEMO_SCALE": "0"}
    environment.pop("DATABASE_URL", None)
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "kittiwake", "serve", *options],
            env=environment | {"PYTHONPATH": str(TREE / "src")},
            stdout=log,
            stderr=log,
            cwd=TREE,
        )
    try:
        product = Product(_address(home, process), home, process)
        product.wait(120)
        yield product
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _address(home: Path, process: subprocess.Popen[bytes]) -> str:
    note = home / "running.json"
    give_up = time.monotonic() + 240
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            url: str = json.loads(note.read_text())["url"]
        except (OSError, ValueError):
            time.sleep(0.3)
            continue
        return url
    raise RuntimeError((home / "serve.log").read_text()[-3000:])
