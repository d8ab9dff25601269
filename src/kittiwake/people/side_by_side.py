"""What each source says of two people, to be compared. Needs a lease to read both."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from kittiwake.people.descriptions import CALLED

_RECORDS = """
SELECT s.id, s.feed, s.ref, a.name, s.received_at, trim(s.given || ' ' || s.family),
       to_char(s.born_on, 'FMDD/FMMM/YYYY'), s.sex, s.ethnicity
FROM source_record s JOIN agency a ON a.id = s.agency_id
WHERE s.id = ANY (%s) OR s.person_id = %s ORDER BY s.received_at, s.id
"""


@dataclass(frozen=True)
class Source:
    """One source record: who told us, under which number of theirs, and when."""

    agency: str
    feed: str
    ref: str
    received_at: datetime


@dataclass
class Side:
    """One person as their sources describe them; several accounts stand beside each other."""

    uid: str
    name: str
    stands_in: str
    sources: list[Source] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)


def sides(people: Sequence[int]) -> tuple[Side, Side]:
    """Two people side by side, also after they were linked: each as its own sources have it."""
    one, two = sorted(people)
    return _side(one, two), _side(two, one)


def _side(person: int, other: int) -> Side:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q.uid::text, q.name, to_char(q.born_on, 'FMDD/FMMM/YYYY'), m.uid::text"
            " FROM pointer q JOIN person p ON p.id = q.person_id"
            " LEFT JOIN person m ON m.id = p.merged_into_id WHERE q.person_id = %s",
            [person],
        )
        uid, name, born, stands_in = cursor.fetchone() or ("", "Restricted record", None, None)
        cursor.execute(
            "SELECT moved->'source_record', moved->'identifier', moved->'address', other_id"
            " FROM link WHERE person_id = %s AND other_id = %s AND unlinked_at IS NULL",
            [min(person, other), max(person, other)],
        )
        moved = _Moved.of(cursor.fetchone())
        side = Side(uid, name, stands_in or uid)
        side.said["Name"], side.said["Date of birth"] = name, born or ""
        cursor.execute(_RECORDS, [moved.records if person == max(person, other) else [], person])
        skip = set(moved.records) if person == min(person, other) else set()
        rows = [r for r in cursor.fetchall() if r[0] not in skip]
        for _, feed, ref, agency, received_at, called, day, sex, ethnicity in rows:
            side.sources.append(Source(agency, feed, ref, received_at))
            for what, value in (("Name", called), ("Date of birth", day), ("Sex", sex),
                                ("Ethnic group", ethnicity)):  # fmt: skip
                _add(side, what, value)
        records = [r[0] for r in rows]
        cursor.execute(
            "SELECT scheme, value, is_valid FROM identifier WHERE source_record_id = ANY (%s)"
            " ORDER BY id",
            [records],
        )
        for scheme, value, is_valid in cursor.fetchall():
            _add(side, CALLED.get(scheme, scheme), value if is_valid else f"{value} (not valid)")
        cursor.execute(
            "SELECT trim(line || ' ' || postcode) FROM address WHERE source_record_id = ANY (%s)"
            " ORDER BY id",
            [records],
        )
        for (line,) in cursor.fetchall():
            _add(side, "Address", line)
    return side


@dataclass(frozen=True)
class _Moved:
    records: list[int]

    @staticmethod
    def of(row: tuple[object, ...] | None) -> "_Moved":
        found = row[0] if row else None
        listed = json.loads(found) if isinstance(found, str) else found
        return _Moved([int(n) for n in listed] if isinstance(listed, list) else [])


def _add(side: Side, what: str, value: str | None) -> None:
    known = side.said.get(what, "")
    if value and value not in known.split("; "):
        side.said[what] = f"{known}; {value}" if known else value
