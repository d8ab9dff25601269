"""What a spreadsheet says of who works here and who is on duty. Pure: a row in, a value out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from kittiwake.access.roles import RANKS, ROLES
from kittiwake.exchange.reading import Moment, Table, Unreadable, read_moment

STAFF = ("NAME", "EMAIL", "AGENCY", "ROLES")
STAFF_MAY = ("TITLE", "RANK", "AGENCY KIND", "TEAM", "PHONE", "FROM", "UNTIL")
ROTA = ("ROLE", "EMAIL", "FROM", "UNTIL")
ROTA_MAY = ("FROM TIME", "UNTIL TIME")
KINDS = ("police", "social_care", "health", "school", "home", "partner", "partnership")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Colleague:
    """A row of the list of staff: who, where, in which roles, from when until when."""

    name: str
    email: str
    agency: str
    kind: str
    team: str
    title: str
    rank: int
    phone: str
    roles: tuple[str, ...]
    start: datetime | None
    left: datetime | None
    """The end of their last day; None where they stay."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A row of the rota: who answers for a role between two instants."""

    role: str
    email: str
    start: datetime
    end: datetime


def check(table: Table, needed: tuple[str, ...], may: tuple[str, ...]) -> None:
    """Whether a sheet has the headings it needs. Raises Unreadable and names them all."""
    lacking = [column for column in needed if column not in table.columns]
    if lacking:
        raise Unreadable(
            f"There is no column {', '.join(lacking)}. The headings are {', '.join(needed)}; "
            f"{', '.join(may)} may be there too."
        )


def colleague(cells: Cells) -> Colleague:
    """Read a row of the list of staff. Raises Unreadable."""
    if not cells["NAME"]:
        raise Unreadable("NAME is blank. Everybody who acts has a name.")
    if not cells["AGENCY"]:
        raise Unreadable("AGENCY is blank. Everybody acts for an agency.")
    kind = cells.get("AGENCY KIND", "").casefold().replace(" ", "_")
    if kind and kind not in KINDS:
        raise Unreadable(f"AGENCY KIND should be one of {', '.join(KINDS)}.")
    start = _day(cells, "FROM")
    last = _day(cells, "UNTIL")
    left = None if last is None else last.at + timedelta(days=0 if last.is_timed else 1)
    if start and left and left <= start.at:
        raise Unreadable("UNTIL is before FROM.")
    return Colleague(
        cells["NAME"][:200], _email(cells), cells["AGENCY"][:200], kind,
        cells.get("TEAM", "")[:200], cells.get("TITLE", "")[:100], _rank(cells.get("RANK", "")),
        cells.get("PHONE", "")[:40], _roles(cells["ROLES"]), start.at if start else None, left,
    )  # fmt: skip


def shift(cells: Cells) -> Shift:
    """Read a row of the rota. Raises Unreadable."""
    (role, *more) = _roles(cells["ROLE"]) or ("",)
    if not role or more:
        raise Unreadable("ROLE should name one role.")
    start = _day(cells, "FROM", "FROM TIME")
    end = _day(cells, "UNTIL", "UNTIL TIME")
    if start is None or end is None:
        raise Unreadable("FROM or UNTIL is blank. A shift begins and ends.")
    # A last day without a time is worked to its end.
    until = end.at if end.is_timed else end.at + timedelta(days=1)
    if until <= start.at:
        raise Unreadable("UNTIL is not after FROM. A night shift ends on the next day.")
    return Shift(role, _email(cells), start.at, until)


def _day(cells: Cells, column: str, clock: str = "") -> Moment | None:
    return read_moment(cells.get(column, ""), column, cells.get(clock, "") if clock else "")


def _email(cells: Cells) -> str:
    email = cells["EMAIL"].casefold()
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise Unreadable("EMAIL is no address. It is how a person is known again: one for each.")
    return email


def _rank(text: str) -> int:
    word = text.casefold().removeprefix("detective ").removeprefix("temporary ")
    if not word:
        return 0
    if word.isdigit() and (int(word) in RANKS or int(word) == 0):
        return int(word)
    for rank, called in RANKS.items():
        if called == word:
            return rank
    raise Unreadable(f"RANK should be one of {', '.join(RANKS.values())}, or blank.")


def _roles(text: str) -> tuple[str, ...]:
    """Roles by key or title, with semicolons or commas between. Raises Unreadable."""
    found = []
    parts = (part.strip().casefold() for part in re.split("[;,|]", text))
    for word in filter(None, parts):
        if (key := _by_name().get(word.replace("’", "'"))) is None:
            raise Unreadable("ROLES names a role that there is not. See docs/reference/roles.md.")
        found.append(key)
    return tuple(dict.fromkeys(found))


@cache
def _by_name() -> Mapping[str, str]:
    names = {key: key for key in ROLES} | {
        role.title.casefold(): role.key for role in ROLES.values()
    }
    return {name: key for name, key in names.items() if key != "system"}
