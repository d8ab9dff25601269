"""Missing now: every child who is missing, the next promise about to break, and whose it is.

Read without leases (case, pointer, clocks and the times of entries, never words), in a fixed
number of queries; what was shown is logged with the children's ids.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.access.roles import may
from kittiwake.journal.reading import ClockLine, clock_lines
from kittiwake.kernel.effects import GRADES
from kittiwake.kernel.pathway import REGISTER
from kittiwake.pages.furniture import Who, on_duty
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need

_LOG = logging.getLogger(__name__)

PATHWAY = "missing"
RECENT = timedelta(hours=24)
FIRST = 2
"""Clocks computed for each case; what more has run out is counted from the stored due times."""
REVIEW, ACKNOWLEDGED, PLAN = (
    "missing.reviewed",
    "missing.supervisor_acknowledged",
    "missing.plan_recorded",
)
TELLING = (
    "missing.information_added",
    "missing.risk_assessed",
    "missing.social_care_told",
    "planning.episode_told",
    "planning.lines_settled",
    "missing.lower_grade_proposed",
    "missing.grade_raised",
    "missing.handed_over",
    "missing.located",
    "action.settled",
    "flag.raised",
    "journal.corrected",
)
"""Kinds that tell the owner something; acknowledging or running out of time does not."""
NEWS = {
    "missing.information_added": "information",
    "missing.risk_assessed": "a risk assessment",
    "missing.social_care_told": "social care told",
    "planning.episode_told": "what the carer checked",
    "planning.lines_settled": "lines of the plan answered",
    "missing.lower_grade_proposed": "a lower grade proposed",
    "missing.grade_raised": "the grade raised",
    "missing.handed_over": "handed over",
    "missing.located": "located",
    "action.settled": "an action settled",
    "flag.raised": "a marker raised",
    "journal.corrected": "a correction",
}

_CASES = """
SELECT c.id, c.uid::text, c.ref, c.stage, c.is_active, c.grade, c.opened_at, c.closed_at,
       c.person_id, q.uid::text, q.name, q.born_on, q.lives_at, q.level, q.markers,
       p.id, p.name, p.title, a.name, coalesce(nullif(p.phone, ''), t.phone, a.phone), p.rank,
       k.overdue, (SELECT min(w.due_at) FROM clock w WHERE w.person_id = c.person_id
                   AND w.rule = 'CLK-22' AND w.stopped_at IS NULL), l.version, l.review_at
FROM case_file c
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE r.due_at <= %(now)s AND r.paused_at IS NULL) AS overdue
    FROM clock r WHERE r.case_id = c.id AND r.stopped_at IS NULL AND NOT r.is_history) k ON true
JOIN practitioner p ON p.id = c.owner_id JOIN agency a ON a.id = p.agency_id
LEFT JOIN team t ON t.id = p.team_id
LEFT JOIN pointer q ON q.person_id = c.person_id
LEFT JOIN plan l ON l.person_id = c.person_id AND l.kind = 'trigger' AND l.state = 'approved'
     AND l.ended_at IS NULL AND l.in_force_from <= %(now)s
WHERE c.pathway = %(pathway)s AND NOT c.is_history
  AND (c.closed_at IS NULL OR c.closed_at > %(since)s)
"""
_NEWS = "SELECT case_id, looked_at, news, news_kind, news_at, kinds FROM case_news(%s, %s, %s)"
_CHANGED = """
SELECT count(DISTINCT c.id) FROM case_file c
LEFT JOIN escalation x ON x.person_id = c.person_id AND x.raised_at > %(seen)s
WHERE c.pathway = %(pathway)s AND NOT c.is_history
  AND (c.closed_at IS NULL OR c.closed_at > %(seen)s)
  AND (c.changed_at > %(seen)s OR x.id IS NOT NULL)
"""


@dataclass(frozen=True)
class Row:
    """One episode on the board; `child` is empty where the record is restricted."""

    case_uid: str
    ref: str
    stage: str
    stage_key: str
    is_active: bool
    grade: str | None
    opened_at: datetime
    closed_at: datetime | None
    person_id: int
    child_uid: str | None
    child: str
    born_on: date | None
    lives_at: str
    level: str
    markers: tuple[str, ...]
    owner_id: int
    owner: Who
    overdue: int
    plan_due: datetime | None
    plan_version: int | None
    plan_review: datetime | None
    clocks: tuple[ClockLine, ...]
    looked_at: datetime | None
    news: int
    news_of: str
    news_at: datetime | None
    kinds: frozenset[str]

    @property
    def next(self) -> ClockLine | None:
        """The clock that breaks, or broke, first."""
        return next((c for c in self.clocks if c.due_at), None)

    @property
    def policy_says(self) -> str:
        """The policy's level where a person's grade is below it; else empty."""
        above = {"very_high": 3} | {g: n for n, g in enumerate(GRADES)}
        if self.grade is None or above.get(self.level, -1) <= above[self.grade]:
            return ""
        return self.level

    @property
    def is_acknowledged(self) -> bool:
        """Whether a supervisor has acknowledged the report (CLK-11)."""
        return bool(self.kinds & {ACKNOWLEDGED, REVIEW})

    def plan_said(self, now: datetime) -> str:
        """Whether the child's trigger plan is in date, in words."""
        if self.plan_version is not None:
            out = self.plan_review is not None and self.plan_review <= now
            return f"plan {'out of date' if out else 'in date'}"
        if self.plan_due is None:
            return "no plan" if PLAN not in self.kinds else "plan kept elsewhere"
        return "no plan, overdue" if self.plan_due <= now else "no plan yet, one is due"


