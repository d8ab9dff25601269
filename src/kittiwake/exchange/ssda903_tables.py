"""The SSDA903 return as councils send it: which table a file is, and what its codes are.

Pure. SSDA903 is the yearly return on children looked after (Department for Education, guide to
the SSDA903 collection). Its tables, columns and codes, 2017 to 2026, are in `ssda903.toml`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kittiwake.exchange.reading import Table, Unreadable


@dataclass(frozen=True, slots=True)
class TableOf:
    """One table of the return: its columns, since which return, and what becomes of its rows."""

    key: str
    name: str
    since: int
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    sign: frozenset[str]
    """Columns that no other table has."""
    xml: frozenset[str]
    """What its elements are called where the return comes as XML."""
    recorded: str
    why_kept: str
    codes: Mapping[str, tuple[tuple[int, frozenset[str]], ...]]
    """The codes of a column, from which return on, newest first."""

    def fits(self, column: str, code: str, year: int | None) -> bool:
        """Whether a code is one of a column's in that return, or in any where no year is known."""
        lists = self.codes.get(column)
        if not lists or not code:
            return True
        if year is None:
            return any(code in known for _, known in lists)
        return code in next((known for since, known in lists if since <= year), lists[-1][1])


@cache
def tables() -> Mapping[str, TableOf]:
    """Every table of the return, in the order of the file."""
    return {key: _table(key, row) for key, row in _read().items() if key != "words"}


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Our words for codes that people are shown, by column."""
    found: Mapping[str, Mapping[str, str]] = _read()["words"]
    return found


@cache
def _read() -> dict[str, dict[str, dict[str, str]]]:
    text = files("kittiwake.exchange").joinpath("ssda903.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _table(key: str, row: Mapping[str, object]) -> TableOf:
    def many(name: str) -> tuple[str, ...]:
        return tuple(row.get(name, ()))  # type: ignore[arg-type]

    lists = {
        column: tuple(
            (int(since), frozenset(codes.split()))
            for since, codes in sorted(by_year.items(), reverse=True)
        )
        for column, by_year in dict(row.get("codes", {})).items()  # type: ignore[call-overload]
    }
    return TableOf(
        key, str(row["name"]), int(str(row["since"])), many("columns"), many("needed"),
        frozenset(many("sign")), frozenset(many("xml")), str(row.get("recorded", "")),
        str(row.get("why", "")), lists,
    )  # fmt: skip


def which(table: Table) -> TableOf:
    """The table a file is. Raises Unreadable for none, or one that lacks a column we read."""
    columns = set(table.columns)
    found = next((t for t in tables().values() if _is_signed(t, columns)), None)
    if found is None:
        raise Unreadable("No table of the SSDA903 return has these columns.")
    if lacking := [c for c in found.needed if c not in columns]:
        raise Unreadable(
            f"This looks like the table {found.name}, but there is no column {', '.join(lacking)}."
        )
    return found


def _is_signed(table: TableOf, columns: set[str]) -> bool:
    return bool(columns & table.sign)
