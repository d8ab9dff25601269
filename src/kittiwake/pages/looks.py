"""The access log: who opened which child's record, why and when, and who was refused."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.kernel.pathway import REGISTER
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need

MOST = 200
KINDS = {
    "opened": "Opened a record",
    "refused": "Was refused",
    "looked": "Saw on a board or in a search",
    "recording": "Opened to record",
}

ASKED = {"child.open": "To open the record", "child.find": "To search"}

_LOG = """
WITH log AS (
    SELECT CASE WHEN purpose = 'recording' THEN 'recording' ELSE 'opened' END AS kind,
           opened_at AS at, practitioner_id, ARRAY[person_id] AS people, purpose AS what
      FROM lease
    UNION ALL
    SELECT 'refused', at, practitioner_id, ARRAY[person_id],
           what || ': ' || coalesce((SELECT string_agg(x, '; ') FROM jsonb_array_elements_text(
               CASE WHEN jsonb_typeof(reasons) = 'array' THEN reasons ELSE '[]' END) x), '')
      FROM refusal
    UNION ALL
    SELECT 'looked', at, practitioner_id, people, what FROM look WHERE what <> 'child'
)
SELECT l.kind, l.at, p.name, p.title, p.rank, a.name, l.what, cardinality(l.people),
       q.uid::text, q.name, one.uid::text
FROM log l
JOIN practitioner p ON p.id = l.practitioner_id JOIN agency a ON a.id = p.agency_id
LEFT JOIN person one ON cardinality(l.people) = 1 AND one.id = l.people[1]
LEFT JOIN pointer q ON q.person_id = one.id
WHERE l.kind = ANY (%(kinds)s)
  AND (%(child)s::bigint IS NULL OR %(child)s = ANY (l.people))
  AND (%(who)s::uuid IS NULL OR p.uid = %(who)s)
ORDER BY l.at DESC LIMIT %(most)s
"""
_PRACTITIONERS = """
SELECT p.uid::text, p.name, a.name FROM practitioner p JOIN agency a ON a.id = p.agency_id
WHERE NOT p.is_system ORDER BY p.name
"""
_CHILD = """
SELECT p.id, coalesce(q.name, 'Restricted record') FROM person p
LEFT JOIN pointer q ON q.person_id = p.id WHERE p.uid = %s
"""


@dataclass(frozen=True)
class Look:
    """One line of the log."""

    kind: str
    at: datetime
    by: str
    agency: str
    what: str
    children: int
    child_uid: str | None
    child: str


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """The access log, narrowed to a child, a practitioner and what was done."""
    need(request, "access.read_log")
    kinds = [k for k in request.GET.getlist("kind") if k in KINDS] or ["opened", "refused"]
    child, who = _uuid(request.GET.get("child")), _uuid(request.GET.get("who"))
    with as_practitioner(request.actor), connection.cursor() as cursor:
        cursor.execute(_CHILD, [child])
        about = cursor.fetchone() if child else None
        if child and about is None:
            about = (-1, "Nobody with this address")
        chosen = {"kinds": kinds, "child": about and about[0], "who": who, "most": MOST + 1}
        cursor.execute(_LOG, chosen)
        lines = [_line(row) for row in cursor.fetchall()]
        cursor.execute(_PRACTITIONERS)
        practitioners = cursor.fetchall()
        log_look(request.actor, request.now, "access log", [about[0]] if about else [])
    extra = {
        "lines": lines[:MOST],
        "more": len(lines) > MOST,
        "kinds": KINDS,
        "chosen": kinds,
        "about": about,
        "child": child,
        "who": str(who or ""),
        "practitioners": practitioners,
        "now": request.now,
        "wide": True,
    }
    return render(request, "looks/log.html", extra)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _line(row: tuple[str, datetime, str, str, int, str, str, int, str, str, str]) -> Look:
    kind, at, name, title, rank, agency, what, children, _, child, child_uid = row
    by = f"{title} {name}" if rank else name
    said = _refused(what) if kind == "refused" else what
    return Look(kind, at, by, agency, said, children, child_uid, child or "Restricted record")


def _refused(what: str) -> str:
    """What was asked for and why it was refused, in words."""
    asked, _, why = what.partition(": ")
    kind = REGISTER.kinds.get(asked)
    wanted = kind.title if kind else ASKED.get(asked, asked)
    return f"{wanted}: {why.replace('_', ' ')}" if why else wanted
