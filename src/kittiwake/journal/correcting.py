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
from kittiwake.journal.reading import changed_answers, shown_to
from kittiwake.journal.record import Recorded, append, write_details
from kittiwake.kernel.clocks import due_at
from kittiwake.kernel.deciding import Decision, Refused, decide
from kittiwake.kernel.effects import AddAction, Effect, OpenCase, RaiseFlag, SetGrade, Start
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor, Known
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import Audience


class NothingToCorrect(ValueError):
    """No such entry in what this practitioner may see, or nothing in it changes."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it stands for its reader: the answers they may see, corrections in place."""

    id: int
    uid: str
    entry: Entry
    person: int
    case_uid: str | None
    happened_at: datetime
    recorded_at: datetime
    by_id: int
    agency_id: int

    def is_read_by(self, actor: Actor, audience: Audience) -> bool:
        """Whether an answer for this audience is one the practitioner reads, or gave."""
        is_ours = actor.agency_id == self.agency_id
        reads = {
            "case": True,
            "agency": is_ours,
            "police": actor.agency_kind == "police",
            "named": False,
            "protected": is_ours or actor.agency_kind in ("police", "social_care"),
        }
        return reads[audience] or actor.id == self.by_id


def stored(entry_uid: str) -> Stored:
    """An entry by its uid, for whoever has opened the child's record. Raises NothingToCorrect."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.kind, e.version, e.person_id, c.uid::text, e.recorded_at,"
            " e.happened_at, e.by_id, p.agency_id FROM entry e JOIN practitioner p"
            " ON p.id = e.by_id LEFT JOIN case_file c ON c.id = e.case_id WHERE e.uid = %s",
            [entry_uid],
        )
        row = cursor.fetchone()
        if row is None:
            raise NothingToCorrect("There is no such entry in the records you have opened.")
        id_, kind, version, person, case_uid, recorded_at, happened_at, by_id, agency_id = row
        cursor.execute(
            "SELECT audience, answers FROM detail WHERE entry_id = %s AND person_id = %s",
            [id_, person],
        )
        parts = {audience: json.loads(answers) for audience, answers in cursor.fetchall()}
        if not parts:
            raise NothingToCorrect("You may not see this entry, so you cannot correct it.")
        cursor.execute("SELECT token::text, answer FROM protected WHERE person_id = %s", [person])
        protected = {token: json.loads(answer) for token, answer in cursor.fetchall()}
        changes = _changes_of(cursor, entry_uid, person)
    entry = shown_to(REGISTER.kinds[kind], version, parts, protected, changes)
    if entry is None:
        raise NothingToCorrect("You may not see this entry, so you cannot correct it.")
    when = entry.happened_at or happened_at
    entry = entry.model_copy(update={"happened_at": when})
    return Stored(id_, entry_uid, entry, person, case_uid, when, recorded_at, by_id, agency_id)


def _changes_of(cursor: CursorWrapper, entry_uid: str, person: int) -> dict[str, Any]:
    """What corrections say about an entry so far, the newest last."""
    changes: dict[str, Any] = {}
    for _, answers in _corrections(cursor, entry_uid, person):
        changes |= changed_answers(answers)
    return changes


def _corrections(
    cursor: CursorWrapper, entry_uid: str, person: int
) -> list[tuple[int, dict[str, Any]]]:
    """The corrections of an entry, oldest first: their ids and each part this reader may see."""
    cursor.execute(
        "SELECT e.id, d.answers FROM detail d JOIN entry e ON e.id = d.entry_id"
        " WHERE d.person_id = %s AND e.kind = %s AND d.answers->>'entry_uid' = %s ORDER BY e.id",
        [person, Corrected.kind, entry_uid],
    )
    return [(id_, json.loads(answers)) for id_, answers in cursor.fetchall()]


def corrections_of(cursor: CursorWrapper, entry: Stored) -> list[int]:
    """The ids of the entries that correct this one, oldest first."""
    return sorted({id_ for id_, _ in _corrections(cursor, entry.uid, entry.person)})


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
        if old.person != person:
            raise NothingToCorrect("There is no such entry in this record.")
        asked = {a.name: a.audience for a in old.entry.questions()}
        if any(n in asked and not old.is_read_by(by, asked[n]) for n in changes):
            raise NothingToCorrect("An answer you may not read is not yours to correct.")
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
    codes = {"entry_id": old.id, "changes": _changed_codes(old.entry, new, changed)}
    pen.entry_id = append(pen, pen.entry, None, codes, Decision((), False, ()), None, None)
    parts = _changes_by_audience(old, new, changed, reason)
    write_details(cursor, parts, pen.entry_id, old.person, by.agency_id)
    appear, vanish = _difference(old.entry, new, known)
    # The judge looks at the codes as they are now corrected.
    facts = knowing.facts_of([old.person])[old.person]
    pen.known = replace(known, facts=tuple(f for f in facts if f.entry_id != pen.entry_id))
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


def _changed_codes(old: Entry, new: Entry, changed: list[str]) -> dict[str, Any]:
    """The judge's view of the correction: codes that differ, the gaps that are left, the new time.

    A code that is gone reads as no where it was yes, else as not asked.
    """
    before, after = old.codes(), new.codes()
    codes = {
        name: after.get(name, False if before.get(name) is True else None)
        for name in before | after
        if before.get(name) != after.get(name)
    }
    left = new.missing_answers("before closing")
    codes["gaps"] = [a.name for a in new.questions() if a.text in left]
    if "happened_at" in changed and new.happened_at:
        codes["happened_at"] = new.happened_at.isoformat()
    return codes


def _changes_by_audience(
    old: Stored, new: Entry, changed: list[str], reason: str
) -> dict[Audience, dict[str, Any]]:
    """The changed answers and the reason, each for the audience of the questions they answer."""
    parts: dict[Audience, dict[str, Any]] = {"case": {"entry_uid": old.uid}}
    answers = new.model_dump(mode="json", include=set(changed))
    audiences: set[Audience] = set()
    for asked in new.questions():
        if asked.name not in answers:
            continue
        audiences.add(asked.audience)
        if asked.audience == "protected" and answers[asked.name] is not None:
            parts.setdefault("protected", {})[asked.name] = answers[asked.name]
        else:
            whose: Audience = "case" if asked.audience == "protected" else asked.audience
            part = parts.setdefault(whose, {"entry_uid": old.uid})
            part.setdefault("changes", {})[asked.name] = answers[asked.name]
    if answers.get("happened_at"):
        audiences.add("case")
        parts["case"].setdefault("changes", {})["happened_at"] = answers["happened_at"]
    parts.setdefault(_who_reads_why(audiences), {})["reason"] = reason
    return parts


def _who_reads_why(audiences: set[Audience]) -> Audience:
    """Whom the reason is for: why an answer was wrong says as much as the answer."""
    if len(audiences) == 1:
        return next(iter(audiences))
    return "police" if "police" in audiences and "case" not in audiences else "case"


def _difference(old: Entry, new: Entry, known: Known) -> tuple[list[Effect], list[Effect]]:
    """What the changed entry causes that it did not, and what it no longer causes."""
    before, after = (_caused(entry, known) for entry in (old, new))
    appear: list[Effect] = [
        e
        for e in after
        if e not in before and isinstance(e, AddAction | OpenCase | RaiseFlag | Start)
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
    if rule.form != "deadline":
        return
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
            "WHERE s.id = %s AND s.person_id = %s AND s.settled_at IS NULL FOR UPDATE OF s",
            [correction, person],
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
