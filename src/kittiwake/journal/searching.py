"""Finding a child: who may be meant, with what is on the boards about them; logged as a look.

A restricted record appears as such, so that nobody takes it for “not on file”.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.kernel.known import Actor
from kittiwake.kernel.pathway import REGISTER
from kittiwake.people.asking import Asked
from kittiwake.people.comparing import OTHER, OTHER_DAY, OTHER_HOME, SOUND, is_whole
from kittiwake.people.finding import Possible, who_is

MOST = 50
"""More than this is no answer: the page asks for another part of the name."""
LIKELY = 0.05
"""Who is at least so probable is shown, whatever disagrees."""

HOW = {
    "nhs": "NHS number",
    "upn": "pupil number",
    "pnc": "PNC id",
    "case": "case reference",
    "incident": "incident number",
}
_FOUND = """
SELECT s.person_id, s.uid::text, s.is_restricted,
       q.name, q.born_on, q.lives_at, q.level, q.markers,
       c.uid::text, c.ref, c.pathway, c.stage, c.is_active, c.opened_at
FROM seen_people(%s::bigint[]) s
LEFT JOIN pointer q ON q.person_id = s.person_id
LEFT JOIN LATERAL (SELECT x.* FROM case_file x WHERE x.person_id = s.person_id
                   AND x.closed_at IS NULL ORDER BY x.is_active DESC, x.opened_at DESC LIMIT 1) c
     ON true
"""


@dataclass(frozen=True)
class Found:
    """One child a search is about; without a name or reasons where the record is restricted."""

    person_id: int
    uid: str | None
    how: str
    name: str
    born_on: date | None
    lives_at: str
    level: str
    markers: tuple[str, ...]
    case_uid: str | None
    case_ref: str
    stage: str
    is_missing: bool
    since: datetime | None
    probability: float | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What a search found, and how probable it is that the child is not on file."""

    found: tuple[Found, ...] = ()
    not_on_file: float | None = None
    model: str = ""


def look_for(actor: Actor, asked: Asked, now: datetime, most: int = MOST + 1) -> Result:
    """The children a search is about, most probable first; logged with their ids."""
    if asked.is_empty:
        return Result()
    with as_practitioner(actor):
        if asked.number:
            hows, people, result = _numbered(asked.number), [], Result()
        else:
            answer = who_is(asked.question, most)
            people = [p for p in answer.people if _is_shown(p, asked)]
            hows = {p.person: "" for p in people}
            result = Result((), answer.not_on_file, answer.model)
        rows = _rows(list(hows))
        log_look(actor, now, "search", [row[0] for row in rows])
    by_person = {p.person: p for p in people}
    found = tuple(_found(row, hows[row[0]], by_person.get(row[0])) for row in rows)
    found = tuple(sorted(found, key=lambda f: _order(f, by_person.get(f.person_id))))[:most]
    return Result(found, result.not_on_file, result.model)


def _order(f: Found, p: Possible | None) -> tuple[float, str]:
    return -round(p.probability, 4) if p else 0.0, f.name


def _is_shown(p: Possible, asked: Asked) -> bool:
    """Whoever is probable, and whoever every word that was typed fits."""
    a = p.agreement
    if p.probability >= LIKELY:
        return True
    names = [level for level in (a.given, a.family) if level is not None]
    if OTHER in names:
        return False
    if a.born == OTHER_DAY:
        return is_whole(asked.born) and bool(names) and max(names) <= SOUND
    return bool(names) or a.born is not None or a.home not in (None, OTHER_HOME)


def _numbered(number: str) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, how FROM find_people(%s)", [number])
        return {person: HOW.get(how, how) for person, how in cursor.fetchall()}


def _rows(people: list[int]) -> list[tuple[Any, ...]]:
    if not people:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [people])
        return list(cursor.fetchall())


def _found(row: tuple[Any, ...], how: str, p: Possible | None) -> Found:
    is_hidden = row[3] is None and row[1] is None
    return Found(
        person_id=row[0],
        uid=row[1],
        how=how,
        name=row[3] or "",
        born_on=row[4],
        lives_at=row[5] or "",
        level=row[6] or "",
        markers=tuple(json.loads(row[7])) if row[7] else (),
        case_uid=row[8],
        case_ref=row[9] or "",
        stage=REGISTER.pathways[row[10]].stage(row[11]).name if row[10] else "",
        is_missing=bool(row[12]),
        since=row[13],
        probability=p.probability if p and not is_hidden else None,
        reasons=p.reasons if p and not is_hidden else (),
    )
