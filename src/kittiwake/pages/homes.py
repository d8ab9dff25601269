"""Homes: for each children's home how far plans, interviews and first checks go, with numbers.

Read without leases, in a fixed number of queries; what was shown is logged with the children's
ids. A share is given with what it is a share of, and as a rate only where that is not few.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need

YEAR = timedelta(days=365)
FEW = 10
"""Of fewer than so many no rate is given: one child more or less would change it too much."""
CHECKED = "planning.episode_told"

_HOMES = """
SELECT a.id, a.uid::text, a.name, a.phone FROM agency a WHERE a.kind = 'home'
  AND (%(home)s::bigint IS NULL OR a.id = %(home)s) ORDER BY a.name
"""
_CHILDREN = """
SELECT k.agency_id, k.person_id, q.uid::text, q.name, q.born_on, q.level,
       (SELECT min(r.due_at) FROM clock r WHERE r.person_id = k.person_id AND r.rule = 'CLK-22'
         AND r.stopped_at IS NULL),
       t.version, t.review_at, f.version, f.review_at, c.uid::text, c.ref, c.opened_at
FROM (SELECT DISTINCT x.agency_id, x.person_id FROM known_to x
      JOIN agency a ON a.id = x.agency_id AND a.kind = 'home'
      WHERE (x.until_on IS NULL OR x.until_on >= %(today)s)
        AND (%(home)s::bigint IS NULL OR x.agency_id = %(home)s)) k
LEFT JOIN pointer q ON q.person_id = k.person_id
LEFT JOIN plan t ON t.person_id = k.person_id AND t.kind = 'trigger' AND t.state = 'approved'
     AND t.ended_at IS NULL AND t.in_force_from <= %(now)s
LEFT JOIN plan f ON f.person_id = k.person_id AND f.kind = 'philomena' AND f.state = 'approved'
     AND f.ended_at IS NULL
LEFT JOIN case_file c ON c.person_id = k.person_id AND c.pathway = 'missing' AND c.is_active
ORDER BY q.name NULLS LAST, k.person_id
"""
_EPISODES = """
SELECT x.agency_id, c.id, c.person_id, i.stopped_at, i.due_at
FROM case_file c
JOIN known_to x ON x.person_id = c.person_id
JOIN agency a ON a.id = x.agency_id AND a.kind = 'home'
LEFT JOIN clock i ON i.case_id = c.id AND i.rule = 'CLK-19'
WHERE c.pathway = 'missing' AND NOT c.is_history AND c.opened_at > %(since)s
  AND (x.from_on IS NULL OR x.from_on <= c.opened_at::date)
  AND (x.until_on IS NULL OR x.until_on >= c.opened_at::date)
  AND (%(home)s::bigint IS NULL OR x.agency_id = %(home)s)
"""
_CHECKED = "SELECT case_id FROM case_news(%s, '{}', '{}') WHERE %s = ANY (kinds)"
_EVERYBODY = """
SELECT count(DISTINCT r.person_id),
       count(DISTINCT r.person_id) FILTER (WHERE l.review_at > %(now)s OR l.review_at IS NULL
         AND l.id IS NOT NULL)
FROM clock r LEFT JOIN plan l ON l.person_id = r.person_id AND l.kind = 'trigger'
  AND l.state = 'approved' AND l.ended_at IS NULL AND l.in_force_from <= %(now)s
