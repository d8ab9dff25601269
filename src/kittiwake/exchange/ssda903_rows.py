"""What a row of the SSDA903 return says. Pure: a line in, a value or a sentence out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from kittiwake.exchange.reading import Line, Table, Unreadable, read_day
from kittiwake.exchange.ssda903_tables import TableOf, words
from kittiwake.exchange.standard import Landed
from kittiwake.people.identifiers import LONGEST

# DfE's codes as the police record self-defined ethnicity (18+1); rulebook 4.20. Codes that two
# systems cut differently keep the original beside them.
ETHNICITY = {
    "WBRI": "W1", "WIRI": "W2", "WIRT": "W3", "WROM": "W3", "WOTH": "W9", "MWBC": "M1",
    "MWBA": "M2", "MWAS": "M3", "MOTH": "M9", "AIND": "A1", "APKN": "A2", "ABAN": "A3",
    "CHNE": "A4", "AOTH": "A9", "BCRB": "B1", "BAFR": "B2", "BOTH": "B9", "OOTH": "O9",
    "REFU": "NS", "NOBT": "NS",
}  # fmt: skip
SEX = {"1": "M", "M": "M", "2": "F", "F": "F", "0": "U", "9": "U", "U": "U"}
"""1 and 2 until the return of 2024, letters since; either is read in any year."""
MISSING = {"M": False, "A": True}
"""M: missing. A: away from where they should be without leave."""
_HEADER = ("CHILD", "DOB", "SEX", "ETHNIC", "UPN")


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A row of `header`: a child in the council's care, without a name."""

    ref: str
    born_on: date | None
    sex: str
    ethnicity: str
    upn: str
    facts: dict[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the row is about, whatever it says of it."""
        return f"child {self.ref}"

    @property
    def says(self) -> str:
        """What it says, however it was written: the same here means nothing is new."""
        told = sorted((k, str(v)) for k, v in self.facts.items())
        return repr((self.key, self.born_on, self.sex, self.ethnicity, self.upn, told))


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """A row of `missing`: one time a child was missing, or away without leave, in whole days."""

    ref: str
    born_on: date | None
    start: date
    end: date | None
    without_leave: bool
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the row is about: a child and the day they went missing."""
        return f"child {self.ref} missing from {self.start.isoformat()}"

    @property
    def says(self) -> str:
        """What it says, however it was written."""
        return repr((self.key, self.end, self.without_leave))


@dataclass(frozen=True, slots=True)
class CareRow:
    """A row of another table that is recorded: where the child lived, an order, a worker."""

    ref: str
    born_on: date | None
    table: str
    start: date
    end: date | None
    told: str
    codes: tuple[str, ...]
    in_custody: bool = False
    protected: bool = False
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the row is about: a child, a table, the day it began, and whom else it names."""
        return f"child {self.ref} {self.table} {self.codes[0]} from {self.start.isoformat()}"

    @property
    def says(self) -> str:
        """What it says, however it was written."""
        return repr((self.key, self.end, self.codes))


Cells = Mapping[str, str]


def child_row(cells: Cells, today: date) -> ChildRow:
    """Read a row of `header`. Raises Unreadable."""
    child, born = _child(cells), _born(cells, today)
    if born is None:
        raise Unreadable("DOB is blank. Without it nobody can tell this child from another.")
    notes = []
    sex, ethnic = cells["SEX"].upper(), cells["ETHNIC"].upper()
    if sex not in SEX:
        notes.append("SEX is not one of its codes.")
    if ethnic not in ETHNICITY:
        notes.append("ETHNIC is not one of its codes.")
    upn = cells["UPN"].upper()
    # UN1 to UN7 say why there is no UPN.
    is_reason = len(upn) == 3 and upn.startswith("UN")
    facts = {
        "Sex as given": cells["SEX"], "Ethnicity as given": cells["ETHNIC"],
        "No UPN because": upn if is_reason else "",
        **{c: v for c, v in cells.items() if c not in _HEADER},
    }  # fmt: skip
    return ChildRow(
        child, born, SEX.get(sex, "U"), ETHNICITY.get(ethnic, ""), "" if is_reason else upn,
        {k: v for k, v in facts.items() if v}, tuple(notes),
    )  # fmt: skip


def episode_row(cells: Cells, today: date) -> EpisodeRow:
    """Read a row of `missing`. Raises Unreadable."""
    child, born = _child(cells), _born(cells, today)
    code = cells["MISSING"].upper()
    if code not in MISSING:
        raise Unreadable("MISSING should be M for missing, or A for away without leave.")
    start, end = _span(cells, "MIS_START", "MIS_END", born, today)
    return EpisodeRow(child, born, start, end, MISSING[code])


def care_episode_row(cells: Cells, today: date) -> CareRow:
    """Read a row of `episodes`: where the child lived. Raises Unreadable."""
    start, end = _span(cells, "DECOM", "DEC", None, today)
    place, status = cells["PLACE"].upper(), cells["LS"].upper()
    reason = cells.get("REASON_PLACE_CHANGE", "").upper()
    where = words()["PLACE"].get(place, "somewhere the file does not say")
    order = words()["LS"].get(status, "no order this version knows")
    told = f"{where[0].upper()}{where[1:]}, {order}"
    in_custody = place == "R5" or reason == "CUSTOD" or status in ("J1", "J3")
    return CareRow(
        _child(cells), None, "episodes", start, end, told, (status, place, reason),
        in_custody, status in ("L1", "L2"),
    )  # fmt: skip


def alone_row(cells: Cells, today: date) -> CareRow:
    """Read a row of `uasc`. DUC, the day it stops counting, is usually to come."""
    born = _born(cells, today)
    end = read_day(cells["DUC"], "DUC")
    if born is None:
        raise Unreadable("DOB is blank. Without it nobody can tell this child from another.")
    told = "Came to this country alone and asked for asylum"
    return CareRow(_child(cells), born, "uasc", born, end, told, ("",))


def worker_row(cells: Cells, today: date) -> CareRow:
    """Read a row of `social_worker`. Raises Unreadable."""
    born = _born(cells, today)
    start, end = _span(cells, "SW_DECOM", "SW_DEC", born, today)
    worker = cells["SW_ID"][:LONGEST]
    told = f"Social worker number {worker} of the council works with the child"
    return CareRow(_child(cells), born, "social_worker", start, end, told, (worker,))


def liberty_row(cells: Cells, today: date) -> CareRow:
    """Read a row of `dolo`. Raises Unreadable."""
    born = _born(cells, today)
    start, end = _span(cells, "DOLO_START", "DOLO_END", born, today)
    told = "Under an order that deprives the child of their liberty"
    return CareRow(_child(cells), born, "dolo", start, end, told, ("",))


READERS = {
    "header": child_row,
    "missing": episode_row,
    "episodes": care_episode_row,
    "uasc": alone_row,
    "social_worker": worker_row,
    "dolo": liberty_row,
}


def _span(
    cells: Cells, first: str, last: str, born: date | None, today: date
) -> tuple[date, date | None]:
    """A first and a last day that can be; the last may be blank. Raises Unreadable."""
    start, end = read_day(cells[first], first), read_day(cells[last], last)
    if start is None:
        raise Unreadable(f"{first} is blank. Without it nobody knows when this was.")
    for day, column in ((start, first), (end, last)):
        if day and day > today:
            raise Unreadable(f"{column} has not come yet.")
        if day and born and day < born:
            raise Unreadable(f"{column} is before the child was born.")
    if end and end < start:
        raise Unreadable(f"{last} is before {first}.")
    return start, end


def _child(cells: Cells) -> str:
    # A number that went through a spreadsheet ends in .0
    child = cells["CHILD"].removesuffix(".0")
    if not child:
        raise Unreadable("CHILD is blank. Without it nobody knows whose row this is.")
    if len(child) > LONGEST:
        raise Unreadable(f"CHILD is longer than {LONGEST} characters.")
    return child


def _born(cells: Cells, today: date) -> date | None:
    born = read_day(cells["DOB"], "DOB")
    if born and born > today:
        raise Unreadable("DOB has not come yet.")
    if born and born.year < today.year - 120:
        raise Unreadable("DOB is more than 120 years ago.")
    return born


def read_rows(table: Table, spec: TableOf, today: date, year: int | None = None) -> list[Landed]:
    """Every line of a table, in order; none is left out. `year` is the return's, where known."""
    landed = [_land(table, line, spec, today, year) for line in table.lines]
    return _overlaps_noted(landed) if spec.key == "missing" else landed


def _land(table: Table, line: Line, spec: TableOf, today: date, year: int | None) -> Landed:
    if line.problem:
        return Landed(line, None, line.problem)
    cells = dict(zip(table.columns, line.cells, strict=True))
    try:
        row: Any = READERS[spec.key](cells, today)
    except Unreadable as wrong:
        return Landed(line, None, str(wrong))
    which = f" of {year}" if year else ""
    odd = [
        f"{column} is not one of its codes{which}."
        for column in spec.codes
        # 1 and 2 for M and F are read in any year.
        if column not in ("SEX", "ETHNIC")
        and not spec.fits(column, cells.get(column, "").upper(), year)
    ]
    return Landed(line, row, " ".join((*row.notes, *odd)))


OPEN = "No end: still missing on this file."
OVERLAPS = "Overlaps another episode of this child on this file."


def _overlaps_noted(landed: list[Landed]) -> list[Landed]:
    """The same lines; those that are open or overlap say so, and are taken in all the same."""
    by_child: dict[str, list[EpisodeRow]] = {}
    for each in landed:
        if each.row:
            by_child.setdefault(each.row.ref, []).append(each.row)
    crossing = {id(row) for rows in by_child.values() for row in _crossing(rows)}
    noted = []
    for each in landed:
        row = each.row
        if row:
            notes = [OPEN] * (row.end is None) + [OVERLAPS] * (id(row) in crossing)
            each = Landed(each.line, row, " ".join(notes))
        noted.append(each)
    return noted


def _crossing(rows: Iterable[EpisodeRow]) -> Iterable[EpisodeRow]:
    unique = {row.says: row for row in rows}
    ordered = sorted(unique.values(), key=lambda r: (r.start, r.end or date.max))
    for one, next_one in pairwise(ordered):
        if next_one.start < (one.end or date.max):
            yield from (one, next_one)


def year_end(rows: Iterable[Landed]) -> date | None:
    """The 31 March that ends the collection year of the latest episode; None without any."""
    starts = [each.row.start for each in rows if isinstance(each.row, EpisodeRow)]
    if not starts:
        return None
    latest = max(starts)
    return date(latest.year + (latest.month > 3), 3, 31)
