"""Reading plans: where each stands, and what it says to whoever may read it.

Call inside `as_practitioner`; the words of a plan need a door besides.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from kittiwake.journal.reading import Line, chronology
from kittiwake.kernel.plans import PLAN_NAMES, PlanKind, PlanNow, PlanState, newest_draft, opening

_PLANS = """
SELECT l.id, l.uid::text, l.kind, l.version, l.state, l.lines, l.author_id, l.in_force_from,
       l.review_at, l.activations, l.entry_id, p.name, l.written_at, q.name, l.ended_at
FROM plan l JOIN practitioner p ON p.id = l.author_id
LEFT JOIN practitioner q ON q.id = l.approved_by_id
WHERE l.person_id = %s AND l.written_at <= %s ORDER BY l.kind DESC, l.version DESC
"""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a plan, without its words."""

    plan: PlanNow
    state: PlanState
    entry_id: int
    author: str
    written_at: datetime
    approver: str
    ended_at: datetime | None

    @property
    def called(self) -> str:
        """Its name as people say it: trigger plan, version 3."""
        return f"{PLAN_NAMES[self.plan.kind]}, version {self.plan.version}"

    @property
    def in_words(self) -> str:
        """Whether it is in date, in words."""
        if self.state.in_date:
            return "in date"
        return "out of date" if self.state is PlanState.REVIEW_DUE else self.state.value


@dataclass(frozen=True, slots=True)
class Plans:
    """Every version of a child's plans, newest first."""

    versions: tuple[Version, ...]
    now: datetime

    def in_force(self, kind: PlanKind) -> Version | None:
        """The version that opens with a report now."""
        return self._of(opening((v.plan for v in self.versions), kind, self.now))

    def draft(self, kind: PlanKind) -> Version | None:
        """The draft that waits for approval."""
        return self._of(newest_draft((v.plan for v in self.versions), kind))

    def _of(self, plan: PlanNow | None) -> Version | None:
        return next((v for v in self.versions if plan and v.plan.id == plan.id), None)


def plans_of(person: int, now: datetime) -> Plans:
    """The plans of a child and where each stands: one query, no words."""
    with connection.cursor() as cursor:
        cursor.execute(_PLANS, [person, now])
        return Plans(tuple(_version(row, now) for row in cursor.fetchall()), now)


def _version(row: tuple[Any, ...], now: datetime) -> Version:
    id_, uid, kind, version, state, lines, author, from_at, review_at, activations = row[:10]
    plan = PlanNow(id_, uid, kind, version, state, lines, author, from_at, review_at, activations)
    return Version(plan, plan.stands(now), row[10], row[11], row[12], row[13] or "", row[14])


def words_of(person: int, version: Version, now: datetime) -> Line | None:
    """What a version says, corrections and all, to this reader. Needs a door."""
    lines = chronology(person, now, entry=version.entry_id)
    return next((line for line in lines if line.entry_id == version.entry_id), None)
