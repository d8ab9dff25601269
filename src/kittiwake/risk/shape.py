"""A policy file as tables and rows: which keys each may have, and on which line they stand."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from kittiwake.risk.expressions import suggestion


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a policy file: where it is, what it is, and what to write instead."""

    file: str
    line: int | None
    row: str
    message: str
    instead: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.row}: {self.message}; {self.instead}"


class PolicyError(ValueError):
    """A policy file that may not be used; carries every problem found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a row: its type, whether it must be there, and what to write in it."""

    type: type[Any] | tuple[type[Any], ...]
    instead: str
    required: bool = True


WORDS = Key(str, "write one sentence in quotes")
NAME = Key(str, "write a name of small letters, digits and _, starting with a letter")
SOURCE = Key(str, "write where it comes from, and its strength: S2 L320, [D]")
LIST = Key(list, 'write a list of names, such as ["missing.reported"]', required=False)
WHEN = Key(str, "write a condition, such as missing_now > 0")
UNTIL = Key(str, "write what would have to be true for it to end")
IN_FORCE = Key(dict, "write { from = 2026-01-01, until = 2027-01-01 }, either or both", False)

SHAPES: Final[Mapping[str, Mapping[str, Key]]] = {
    "policy": {
        "id": Key(str, "write the policy's id, such as missing-2026"),
        "title": WORDS,
        "nation": Key((str, list), 'write "ENG", "WLS" or ["ENG", "WLS"]'),
        "in_force_from": Key(date, "write a date, such as 2026-12-01"),
        "author": Key(str, "write who answers for the policy"),
    },
    "indicator": {
        "id": NAME,
        "sentence": WORDS,
        "count": Key(str, "write what to count"),
        "kinds": LIST,
        "opened_by": LIST,
        "closed_by": LIST,
        "matched_on": LIST,
        "role": Key(str, "write the child's role in the entry, such as child", False),
        "where": Key(str, "write a condition over codes, such as self_harm = true", False),
        "window": Key(str, 'write "36 h", "90 d", "12 months" or "ever"'),
        "shows": Key(str, 'write "concern" or "response"', False),
        "relationship": Key(str, 'write "self"', False),
        "source": SOURCE,
    },
    "floor": {
        "id": NAME,
        "when": WHEN,
        "level": Key(str, "write low, medium, high or very_high"),
        "holds": Key(str, 'write "level" or "grade"', False),
        "sentence": WORDS,
        "until": UNTIL,
        "source": SOURCE,
        "in_force": IN_FORCE,
    },
    "trigger": {
        "id": NAME,
        "when": WHEN,
        "effect": Key(str, "write what is obliged"),
        "sentence": WORDS,
        "until": UNTIL,
        "source": SOURCE,
        "in_force": IN_FORCE,
    },
    "starting_grade": {
        "pathway": NAME,
        "grade": Key(str, "write low, medium or high"),
        "sentence": WORDS,
        "source": SOURCE,
    },
}


@dataclass(slots=True)
class Row:
    """One row of a policy file, its keys checked against its shape; bad ones are left out."""

    table: str
    number: int
    values: dict[str, Any]
    called: str


@dataclass
class Sheet:
    """A policy file read as rows, collecting problems on the way."""

    file: str
    text: str
    problems: list[Problem] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    document: dict[str, Any] = field(default_factory=dict)

    def read(self) -> None:
        """Fill `rows` from the text; whatever is not as it must be becomes a problem."""
        try:
            self.document = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as wrong:
            found = re.search(r"line (\d+)", str(wrong))
            line = int(found[1]) if found else None
            self.add(None, f"not TOML: {wrong}", "mend the line", line=line)
            return
        for table, content in self.document.items():
            if table not in SHAPES:
                self.add(None, f"{table} is no table of a policy", suggestion(table, list(SHAPES)))
                continue
            single = table == "policy"
            rows = [content] if single else content
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                heading = "[policy]" if single else f"[[{table}]]"
                self.add(None, f"{table} is not headed as it must be", f"head it {heading}")
                continue
            for number, values in enumerate(rows):
                self._row(table, number, values)
        if "policy" not in self.document:
            self.add(None, "there is no [policy]", "write [policy] with id, title, nation, author")

    def of(self, table: str) -> list[Row]:
        """The rows of one table, in the order written."""
        return [row for row in self.rows if row.table == table]

    def add(
        self, row: Row | None, message: str, instead: str, key: str = "", line: int | None = None
    ) -> None:
        """Note a problem, at the line of the key or of the row's heading where they are found."""
        if row is not None and line is None:
            line = self.line_of(row.table, row.number, key)
        called = row.called if row else "file"
        self.problems.append(Problem(self.file, line, called, message, instead))

    def line_of(self, table: str, number: int, key: str) -> int | None:
        """The line of a key in the n-th row of a table, else of the row's heading."""
        seen, heading = -1, None
        for at, line in enumerate(self.text.splitlines(), start=1):
            if found := re.match(r"\s*\[+\s*([a-z_]+)\s*\]", line):
                if heading is not None:
                    return heading
                seen += found[1] == table
                heading = at if found[1] == table and seen == number else None
            elif heading is not None and key and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return at
        return heading

    def _row(self, table: str, number: int, values: dict[str, Any]) -> None:
        shape = SHAPES[table]
        own = values.get("pathway" if table == "starting_grade" else "id")
        row = Row(table, number, {}, f"{table} {own if isinstance(own, str) else number + 1}")
        for key, value in values.items():
            if key not in shape:
                self.add(row, f"{key} is no key of {table}", suggestion(key, list(shape)), key)
            elif not _fits(value, shape[key]):
                self.add(row, f"{key} is not as it must be", shape[key].instead, key)
            else:
                row.values[key] = value
        for key, wanted in shape.items():
            if wanted.required and key not in values:
                self.add(row, f"{key} is not there", wanted.instead)
        self.rows.append(row)


def _fits(value: object, key: Key) -> bool:
    if not isinstance(value, key.type) or isinstance(value, datetime):
        return False
    if isinstance(value, list):
        return bool(value) and all(isinstance(v, str) and v for v in value)
    return not isinstance(value, str) or bool(value.strip())
