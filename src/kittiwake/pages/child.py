"""The child's page: who, where now, level and why, what runs and whose it is, whom to ring.

Opened through the door, read in a fixed number of queries whatever the length of the record.
`?as-at=` shows what was known at an instant; `?agency=` and `?kind=` narrow the chronology.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.access.doors import as_practitioner, log_look, open_door
from kittiwake.access.roles import may
from kittiwake.journal.changing import Changed, changed
from kittiwake.journal.plans import plans_of
from kittiwake.journal.reading import ClockLine, Line, Standing, chronology, clock_lines, standing
from kittiwake.kernel.clocks import ClockState
from kittiwake.kernel.known import Actor
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import LONDON
from kittiwake.pages import markers, sources
from kittiwake.pages.furniture import Who
from kittiwake.pages.jinja import span
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.subjects import Subject, person_of_child, subject

WIDE = ("police", "social_care")
LOOKED_SINCE = timedelta(days=30)

_STATE = """
SELECT 'case', c.uid::text, c.ref, c.pathway, c.stage, c.grade, c.opened_at, c.closed_at,
       c.is_active, p.name, p.title, a.name, coalesce(nullif(p.phone, ''), t.phone, a.phone), p.rank
  FROM case_file c JOIN practitioner p ON p.id = c.owner_id JOIN agency a ON a.id = p.agency_id
  LEFT JOIN team t ON t.id = p.team_id WHERE c.person_id = %(person)s AND c.opened_at <= %(at)s
UNION ALL
SELECT 'action', x.uid::text, x.title, x.state, coalesce(c.uid::text, ''), c.ref, x.due_at, NULL,
       x.owner_id = %(me)s, p.name, p.title, a.name,
       coalesce(nullif(p.phone, ''), t.phone, a.phone), p.rank
  FROM action x JOIN practitioner p ON p.id = x.owner_id JOIN agency a ON a.id = p.agency_id
  LEFT JOIN team t ON t.id = p.team_id LEFT JOIN case_file c ON c.id = x.case_id
  WHERE x.person_id = %(person)s AND x.settled_at IS NULL
    AND (%(wide)s OR p.agency_id = %(agency)s)
UNION ALL
SELECT 'works with', k.role, g.kind, '', NULL, NULL, NULL, NULL, false, coalesce(p.name, ''),
       coalesce(p.title, ''), g.name,
       coalesce(nullif(p.phone, ''), nullif(t.phone, ''), g.phone), coalesce(p.rank, 0)
  FROM known_to k JOIN agency g ON g.id = k.agency_id
  LEFT JOIN practitioner p ON p.id = k.practitioner_id LEFT JOIN team t ON t.id = p.team_id
  WHERE k.person_id = %(person)s AND (k.until_on IS NULL OR k.until_on >= %(today)s)
"""
_OPENED = "SELECT count(*), array_agg(name) FROM who_opened(%s, %s)"


@dataclass(frozen=True)
class CaseLine:
    """One episode of the child."""

    uid: str
    ref: str
    pathway: str
    name: str
    stage: str
    grade: str | None
    opened_at: datetime
    closed_at: datetime | None
    is_active: bool
    owner: Who


@dataclass(frozen=True)
class ActionLine:
    """One open action and its owner."""

    uid: str
    title: str
    state: str
    case_uid: str
    due_at: datetime | None
    left: str
    is_overdue: bool
    is_mine: bool
    owner: Who


@dataclass(frozen=True)
class WorksWith:
    """Somebody who works with the child, and the telephone."""

    role: str
    agency_kind: str
    who: Who


@dataclass(frozen=True)
class Chosen:
    """What the chronology is narrowed to, and what there is to choose from."""

    agency: str
    kind: str
    agencies: list[str]
    kinds: list[tuple[str, str]]

    def takes(self, line: Line) -> bool:
        """Whether a line is shown."""
        wanted = not self.agency or line.agency == self.agency
        return wanted and (not self.kind or line.kind == self.kind)


@dataclass(frozen=True)
class Page:
    """Everything the child's page shows."""

    about: Subject
    standing: Standing | None
    changed: Changed | None
    cases: list[CaseLine]
    clocks: list[ClockLine]
    actions: list[ActionLine]
    markers: list[markers.MarkerLine]
    nearby: list[str]
    works_with: list[WorksWith]
    filed: sources.Filed
    lines: list[Line]
    chosen: Chosen
    looked: int
    looked_names: list[str]

    @property
    def active(self) -> CaseLine | None:
        """The episode in which the child is missing now."""
        return next((c for c in self.cases if c.is_active), None)

    @property
    def episodes(self) -> list[CaseLine]:
        """The times the child was missing, the newest first."""
        return [c for c in self.cases if c.pathway == "missing"]

    @property
    def open_cases(self) -> list[CaseLine]:
        """Cases not closed in which nothing goes on: interviews owed, calls being answered."""
        return [c for c in self.cases if c.closed_at is None and not c.is_active]

    @property
    def overdue(self) -> int:
        """How many clocks and actions have run out."""
        late = sum(c.state is ClockState.OVERDUE for c in self.clocks)
        return late + sum(a.is_overdue for a in self.actions)

    @property
    def days(self) -> list[tuple[date, list[Line]]]:
        """The chronology by local day, newest first."""
        shown = [line for line in self.lines if self.chosen.takes(line)]
        return [(day, list(lines)) for day, lines in groupby(shown, key=_day)]

    @property
    def shown(self) -> int:
        """How many lines the choice leaves."""
        return sum(self.chosen.takes(line) for line in self.lines)

    @property
    def hidden(self) -> list[tuple[str, str, int]]:
        """Entries whose words this reader may not see: (whom to ring, telephone, how many)."""
        counted = Counter(
            (f"{line.by_title} {line.by_name}, {line.agency}".strip(), line.by_phone)
            for line in self.lines
            if line.hidden
        )
        return [(who, phone, n) for (who, phone), n in counted.most_common(3)]


