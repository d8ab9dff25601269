"""The case page: in ten seconds who, how long, how serious, whose, and what is due next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.access.doors import as_practitioner, log_look, open_door
from kittiwake.access.roles import may
from kittiwake.journal import knowing
from kittiwake.journal.plans import plans_of
from kittiwake.journal.reading import ClockLine, Line, Standing, chronology, clock_lines, standing
from kittiwake.journal.record import open_gaps
from kittiwake.kernel.clocks import ClockState
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor
from kittiwake.kernel.pathway import REGISTER, Task
from kittiwake.pages import markers, waiting
from kittiwake.pages.jinja import span
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required
from kittiwake.pages.plans import progress
from kittiwake.pages.subjects import CaseHead, Subject, person_of_case, subject
from kittiwake.pages.waiting import StartLine, WrongLine

A_LOOK = timedelta(minutes=5)
"""Looking again within this time is the same look: what was new stays marked as new."""
ALSO = (
    "flag.raised",
    "flag.reviewed",
    "flag.ended",
    "planning.episode_told",
    "online.image_reported",
)
PROPOSED, LOWERED = "missing.lower_grade_proposed", "missing.grade_lowered"


@dataclass(frozen=True)
class TaskLine:
    """One line of the task list, with its status in the four words the design allows."""

    task: Task
    status: str
    style: str
    clock: ClockLine | None
    done: Line | None
    kind: str | None


@dataclass(frozen=True)
class ActionLine:
    """One action with its owner, and what may be done with it here."""

    uid: str
    title: str
    why: str
    state: str
    due_at: datetime | None
    left: str
    is_overdue: bool
    owner: str
    owner_phone: str
    is_mine: bool


@dataclass(frozen=True)
class Gap:
    """A question still to answer before the case can close, and the entry it belongs to."""

    asks: str
    entry_uid: str
    title: str


@dataclass(frozen=True)
class CasePage:
    """Everything the case page shows."""

    about: Subject
    case: CaseHead
    standing: Standing | None
    lines: list[Line]
    new: list[Line]
    last_look: datetime | None
    ended_at: datetime | None
    clocks: list[ClockLine]
    tasks: list[tuple[str, list[TaskLine]]]
    actions: list[ActionLine]
    settled: int
    gaps: list[Gap]
    pressing: dict[str, ClockLine]
    next_kinds: list[type[Entry]]
    other_kinds: list[type[Entry]]
    proposal: Line | None
    wrong: list[WrongLine]
    starts: list[StartLine]
    together: list[tuple[str, str, str]]
    version: str


@require_safe
@practitioner_required
def show(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """The case page; opens the child's door first."""
    person = person_of_case(request.actor, uid)
    open_door(request.actor, [person], "care of the child")
    with as_practitioner(request.actor):
        page = read(request.actor, person, uid, request.now)
        known_plans = plans_of(person, request.now)
        log_look(request.actor, request.now, f"case {page.case.ref}", [person])
    recorded = next((t for t in page.lines if t.entry_uid == request.GET.get("recorded")), None)
    extra = {
        "page": page,
        "about": page.about,
        "now": request.now,
        "me": request.actor,
        "plans": known_plans,
        "plan_lines": progress(known_plans, page.lines),
        "checks": next((t.answers[0][1] for t in page.lines if _tells_checks(t)), ""),
        "recorded": recorded,
        "already": bool(request.GET.get("already")),
        "saved": request.GET.get("saved", "")[:100],
        "can": {c: may(request.actor.roles, c) for c in CAPABILITIES},
        "wide": True,
    }
    return render(request, "case/case.html", extra)


@require_safe
@practitioner_required
def version(request: PractitionerRequest, uid: UUID) -> HttpResponse:
    """When the case last changed: what an open page asks every 15 seconds."""
    with as_practitioner(request.actor):
        return JsonResponse({"version": _version(str(uid))})


