"""Bringing in the SSDA903 return: a history feed (engine rule 7).

Every file and row is kept as it came. A row of `header` is a child the council looks after, a
row of `missing` a time they were missing: each is recorded, known already, or waits in the
quarantine with a sentence. A batch of rows is one transaction with its children, entries and
judgement, so an import that stops half way goes on where it stopped, and the same files again
change nothing. Nobody is told; what is still open is listed once for a named person.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import connection

from kittiwake.access.doors import DoorShut, NotPermitted, as_practitioner, log_refusal, open_door
from kittiwake.access.roles import may
from kittiwake.exchange import inbox
from kittiwake.exchange.reading import Unreadable, read_table
from kittiwake.exchange.ssda903_landing import Change, Feed, episode, land, quarantined, settled
from kittiwake.exchange.ssda903_tables import EpisodeRow, Landed, read_rows, which, year_end
from kittiwake.journal.correcting import NothingToCorrect, correct
from kittiwake.journal.many import list_once
from kittiwake.kernel.effects import AddAction
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import LONDON
from kittiwake.people.arrivals import by_ref

FEED = "ssda903:"
BATCH = 500
Tell = Callable[[str], None]


class InUse(Exception):
    """Somebody is bringing in this council's return at this moment."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A file as recognised: its table, and its rows where this version reads them."""

    name: str
    body: bytes
    table: str
    rows: tuple[Landed, ...] | None = None
    sentence: str = ""
    problem: str = ""


@dataclass(slots=True)
class Taken:
    """What became of one file."""

    name: str
    table: str
    state: str
    sentence: str = ""
    received: int = 0
    recorded: int = 0
    known: int = 0
    quarantined: int = 0


@dataclass(slots=True)
class Summary:
    """What became of a whole return; people are counted once each."""

    files: list[Taken] = field(default_factory=list)
    people: dict[int, str] = field(default_factory=dict)

    def met(self, people: Iterable[tuple[int, str]]) -> None:
        """Count people as they were first met."""
        for person, outcome in people:
            self.people.setdefault(person, outcome)

    def total(self, what: str) -> int:
        """Rows received, recorded, known or quarantined in all files."""
        return sum(getattr(each, what) for each in self.files)

    @property
    def waiting(self) -> int:
        """Rows and whole files that wait for a person."""
        return self.total("quarantined") + sum(f.state == "quarantined" for f in self.files)


def feed_of(council: int, name: str, by: Actor, at: datetime) -> Feed:
    """A council's returns: its children's numbers are its own, so its feed is too."""
    return Feed(f"{FEED}{council}", council, f"the SSDA903 return of {name}", by, at)


def is_ours(feed: str) -> bool:
    """Whether a report came as part of such a return."""
    return feed.startswith(FEED)


def bring_in(
    files: Iterable[tuple[str, bytes]],
    feed: Feed,
    tell: Tell = lambda sentence: None,
) -> Summary:
    """Take in files by name and content, `header` before `missing`, whatever their names.

    Raises NotPermitted, or InUse while another import of the same council runs.
    """
    if not may(feed.by.roles, "exchange.import"):
        log_refusal(feed.by, feed.at, None, "exchange.import", "no capability")
        raise NotPermitted("exchange.import")
    today = feed.at.astimezone(LONDON).date()
    known = sorted((classify(name, body, today) for name, body in files), key=_order)
    if feed.as_at is None:
        feed = replace(feed, as_at=_as_at(known, today))
    summary = Summary()
    with _alone(feed.key):
        for each in known:
            summary.files.append(_take(each, feed, summary, tell))
    return summary


def _order(file: Classified) -> tuple[int, str]:
    return ({"header": 0, "missing": 1}.get(file.table, 2), file.name)


def _as_at(files: Iterable[Classified], today: date) -> date | None:
    """The day a return describes: the end of its year, as far as its episodes show."""
    end = year_end(row for file in files for row in file.rows or ())
    return min(end, today) if end else None


def classify(name: str, body: bytes, today: date) -> Classified:
    """Recognise a file by what is in it, not by its name."""
    if body.startswith(b"PK\x03\x04"):
        return Classified(name, body, "workbook", None, _not_read("a workbook"))
    if body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return Classified(name, body, "XML", None, _not_read("the return as XML"))
    try:
        table = read_table(body)
        found = which(table)
    except Unreadable as wrong:
        return Classified(name, body, "", problem=str(wrong))
    if found in ("header", "missing"):
        return Classified(name, body, found, tuple(read_rows(table, found, today)))
    rows = f"{len(table.lines):,} {'row' if len(table.lines) == 1 else 'rows'}"
    return Classified(name, body, found, None, _not_read(f"the table {found}, {rows}"))


def _not_read(what: str) -> str:
    return f"Kept, not read by this version: {what}."


