"""Recorded about the wrong child: two people say so, then the words move and effects reverse.

A wordless line stays behind, both children are judged again, and who read it is listed (rule 8).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kittiwake.access.doors import NotPermitted, as_practitioner, log_refusal, open_door
from kittiwake.access.roles import may
from kittiwake.journal import knowing
from kittiwake.journal.applying import Pen
from kittiwake.journal.assessing import judge
from kittiwake.journal.correcting import (
    NothingToCorrect,
    Stored,
    corrections_of,
    pen_for,
    stored,
)
from kittiwake.journal.entries import Corrected, WrongChild, WrongChildProposed
from kittiwake.journal.record import Recorded, append, open_case, record, write_details
from kittiwake.kernel.deciding import Decision, Refused, decide
from kittiwake.kernel.effects import AddAction
from kittiwake.kernel.known import Actor, Known, names
from kittiwake.kernel.pathway import REGISTER

NOTHING = Decision((), False, ())


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
        # In the order in which the linked are judged, so that neither waits for the other.
        cursor.execute(
            "SELECT FROM pointer WHERE person_id = ANY (%s) ORDER BY person_id FOR UPDATE",
            [[person, right]],
        )
        move = _read(cursor, entry_uid, person, right, by, at)
        withdrawn = _withdraw(move)
        _append_to_right(move)
    return withdrawn


@dataclass(frozen=True, slots=True)
class _Move:
    """An entry on its way, with its corrections and what the judge knew of it."""

    cursor: CursorWrapper
    old: Stored
    codes: dict[str, Any]
    corrections: list[int]
    right: int
    by: Actor
    at: datetime


def _read(
    cursor: CursorWrapper, entry_uid: str, person: int, right: int, by: Actor, at: datetime
) -> _Move:
    facts = knowing.facts_of([person]).get(person, [])
    old = stored(entry_uid)
    fact = next((f for f in facts if f.entry_id == old.id), None)
    if old.person != person or fact is None:
        raise NothingToCorrect("This entry does not stand in this record, or was moved already.")
    return _Move(cursor, old, dict(fact.codes), corrections_of(cursor, old), right, by, at)


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


def _withdraw(move: _Move) -> Recorded:
    """The wordless lines that stay behind, and everything the entry caused taken back."""
    cursor, old, by, at = move.cursor, move.old, move.by, move.at
    pathway = REGISTER.pathway_of(old.entry.kind)
    known = knowing.known_about(old.person, by, at, pathway.key if pathway else None, old.case_uid)
    pen = pen_for(cursor, known, WrongChild(entry_uid=old.uid), at)
    for moved in (*move.corrections, old.id):
        cursor.execute("SELECT uid::text FROM entry WHERE id = %s", [moved])
        line = WrongChild(entry_uid=cursor.fetchone()[0])
        pen.entry_id = append(pen, line, None, {"entry_id": moved}, NOTHING, None, None)
        write_details(cursor, line.by_audience(), pen.entry_id, old.person, by.agency_id)
    _reverse(pen, old, [old.id, *move.corrections])
    gone = {old.id, *move.corrections}
    pen.known = replace(known, facts=tuple(f for f in known.facts if f.entry_id not in gone))
    cursor.execute("SELECT array_agg(name) FROM who_opened(%s, %s)", [old.person, old.recorded_at])
    (readers,) = cursor.fetchone()
    if readers:
        pen.apply([_tell_protection_officer(readers)])
    assessed = judge(pen, {"entry_id": old.id}, at)
    pen.finish()
    return Recorded("", pen.entry_id, pen.case_uid, None, level=assessed.level.word)


def _tell_protection_officer(readers: list[str]) -> AddAction:
    return AddAction(
        "Another child’s words stood in this record for a while: decide who has to be told",
        f"The record was opened meanwhile by {names(readers)}.",
        "data_protection_officer",
        key="",
    )


def _reverse(pen: Pen, old: Stored, gone: list[int]) -> None:
    """Undo what the entry caused for this child: clocks, actions, markers, stage."""
    cursor, at = pen.cursor, pen.known.now
    cursor.execute(
        "UPDATE clock SET stopped_at = %s, stopped_by_id = %s "
        "WHERE started_by_id = ANY (%s) AND stopped_at IS NULL",
        [at, pen.entry_id, gone],
    )
    cursor.execute(
        "UPDATE clock SET stopped_at = NULL, stopped_by_id = NULL "
        "WHERE stopped_by_id = %s AND started_by_id <> %s",
        [old.id, old.id],
    )
    cursor.execute(
        "UPDATE action SET state = 'withdrawn', settled_at = %s, settled_by_id = %s "
        "WHERE entry_id = ANY (%s) AND settled_at IS NULL",
        [at, pen.entry_id, gone],
    )
    cursor.execute(
        "UPDATE flag SET ended_at = %s, ended_by_id = %s "
        "WHERE raised_by_id = %s AND ended_at IS NULL",
        [at, pen.entry_id, old.id],
    )
    cursor.execute(
        "UPDATE plan SET state = 'withdrawn', ended_at = %s, ended_by_id = %s "
        "WHERE entry_id = ANY (%s) AND ended_at IS NULL",
        [at, pen.entry_id, gone],
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


def _append_to_right(move: _Move) -> None:
    """The entry about the right child: its effects are decided there, its words are moved."""
    cursor, old, right = move.cursor, move.old, move.right
    pathway = REGISTER.pathway_of(old.entry.kind)
    known = knowing.known_about(right, move.by, move.at, pathway.key if pathway else None, None)
    pen = pen_for(cursor, known, old.entry, old.happened_at)
    try:
        decision = decide(old.entry, known, REGISTER)
    except Refused:
        # It was decided about another child: here it is a line, and decides nothing.
        decision = Decision((), True, ())
    effects = decision.effects
    if old.entry.opens and known.case is None:
        effects = open_case(pen, effects, None)
    uid = uuid4()
    pen.entry_id = append(pen, old.entry, uid, move.codes, decision, None, None)
    cursor.execute("SELECT move_details(%s, %s, %s, %s)", [old.id, old.person, pen.entry_id, right])
    for correction in move.corrections:
        _append_correction(move, pen, correction, str(uid))
    pen.apply(effects)
    judge(pen, move.codes, old.happened_at)
    pen.finish()


def _append_correction(move: _Move, pen: Pen, correction: int, of: str) -> None:
    """A correction follows the entry it corrects; the codes there are corrected already."""
    line = Corrected(entry_uid=of)
    codes = {"entry_id": pen.entry_id, "changes": {}}
    there = append(pen, line, None, codes, NOTHING, None, None)
    move.cursor.execute(
        "SELECT move_details(%s, %s, %s, %s)", [correction, move.old.person, there, move.right]
    )
