"""Possible matches: two records that may be one person, compared side by side and decided."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kittiwake.access.doors import as_practitioner, log_look, open_door
from kittiwake.journal import linking
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.people.side_by_side import Side, sides

MOST = 100
WHY = {
    "link": "Say how you know that they are one person",
    "apart": "Say how you know that they are two people",
    "unlink": "Say how you know that they are two people",
}
_MATCHES = """
SELECT m.uid::text, m.person_id, m.other_id, m.reasons, m.probability, m.found_at, m.settled_at,
       m.outcome, a.name, b.name, w.name, s.name
FROM possible_match m
LEFT JOIN pointer a ON a.person_id = m.person_id LEFT JOIN pointer b ON b.person_id = m.other_id
LEFT JOIN practitioner w ON w.id = m.owner_id LEFT JOIN practitioner s ON s.id = m.settled_by_id
"""


@dataclass(frozen=True)
class Match:
    """Two records that may be one person; names are empty where a record is restricted."""

    uid: str
    one: int
    two: int
    reasons: list[str]
    probability: float | None
    found_at: datetime
    settled_at: datetime | None
    outcome: str
    name: str
    other_name: str
    owner: str
    settled_by: str


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """Everything that waits to be compared, longest first; and what was decided lately."""
    need(request, "people.link")
    with as_practitioner(request.actor):
        waiting = _read("WHERE m.settled_at IS NULL ORDER BY m.found_at, m.id LIMIT %s", MOST + 1)
        settled = _read("WHERE m.settled_at IS NOT NULL ORDER BY m.settled_at DESC LIMIT 20")
        people = [p for m in (*waiting, *settled) for p in (m.one, m.two)]
        log_look(request.actor, request.now, "possible matches", people)
    page = {
        "waiting": waiting[:MOST], "more": len(waiting) > MOST, "settled": settled,
        "now": request.now, "wide": True,
    }  # fmt: skip
    return render(request, "matches/list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def one(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """Two records side by side: link them, keep them apart, or undo a link; with a reason."""
    need(request, "people.link")
    with as_practitioner(request.actor):
        found = _read("WHERE m.uid = %s", uid)
    if not found:
        raise Http404
    match = found[0]
    open_door(request.actor, [match.one, match.two], "checking")
    problem, do = "", request.POST.get("do", "")
    reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())
    if request.method == "POST":
        problem = _decide(request, match, do, reason)
        if not problem:
            return redirect("match", uid)
    with as_practitioner(request.actor):
        left, right = sides([match.one, match.two])
        log_look(request.actor, request.now, "a possible match", [match.one, match.two])
    page = {
        "match": match, "left": left, "right": right, "lines": _lines(left, right),
        "now": request.now, "problem": problem, "reason": reason, "wide": True,
    }  # fmt: skip
    return render(request, "matches/one.html", page, status=422 if problem else 200)


def _decide(request: PractitionerRequest, match: Match, do: str, reason: str) -> str:
    """Record what was decided; what is still to do, or nothing."""
    allowed = {"": ("link", "apart"), "linked": ("unlink",), "kept apart": ("link",)}
    if do not in allowed[match.outcome]:
        return "Somebody has decided this meanwhile. Look at it again"
    if not reason:
        return WHY[do]
    decide = {"link": linking.link, "apart": linking.keep_apart, "unlink": linking.unlink}[do]
    decide(match.one, match.two, reason[:2000], by=request.actor, at=request.now)
    return ""


def _read(where: str, *values: Any) -> list[Match]:
    with connection.cursor() as cursor:
        cursor.execute(_MATCHES + where, values)
        return [_match(row) for row in cursor.fetchall()]


def _match(row: tuple[Any, ...]) -> Match:
    uid, one, two, reasons, probability, found_at, settled_at, outcome, *names = row
    said = json.loads(reasons) if isinstance(reasons, str) else list(reasons)
    name, other, owner, settled_by = (each or "" for each in names)
    return Match(uid, one, two, said, probability, found_at, settled_at, outcome,
                 name, other, owner, settled_by)  # fmt: skip


def _lines(left: Side, right: Side) -> list[tuple[str, str, str, str]]:
    """What each side says, line by line, and whether they agree: same, other or one-sided."""
    lines = []
    for what in dict.fromkeys((*left.said, *right.said)):
        a, b = left.said.get(what, ""), right.said.get(what, "")
        how = "one" if not (a and b) else "same" if a.casefold() == b.casefold() else "other"
        lines.append((what, a, b, how))
    return lines