@contextmanager
def _alone(feed: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(7003, hashtext(%s))", [feed])
        if not cursor.fetchone()[0]:
            raise InUse("Somebody is bringing in this council’s return now. Try again later.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(7003, hashtext(%s))", [feed])


def _take(file: Classified, feed: Feed, summary: Summary, tell: Tell) -> Taken:
    before = inbox.find(feed.key, file.body, feed.by)
    if before and before.state != "received":
        rows = len(file.rows or ())
        return Taken(file.name, file.table, "known", "This file is here already.", rows, 0, rows)
    kept = before.id if before else _keep(file, feed)
    if file.problem or file.rows is None:
        state: inbox.State = "quarantined" if file.problem else "kept"
        inbox.settle(kept, state, file.problem or file.sentence, by=feed.by)
        return Taken(file.name, file.table, state, file.problem or file.sentence)
    return _take_rows(kept, file, feed, summary, tell)


def _keep(file: Classified, feed: Feed) -> int:
    return inbox.keep(feed.key, feed.council, feed.by, file.name, file.body, feed.at).id


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
        states["quarantined"],
    )  # fmt: skip
    taken.sentence = (
        f"{taken.recorded:,} rows recorded, {taken.known:,} known, {taken.quarantined:,} waiting."
    )
    inbox.settle(kept, "recorded", taken.sentence, by=feed.by)
    return taken


def _take_batch(kept: int, chunk: list[Landed], feed: Feed, summary: Summary) -> None:
    with as_practitioner(feed.by, durable=True, recording=True):
        batch = land(feed, kept, chunk)
        inbox.keep_rows(kept, sorted(batch.rows, key=lambda row: row.row))
    summary.met(batch.people)
    for change in batch.changes:
        row = _corrected(change, feed)
        with as_practitioner(feed.by, durable=True):
            inbox.keep_rows(kept, [row])


def _corrected(change: Change, feed: Feed) -> inbox.Row:
    """A later file supersedes: the entry is corrected, which leaves the earlier words to read."""
    new = episode(feed, change.row)
    changes = {"ended_on": new.ended_on, "away_without_leave": new.away_without_leave}
    try:
        open_door(feed.by, [change.person], "recording")
        correct(
            _uid_of(change, feed), changes, f"A later file says otherwise: {feed.source}.",
            person=change.person, by=feed.by, at=feed.at,
        )  # fmt: skip
    except (NotPermitted, DoorShut, NothingToCorrect) as why:
        return quarantined(
            change.landed,
            f"An earlier file gives another end for this episode, and it was not corrected: {why}",
        )
    said = "Corrects what an earlier file said."
    return settled(change.landed, change.row, "recorded", change.entry_id, said)


def _uid_of(change: Change, feed: Feed) -> str:
    with as_practitioner(feed.by, recording=True), connection.cursor() as cursor:
        cursor.execute("SELECT uid::text FROM entry WHERE id = %s", [change.entry_id])
        row = cursor.fetchone()
    return row[0] if row else ""


def _list_open(kept: int, rows: Iterable[Landed], feed: Feed) -> None:
    """Children whose episode has no end: one action for one named person, once per file."""
    with as_practitioner(feed.by):
        entries = {n: entry for n, (s, entry) in inbox.rows_kept(kept).items() if s == "recorded"}
        uid = inbox.uid_of(kept)
    still = [
        (each.row, entries[each.line.number])
        for each in rows
        if isinstance(each.row, EpisodeRow) and not each.row.end and each.line.number in entries
    ]
    if not still:
        return
    children = len({row.child for row, _ in still})
    are = "child is" if children == 1 else "children are"
    action = AddAction(
        title=f"{children} {are} still missing on a council’s file: find out if they are back",
        why=f"The file gives no end. Its rows say which they are: /quarantine/{uid}",
        role="information_clerk",
        due_at=feed.at + timedelta(days=1),
        key=f"open on file {uid}",
    )
    row, entry = still[0]
    with as_practitioner(feed.by, durable=True, recording=True):
        child = by_ref(feed.key, [(row.child, row.born_on)])[row.child, row.born_on]
        list_once(action, person=child.person_id, entry_id=entry or 0, at=feed.at)


def again(report: inbox.Waiting, feed: Feed) -> str:
    """Try a quarantined row or file once more, and say in a sentence what became of it."""
    today = feed.at.astimezone(LONDON).date()
    with as_practitioner(feed.by):
        file = inbox.file_of(report)
    known = classify(file.name, bytes(file.body), today)
    if known.problem or known.rows is None:
        inbox.settle(file.id, "quarantined", known.problem or known.sentence, by=feed.by)
        return known.problem or known.sentence
    feed = replace(feed, as_at=feed.as_at or _as_at([known], today))
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
    rest = [_corrected(change, feed) for change in batch.changes]
    better += [row for row in rest if row.state != "quarantined"]
    with as_practitioner(feed.by, durable=True):
        inbox.keep_rows(file_id, [row for row in rest if row in better])
    if better:
        inbox.settle(report.id, "settled", "Tried again, and taken in.", by=feed.by)
        return "Taken in."
    sentence = next((row.sentence for row in (*batch.rows, *rest)), "There is no such row.")
    inbox.settle(report.id, "quarantined", sentence, by=feed.by)
    return sentence
