"""Partners' lists of markers: taken in as they come, and compared with ours every night.

A list says what a partner holds; it raises nothing and ends nothing here. Where the two differ,
a named person looks (rulebook 4.18). What names nobody who is surely on file waits in quarantine.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from kittiwake.access.doors import NotPermitted, as_practitioner, log_refusal
from kittiwake.access.roles import may
from kittiwake.agencies.rota import rota_at
from kittiwake.exchange import inbox
from kittiwake.exchange.reading import Line, Unreadable, read_day, read_table
from kittiwake.kernel.known import Actor
from kittiwake.kernel.markers import Marker, rules
from kittiwake.people.arrivals import Description, surely

FEED = "markers of "
COLUMNS = ("REF", "NAME", "BORN", "NHS", "UPN", "MARKER", "FROM", "UNTIL")
NEEDED = ("NAME", "BORN", "MARKER")


@dataclass(slots=True)
class Taken:
    """What became of a list: rows received, listed and waiting, or why the whole file waits."""

    feed: str
    received: int = 0
    listed: int = 0
    quarantined: int = 0
    no_longer: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What comparing found: new differences, those that are gone, and all that stand."""

    found: int
    gone: int
    standing: int


@dataclass(slots=True)
class _Row:
    line: Line
    description: Description | None = None
    marker: str = ""
    from_on: date | None = None
    until_on: date | None = None
    problem: str = ""
    person: int | None = field(default=None)


def bring_in(name: str, body: bytes, feed: str, agency: int, by: Actor, at: datetime) -> Taken:
    """Take in a partner's whole list; what is not on it any more is no longer listed.

    Raises NotPermitted. A file that cannot be read is kept in quarantine, and changes nothing.
    """
    if not may(by.roles, "exchange.import"):
        log_refusal(by, at, None, "exchange.import", "no capability")
        raise NotPermitted("exchange.import")
    key = f"{FEED}{feed}"[:60]
    kept = inbox.keep(key, agency, by, name, body, at)
    taken = Taken(key)
    try:
        rows = _read(body, key, agency)
    except Unreadable as wrong:
        taken.sentence = str(wrong)
        inbox.settle(kept.id, "quarantined", str(wrong), by=by)
        return taken
    with as_practitioner(by, durable=True):
        _place(rows)
        inbox.keep_rows(kept.id, [_as_kept(row) for row in rows])
        taken.received = len(rows)
        taken.listed = _write(rows, key, agency, at)
        taken.quarantined = sum(bool(row.problem) for row in rows)
        # A list with rows nobody could place is not whole: nothing on it is taken for gone.
        taken.no_longer = 0 if taken.quarantined else _no_longer(key, at)
    taken.sentence = f"{taken.listed} listed, {taken.quarantined} waiting."
    inbox.settle(kept.id, "recorded", taken.sentence, by=by)
    return taken


def reconcile(by: Actor, at: datetime) -> Reconciled:
    """Compare every list with the register; each difference gets an owner. Raises NotPermitted."""
    if not by.roles & {"system"} and not may(by.roles, "flag.reconcile"):
        log_refusal(by, at, None, "flag.reconcile", "no capability")
        raise NotPermitted("flag.reconcile")
    with as_practitioner(by, durable=True), connection.cursor() as cursor:
        rota = rota_at(at)
        owners = {key: rota.who(rule.owner) for key, rule in rules().items()}
        cursor.execute("SELECT * FROM reconcile_markers(%s, %s)", [json.dumps(owners), at])
        return Reconciled(*cursor.fetchone())


def _read(body: bytes, feed: str, agency: int) -> list[_Row]:
    table = read_table(body)
    if missing := [name for name in NEEDED if name not in table.columns]:
        raise Unreadable(f"A list of markers has a column {missing[0]}; this file has none.")
    rows = []
    for line in table.lines:
        row = _Row(line, problem=line.problem)
        rows.append(row)
        if not row.problem:
            try:
                _fill(row, dict(zip(table.columns, line.cells, strict=True)), feed, agency)
            except Unreadable as wrong:
                row.problem = str(wrong)
    return rows


def _fill(row: _Row, said: dict[str, str], feed: str, agency: int) -> None:
    row.marker = _marker(said["MARKER"])
    row.from_on = read_day(said.get("FROM", ""), "FROM")
    row.until_on = read_day(said.get("UNTIL", ""), "UNTIL")
    identifiers = tuple((s.lower(), said[s]) for s in ("NHS", "UPN") if said.get(s))
    row.description = Description(
        feed, said.get("REF", ""), given=said["NAME"], born_on=read_day(said["BORN"], "BORN"),
        identifiers=identifiers, agency_id=agency,
    )  # fmt: skip


def _marker(said: str) -> str:
    """A marker as a partner writes it: our key or our words, in any case."""
    plain = " ".join(said.replace("_", " ").lower().split())
    for marker in Marker:
        if plain in (marker.value.replace("_", " "), marker.words.lower()):
            return marker.value
    raise Unreadable("MARKER is none that is known here. Map it to one of the register’s markers.")


def _place(rows: list[_Row]) -> None:
    """Who each row is about: only whoever it surely is."""
    asked = [row for row in rows if row.description]
    for row, person in zip(asked, surely([r.description for r in asked if r.description]),
                           strict=True):  # fmt: skip
        row.person = person
        if person is None:
            row.problem = (
                "Nobody on file is surely this child. Compare by hand, and put the marker on "
                "their record if it is theirs."
            )


def _as_kept(row: _Row) -> inbox.Row:
    state: inbox.State = "quarantined" if row.problem else "recorded"
    return inbox.Row(row.line.number, row.line.raw, state, row.problem)


def _write(rows: list[_Row], feed: str, agency: int, at: datetime) -> int:
    placed = {(r.person, r.marker): r for r in rows if r.person and not r.problem}
    columns: list[list[Any]] = [
        [r.person for r in placed.values()], [r.marker for r in placed.values()],
        [r.from_on for r in placed.values()], [r.until_on for r in placed.values()],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO listed_marker (feed, agency_id, listed_at, person_id, type, from_on,"
            " until_on) SELECT %s, %s, %s, t.* FROM unnest(%s::bigint[], %s::text[], %s::date[],"
            " %s::date[]) AS t ON CONFLICT (feed, person_id, type) WHERE gone_at IS NULL "
            "DO UPDATE SET from_on = excluded.from_on, until_on = excluded.until_on,"
            " listed_at = excluded.listed_at",
            [feed, agency, at, *columns],
        )
    return len(placed)


def _no_longer(feed: str, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE listed_marker SET gone_at = %s WHERE feed = %s AND gone_at IS NULL "
            "AND listed_at < %s",
            [at, feed, at],
        )
        return int(cursor.rowcount)