def read(actor: Actor, person: int, uid: UUID, now: datetime) -> CasePage:
    """The case page's contents. Call inside `as_practitioner`, after a door."""
    about = subject(person, uid)
    case = about.case
    assert case is not None
    lines = chronology(person, now, case.id)
    running = markers.pressing(clock_lines([person], now))
    clocks = [c for c in running if c.case_uid in (case.uid, None)]
    looked = _last_look(actor, case, now)
    actions = _actions(actor, person, case, now)
    proposal = _open_proposal(lines) if case.is_active else None
    tasks = _tasks(actor, case, lines, clocks)
    offered = _offered(actor, case, lines, proposal is not None)
    pressing = _pressing(offered, clocks)
    wanted = [*pressing, *(t.kind for _, group in tasks for t in group if t.kind and not t.done)]
    return CasePage(
        about=about,
        case=case,
        standing=standing(person, now),
        lines=lines,
        new=[t for t in lines if looked and t.recorded_at > looked and t.by_name != actor.name],
        last_look=looked,
        ended_at=_ended_at(case, lines),
        clocks=clocks,
        tasks=tasks,
        actions=[a for a in actions if a.state in ("open", "accepted")],
        settled=sum(a.state not in ("open", "accepted") for a in actions),
        gaps=_gaps(person, case, lines),
        pressing=pressing,
        next_kinds=sorted(
            (k for k in offered if k.kind in wanted), key=lambda k: wanted.index(k.kind)
        ),
        other_kinds=[k for k in offered if k.kind not in wanted],
        proposal=proposal,
        wrong=waiting.wrong_children(person, lines),
        starts=waiting.clock_starts(actor, person, now),
        together=_together(case),
        version=_version(case.uid),
    )


