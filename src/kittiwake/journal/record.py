"""record(): the one function that writes what happens to a child."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kittiwake.access.doors import NotPermitted, as_practitioner, log_refusal, open_door
from kittiwake.access.roles import may
from kittiwake.agencies.rota import rota_at
from kittiwake.journal import knowing
from kittiwake.journal.applying import Pen
from kittiwake.journal.assessing import judge, judge_linked_later
from kittiwake.journal.entries import ClockBreached, Corrected, WrongChild
from kittiwake.journal.linking_entries import KeptApart, PersonLinked, PersonUnlinked
from kittiwake.journal.words import keep_words_found
from kittiwake.kernel.deciding import Decision, Refused, decide, opens_a_case
from kittiwake.kernel.effects import Effect, Move, Own, Seal, SetGrade
from kittiwake.kernel.entry import Entry, Nature, happened
from kittiwake.kernel.facts import Fact
from kittiwake.kernel.known import Actor, Known
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import Audience
from kittiwake.risk.facts import Child, Level

OPENING = (Own, SetGrade, Move)
# Written by functions of their own: they want a second person, or are the sweeper's.
ELSEWHERE = (Corrected, WrongChild, ClockBreached)
OF_TWO = (PersonLinked, PersonUnlinked, KeptApart)


class NotYet(ValueError):
    """The time of an entry lies in the future: it has not happened."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an entry, as its author is told."""

    entry_uid: str
    entry_id: int
    case_uid: str | None
    case_ref: str | None
    already: bool = False
    already_by: str = ""
    already_at: datetime | None = None
    out_of_order: bool = False
    gaps: tuple[str, ...] = ()
    level: str = ""
    owner_id: int | None = None


def record(
    entry: Entry,
    *,
    person: int,
    by: Actor,
    at: datetime,
    case: str | None = None,
    submission: UUID | None = None,
    group: UUID | None = None,
    source_record: int | None = None,
    entry_uid: UUID | None = None,
    words_because: str = "",
    beside: int | None = None,
) -> Recorded:
    """Record one entry about one child, with everything it causes, or nothing at all.

    `at` is now. `submission` makes a retry answer with the first result. Raises NotPermitted,
    or Refused with reasons when a decision that lowers, closes or withholds may not stand;
    a refusal is logged. A fact and a raising are never refused. `words_because` says why its
    author keeps words that better ones were offered for. `beside` is another person whom it
    concerns, later on file than this one; see linking.py.
    """
    if happened(entry, at) > at + timedelta(minutes=1):
        raise NotYet("This time has not come yet. Check the day and the time.")
    is_elsewhere = isinstance(entry, ELSEWHERE) or (isinstance(entry, OF_TWO) and not beside)
    if is_elsewhere or not may(by.roles, entry.may):
        log_refusal(by, at, person, entry.kind, "no capability")
        raise NotPermitted(entry.may)
    others = _others(entry, by, person)
    people = [person, *others.values(), *([beside] if beside else [])]
    open_door(by, people, "recording")
    try:
        with as_practitioner(by, durable=True, recording=True), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(7001, p) FROM unnest(%s::int[]) AS p",
                [sorted(each % 2**31 for each in people)],
            )
            return _record(cursor, entry, person, by, at, case, submission, group,
                           source_record, entry_uid, others, words_because)  # fmt: skip
    except Refused as refused:
        log_refusal(by, at, person, entry.kind, *refused.reasons)
        raise


def _record(
    cursor: CursorWrapper,
    entry: Entry,
    person: int,
    by: Actor,
    at: datetime,
    case: str | None,
    submission: UUID | None,
    group: UUID | None,
    source_record: int | None,
    entry_uid: UUID | None,
    others: dict[str, int],
    words_because: str,
) -> Recorded:
    if submission and (first := _first_result(cursor, submission)):
        return first
    known = _known(entry, person, by, at, case)
    if entry.once and (done := _already(cursor, entry, known)):
        return done
    opens = opens_a_case(entry, known)
    # A new case starts from nothing: an older one lends it neither grade nor clocks.
    known = replace(known, extra=known.extra | {"others": frozenset(others)})
    known = replace(known, case=None) if opens else with_more(entry, known)
    decision = decide(entry, known, REGISTER)
    rota = rota_at(at)
    when = happened(entry, at)
    pen = Pen(
        cursor, known, entry, 0, when, rota,
        case_id=known.case.id if known.case else None,
        case_uid=known.case.uid if known.case else None,
        owner_id=known.case.owner_id if known.case else rota.who("duty_inspector"),
        grade=known.case.grade if known.case else None,
        others=others,
    )  # fmt: skip
    effects = decision.effects
    if opens:
        effects = open_case(pen, effects, group)
    codes = coded(entry, decision)
    uid = entry_uid or uuid4()
    pen.entry_id = append(pen, entry, uid, codes, decision, submission, source_record)
    readers = _readers(cursor, decision, by, at)
    write_details(cursor, entry.by_audience(), pen.entry_id, person, by.agency_id, readers)
    keep_words_found(pen, str(uid), words_because)
    pen.apply(effects)
    assessed = judge(pen, codes, when)
    pen.finish()
    judge_linked_later(pen)
    return Recorded(
        str(uid), pen.entry_id, pen.case_uid, _ref(cursor, pen.case_id), False, "", None,
        decision.out_of_order, decision.gaps, assessed.level.word, pen.owner_id,
    )  # fmt: skip


