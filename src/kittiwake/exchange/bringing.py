"""Bringing in a partner's files: kept first, then landed row by row, the same for every standard.

Every file and row is kept as it came. Each row is recorded, known already, kept, or waits in the
quarantine with a sentence. A batch of rows is one transaction with its children, entries and
judgement, so an import that stops half way goes on where it stopped, and the same files again
change nothing. What is still open is listed once for a named person.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from django.db import connection

from kittiwake.access.doors import NotPermitted, as_practitioner, log_refusal
from kittiwake.access.roles import may
from kittiwake.exchange import feeds, inbox
from kittiwake.exchange.later import corrected, opened
from kittiwake.exchange.standard import (
    Batch,
    Classified,
    Feed,
    Landed,
    Summary,
    Taken,
    quarantined,
    settled,
)
from kittiwake.journal.many import list_once
from kittiwake.kernel.effects import AddAction
from kittiwake.kernel.questions import LONDON
from kittiwake.people.arrivals import by_ref

BATCH = 500
Tell = Callable[[str], None]


class InUse(Exception):
    """Somebody is bringing in files of this feed at this moment."""


def bring_in(
    files: Iterable[tuple[str, bytes]], feed: Feed, tell: Tell = lambda sentence: None
) -> Summary:
    """Take in files by name and content, in the standard's own order, whatever their names.

    Raises NotPermitted, or InUse while another import of the same feed runs.
    """
    if not may(feed.by.roles, "exchange.import"):
        log_refusal(feed.by, feed.at, None, "exchange.import", "no capability")
        raise NotPermitted("exchange.import")
    today = feed.at.astimezone(LONDON).date()
    known = [feed.standard.classify(name, body, today) for name, body in files]
    order = {table: n for n, table in enumerate(feed.standard.order)}
    known.sort(key=lambda file: (order.get(file.table, len(order)), file.name))
    if feed.as_at is None:
        feed = replace(feed, as_at=feed.standard.as_at(known, today))
    summary = Summary()
    with _alone(feed.key):
        for each in known:
            summary.files.append(_take(each, feed, summary, tell))
    is_new = any(file.state != "known" for file in summary.files)
    feeds.heard(feed.key, feed.source, feed.agency, feed.by, feed.at, is_new=is_new)
    return summary


@contextmanager
def _alone(feed: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(7003, hashtext(%s))", [feed])
        if not cursor.fetchone()[0]:
            raise InUse("Somebody is bringing in files from the same sender now. Try again later.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(7003, hashtext(%s))", [feed])


def _take(file: Classified, feed: Feed, summary: Summary, tell: Tell) -> Taken:
    before = inbox.find(feed.key, file.body, feed.by)
    if before and before.state != "received":
        rows = len(file.rows or ()) or file.lines
        return Taken(file.name, file.table, "known", "This file is here already.", rows, 0, rows)
    kept = before.id if before else _keep(file, feed)
    if file.problem or file.rows is None:
        state: inbox.State = "quarantined" if file.problem else "kept"
        said = file.problem or file.sentence
        inbox.settle(kept, state, said, by=feed.by)
        return Taken(file.name, file.table, state, said, file.lines, kept=file.lines)
    return _take_rows(kept, file, feed, summary, tell)


def _keep(file: Classified, feed: Feed) -> int:
    return inbox.keep(feed.key, feed.agency, feed.by, file.name, file.body, feed.at).id


def _take_rows(kept: int, file: Classified, feed: Feed, summary: Summary, tell: Tell) -> Taken:
    """Land the rows of a file that are not kept yet, batch by batch; then close it."""
    rows = file.rows or ()
    with as_practitioner(feed.by):
        done = inbox.rows_kept(kept)
    left = [each for each in rows if each.line.number not in done]
    for start in range(0, len(left), BATCH):
        chunk = left[start : start + BATCH]
        _take_batch(kept, chunk, feed, summary)
        tell(f"{file.name}: {len(rows) - len(left) + start + len(chunk):,} of {len(rows):,} rows")
    with as_practitioner(feed.by):
        states = Counter(state for state, _ in inbox.rows_kept(kept).values())
    _list_open(kept, rows, feed)
    taken = Taken(
        file.name, file.table, "recorded", "", len(rows), states["recorded"], states["known"],
        states["quarantined"], states["kept"],
    )  # fmt: skip
    taken.sentence = (
        f"{taken.recorded:,} rows recorded, {taken.known:,} known, {taken.quarantined:,} waiting."
        + (f" {taken.kept:,} kept and not read." if taken.kept else "")
    )
    inbox.settle(kept, "recorded", taken.sentence, by=feed.by)
    return taken


def _take_batch(kept: int, chunk: list[Landed], feed: Feed, summary: Summary) -> None:
    with as_practitioner(feed.by, durable=True, recording=True):
        batch = land(feed, kept, chunk)
        inbox.keep_rows(kept, sorted(batch.rows, key=lambda row: row.row))
    summary.met(batch.people)
    for row in _one_by_one(batch, feed):
        with as_practitioner(feed.by, durable=True):
            inbox.keep_rows(kept, [row])


def _one_by_one(batch: Batch, feed: Feed) -> Iterator[inbox.Row]:
    """What is recorded by itself: corrections of what is here, and cases that open."""
    yield from (corrected(change, feed) for change in batch.changes)
    yield from (opened(opening, feed) for opening in batch.openings)


def land(feed: Feed, file_id: int, chunk: Iterable[Landed]) -> Batch:
    """Land some rows. Raises nothing for a row: what is wrong is quarantined.

    Must be called inside `as_practitioner(…, recording=True)`; whatever it writes commits with
    the rows that say so.
    """
    batch, rows = Batch(), list(chunk)
    said = inbox.last_said(feed.key, [each.row.key for each in rows if each.row])
    fresh: list[tuple[Landed, inbox.Said | None]] = []
    here: dict[str, Landed] = {}
    for each in rows:
        if each.is_kept:
            batch.rows.append(inbox.Row(each.line.number, each.line.raw, "kept", each.sentence))
        elif each.row is None:
            batch.rows.append(quarantined(each, each.sentence))
        else:
            before = said.get(each.row.key)
            above = here.setdefault(each.row.key, each)
            if row := _seen(each, above, before, file_id):
                batch.rows.append(row)
            else:
                fresh.append((each, before))
    if fresh:
        feed.standard.land(feed, batch, fresh)
    return batch


def _seen(each: Landed, above: Landed, before: inbox.Said | None, file_id: int) -> inbox.Row | None:
    """What became of a row whose like is here already, or further up its file."""
    says = each.row.says
    if above is not each and above.row.says != says:
        return quarantined(each, _other_way(above.line.number))
    if above is not each:
        return settled(each, "known", None, f"As row {above.line.number}.")
    if before and before.is_said_by(says):
        return settled(each, "known", before.entry_id)
    if before and before.file_id == file_id:
        return quarantined(each, _other_way(None))
    return None


def _other_way(number: int | None) -> str:
    where = f"Row {number}" if number else "An earlier row"
    return f"{where} of this file says something else of the same. Decide which is right."


def _list_open(kept: int, rows: Iterable[Landed], feed: Feed) -> None:
    """Children whose episode has no end: one action for one named person, once per file."""
    with as_practitioner(feed.by):
        entries = {n: entry for n, (s, entry) in inbox.rows_kept(kept).items() if s == "recorded"}
        uid = inbox.uid_of(kept)
    still = [
        (each.row, entries[each.line.number])
        for each in rows
        if each.row and entries.get(each.line.number) and feed.standard.is_open(each.row)
    ]
    if not still:
        return
    are = "child is" if len(still) == 1 else "children are"
    title = f"{len(still)} {are} still missing on a partner’s file: find out if they are back"
    live = "Each is open here now, owned and on the clock. " if feed.is_live else ""
    action = AddAction(
        title=title,
        why=f"{live}The file gives no end. Its rows say which they are: /quarantine/{uid}",
        role="information_clerk",
        due_at=feed.at + timedelta(days=1),
        key=f"open on file {uid}",
    )
    row, entry = still[0]
    with as_practitioner(feed.by, durable=True, recording=True):
        child = by_ref(feed.key, [(row.ref, row.born_on)])[row.ref, row.born_on]
        list_once(action, person=child.person_id, entry_id=entry or 0, at=feed.at)


def again(report: inbox.Waiting, feed: Feed) -> str:
    """Try a quarantined row or file once more, and say in a sentence what became of it."""
    today = feed.at.astimezone(LONDON).date()
    with as_practitioner(feed.by):
        file = inbox.file_of(report)
    known = feed.standard.classify(file.name, bytes(file.body), today)
    if known.problem or known.rows is None:
        inbox.settle(file.id, "quarantined", known.problem or known.sentence, by=feed.by)
        return known.problem or known.sentence
    feed = replace(feed, as_at=feed.as_at or feed.standard.as_at([known], today))
    with _alone(feed.key):
        if report.row is None:
            return _take_rows(file.id, known, feed, Summary(), lambda sentence: None).sentence
        return _row_again(report, file.id, known.rows, feed)


def _row_again(report: inbox.Waiting, file_id: int, rows: Iterable[Landed], feed: Feed) -> str:
    landed = [each for each in rows if each.line.number == report.row]
    with as_practitioner(feed.by, durable=True, recording=True):
        batch = land(feed, file_id, landed)
        better = [row for row in batch.rows if row.state != "quarantined"]
        inbox.keep_rows(file_id, better)
    rest = list(_one_by_one(batch, feed))
    taken = [row for row in rest if row.state != "quarantined"]
    with as_practitioner(feed.by, durable=True):
        inbox.keep_rows(file_id, taken)
    if better or taken:
        inbox.settle(report.id, "settled", "Tried again, and taken in.", by=feed.by)
        return "Taken in."
    sentence = next((row.sentence for row in (*batch.rows, *rest)), "There is no such row.")
    inbox.settle(report.id, "quarantined", sentence, by=feed.by)
    return sentence
