"""My work: what is new to me, what of mine ran out, what runs out next; bundled by child.

Read without leases in a fixed number of queries, and logged with the children's ids.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.doors import as_practitioner, log_look
from kittiwake.access.roles import ROLES, may
from kittiwake.journal.reading import ClockLine, clock_lines
from kittiwake.kernel.clocks import ClockState
from kittiwake.kernel.known import Actor
from kittiwake.kernel.pathway import REGISTER
from kittiwake.pages.jinja import span
from kittiwake.pages.markers import pressing
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.permission import need

NEW_FOR = timedelta(hours=24)
A_LOOK = timedelta(minutes=5)
SOON = timedelta(hours=24)
HANDED = "handover-review"

_MINE = """
SELECT 'escalated', x.person_id, k.uid::text, x.role, x.raised_at, NULL, NULL, NULL, NULL
  FROM escalation x JOIN clock k ON k.id = x.clock_id
  WHERE x.to_id = %(me)s AND x.acknowledged_at IS NULL AND k.stopped_at IS NULL
UNION ALL
SELECT 'clock', k.person_id, k.uid::text, NULL, NULL, NULL, NULL, NULL, NULL FROM clock k
  WHERE k.owner_id = %(me)s AND k.stopped_at IS NULL AND NOT k.is_history
UNION ALL
SELECT 'action', a.person_id, a.uid::text, a.title, a.due_at, a.why, a.state, a.key, c.uid::text
  FROM action a LEFT JOIN case_file c ON c.id = a.case_id
  WHERE a.owner_id = %(me)s AND a.settled_at IS NULL
UNION ALL
SELECT 'case', c.person_id, c.uid::text, c.ref, c.opened_at, c.stage, c.grade, c.pathway,
       c.is_active::text
  FROM case_file c WHERE c.owner_id = %(me)s AND c.closed_at IS NULL AND NOT c.is_history
"""
_CHILDREN = """
SELECT p.id, p.uid::text, q.name, q.born_on, q.lives_at, q.markers,
       c.uid::text, c.ref, c.pathway, c.stage, c.is_active, c.opened_at, c.grade
FROM person p LEFT JOIN pointer q ON q.person_id = p.id
LEFT JOIN LATERAL (SELECT f.* FROM case_file f WHERE f.person_id = p.id AND f.closed_at IS NULL
                   ORDER BY f.is_active DESC, f.opened_at DESC LIMIT 1) c ON true
WHERE p.id = ANY (%s)
"""
_MESSAGES = """
SELECT m.sentence, m.link, max(m.written_at), count(*), coalesce(max(q.name), '')
FROM message m LEFT JOIN case_file c ON m.link = '/cases/' || c.uid
LEFT JOIN pointer q ON q.person_id = c.person_id
WHERE m.to_id = %(me)s AND m.written_at > %(since)s AND m.sentence NOT LIKE 'CLK-%%'
GROUP BY m.sentence, m.link ORDER BY 3 DESC LIMIT 30
"""
_DRAFTS = """
SELECT d.kind, d.case_uid::text, d.person_uid::text, d.saved_at, c.ref, q.name
FROM draft d LEFT JOIN case_file c ON c.uid = d.case_uid
LEFT JOIN pointer q ON q.person_id = c.person_id OR (c.id IS NULL AND q.uid = d.person_uid)
WHERE d.author_id = %(me)s ORDER BY d.saved_at DESC LIMIT 20
"""
_WORKS_WITH = """
SELECT q.person_id, q.uid::text, q.name, q.born_on, q.lives_at, c.uid::text, c.ref, c.pathway,
       c.stage, c.is_active, c.opened_at
FROM pointer q
LEFT JOIN LATERAL (SELECT f.* FROM case_file f WHERE f.person_id = q.person_id
                   AND f.closed_at IS NULL ORDER BY f.is_active DESC, f.opened_at DESC LIMIT 1) c
     ON true
WHERE q.person_id = ANY (ARRAY(
    SELECT k.person_id FROM known_to k WHERE (k.until_on IS NULL OR k.until_on >= current_date)
    AND (k.practitioner_id = %(me)s OR (%(whole)s AND k.agency_id = %(agency)s))))
