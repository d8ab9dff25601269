"""record_many(): history, by the thousand: the same decider, a constant number of statements.

A file says what was, not what is: history counts for the judge and for whoever reads, and it
tells nobody, opens nothing, and starts no clock (engine rule 7).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kittiwake.access.doors import NotPermitted
from kittiwake.access.roles import may
from kittiwake.agencies.rota import rota_at
from kittiwake.journal import knowing
from kittiwake.journal.applying import Pen
from kittiwake.journal.assessing import point_at_markers, reasons_of
from kittiwake.journal.record import NotYet
from kittiwake.kernel.accounts import once_each
from kittiwake.kernel.deciding import decide
from kittiwake.kernel.effects import AddAction, Effect, EndFlag, RaiseFlag
from kittiwake.kernel.entry import Entry, happened
from kittiwake.kernel.facts import Fact
from kittiwake.kernel.known import Actor, Known
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import Audience
from kittiwake.risk.facts import Assessment, Child

QUIET = (AddAction, RaiseFlag, EndFlag)
"""The effects history may have; every other one tells somebody or moves something."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of history about one child, and the description it came with."""

    entry: Entry
    person: int
    source_record: int | None = None


@dataclass(slots=True)
class _Line:
    """An item with what was decided for it."""

    id: int
    item: Item
    when: datetime
    known: Known
    effects: tuple[Effect, ...]


def record_many(items: Sequence[Item], *, by: Actor, at: datetime) -> list[int]:
    """Record history about many children and judge each once; the entries' ids, in order.

    Must be called inside `as_practitioner`; the recording leases commit with what is written.
    Raises NotPermitted, NotYet for a time to come, and ValueError for an entry that is not
    history: one that opens a case, starts a clock, tells somebody or holds a protected answer.
    """
    if not items:
        return []
    for kind in {item.entry.may for item in items}:
        if not may(by.roles, kind):
            raise NotPermitted(kind)
    people = sorted({item.person for item in items})
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_doors(%s::bigint[], 'recording', 5)", [people])
        _lock(cursor, people)
        facts = knowing.facts_of(people)
        lines = _decide(cursor, items, facts, by, at)
        _write(cursor, lines, by, at)
        flagged = _apply(cursor, lines)
        _judge(cursor, lines, facts, flagged, at)
    return [line.id for line in lines]


def _lock(cursor: CursorWrapper, people: list[int]) -> None:
    """The locks `record()` takes, in id order."""
    cursor.execute(
        "SELECT pg_advisory_xact_lock(7001, p) FROM unnest(%s::int[]) AS p",
        [[person % 2**31 for person in people]],
    )


def _decide(
    cursor: CursorWrapper,
    items: Sequence[Item],
    facts: dict[int, list[Fact]],
    by: Actor,
    at: datetime,
) -> list[_Line]:
    """What follows from each item; `facts` grows as the list is read."""
    cursor.execute("SELECT nextval('entry_id_seq') FROM generate_series(1, %s)", [len(items)])
    ids = [number for (number,) in cursor.fetchall()]
    cursor.execute("SELECT count(*) FROM rulebook_row")
    book = knowing.rulebook(cursor.fetchone()[0], at.date())
    born = _born(cursor, facts.keys() | {item.person for item in items})
    lines = []
    for number, item in zip(ids, items, strict=True):
        when = happened(item.entry, at)
        if when > at:
            raise NotYet("This time has not come yet. Check the day.")
        about = facts.setdefault(item.person, [])
        known = Known(at, book, by, item.person, born.get(item.person), None, tuple(about))
        decision = decide(item.entry, known, REGISTER)
        _only_history(item.entry, decision.effects)
        lines.append(_Line(number, item, when, known, decision.effects))
        codes = item.entry.codes()
        about.append(Fact(number, item.entry.kind, when, at, "child", None, codes, by.id))
    return lines


def _born(cursor: CursorWrapper, people: Iterable[int]) -> dict[int, date | None]:
    cursor.execute(
        "SELECT person_id, born_on FROM pointer WHERE person_id = ANY (%s)", [sorted(people)]
    )
    return dict(cursor.fetchall())


def _only_history(entry: Entry, effects: tuple[Effect, ...]) -> None:
    loud = [type(e).__name__ for e in effects if not isinstance(e, QUIET)]
    if entry.opens or loud:
        raise ValueError(f"{entry.kind} is not history: it causes {', '.join(loud) or 'a case'}")
    if "protected" in entry.by_audience():
        raise ValueError(f"{entry.kind} is not history: it holds a protected answer")


