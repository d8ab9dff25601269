"""Row A17: a wall is asked once for each statement, never once for each row.

Figure: 0 sub-plans per row from a policy, in every walled table and in what the child's page and
the board ask, over 5,000 entries; and no table of words is read from end to end for one child.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.journal.reading import chronology, clock_lines, standing
from kittiwake.pages import missing_now
from tests.security.attack import REPORT, Link, speaking_as, weakened
from tests.security.test_a4_walled import WALLED
from tests.worlds import World

ENTRIES, CHILDREN = 5_000, 200
# What policies ask; a page's own sub-selects ask other tables.
OF_POLICIES = {"lease", "known_to", "role_held", "practitioner", "agency", "conflict", "api_token"}
OF_WORDS = {"detail", "about", "protected", "assessment"}


@pytest.fixture(scope="module")
def busy(superuser: Link, server: Any) -> Iterator[World]:
    """A county of 200 children with 5,000 entries, and statistics as after a night."""
    import psycopg

    tables = superuser.execute(
        "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname ="
        " 'public' AND tablename NOT IN ('django_migrations', 'django_content_type',"
        " 'auth_permission')"
    ).fetchone()[0]  # type: ignore[index]
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    superuser.execute("SET session_replication_role = origin")
    with psycopg.connect(server.url(), autocommit=True) as owner:
        w = World(owner)
        people = [w.child(f"Child {n}") for n in range(CHILDREN)]
        for kid in people[:20]:
            w.say("handler", REPORT, kid, datetime.now(UTC))
        _entries(owner, people, w.staff["sergeant"], w.agencies["police"])
        owner.execute("ANALYZE")
        yield w
        connection.close()


def _entries(owner: Link, people: list[int], by: int, agency: int) -> None:
    numbers = [(uuid4(), people[n % CHILDREN]) for n in range(ENTRIES)]
    owner.execute(
        "INSERT INTO entry (uid, kind, version, person_id, by_id, happened_at, recorded_at,"
        " out_of_order, is_history, rulebook) SELECT t.uid, 'missing.information_added', 1, t.p,"
        " %s, now(), now(), false, true, '' FROM unnest(%s::uuid[], %s::bigint[]) AS t(uid, p)",
        [by, [u for u, _ in numbers], [p for _, p in numbers]],
    )
    owner.execute(
        "INSERT INTO about (entry_id, person_id, role, kind, happened_at, recorded_at, by_id,"
        " codes) SELECT id, person_id, 'child', kind, happened_at, recorded_at, by_id, '{}'"
        " FROM entry WHERE is_history"
    )
    for audience in ("case", "police"):
        owner.execute(
            "INSERT INTO detail (entry_id, person_id, audience, agency_id, readers, needs,"
            " answers) SELECT id, person_id, %s, %s, '{}', '{}', '{}' FROM entry WHERE is_history",
            [audience, agency],
        )
    owner.execute(
        "INSERT INTO protected (token, entry_id, person_id, name, agency_id, answer)"
        " SELECT gen_random_uuid(), id, person_id, 'x', %s, '\"x\"' FROM entry WHERE is_history",
        [agency],
    )
    owner.execute(
        "INSERT INTO assessment (person_id, entry_id, judged_at, policy, policy_version, level,"
        " reasons, not_known, for_less) SELECT person_id, id, now(), '', '', 'low', '[]', '[]',"
        " '[]' FROM entry WHERE is_history"
    )


def nodes(plan: dict[str, Any], per_row: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every node of a plan, and whether it is run again for each row of another."""
    here = per_row or plan.get("Parent Relationship") == "SubPlan"
    yield plan, here
    for inner in plan.get("Plans", ()):
        # What is asked once stays asked once, wherever it hangs.
        yield from nodes(inner, here and inner.get("Parent Relationship") != "InitPlan")


def wrong_with(plan: dict[str, Any], *, one_child: bool = False) -> list[str]:
    """What a plan does that no plan behind the walls may do."""
    wrong = []
    for node, per_row in nodes(plan):
        table = node.get("Relation Name", "")
        if per_row and table in OF_POLICIES:
            wrong.append(f"asks {table} for each row")
        if one_child and table in OF_WORDS and node["Node Type"] == "Seq Scan":
            wrong.append(f"reads all of {table}")
    return wrong


def explained(link: Link, me: int, statement: str, settings: str = "") -> dict[str, Any]:
    with speaking_as(link, me) as cursor:
        cursor.execute(settings)  # type: ignore[arg-type]
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")  # type: ignore[arg-type]
        return cursor.fetchone()[0][0]["Plan"]  # type: ignore[index,no-any-return]


@pytest.mark.parametrize("table", WALLED)
def test_a17_a_policy_is_asked_once_for_each_statement(busy: World, app: Link, table: str) -> None:
    key = "person_id" if table == "pointer" else "id"
    for who in ("inspector", "carer"):
        assert wrong_with(explained(app, busy.staff[who], f"SELECT {key} FROM {table}")) == []


def test_a17_negative_control_a_policy_asked_for_each_row_is_found(busy: World, app: Link) -> None:
    me = busy.staff["inspector"]
    correlated = (
        "ALTER POLICY reading ON detail USING (EXISTS (SELECT 1 FROM lease l"
        " WHERE l.person_id = detail.person_id AND l.expires_at > now()))"
    )
    with weakened(busy.owner, correlated):
        assert "asks lease for each row" in wrong_with(
            explained(app, me, "SELECT * FROM detail WHERE entry_id > 0 OR audience = 'case'")
        )
    without = "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off"
    assert "reads all of detail" in wrong_with(
        explained(app, me, "SELECT * FROM detail", without), one_child=True
    )


def test_a17_what_pages_ask_is_planned_so(busy: World) -> None:
    now, kid = datetime.now(UTC), 7
    inspector = busy.who("inspector")
    open_door(inspector, [kid], "missing")
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with as_practitioner(inspector):
        with connection.execute_wrapper(note):
            chronology(kid, now)
            clock_lines([kid], now)
            standing(kid, now)
            of_one_child = len(asked)
            missing_now.read(now)
        wrong = []
        for number, (sql, params) in enumerate(asked):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                plan = cursor.fetchone()[0][0]["Plan"]
            wrong += [
                f"{what}: {' '.join(sql.split())[:80]}"
                for what in wrong_with(plan, one_child=number < of_one_child)
            ]
    assert len(asked) >= 8
    assert wrong == []
