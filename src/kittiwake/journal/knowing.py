"""Reading what is known before deciding: facts through `known()`, state, rulebook, policy."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from kittiwake.kernel import rulebook as shipped
from kittiwake.kernel.accounts import once_each
from kittiwake.kernel.facts import Fact
from kittiwake.kernel.known import ActionNow, Actor, CaseNow, ClockNow, Known
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.plans import PlanNow
from kittiwake.kernel.rulebook import Rulebook
from kittiwake.risk.check import PolicyError
from kittiwake.risk.check import read as read_policy
from kittiwake.risk.compiled import CompiledPolicy, compile_policy
from kittiwake.risk.shipped import shipped as shipped_policy

log = structlog.get_logger(__name__)

_FACTS = """
SELECT entry_id, kind, happened_at, recorded_at, role, case_id, codes, by_id, person_id
FROM journal_known(%s)
"""
_STATE = """
SELECT 'case', id, uid::text, ref, pathway, stage, grade, owner_id, opened_at, is_active,
       closed_at IS NOT NULL, group_uid::text, NULL, NULL
  FROM case_file WHERE person_id = %(person)s AND (closed_at IS NULL OR id = %(case)s)
UNION ALL
SELECT 'clock', id, uid::text, rule, subject_kind, grade, NULL, case_id, started_at,
       paused_at IS NOT NULL, stopped_at IS NOT NULL, lap::text, due_at, subject_id
  FROM clock WHERE person_id = %(person)s AND stopped_at IS NULL
UNION ALL
SELECT 'flag', id, uid::text, type, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM flag WHERE person_id = %(person)s AND ended_at IS NULL
UNION ALL
SELECT 'action', id, uid::text, key, state, NULL, NULL, owner_id, NULL, NULL, NULL,
       case_id::text, NULL, NULL
  FROM action WHERE person_id = %(person)s
UNION ALL
SELECT 'plan', id, uid::text, kind, state, NULL, NULL, version, in_force_from, NULL, NULL,
       lines::text || ' ' || activations::text, review_at, author_id
  FROM plan WHERE person_id = %(person)s AND ended_at IS NULL
UNION ALL
SELECT 'born', person_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       born_on::text, NULL, NULL FROM pointer WHERE person_id = %(person)s
UNION ALL
SELECT 'rows', count(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM rulebook_row
"""


STARTED = """coalesce(
  (SELECT s.proposed_start FROM start_correction s WHERE s.clock_id = k.id AND s.approved
    ORDER BY s.id DESC LIMIT 1),
  least(k.started_at, (SELECT min(s.proposed_start) FROM start_correction s
    WHERE s.clock_id = k.id AND s.approved IS NULL)))"""
"""SQL: when clock `k` started: as approved; while a correction waits, whichever is earlier."""


def facts_of(people: Iterable[int]) -> dict[int, list[Fact]]:
    """The facts of these people, by person: kinds, times and codes, never words (rule 2)."""
    found: dict[int, list[Fact]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [sorted(people)])
        for entry_id, kind, happened, recorded, role, case_id, codes, by, person in cursor:
            fact = Fact(entry_id, kind, happened, recorded, role, case_id, json.loads(codes), by)
            found.setdefault(person, []).append(fact)
    # Two accounts of one episode count once (finding L256, decision 33).
    return {person: once_each(facts) for person, facts in found.items()}


def known_about(
    person: int, actor: Actor, at: datetime, pathway: str | None, case_uid: str | None
) -> Known:
    """Everything `decide()` may look at about this child, in two queries. Needs a lease."""
    facts = facts_of([person]).get(person, [])
    with connection.cursor() as cursor:
        case_id = _case_id(case_uid) if case_uid else None
        cursor.execute(_STATE, {"person": person, "case": case_id})
        rows = cursor.fetchall()
    cases = [_case(r) for r in rows if r[0] == "case"]
    born = next((r[11] for r in rows if r[0] == "born"), None)
    return Known(
        now=at,
        rulebook=rulebook(next(r[1] for r in rows if r[0] == "rows"), at.date()),
        actor=actor,
        person_id=person,
        born_on=date.fromisoformat(born) if born else None,
        case=_chosen(cases, pathway, case_uid),
        facts=tuple(facts),
        clocks=tuple(_clock(r) for r in rows if r[0] == "clock"),
        flags=frozenset(r[3] for r in rows if r[0] == "flag"),
        actions=tuple(_action(r) for r in rows if r[0] == "action"),
        plans=tuple(_plan(r) for r in rows if r[0] == "plan"),
    )


def _case_id(uid: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM case_file WHERE uid = %s", [uid])
        row = cursor.fetchone()
    return row[0] if row else None


def _case(r: tuple[Any, ...]) -> CaseNow:
    return CaseNow(r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10])


def _clock(r: tuple[Any, ...]) -> ClockNow:
    return ClockNow(r[1], r[2], r[3], r[4], r[13], r[7], r[8], r[12], not r[10], r[9], r[5],
                    int(r[11]))  # fmt: skip


def _plan(r: tuple[Any, ...]) -> PlanNow:
    lines, activations = (int(n) for n in r[11].split())
    return PlanNow(r[1], r[2], r[3], r[7], r[4], lines, r[13], r[8], r[12], activations)


def _action(r: tuple[Any, ...]) -> ActionNow:
    return ActionNow(r[2], r[3], r[7], r[4], int(r[11]) if r[11] else None)


def _chosen(cases: list[CaseNow], pathway: str | None, uid: str | None) -> CaseNow | None:
    """The case an entry belongs to: the one named, else the active one, else the newest open."""
    if uid:
        return next((c for c in cases if c.uid == uid), None)
    mine = [c for c in cases if c.pathway == pathway and not c.closed]
    mine.sort(key=lambda c: (c.active, c.opened_at))
    return mine[-1] if mine else None


@lru_cache(maxsize=8)
def rulebook(rows: int, day: date) -> Rulebook:
    """The rulebook in force on a day: what ships, with the force's own adopted rows (rule 12)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, value, from_on FROM rulebook_row ORDER BY id LIMIT %s", [rows])
        own = cursor.fetchall()
    return shipped.load().with_rows(own).at(day)


@lru_cache(maxsize=4)
def policy(name: str = "missing-2026") -> CompiledPolicy:
    """The risk policy in force, compiled once: the force's own file, else the one shipped.

    A file that cannot be used never stops a report: the shipped policy judges, and the log says
    so at every start. `./kittiwake policy check` finds what is wrong with it.
    """
    own: Path | None = settings.ENVIRONMENT.policy
    if own is not None:
        try:
            return compile_policy(read_policy(own, kinds=REGISTER.kinds))
        except (OSError, UnicodeDecodeError, PolicyError) as wrong:
            log.error("the force's own policy is not used", file=str(own), why=str(wrong)[:500])
    return compile_policy(shipped_policy(name))
