"""Where partners' lists of markers and ours differ: each with an owner, until somebody explains."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need

MOST = 200

_DIFFERENCES = """
SELECT d.uid::text, d.type, d.what, d.feed, a.name, q.uid::text, q.name, q.born_on,
       o.name, coalesce(nullif(o.phone, ''), ''), d.owner_id = %(me)s, d.found_at,
       d.explained_at, x.name, d.reason, l.from_on, l.until_on, d.person_id
FROM marker_difference d JOIN agency a ON a.id = d.agency_id
JOIN pointer q ON q.person_id = d.person_id JOIN practitioner o ON o.id = d.owner_id
LEFT JOIN practitioner x ON x.id = d.explained_by_id
LEFT JOIN listed_marker l ON l.feed = d.feed AND l.person_id = d.person_id AND l.type = d.type
     AND l.gone_at IS NULL
WHERE d.gone_at IS NULL
ORDER BY d.explained_at IS NOT NULL, d.found_at, q.name_key LIMIT %(most)s
"""
_LISTS = """
SELECT l.feed, a.name, count(*) FILTER (WHERE l.gone_at IS NULL), max(l.listed_at)
FROM listed_marker l JOIN agency a ON a.id = l.agency_id GROUP BY 1, 2 ORDER BY 4
"""


@dataclass(frozen=True)
class Difference:
    """One difference about one child, whose it is to look at, and why it stands if explained."""

    uid: str
    type: str
    what: str
    feed: str
    agency: str
    child_uid: str
    child: str
    born_on: date | None
    owner: str
    owner_phone: str
    is_mine: bool
    found_at: datetime
    explained_at: datetime | None
    explained_by: str
    reason: str
    from_on: date | None
    until_on: date | None
    person: int


@dataclass(frozen=True)
class List:
    """A partner's list: how many it holds, and from when it is."""

    feed: str
    agency: str
    count: int
    listed_at: datetime


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """Every difference, the oldest that nobody has explained first."""
    need(request, "flag.reconcile")
    return _page(request)


@require_POST
@practitioner_required
def explain(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """Say why a difference stands: by its owner, or whoever looks after the lists."""
    reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())
    if not reason:
        return _page(request, str(uid))
    with as_practitioner(request.actor, durable=True), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE marker_difference SET explained_at = %s, explained_by_id = %s, reason = %s "
            "WHERE uid = %s AND gone_at IS NULL",
            [request.now, request.actor.id, reason[:400], uid],
        )
        if not cursor.rowcount:
            raise Http404
    return redirect("differences")


def _page(request: PractitionerRequest, wanting: str = "") -> HttpResponse:
    with as_practitioner(request.actor), connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, {"me": request.actor.id, "most": MOST + 1})
        found = [_difference(row) for row in cursor.fetchall()]
        if wanting and wanting not in {each.uid for each in found}:
            raise Http404
        cursor.execute(_LISTS)
        lists = [List(*row) for row in cursor.fetchall()]
        log_look(request.actor, request.now, "differences", {each.person for each in found})
    page = {
        "unexplained": [d for d in found[:MOST] if d.explained_at is None],
        "explained": [d for d in found[:MOST] if d.explained_at],
        "more": len(found) > MOST,
        "lists": lists,
        "wanting": wanting,
        "problems": {f"reason-{wanting}": "Say why"} if wanting else {},
        "now": request.now,
        "wide": True,
    }
    return render(request, "differences/list.html", page, status=422 if wanting else 200)


def _difference(row: tuple[Any, ...]) -> Difference:
    feed = row[3].removeprefix("markers of ")
    said: Any = (*row[:3], feed, *row[4:13], row[13] or "", *row[14:])
    return Difference(*said)
