"""Finding a child while somebody is still speaking: by parts of the name, by date of birth."""

import json
import re
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import Wrong, read_day
from kittiwake.people.names import parts

MOST = 12
_DAY = re.compile(r"\b(\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2})\b")
_YEAR = re.compile(r"\b(20[0-2]\d)\b")

_MATCHES = """
SELECT q.person_id, q.uid::text, q.name, q.born_on, q.lives_at, q.level, q.markers,
       c.uid::text, c.ref, c.opened_at
FROM pointer q
LEFT JOIN case_file c ON c.person_id = q.person_id AND c.is_active
WHERE (cardinality(%(parts)s::text[]) > 0 AND (' ' || q.name_key) LIKE ALL (%(parts)s))
   OR q.born_on = %(born)s
ORDER BY (CASE WHEN (' ' || q.name_key) LIKE ALL (%(parts)s) THEN 0 ELSE 2 END)
         + (CASE WHEN q.born_on = %(born)s OR extract(year FROM q.born_on) = %(year)s
            THEN 0 ELSE 1 END), q.name, q.person_id
LIMIT %(most)s
"""


@dataclass(frozen=True)
class Match:
    """A child who may be meant, as the pointer shows them."""

    person_id: int
    uid: str
    name: str
    born_on: date | None
    lives_at: str
    level: str
    markers: tuple[str, ...]
    case_uid: str | None
    case_ref: str | None
    missing_since: datetime | None


_FIELDS = tuple(f.name for f in fields(Match))


def look_for(actor: Actor, text: str, now: datetime) -> list[Match]:
    """Children whose name has every part typed, or who were born on the day typed; logged."""
    wanted = _wanted(text)
    if not wanted["parts"] and wanted["born"] is None:
        return []
    with as_practitioner(actor):
        with connection.cursor() as cursor:
            cursor.execute(_MATCHES, wanted)
            rows = cursor.fetchall()
        found = [
            Match(**{**dict(zip(_FIELDS, row, strict=True)), "markers": tuple(json.loads(row[6]))})
            for row in rows
        ]
        log_look(actor, now, "search for a child", [m.person_id for m in found])
    return found


def _wanted(text: str) -> dict[str, Any]:
    day, year = _DAY.search(text), _YEAR.search(text)
    born = None
    if day:
        try:
            born = read_day(day[0])
        except Wrong:
            born = None
    words = _YEAR.sub(" ", _DAY.sub(" ", text))
    return {
        "parts": [f"% {part}%" for part in parts(words)],
        "born": born,
        "year": born.year if born else int(year[1]) if year else None,
        "most": MOST,
    }
