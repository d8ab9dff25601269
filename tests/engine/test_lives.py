"""A life told in memory has the rows that record() and the sweeper write: one story, both ways."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from kittiwake.access.actors import actor, system_actor
from kittiwake.access.doors import NotPermitted
from kittiwake.agencies.rota import rota_at
from kittiwake.cli.county.careers import Career
from kittiwake.cli.county.children import Child
from kittiwake.cli.county.crew import POOLS, Crew
from kittiwake.cli.county.past import Chronicler
from kittiwake.cli.county.staff import Staff
from kittiwake.journal import knowing
from kittiwake.journal.entries import ActionSettled
from kittiwake.journal.lives import Life
from kittiwake.journal.past import COLUMNS, Past
from kittiwake.journal.record import NotYet, record
from kittiwake.journal.sweeping import sweep
from kittiwake.kernel import rulebook
from kittiwake.pathways.missing import entries as e
from tests.worlds import NOW, World, as_worker

BORN = date(2011, 3, 4)


class Told(Chronicler):
    """Keeps what it told, so that it can be told again."""

    def say(self, by: str, entry: Any, child: Child, at: datetime, **more: Any) -> str | None:
        case = super().say(by, entry, child, at, **more)
        self.said.append((self.actors[by], entry, self.last, more.get("case")))
        return case


@pytest.fixture
def crew(world: None, owner: psycopg.Connection) -> tuple[World, Crew]:
    w = World(owner)
    held = dict(w.rows("SELECT role, practitioner_id FROM role_held"))
    for role, title, rank, agency, *_ in POOLS:
        if role not in held:
            kind = "police" if agency == "police" else "social_care"
            (held[role],) = owner.execute(
                "INSERT INTO practitioner (uid, name, title, rank, agency_id, phone, email,"
                " is_system, is_active) VALUES (%s, %s, '', %s, %s, '', '', false, true)"
                " RETURNING id", [uuid4(), f"The {title}", rank, w.agencies[kind]],
            ).fetchone()  # fmt: skip
            owner.execute(
                "INSERT INTO role_held (practitioner_id, role, from_at) VALUES (%s, %s, %s)",
                [held[role], role, datetime(2010, 1, 1, tzinfo=UTC)],
            )
    staff = Staff(agencies=w.agencies, ids=w.staff)
    crew = Crew(staff, names=dict(w.rows("SELECT id, name FROM practitioner")))
    rota = rota_at(NOW)
    crew.pools = {role: [actor(rota.who(role))] for role, *_ in POOLS}
    crew.desks = {"system": system_actor(), "clerk": actor(w.staff["clerk"])}
    crew.schools = [(w.agencies["school"], 1, "Creek Lane School", actor(w.staff["lead"]))]
    return w, crew


def past(w: World) -> Past:
    rota = rota_at(NOW)
    return Past(
        rota=lambda _: rota, system=system_actor(),
        names=dict(w.rows("SELECT id, name FROM practitioner")), book=rulebook.load(),
        policy=knowing.policy(), uid=lambda: str(uuid4()), entries=count(900_001),
        cases=count(700_001), clocks=count(500_001),
    )  # fmt: skip


def told(w: World, crew: Crew) -> tuple[Told, dict[str, list[dict[str, Any]]]]:
    child = Child(7, "Kit", "Example", "M", "W1", "English", BORN, school="0")
    began = NOW - timedelta(days=90)
    begins = [began + timedelta(days=days, hours=days) for days in (0, 9, 16, 44)]
    ours, teller = past(w), Told(crew, Random(1), NOW)
    teller.said = []  # type: ignore[attr-defined]
    teller.tell_career(Life(ours, 1, BORN), Career(child, True, begins))
    rows = {
        table: [dict(zip(COLUMNS[table], row, strict=True)) for row in made]
        for table, made in ours.rows.items()
    }
    return teller, rows


def replay(w: World, teller: Told, rows: dict[str, list[dict[str, Any]]]) -> None:
    """The same story through record() and the sweeper."""
    person = w.child("Kit Example", born=BORN)
    made = {a["uid"]: a for a in rows["action"]}
    opened = {c["opened_at"]: c["uid"] for c in rows["case_file"]}
    cases: dict[str, str] = {}
    for by, entry, at, case in teller.said:  # type: ignore[attr-defined]
        with as_worker():
            sweep(at)
        if isinstance(entry, ActionSettled):
            action = made[entry.action_uid]
            uids = w.rows(
                "SELECT uid::text FROM action WHERE title = %s AND settled_at IS NULL "
                "AND due_at IS NOT DISTINCT FROM %s ORDER BY id", action["title"], action["due_at"],
            )  # fmt: skip
            entry = entry.model_copy(update={"action_uid": uids[0][0]})
        done = record(entry, person=person, by=by, at=at, case=cases.get(case or ""))
        if isinstance(entry, e.ReportedMissing):
            cases[opened[entry.happened_at]] = str(done.case_uid)
    with as_worker():
        sweep(NOW)


# A marker told in memory gets its review once the county is whole (`cli.county.registers`).
OF_MARKERS = {
    "clock": "rule NOT IN ('CLK-160', 'CLK-161')",
    "about": "coalesce(codes->>'rule', '') NOT IN ('CLK-160', 'CLK-161')",
    "entry": "id NOT IN (SELECT entry_id FROM about WHERE codes->>'rule' IN ('CLK-160'))",
}


def test_a_life_has_the_rows_that_record_writes(crew: tuple[World, Crew]) -> None:
    w, people = crew
    teller, rows = told(w, people)
    assert len(teller.said) > 60  # type: ignore[attr-defined]
    replay(w, teller, rows)
    counted = past(w).counted
    kinds = {r["id"]: r["kind"] for r in rows["entry"]}
    for table, columns in {
        "case_file": "pathway stage is_active grade policy_grade owner_id opened_at closed_at",
        "entry": "kind version by_id happened_at out_of_order rulebook",
        "clock": "rule subject_kind grade lap started_at due_at owner_id stopped_at breached_at",
        "action": "key title why owner_id state due_at audience settled_at",
        "flag": "type basis raised_at ended_at",
    }.items():
        but = f" WHERE {OF_MARKERS[table]}" if table in OF_MARKERS else ""
        theirs = w.rows(f"SELECT {columns.replace(' ', ', ')} FROM {table}{but}")
        ours = [tuple(row[c] for c in columns.split()) for row in rows[table]]
        assert same(ours) == same(theirs), table
    theirs = w.rows(f"SELECT kind, happened_at, codes FROM about WHERE {OF_MARKERS['about']}")
    codes = [(a["kind"], a["happened_at"], json.loads(a["codes"])) for a in rows["about"]]
    assert same(_sorted(codes)) == same(_sorted(theirs))
    theirs = w.rows(
        "SELECT e.kind, a.judged_at, a.level, jsonb_array_length(a.reasons) FROM assessment a "
        "JOIN entry e ON e.id = a.entry_id WHERE e.kind = ANY (%s)", sorted(counted),
    )  # fmt: skip
    ours = [
        (kinds[a["entry_id"]], a["judged_at"], a["level"], len(json.loads(a["reasons"])))
        for a in rows["assessment"]
    ]
    assert same(ours) == same(theirs)


def _sorted(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(*row[:-1], json.dumps(row[-1], sort_keys=True)) for row in rows]


def same(rows: list[tuple[Any, ...]]) -> list[str]:
    """Rows to compare: instants in one zone, in one order."""
    return sorted(
        repr([v.astimezone(UTC) if isinstance(v, datetime) else v for v in row]) for row in rows
    )


def test_a_life_refuses_what_record_refuses(crew: tuple[World, Crew]) -> None:
    w, _ = crew
    life = Life(past(w), 1, BORN)
    report = e.ReportedMissing(concern="Left without a coat.")
    with pytest.raises(NotPermitted):
        life.record(report, by=w.who("auditor"), at=NOW)
    later = report.model_copy(update={"happened_at": NOW + timedelta(hours=1)})
    with pytest.raises(NotYet):
        life.record(later, by=w.who("handler"), at=NOW)
    assert life.past.rows == {}
