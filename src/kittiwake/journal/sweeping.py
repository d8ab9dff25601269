"""The sweeper: level-triggered, so a worker that slept, died or was late loses no alarm.

It looks at every running clock, computes what is due at this instant, and raises whatever
rungs were not raised yet, each to a named person. It is safe to run twice, or from two
workers at once.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from kittiwake.access.actors import system_actor
from kittiwake.access.doors import as_practitioner
from kittiwake.agencies.rota import Rota, rota_at
from kittiwake.journal import knowing
from kittiwake.journal.entries import ClockBreached
from kittiwake.journal.record import write_details
from kittiwake.kernel.clocks import ClockRule, due_at, next_rung
from kittiwake.kernel.known import Actor
from kittiwake.kernel.rulebook import Rulebook
from kittiwake.kernel.worktime import Pause

_CANDIDATES = """
SELECT id FROM clock
WHERE stopped_at IS NULL AND NOT is_history AND due_at IS NOT NULL
  AND (due_at <= %s OR rule = ANY (%s))
ORDER BY due_at, id
"""
_CLOCK = f"""
SELECT k.id, k.uid::text, k.rule, k.person_id, k.case_id, c.uid::text, {knowing.STARTED},
       k.grade, k.lap, k.last_rung, k.acknowledged_at, k.breached_at, k.owner_id, k.due_at
FROM clock k LEFT JOIN case_file c ON c.id = k.case_id
WHERE k.id = %s AND k.stopped_at IS NULL FOR UPDATE OF k SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    looked_at: int
    breached: int
    raised: int


def sweep(now: datetime) -> Swept:
    """Raise every rung that is due at `now` and was not raised yet; each clock by itself."""
    system = system_actor()
    with as_practitioner(system), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rulebook_row")
        book = knowing.rulebook(cursor.fetchone()[0], now.date())
        cursor.execute(_CANDIDATES, [now, _with_early_rungs(book)])
        candidates = [row[0] for row in cursor.fetchall()]
        rota = rota_at(now)
    breached = raised = 0
    for clock_id in candidates:
        with as_practitioner(system, durable=True):
            was_breach, rungs = _sweep_one(clock_id, now, book, rota, system)
        breached += was_breach
        raised += rungs
    return Swept(len(candidates), breached, raised)


def _with_early_rungs(book: Rulebook) -> list[str]:
    """The rules whose ladder has rungs before the due time."""
    return [r.id for r in book.clocks.values() if any(g.counted_from == "start" for g in r.ladder)]


def _sweep_one(
    clock_id: int, now: datetime, book: Rulebook, rota: Rota, system: Actor
) -> tuple[bool, int]:
    with connection.cursor() as cursor:
        cursor.execute(_CLOCK, [clock_id])
        row = cursor.fetchone()
        if row is None:
            return False, 0
        rule, started = book.clock(row[2]), row[6]
        due = due_at(
            rule, started, row[7], book.calendar_for(rule), _pauses(clock_id),
            override=row[13] if rule.form != "deadline" else None, now=now, lap=row[8],
        )  # fmt: skip
        if due is None:
            return False, 0
        rungs = next_rung(rule, started, due, row[9], now, row[10])
        if not rungs:
            return False, 0
        raised_to = []
        for rung in rungs:
            to = row[12] if rung.to == "owner" else rota.who(rung.to)
            raised_to.append(_name(to))
            cursor.execute(
                "INSERT INTO escalation (clock_id, person_id, rung, raised_at, to_id, role) "
                "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (clock_id, rung) DO NOTHING",
                [clock_id, row[3], rung.index, now, to, rung.to],
            )
            _tell(cursor, to, rule, row[5], now, overdue=now >= due)
        is_breach = row[11] is None and now >= due
        cursor.execute(
            "UPDATE clock SET last_rung = %s, last_rung_at = %s, due_at = %s,"
            " breached_at = coalesce(breached_at, %s) WHERE id = %s",
            [rungs[-1].index, now, due, due if now >= due else None, clock_id],
        )
        if is_breach:
            _record_breach(cursor, row, rule, due, now, book, system, raised_to)
        return is_breach, len(rungs)


def _pauses(clock_id: int) -> tuple[Pause, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT from_at, until, authority_id::text FROM clock_pause WHERE clock_id = %s",
            [clock_id],
        )
        return tuple(Pause(a, b, who, "") for a, b, who in cursor.fetchall())


def _name(practitioner: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM practitioner WHERE id = %s", [practitioner])
        row = cursor.fetchone()
    return str(row[0])


def _tell(
    cursor: Any, to: int, rule: ClockRule, case_uid: str | None, now: datetime, *, overdue: bool
) -> None:
    said = f"{rule.id} {rule.name}: {'overdue' if overdue else 'nearly due'}. Please answer for it."
    link = f"/cases/{case_uid}" if case_uid else "/my-work"
    cursor.execute(
        "INSERT INTO message (to_id, sentence, link, written_at) VALUES (%s, %s, %s, %s)",
        [to, said[:300], link, now],
    )


def _record_breach(
    cursor: Any,
    row: tuple[Any, ...],
    rule: ClockRule,
    due: datetime,
    now: datetime,
    book: Rulebook,
    system: Actor,
    raised_to: Iterable[str],
) -> None:
    """The breach itself is an entry: it stands, whatever is corrected later (rule 13)."""
    entry = ClockBreached(
        rule=rule.id, clock=f"{rule.id} {rule.name}", raised_to=", ".join(dict.fromkeys(raised_to))
    )
    cursor.execute(
        "INSERT INTO entry (uid, kind, version, person_id, case_id, by_id, happened_at,"
        " recorded_at, out_of_order, is_history, rulebook) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, false, false, %s) RETURNING id",
        [uuid4(), entry.kind, entry.version, row[3], row[4], system.id, due, now, book.version],
    )
    entry_id: int = cursor.fetchone()[0]
    cursor.execute(
        "INSERT INTO about (entry_id, person_id, role, kind, case_id, happened_at, recorded_at,"
        " by_id, codes) VALUES (%s, %s, 'child', %s, %s, %s, %s, %s, %s)",
        [entry_id, row[3], entry.kind, row[4], due, now, system.id, json.dumps({"rule": rule.id})],
    )
    write_details(cursor, entry.by_audience(), entry_id, row[3], system.agency_id)
