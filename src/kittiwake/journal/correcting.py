"""Corrections: another entry says how an earlier one was wrong; nothing is overwritten (rule 8).

What the entry caused is decided again and the difference applied. Alerts and breaches stand.
Moving a clock's start waits for a second person, and the earlier due time rules meanwhile.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kittiwake.access.doors import NotPermitted, as_practitioner, open_door
from kittiwake.access.roles import may
from kittiwake.agencies.rota import rota_at
from kittiwake.journal import knowing
from kittiwake.journal.applying import Pen
from kittiwake.journal.assessing import judge
from kittiwake.journal.entries import Corrected
from kittiwake.journal.reading import chronology, shown_to
from kittiwake.journal.record import Recorded, append, write_details
from kittiwake.kernel.clocks import due_at
from kittiwake.kernel.deciding import Decision, Refused, decide
from kittiwake.kernel.effects import AddAction, Effect, RaiseFlag, SetGrade, Start
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor, Known
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import Audience


class NothingToCorrect(ValueError):
    """No such entry in what this practitioner may see, or nothing in it changes."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as stored, with the answers its reader may see, corrections in place."""

    id: int
    uid: str
    entry: Entry
    person: int
    case_uid: str | None
    happened_at: datetime
    recorded_at: datetime


def stored(entry_uid: str) -> Stored:
    """An entry by its uid, for whoever has opened the child's record. Raises NothingToCorrect."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.kind, e.version, e.person_id, c.uid::text, e.recorded_at,"
            " e.happened_at FROM entry e LEFT JOIN case_file c ON c.id = e.case_id"
            " WHERE e.uid = %s",
            [entry_uid],
        )
        row = cursor.fetchone()
        if row is None:
            raise NothingToCorrect("There is no such entry in the records you have opened.")
        cursor.execute(
            "SELECT audience, answers FROM detail WHERE entry_id = %s AND person_id = %s",
            [row[0], row[3]],
        )
        parts = {audience: json.loads(answers) for audience, answers in cursor.fetchall()}
        cursor.execute(
            "SELECT token::text, answer FROM protected WHERE entry_id = %s AND person_id = %s",
            [row[0], row[3]],
        )
        protected = {token: json.loads(answer) for token, answer in cursor.fetchall()}
    lines = {line.entry_uid: line for line in chronology(row[3], row[5])}
    cls = REGISTER.kinds[row[1]]
    entry = shown_to(cls, row[2], parts, protected, {})
    if entry is None:
        raise NothingToCorrect("You may not see this entry, so you cannot correct it.")
    when = lines[entry_uid].happened_at if entry_uid in lines else row[6]
    entry = entry.model_copy(update={"happened_at": when})
    return Stored(row[0], entry_uid, entry, row[3], row[4], when, row[5])


def correct(
    entry_uid: str, changes: dict[str, Any], reason: str, *, person: int, by: Actor, at: datetime
) -> Recorded:
    """Correct answers of an entry, or when it happened. Raises NothingToCorrect, NotPermitted,
    DoorShut, or pydantic's ValidationError when the changed answers do not fit."""
    if not may(by.roles, "entry.correct"):
        raise NotPermitted("entry.correct")
    open_door(by, [person], "care of the child")
    open_door(by, [person], "recording")
    with as_practitioner(by, durable=True, recording=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7001, %s)", [person % 2**31])
        old = stored(entry_uid)
        data = old.entry.model_dump(mode="json", exclude_none=True)
        new = type(old.entry).model_validate(data | changes)
        changed = [n for n in type(new).model_fields if getattr(new, n) != getattr(old.entry, n)]
        if not changed:
            raise NothingToCorrect("Nothing is different from what is recorded.")
        return _write(cursor, old, new, changed, reason, by, at)


def _write(
    cursor: CursorWrapper,
    old: Stored,
    new: Entry,
    changed: list[str],
    reason: str,
    by: Actor,
    at: datetime,
) -> Recorded:
    pathway = REGISTER.pathway_of(new.kind)
    known = knowing.known_about(old.person, by, at, pathway.key if pathway else None, old.case_uid)
    pen = pen_for(cursor, known, Corrected(entry_uid=old.uid, reason=reason), at)
    codes = {"entry_id": old.id, "changes": _changed_codes(new, changed)}
    pen.entry_id = append(pen, pen.entry, None, codes, Decision((), False, ()), None, None)
    parts = _changes_by_audience(old, new, changed, reason)
    write_details(cursor, parts, pen.entry_id, old.person, by.agency_id)
    appear, vanish = _difference(old.entry, new, known)
    pen.apply(appear)
    _take_back(pen, old, vanish)
    if "happened_at" in changed and new.happened_at:
        _move_clocks(pen, old, new.happened_at)
    assessed = judge(pen, codes, at)
    pen.finish()
    return Recorded("", pen.entry_id, pen.case_uid, None, level=assessed.level.word)


def pen_for(cursor: CursorWrapper, known: Known, entry: Entry, at: datetime) -> Pen:
    """A pen for one entry about a child, in the case that is known."""
    case, rota = known.case, rota_at(at)
    return Pen(
        cursor, known, entry, 0, at, rota,
        case_id=case.id if case else None,
        case_uid=case.uid if case else None,
        owner_id=case.owner_id if case else rota.who("duty_inspector"),
        grade=case.grade if case else None,
    )  # fmt: skip