def refusals(
    entry: Entry, *, person: int, by: Actor, at: datetime, case: str | None = None
) -> tuple[str, ...]:
    """Why a decision would be refused if it were recorded now: empty where it would stand.

    Writes nothing but, where it would be refused, the log of refusals.
    """
    open_door(by, [person], "recording")
    with as_practitioner(by, recording=True):
        known = with_more(entry, _known(entry, person, by, at, case))
    try:
        decide(entry, known, REGISTER)
    except Refused as refused:
        log_refusal(by, at, person, entry.kind, *refused.reasons)
        return refused.reasons
    return ()


def _known(entry: Entry, person: int, by: Actor, at: datetime, case: str | None) -> Known:
    pathway = REGISTER.pathway_of(entry.kind)
    # What opens a case belongs to the one that is active, never to an older one.
    named = None if entry.opens else case
    return knowing.known_about(person, by, at, pathway.key if pathway else None, named)


def _others(entry: Entry, by: Actor, person: int) -> dict[str, int]:
    """The other people an entry names by uid, among those its author may look for: uid to id."""
    named = entry.others()
    if not named:
        return {}
    with as_practitioner(by), connection.cursor() as cursor:
        cursor.execute(
            "SELECT uid::text, coalesce(merged_into_id, id) FROM person "
            "WHERE uid::text = ANY (%s) AND coalesce(merged_into_id, id) <> %s",
            [sorted(named.values()), person],
        )
        return dict(cursor.fetchall())


def _readers(cursor: CursorWrapper, decision: Decision, by: Actor, at: datetime) -> list[int]:
    """Who reads a sealed entry: its author, and whoever holds a role on the seal now."""
    roles = [role for e in decision.effects if isinstance(e, Seal) for role in e.roles]
    if not roles:
        return []
    cursor.execute(
        "SELECT DISTINCT practitioner_id FROM role_held WHERE role = ANY (%s)"
        " AND from_at <= %s AND (until IS NULL OR until > %s)",
        [roles, at, at],
    )
    return sorted({by.id, *(row[0] for row in cursor.fetchall())})


def _first_result(cursor: CursorWrapper, submission: UUID) -> Recorded | None:
    cursor.execute(
        "SELECT e.uid::text, e.id, c.uid::text, c.ref, c.owner_id FROM entry e "
        "LEFT JOIN case_file c ON c.id = e.case_id WHERE e.submission = %s",
        [submission],
    )
    row = cursor.fetchone()
    return Recorded(row[0], row[1], row[2], row[3], owner_id=row[4]) if row else None


def _already(cursor: CursorWrapper, entry: Entry, known: Known) -> Recorded | None:
    """Somebody recorded this before: the plain answer says who and when; nothing is written."""
    fact = known.latest(entry.kind)
    if fact is None or known.case is None or (entry.opens and not known.case.active):
        return None
    cursor.execute(
        "SELECT e.uid::text, p.name, e.recorded_at FROM entry e "
        "JOIN practitioner p ON p.id = e.by_id WHERE e.id = %s",
        [fact.entry_id],
    )
    uid, name, recorded_at = cursor.fetchone()
    return Recorded(
        uid, fact.entry_id, known.case.uid, known.case.ref, True, name, recorded_at,
        owner_id=known.case.owner_id,
    )  # fmt: skip


def with_more(entry: Entry, known: Known) -> Known:
    """What only a gated decision needs: the floor of the policy, and the gaps of the case."""
    if entry.nature is Nature.LOWERING:
        now = knowing.policy().judge(known.facts, Child(known.age()), known.now)
        floor = now.grade_floor
        grade: Any = min(floor, Level.HIGH).word if floor else None
        reasons = [r.sentence for r in now.reasons if r.holds_grade and r.level == floor]
        return replace(known, policy_grade=grade, extra=known.extra | {"floor_reasons": reasons})
    if entry.nature is Nature.CLOSING and known.case:
        gaps = {g for f in known.facts if f.case_id == known.case.id for g in open_gaps(f)}
        return replace(known, gaps=tuple(sorted(gaps)))
    return known


