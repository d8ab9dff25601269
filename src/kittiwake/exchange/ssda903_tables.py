"""The SSDA903 return as councils send it: which table a file is, and what its rows say.

Pure. SSDA903 is the yearly return on children looked after (Department for Education, guide to
the SSDA903 collection). `header` and `missing` are read; the other tables are known by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from kittiwake.exchange.reading import Line, Table, Unreadable, read_day
from kittiwake.people.identifiers import LONGEST

ReadTable = Literal["header", "missing"]

# Columns that no other table has; years differ in the rest.
_SIGNS: dict[str, frozenset[str]] = {
    "missing": frozenset({"MIS_START", "MIS_END"}),
    "header": frozenset({"ETHNIC", "UPN"}),
    "episodes": frozenset({"DECOM", "RNE"}),
    "reviews": frozenset({"REVIEW", "REVIEW_CODE"}),
    "outcomes (OC2)": frozenset({"HEALTH_CHECK", "SDQ_SCORE"}),
    "care leavers (OC3)": frozenset({"IN_TOUCH", "ACTIV"}),
    "unaccompanied children (UASC)": frozenset({"DUC"}),
    "adoption (AD1)": frozenset({"DATE_INT", "DATE_MATCH"}),
    "children placed for adoption": frozenset({"DATE_PLACED"}),
    "previous permanence": frozenset({"PREV_PERM"}),
    "social workers": frozenset({"SW_ID"}),
    "deprivation of liberty": frozenset({"DOLO_START"}),
    "validation rules": frozenset({"RULE CODE", "RULE MESSAGE"}),
}
_NEEDED: dict[str, tuple[str, ...]] = {
    "header": ("CHILD", "DOB", "SEX", "ETHNIC", "UPN"),
    "missing": ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"),
}

# DfE's codes as the police record self-defined ethnicity (18+1); rulebook 4.20. Codes that two
# systems cut differently keep the original beside them.
ETHNICITY = {
    "WBRI": "W1", "WIRI": "W2", "WIRT": "W3", "WROM": "W3", "WOTH": "W9", "MWBC": "M1",
    "MWBA": "M2", "MWAS": "M3", "MOTH": "M9", "AIND": "A1", "APKN": "A2", "ABAN": "A3",
    "CHNE": "A4", "AOTH": "A9", "BCRB": "B1", "BAFR": "B2", "BOTH": "B9", "OOTH": "O9",
    "REFU": "NS", "NOBT": "NS",
}  # fmt: skip
SEX = {"1": "M", "M": "M", "2": "F", "F": "F", "0": "U", "9": "U", "U": "U"}
"""1 and 2 until the return of 2024, letters since."""
MISSING = {"M": False, "A": True}
"""M: missing. A: away from where they should be without leave."""


def which(table: Table) -> str:
    """The table a file is. Raises Unreadable for none, or one that lacks a column we read."""
    columns = set(table.columns)
    name = next((name for name, sign in _SIGNS.items() if columns & sign), "")
    if not name:
        raise Unreadable("No table of the SSDA903 return has these columns.")
    lacking = [c for c in _NEEDED.get(name, ()) if c not in columns]
    if lacking:
        raise Unreadable(
            f"This looks like the table {name}, but there is no column {', '.join(lacking)}."
        )
    return name


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A row of `header`: a child in the council's care, without a name."""

    child: str
    born_on: date
    sex: str
    ethnicity: str
    upn: str
    facts: dict[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the row is about, whatever it says of it."""
        return f"child {self.child}"

    @property
    def says(self) -> str:
        """What it says, however it was written: the same here means nothing is new."""
        told = sorted((k, str(v)) for k, v in self.facts.items())
        return repr((self.key, self.born_on, self.sex, self.ethnicity, self.upn, told))


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """A row of `missing`: one time a child was missing, or away without leave, in whole days."""

    child: str
    born_on: date | None
    start: date
    end: date | None
    without_leave: bool
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the row is about: a child and the day they went missing."""
        return f"child {self.child} missing from {self.start.isoformat()}"

    @property
    def says(self) -> str:
        """What it says, however it was written."""
        return repr((self.key, self.end, self.without_leave))


def child_row(cells: dict[str, str], today: date) -> ChildRow:
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
        **{c: v for c, v in cells.items() if c not in _NEEDED["header"]},
    }  # fmt: skip
    return ChildRow(
        child, born, SEX.get(sex, "U"), ETHNICITY.get(ethnic, ""), "" if is_reason else upn,
        {k: v for k, v in facts.items() if v}, tuple(notes),
    )  # fmt: skip


