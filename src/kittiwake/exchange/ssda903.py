"""The SSDA903 return: a yearly history feed of a council (engine rule 7), as CSV or XML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kittiwake.exchange.reading import Unreadable, read_table
from kittiwake.exchange.ssda903_landing import care, episode, land_rows
from kittiwake.exchange.ssda903_rows import CareRow, EpisodeRow, read_rows, year_end
from kittiwake.exchange.ssda903_tables import tables, which
from kittiwake.exchange.ssda903_xml import read_xml
from kittiwake.exchange.standard import Batch, Classified, Feed, Fresh, Landed
from kittiwake.kernel.known import Actor

PREFIX = "ssda903:"


@dataclass(frozen=True, slots=True)
class Ssda903:
    """How the return is read and landed; `year` is the return's, where it is known."""

    year: int | None = None
    order: tuple[str, ...] = ("header", "XML", "episodes", "missing")

    def classify(self, name: str, body: bytes, today: date) -> Classified:
        """Recognise a file by what is in it, not by its name."""
        if body.startswith(b"PK\x03\x04"):
            said = "Kept, not read: a workbook. Save each sheet as CSV and send those."
            return Classified(name, body, "workbook", None, said)
        try:
            if body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
                return self._xml(name, body, today)
            table = read_table(body)
            spec = which(table)
        except Unreadable as wrong:
            return Classified(name, body, "", problem=str(wrong))
        if spec.why_kept:
            said = f"Kept, not recorded: the table {spec.name}. {spec.why_kept}"
            return Classified(name, body, spec.key, None, said, lines=len(table.lines))
        rows = tuple(read_rows(table, spec, today, self.year))
        return Classified(name, body, spec.key, rows)

    def _xml(self, name: str, body: bytes, today: date) -> Classified:
        """All the tables of an XML return; those that are only kept are kept row by row."""
        rows: list[Landed] = []
        found = read_xml(body)
        for key in (*self.order, *sorted(found)):
            if (table := found.pop(key, None)) is None:
                continue
            spec = tables()[key]
            if spec.why_kept:
                rows += [Landed(n, None, spec.why_kept, is_kept=True) for n in table.lines]
            else:
                rows += read_rows(table, spec, today, self.year)
        return Classified(name, body, "XML", tuple(rows))

    def as_at(self, files: Iterable[Classified], today: date) -> date | None:
        """The end of the return's year: as given, else as far as its episodes show."""
        shown = year_end(row for file in files for row in file.rows or ())
        end = date(self.year, 3, 31) if self.year else shown
        return min(end, today) if end else None

    def land(self, feed: Feed, batch: Batch, fresh: Fresh) -> None:
        """Children first, then what happened to them."""
        land_rows(feed, batch, fresh)

    def changed(self, feed: Feed, row: Any) -> dict[str, Any]:
        """The answers a later return gives to an episode."""
        if isinstance(row, EpisodeRow):
            new: Any = episode(feed, row)
            names: Sequence[str] = ("ended_on", "back_at", "away_without_leave")
        else:
            assert isinstance(row, CareRow)
            new = care(feed, row)
            names = [n for n in type(new).model_fields if n not in ("happened_at", "source")]
        dumped = new.model_dump(mode="json")
        return {name: dumped[name] for name in names}

    def is_open(self, row: Any) -> bool:
        """Whether a row says that a child is still missing."""
        return isinstance(row, EpisodeRow) and row.end is None


def feed_of(council: int, name: str, by: Actor, at: datetime, as_at: date | None = None) -> Feed:
    """A council's returns: its children's numbers are its own, so its feed is too."""
    year = as_at.year + (as_at.month > 3) if as_at else None
    source = f"the SSDA903 return of {name}"
    return Feed(f"{PREFIX}{council}", council, source, by, at, Ssda903(year), as_at)
