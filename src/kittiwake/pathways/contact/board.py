"""The queue of calls in which there is a child, ordered by risk and by how long each has waited.

Read without leases (cases, pointers, clocks, kinds and times of entries, never words), in a fixed
number of queries. Call inside `as_practitioner`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection

from kittiwake.journal.reading import ClockLine, clock_lines
from kittiwake.pathways.contact.pathway import CONTACT
from kittiwake.pathways.contact.stages import BEFORE

WEIGHT = {"high": 4, "medium": 2, "low": 1}
"""How fast a call ages: an hour at high weighs as much as two at medium and four at low."""
UNKNOWN = WEIGHT["high"]  # unknown is not low
RECENT = timedelta(hours=24)
FIRST = 2

_CASES = """
SELECT c.id, c.uid::text, c.ref, c.stage, c.grade, c.opened_at, c.closed_at, c.person_id,
       q.name, q.born_on, q.lives_at, q.markers, c.group_uid::text,
       p.id, p.name, p.title, a.name, coalesce(nullif(p.phone, ''), t.phone, a.phone), p.rank,
       EXISTS (SELECT 1 FROM clock k WHERE k.case_id = c.id AND k.rule = 'CLK-01'
               AND k.stopped_at IS NULL),
       (SELECT min(k.started_at) FROM clock k WHERE k.case_id = c.id AND k.rule = 'CLK-04'
               AND k.stopped_at IS NULL),
       EXISTS (SELECT 1 FROM case_file m WHERE m.person_id = c.person_id AND m.is_active)
FROM case_file c
JOIN practitioner p ON p.id = c.owner_id JOIN agency a ON a.id = p.agency_id
LEFT JOIN team t ON t.id = p.team_id
LEFT JOIN pointer q ON q.person_id = c.person_id
WHERE c.pathway = 'contact' AND NOT c.is_history
  AND (c.closed_at IS NULL OR c.closed_at > %(since)s)
"""
_KINDS = "SELECT case_id, kinds FROM case_news(%s, '{}', '{}')"
CHANGED = """
SELECT count(DISTINCT c.id) FROM case_file c
LEFT JOIN escalation x ON x.person_id = c.person_id AND x.raised_at > %(seen)s
WHERE c.pathway = 'contact' AND NOT c.is_history
  AND (c.closed_at IS NULL OR c.closed_at > %(seen)s)
  AND (c.changed_at > %(seen)s OR x.id IS NOT NULL)
"""


@dataclass(frozen=True)
class Job:
    """One call about one child; `child` is empty where the record is restricted."""

    case_uid: str
    ref: str
    stage: str
    stage_key: str
    grade: str | None
    opened_at: datetime
    closed_at: datetime | None
    person_id: int
    child: str
    born_on: date | None
    lives_at: str
    markers: tuple[str, ...]
    group: str | None
    owner_id: int
    owner: tuple[Any, ...]
    thrive_due: bool
    waiting_for_health: datetime | None
    is_missing: bool
    kinds: frozenset[str]
    clocks: tuple[ClockLine, ...]
    now: datetime
    others: int = 0

    @property
    def waited(self) -> timedelta:
        """How long the child has waited for a result."""
        return self.now - self.opened_at

    @property
    def age(self) -> float:
        """Risk times waiting: what the queue is ordered by."""
        weight = UNKNOWN if self.thrive_due else WEIGHT.get(self.grade or "", UNKNOWN)
        return self.waited.total_seconds() * weight

    @property
    def is_unsent(self) -> bool:
        """Whether nobody has been sent and nobody has said why not."""
        return self.stage_key in BEFORE

    @property
    def next(self) -> ClockLine | None:
        """The clock that breaks, or broke, first."""
        return next((c for c in self.clocks if c.due_at), None)

    @cached_property
    def lacks(self) -> list[str]:
        """What is still to be done, the first thing first: why this one is next."""
        said = [
            (self.thrive_due, "THRIVE not done"),
            (self.is_unsent, "nobody sent"),
            (self._has("deployed") and not self._has("officer_told"), "officer not told"),
            (not self._has("roster"), "children not named"),
            (not self._has("checked"), "address not checked"),
            (self._has("deployed") and not self._has("resulted"), "no result yet"),
            (self._has("resulted") and not self._has("pvp_linked", "pvp_not_sent"), "no PVP yet"),
        ]
        return [what for is_so, what in said if is_so]

    @property
    def is_exempt(self) -> bool:
        """Whether THRIVE was left out because somebody was on the way."""
        return self._has("exempted")

    def _has(self, *names: str) -> bool:
        return bool(self.kinds & {f"contact.{name}" for name in names})


@dataclass(frozen=True)
class Queue:
    """The calls that wait, those being answered, and those closed lately."""

    unsent: list[Job]
    going: list[Job]
    closed: list[Job]

    @property
    def people(self) -> set[int]:
        """Everybody shown, restricted ones included."""
        return {j.person_id for j in (*self.unsent, *self.going, *self.closed)}

    @property
    def results(self) -> list[tuple[int, str]]:
        """What was not done, and for how many; exemptions are counted, whatever became of them."""
        live = [*self.unsent, *self.going]
        said = [
            (sum(j.thrive_due for j in live), "without THRIVE"),
            (len(self.unsent), "with nobody sent"),
            (sum("officer not told" in j.lacks for j in live), "whose officer was not told"),
            (
                sum(j.waiting_for_health is not None for j in live),
                "with officers waiting for health",
            ),
            (sum(j.is_exempt for j in (*live, *self.closed)), "with THRIVE left out"),
        ]
        return [(n, what) for n, what in said if n]


def read(now: datetime) -> Queue:
    """The queue at an instant, in four queries."""
    with connection.cursor() as cursor:
        cursor.execute(_CASES, {"since": now - RECENT})
        cases = cursor.fetchall()
        cursor.execute(_KINDS, [[c[0] for c in cases]])
        kinds = dict(cursor.fetchall())
    clocks: dict[str | None, list[ClockLine]] = {}
    for line in clock_lines({c[7] for c in cases if c[6] is None}, now, FIRST, "contact"):
        clocks.setdefault(line.case_uid, []).append(line)
    jobs = [_job(c, kinds.get(c[0]) or (), clocks.get(c[1], ()), cases, now) for c in cases]
    jobs.sort(key=lambda j: (-j.age, j.ref))
    live = [j for j in jobs if j.closed_at is None]
    return Queue(
        [j for j in live if j.is_unsent],
        [j for j in live if not j.is_unsent],
        sorted((j for j in jobs if j.closed_at), key=lambda j: j.closed_at or now, reverse=True),
    )


def _job(
    case: tuple[Any, ...],
    kinds: Iterable[str],
    clocks: Iterable[ClockLine],
    cases: list[tuple[Any, ...]],
    now: datetime,
) -> Job:
    return Job(
        case_uid=case[1],
        ref=case[2],
        stage=CONTACT.stage(case[3]).name,
        stage_key=case[3],
        grade=case[4],
        opened_at=case[5],
        closed_at=case[6],
        person_id=case[7],
        child=case[8] or "",
        born_on=case[9],
        lives_at=case[10] or "",
        markers=tuple(json.loads(case[11])) if case[11] else (),
        group=case[12],
        owner_id=case[13],
        owner=case[14:19],
        thrive_due=case[19],
        waiting_for_health=case[20],
        is_missing=case[21],
        kinds=frozenset(kinds),
        clocks=tuple(clocks),
        now=now,
        others=sum(c[12] == case[12] for c in cases) - 1 if case[12] else 0,
    )