@require_safe
@practitioner_required
def show(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """The child's page; opens the child's door first, and logs it."""
    person = person_of_child(request.actor, uid)
    open_door(request.actor, [person], "care of the child")
    as_at = _as_at(request)
    with as_practitioner(request.actor):
        page = read(request, person, as_at or request.now)
        plans = plans_of(person, as_at or request.now)
        log_look(request.actor, request.now, "child", [person])
    extra = {
        "page": page,
        "about": page.about,
        "now": as_at or request.now,
        "as_at": as_at,
        "plans": plans,
        "me": request.actor,
        "can": {c: may(request.actor.roles, c) for c in CAPABILITIES},
        "agree": sources.agree,
        "wide": True,
    }
    return render(request, "child/child.html", extra)


def read(request: PractitionerRequest, person: int, at: datetime) -> Page:
    """The page's contents as known at `at`. Call inside `as_practitioner`, after a door."""
    about = subject(person)
    state = _state(request.actor, person, at)
    standing_on, nearby = markers.standing_on(person, request.actor, at)
    lines = chronology(person, at)
    looked, names = _looked(request.actor, person, request.now)
    return Page(
        about=about,
        standing=standing(person, at),
        changed=changed(person, at),
        cases=sorted((_case(r) for r in state["case"]), key=lambda c: c.opened_at, reverse=True),
        clocks=markers.pressing(clock_lines([person], request.now)),
        actions=[_action(r, request.now) for r in state["action"]],
        markers=standing_on,
        nearby=nearby,
        works_with=[WorksWith(r[1], r[2], Who(*r[9:14])) for r in state["works with"]],
        filed=sources.read(person, at),
        lines=lines,
        chosen=_chosen(request, lines),
        looked=looked,
        looked_names=names,
    )


def _as_at(request: PractitionerRequest) -> datetime | None:
    """The instant asked for, if it lies in the past; local time where no zone is given."""
    try:
        at = datetime.fromisoformat(request.GET.get("as-at", ""))
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=LONDON)
    return at if at < request.now else None


def _state(actor: Actor, person: int, at: datetime) -> dict[str, list[tuple[Any, ...]]]:
    today = at.astimezone(LONDON).date()
    found: dict[str, list[tuple[Any, ...]]] = {
        what: [] for what in ("case", "action", "works with")
    }
    with connection.cursor() as cursor:
        asked: dict[str, int | datetime | date | bool] = {"person": person, "at": at}
        asked |= {"today": today, "me": actor.id}
        # What police and social care set out to do is not for everybody who knows the child.
        asked |= {"wide": actor.agency_kind in WIDE, "agency": actor.agency_id}
        cursor.execute(_STATE, asked)
        for row in cursor.fetchall():
            found[row[0]].append(row)
    found["action"].sort(key=lambda r: (r[6] is None, r[6] or at))
    return found


def _case(row: tuple[Any, ...]) -> CaseLine:
    _, uid, ref, key, stage, grade, opened_at, closed_at, is_active, *owner = row
    pathway = REGISTER.pathways[key]
    return CaseLine(
        uid, ref, key, pathway.case_name, pathway.stage(stage).name, grade, opened_at, closed_at,
        is_active, Who(*owner),
    )  # fmt: skip


def _action(row: tuple[Any, ...], now: datetime) -> ActionLine:
    _, uid, title, state, case_uid, _, due, _, mine, *owner = row
    late = bool(due and due <= now)
    left = "" if due is None else f"{span(due - now)} left"
    left = f"overdue by {span(now - due)}" if due and late else left
    return ActionLine(uid, title, state, case_uid, due, left, late, mine, Who(*owner))


def _chosen(request: PractitionerRequest, lines: Iterable[Line]) -> Chosen:
    kinds = Counter((line.kind, line.title) for line in lines)
    return Chosen(
        request.GET.get("agency", ""),
        request.GET.get("kind", ""),
        sorted({line.agency for line in lines}),
        [(kind, f"{title} ({n})") for (kind, title), n in kinds.most_common()],
    )


def _day(line: Line) -> date:
    if line.day_only:
        return line.happened_at.date()
    return line.happened_at.astimezone(LONDON).date()


def _looked(actor: Actor, person: int, now: datetime) -> tuple[int, list[str]]:
    """How many opened the record lately; who, for those who may read the access log."""
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, [person, now - LOOKED_SINCE])
        count, names = cursor.fetchone()
    return count, sorted(names or ()) if may(actor.roles, "access.read_log") else []
