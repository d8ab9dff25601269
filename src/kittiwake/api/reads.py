"""What a client may read: a case, a child, who is missing, which clocks run.

As on the pages: a record is opened through its door, with a purpose, and a board is logged with
the children it showed. A record that may not be opened answers as one that is not there.
"""

import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import connection
from django.http import Http404
from ninja import Query
from pydantic import BaseModel, Field

from kittiwake.access.doors import (
    DoorShut,
    NotPermitted,
    as_practitioner,
    log_look,
    log_refusal,
    open_door,
)
from kittiwake.access.roles import may
from kittiwake.api.answers import (
    Answer,
    CaseNow,
    CaseRef,
    ChildNow,
    ChronologyLine,
    ClockNow,
    OpenEpisode,
    StandingNow,
    WhoToRing,
    who_to_ring,
)
from kittiwake.api.problems import Fault, Problem
from kittiwake.api.tokens import ApiRequest, Caller
from kittiwake.journal.reading import ClockLine, Line, chronology, clock_lines, standing
from kittiwake.kernel.clocks import ClockState
from kittiwake.kernel.pathway import REGISTER

Purpose = Literal["care of the child", "missing", "checking"]


class Why(BaseModel):
    """Why a record is opened."""

    purpose: Purpose = Field(description="Why the record is opened; it is logged.")


class Which(BaseModel):
    """Which clocks."""

    overdue: bool = Field(default=False, description="Only those that have run out.")
    most: int = Field(default=200, ge=1, le=1000, description="At most so many, soonest first.")


def one_case(request: ApiRequest, uid: UUID, why: Annotated[Why, Query()]) -> CaseNow:
    """A case: stage, grade, owner, its clocks computed now, and what this reader may see of it."""
    caller = _permit(request, "child.open", Why)
    with as_practitioner(caller.actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.person_id, q.is_restricted FROM case_file c JOIN person q"
            " ON q.id = c.person_id WHERE c.uid = %s",
            [uid],
        )
        found = cursor.fetchone()
    _open(caller, found, why.purpose)
    with as_practitioner(caller.actor), connection.cursor() as cursor:
        log_look(caller.actor, caller.now, "case, by API", [found[0]])
        cursor.execute(
            "SELECT c.id, c.uid, c.ref, c.pathway, q.uid, c.stage, c.grade, c.owner_id,"
            " c.opened_at, c.closed_at FROM case_file c JOIN pointer q"
            " ON q.person_id = c.person_id WHERE c.uid = %s",
            [uid],
        )
        id_, uid, ref, pathway, child, stage, grade, owner, opened_at, closed_at = cursor.fetchone()
        clocks = [c for c in clock_lines([found[0]], caller.now) if c.case_uid == str(uid)]
        return CaseNow(
            uid=uid,
            ref=ref,
            pathway=pathway,
            child=child,
            stage=stage,
            stage_name=REGISTER.pathways[pathway].stage(stage).name,
            grade=grade,
            owner=who_to_ring(owner),
            opened_at=opened_at,
            closed_at=closed_at,
            clocks=[_clock(c, child) for c in clocks],
            chronology=[_line(line) for line in chronology(found[0], caller.now, id_)],
        )


def one_child(request: ApiRequest, uid: UUID, why: Annotated[Why, Query()]) -> ChildNow:
    """A child: who they are, how worried to be and why, open cases, and the whole chronology."""
    caller = _permit(request, "child.open", Why)
    with as_practitioner(caller.actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.is_restricted FROM person q JOIN person p"
            " ON p.id = coalesce(q.merged_into_id, q.id) WHERE q.uid = %s",
            [uid],
        )
        found = cursor.fetchone()
    _open(caller, found, why.purpose)
    person = found[0]
    with as_practitioner(caller.actor), connection.cursor() as cursor:
        log_look(caller.actor, caller.now, "child, by API", [person])
        cursor.execute(
            "SELECT uid, name, born_on, lives_at, level, markers FROM pointer WHERE person_id = %s",
            [person],
        )
        uid, name, born_on, lives_at, level, markers = cursor.fetchone()
        cursor.execute(
            "SELECT uid, ref FROM case_file WHERE person_id = %s AND closed_at IS NULL ORDER BY id",
            [person],
        )
        cases = [CaseRef(uid=case, ref=ref) for case, ref in cursor.fetchall()]
        stands = standing(person, caller.now)
        return ChildNow(
            uid=uid,
            name=name,
            born_on=born_on,
            lives_at=lives_at,
            level=level,
            markers=_markers(markers),
            standing=StandingNow.model_validate(stands, from_attributes=True) if stands else None,
            cases=cases,
            chronology=[_line(line) for line in chronology(person, caller.now)],
        )


