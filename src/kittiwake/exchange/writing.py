"""Writing spreadsheets: a cell is text, and never something a spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV with a byte order mark, so that a spreadsheet reads names as they are."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe(cell: object) -> str:
    """A cell as text; an apostrophe before what a spreadsheet would run."""
    text = "" if cell is None else str(cell)
    begins = text.lstrip(" \u00a0\ufeff\u200b")
    return f"'{text}" if begins.startswith(FORMULA) or text.startswith(FORMULA) else text