def open_gaps(fact: Fact) -> list[str]:
    """The questions of an entry that still want an answer before its case can close."""
    cls = REGISTER.kinds.get(fact.kind)
    texts = {a.name: a.text for a in cls.questions()} if cls else {}
    left = fact.codes.get("gaps") or ()
    return [texts.get(name, name) for name in left if name not in fact.codes.get("answered", ())]


def coded(entry: Entry, decision: Decision) -> dict[str, Any]:
    """The codes of an entry as kept for the judge, with its gaps and whether it came late."""
    codes = entry.codes()
    if decision.gaps:
        codes["gaps"] = [a.name for a in entry.questions() if a.text in decision.gaps]
    if decision.out_of_order:
        codes["out_of_order"] = True
    return codes


def open_case(pen: Pen, effects: tuple[Effect, ...], group: UUID | None) -> tuple[Effect, ...]:
    """A new case, owned and graded before anything else is written (CLK-10); what is left to do."""
    pen.apply(e for e in effects if isinstance(e, OPENING))
    pen.open(group)
    return tuple(e for e in effects if not isinstance(e, OPENING))


def append(
    pen: Pen,
    entry: Entry,
    uid: UUID | None,
    codes: dict[str, Any],
    decision: Decision,
    submission: UUID | None,
    source_record: int | None,
) -> int:
    """Append the spine of an entry and the line about the child: no words."""
    known, cursor = pen.known, pen.cursor
    cursor.execute(
        "INSERT INTO entry (uid, kind, version, person_id, case_id, by_id, happened_at,"
        " recorded_at, submission, out_of_order, is_history, rulebook) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, false, %s) RETURNING id",
        [
            uid or uuid4(), entry.kind, entry.version, known.person_id, pen.case_id, known.actor.id,
            pen.happened_at, known.now, submission, decision.out_of_order, known.rulebook.version,
        ],
    )  # fmt: skip
    entry_id: int = cursor.fetchone()[0]
    cursor.execute(
        "INSERT INTO about (entry_id, person_id, source_record_id, role, kind, case_id,"
        " happened_at, recorded_at, by_id, codes) "
        "VALUES (%s, %s, %s, 'child', %s, %s, %s, %s, %s, %s)",
        [
            entry_id, known.person_id, source_record, entry.kind, pen.case_id, pen.happened_at,
            known.now, known.actor.id, json.dumps(codes),
        ],
    )  # fmt: skip
    if pen.others:
        _append_others(pen, entry, entry_id)
    return entry_id


def _append_others(pen: Pen, entry: Entry, entry_id: int) -> None:
    """A line, without words or codes, about each other person the entry names."""
    pen.cursor.execute(
        "INSERT INTO about (entry_id, person_id, role, kind, case_id, happened_at, recorded_at,"
        " by_id, codes) SELECT %s, p, 'involved', %s, NULL, %s, %s, %s, '{}' "
        "FROM unnest(%s::bigint[]) AS p",
        [entry_id, entry.kind, pen.happened_at, pen.known.now, pen.known.actor.id,
         sorted(pen.others.values())],
    )  # fmt: skip


def write_details(
    cursor: CursorWrapper,
    parts: dict[Audience, dict[str, Any]],
    entry_id: int,
    person: int,
    agency: int,
    readers: Sequence[int] = (),
) -> None:
    """The answers of an entry, kept apart by audience; the protected ones under tokens.

    `readers` are those who read what is for named people; a sealed entry is for them alone.
    """
    protected = parts.pop("protected", {})
    for name, answer in protected.items():
        token = str(uuid4())
        parts.setdefault("case", {})[name] = {"protected": token}
        cursor.execute(
            "INSERT INTO protected (token, entry_id, person_id, name, agency_id, answer) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [token, entry_id, person, name, agency, json.dumps(answer)],
        )
    # Always a row for all on the case, even an empty one: no row then means "not for you".
    parts.setdefault("named" if readers else "case", {})
    cursor.execute(
        "INSERT INTO detail (entry_id, person_id, audience, agency_id, readers, needs, answers)"
        " VALUES " + ", ".join(["(%s, %s, %s, %s, %s, '{}', %s)"] * len(parts)),
        [
            v
            for a, d in parts.items()
            for v in (
                entry_id,
                person,
                a,
                agency,
                list(readers) if a == "named" else [],
                json.dumps(d),
            )
        ],
    )


def _ref(cursor: CursorWrapper, case_id: int | None) -> str | None:
    if case_id is None:
        return None
    cursor.execute("SELECT ref FROM case_file WHERE id = %s", [case_id])
    row = cursor.fetchone()
    return row[0] if row else None