WHERE r.rule = 'CLK-22' AND r.stopped_at IS NULL AND NOT r.is_history
"""


@dataclass(frozen=True)
class Share:
    """So many of so many; a rate only where they are not few."""

    part: int
    whole: int

    @property
    def left(self) -> int:
        """How many are still wanting."""
        return self.whole - self.part

    def __str__(self) -> str:
        if not self.whole:
            return "none to count"
        rate = f" ({round(100 * self.part / self.whole)}%)" if self.whole >= FEW else ""
        return f"{self.part} of {self.whole}{rate}"


@dataclass(frozen=True)
class Child:
    """One child of a home; `name` is empty where the record is restricted."""

    person_id: int
    uid: str | None
    name: str
    born_on: date | None
    level: str
    plan_due: datetime | None
    plan: int | None
    plan_review: datetime | None
    profile: int | None
    profile_review: datetime | None
    case_uid: str | None
    case_ref: str
    missing_since: datetime | None
    episodes: int
    checked: int

    @property
    def needs_plan(self) -> bool:
        """Whether CLK-22 runs: three episodes in 90 days, ten in all, or a marker."""
        return self.plan_due is not None

    def plan_said(self, now: datetime) -> str:
        """Where the trigger plan stands, in words."""
        if self.plan is None:
            return "none, and one is needed" if self.needs_plan else "none needed"
        return "in date" if in_date(self.plan, self.plan_review, now) else "out of date"

    def profile_said(self, now: datetime) -> str:
        """Where the Philomena profile stands, in words."""
        if self.profile is None:
            return "not written"
        return "in date" if in_date(self.profile, self.profile_review, now) else "out of date"


@dataclass
class Home:
    """One home with its children and its episodes of the last twelve months."""

    id: int
    uid: str
    name: str
    phone: str
    children: list[Child] = field(default_factory=list)
    episodes: int = 0
    coverage: Share = Share(0, 0)
    profiles: Share = Share(0, 0)
    interviews: Share = Share(0, 0)
    checks: Share = Share(0, 0)


def in_date(version: int | None, review_at: datetime | None, now: datetime) -> bool:
    """Whether a plan is in force and its review not yet due."""
    return version is not None and (review_at is None or review_at > now)


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """Every home, and the county as a whole."""
    need(request, "board.homes")
    with as_practitioner(request.actor):
        homes = read(request.now)
        with connection.cursor() as cursor:
            cursor.execute(_EVERYBODY, {"now": request.now})
            whole, part = cursor.fetchone()
        log_look(request.actor, request.now, "homes", _people(homes))
    homes.sort(key=lambda h: (-h.coverage.left, h.name))
    page = {"homes": homes, "everybody": Share(part, whole), "few": FEW, "now": request.now}
    return render(request, "homes/homes.html", page | {"wide": True})


@require_safe
@practitioner_required
def one(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """One home's figures, and its children behind them."""
    need(request, "board.homes")
    with as_practitioner(request.actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM agency WHERE uid = %s AND kind = 'home'", [uid])
            row = cursor.fetchone()
        if row is None:
            raise Http404
        homes = read(request.now, row[0])
        log_look(request.actor, request.now, "home", _people(homes))
    page = {"home": homes[0], "few": FEW, "now": request.now, "wide": True}
    return render(request, "homes/home.html", page)


def _people(homes: Iterable[Home]) -> set[int]:
    return {child.person_id for home in homes for child in home.children}


def read(now: datetime, home: int | None = None) -> list[Home]:
    """The homes at an instant, in four queries. Call inside `as_practitioner`."""
    asked = {"home": home, "now": now, "today": now.date(), "since": now - YEAR}
    with connection.cursor() as cursor:
        cursor.execute(_HOMES, asked)
        homes = {row[0]: Home(*row) for row in cursor.fetchall()}
        cursor.execute(_CHILDREN, asked)
        children = cursor.fetchall()
        cursor.execute(_EPISODES, asked)
        episodes = cursor.fetchall()
        cursor.execute(_CHECKED, [[e[1] for e in episodes], CHECKED])
        checked = {row[0] for row in cursor.fetchall()}
    for each in homes.values():
        mine = [e for e in episodes if e[0] == each.id]
        _fill(each, [c for c in children if c[0] == each.id], mine, checked, now)
    return list(homes.values())


def _fill(
    home: Home,
    children: list[tuple[Any, ...]],
    episodes: list[tuple[Any, ...]],
    checked: set[int],
    now: datetime,
) -> None:
    home.children = [_child(row, episodes, checked) for row in children]
    needing = [c for c in home.children if c.needs_plan]
    home.episodes = len(episodes)
    home.coverage = _share(in_date(c.plan, c.plan_review, now) for c in needing)
    home.profiles = _share(in_date(c.profile, c.profile_review, now) for c in home.children)
    # What is not yet due and not yet held is neither on time nor late.
    settled = [e for e in episodes if e[4] and (e[3] or e[4] <= now)]
    home.interviews = _share(bool(e[3] and e[3] <= e[4]) for e in settled)
    home.checks = _share(e[1] in checked for e in episodes)


def _share(answers: Iterable[bool]) -> Share:
    every = list(answers)
    return Share(sum(every), len(every))


def _child(row: tuple[Any, ...], episodes: list[tuple[Any, ...]], checked: set[int]) -> Child:
    _, person, uid, name, born, level, due, plan, review, profile, renew, case, ref, since = row
    mine = [e[1] for e in episodes if e[2] == person]
    return Child(
        person, uid, name or "", born, level or "", due, plan, review, profile, renew, case,
        ref or "", since, len(mine), sum(c in checked for c in mine),
    )  # fmt: skip
