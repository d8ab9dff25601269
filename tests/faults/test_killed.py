"""kill -9 of worker, web and database at any moment loses nothing that was acknowledged."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from kittiwake.config.database import Cluster
from tests.product import Product, running


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running("--demo") as product:
        yield product


class Reporter(threading.Thread):
    """Reports children missing without end, retries until answered, and keeps a journal."""

    def __init__(self, product: Product, token: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.product, self.token, self.stop = product, token, stop
        self.acknowledged: list[tuple[str, str]] = []
        self.tries = 0

    def run(self) -> None:
        while not self.stop.is_set():
            ref = str(uuid4())
            body = {
                "about": {"source": {"ref": ref}, "name": f"Fault {ref[:8]}"},
                "entry": {"concern": "Not back from the swimming pool."},
            }
            while True:
                self.tries += 1
                try:
                    told = self.product.post(self.token, "missing.reported", body, key=ref)
                except (OSError, ValueError):
                    time.sleep(0.2)
                    if self.stop.is_set():
                        return
                    continue
                self.acknowledged.append((ref, told["entry"]))
                break


def strike(product: Product, what: str) -> None:
    """Kill -9 one of the product's processes, wherever it is at."""
    if what == "database":
        pid = product.postmaster()
        if pid:
            os.kill(pid, signal.SIGKILL)
        return
    for one in product.processes(what):
        one.kill()


def hammer(product: Product, kills: int, pause: tuple[float, float]) -> list[tuple[str, str]]:
    token = product.token("control.room@saltmarsh.example", "call_handler")
    stop = threading.Event()
    clients = [Reporter(product, token, stop) for _ in range(3)]
    [c.start() for c in clients]
    chance = random.Random(7)
    for number in range(kills):
        time.sleep(chance.uniform(*pause))
        strike(product, ("web", "database", "worker")[number % 3])
        product.wait(90)
    time.sleep(2)
    stop.set()
    [c.join(30) for c in clients]
    return [one for c in clients for one in c.acknowledged]


def lost(product: Product, acknowledged: list[tuple[str, str]]) -> tuple[set[str], list[object]]:
    """What was acknowledged and is not there, and what is there half-written or twice."""
    with psycopg.connect(Cluster(product.home).url()) as link:
        there = {str(u) for (u,) in link.execute("SELECT uid FROM entry")}
        half = link.execute(
            "SELECT e.id FROM entry e WHERE e.uid = ANY (%s::uuid[]) AND ("
            " NOT EXISTS (SELECT 1 FROM about a WHERE a.entry_id = e.id)"
            " OR NOT EXISTS (SELECT 1 FROM detail d WHERE d.entry_id = e.id)"
            " OR NOT EXISTS (SELECT 1 FROM clock k WHERE k.started_by_id = e.id)"
            " OR NOT EXISTS (SELECT 1 FROM assessment s WHERE s.entry_id = e.id))",
            [[uid for _, uid in acknowledged]],
        ).fetchall()
        twice = link.execute(
            "SELECT r.ref FROM source_record r JOIN entry e ON e.person_id = r.person_id "
            "WHERE e.kind = 'missing.reported' AND r.ref = ANY (%s) "
            "GROUP BY r.ref HAVING count(*) > 1",
            [[ref for ref, _ in acknowledged]],
        ).fetchall()
    return {uid for _, uid in acknowledged} - there, [*half, *twice]


def test_nothing_acknowledged_is_lost_when_everything_is_killed(product: Product) -> None:
    acknowledged = hammer(product, kills=6, pause=(1.0, 2.5))
    assert len(acknowledged) > 20
    missing, broken = lost(product, acknowledged)
    assert missing == set()
    assert broken == []


@pytest.mark.long
def test_nothing_acknowledged_is_lost_over_sixty_kills(product: Product) -> None:
    acknowledged = hammer(product, kills=60, pause=(0.5, 3.0))
    assert len(acknowledged) > 300
    missing, broken = lost(product, acknowledged)
    assert (missing, broken) == (set(), [])


def test_a_stopped_worker_is_shown_on_every_board_within_two_minutes(product: Product) -> None:
    """SIGSTOP, not only SIGKILL: a worker that hangs is as silent as one that is gone."""
    import json
    import urllib.request

    product.wait()
    time.sleep(4)
    for one in product.processes("worker"):
        one.suspend()
    try:
        with psycopg.connect(Cluster(product.home).url(), autocommit=True) as link:
            # Two minutes of silence, without waiting for them.
            link.execute("UPDATE heartbeat SET at = at - interval '121 seconds'")
        with urllib.request.urlopen(f"{product.url}/readyz", timeout=5) as answer:
            assert json.load(answer)["worker_silent_seconds"] > 120
    finally:
        for one in product.processes("worker"):
            one.resume()
