"""Saved mappings: kept by version, for ever; the newest of a name is the one in use."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from kittiwake.access.doors import NotPermitted, as_practitioner
from kittiwake.access.roles import may
from kittiwake.exchange.mapping import Mapping, MappingError, read
from kittiwake.kernel.known import Actor


@dataclass(frozen=True, slots=True)
class Saved:
    """A mapping as it was saved."""

    name: str
    version: int
    body: str
    saved_by: str
    saved_at: datetime


def save(name: str, body: str, by: Actor, at: datetime) -> int:
    """Check a mapping and keep it as the next version; the version it is kept as.

    Saved as it is already, nothing changes. Raises MappingError, NotPermitted.
    """
    if not may(by.roles, "exchange.import"):
        raise NotPermitted("exchange.import")
    read(name, body)
    with as_practitioner(by, durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7004, hashtext(%s))", [name])
        before = next(iter(_saved("m.name = %s", name)), None)
        if before and before.body == body:
            return before.version
        version = before.version + 1 if before else 1
        cursor.execute(
            "INSERT INTO mapping (name, version, body, saved_by_id, saved_at) "
            "VALUES (%s, %s, %s, %s, %s)",
            [name, version, body, by.id, at],
        )
    return version


def newest(name: str) -> Mapping:
    """The newest version of a mapping, checked again. Raises MappingError where there is none."""
    found = _saved("m.name = %s", name)
    if not found:
        raise MappingError(f"No mapping is saved as {name}. See ./kittiwake mapping list.")
    return read(name, found[0].body)


def every() -> list[Saved]:
    """The newest version of each mapping, by name."""
    newest_of = {saved.name: saved for saved in reversed(_saved("%s = ''", ""))}
    return [newest_of[name] for name in sorted(newest_of)]


def _saved(where: str, value: str) -> list[Saved]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.name, m.version, m.body, p.name, m.saved_at FROM mapping m "
            f"JOIN practitioner p ON p.id = m.saved_by_id WHERE {where} ORDER BY m.version DESC",
            [value],
        )
        return [Saved(*row) for row in cursor.fetchall()]
