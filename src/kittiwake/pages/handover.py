"""Handover of a shift: what is open, what is new since the last one, what comes before the next.

Read without leases, like Missing now. Accepting it is an entry in each open episode, in the name
of whoever accepts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.access.roles import may
from kittiwake.journal.reading import ALL_CLOCKS, ClockLine
from kittiwake.journal.record import record
from kittiwake.kernel.questions import first
from kittiwake.pages import forms, missing_now, typed
from kittiwake.pages.furniture import Who, on_duty, who_is
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need
from kittiwake.pathways.missing.entries import ShiftAccepted

ACCEPTED = ShiftAccepted.kind
TELLING = (*missing_now.TELLING, missing_now.REVIEW, "missing.reported", "missing.returned",
           "clock.breached")  # fmt: skip

_ACTIONS = """
SELECT a.case_id, a.title, a.due_at FROM action a
WHERE a.case_id = ANY (%(cases)s) AND a.settled_at IS NULL AND a.owner_id = ANY (%(owners)s)
  AND a.due_at <= %(until)s ORDER BY a.due_at
"""
_UNTIL = """
SELECT max(until) FROM duty WHERE role = 'duty_inspector' AND from_at <= %(now)s
  AND until > %(now)s
UNION ALL
SELECT min(from_at) FROM duty WHERE role = 'duty_inspector' AND from_at > %(now)s
"""


@dataclass(frozen=True)
class Episode:
    """One open episode as it is handed over."""

    row: missing_now.Row
    accepted_at: datetime | None
    news: int
    news_at: datetime | None
    due: tuple[ClockLine, ...]
    actions: tuple[tuple[str, datetime], ...]

    @property
    def is_new(self) -> bool:
        """Whether anything came since the episode was last handed over."""
        return self.accepted_at is None or bool(self.news)


@dataclass(frozen=True)
class Handover:
    """A shift at the moment it is handed over."""

    episodes: list[Episode]
    last: datetime | None
    until: datetime | None

    @property
    def fresh(self) -> list[Episode]:
        """Those with something new since the last handover."""
        return [e for e in self.episodes if e.is_new]

    @property
    def coming(self) -> list[Episode]:
        """Those in which something runs out before the next handover, or has run out."""
        return [e for e in self.episodes if e.due or e.actions]


@require_http_methods(["GET", "HEAD", "POST"])
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """The handover page; accepting it records one entry in each episode that was shown."""
    need(request, ShiftAccepted.may)
    form = forms.Form(ShiftAccepted, typed.raw_of(request.POST), ask_when=False)
    with as_practitioner(request.actor):
        handover = read(request.now)
        log_look(request.actor, request.now, "handover",
                 [e.row.person_id for e in handover.episodes])  # fmt: skip
    if request.method == "POST":
        done = _accept(request, form, handover)
        if not form.problems:
            return redirect(f"{reverse('handover')}?accepted={done}")
    raw = {"accepted_by": [who_is(request.actor.id).called], **form.raw}
    page = {
        "handover": handover, "now": request.now, "me": request.actor, "problems": form.problems,
        "form": forms.Form(ShiftAccepted, raw, form.problems, ask_when=False), "wide": True,
        "ring": _ring(request), "accepted": request.GET.get("accepted", ""),
        "can_restricted": may(request.actor.roles, "child.open_restricted"),
    }  # fmt: skip
    return render(request, "missing/handover.html", page, status=422 if form.problems else 200)


def _ring(request: PractitionerRequest) -> Who | None:
    return on_duty("force_duty_officer", request.now)


def _accept(request: PractitionerRequest, form: forms.Form, handover: Handover) -> int:
    """One entry in each episode the page showed and that is still open; how many there were."""
    entry, form.problems = typed.read(ShiftAccepted, form.raw, request.now)
    if not first(form.raw, "handed_over_by"):
        form.problems["handed_over_by"] = "Enter who hands the shift over to you"
    if entry is None or form.problems:
        return 0
    shown = set(form.raw.get("case", []))
    base = UUID(form.submission)
    accepted = [e.row for e in handover.episodes if e.row.case_uid in shown]
    for row in accepted:
        record(entry, person=row.person_id, by=request.actor, at=request.now, case=row.case_uid,
               submission=uuid5(base, row.case_uid), group=base)  # fmt: skip
    return len(accepted)


def read(now: datetime) -> Handover:
    """The shift at an instant, in seven queries. Call inside `as_practitioner`."""
    board = missing_now.read(now, ALL_CLOCKS)
    rows = [*board.missing, *board.back]
    with connection.cursor() as cursor:
        cursor.execute(_UNTIL, {"now": now})
        until = min((at for (at,) in cursor.fetchall() if at), default=None)
        cursor.execute(
            "SELECT c.uid::text, n.looked_at, n.news, n.news_at, c.id "
            "FROM case_news((SELECT array_agg(id) FROM case_file WHERE uid = ANY (%s::uuid[])),"
            " %s, %s) n JOIN case_file c ON c.id = n.case_id",
            [[r.case_uid for r in rows], [ACCEPTED], list(TELLING)],
        )
        news = {row[0]: row[1:] for row in cursor.fetchall()}
        actions = _actions(cursor, news, rows, until or now)
    episodes = [_episode(row, news.get(row.case_uid), until or now, actions) for row in rows]
    last = max((e.accepted_at for e in episodes if e.accepted_at), default=None)
    return Handover(episodes, last, until)


def _actions(
    cursor: Any, news: dict[str, Any], rows: list[missing_now.Row], until: datetime
) -> dict[int, list[tuple[str, datetime]]]:
    """What the episodes' owners and this reader see of tasks that fall due, by case."""
    asked = {
        "cases": [n[3] for n in news.values()],
        "owners": [r.owner_id for r in rows],
        "until": until,
    }
    cursor.execute(_ACTIONS, asked)
    found: dict[int, list[tuple[str, datetime]]] = {}
    for case, title, due in cursor.fetchall():
        found.setdefault(case, []).append((title, due))
    return found


def _episode(
    row: missing_now.Row,
    news: tuple[Any, ...] | None,
    until: datetime,
    actions: dict[int, list[tuple[str, datetime]]],
) -> Episode:
    accepted_at, count, news_at, case_id = news or (None, 0, None, 0)
    due = tuple(
        c for c in row.clocks if c.case_uid == row.case_uid and c.due_at and c.due_at <= until
    )
    return Episode(row, accepted_at, count, news_at, due, tuple(actions.get(case_id, ())))
