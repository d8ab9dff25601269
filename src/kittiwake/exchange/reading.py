"""Reading partners' files as they really are: encodings, line ends, stray spaces, days.

Pure. Every line keeps its own bytes, so that what cannot be read is kept as it came. No message
repeats what was written: the clerk sees the line itself beside it.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from kittiwake.kernel.questions import LONDON


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
    kept = tuple(fitted(line, len(columns)) for line in lines if line.problem or any(line.cells))
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


def fitted(line: Line, width: int) -> Line:
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
                day = date(int(found["y"]), _month(found["m"]), int(found["d"]))
            except ValueError:
                break
            # Before and after, a day has no instant in every zone.
            if 1000 <= day.year <= 9000:
                return day
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


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as a file gives it; without a time of day it is the day's beginning."""

    at: datetime
    is_timed: bool

    @property
    def shown(self) -> str:
        """As people read it: the day, and the time where one was given."""
        local = self.at.astimezone(LONDON)
        return f"{local:%d/%m/%Y %H:%M}" if self.is_timed else f"{local:%d/%m/%Y}"


_CLOCK = re.compile(
    r"(?P<h>[0-9]{1,2})(?:[:.]?(?P<m>[0-9]{2}))(?::?(?P<s>[0-9]{2})(?:\.[0-9]+)?)?"
    r" ?(?P<half>[ap]m)?(?: ?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2}))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})(?=$|[ T])")


def read_moment(
    text: str, what: str, clock: str = "", *, month_first: bool = False
) -> Moment | None:
    """A day, and the time after it or in a column of its own; None where blank.

    Times are those of London unless they name a zone. Raises Unreadable.
    """
    if not text:
        return None
    if month_first and (found := _MONTH_FIRST.match(text)):
        text = f"{found['d']}/{found['m']}/{found['y']}{text[found.end() :]}"
    day_part, time_part = _parted(text)
    day = read_day(day_part, what)
    if day is None:
        return None
    time_part = clock or time_part
    if not time_part:
        return Moment(datetime(day.year, day.month, day.day, tzinfo=LONDON), is_timed=False)
    return Moment(_at(day, time_part, what), is_timed=True)


def _parted(text: str) -> tuple[str, str]:
    """The day and the time of one cell; a midnight that a spreadsheet added is no time."""
    found = re.fullmatch(r"(.*[0-9])(?:T| )([0-9]{1,2}[:.][0-9]{2}.*|[0-9]{4}Z?)", text)
    if not found or re.fullmatch(r"[A-Za-z0-9]{1,2} [A-Za-z]{3,9}", found[1]):
        return text, ""
    return found[1], "" if re.fullmatch(r"0?0:00(:00(\.0+)?)?", found[2]) else found[2]


def _at(day: date, clock: str, what: str) -> datetime:
    wrong = Unreadable(f"{what} has a time that is not one. Write it like 23:10.")
    found = _CLOCK.fullmatch(clock.strip())
    if found is None:
        raise wrong
    hour, minute = int(found["h"]), int(found["m"])
    if half := (found["half"] or "").lower():
        if not 1 <= hour <= 12:
            raise wrong
        hour = hour % 12 + (12 if half == "pm" else 0)
    zone = found["zone"] or ""
    try:
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)
        return local.replace(tzinfo=_zone(zone)) if zone else local
    except ValueError:
        raise wrong from None


def _zone(text: str) -> timezone:
    """A zone such as Z, +0100 or -05:00. Raises ValueError for one that is none."""
    if text.upper() == "Z":
        return UTC
    minutes = int(f"{text[0]}{text[1:3]}") * 60 + int(f"{text[0]}{text[-2:]}")
    return timezone(timedelta(minutes=minutes))
