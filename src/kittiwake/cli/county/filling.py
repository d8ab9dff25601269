"""Filling the county: blocks of families with their past, by several processes, copied in."""

import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from multiprocessing import get_context
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction

from kittiwake.access import walls
from kittiwake.cli.county import rates
from kittiwake.cli.county.careers import QUIET, careers
from kittiwake.cli.county.crew import Crew
from kittiwake.cli.county.families import BLOCK, YEAR, draw
from kittiwake.cli.county.past import Chronicler
from kittiwake.cli.county.people_rows import COLUMNS as PEOPLE
from kittiwake.cli.county.people_rows import Writer, settle_down
from kittiwake.journal import knowing
from kittiwake.journal.lives import Life
from kittiwake.journal.past import COLUMNS as LIVES
from kittiwake.journal.past import Past
from kittiwake.kernel import rulebook

# How many ids a block may use of each; what is left over is never used.
STRIDES = {"person": 4 * BLOCK, "source_record": 12 * BLOCK, "entry": 80 * BLOCK,
           "case_file": 2 * BLOCK, "clock": 80 * BLOCK}  # fmt: skip
NUMBERS = BLOCK + 60
"""Of children of a block, grown ones too: what their identifiers are counted from."""


@dataclass(frozen=True)
class Plan:
    """What a process needs to know to make any block of the county."""

    crew: Crew
    seed: int
    now: datetime
    children: int
    first: dict[str, int]

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Each block's number and how many children are in it."""
        whole, rest = divmod(self.children, BLOCK)
        return [*((n, BLOCK) for n in range(whole)), *([(whole, rest)] if rest else [])]


def fill(crew: Crew, children: int, seed: int, now: datetime, processes: int = 0) -> dict[str, int]:
    """Make so many children with families and ten years; how many rows of each table.

    As the database's owner, into a database where nobody else is at work yet. Blocks are made by
    as many processes as there are cores; what they make does not depend on how many.
    """
    if not children:
        return {}
    plan = Plan(crew, seed, now, children, _first_ids())
    written: dict[str, int] = {}
    with _aside():
        for number, rows in enumerate(_made(plan, processes or os.cpu_count() or 1), 1):
            for table, many in rows.items():
                written[table] = written.get(table, 0) + many
            if number % 20 == 0:
                done = min(number * BLOCK, children)
                print(f"{done:,} of {children:,} children", file=sys.stderr, flush=True)
    _go_on_counting()
    return written


def _made(plan: Plan, processes: int) -> Iterator[dict[str, int]]:
    jobs = [(plan, number, many) for number, many in plan.blocks]
    processes = min(processes, len(jobs))
    if processes == 1:
        yield from (make(*job) for job in jobs)
        return
    connections.close_all()
    with ProcessPoolExecutor(processes, get_context("fork")) as pool:
        yield from pool.map(_make, jobs)


def _make(job: tuple[Plan, int, int]) -> dict[str, int]:
    return make(*job)


def make(plan: Plan, number: int, children: int) -> dict[str, int]:
    """Make one block and copy it in; how many rows of each table."""
    rows = block_rows(plan, number, children)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        columns = PEOPLE | {table: ", ".join(c) for table, c in LIVES.items()}
        for table, names in columns.items():
            if table in rows:
                _copy(cursor, f"COPY {table} ({names}) FROM STDIN", rows[table])
    return {table: len(made) for table, made in rows.items()}


def _copy(cursor: Any, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def block_rows(plan: Plan, number: int, children: int) -> dict[str, list[tuple[Any, ...]]]:
    """Everything of one block, as rows by table; the same for the same seed and now."""
    crew, now = plan.crew, plan.now
    block = draw(plan.seed, number, children, now.date())
    random = block.random
    missing = careers(block, children, now)
    settle_down(block, crew, [c.child for c in missing if c.in_care], now.date())
    first = {name: plan.first[name] + number * stride for name, stride in STRIDES.items()}
    writer = Writer(crew, random, now, first["person"], count(first["source_record"]),
                    count(number * NUMBERS))  # fmt: skip
    writer.families(block)
    past = _past(crew, random, first)
    teller = Chronicler(crew, random, now)
    told: dict[int, Life] = {}
    for career in missing:
        life = Life(past, career.child.person, career.child.born_on)
        teller.tell_career(life, career)
        told[career.child.number] = life
    everybody = [p for h in block.families for p in (*h.children, *h.parents)]
    for child in (c for h in block.families for c in h.children if c.number not in told):
        if marked := _marker(random, (now.date() - child.born_on).days / YEAR):
            life = Life(past, child.person, child.born_on)
            at = now - QUIET - timedelta(days=random.uniform(0, 1200))
            teller.tell_marker(life, child, marked, at)
            told[child.number] = life
    for one in everybody:
        life_of = told.get(one.number)
        level, markers = (life_of.level, life_of.markers) if life_of else ("", [])
        writer.pointer(one, level, markers)
    return writer.rows | past.rows


def _marker(random: Random, age: float) -> str:
    if not 3.5 < age < 18:
        return ""
    chance = random.random()
    for marker, rate in rates.MARKERS.items():
        chance -= rate
        if chance < 0:
            return marker
    return ""


def _past(crew: Crew, random: Random, first: dict[str, int]) -> Past:
    return Past(
        rota=crew.rota(),
        system=crew.desks["system"],
        names=crew.names,
        book=rulebook.load(),
        policy=knowing.policy(),
        uid=lambda: str(UUID(int=random.getrandbits(128), version=4)),
        entries=count(first["entry"]),
        cases=count(first["case_file"]),
        clocks=count(first["clock"]),
    )


def _first_ids() -> dict[str, int]:
    with connection.cursor() as cursor:
        first = {}
        for table in STRIDES:
            cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
            first[table] = cursor.fetchone()[0]
        return first


def _go_on_counting() -> None:
    """What comes after the county is numbered after it, and the planner knows its size."""
    with connection.cursor() as cursor:
        for table in STRIDES:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM "
                f"{table}))", [table],
            )  # fmt: skip
        cursor.execute("ANALYZE")


@contextmanager
def _aside() -> Iterator[None]:
    """Let the owner copy: PostgreSQL copies nothing into a table whose walls bind the owner too.

    Web and worker stay behind their walls meanwhile.
    """
    walled = [table for table, wall in walls.TABLES.items() if wall.read is not None]
    names = [t for t in walled if t in PEOPLE or t in LIVES]
    with connection.cursor() as cursor:
        for table in names:
            cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in names:
                cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