def _version(uid: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(c.changed_at, (SELECT max(x.raised_at) FROM escalation x "
            "WHERE x.person_id = c.person_id))::text FROM case_file c WHERE c.uid = %s",
            [uid],
        )
        row = cursor.fetchone()
    return row[0] if row else ""


def _last_look(actor: Actor, case: CaseHead, now: datetime) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(at) FROM look WHERE practitioner_id = %s AND what = %s AND at < %s",
            [actor.id, f"case {case.ref}", now - A_LOOK],
        )
        found: datetime | None = cursor.fetchone()[0]
    return found


def _ended_at(case: CaseHead, lines: list[Line]) -> datetime | None:
    """When what the case is about stopped going on: the child was located or came back."""
    over = {s.key for s in case.pathway.stages if not s.active}
    ends = [t.happened_at for t in lines if _leads_to(t) in over and not t.withdrawn]
    return min(ends, default=None) if case.pathway.goes_on and not case.is_active else None


def _tells_checks(line: Line) -> bool:
    return line.kind == "planning.episode_told" and bool(line.answers) and not line.withdrawn


def _leads_to(line: Line) -> str | None:
    cls = REGISTER.kinds.get(line.kind)
    return cls.to if cls else None


def _tasks(
    actor: Actor, case: CaseHead, lines: list[Line], clocks: list[ClockLine]
) -> list[tuple[str, list[TaskLine]]]:
    running = {c.rule: c for c in clocks}
    groups: dict[str, list[TaskLine]] = {}
    for task in case.pathway.tasks:
        groups.setdefault(task.group, []).append(_task(actor, case, task, lines, running))
    return list(groups.items())


def _task(
    actor: Actor, case: CaseHead, task: Task, lines: list[Line], running: dict[str, ClockLine]
) -> TaskLine:
    done = next((t for t in lines if t.kind in task.kinds and not t.withdrawn), None)
    clock = running.get(task.clock or "")
    rank = case.pathway.rank
    kind = next((k for k in task.kinds if may(actor.roles, REGISTER.kinds[k].may)), None)
    if task.from_stage and rank(case.stage) < rank(task.from_stage) and not done:
        return TaskLine(task, "Cannot start yet", "later", clock, None, None)
    if clock and clock.state is ClockState.OVERDUE:
        return TaskLine(task, "Overdue", "overdue", clock, done, kind)
    if done:
        return TaskLine(task, "Completed", "done", clock, done, kind)
    if not task.from_stage and case.pathway.goes_on and not case.is_active and not clock:
        return TaskLine(task, "Not done", "later", clock, None, kind)
    style = "soon" if clock and clock.state is ClockState.DUE_SOON else "todo"
    return TaskLine(task, "Incomplete", style, clock, None, kind)


def _offered(
    actor: Actor, case: CaseHead, lines: list[Line], has_proposal: bool
) -> list[type[Entry]]:
    """The forms this practitioner may use at this stage, in the pathway's order."""
    seen = {t.kind for t in lines}
    also = [REGISTER.kinds[kind] for kind in ALSO]
    return [
        cls
        for cls in (*case.pathway.entries, *also)
        if cls.may in CAPABILITIES
        and may(actor.roles, cls.may)
        and cls.offered
        and not cls.opens
        and not cls.kind.startswith("history.")
        and not (cls.once and cls.kind in seen)
        and (not cls.after or case.stage in cls.after)
        and (cls.kind != LOWERED or has_proposal)
        and case.closed_at is None
    ]


def _pressing(offered: list[type[Entry]], clocks: list[ClockLine]) -> dict[str, ClockLine]:
    """The forms that would stop a clock that has run out or soon will, the most pressing first."""
    pressing: dict[str, ClockLine] = {}
    for clock in clocks:
        if clock.state in (ClockState.OVERDUE, ClockState.DUE_SOON):
            for cls in offered:
                if clock.rule in (*cls.stops, *cls.may_stop) and not cls.once:
                    pressing.setdefault(cls.kind, clock)
    return pressing


def _open_proposal(lines: Iterable[Line]) -> Line | None:
    """A lower grade somebody proposed and nobody has decided on."""
    for line in lines:
        if line.kind in (LOWERED, "missing.grade_raised"):
            return None
        if line.kind == PROPOSED:
            return line
    return None


def _actions(actor: Actor, person: int, case: CaseHead, now: datetime) -> list[ActionLine]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT x.uid::text, x.title, x.why, x.state, x.due_at, p.name, p.phone, p.id = %s "
            "FROM action x JOIN practitioner p ON p.id = x.owner_id "
            "WHERE x.person_id = %s AND (x.case_id = %s OR x.case_id IS NULL) "
            "ORDER BY x.settled_at IS NOT NULL, x.due_at NULLS LAST, x.id",
            [actor.id, person, case.id],
        )
        rows = cursor.fetchall()
    return [
        ActionLine(
            uid, title, why, state, due,
            _left(due, now), bool(due and due <= now),
            owner, phone, mine,
        )
        for uid, title, why, state, due, owner, phone, mine in rows
    ]  # fmt: skip


def _left(due: datetime | None, now: datetime) -> str:
    if due is None:
        return ""
    return f"overdue by {span(now - due)}" if due <= now else f"{span(due - now)} left"


def _gaps(person: int, case: CaseHead, lines: list[Line]) -> list[Gap]:
    told = {t.entry_id: t for t in lines}
    return [
        Gap(asks, told[fact.entry_id].entry_uid, told[fact.entry_id].title)
        for fact in knowing.facts_of([person]).get(person, [])
        if fact.case_id == case.id and fact.entry_id in told
        for asks in open_gaps(fact)
    ]


def _together(case: CaseHead) -> list[tuple[str, str, str]]:
    """Other children reported missing with this one: (case uid, name, stage)."""
    if case.group_uid is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.uid::text, q.name, c.stage FROM case_file c "
            "JOIN pointer q ON q.person_id = c.person_id "
            "WHERE c.group_uid = %s AND c.id <> %s ORDER BY c.id",
            [case.group_uid, case.id],
        )
        rows = cursor.fetchall()
    return [(uid, name, case.pathway.stage(stage).name) for uid, name, stage in rows]