def episode_row(cells: dict[str, str], today: date) -> EpisodeRow:
    """Read a row of `missing`. Raises Unreadable."""
    child, born = _child(cells), _born(cells, today)
    code = cells["MISSING"].upper()
    if code not in MISSING:
        raise Unreadable("MISSING should be M for missing, or A for away without leave.")
    start = read_day(cells["MIS_START"], "MIS_START")
    end = read_day(cells["MIS_END"], "MIS_END")
    if start is None:
        raise Unreadable("MIS_START is blank. Without it nobody knows when this was.")
    for day, column in ((start, "MIS_START"), (end, "MIS_END")):
        if day and day > today:
            raise Unreadable(f"{column} has not come yet.")
        if day and born and day < born:
            raise Unreadable(f"{column} is before the child was born.")
    if end and end < start:
        raise Unreadable("MIS_END is before MIS_START.")
    return EpisodeRow(child, born, start, end, MISSING[code])


def _child(cells: dict[str, str]) -> str:
    # A number that went through a spreadsheet ends in .0
    child = cells["CHILD"].removesuffix(".0")
    if not child:
        raise Unreadable("CHILD is blank. Without it nobody knows whose row this is.")
    if len(child) > LONGEST:
        raise Unreadable(f"CHILD is longer than {LONGEST} characters.")
    return child


def _born(cells: dict[str, str], today: date) -> date | None:
    born = read_day(cells["DOB"], "DOB")
    if born and born > today:
        raise Unreadable("DOB has not come yet.")
    if born and born.year < today.year - 120:
        raise Unreadable("DOB is more than 120 years ago.")
    return born


Read = ChildRow | EpisodeRow


@dataclass(frozen=True, slots=True)
class Landed:
    """A line as read: what it says, or why it cannot be read."""

    line: Line
    row: Read | None
    sentence: str = ""


def read_rows(table: Table, name: str, today: date) -> list[Landed]:
    """Every line of `header` or `missing`, in order; none is left out."""
    landed = [_land(table, line, name, today) for line in table.lines]
    if name == "missing":
        return _overlaps_noted(landed)
    return landed


def _land(table: Table, line: Line, name: str, today: date) -> Landed:
    if line.problem:
        return Landed(line, None, line.problem)
    cells = dict(zip(table.columns, line.cells, strict=True))
    read = child_row if name == "header" else episode_row
    try:
        row: Read = read(cells, today)
    except Unreadable as wrong:
        return Landed(line, None, str(wrong))
    return Landed(line, row, " ".join(row.notes))


OPEN = "No end: still missing on this file."
OVERLAPS = "Overlaps another episode of this child on this file."


def _overlaps_noted(landed: list[Landed]) -> list[Landed]:
    """The same lines; those that are open or overlap say so, and are taken in all the same."""
    by_child: dict[str, list[EpisodeRow]] = {}
    for each in landed:
        if isinstance(each.row, EpisodeRow):
            by_child.setdefault(each.row.child, []).append(each.row)
    crossing = {id(row) for rows in by_child.values() for row in _crossing(rows)}
    noted = []
    for each in landed:
        row = each.row
        if isinstance(row, EpisodeRow):
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
