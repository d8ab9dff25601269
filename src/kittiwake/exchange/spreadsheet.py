"""Rows from a spreadsheet: CSV as it comes, or the first sheet of a workbook that has rows.

Pure. A workbook's row is kept as the CSV it would be; nothing in a cell is ever run.
"""

import csv
import io
import zipfile
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from kittiwake.exchange.reading import Line, Table, Unreadable, cleaned, fitted, read_table

MOST_ROWS = 200_000
MOST_BYTES = 300_000_000
"""What a workbook may unpack to."""


def read_rows(body: bytes) -> Table:
    """Read a table from CSV, or from a workbook (.xlsx). Raises Unreadable."""
    return _workbook(body) if body.startswith(b"PK\x03\x04") else read_table(body)


def _workbook(body: bytes) -> Table:
    wrong = Unreadable("The workbook cannot be read. Save it again, or save the sheet as CSV.")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise Unreadable("The workbook unpacks to more than 300 MB. Send it in parts.")
        # Values as last calculated: a formula is never calculated here.
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        rows = _first_with_rows(book)
    except Unreadable:
        raise
    except Exception:
        # openpyxl says what is wrong with a damaged file in errors of many kinds.
        raise wrong from None
    if not rows:
        raise Unreadable("No sheet of the workbook has rows.")
    return _table(rows)


def _first_with_rows(book: Any) -> list[tuple[Any, ...]]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows = []
        for n, row in enumerate(sheet.iter_rows(values_only=True)):
            if n > MOST_ROWS:
                raise Unreadable(
                    f"The workbook has more than {MOST_ROWS:,} rows. Send it in parts."
                )
            rows.append(row)
        if any(_text(cell) for row in rows[:1] for cell in row):
            return rows
    return []


def _table(rows: list[tuple[Any, ...]]) -> Table:
    columns = tuple(_cell(cell).upper() for cell in rows[0])
    while columns and not columns[-1]:
        columns = columns[:-1]
    if doubled := [name for name in columns if name and columns.count(name) > 1]:
        raise Unreadable(f"The column {doubled[0]} is there twice. Take one out.")
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        raw = _as_csv(row)
        try:
            # Cells beyond the last heading that are blank are nothing; rows may be short.
            cells = tuple(_cell(cell) for cell in row)
            cells += ("",) * (len(columns) - len(cells))
            line = fitted(Line(number, raw, cells), len(columns))
        except Unreadable as problem:
            line = Line(number, raw, problem=str(problem))
        if line.problem or any(line.cells):
            lines.append(line)
    return Table(columns, tuple(lines))


def _cell(value: Any) -> str:
    text = _text(value)
    if (text.startswith("#") and text.rstrip("!?").isupper() and "/" in text) or text == "#REF!":
        return ""
    return cleaned(text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _as_csv(row: tuple[Any, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([_text(cell) for cell in row])
    return out.getvalue().encode("utf-8", "replace")
