"""Adopting the force's own values over the rulebook that ships: dated, reasoned, two people."""

from datetime import date, datetime

from django.db import connection

from kittiwake.access.doors import NotPermitted, as_practitioner
from kittiwake.access.roles import may
from kittiwake.kernel import rulebook as shipped
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.known import Actor


def adopt(
    key: str, value: str, from_on: date, reason: str, *, by: Actor, approved_by: Actor, at: datetime
) -> str:
    """Adopt a value such as ("CLK-11.high", "10 min") from a day on; the new rulebook version.

    Raises NotPermitted, Refused when one person would do both, or RulebookError when the value
    does not fit (a statutory limit may only be tightened).
    """
    for actor in (by, approved_by):
        if not may(actor.roles, "rulebook.adopt"):
            raise NotPermitted("rulebook.adopt")
    if by.id == approved_by.id:
        raise Refused("Somebody else has to approve a change of the rulebook.")
    if not reason.strip():
        raise Refused("Say why the force adopts this value.")
    with as_practitioner(by, durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7002)")
        cursor.execute("SELECT key, value, from_on FROM rulebook_row ORDER BY id")
        book = shipped.load().with_rows([*cursor.fetchall(), (key, value, from_on)])
        cursor.execute(
            "INSERT INTO rulebook_row (key, value, from_on, adopted_by_id, approved_by_id, reason,"
            " adopted_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [key, value, from_on, by.id, approved_by.id, reason, at],
        )
    return book.version
