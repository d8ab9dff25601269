"""A police file of missing episodes, read by a mapping: history, or live where it is still open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kittiwake.exchange.inbox import Said
from kittiwake.exchange.mapping import Mapping
from kittiwake.exchange.people_rows import Someone, read_someone
from kittiwake.exchange.reading import Line, Moment, Table, Unreadable, read_moment
from kittiwake.exchange.spreadsheet import read_rows
from kittiwake.exchange.standard import (
    Batch,
    Change,
    Classified,
    Feed,
    Fresh,
    Landed,
    Opening,
    settled,
)
from kittiwake.journal.many import Item, record_many
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import LONDON
from kittiwake.pathways.missing.entries import MissingEpisodeOnFile, ReportedMissing
from kittiwake.pathways.missing.questions import Account, Grade, LastSeen
from kittiwake.people.arrivals import meet_many
from kittiwake.people.identifiers import LONGEST

PREFIX = "police:"


@dataclass(frozen=True, slots=True)
class Episode:
    """One row: who was missing, from when until when, and what the force noted."""

    record: str
    someone: Someone
    start: Moment
    back: Moment | None
    grade: str
    incident: str
    circumstances: str

    @property
    def key(self) -> str:
        """What the row is about: the force's own number."""
        return f"record {self.record}"

    @property
    def says(self) -> str:
        """What it says, however it was written."""
        return repr(
            (self.someone, self.start, self.back, self.grade, self.incident, self.circumstances)
        )

    @property
    def ref(self) -> str:
        """The force's number for the child."""
        return self.someone.ref

    @property
    def born_on(self) -> date | None:
        """The child's date of birth."""
        return self.someone.born_on

    @property
    def end(self) -> datetime | None:
        """When the child was back."""
        return self.back.at if self.back else None


@dataclass(frozen=True, slots=True)
class Police:
    """How a file of missing episodes is read by a mapping, and landed."""

    mapping: Mapping
    order: tuple[str, ...] = ()

    def classify(self, name: str, body: bytes, today: date) -> Classified:
        """Recognise a file by the columns its mapping names."""
        try:
            table = read_rows(body)
            if lacking := self.mapping.missing_columns(table.columns):
                raise Unreadable(
                    f"The mapping {self.mapping.name} names columns that are not in this file: "
                    f"{', '.join(lacking)}. Change the mapping, or ask for the file again."
                )
        except Unreadable as wrong:
            return Classified(name, body, "", problem=str(wrong))
        rows = tuple(self._landed(table, line, today) for line in table.lines)
        return Classified(name, body, "missing episodes", rows)

    def _landed(self, table: Table, line: Line, today: date) -> Landed:
        if line.problem:
            return Landed(line, None, line.problem)
        cells = dict(zip(table.columns, line.cells, strict=True))
        try:
            row = read_episode(self.mapping, cells, today)
        except Unreadable as wrong:
            return Landed(line, None, str(wrong))
        if row.someone.is_adult(row.start.at.astimezone(LONDON).date()):
            return Landed(line, None, "Kept, not recorded: not a child at the time.", is_kept=True)
        open_ = ("No end: still missing on this file.",) if row.back is None else ()
        return Landed(line, row, " ".join((*open_, *row.someone.notes)))

    def as_at(self, files: Iterable[Classified], today: date) -> date | None:
        """A file of episodes describes no day of its own."""
        return None

    def land(self, feed: Feed, batch: Batch, fresh: Fresh) -> None:
        """Meet the children, then record what was; what is still open waits to open live."""
        rows: list[tuple[Landed, Said | None]] = list(fresh)
        described = [a.row.someone.described(feed.key, feed.agency) for a, _ in rows]
        met = meet_many(described, feed.by, feed.at)
        batch.people += [(each.person_id, each.outcome) for each in met]
        history = []
        for n, (each, before) in enumerate(rows):
            if before and before.entry_id:
                batch.changes.append(Change(each, met[n].person_id, before.entry_id))
            elif feed.is_live and self.is_open(each.row):
                batch.openings.append(
                    Opening(each, met[n].person_id, met[n].source_record_id, report(feed, each.row))
                )
            else:
                history.append(n)
        ids = record_many(
            [Item(episode(feed, rows[n][0].row), met[n].person_id, met[n].source_record_id)
             for n in history],
            by=feed.by, at=feed.at,
        )  # fmt: skip
        for n, entry in zip(history, ids, strict=True):
            doubt = met[n].sentence if met[n].outcome == "possible" else ""
            batch.rows.append(settled(rows[n][0], "recorded", entry, doubt))

    def changed(self, feed: Feed, row: Any) -> dict[str, Any]:
        """The answers a later file gives to an episode."""
        dumped = episode(feed, row).model_dump(mode="json")
        names = ("happened_at", "ended_on", "back_at", "grade", "incident_number", "circumstances")
        return {name: dumped[name] for name in names}

    def is_open(self, row: Any) -> bool:
        """Whether a row says that a child is still missing."""
        return isinstance(row, Episode) and row.back is None