def _write(cursor: CursorWrapper, lines: list[_Line], by: Actor, at: datetime) -> None:
    """Spine, about and details: one statement each, their columns as arrays.

    Not COPY, which PostgreSQL refuses where rows have walls (decision 0002).
    """
    entries = [
        [a.id, str(uuid4()), a.item.entry.kind, a.item.entry.version, a.item.person, a.when,
         a.known.rulebook.version]
        for a in lines
    ]  # fmt: skip
    cursor.execute(
        "INSERT INTO entry (id, uid, kind, version, person_id, happened_at, rulebook, by_id,"
        " recorded_at, out_of_order, is_history) SELECT t.*, %s, %s, false, true "
        "FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::smallint[], %s::bigint[],"
        " %s::timestamptz[], %s::text[]) AS t",
        [by.id, at, *_columns(entries)],
    )
    about = [
        [a.id, a.item.person, a.item.source_record, a.item.entry.kind, a.when,
         json.dumps(a.item.entry.codes())]
        for a in lines
    ]  # fmt: skip
    cursor.execute(
        "INSERT INTO about (entry_id, person_id, source_record_id, kind, happened_at, codes,"
        " role, recorded_at, by_id) SELECT t.*, 'child', %s, %s FROM unnest(%s::bigint[],"
        " %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::jsonb[]) AS t",
        [at, by.id, *_columns(about)],
    )
    # Always a row for all on the case, even an empty one, as `record()` writes.
    details = [
        [a.id, a.item.person, audience, json.dumps(answers)]
        for a in lines
        for audience, answers in _parts(a.item.entry).items()
    ]
    cursor.execute(
        "INSERT INTO detail (entry_id, person_id, audience, answers, agency_id, readers, needs)"
        " SELECT t.*, %s, '{}', '{}' FROM unnest(%s::bigint[], %s::bigint[], %s::text[],"
        " %s::jsonb[]) AS t",
        [by.agency_id, *_columns(details)],
    )


def _parts(entry: Entry) -> dict[Audience, dict[str, Any]]:
    parts = entry.by_audience()
    parts.setdefault("case", {})
    return parts


def _columns(rows: list[list[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _apply(cursor: CursorWrapper, lines: list[_Line]) -> set[int]:
    """Actions and markers, by the pen that `record()` uses; the children whose markers changed."""
    flagged: set[int] = set()
    loaded = [line for line in lines if line.effects]
    rota = rota_at(lines[0].known.now) if loaded else None
    for line in loaded:
        assert rota is not None
        pen = Pen(cursor, line.known, line.item.entry, line.id, line.when, rota,
                  None, None, rota.who("missing_persons_adviser"), None,
                  is_history=True)  # fmt: skip
        pen.apply(line.effects)
        pen.finish()
        if pen.markers_changed:
            flagged.add(line.item.person)
    return flagged


def _judge(
    cursor: CursorWrapper,
    lines: list[_Line],
    facts: dict[int, list[Fact]],
    flagged: set[int],
    at: datetime,
) -> None:
    """Judge each child once, with everything known; triggers of the policy wait for a person."""
    policy = knowing.policy()
    last = {line.item.person: line for line in lines}
    judged = [
        (person, line.id, policy.judge(once_each(facts[person]), Child(line.known.age()), at))
        for person, line in sorted(last.items())
    ]
    rows = [[person, entry, *_assessed(a)] for person, entry, a in judged]
    cursor.execute(
        "INSERT INTO assessment (person_id, entry_id, policy, policy_version, level, reasons,"
        " not_known, for_less, judged_at) SELECT t.*, %s FROM unnest(%s::bigint[], %s::bigint[],"
        " %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::jsonb[], %s::jsonb[]) AS t",
        [at, *_columns(rows)],
    )
    cursor.execute(
        "UPDATE pointer q SET level = t.level FROM unnest(%s::bigint[], %s::text[]) "
        "AS t(person, level) WHERE q.person_id = t.person AND q.level <> t.level",
        [[person for person, _, _ in judged], [a.level.word for _, _, a in judged]],
    )
    point_at_markers(cursor, sorted(flagged))


def _assessed(a: Assessment) -> list[str]:
    return [
        a.policy_id, a.policy_version, a.level.word, json.dumps(reasons_of(a)),
        json.dumps(list(a.not_known)), json.dumps(list(a.for_less())),
    ]  # fmt: skip


def list_once(action: AddAction, *, person: int, entry_id: int, at: datetime) -> bool:
    """List something history left open for a named person, once per key; whether it was new.

    Must be called inside `as_practitioner`. The action hangs on one child and one entry.
    """
    if not action.key:
        raise ValueError("what is listed once needs a key")
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_doors(ARRAY[%s]::bigint[], 'recording', 5)", [person])
        cursor.execute(
            "INSERT INTO action (uid, person_id, entry_id, key, title, why, owner_id, state,"
            " due_at) SELECT gen_random_uuid(), %s, %s, %s, %s, %s, %s, 'open', %s "
            "WHERE NOT EXISTS (SELECT 1 FROM action WHERE person_id = %s AND key = %s)",
            [
                person, entry_id, action.key, action.title[:300], action.why,
                rota_at(at).who(action.role), action.due_at, person, action.key,
            ],
        )  # fmt: skip
        return bool(cursor.rowcount == 1)
