"""Writing down who was met and how they were described, in one statement per table."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from kittiwake.agencies.rota import rota_at
from kittiwake.kernel.known import Actor
from kittiwake.people.descriptions import Case, Description, Someone
from kittiwake.people.finding import as_number
from kittiwake.people.names import name_id, name_key

COMPARING = ("mash_researcher", "mash_sergeant", "information_clerk")
"""Whose it is to compare two records that may be one person, in this order."""
Held = set[tuple[Someone, str, str]]
"""Who holds which identifier already: (person, scheme, value)."""


def meet(cases: list[Case]) -> None:
    """Write down everybody who is not on file yet, in one statement."""
    first: dict[Someone, Description] = {}
    for case in cases:
        if not case.someone.id:
            first.setdefault(case.someone, case.description)
    if not first:
        return
    new = [[str(uuid4()), d.name[:250], d.key[:250], d.born_on] for d in first.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT meet_person(t.uid, t.name, t.key, t.born) FROM unnest(%s::uuid[], %s::text[],"
            " %s::text[], %s::date[]) WITH ORDINALITY AS t(uid, name, key, born, n) ORDER BY t.n",
            [list(column) for column in zip(*new, strict=True)],
        )
        for someone, (person,) in zip(first, cursor.fetchall(), strict=True):
            someone.id = person


def write(cases: list[Case], held: Held, actor: Actor, at: datetime) -> None:
    """Write the descriptions: new ones as rows, newer ones over those of the same source."""
    writing = [c for c in cases if not (c.is_known and c.is_same)]
    with connection.cursor() as cursor:
        # A lease to write with opens no words, and commits with what is written.
        people = sorted({c.someone.id for c in writing})
        cursor.execute("SELECT open_doors(%s::bigint[], 'recording', 5)", [people])
        cursor.execute(
            "SELECT nextval('source_record_id_seq') FROM generate_series(1, %s)",
            [sum(not c.is_known for c in cases)],
        )
        numbers = iter([number for (number,) in cursor.fetchall()])
    given: dict[tuple[str, str], int] = {}
    for case in cases:
        key = (case.description.feed, case.description.ref)
        case.record = given.setdefault(key, case.record or next(numbers, 0))
    _write_records([c for c in writing if not c.is_known], actor, at)
    _write_known_to(writing, actor, at)
    _describe_again([c for c in writing if c.is_known or c.outcome == "linked"], at)
    _write_identifiers(writing, held)
    _write_addresses(writing)
    _index(writing)
    _write_doubts(writing, at)


def _write_records(cases: list[Case], actor: Actor, at: datetime) -> None:
    rows = [
        [c.record, c.someone.id, c.description.feed, c.description.ref,
         c.description.given[:120], c.description.family[:120], c.description.born_on,
         c.description.sex, c.description.ethnicity, json.dumps(c.description.said()),
         c.description.agency_id or actor.agency_id]
        for c in cases
    ]  # fmt: skip
    _insert(
        "INSERT INTO source_record (id, person_id, feed, ref, given, family, born_on, sex,"
        " ethnicity, facts, agency_id, received_at) SELECT t.*, %s FROM unnest(%s::bigint[],"
        " %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::text[],"
        " %s::text[], %s::jsonb[], %s::bigint[]) AS t",
        rows,
        at,
    )


def _write_known_to(cases: list[Case], actor: Actor, at: datetime) -> None:
    """Whose account it is works with the child; `meet_person` wrote the one who brought it."""
    rows = [
        [c.someone.id, c.description.agency_id, at.date()]
        for c in cases
        if c.outcome != "linked" and c.description.agency_id not in (None, actor.agency_id)
    ]
    _insert(
        "INSERT INTO known_to (person_id, agency_id, from_on, role)"
        " SELECT t.*, '' FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS t",
        rows,
    )


def _describe_again(cases: list[Case], at: datetime) -> None:
    """Newer descriptions, and names for people who had none; see `describe_again` in walls.sql."""
    rest: list[Case] = []
    now: dict[int, Case] = {}
    for case in cases:
        # A source that describes somebody twice in one list is heard twice, in order.
        rest.append(case) if case.record in now else now.setdefault(case.record, case)
    if now:
        described = [_described(c, at) for c in now.values()]
        with connection.cursor() as cursor:
            cursor.execute("SELECT describe_again(%s::jsonb)", [json.dumps(described)])
        _describe_again(rest, at)


def _described(case: Case, at: datetime) -> dict[str, Any]:
    d = case.description
    return {
        "record": case.record if case.is_known else None, "person": case.someone.id,
        "feed": d.feed, "given": d.given[:120], "family": d.family[:120],
        "born": d.born_on.isoformat() if d.born_on else None, "sex": d.sex,
        "ethnicity": d.ethnicity, "facts": d.said(), "received_at": at.isoformat(),
        "name": d.name[:250], "key": d.key[:250],
    }  # fmt: skip


def _write_identifiers(cases: list[Case], held: Held) -> None:
    rows: list[list[Any]] = []
    for case in cases:
        for scheme, kept in case.description.checked():
            key = (case.someone, scheme, kept.value)
            if kept.value and key not in held:
                held.add(key)
                rows.append([case.someone.id, case.record, scheme, kept.value, kept.is_valid])
    _insert(
        "INSERT INTO identifier (person_id, source_record_id, scheme, value, is_valid)"
        " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::boolean[])",
        rows,
    )


def _write_addresses(cases: list[Case]) -> None:
    rows = [
        [c.someone.id, c.record, home.line[:300], home.postcode[:10], home.is_restricted]
        for c in cases
        if (home := c.description.address)
    ]
    _insert(
        "INSERT INTO address (person_id, source_record_id, line, postcode, is_restricted)"
        " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::boolean[])",
        rows,
    )


def _write_doubts(cases: list[Case], at: datetime) -> None:
    """Whom a person compares with whom; somebody who may decide it owns each."""
    rows = [
        [case.someone.id, other.id, json.dumps(reasons), case.chances.get(other.id)]
        for case in cases
        for other, reasons in case.doubts
    ]
    if rows:
        _insert(
            "INSERT INTO possible_match (found_at, owner_id, person_id, other_id, reasons,"
            " probability) SELECT %s, %s::bigint, t.* FROM unnest(%s::bigint[], %s::bigint[],"
            " %s::jsonb[], %s::float[]) AS t",
            rows,
            at,
            _who_compares(at),
        )


def _who_compares(at: datetime) -> int | None:
    rota = rota_at(at)
    for role in COMPARING:
        if found := rota.on_duty.get(role) or rota.holders.get(role):
            return rota.in_place_of(found)
    return None


def _index(cases: list[Case]) -> None:
    """Each name and date of birth a source gave is one by which the person is found."""
    rows: list[list[int]] = []
    names: dict[int, str] = {}
    for case in cases:
        d = case.description
        given, family, born = (
            name_key(d.given),
            name_key(d.family),
            as_number(d.born_on) or d.born_in_part,
        )
        if given or family:
            rows.append([case.someone.id, name_id(given), name_id(family), born])
            names |= {name_id(key): key for key in (given, family) if key}
    _insert(
        "INSERT INTO known_as (person_id, given_id, family_id, born) SELECT * FROM"
        " unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[]) ON CONFLICT DO NOTHING",
        rows,
    )
    _insert(
        "INSERT INTO name_on_file (id, key) SELECT * FROM unnest(%s::bigint[], %s::text[])"
        " ON CONFLICT DO NOTHING",
        sorted([id_, key[:250]] for id_, key in names.items()),
    )


def _insert(sql: str, rows: list[list[Any]], *first: Any) -> None:
    """One statement for all rows, their columns as arrays: no COPY where rows have walls."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, [*first, *(list(c) for c in zip(*rows, strict=True))])
