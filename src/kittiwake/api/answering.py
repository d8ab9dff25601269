"""What the sender of an entry is told, now and whenever they send it again."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import connection

from kittiwake.access.doors import as_practitioner
from kittiwake.access.roles import may
from kittiwake.api.answers import CaseRef, RecordedEntry, who_to_ring
from kittiwake.api.problems import NOTHING_HERE, Problem
from kittiwake.api.tokens import Caller
from kittiwake.journal.record import Recorded
from kittiwake.kernel.entry import Entry
from kittiwake.people.descriptions import Outcome

WIDE = ("police", "social_care")
"""Kinds of agency that may look anybody up, and so be told who is on file."""


@dataclass(frozen=True, slots=True)
class Child:
    """Whom an entry is about, and the source record that said so."""

    id: int
    outcome: Outcome | Literal["known"]
    source_record: int | None = None


def written(caller: Caller, entry_id: int, entry: Entry) -> Recorded:
    """What was recorded before, as it is on record. Raises Problem where it moved elsewhere."""
    with as_practitioner(caller.actor, recording=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.uid::text, c.uid::text, c.ref, p.name, e.recorded_at, e.out_of_order,"
            " c.owner_id FROM entry e JOIN practitioner p ON p.id = e.by_id "
            "LEFT JOIN case_file c ON c.id = e.case_id WHERE e.id = %s",
            [entry_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise Problem("not-found", NOTHING_HERE)
    uid, case_uid, case_ref, by, at, out_of_order, owner_id = row
    gaps = tuple(entry.missing_answers("before closing"))
    return Recorded(
        uid, entry_id, case_uid, case_ref, True, by, at, out_of_order, gaps, "", owner_id
    )


def answer(caller: Caller, child: Child, found: Recorded, report: UUID) -> RecordedEntry:
    """What a program is told of the entry it sent, and no more than it could have looked up."""
    actor = caller.actor
    with as_practitioner(actor, recording=True), connection.cursor() as cursor:
        cursor.execute("SELECT uid FROM pointer WHERE person_id = %s", [child.id])
        (uid,) = cursor.fetchone()
        owner = who_to_ring(found.owner_id) if found.owner_id else None
    # Having recorded lets nobody look: the level is told to those who see it on their lists.
    with as_practitioner(actor), connection.cursor() as cursor:
        cursor.execute("SELECT level FROM pointer WHERE person_id = %s", [child.id])
        row = cursor.fetchone()
    case = CaseRef(uid=UUID(found.case_uid), ref=found.case_ref or "") if found.case_uid else None
    # Whether a child is on file is not told to those who could not have looked.
    is_told = actor.agency_kind in WIDE
    return RecordedEntry(
        entry=UUID(found.entry_uid),
        child=uid,
        child_is=child.outcome if is_told else None,
        case=case,
        already=found.already,
        already_by=found.already_by or None,
        already_at=found.already_at,
        out_of_order=found.out_of_order,
        gaps=list(found.gaps),
        level=row[0] if row and may(actor.roles, "child.open") else None,
        owner=owner,
        report=report,
    )
