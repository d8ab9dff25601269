"""The dictionary as a process holds it: built once, then told what came since by each search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

from django.db import connection

from kittiwake.people.dictionary import Dictionary, Row, Variant
from kittiwake.people.scoring import Population

MOST_NEW = 2000
"""So many new names, and all are put in order again."""

# A name is new from the oldest transaction that was still writing when we last asked.
_SINCE = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       EXISTS (SELECT FROM name_on_file WHERE id = %s), n.id, n.key
FROM (VALUES (1)) AS always LEFT JOIN name_on_file n ON n.written_in >= %s
     AND n.written_in <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""


@dataclass(frozen=True)
class Held:
    """The names on file, in two dictionaries: those ordered before, and those that came since."""

    before: Dictionary
    since: Dictionary
    population: Population
    asked_at: int
    new: dict[int, str]

    def variants(self, asked: str) -> list[Variant]:
        """The names on file that `asked` may stand for."""
        found = self.before.variants(asked)
        return found + self.since.variants(asked) if len(self.since) else found


_lock = Lock()
_held: Held | None = None


def held() -> Held:
    """The dictionary, with every name that is on file at this moment."""
    global _held
    with _lock:
        _held = _with_what_came(_held) if _held else _build()
        return _held


def _with_what_came(known: Held) -> Held:
    some = known.before.ids[0] if known.before.ids else 0
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [some, known.asked_at])
        rows = cursor.fetchall()
    if some and not rows[0][1]:
        return _build()  # Another database than before: these names are not on file.
    new = {id_: key for _, _, id_, key in rows if id_ and known.before.key_of(id_) is None}
    if not new.keys() - known.new.keys():
        return replace(known, asked_at=rows[0][0])
    new = known.new | new
    if len(new) > MOST_NEW or not some:
        return _build()
    since = Dictionary((id_, key, 1, 1) for id_, key in new.items())
    return Held(known.before, since, known.population, rows[0][0], new)


def _build() -> Held:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (asked_at,) = cursor.fetchone()
        cursor.execute("SELECT * FROM names_on_file()")
        names: Sequence[Row] = cursor.fetchall()
        cursor.execute("SELECT * FROM births_on_file()")
        years = dict(cursor.fetchall())
    people = sum(years.values())
    known = max(people - years.pop(0, 0), 1)
    population = Population(people, {year: many / known for year, many in years.items()})
    return Held(Dictionary(names), Dictionary(()), population, asked_at, {})
