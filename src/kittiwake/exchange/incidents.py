"""A control room's log of incidents, by a mapping: kept, and compared with the missing records.

Finding L256 of the inspection of 2022: children who were back before their case was passed on
were never recorded, so that nobody knew. An incident that says somebody is missing and has no
missing record beside it is found here, and a named person says what became of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

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
    settled,
)
from kittiwake.journal.filed import IncidentOnFile
from kittiwake.journal.many import Item, record_many
from kittiwake.kernel.known import Actor
from kittiwake.kernel.questions import LONDON
from kittiwake.people.arrivals import Arrived, meet_many
from kittiwake.people.identifiers import LONGEST

PREFIX = "incidents:"


@dataclass(frozen=True, slots=True)
class Row:
    """One incident: when, opened and closed as what, and whom it names."""

    number: str
    opened: Moment
    opened_as: str
    closed_as: str
    is_missing: bool
    is_child: bool
    someone: Someone
    log: str

    @property
    def key(self) -> str:
        """What the row is about: the control room's own number."""
        return f"incident {self.number}"

    @property
    def says(self) -> str:
        """What it says, however it was written."""
        return repr((self.opened, self.opened_as, self.closed_as, self.is_missing, self.is_child,
                     self.someone, self.log))  # fmt: skip

    @property
    def ref(self) -> str:
        """The sender's number for the child."""
        return self.someone.ref

    @property
    def born_on(self) -> date | None:
        """The child's date of birth."""
        return self.someone.born_on

    @property
    def names_a_child(self) -> bool:
        """Whether somebody under eighteen can be met from it."""
        return self.is_child and self.someone.is_named


@dataclass(frozen=True, slots=True)
class Incidents:
    """How a log is read by a mapping, and landed."""

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
        return Classified(name, body, "incidents", rows)

    def _landed(self, table: Table, line: Line, today: date) -> Landed:
        if line.problem:
            return Landed(line, None, line.problem)
        cells = dict(zip(table.columns, line.cells, strict=True))
        try:
            row = read_incident(self.mapping, cells, today)
        except Unreadable as wrong:
            return Landed(line, None, str(wrong))
        if not row.is_child and not row.is_missing:
            return Landed(
                line, None, "Kept: it names no child, and nobody is missing.", is_kept=True
            )
        return Landed(line, row, "")

    def as_at(self, files: Iterable[Classified], today: date) -> date | None:
        """A log describes no day of its own."""
        return None

    def land(self, feed: Feed, batch: Batch, fresh: Fresh) -> None:
        """Meet the children whom incidents name, tell their records, and list every incident."""
        named = [(a, b) for a, b in fresh if a.row.names_a_child]
        met = meet_many(
            [a.row.someone.described(feed.key, feed.agency) for a, _ in named], feed.by, feed.at
        )
        batch.people += [(each.person_id, each.outcome) for each in met]
        people: dict[str, Arrived] = {}
        new = []
        for (each, before), who in zip(named, met, strict=True):
            people[each.row.key] = who
            if before and before.entry_id:
                batch.changes.append(Change(each, who.person_id, before.entry_id))
            else:
                new.append((each, who))
        ids = record_many(
            [Item(incident(feed, a.row), w.person_id, w.source_record_id) for a, w in new],
            by=feed.by, at=feed.at,
        )  # fmt: skip
        for (each, who), entry in zip(new, ids, strict=True):
            doubt = who.sentence if who.outcome == "possible" else ""
            batch.rows.append(settled(each, "recorded", entry, doubt))
        for each, _ in fresh:
            if each.row.key not in people:
                said = "Listed: somebody is missing, and the log does not say who."
                batch.rows.append(settled(each, "recorded", None, said))
        _write(feed, [(a.row, people.get(a.row.key)) for a, _ in fresh])

    def changed(self, feed: Feed, row: Any) -> dict[str, Any]:
        """The answers a later log gives to an incident."""
        dumped = incident(feed, row).model_dump(mode="json")
        names = ("happened_at", "opened_as", "closed_as", "is_missing", "log")
        return {name: dumped[name] for name in names}

    def is_open(self, row: Any) -> bool:
        """An incident says nothing of where a child is now."""
        return False


def read_incident(mapping: Mapping, cells: dict[str, str], today: date) -> Row:
    """Read a row. Raises Unreadable with a sentence that names the column, never the value."""
    column = mapping.columns
    number = mapping.value("number", cells).removesuffix(".0")
    if not number:
        raise Unreadable(f"{column['number']} is blank. Without it nobody can look it up.")
    if len(number) > LONGEST:
        raise Unreadable(f"{column['number']} is longer than {LONGEST} characters.")
    opened = read_moment(
        mapping.value("opened", cells), column["opened"], mapping.value("opened_time", cells),
        month_first=mapping.days == "month first",
    )  # fmt: skip
    if opened is None:
        raise Unreadable(f"{column['opened']} is blank. Without it nobody knows when this was.")
    on = opened.at.astimezone(LONDON).date()
    if on > today:
        raise Unreadable(f"{column['opened']} has not come yet.")
    someone = read_someone(mapping, cells, f"incident {number}", today)
    told = mapping.code("child", cells)
    # Unknown is not no: somebody whose age nobody gave may be a child, unless the log says not.
    is_child = told == "yes" or (told != "no" and not someone.is_adult(on) and someone.is_named)
    return Row(
        number, opened, mapping.value("opened_as", cells)[:120],
        mapping.value("closed_as", cells)[:120], mapping.code("opened_as", cells) == "missing",
        is_child or (told == "yes"), someone, mapping.value("log", cells)[:4000],
    )  # fmt: skip


def incident(feed: Feed, row: Row) -> IncidentOnFile:
    """An incident as the child's record holds it."""
    return IncidentOnFile(
        source=feed.source, number=row.number, opened_as=row.opened_as or None,
        closed_as=row.closed_as or None, is_missing=row.is_missing, log=row.log or None,
        happened_at=min(row.opened.at, feed.at),
    )  # fmt: skip


def _write(feed: Feed, rows: list[tuple[Row, Arrived | None]]) -> None:
    """Every incident as a line to compare, the later word over the earlier; no words of it."""
    values = [
        [row.number, min(row.opened.at, feed.at), row.opened_as, row.closed_as, row.is_missing,
         row.is_child, who.person_id if who else None]
        for row, who in rows
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO incident (feed, number, happened_at, opened_as, closed_as, is_missing,"
            " is_child, person_id, report_id, settled_as) SELECT %s, t.*, f.id, '' FROM unnest("
            "%s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::bool[], %s::bool[],"
            " %s::bigint[]) AS t, (SELECT max(id) AS id FROM report WHERE feed = %s"
            " AND part_of_id IS NULL) f "
            "ON CONFLICT (feed, number) DO UPDATE SET happened_at = excluded.happened_at,"
            " opened_as = excluded.opened_as, closed_as = excluded.closed_as,"
            " is_missing = excluded.is_missing, is_child = excluded.is_child,"
            " person_id = coalesce(excluded.person_id, incident.person_id),"
            " report_id = excluded.report_id",
            [feed.key, *[list(column) for column in zip(*values, strict=True)], feed.key],
        )


def feed_of(
    agency: int, name: str, mapping: Mapping, by: Actor, at: datetime, *, is_live: bool = False
) -> Feed:
    """A control room's log by one mapping."""
    key = f"{PREFIX}{agency}:{mapping.name}"
    return Feed(key, agency, f"the incident log of {name}", by, at, Incidents(mapping))
