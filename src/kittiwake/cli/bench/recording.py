"""`bench record`: record() against its own statements, run by the owner without walls."""

import re
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connection
from django.utils import timezone

from kittiwake.access.doors import as_practitioner
from kittiwake.cli.bench import Figure, demo_actor, p50, p95
from kittiwake.journal.record import record
from kittiwake.kernel.markers import Marker
from kittiwake.pathways.flags.entries import FlagRaised
from kittiwake.pathways.missing.entries import ReportedMissing
from kittiwake.pathways.missing.questions import LastSeen, Reporter, RiskFactors

RUNS = 120
PROMISED = 3.0
Statement = tuple[str, list[Any]]


def bench(owner: str) -> list[Figure]:
    """A missing report with lease, walls, clocks, marker, risk and outbox; then the floor.

    The floor sends the same statements, with the same values, as the owner in one transaction
    of plain psycopg, prepared. Both start warm; the two are run in turn.
    """
    handler = demo_actor("call_handler")
    entry = ReportedMissing(
        concern="Left on foot after a telephone call, without a coat.",
        signs=frozenset({RiskFactors.SELF_HARM}),
        last_seen=LastSeen(where="The bus station", clothing="Grey hoodie"),
        reporter=Reporter.HOME,
        reporter_name="Carer on duty",
        reporter_phone="07700 900123",
    )
    people = [_child() for _ in range(2 * RUNS + 20)]
    _spread_ids(owner)
    inspector = demo_actor("duty_inspector")
    for person in people:
        mark = FlagRaised(type=Marker.CSE, basis="Known to be at risk.")
        record(mark, person=person, by=inspector, at=timezone.now())
    for person in people[:10]:
        record(entry, person=person, by=handler, at=timezone.now())
    script, of_person = _capture(
        lambda: record(entry, person=people[10], by=handler, at=timezone.now()), people[10]
    )
    ours, floor = [], []
    with psycopg.connect(owner) as link:
        link.prepare_threshold = 3
        for person in people[11:20]:
            _replay(link, script, of_person, person)
        for number in range(RUNS):
            began = time.perf_counter()
            record(entry, person=people[20 + 2 * number], by=handler, at=timezone.now())
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            _replay(link, script, of_person, people[21 + 2 * number])
            floor.append(time.perf_counter() - began)
    ratio = round(p50(ours) / p50(floor), 2)
    return [
        Figure("record", RUNS, p50(ours), p95(ours), p50(floor), ratio,
               f"p50 at most {PROMISED} times the floor", ratio <= PROMISED,
               {"statements": len(script)})
    ]  # fmt: skip


def _child() -> int:
    with as_practitioner(demo_actor("call_handler")), connection.cursor() as cursor:
        name = f"Bench {uuid4().hex[:8]}"
        cursor.execute("SELECT meet_person(%s, %s, %s, NULL)", [uuid4(), name, name.lower()])
        person: int = cursor.fetchone()[0]
    return person


def _spread_ids(owner: str) -> None:
    """Ids from ranges of their own, so that one can be told from another in a captured script."""
    with psycopg.connect(owner, autocommit=True) as link:
        for table, start in (("case_file", 700_000_000), ("entry", 900_000_000)):
            link.execute(f"SELECT setval('{table}_id_seq', {start})")


def _capture(act: Callable[[], Any], person: int) -> tuple[list[Statement], int]:
    """Every statement an act sends, with its values."""
    script: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sql, values = _positional(sql, params)
        script.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        act()
    return script, person


def _positional(sql: str, params: Any) -> tuple[str, list[Any]]:
    """A statement with its values by position, however they were given."""
    if not isinstance(params, dict):
        return sql, list(params or [])
    names = re.findall(r"%\((\w+)\)s", sql)
    return re.sub(r"%\(\w+\)s", "%s", sql), [params[name] for name in names]


def _replay(
    link: psycopg.Connection[Any], script: list[Statement], of_person: int, person: int
) -> None:
    """The same statements about another person, in one transaction: fresh ids where they were."""
    seen: dict[Any, Any] = {of_person: person}
    old_case = old_entry = None
    with link.cursor() as cursor:
        for sql, values in script:
            fresh = [_fresh(value, seen) for value in values]
            cursor.execute(sql, fresh)
            rows = cursor.fetchall() if cursor.description else []
            if "INSERT INTO case_file" in sql:
                old_case = _id_after(script, "INSERT INTO entry", 4)
                seen[old_case] = rows[0][0]
            elif "INSERT INTO entry" in sql:
                old_entry = _id_after(script, "INSERT INTO about", 0)
                seen[old_entry] = rows[0][0]
    link.commit()


def _id_after(script: list[Statement], opening: str, position: int) -> Any:
    return next(values[position] for sql, values in script if opening in sql)


def _fresh(value: Any, seen: dict[Any, Any]) -> Any:
    if isinstance(value, list):
        return [_fresh(one, seen) for one in value]
    if isinstance(value, UUID) or (isinstance(value, str) and len(value) == 36):
        return seen.setdefault(value, uuid4())
    return seen.get(value, value) if isinstance(value, int) else value
