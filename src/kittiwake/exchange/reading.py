"""Reading partners' files as they really are: encodings, line ends, stray spaces, days.

Pure. Every line keeps its own bytes, so that what cannot be read is kept as it came. No message
repeats what was written: the clerk sees the line itself beside it.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime


class Unreadable(Exception):
    """Something that cannot be read; the message says what to do, never what was written."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its number in the file, its bytes, its cells or what is wrong."""

    number: int
    raw: bytes
    cells: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file of rows: its column names, in capitals, and its lines that are not blank."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(body: bytes) -> Table:
    """Read comma, semicolon or tab separated rows under one line of column names.

    Raises Unreadable for a file that has none, or names a column twice.
    """
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("The file is saved as UTF-16. Save it as CSV UTF-8 and send it again.")
    raw = body.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    first = _read_line(1, raw[0] if raw else b"", _separator(raw[0] if raw else b""))
    columns = tuple(name.upper() for name in first.cells)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if first.problem or not any(columns):
        raise Unreadable("The first line of the file does not name its columns.")
    if doubled := [name for name in columns if name and columns.count(name) > 1]:
        raise Unreadable(f"The column {doubled[0]} is there twice. Take one out.")
    separator = _separator(raw[0])
    lines = (_read_line(n, line, separator) for n, line in enumerate(raw[1:], start=2))
    kept = tuple(_fitted(line, len(columns)) for line in lines if line.problem or any(line.cells))
    return Table(columns, kept)


def _separator(first: bytes) -> str:
    return max(",;\t", key=lambda mark: first.count(mark.encode()))


def _read_line(number: int, raw: bytes, separator: str) -> Line:
    try:
        text = decoded(raw).rstrip("\r\n")
        # Line by line: an open quotation mark spoils its own row and no other.
        rows = list(csv.reader([text], delimiter=separator, strict=True))
        return Line(number, raw, tuple(cleaned(cell) for cell in rows[0]) if rows else ())
    except csv.Error:
        return Line(number, raw, problem="A quotation mark on this row is not closed.")
    except Unreadable as wrong:
        return Line(number, raw, problem=str(wrong))


def _fitted(line: Line, width: int) -> Line:
    """A row of exactly so many cells; blanks beyond the last column are nothing."""
    cells = line.cells
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    if line.problem or len(cells) == width:
        return Line(line.number, line.raw, cells, line.problem)
    more = "more" if len(cells) > width else "fewer"
    return Line(line.number, line.raw, cells, f"This row has {more} values than there are columns.")


def decoded(raw: bytes) -> str:
    """Text as UTF-8, else as Windows writes it in western Europe. Raises Unreadable."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("A character on this row cannot be read. Save the file as CSV UTF-8.")


def cleaned(cell: str) -> str:
    """A value without the spaces around it, of whatever kind. Raises Unreadable."""
    plain = " ".join(cell.replace("\ufeff", "").replace("\u200b", "").split())
    if any(unicodedata.category(c) in ("Cc", "Cs") or c == "\ufffd" for c in plain):
        raise Unreadable("A character on this row cannot be read. Save the file as CSV UTF-8.")
    return plain


_TIME = r"(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAYS = (
    re.compile(rf"(?P<d>[0-9]{{1,2}})[/.-](?P<m>[0-9]{{1,2}})[/.-](?P<y>[0-9]{{4}}){_TIME}"),
    re.compile(rf"(?P<y>[0-9]{{4}})[/-](?P<m>[0-9]{{1,2}})[/-](?P<d>[0-9]{{1,2}}){_TIME}"),
    re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
    re.compile(rf"(?P<d>[0-9]{{1,2}})[ -](?P<m>[A-Za-z]{{3,9}})[ -](?P<y>[0-9]{{4}}){_TIME}"),
    re.compile(rf"(?P<y>[0-9]{{4}})-(?P<m>[A-Za-z]{{3}})-(?P<d>[0-9]{{1,2}}){_TIME}"),
)


def read_day(text: str, what: str) -> date | None:
    """A day, written day first or year first, a time after it ignored; None where blank.

    `what` is the column, for the message. Raises Unreadable: also for a year of two digits,
    which may be either century, and for months first, which cannot be told from days first.
    """
    if not text:
        return None
    for form in _DAYS:
        if found := form.fullmatch(text):
            try:
                return date(int(found["y"]), _month(found["m"]), int(found["d"]))
            except ValueError:
                break
    raise Unreadable(f"{what} is not a day. Write it like 25/11/2017, with the year in full.")


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    names = (datetime(2000, m, 1).strftime("%B").lower() for m in range(1, 13))  # noqa: DTZ001
    for number, name in enumerate(names, start=1):
        if text.lower() in (name, name[:3]):
            return number
    raise ValueError(text)