ORDER BY coalesce(c.is_active, false) DESC, c.id IS NULL, q.name LIMIT 60
"""
_COUNTS = """
SELECT (SELECT max(at) FROM look WHERE practitioner_id = %(me)s AND what = 'my work'
         AND at < %(before)s),
       (SELECT count(*) FROM escalation WHERE to_id = %(me)s AND raised_at > %(hour)s)
"""


@dataclass(frozen=True)
class Escalated:
    """A clock that was raised to me, and as what."""

    clock: ClockLine
    role: str
    raised_at: datetime


@dataclass(frozen=True)
class ActionLine:
    """An action of mine."""

    uid: str
    title: str
    why: str
    is_accepted: bool
    is_handover: bool
    due_at: datetime | None
    case_uid: str | None
    is_overdue: bool
    left: str


@dataclass(frozen=True)
class Child:
    """A child I work with, or who lives or learns where I work."""

    person_id: int
    uid: str
    name: str
    born_on: date | None
    lives_at: str
    case_uid: str | None
    case_ref: str
    stage: str
    is_missing: bool
    since: datetime | None


@dataclass
class Bundle:
    """Everything of mine about one child, so that it can be answered for at once."""

    person_id: int
    uid: str
    name: str = ""
    born_on: date | None = None
    lives_at: str = ""
    markers: tuple[str, ...] = ()
    case_uid: str | None = None
    case_ref: str = ""
    stage: str = ""
    is_missing: bool = False
    since: datetime | None = None
    grade: str | None = None
    is_mine: bool = False
    escalated: list[Escalated] = field(default_factory=list)
    clocks: list[ClockLine] = field(default_factory=list)
    actions: list[ActionLine] = field(default_factory=list)

    @property
    def next_due(self) -> datetime | None:
        """When the first of it runs out, or ran out."""
        times = [e.clock.due_at for e in self.escalated] + [c.due_at for c in self.clocks]
        times += [a.due_at for a in self.actions]
        return min((t for t in times if t), default=None)

    def order(self, now: datetime) -> tuple[bool, bool, datetime]:
        """Children who are missing now first, then by what runs out first."""
        return (not self.is_missing, self.next_due is None, self.next_due or now)

    @property
    def is_late(self) -> bool:
        """Whether anything of it was raised to me or has run out."""
        late = any(c.state is ClockState.OVERDUE for c in self.clocks)
        return bool(self.escalated) or late or any(a.is_overdue for a in self.actions)


@dataclass(frozen=True)
class Work:
    """My work at an instant."""

    late: list[Bundle]
    soon: list[Bundle]
    quiet: list[Bundle]
    works_with: list[Child]
    messages: list[tuple[str, str, datetime, int, str]]
    drafts: list[tuple[str, str, datetime]]
    last_look: datetime | None
    interruptions: int


@require_safe
@practitioner_required
def show(request: PractitionerRequest) -> HttpResponse:
    """My work."""
    need(request, "board.mine")
    with as_practitioner(request.actor):
        work = read(request.actor, request.now)
        shown = {b.person_id for b in (*work.late, *work.soon, *work.quiet)}
        shown |= {child.person_id for child in work.works_with}
        log_look(request.actor, request.now, "my work", shown)
    wanted = ("clock.acknowledge", "action.do", "child.open", "missing.report")
    can = {c: may(request.actor.roles, c) for c in wanted}
    extra = {"work": work, "now": request.now, "me": request.actor, "can": can, "wide": True}
    return render(request, "work/work.html", extra)


def read(actor: Actor, now: datetime) -> Work:
    """What is mine at an instant, in eight queries. Call inside `as_practitioner`."""
    me = {"me": actor.id}
    with connection.cursor() as cursor:
        cursor.execute(_MINE, me)
        mine = cursor.fetchall()
        clocks = {c.uid: c for c in pressing(clock_lines({row[1] for row in mine}, now))}
        mine = [row for row in mine if row[0] != "clock" or row[2] in clocks]
        people = sorted({row[1] for row in mine})
        cursor.execute(_CHILDREN, [people])
        bundles = {row[0]: _bundle(row) for row in cursor.fetchall()}
        cursor.execute(_MESSAGES, me | {"since": now - NEW_FOR})
        messages = cursor.fetchall()
        cursor.execute(_DRAFTS, me)
        drafts = [_draft(row) for row in cursor.fetchall()]
        whole = actor.agency_kind not in ("police", "social_care")
        cursor.execute(_WORKS_WITH, me | {"whole": whole, "agency": actor.agency_id})
        works_with = [_child(row) for row in cursor.fetchall()]
        cursor.execute(_COUNTS, me | {"before": now - A_LOOK, "hour": now - timedelta(hours=1)})
        last_look, interruptions = cursor.fetchone()
    _fill(bundles, mine, clocks, now)
    ordered = sorted(bundles.values(), key=lambda b: b.order(now))
    late = [b for b in ordered if b.is_late]
    rest = [b for b in ordered if not b.is_late]
    return Work(
        late,
        [b for b in rest if b.next_due and b.next_due - now <= SOON],
        [b for b in rest if not b.next_due or b.next_due - now > SOON],
        works_with,
        messages,
        drafts,
        last_look,
        interruptions,
    )


def _fill(
    bundles: dict[int, Bundle],
    mine: Iterable[tuple[Any, ...]],
    clocks: dict[str, ClockLine],
    now: datetime,
) -> None:
    raised: set[str] = set()
    for what, person, uid, word, at, *rest in sorted(mine, key=lambda r: r[0] != "escalated"):
        bundle = bundles.get(person)
        if bundle is None:
            continue
        if what == "escalated" and uid in clocks and uid not in raised:
            raised.add(uid)
            role = ROLES[word].title.lower() if word in ROLES else word
            bundle.escalated.append(Escalated(clocks[uid], role, at))
        elif what == "clock" and uid in clocks and uid not in raised:
            bundle.clocks.append(clocks[uid])
        elif what == "action":
            bundle.actions.append(_action(uid, word, at, rest, now))
        elif what == "case":
            bundle.is_mine = True
    for bundle in bundles.values():
        bundle.escalated.sort(key=lambda e: e.clock.due_at or now)
        bundle.clocks.sort(key=lambda c: (c.due_at is None, c.due_at or now))
        bundle.actions.sort(key=lambda a: (a.due_at is None, a.due_at or now))


def _action(
    uid: str, title: str, due: datetime | None, rest: list[Any], now: datetime
) -> ActionLine:
    why, state, key, case_uid = rest
    late = bool(due and due <= now)
    left = "" if due is None else _left(due, now)
    return ActionLine(
        uid, title, why, state == "accepted", key == HANDED, due, case_uid, late, left
    )


def _left(due: datetime, now: datetime) -> str:
    return f"overdue by {span(now - due)}" if due <= now else f"{span(due - now)} left"


def _bundle(row: tuple[Any, ...]) -> Bundle:
    person, uid, name, born_on, lives_at, markers, case, ref, pathway, stage = row[:10]
    return Bundle(
        person_id=person,
        uid=uid,
        name=name or "",
        born_on=born_on,
        lives_at=lives_at or "",
        markers=tuple(json.loads(markers)) if markers else (),
        case_uid=case,
        case_ref=ref or "",
        stage=REGISTER.pathways[pathway].stage(stage).name if pathway else "",
        is_missing=bool(row[10]),
        since=row[11],
        grade=row[12],
    )


def _child(row: tuple[Any, ...]) -> Child:
    person, uid, name, born_on, lives_at, case, ref, pathway, stage, is_active, since = row
    words = REGISTER.pathways[pathway].stage(stage).name if pathway else ""
    return Child(
        person, uid, name, born_on, lives_at, case, ref or "", words, bool(is_active), since
    )


def _draft(row: tuple[Any, ...]) -> tuple[str, str, datetime]:
    """A draft as (what it is, where it goes on, when it was saved)."""
    kind, case, person, saved_at, ref, name = row
    title = REGISTER.kinds[kind].title if kind in REGISTER.kinds else kind
    about = " · ".join(part for part in (name, ref) if part)
    if case:
        link = f"/cases/{case}/record/{kind}"
    else:
        link = f"/children/{person}/record/{kind}" if person else "/report"
    return f"{title}{f' – {about}' if about else ''}", link, saved_at
