"""Whom a page or a form is about: a child, and the case it belongs to."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404

from kittiwake.access.doors import as_practitioner
from kittiwake.journal import knowing
from kittiwake.kernel.known import Actor
from kittiwake.kernel.pathway import REGISTER, Pathway
from kittiwake.kernel.rulebook import Rulebook
from kittiwake.pages.furniture import Who


@dataclass(frozen=True)
class CaseHead:
    """A case as its page's head needs it."""

    id: int
    uid: str
    ref: str
    pathway: Pathway
    stage: str
    grade: str | None
    policy_grade: str | None
    owner_id: int
    owner: Who
    opened_at: datetime
    closed_at: datetime | None
    is_active: bool
    group_uid: str | None
    mark: str

    @property
    def stage_name(self) -> str:
        """The stage in words."""
        return self.pathway.stage(self.stage).name


@dataclass(frozen=True)
class Subject:
    """A child as the pointer shows them, with the case a page is about, if any."""

    person: int
    uid: str
    name: str
    born_on: date | None
    lives_at: str
    level: str
    markers: tuple[str, ...]
    case: CaseHead | None = None


_CHILD = """
SELECT q.person_id, q.uid::text, q.name, q.born_on, q.lives_at, q.level, q.markers
FROM pointer q WHERE q.person_id = %s
"""
_CASE = """
SELECT c.id, c.uid::text, c.ref, c.pathway, c.stage, c.grade, c.policy_grade,
       c.owner_id, p.name, p.title, a.name, coalesce(nullif(p.phone, ''), t.phone, a.phone), p.rank,
       c.opened_at, c.closed_at, c.is_active, c.group_uid::text, c.mark
FROM case_file c JOIN practitioner p ON p.id = c.owner_id JOIN agency a ON a.id = p.agency_id
LEFT JOIN team t ON t.id = p.team_id WHERE c.person_id = %s AND c.uid = %s
"""


def person_of_case(actor: Actor, uid: UUID) -> int:
    """The child a case is about, before their door is opened. Raises Http404."""
    return _id(actor, "SELECT person_id FROM case_file WHERE uid = %s", uid)


def person_of_child(actor: Actor, uid: UUID) -> int:
    """The child with this uid, before their door is opened. Raises Http404."""
    return _id(actor, "SELECT coalesce(merged_into_id, id) FROM person WHERE uid = %s", uid)


def subject(person_id: int, case_uid: UUID | str | None = None) -> Subject:
    """The child, and the case if one is named. Call inside `as_practitioner`, after a door."""
    with connection.cursor() as cursor:
        cursor.execute(_CHILD, [person_id])
        found = cursor.fetchone()
        if found is None:
            raise Http404
        head = None
        if case_uid:
            cursor.execute(_CASE, [person_id, case_uid])
            if (row := cursor.fetchone()) is None:
                raise Http404
            head = _head(row)
    person, uid, name, born_on, lives_at, level, markers = found
    return Subject(person, uid, name, born_on, lives_at, level, tuple(json.loads(markers)), head)


def _id(actor: Actor, query: str, uid: UUID) -> int:
    with as_practitioner(actor), connection.cursor() as cursor:
        cursor.execute(query, [uid])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return int(row[0])


def _head(row: tuple[Any, ...]) -> CaseHead:
    id_, uid, ref, pathway, stage, grade, policy, owner, *rest = row
    return CaseHead(
        id_, uid, ref, REGISTER.pathways[pathway], stage, grade, policy, owner, Who(*rest[:5]),
        *rest[5:],
    )  # fmt: skip


def current_rulebook(now: datetime) -> Rulebook:
    """The rulebook in force now, with the force's own adopted rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rulebook_row")
        return knowing.rulebook(cursor.fetchone()[0], now.date())
