"""What each source says about a child, side by side and never merged into one truth."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from kittiwake.kernel.questions import LONDON, show_day

SCHEMES = {"nhs": "NHS number", "upn": "Unique pupil number", "pnc": "PNC id"}
SEXES = {"F": "Female", "M": "Male"}

_FILED = """
SELECT 'source', g.name, s.feed, s.ref, s.given, s.family, s.born_on, s.sex, s.ethnicity,
       s.received_at, s.facts::text
  FROM source_record s JOIN agency g ON g.id = s.agency_id
  WHERE s.person_id = %(person)s AND s.received_at <= %(at)s
UNION ALL
SELECT 'address', a.line, a.postcode, coalesce(l.kind, ''), coalesce(l.phone, ''), '', a.from_on,
       '', '', NULL, a.until_on::text
  FROM address a LEFT JOIN place l ON l.id = a.place_id WHERE a.person_id = %(person)s
UNION ALL
SELECT 'identifier', i.scheme, i.value, g.name, CASE WHEN i.is_valid THEN 'yes' ELSE '' END, '',
       NULL, '', '', NULL, NULL
  FROM identifier i JOIN source_record s ON s.id = i.source_record_id
  JOIN agency g ON g.id = s.agency_id WHERE i.person_id = %(person)s
UNION ALL
SELECT 'relative', r.kind, coalesce(q.uid::text, ''), coalesce(q.name, ''), r.source,
       coalesce(q.level, ''), q.born_on, '', '', NULL, NULL
  FROM relationship r LEFT JOIN pointer q ON q.person_id = r.other_id
  WHERE r.person_id = %(person)s
"""


@dataclass(frozen=True)
class Source:
    """One source's description of the child, as received."""

    agency: str
    feed: str
    ref: str
    received_at: datetime
    says: dict[str, str]


@dataclass(frozen=True)
class AddressLine:
    """Where the child lives or lived."""

    line: str
    postcode: str
    kind: str
    phone: str
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class IdentifierLine:
    """An identifier and who gave it."""

    scheme: str
    value: str
    agency: str
    is_valid: bool


@dataclass(frozen=True)
class Relative:
    """Somebody related to the child; empty name where that record is restricted."""

    kind: str
    uid: str
    name: str
    born_on: date | None


@dataclass(frozen=True)
class Filed:
    """Everything on file about who the child is."""

    sources: list[Source]
    addresses: list[AddressLine]
    identifiers: list[IdentifierLine]
    family: list[Relative]


def read(person: int, at: datetime) -> Filed:
    """What had been received by an instant, in one query. Call after a door."""
    with connection.cursor() as cursor:
        cursor.execute(_FILED, {"person": person, "at": at})
        rows = cursor.fetchall()
    today = at.astimezone(LONDON).date()
    lived = [_address(r) for r in rows if r[0] == "address"]
    lived = [a for a in lived if a.from_on is None or a.from_on <= today]
    return Filed(
        sorted((_source(r) for r in rows if r[0] == "source"), key=lambda s: s.received_at),
        sorted(lived, key=lambda a: (a.until_on is not None, -(a.from_on or today).toordinal())),
        [
            IdentifierLine(SCHEMES.get(r[1], r[1]), r[2], r[3], bool(r[4]))
            for r in rows
            if r[0] == "identifier"
        ],
        [Relative(r[1], r[2], r[3], r[6]) for r in rows if r[0] == "relative"],
    )


def agree(filed: list[Source], what: str) -> bool:
    """Whether every source that says something about it says the same."""
    said = {s.says[what].casefold() for s in filed if s.says.get(what)}
    return len(said) < 2


def _address(row: tuple[Any, ...]) -> AddressLine:
    until = date.fromisoformat(row[10]) if row[10] else None
    return AddressLine(row[1], row[2], row[3], row[4], row[6], until)


def _source(row: tuple[Any, ...]) -> Source:
    _, agency, feed, ref, given, family, born_on, sex, ethnicity, received_at, facts = row
    says = {
        "Name": f"{given} {family}".strip(),
        "Born": show_day(born_on) if born_on else "",
        "Sex": SEXES.get(sex, ""),
        "Ethnic group": ethnicity,
    }
    more = {k: str(v) for k, v in json.loads(facts).items() if not isinstance(v, (list, dict))}
    return Source(agency, feed, ref, received_at, says | more)