@dataclass(frozen=True)
class Board:
    """The three lists, and what is said above them."""

    missing: list[Row]
    back: list[Row]
    closed: list[Row]

    @property
    def people(self) -> set[int]:
        """Everybody shown, restricted ones included."""
        return {r.person_id for r in (*self.missing, *self.back, *self.closed)}

    @property
    def results(self) -> list[tuple[int, str]]:
        """What was not done yet, and for how many: results, not counts alone."""
        rows = self.missing
        below = sum(bool(r.policy_says) for r in rows)
        said = [
            (sum(not r.is_acknowledged for r in rows), "not yet acknowledged by a supervisor"),
            (sum(REVIEW not in r.kinds for r in rows), "not yet reviewed by an inspector"),
            (sum(bool(r.overdue) for r in rows), "with a clock that has run out"),
            (below, "graded below the policy"),
            (sum(bool(r.news) for r in rows), "with news since the last review"),
        ]
        return [(n, what) for n, what in said if n]


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """The board."""
    need(request, "board.missing")
    try:
        with as_practitioner(request.actor):
            board = read(request.now)
            log_look(request.actor, request.now, "missing now", board.people)
    except DatabaseError as error:
        _LOG.error("board failed", extra={"error": type(error).__name__})
        return render(request, "missing/failed.html", {"now": request.now}, status=503)
    extra = {
        "board": board,
        "now": request.now,
        "me": request.actor,
        "ring": on_duty("force_duty_officer", request.now),
        "may_report": may(request.actor.roles, "missing.report"),
        "can_restricted": may(request.actor.roles, "child.open_restricted"),
        "wide": True,
    }
    return render(request, "missing/board.html", extra)


@require_safe
@practitioner_required
def version(request: PractitionerRequest) -> HttpResponse:
    """How many episodes changed since an open board was made: asked every 15 seconds."""
    need(request, "board.missing")
    try:
        seen = datetime.fromisoformat(request.GET.get("seen", ""))
    except ValueError:
        seen = request.now
    with as_practitioner(request.actor), connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"pathway": PATHWAY, "seen": seen})
        (changed,) = cursor.fetchone()
    return render(request, "missing/changed.html", {"changed": changed})


def read(now: datetime, first: int = FIRST) -> Board:
    """The board at an instant, in four queries, with the first clocks of each episode.

    Call inside `as_practitioner`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CASES, {"pathway": PATHWAY, "since": now - RECENT, "now": now})
        cases = cursor.fetchall()
        cursor.execute(_NEWS, [[c[0] for c in cases], [REVIEW], list(TELLING)])
        news = {row[0]: row[1:] for row in cursor.fetchall()}
    people = {c[8] for c in cases if c[7] is None}
    clocks = _by_case(cases, clock_lines(people, now, first, PATHWAY))
    rows = [_row(case, news.get(case[0]), tuple(clocks.get(case[1], ()))) for case in cases]
    rows.sort(key=_urgency)
    return Board(
        [r for r in rows if r.is_active and r.closed_at is None],
        [r for r in rows if not r.is_active and r.closed_at is None],
        sorted(
            (r for r in rows if r.closed_at), key=lambda r: r.closed_at or now, reverse=True
        ),
    )  # fmt: skip


def _by_case(
    cases: Iterable[tuple[Any, ...]], clocks: Iterable[ClockLine]
) -> dict[str, list[ClockLine]]:
    """Each episode's clocks, soonest first, with those that run for the child as a person."""
    open_cases = {case[1]: case[8] for case in cases if case[7] is None}
    newest = {person: uid for uid, person in open_cases.items()}
    found: dict[str, list[ClockLine]] = {}
    for clock in clocks:
        uid = clock.case_uid if clock.case_uid in open_cases else newest[clock.person_id]
        found.setdefault(uid or "", []).append(clock)
    return found


def _urgency(row: Row) -> tuple[bool, datetime, int, str]:
    """By the next breach, then by news, then always the same way."""
    due = row.next.due_at if row.next else None
    return (due is None, due or row.opened_at, -row.news, row.ref)


def _row(case: tuple[Any, ...], news: tuple[Any, ...] | None, clocks: tuple[ClockLine, ...]) -> Row:
    looked_at, count, kind, news_at, kinds = news or (None, 0, None, None, ())
    return Row(
        case_uid=case[1],
        ref=case[2],
        stage=REGISTER.pathways[PATHWAY].stage(case[3]).name,
        stage_key=case[3],
        is_active=case[4],
        grade=case[5],
        opened_at=case[6],
        closed_at=case[7],
        person_id=case[8],
        child_uid=case[9],
        child=case[10] or "",
        born_on=case[11],
        lives_at=case[12] or "",
        level=case[13] or "",
        markers=tuple(json.loads(case[14])) if case[14] else (),
        owner_id=case[15],
        owner=Who(*case[16:21]),
        overdue=case[21],
        plan_due=case[22],
        plan_version=case[23],
        plan_review=case[24],
        clocks=clocks,
        looked_at=looked_at,
        news=count,
        news_of=NEWS.get(kind or "", ""),
        news_at=news_at,
        kinds=frozenset(kinds),
    )
