"""Recorded about the wrong child: two people say so, then the words move and effects reverse.

A wordless line stays behind, both children are judged again, and who read it is listed (rule 8).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kittiwake.access.doors import NotPermitted, as_practitioner, log_refusal, open_door
from kittiwake.access.roles import may
from kittiwake.journal import knowing
from kittiwake.journal.applying import Pen
from kittiwake.journal.assessing import judge
from kittiwake.journal.correcting import NothingToCorrect, Stored, pen_for, stored
from kittiwake.journal.entries import WrongChild, WrongChildProposed
from kittiwake.journal.record import Recorded, append, open_case, record, write_details
from kittiwake.kernel.deciding import Decision, Refused, decide
from kittiwake.kernel.effects import AddAction
from kittiwake.kernel.known import Actor, Known, names
from kittiwake.kernel.pathway import REGISTER


def propose(
    entry_uid: str, right_person: str, reason: str, *, person: int, by: Actor, at: datetime
) -> Recorded:
    """Say that an entry is about another child; nothing changes until a second person agrees."""
    entry = WrongChildProposed(entry_uid=entry_uid, right_person=right_person, reason=reason)
    return record(entry, person=person, by=by, at=at)


def approve(entry_uid: str, *, person: int, by: Actor, at: datetime) -> Recorded:
    """Agree, as a second person: the entry moves. Raises NotPermitted, Refused, DoorShut."""
    if not may(by.roles, "entry.approve"):
        raise NotPermitted("entry.approve")
    open_door(by, [person], "care of the child")
    right = _right_person(entry_uid, person, by, at)
    open_door(by, [right], "care of the child")
    open_door(by, [person, right], "recording")
    with as_practitioner(by, durable=True, recording=True), connection.cursor() as cursor:
        for one in sorted({person, right}):
            cursor.execute("SELECT pg_advisory_xact_lock(7001, %s)", [one % 2**31])
        entry = stored(entry_uid)
        withdrawn = _withdraw(cursor, entry, by, at)
        _append_to_right(cursor, entry, right, by, at)
    return withdrawn


def _right_person(entry_uid: str, person: int, by: Actor, at: datetime) -> int:
    """The child a first person named for this entry. Raises Refused when it was the same person."""
    with as_practitioner(by), connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.answers->>'right_person', e.by_id FROM detail d JOIN entry e "
            "ON e.id = d.entry_id WHERE d.person_id = %s AND e.kind = %s "
            "AND d.answers->>'entry_uid' = %s ORDER BY e.id DESC LIMIT 1",
            [person, WrongChildProposed.kind, entry_uid],
        )
        row = cursor.fetchone()
        if row:
            cursor.execute("SELECT person_id FROM pointer WHERE uid = %s", [row[0]])
            right = cursor.fetchone()
    if row is None or right is None:
        raise NothingToCorrect("Nobody has said yet which child this entry is about.")
    if row[1] == by.id:
        reason = "You said this was the wrong child, so somebody else has to agree."
        log_refusal(by, at, person, WrongChild.kind, reason)
        raise Refused(reason)
    return int(right[0])


def _withdraw(cursor: CursorWrapper, old: Stored, by: Actor, at: datetime) -> Recorded:
    pathway = REGISTER.pathway_of(old.entry.kind)
    known = knowing.known_about(old.person, by, at, pathway.key if pathway else None, old.case_uid)
    entry = WrongChild(entry_uid=old.uid)
    pen = pen_for(cursor, known, entry, at)
    codes = {"entry_id": old.id}
    pen.entry_id = append(pen, entry, None, codes, Decision((), False, ()), None, None)
    write_details(cursor, entry.by_audience(), pen.entry_id, old.person, by.agency_id)
    _reverse(pen, old)
    pen.known = replace(known, facts=tuple(f for f in known.facts if f.entry_id != old.id))
    cursor.execute("SELECT array_agg(name) FROM who_opened(%s, %s)", [old.person, old.recorded_at])
    (readers,) = cursor.fetchone()
    if readers:
        pen.apply([_tell_protection_officer(readers)])
    assessed = judge(pen, codes, at)
    pen.finish()
    return Recorded("", pen.entry_id, pen.case_uid, None, level=assessed.level.word)


def _tell_protection_officer(readers: list[str]) -> AddAction:
    return AddAction(
        "Another child’s words stood in this record for a while: decide who has to be told",
        f"The record was opened meanwhile by {names(readers)}.",
        "data_protection_officer",
        key="",
    )


def _reverse(pen: Pen, old: Stored) -> None:
    """Undo what the entry caused for this child: clocks, actions, markers, stage."""
    cursor, at = pen.cursor, pen.known.now
    cursor.execute(
        "UPDATE clock SET stopped_at = %s, stopped_by_id = %s "
        "WHERE started_by_id = %s AND stopped_at IS NULL",
        [at, pen.entry_id, old.id],
    )
    cursor.execute(
        "UPDATE clock SET stopped_at = NULL, stopped_by_id = NULL "
        "WHERE stopped_by_id = %s AND started_by_id <> %s",
        [old.id, old.id],
    )
    cursor.execute(
        "UPDATE action SET state = 'withdrawn', settled_at = %s, settled_by_id = %s "
        "WHERE entry_id = %s AND settled_at IS NULL",
        [at, pen.entry_id, old.id],
    )
    cursor.execute(
        "UPDATE flag SET ended_at = %s, ended_by_id = %s "
        "WHERE raised_by_id = %s AND ended_at IS NULL",
        [at, pen.entry_id, old.id],
    )
    pen.markers_changed = True
    if pen.known.case:
        pen.case_changes |= _stage_without(pen.known, old)


def _stage_without(known: Known, old: Stored) -> dict[str, Any]:
    """The furthest stage the case's other entries reached; closed when it was all this one."""
    pathway = REGISTER.pathways[known.case.pathway]  # type: ignore[union-attr]
    if old.entry.opens:
        return {
            "is_active": False,
            "closed_at": known.now,
            "mark": "wrong child",
            "stage": pathway.stages[-1].key,
        }
    others = [
        f for f in known.of_case(*REGISTER.kinds)
        if f.entry_id != old.id and not f.codes.get("out_of_order")
    ]  # fmt: skip
    reached = [REGISTER.kinds[f.kind].to for f in others]
    furthest = max((pathway.rank(s) for s in reached if s), default=0)
    stage = pathway.stages[furthest]
    return {"stage": stage.key, "is_active": stage.active}


def _append_to_right(
    cursor: CursorWrapper, old: Stored, right: int, by: Actor, at: datetime
) -> None:
    """The entry about the right child: its effects are decided there, its words are moved."""
    pathway = REGISTER.pathway_of(old.entry.kind)
    known = knowing.known_about(right, by, at, pathway.key if pathway else None, None)
    pen = pen_for(cursor, known, old.entry, old.happened_at)

    decision = decide(old.entry, known, REGISTER)
    effects = decision.effects
    if old.entry.opens and known.case is None:
        effects = open_case(pen, effects, None)
    codes = old.entry.codes()
    pen.entry_id = append(pen, old.entry, None, codes, decision, None, None)
    cursor.execute("SELECT move_details(%s, %s, %s, %s)", [old.id, old.person, pen.entry_id, right])
    pen.apply(effects)
    judge(pen, codes, old.happened_at)
    pen.finish()