def _changed_codes(new: Entry, changed: list[str]) -> dict[str, Any]:
    """The judge's view of the correction: new codes, the gaps that are left, the new time."""
    codes = {n: v for n, v in new.codes().items() if any(n.startswith(c) for c in changed)}
    left = new.missing_answers("before closing")
    codes["gaps"] = [a.name for a in new.questions() if a.text in left]
    if "happened_at" in changed and new.happened_at:
        codes["happened_at"] = new.happened_at.isoformat()
    return codes


def _changes_by_audience(
    old: Stored, new: Entry, changed: list[str], reason: str
) -> dict[Audience, dict[str, Any]]:
    """The changed answers, each for the audience of its question."""
    parts: dict[Audience, dict[str, Any]] = {"case": {"entry_uid": old.uid, "reason": reason}}
    for audience, answers in new.by_audience().items():
        mine = {n: v for n, v in answers.items() if n in changed}
        if audience == "protected":
            parts |= {"protected": mine} if mine else {}
        elif mine:
            parts.setdefault(audience, {"entry_uid": old.uid})["changes"] = mine
    if "happened_at" in changed and new.happened_at:
        moved = {"happened_at": new.happened_at.isoformat()}
        parts["case"]["changes"] = parts["case"].get("changes", {}) | moved
    return parts


def _difference(old: Entry, new: Entry, known: Known) -> tuple[list[Effect], list[Effect]]:
    """What the changed entry causes that it did not, and what it no longer causes."""
    before, after = (_caused(entry, known) for entry in (old, new))
    appear: list[Effect] = [
        e for e in after if e not in before and isinstance(e, AddAction | RaiseFlag | Start)
    ]
    vanish = [e for e in before if e not in after]
    for effect in after:
        if isinstance(effect, SetGrade) and effect not in before:
            appear.append(_ask_for_grade(effect))
    return appear, vanish


def _caused(entry: Entry, known: Known) -> list[Effect]:
    try:
        return list(decide(entry, replace(known, clocks=()), REGISTER).effects)
    except Refused:
        return []


def _ask_for_grade(effect: SetGrade) -> AddAction:
    return AddAction(
        f"A corrected entry now says {effect.grade}: decide on the grade again",
        "A correction never changes a grade by itself.",
        "owner",
        key="grade-after-correction",
    )


def _take_back(pen: Pen, old: Stored, vanish: list[Effect]) -> None:
    """Open actions the entry no longer causes are withdrawn; a marker waits for a person."""
    keys = [e.key for e in vanish if isinstance(e, AddAction) and e.key]
    pen.cursor.execute(
        "UPDATE action SET state = 'withdrawn', settled_at = %s, settled_by_id = %s "
        "WHERE entry_id = %s AND key = ANY (%s) AND settled_at IS NULL",
        [pen.known.now, pen.entry_id, old.id, keys],
    )
    for effect in vanish:
        if isinstance(effect, RaiseFlag):
            pen.apply(
                [
                    AddAction(
                        f"Does the marker {effect.type.replace('_', ' ')} still hold?",
                        "The entry it rests on was corrected. A person decides.",
                        "owner",
                        key=f"marker:{effect.type}",
                    )
                ]
            )


def _move_clocks(pen: Pen, old: Stored, happened_at: datetime) -> None:
    """A changed time asks to move the clocks the entry started; a second person decides."""
    pen.cursor.execute(
        "SELECT id FROM clock WHERE started_by_id = %s AND stopped_at IS NULL", [old.id]
    )
    for (clock_id,) in pen.cursor.fetchall():
        pen.cursor.execute(
            "INSERT INTO start_correction (clock_id, person_id, entry_id, proposed_start,"
            " proposed_by_id) VALUES (%s, %s, %s, %s, %s)",
            [clock_id, old.person, pen.entry_id, happened_at, pen.known.actor.id],
        )
        if happened_at < old.happened_at:
            _index_due(pen, clock_id, happened_at)
    pen.cursor.execute(
        "UPDATE clock SET stopped_at = greatest(started_at, %s) WHERE stopped_by_id = %s",
        [happened_at, old.id],
    )


def _index_due(pen: Pen, clock_id: int, started: datetime) -> None:
    clock = next(c for c in pen.known.clocks if c.id == clock_id)
    rule = pen.known.rulebook.clock(clock.rule)
    due = due_at(rule, started, clock.grade, pen.known.rulebook.calendar_for(rule), lap=clock.lap)
    pen.cursor.execute("UPDATE clock SET due_at = %s WHERE id = %s", [due, clock_id])


def settle_start(
    correction: int, *, approve: bool, person: int, by: Actor, at: datetime
) -> str | None:
    """A second person approves or rejects moving a clock's start; says why not, or None."""
    if not may(by.roles, "entry.approve"):
        raise NotPermitted("entry.approve")
    open_door(by, [person], "recording")
    with as_practitioner(by, durable=True, recording=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.proposed_by_id, s.clock_id, s.proposed_start, k.started_at "
            "FROM start_correction s JOIN clock k ON k.id = s.clock_id "
            "WHERE s.id = %s AND s.settled_at IS NULL FOR UPDATE OF s",
            [correction],
        )
        row = cursor.fetchone()
        if row is None:
            return "Somebody has settled this already."
        if row[0] == by.id:
            return "You asked for this, so somebody else has to decide."
        cursor.execute(
            "UPDATE start_correction SET approved = %s, settled_by_id = %s, settled_at = %s "
            "WHERE id = %s",
            [approve, by.id, at, correction],
        )
        known = knowing.known_about(person, by, at, None, None)
        pen = pen_for(cursor, known, Corrected(), at)
        if any(c.id == row[1] for c in known.clocks):
            _index_due(pen, row[1], row[2] if approve else row[3])
    return None