def read_episode(mapping: Mapping, cells: dict[str, str], today: date) -> Episode:
    """Read a row. Raises Unreadable with a sentence that names the column, never the value."""
    column = mapping.columns
    number = mapping.value("record", cells).removesuffix(".0")
    if not number:
        raise Unreadable(f"{column['record']} is blank. Without it nobody knows it again.")
    if len(number) > LONGEST:
        raise Unreadable(f"{column['record']} is longer than {LONGEST} characters.")
    someone = read_someone(mapping, cells, f"record {number}", today)
    if not someone.is_named:
        raise Unreadable("The row names nobody: no name, and no number that is theirs.")
    start, back = _times(mapping, cells, someone.born_on, today)
    return Episode(
        number, someone, start, back, mapping.code("grade", cells),
        mapping.value("incident", cells)[:LONGEST], mapping.value("circumstances", cells)[:4000],
    )  # fmt: skip


def _times(
    mapping: Mapping, cells: dict[str, str], born: date | None, today: date
) -> tuple[Moment, Moment | None]:
    """From when until when, as it can have been. Raises Unreadable."""
    column = mapping.columns
    start = _moment(mapping, cells, "missing_from", "missing_time")
    back = _moment(mapping, cells, "returned", "returned_time")
    if start is None:
        raise Unreadable(
            f"{column['missing_from']} is blank. Without it nobody knows when this was."
        )
    for moment, key in ((start, "missing_from"), (back, "returned")):
        if moment and moment.at.astimezone(LONDON).date() > today:
            raise Unreadable(f"{column[key]} has not come yet.")
        if moment and born and moment.at.astimezone(LONDON).date() < born:
            raise Unreadable(f"{column[key]} is before the child was born.")
    if back and _later(start, back):
        raise Unreadable(f"{column['returned']} is before {column['missing_from']}.")
    return start, back


def _later(start: Moment, back: Moment) -> bool:
    """Whether a child would be back before they were missing; days are compared as days."""
    if start.is_timed and back.is_timed:
        return start.at > back.at
    return start.at.astimezone(LONDON).date() > back.at.astimezone(LONDON).date()


def _moment(mapping: Mapping, cells: dict[str, str], day: str, clock: str) -> Moment | None:
    return read_moment(
        mapping.value(day, cells), mapping.columns.get(day, ""), mapping.value(clock, cells),
        month_first=mapping.days == "month first",
    )  # fmt: skip


def episode(feed: Feed, row: Episode) -> MissingEpisodeOnFile:
    """A row as history: one time the child was missing, as the force's file gives it."""
    return MissingEpisodeOnFile(
        source=feed.source,
        account=Account.POLICE,
        ended_on=row.back.shown if row.back else None,
        back_at=max(row.back.at, row.start.at) if row.back else None,
        reference=row.record,
        grade=Grade(row.grade) if row.grade else None,
        incident_number=row.incident or None,
        circumstances=row.circumstances or None,
        # A day without a time may be today, whose time has not come.
        happened_at=min(row.start.at, feed.at),
    )


def report(feed: Feed, row: Episode) -> ReportedMissing:
    """A row that is still open, as a report: a case that opens here, owned and on the clock."""
    since = "" if row.start.is_timed else " The file gives the day and no time."
    return ReportedMissing(
        concern=row.circumstances or f"Still missing by {feed.source}, which gives no words.",
        last_seen=LastSeen(seen_at=row.start.at) if row.start.is_timed else None,
        tried=f"Taken over from {feed.source}, record {row.record}.{since}",
        reporter_name=feed.source,
        incident_number=row.incident or row.record,
        happened_at=min(row.start.at, feed.at),
    )


def feed_of(
    agency: int, name: str, mapping: Mapping, by: Actor, at: datetime, *, is_live: bool = False
) -> Feed:
    """A force's file by one mapping; what is still open opens here only where that is asked."""
    source = f"the missing persons file of {name}"
    key = f"{PREFIX}{agency}:{mapping.name}"
    return Feed(key, agency, source, by, at, Police(mapping), is_live=is_live)