_MISSING = """
SELECT c.person_id, c.uid, c.ref, q.uid, q.name, q.born_on, q.level, c.stage, c.grade, c.opened_at,
       p.name, coalesce(nullif(p.phone, ''), nullif(t.phone, ''), a.phone)
FROM case_file c
JOIN practitioner p ON p.id = c.owner_id
JOIN agency a ON a.id = p.agency_id
LEFT JOIN team t ON t.id = p.team_id
LEFT JOIN pointer q ON q.person_id = c.person_id
WHERE c.pathway = 'missing' AND c.is_active AND c.closed_at IS NULL
ORDER BY c.opened_at DESC, c.id DESC LIMIT 1000
"""


def missing_now(request: ApiRequest) -> list[OpenEpisode]:
    """Every child who is missing now, whose it is and which clock comes next."""
    caller = _permit(request, "board.missing")
    with as_practitioner(caller.actor), connection.cursor() as cursor:
        cursor.execute(_MISSING)
        rows = cursor.fetchall()
        log_look(caller.actor, caller.now, "missing now, by API", (row[0] for row in rows))
        clocks = clock_lines({row[0] for row in rows}, caller.now)
    following = {c.case_uid: c for c in reversed(clocks) if c.due_at}
    return [
        OpenEpisode(
            case=CaseRef(uid=row[1], ref=row[2]),
            child=row[3],
            name=row[4],
            born_on=row[5],
            level=row[6],
            stage=row[7],
            grade=row[8],
            opened_at=row[9],
            owner=WhoToRing(name=row[10], phone=row[11]),
            next_clock=_clock(following[str(row[1])], row[3]) if str(row[1]) in following else None,
        )
        for row in rows
    ]


def running_clocks(request: ApiRequest, which: Annotated[Which, Query()]) -> list[ClockNow]:
    """Clocks that run, soonest first: each computed now, whatever was computed before."""
    caller = _permit(request, "board.missing", Which)
    with as_practitioner(caller.actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT k.person_id, q.uid FROM clock k "
            "LEFT JOIN pointer q ON q.person_id = k.person_id WHERE k.stopped_at IS NULL"
        )
        children = dict(cursor.fetchall())
        clocks = [
            c
            for c in clock_lines(children, caller.now)
            if not which.overdue or c.state is ClockState.OVERDUE
        ][: which.most]
        log_look(caller.actor, caller.now, "clocks, by API", (c.person_id for c in clocks))
    return [_clock(c, children[c.person_id]) for c in clocks]


# ── Doors ───────────────────────────────────────────────────────────────────────────────────────


def _permit(request: ApiRequest, capability: str, takes: type[BaseModel] | None = None) -> Caller:
    """Before anything is looked up, so that the answer says nothing of who is on file."""
    caller = request.auth
    if not may(caller.actor.roles, capability):
        log_refusal(caller.actor, caller.now, None, capability, "no capability")
        raise NotPermitted(capability)
    if set(request.GET) - set(takes.model_fields if takes else ()):
        fault = Fault("/query", "There is a name here that does not belong to this address.")
        raise Problem("wrong-answers", "Check the parameters of the address.", fault)
    return caller


def _open(caller: Caller, found: tuple[int, bool] | None, purpose: Purpose) -> None:
    """Open a child's record for this token's role. Raises DoorShut, or Http404 for nobody."""
    if found is None:
        raise Http404
    person, is_restricted = found
    # The second wall knows the practitioner, who may hold more roles than the token is bound to.
    if is_restricted and not may(caller.actor.roles, "child.open_restricted"):
        log_refusal(caller.actor, caller.now, person, "child.open", "restricted")
        raise DoorShut("restricted")
    open_door(caller.actor, [person], purpose)


# ── What is shown ───────────────────────────────────────────────────────────────────────────────


def _clock(c: ClockLine, child: UUID | None) -> ClockNow:
    return ClockNow(
        uid=UUID(c.uid),
        rule=c.rule,
        name=c.name,
        child=child,
        case=UUID(c.case_uid) if c.case_uid else None,
        state=c.state.value,
        started_at=c.started_at,
        due_at=c.due_at,
        left=c.left,
        owner=WhoToRing(name=c.owner_name, phone=c.owner_phone),
        acknowledged_by=c.acknowledged_by or None,
        acknowledged_at=c.acknowledged_at,
    )


def _line(line: Line) -> ChronologyLine:
    return ChronologyLine(
        entry=UUID(line.entry_uid),
        kind=line.kind,
        title=line.title,
        told=line.told,
        answers=[Answer(question=question, answer=answer) for question, answer in line.answers],
        happened_at=line.happened_at,
        recorded_at=line.recorded_at,
        by=line.by_name,
        agency=line.agency,
        case=line.case_ref,
        out_of_order=line.out_of_order,
        corrected=line.corrected,
        withdrawn=line.withdrawn,
        hidden=line.hidden,
    )


def _markers(stored: Any) -> list[str]:
    markers: Iterable[str] = json.loads(stored) if isinstance(stored, str) else stored
    return sorted(markers)
