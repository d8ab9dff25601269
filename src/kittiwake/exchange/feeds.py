"""Feeds: when each was last heard, and a clock with an owner when one is late.

A dead feed must not look like a quiet child: what is late is shown wherever children are.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from kittiwake.access.actors import system_actor
from kittiwake.access.doors import NotPermitted, as_practitioner
from kittiwake.access.roles import ROLES, may
from kittiwake.agencies.rota import NobodyOnDuty, rota_at
from kittiwake.journal import knowing
from kittiwake.kernel.clocks import ClockRule, due_at, next_rung
from kittiwake.kernel.known import Actor
from kittiwake.kernel.limits import Limit
from kittiwake.kernel.questions import show_day
from kittiwake.kernel.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Heard:
    """One feed as it stands: when something new last came, and when it should come again."""

    key: str
    standard: str
    name: str
    agency: str
    agency_id: int
    heard_at: datetime
    again_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    answer: str
    expected: str
    due_at: datetime
    owner_role: str
    owner: str
    is_late: bool
    waiting: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether somebody has said, since it was late, what they do about it."""
        return self.answered_at is not None and self.answered_at >= self.due_at

    @property
    def sentence(self) -> str:
        """What to say of it where children are shown."""
        return f"Nothing new from {self.name} since {show_day(self.heard_at.date())}."


_NEW = (
    "heard_at = excluded.heard_at, again_at = NULL, last_rung = -1, name = excluded.name,"
    " answered_at = NULL, answered_by_id = NULL, answer = '', ended_at = NULL"
)
_AGAIN = "again_at = excluded.heard_at"


def heard(key: str, name: str, agency: int, by: Actor, at: datetime, *, is_new: bool) -> None:
    """Note that files of a feed came; only something new counts as hearing from it."""
    with as_practitioner(by), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feed (key, standard, name, agency_id, heard_at, last_rung, answer) "
            "VALUES (%s, %s, %s, %s, %s, -1, '') ON CONFLICT (key) DO UPDATE SET "
            + (_NEW if is_new else _AGAIN),
            [key[:60], key.partition(":")[0], name[:200], agency, at],
        )


_FEEDS = """
SELECT f.key, f.standard, f.name, a.name, a.id, f.heard_at, f.again_at, f.answered_at, p.name,
       f.answer
FROM feed f JOIN agency a ON a.id = f.agency_id LEFT JOIN practitioner p ON p.id = f.answered_by_id
WHERE f.ended_at IS NULL ORDER BY f.name, f.key
"""


def all_heard(now: datetime, waiting: dict[str, int] | None = None) -> list[Heard]:
    """Every feed as it stands, with who answers for it. Inside `as_practitioner`."""
    found = _all(now)
    owners = _owners({feed.owner_role for feed in found}, now)
    return [
        replace(
            feed, owner=owners.get(feed.owner_role, ""), waiting=(waiting or {}).get(feed.key, 0),
            owner_role=ROLES[feed.owner_role].title,
        )
        for feed in found
    ]  # fmt: skip


def late(now: datetime) -> list[Heard]:
    """The feeds that are late, whoever looks; two queries, for every page."""
    return [feed for feed in _all(now) if feed.is_late]


def _all(now: datetime) -> list[Heard]:
    with connection.cursor() as cursor:
        cursor.execute(_FEEDS)
        rows = cursor.fetchall()
    if not rows:
        return []
    book = rulebook(now)
    return [_heard(row, book, now) for row in rows]


def rulebook(now: datetime) -> Rulebook:
    """The rulebook in force now, the force's own rows included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rulebook_row")
        return knowing.rulebook(cursor.fetchone()[0], now.date())


def _heard(row: tuple[Any, ...], book: Rulebook, now: datetime) -> Heard:
    rule = book.feed(row[1])
    due = _due(rule, row[5], book, now)
    key, standard, name, agency, agency_id, heard_at, again_at, answered_at, by, said = row
    return Heard(
        key, standard, name, agency, agency_id, heard_at, again_at, answered_at, by or "", said,
        _expected(rule), due, rule.owner, "", due <= now,
    )  # fmt: skip


def _due(rule: ClockRule, heard_at: datetime, book: Rulebook, now: datetime) -> datetime:
    due = due_at(rule, heard_at, None, book.calendar_for(rule), now=now)
    assert due is not None, f"{rule.id} has no limit"
    return due


def _expected(rule: ClockRule) -> str:
    limit: Limit = dict(rule.limits)["any"]
    return str(limit)


def _owners(roles: set[str], now: datetime) -> dict[str, str]:
    """The name of whoever answers for each role now."""
    if not roles:
        return {}
    try:
        rota = rota_at(now)
        ids = {role: rota.who(role) for role in roles}
    except NobodyOnDuty:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM practitioner WHERE id = ANY (%s)", [list(ids.values())]
        )
        names = dict(cursor.fetchall())
    return {role: names[id_] for role, id_ in ids.items()}


def answer(key: str, said: str, by: Actor, at: datetime) -> None:
    """Say what is being done about a late feed; it stays late, and its ladder rests."""
    _change("answer = %s, answered_by_id = %s, answered_at = %s", [said[:400], by.id, at], key, by)


def end(key: str, said: str, by: Actor, at: datetime) -> None:
    """End a feed that will not come again; the files it sent stay."""
    changes = "answer = %s, answered_by_id = %s, answered_at = %s, ended_at = %s"
    _change(changes, [said[:400], by.id, at, at], key, by)


def _change(changes: str, values: list[Any], key: str, by: Actor) -> None:
    if not may(by.roles, "exchange.quarantine"):
        raise NotPermitted("exchange.quarantine")
    with as_practitioner(by, durable=True), connection.cursor() as cursor:
        cursor.execute(f"UPDATE feed SET {changes} WHERE key = %s", [*values, key])
        if cursor.rowcount != 1:
            raise LookupError(f"no feed {key}")


def sweep(now: datetime) -> int:
    """Tell whoever is on the ladder of each late feed; the number of people told."""
    told = 0
    with as_practitioner(system_actor(), durable=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, standard, name, heard_at, last_rung, answered_at FROM feed "
            "WHERE ended_at IS NULL ORDER BY id FOR UPDATE SKIP LOCKED"
        )
        rows = cursor.fetchall()
        if not rows:
            return 0
        book, rota = rulebook(now), rota_at(now)
        for id_, standard, name, heard_at, last, answered in rows:
            rule = book.feed(standard)
            due = _due(rule, heard_at, book, now)
            for rung in next_rung(rule, heard_at, due, last, now, answered):
                told += 1
                said = f"{rule.id} Nothing new from {name}: what is quiet may not have been heard."
                cursor.execute(
                    "INSERT INTO message (to_id, sentence, link, written_at) "
                    "VALUES (%s, %s, '/feeds', %s)",
                    [rota.who(rung.to), said[:300], now],
                )
                cursor.execute("UPDATE feed SET last_rung = %s WHERE id = %s", [rung.index, id_])
    return told
