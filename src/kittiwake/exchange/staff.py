"""Loading who works here and who is on duty: each row lands, is known, or waits with a sentence.

Runs as the database's owner: who may act is no business of the web's role. Somebody who left is
ended, never deleted; what they own is named, so that it can be handed over.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kittiwake.access.doors import NotPermitted, as_practitioner, log_refusal
from kittiwake.access.roles import ROLES, may
from kittiwake.exchange import feeds, inbox, staff_rows
from kittiwake.exchange.reading import Table, Unreadable
from kittiwake.exchange.spreadsheet import read_rows
from kittiwake.exchange.staff_rows import Colleague, Shift
from kittiwake.exchange.standard import Taken
from kittiwake.kernel.known import Actor

What = Literal["practitioners", "rota"]
Landed = tuple[inbox.State, str]


@dataclass(slots=True)
class Loaded:
    """What became of a spreadsheet, and who is on file and not on it."""

    taken: Taken
    rows: list[tuple[int, Landed]] = field(default_factory=list)
    not_listed: list[str] = field(default_factory=list)


def load(
    what: What, name: str, body: bytes, by: Actor, at: datetime, *, everybody: bool = False
) -> Loaded:
    """Take in a spreadsheet of staff or of duties. Raises NotPermitted.

    `everybody`: the file lists everybody of the agencies it names; who is not on it has left.
    """
    if not may(by.roles, "exchange.import"):
        log_refusal(by, at, None, "exchange.import", "no capability")
        raise NotPermitted("exchange.import")
    key = f"{what}:{by.agency_id}"
    kept = inbox.keep(key, by.agency_id, by, name, body, at)
    try:
        table = read_rows(body)
        needed, others = (
            (staff_rows.STAFF, staff_rows.STAFF_MAY)
            if what == "practitioners"
            else (staff_rows.ROTA, staff_rows.ROTA_MAY)
        )
        staff_rows.check(table, needed, others)
    except Unreadable as wrong:
        inbox.settle(kept.id, "quarantined", str(wrong), by=by)
        return Loaded(Taken(name, what, "quarantined", str(wrong)))
    loaded = Loaded(Taken(name, what, "recorded", "", len(table.lines)))
    with as_practitioner(by, durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7005)")
        _land(cursor, what, table, kept.id, loaded, at)
        if what == "practitioners":
            _not_listed(cursor, loaded, table, at, everybody)
    taken = loaded.taken
    for word in ("recorded", "known", "quarantined"):
        setattr(taken, word, sum(state == word for _, (state, _) in loaded.rows))
    taken.sentence = (
        f"{taken.recorded:,} rows recorded, {taken.known:,} known, {taken.quarantined:,} waiting."
    )
    inbox.settle(kept.id, "recorded", taken.sentence, by=by)
    feeds.heard(key, TITLES[what], by.agency_id, by, at, is_new=kept.before is None)
    return loaded


TITLES = {"practitioners": "the list of staff", "rota": "the duty rota"}


def _land(
    cursor: CursorWrapper, what: What, table: Table, kept: int, loaded: Loaded, at: datetime
) -> None:
    read: Callable[[Any], Any] = (
        staff_rows.colleague if what == "practitioners" else staff_rows.shift
    )
    here: set[tuple[str, str, datetime, datetime]] = set()
    rows = []
    for line in table.lines:
        try:
            if line.problem:
                raise Unreadable(line.problem)
            row = read(dict(zip(table.columns, line.cells, strict=True)))
            state, said = (
                _colleague(cursor, row, at) if isinstance(row, Colleague)
                else _shift(cursor, row, here)
            )  # fmt: skip
        except Unreadable as wrong:
            state, said = "quarantined", str(wrong)
        loaded.rows.append((line.number, (state, said)))
        rows.append(inbox.Row(line.number, line.raw, state, said))
    inbox.keep_rows(kept, rows)


def _colleague(cursor: CursorWrapper, row: Colleague, at: datetime) -> Landed:
    agency = _agency(cursor, row)
    team = _team(cursor, row.team, agency)
    wanted: list[Any] = [row.name, row.title, row.rank, agency, team, row.phone, _is_here(row, at)]
    cursor.execute(
        "SELECT id, name, title, rank, agency_id, team_id, phone, is_active, is_system "
        "FROM practitioner WHERE lower(email) = %s ORDER BY id",
        [row.email],
    )
    found = cursor.fetchall()
    if len(found) > 1:
        raise Unreadable("Two people here have this EMAIL. Give each their own first.")
    if found and found[0][8]:
        raise Unreadable("This EMAIL is Kittiwake’s own.")
    if not found:
        cursor.execute(
            "INSERT INTO practitioner (name, title, rank, agency_id, team_id, phone, is_active,"
            " uid, email, is_system) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, false) "
            "RETURNING id",
            [*wanted, uuid4(), row.email],
        )
        _hold(cursor, cursor.fetchone()[0], row, at)
        return "recorded", "New."
    person, stands = found[0][0], list(found[0][1:8])
    if is_changed := stands != wanted:
        cursor.execute(
            "UPDATE practitioner SET name = %s, title = %s, rank = %s, agency_id = %s,"
            " team_id = %s, phone = %s, is_active = %s WHERE id = %s",
            [*wanted, person],
        )
    roles_changed = _hold(cursor, person, row, at)
    if stands[-1] and not wanted[-1]:
        return "recorded", _left(cursor, person)
    return ("recorded", "Changed.") if is_changed or roles_changed else ("known", "")


def _is_here(row: Colleague, at: datetime) -> bool:
    return row.left is None or row.left > at


def _agency(cursor: CursorWrapper, row: Colleague) -> int:
    cursor.execute("SELECT id FROM agency WHERE lower(name) = lower(%s) ORDER BY id", [row.agency])
    if found := cursor.fetchone():
        return int(found[0])
    if not row.kind:
        raise Unreadable("No agency is called that here. Add AGENCY KIND, and it is added.")
    cursor.execute(
        "INSERT INTO agency (uid, kind, name, phone, nation) VALUES (%s, %s, %s, '', 'ENG') "
        "RETURNING id",
        [uuid4(), row.kind, row.agency],
    )
    return int(cursor.fetchone()[0])


def _team(cursor: CursorWrapper, name: str, agency: int) -> int | None:
    if not name:
        return None
    cursor.execute(
        "SELECT id FROM team WHERE agency_id = %s AND lower(name) = lower(%s)", [agency, name]
    )
    if found := cursor.fetchone():
        return int(found[0])
    cursor.execute(
        "INSERT INTO team (agency_id, name, phone) VALUES (%s, %s, '') RETURNING id", [agency, name]
    )
    return int(cursor.fetchone()[0])


def _hold(cursor: CursorWrapper, person: int, row: Colleague, at: datetime) -> bool:
    """Give the roles of the row and end the others; whether anything changed."""
    cursor.execute(
        "SELECT id, role, until FROM role_held WHERE practitioner_id = %s "
        "AND (until IS NULL OR until > %s)",
        [person, at],
    )
    held = {role: (id_, until) for id_, role, until in cursor.fetchall()}
    changed = False
    for role in row.roles:
        if role not in held and _is_here(row, at):
            cursor.execute(
                "INSERT INTO role_held (practitioner_id, role, from_at, until) "
                "VALUES (%s, %s, %s, %s)",
                [person, role, row.start or at, row.left],
            )
            changed = True
    for role, (id_, until) in held.items():
        # Whoever left holds nothing from the end of their last day, and nothing from now on.
        wanted = row.left if role in row.roles else at
        wanted = at if wanted and wanted < at else wanted
        if until != wanted:
            cursor.execute("UPDATE role_held SET until = %s WHERE id = %s", [wanted, id_])
            changed = True
    return changed


def _left(cursor: CursorWrapper, person: int) -> str:
    """What somebody who left still owns, said to whoever can hand it over."""
    cursor.execute(
        "SELECT (SELECT count(*) FROM case_file WHERE owner_id = %s AND closed_at IS NULL),"
        " (SELECT count(*) FROM clock WHERE owner_id = %s AND stopped_at IS NULL),"
        " (SELECT count(*) FROM action WHERE owner_id = %s AND settled_at IS NULL)",
        [person, person, person],
    )
    owned = [
        f"{count} {word if count == 1 else word + 's'}"
        for count, word in zip(cursor.fetchone(), ("open case", "clock", "action"), strict=True)
        if count
    ]
    return f"Left. Still owns {', '.join(owned)}: hand over." if owned else "Left."


def _not_listed(
    cursor: CursorWrapper, loaded: Loaded, table: Table, at: datetime, everybody: bool
) -> None:
    """Who works for the agencies of this file and is not on it: named, and ended where asked."""
    cells = [dict(zip(table.columns, line.cells, strict=False)) for line in table.lines]
    emails = [each.get("EMAIL", "").casefold() for each in cells]
    agencies = [each.get("AGENCY", "").casefold() for each in cells]
    cursor.execute(
        "SELECT p.id, p.name, p.email FROM practitioner p JOIN agency a ON a.id = p.agency_id "
        "WHERE p.is_active AND NOT p.is_system AND lower(a.name) = ANY (%s) "
        "AND lower(p.email) <> ALL (%s) ORDER BY p.name",
        [agencies, emails],
    )
    for person, name, email in cursor.fetchall():
        told = f"{name} ({email or 'no address'})"
        if everybody:
            cursor.execute("UPDATE practitioner SET is_active = false WHERE id = %s", [person])
            cursor.execute(
                "UPDATE role_held SET until = %s WHERE practitioner_id = %s "
                "AND (until IS NULL OR until > %s)",
                [at, person, at],
            )
            told = f"{told}: {_left(cursor, person)}"
        loaded.not_listed.append(told)


def _shift(
    cursor: CursorWrapper, row: Shift, here: set[tuple[str, str, datetime, datetime]]
) -> Landed:
    cursor.execute(
        "SELECT p.id, EXISTS (SELECT 1 FROM role_held h WHERE h.practitioner_id = p.id "
        "AND h.role = %s AND h.from_at <= %s AND (h.until IS NULL OR h.until > %s)) "
        "FROM practitioner p WHERE p.is_active AND NOT p.is_system AND lower(p.email) = %s",
        [row.role, row.start, row.start, row.email],
    )
    found = cursor.fetchall()
    if len(found) != 1:
        raise Unreadable("Nobody who works here has this EMAIL. Load the list of staff first.")
    person, holds = found[0]
    title = ROLES[row.role].title.lower()
    if not holds:
        raise Unreadable(f"They do not hold the role {title} then. Add it to the list of staff.")
    here.add((row.role, row.email, row.start, row.end))
    cursor.execute(
        "SELECT d.id, lower(p.email), d.from_at, d.until, p.name FROM duty d "
        "JOIN practitioner p ON p.id = d.practitioner_id "
        "WHERE d.role = %s AND d.from_at < %s AND d.until > %s",
        [row.role, row.end, row.start],
    )
    standing = cursor.fetchall()
    if any((email, start, end) == (row.email, row.start, row.end)
           for _, email, start, end, _ in standing):  # fmt: skip
        return "known", ""
    said = ""
    for id_, email, start, end, name in standing:
        # Two may be on duty for a role at once, where this file says so; an older rota gives way.
        if (row.role, email, start, end) not in here:
            cursor.execute(
                "UPDATE duty SET until = greatest(from_at, %s) WHERE id = %s", [row.start, id_]
            )
            said = f"Takes over from {name}."
    cursor.execute(
        "INSERT INTO duty (role, practitioner_id, from_at, until) VALUES (%s, %s, %s, %s)",
        [row.role, person, row.start, row.end],
    )
    return "recorded", said
