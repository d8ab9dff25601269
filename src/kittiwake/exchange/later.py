"""Rows that are recorded by themselves: a later file that supersedes, a case that opens live."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import connection
from pydantic import ValidationError

from kittiwake.access.doors import DoorShut, NotPermitted, as_practitioner, open_door
from kittiwake.exchange.inbox import Row
from kittiwake.exchange.standard import Change, Feed, Opening, quarantined, settled
from kittiwake.journal.correcting import NothingToCorrect, correct
from kittiwake.journal.record import NotYet, record
from kittiwake.kernel.deciding import Refused
from kittiwake.pathways.missing.entries import ReportedMissing
from kittiwake.pathways.missing.returning import Returned

CANNOT = (NotPermitted, DoorShut, NothingToCorrect, NotYet, Refused, ValidationError)


def corrected(change: Change, feed: Feed) -> Row:
    """A later file supersedes: the entry is corrected, which leaves the earlier words to read."""
    landed = change.landed
    uid, kind, case = _entry(change, feed)
    if kind == ReportedMissing.kind:
        return _back(change, feed, case)
    changes = feed.standard.changed(feed, landed.row)
    try:
        open_door(feed.by, [change.person], "recording")
        correct(
            uid, changes, f"A later file says otherwise: {feed.source}.",
            person=change.person, by=feed.by, at=feed.at,
        )  # fmt: skip
    except NothingToCorrect:
        return settled(landed, "recorded", change.entry_id, "A newer description of the same.")
    except CANNOT as why:
        return quarantined(
            landed, f"An earlier file says something else of this, and it was not corrected: {why}"
        )
    return settled(landed, "recorded", change.entry_id, "Corrects what an earlier file said.")


def _entry(change: Change, feed: Feed) -> tuple[str, str, str | None]:
    with as_practitioner(feed.by, recording=True), connection.cursor() as cursor:
        cursor.execute("SELECT open_doors(ARRAY[%s]::bigint[], 'recording', 5)", [change.person])
        cursor.execute(
            "SELECT e.uid::text, e.kind, c.uid::text FROM entry e "
            "LEFT JOIN case_file c ON c.id = e.case_id WHERE e.id = %s",
            [change.entry_id],
        )
        row = cursor.fetchone()
    return row or ("", "", None)


def _back(change: Change, feed: Feed, case: str | None) -> Row:
    """An episode that opened here from a file, and whose end a later file gives: a return."""
    landed, row = change.landed, change.landed.row
    if feed.standard.is_open(row):
        said = "A newer description; the case is open here and goes on."
        return settled(landed, "recorded", change.entry_id, said)
    entry = Returned(state=f"As {feed.source} says.", happened_at=row.end)
    why = _record(entry, change.person, None, case, f"{feed.key} {row.says}", feed)
    if why:
        return quarantined(
            landed, f"The child is back by this file, and it was not recorded: {why}"
        )
    return settled(landed, "recorded", change.entry_id, "Back, as a later file says.")


def opened(opening: Opening, feed: Feed) -> Row:
    """A child who is missing by a partner's file: a case here, owned and on the clock."""
    landed = opening.landed
    name = f"{feed.key} {landed.row.key}"
    done: list[Any] = []
    why = _record(opening.entry, opening.person, opening.source_record, None, name, feed, done)
    if why:
        return quarantined(landed, f"Still missing by this file, and it was not opened: {why}")
    first = done[0]
    if first.already:
        said = f"Open here already as {first.case_ref}, reported by {first.already_by}."
        return settled(landed, "recorded", first.entry_id, said)
    return settled(landed, "recorded", first.entry_id, f"Open here as {first.case_ref}.")


def _record(
    entry: Any,
    person: int,
    source_record: int | None,
    case: str | None,
    name: str,
    feed: Feed,
    done: list[Any] | None = None,
) -> str:
    """Record live, once for what it says; gives why not, or nothing."""
    try:
        made = record(
            entry, person=person, by=feed.by, at=feed.at, case=case,
            submission=uuid5(NAMESPACE_URL, name), source_record=source_record,
        )  # fmt: skip
    except CANNOT as why:
        return str(why)
    if done is not None:
        done.append(made)
    return ""
