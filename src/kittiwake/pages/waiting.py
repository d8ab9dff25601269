"""What waits for a second person: an entry about the wrong child, a clock's start to be moved."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from kittiwake.journal.entries import WrongChildProposed
from kittiwake.journal.reading import Line
from kittiwake.kernel.known import Actor
from kittiwake.pages.subjects import current_rulebook


@dataclass(frozen=True)
class WrongLine:
    """An entry somebody says is about another child."""

    entry_uid: str
    title: str
    by_name: str
    by_title: str
    recorded_at: datetime
    reason: str


@dataclass(frozen=True)
class StartLine:
    """Clocks whose start one correction asks to move, decided together."""

    ids: tuple[int, ...]
    clocks: tuple[str, ...]
    proposed_start: datetime
    by_name: str
    is_mine: bool


def wrong_children(person: int, lines: list[Line]) -> list[WrongLine]:
    """Entries among these said to be about another child, and not moved yet."""
    told = {t.entry_uid: t for t in lines if not t.withdrawn}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.answers->>'entry_uid', p.name, p.title, e.recorded_at, d.answers->>'reason' "
            "FROM detail d JOIN entry e ON e.id = d.entry_id JOIN practitioner p ON p.id = e.by_id "
            "WHERE d.person_id = %s AND e.kind = %s ORDER BY e.id",
            [person, WrongChildProposed.kind],
        )
        rows = cursor.fetchall()
    return [
        WrongLine(uid, told[uid].title, name, title, at, reason or "")
        for uid, name, title, at, reason in rows
        if uid in told
    ]


def clock_starts(actor: Actor, person: int, now: datetime) -> list[StartLine]:
    """Clocks of this child whose start waits for a second person, by the correction that asks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(s.id ORDER BY s.id), array_agg(k.rule ORDER BY s.id),"
            " s.proposed_start, p.name, p.id = %s "
            "FROM start_correction s JOIN clock k ON k.id = s.clock_id "
            "JOIN practitioner p ON p.id = s.proposed_by_id "
            "WHERE s.person_id = %s AND s.settled_at IS NULL "
            "GROUP BY s.entry_id, s.proposed_start, p.name, p.id ORDER BY s.entry_id",
            [actor.id, person],
        )
        rows = cursor.fetchall()
    book = current_rulebook(now)
    return [
        StartLine(tuple(ids), tuple(book.clock(r).name for r in rules), proposed, name, mine)
        for ids, rules, proposed, name, mine in rows
    ]
